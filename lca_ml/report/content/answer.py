"""The answer: what the study found, in a sentence, in a table, and in what stands out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lca_ml.budgets import verdicts
from lca_ml.notation import percent
from lca_ml.report.content.subject import Subject, figure_of, plain_table
from lca_ml.report.document import Block, Items, Paragraph, Run, Small, Strong, Table
from lca_ml.results import Summary
from lca_ml.scenario import stage_title
from lca_ml.sensitivity import label
from lca_ml.wording import functional_unit, indicator_title
from lca_ml.words import _, current


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
    for k, (one, whole) in enumerate(zip(subject.results.by(view="functional_unit"), subject.results.by(), strict=True)):
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
    from lca_ml.notation import number
    from lca_ml.results import in_unit
    from lca_ml.units import scaled

    if not one.spread or one.median is None or one.mean is None:
        return ["", ""]
    name = scaled(one.point or one.p95 or 0.0, one.indicator.unit)[1]
    return [number(in_unit(v, one.indicator, name), 2, current()) for v in (one.median, one.mean)]


def _headline(subject: Subject) -> tuple[str | Strong, ...]:
    """Return the answer as a run: the value per functional unit, its interval, and the value in all."""
    one, whole = (subject.results.by(view=view)[subject.main] for view in ("functional_unit", "total"))
    shown, all_ = figure_of(one), figure_of(whole)
    title = indicator_title(one.indicator, current())
    head = _("{indicator} amounts to ").format(indicator=title[:1].upper() + title[1:])
    per = _(" per {unit}").format(unit=functional_unit(subject.model, current()))
    run: list[str | Strong] = [head, Strong(f"{shown.point}\u00a0{shown.unit}"), per, _interval(shown.interval, shown.unit)]
    if subject.results.reference_point != 1:
        run += [_(", and to "), Strong(f"{all_.point}\u00a0{all_.unit}"), _(" in all over the life cycle"), _interval(all_.interval, all_.unit)]
    return (*run, ".")


def _interval(interval: str, unit: str) -> str:
    return _(" (90 % interval {interval} {unit})").format(interval=interval, unit=unit) if interval else ""


def _striking(subject: Subject) -> Iterator[Run]:
    """Yield what stands out: the largest stage, the largest cause of uncertainty, budgets, what is not counted."""
    main = subject.results.indicators[subject.main]
    title = indicator_title(main, current())
    stages = [s for s in subject.results.by("stage") if s.indicator == main and s.point]
    whole = sum(s.point or 0.0 for s in stages)
    if whole > 0:
        first = max(stages, key=lambda s: s.point or 0.0)
        share = percent((first.point or 0.0) / whole, current())
        yield (_("Largest stage: "), Strong(stage_title(first.labels["stage"])), _(", {share} of {indicator}.").format(share=share, indicator=title))
    found = subject.ranked().get(subject.main)
    if found is not None:
        main_index = found.s1 if found.st is None else found.st
        i = int(np.argmax(main_index))
        name = label(subject.model, found.parameters[i], current(), main.id)
        share = percent(float(main_index[i]), current())
        yield (_("Largest cause of its uncertainty: "), Strong(name), _(", {share} of the variance.").format(share=share))
    for verdict in verdicts(subject.results):
        text = verdict.text(current())
        yield text[:1].upper() + text[1:] + "."
    if subject.model.excluded:
        names = ", ".join(stage_title(s) for s in subject.model.excluded)
        yield (_("Not included: "), names, ".")
