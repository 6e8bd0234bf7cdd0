"""The answer: what the study found, in a sentence, in a table, and in what stands out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lca_ml.budgets import verdicts
from lca_ml.notation import number, percent
from lca_ml.report.content.subject import Subject, capital, figure_of, plain_table
from lca_ml.report.document import Block, Items, Paragraph, Run, Small, Strong, Table
from lca_ml.results import Summary, in_unit
from lca_ml.scenario import stage_title
from lca_ml.sensitivity import label
from lca_ml.units import scaled
from lca_ml.wording import functional_unit, indicator_title
from lca_ml.words import _, current

MOST_STAGES = 3


def answer(subject: Subject) -> tuple[Block, ...]:
    """Return the headline, what stands out, and the totals of every indicator."""
    if not subject.known:
        return (Paragraph(_("No factor is known for any flow of this study: its impacts are unknown."), lead=True),)
    return (Paragraph(_headline(subject), lead=True), Items(tuple(_striking(subject))), totals(subject))


def one_line(subject: Subject) -> str:
    """Return the answer as plain text, for the description of the file."""
    return "".join(part if isinstance(part, str) else part.text for part in _headline(subject)) if subject.known else ""


def totals(subject: Subject) -> Table:
    """Return the totals per functional unit and in all, with their intervals, median and mean."""
    unit = functional_unit(subject.model, current())
    in_all = subject.results.reference_point != 1
    heads = [_("Indicator"), _("per {unit}").format(unit=unit), *([_("90 % interval"), _("median"), _("mean")] if subject.model.uncertain else [])]
    if in_all:
        heads += [_("in all"), *([_("90 % interval")] if subject.model.uncertain else [])]
    rows = []
    for k, (one, whole) in enumerate(zip(subject.by(view="functional_unit"), subject.by(), strict=True)):
        rows.append(_total_row(subject, k, one, whole, in_all))
    partial = any(not subject.results.known[:, k].all() for k in subject.known)
    note = _("* A part is not counted: no factor is known for some flows (see the boundary).") if partial else ""
    return plain_table(_("Results, stated values"), heads, rows, tuple(range(1, len(heads))), note)


def _total_row(subject: Subject, k: int, one: Summary, whole: Summary, in_all: bool) -> list[Run]:
    partial = not subject.results.known[:, k].all()
    title = one.indicator.title(current()) + ("\u00a0*" if partial and one.point is not None else "")
    if one.point is None:
        return [title, Small(_("no factor"))]
    shown = figure_of(one)
    row: list[Run] = [title, Strong(f"{shown.point}\u00a0{shown.unit}")]
    if subject.model.uncertain:
        row += [shown.interval, *_middles(one)]
    if in_all:
        all_ = figure_of(whole)
        row += [f"{all_.point}\u00a0{all_.unit}", *([all_.interval] if subject.model.uncertain else [])]
    return row


def _middles(one: Summary) -> list[str]:
    """Return median and mean in the unit of the stated value, nothing where nothing makes it uncertain."""
    if not one.spread or one.median is None or one.mean is None:
        return ["", ""]
    name = scaled(one.point or one.p95 or 0.0, one.indicator.unit)[1]
    return [number(in_unit(v, one.indicator, name), 2, current()) for v in (one.median, one.mean)]


def _headline(subject: Subject) -> tuple[str | Strong, ...]:
    """Return the answer as a run: the value per functional unit, its interval, and the value in all."""
    one, whole = (subject.by(view=view)[subject.main] for view in ("functional_unit", "total"))
    shown, all_ = figure_of(one), figure_of(whole)
    head = _("{indicator} amounts to ").format(indicator=capital(indicator_title(one.indicator, current())))
    per = _(" per {unit}").format(unit=functional_unit(subject.model, current()))
    run: list[str | Strong] = [head, Strong(f"{shown.point}\u00a0{shown.unit}"), per, _interval(shown.interval, shown.unit)]
    if subject.results.reference_point != 1:
        run += [_(", and to "), Strong(f"{all_.point}\u00a0{all_.unit}"), _(" in all over the life cycle"), _interval(all_.interval, all_.unit)]
    return (*run, ".")


def _interval(interval: str, unit: str) -> str:
    return _(" (90 % interval {interval} {unit})").format(interval=interval, unit=unit) if interval else ""


def _striking(subject: Subject) -> Iterator[Run]:
    """Yield what stands out: the stages that weigh most, the largest cause of uncertainty, budgets, what is not counted."""
    stages = sorted((s for s in subject.by("stage") if s.indicator == subject.main_indicator and (s.point or 0) > 0), key=lambda s: -(s.point or 0.0))
    whole = sum(s.point or 0.0 for s in stages)
    if len(stages) > 1:
        shares = ", ".join(f"{stage_title(s.labels['stage'])}\u00a0{percent((s.point or 0.0) / whole, current())}" for s in stages[:MOST_STAGES])
        yield (_("By stage, stated values: "), Strong(shares), ".")
    yield from _least_sure(subject)
    for verdict in verdicts(subject.results):
        yield capital(verdict.text(current())) + "."
    if subject.model.excluded:
        yield _("Not included: {stages}.").format(stages=", ".join(stage_title(s) for s in subject.model.excluded))


def _least_sure(subject: Subject) -> Iterator[Run]:
    """Yield the parameter whose uncertainty weighs most, with its share of the variance alone and with its interactions."""
    found = subject.ranked.get(subject.main)
    if found is None:
        return
    i = int(np.argmax(found.s1 if found.st is None else found.st))
    name = label(subject.model, found.parameters[i], current(), subject.main_indicator.id)
    text = _(": {share} of the variance alone").format(share=percent(float(found.s1[i]), current()))
    if found.st is not None:
        text += _(", {share} with its interactions").format(share=percent(float(found.st[i]), current()))
    yield (_("Largest cause of its uncertainty: "), Strong(name), text + ".")
