"""Tables on a terminal: columns aligned by the width people see, results as `run` prints them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

import numpy as np

from lca_ml import __version__
from lca_ml.cli.columns import WIDTH, aligned, width, wrapped
from lca_ml.errors import Finding
from lca_ml.model import Model
from lca_ml.notation import Figure, bar, figure, number, percent, plain
from lca_ml.results import Results, Summary, in_unit
from lca_ml.sensitivity import Output, ranking
from lca_ml.sensitivity import label as parameter_label
from lca_ml.titles import label_title, stage_title
from lca_ml.units import pretty, scaled
from lca_ml.wording import functional_unit, group_title, indicator_title
from lca_ml.words import _, count, set_apart

BAR = 16
LONGEST_REASON = 300


def results_text(results: Results, labels: tuple[str, ...], indicator: str | None, language: str, verbose: bool) -> str:
    """Return a result as `run` prints it: totals, the table of one indicator, what is left out, warnings."""
    model = results.model
    blocks = [[_heading(results, language)], _totals(results, language), *_table(results, labels, indicator, language)]
    comes_from = _ranking(results, indicator, language)
    if comes_from:
        blocks.append(comes_from)
    notes = warnings_text(model.warnings, verbose)
    if notes:
        blocks.append(notes)
    return "\n\n".join("\n".join(block) for block in blocks if block)


def warnings_text(warnings: Sequence[Finding], verbose: bool) -> list[str]:
    """Return the warnings in one line, those of one kind together; each on a line of its own where much is asked for."""
    if not warnings:
        return []
    head = count("{n} warning", "{n} warnings", len(warnings))
    if verbose:
        return ["  " + _("{head}:").format(head=head), *(f"    {w.place}: {w.message}" if w.place else f"    {w.message}" for w in warnings)]
    told: list[str] = []
    without = [w.message.split()[0] for w in warnings if w.code == "no-source"]
    if without:
        names = ", ".join(without[:4]) + (", …" if len(without) > 4 else "")
        told.append(_("without a source: {names}").format(names=names))
    elsewhere = [w.message.partition(": ")[0].rstrip() for w in warnings if w.code == "fallback"]
    if elsewhere:
        told.append(_("looked up in another year or region, the uncertainty widened: {names}").format(names=set_apart(elsewhere)))
    told += [w.message for w in warnings if w.code not in ("no-source", "fallback")]
    lines = ["  " + _("{head} (lca-ml check lists them):").format(head=head), *(part for line in told[:6] for part in wrapped(f"- {line}"))]
    if len(told) > 6:
        lines.append("    " + _("… and {n} more").format(n=len(told) - 6))
    return lines


def _heading(results: Results, language: str) -> str:
    per = _("{title} — per {unit}").format(title=results.model.title, unit=functional_unit(results.model, language))
    how = _("{samples} draws · seed {seed} · lca-ml {version}").format(samples=plain(results.samples, language), seed=results.seed, version=__version__)
    if not results.model.uncertain:
        how = _("nothing uncertain · lca-ml {version}").format(version=__version__)
    room = WIDTH - width(per) - width(how)
    return per + " " * room + how if room > 1 else f"{per}\n  {how}"


def _totals(results: Results, language: str) -> list[str]:
    uncertain = bool(results.model.uncertain)
    in_all = results.reference_point != 1
    head = ["", _("stated"), *([_("90 % interval"), _("median"), _("mean")] if uncertain else []), *([_("in all, stated")] if in_all else [])]
    rows = [head]
    for one, all_ in zip(results.by(view="functional_unit"), results.by(), strict=True):
        name = indicator_title(one.indicator, language)
        if one.point is None or one.median is None or one.mean is None:
            rows.append([name, _("unknown: no factor")])
            continue
        shown = _figure(one, language)
        partial = not results.known[:, results.indicators.index(one.indicator)].all()
        row = [name + (" *" if partial else ""), f"{shown.point} {shown.unit}"]
        if uncertain:
            unit_name = scaled(one.point or one.p95 or 0.0, one.indicator.unit)[1]
            row += [
                shown.interval,
                *([number(in_unit(v, one.indicator, unit_name), 2, language) for v in (one.median, one.mean)] if shown.interval else ["", ""]),
            ]
        if in_all:
            whole = _figure(all_, language)
            row.append(f"{whole.point} {whole.unit}")
        rows.append(row)
    lines = aligned(rows, right=(2, 3, 4) if uncertain else ())
    return [*lines, "  " + _("* without the flows no factor is known for")] if any(row[0].endswith(" *") for row in rows) else lines


def _figure(summary: Summary, language: str, name: str | None = None) -> Figure:
    assert summary.point is not None and summary.p5 is not None and summary.p95 is not None
    return figure(summary.point, summary.p5, summary.p95, summary.indicator.unit, language, name)


def _table(results: Results, labels: tuple[str, ...], indicator: str | None, language: str) -> Iterable[list[str]]:
    chosen = [i for i in results.indicators if i.id == indicator] if indicator else results.indicators[:1]
    for one in chosen:
        rows = [s for s in results.by(*labels) if s.indicator == one]
        known = [s for s in rows if s.point is not None]
        if not known:
            continue
        total = sum(s.point or 0.0 for s in known)
        largest = max(known, key=lambda s: abs(s.point or 0.0))
        name = scaled(largest.point or 0.0, one.unit)[1]
        uncertain = any(s.spread for s in known)
        head = [
            _label_title(labels),
            pretty(name),
            _("90 % interval") if uncertain else "",
            _("share of {indicator}, stated").format(indicator=indicator_title(one, language)),
        ]
        lines = [head]
        for s in sorted(rows, key=lambda s: -(s.point or 0.0)):
            title = _row_title(s, results.model, labels, language)
            if s.point is None:
                lines.append([title, "—", "", _("unknown: no factor")])
                continue
            shown = _figure(s, language, name)
            share = s.point / total if total else 0.0
            lines.append([title, shown.point, shown.interval, f"{bar(share, BAR):<{BAR}} {percent(share, language):>6}"])
        table = aligned(lines, right=(1, 2))
        if labels == ("stage",) and results.model.excluded:
            names = [stage_title(stage) for stage in results.model.excluded]
            longest = max(width(n) for n in names)
            table += [
                f"  {n}{' ' * (longest - width(n))}  " + _("not modelled: {reason}").format(reason=textwrap.shorten(reason, LONGEST_REASON, placeholder=" …"))
                for n, reason in zip(names, results.model.excluded.values(), strict=True)
            ]
        yield table


def _ranking(results: Results, indicator: str | None, language: str) -> list[str]:
    """Return the lines that say what the uncertainty of the table's indicator comes from."""
    if not results.model.uncertain:
        return []
    chosen = next((k for k, i in enumerate(results.indicators) if i.id == indicator), 0)
    title = indicator_title(results.indicators[chosen], language)
    (found,) = ranking(results, [Output(chosen, view="functional_unit")])
    main = found.s1 if found.st is None else found.st
    if found.variance <= 0:
        return ["  " + _("nothing uncertain in {indicator}").format(indicator=title)]
    leaders = [i for i in np.argsort(-main)[:5] if main[i] >= 0.01]
    names = [parameter_label(results.model, found.parameters[i], language, results.indicators[chosen].id) for i in leaders]
    parts = [f"{name}\u00a0{percent(main[i], language)}" for i, name in zip(leaders, names, strict=True)]
    how = {"exact": _("total order, exact"), "sampled": _("total order, sampled"), "from draws": _("first order, from the draws")}[found.method]
    head = _("what the uncertainty of {indicator} comes from (Sobol, {how})").format(indicator=title, how=how)
    return ["  " + head, *wrapped(" · ".join(parts).replace(" %", "\u00a0%"))]


def _label_title(labels: tuple[str, ...]) -> str:
    return " · ".join(label_title(label) for label in labels) if labels else _("total")


def _row_title(summary: Summary, model: Model, labels: tuple[str, ...], language: str) -> str:
    return " · ".join(group_title(label, summary.labels[label], model, language) for label in labels)
