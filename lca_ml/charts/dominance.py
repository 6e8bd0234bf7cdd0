"""Which parameter dominates, in three senses: share of the variance, elasticity, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lca_ml.charts.canvas import Canvas
from lca_ml.charts.chart import Chart
from lca_ml.charts.common import Measure, Named, chart, heading, input_name, made_by, share_of
from lca_ml.charts.sheet import Box, Scale, Sheet
from lca_ml.colours import BLUE, LESS, MORE
from lca_ml.errors import Finding, UsageError
from lca_ml.factors import Indicator
from lca_ml.notation import in_percent, number
from lca_ml.results import Results
from lca_ml.sensitivity import Indices, Output, elasticity, sobol, tornado
from lca_ml.sensitivity import from_draws as first_order
from lca_ml.sensitivity.documents import index_rows
from lca_ml.wording import indicator_title, per_view
from lca_ml.words import _, count, current, set_apart

MOST = 8
SMALL = 0.005
LEADS = 0.5
NOT_CONVERGED = 0.1  # width of an interval above which an index is not settled


@dataclass(frozen=True)
class _Row:
    """One bar: its name, where it starts and ends, its interval, what is written beside it, its colour."""

    name: str
    value: float
    text: str
    colour: str
    start: float = 0.0
    interval: tuple[float, float] | None = None


def indices(results: Results, indicator: Indicator, view: str) -> Indices:
    """Return the Sobol' indices a figure shows: those `sensitivity` prints; first order from the draws where parameters are correlated.

    Raises UsageError where nothing in the indicator is uncertain.
    """
    output = Output([i.id for i in results.indicators].index(indicator.id), view=view)
    found: list[Indices] = []
    if results.model.uncertain:
        found = first_order(results, [output]) if results.model.correlations else sobol(results.model, [output], seed=results.seed)
    if not found or found[0].variance <= 0:
        message = _("nothing in {indicator} is uncertain: there is no variance to share out").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("constant", message, None, _("Give a parameter a distribution.")))
    return found[0]


def shares_of_variance(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the chart of which uncertainty matters: Sobol' indices, largest first, leaders coloured."""
    results = alternatives[0].results
    found = indices(results, indicator, view)
    main, halves = (found.s1, found.s1_half) if found.st is None or found.st_half is None else (found.st, found.st_half)
    order = sorted(range(len(main)), key=lambda i: (-main[i], found.parameters[i]))
    kept = [i for i in order if main[i] >= SMALL][:MOST] or order[:1]
    names = {i: input_name(results.model, found.parameters[i], indicator) for i in kept}
    leaders = _leaders(found, kept)
    which = _("first-order Sobol indices") if found.st is None else _("total-order Sobol indices")
    how = {"exact": _("exact"), "sampled": _("sampled; line: 90 % interval"), "from draws": _("from the draws; line: 90 % interval")}[found.method]
    subtitle = _("Share of the variance of {indicator}, {per} — {which}, {how}").format(
        indicator=indicator_title(indicator, current()), per=per_view(results.model, view, current()), which=which, how=how
    )
    title = _explained(found, kept, leaders, names)
    rows = []
    for i in kept:
        loose = 2 * halves[i] > NOT_CONVERGED
        text = share_of(float(main[i])) + (f" ({_('not converged')})" if loose else "")
        ends = (float(main[i] - halves[i]), float(main[i] + halves[i])) if halves[i] > 0 else None
        rows.append(_Row(names[i], float(main[i]), text, BLUE if i in leaders else canvas.colours.rest, interval=ends))
    more = _others([share_of(float(main[i])) for i in order[len(kept) :]])
    alt = _("{n} bars of {which}. {listed}.").format(n=len(rows), which=which, listed=set_apart(f"{r.name} {r.text}" for r in rows))
    return _ranked("sobol", results, canvas, (title, subtitle), rows, more, alt, list(index_rows(results.model, [found])))


def _leaders(found: Indices, kept: Sequence[int]) -> list[int]:
    """Return the parameters that together explain most: as few as reach half of the variance alone, at most three."""
    together, leaders = 0.0, []
    for i in sorted(kept, key=lambda i: -found.s1[i])[:3]:
        leaders.append(i)
        together += float(found.s1[i])
        if together >= LEADS:
            return leaders
    return []


def _explained(found: Indices, kept: Sequence[int], leaders: Sequence[int], names: dict[int, str]) -> str:
    if not leaders:
        return _("No single parameter dominates the uncertainty")
    together = share_of(float(sum(found.s1[i] for i in leaders)))
    if len(leaders) == 1:
        return _("{share} of the uncertainty comes from {name}").format(name=names[leaders[0]], share=together)
    words = {2: _("Two parameters alone explain {share} of the uncertainty"), 3: _("Three parameters alone explain {share} of the uncertainty")}
    return words[len(leaders)].format(share=together)


def elasticities(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the chart of which lever moves the result most: % of the result per % of each input, at the stated values."""
    results = alternatives[0].results
    output = Output([i.id for i in results.indicators].index(indicator.id), view=view)
    moved = elasticity(results.model, [output])[output]
    if not moved:
        message = _("the stated {indicator} is zero or unknown: it has no elasticity").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("constant", message))
    order = sorted(moved, key=lambda n: (-abs(moved[n]), n))
    kept = [n for n in order if abs(moved[n]) >= SMALL][:MOST] or order[:1]
    names = {n: input_name(results.model, n, indicator) for n in kept}
    subtitle = _("% of {indicator} {per} for 1 % more of each input (elasticity) — at the stated values").format(
        indicator=indicator_title(indicator, current()), per=per_view(results.model, view, current())
    )
    rows = [_Row(names[n], moved[n], _signed(moved[n]), MORE if moved[n] > 0 else LESS) for n in kept]
    title = _("Strongest lever: {name}").format(name=names[kept[0]])
    if len(kept) > 1 and abs(moved[kept[0]]) - abs(moved[kept[1]]) < 0.01:
        tied = sum(abs(abs(moved[n]) - abs(moved[kept[0]])) < 0.01 for n in order)
        title = count("{n} input pulls hardest", "{n} inputs pull equally hard", tied)
    more = _others([_per_percent(abs(moved[n])) for n in order[len(kept) :]])
    alt = _("{n} bars of elasticity. {listed}.").format(n=len(rows), listed=set_apart(f"{r.name} {r.text}" for r in rows))
    data = [{"parameter": n, "indicator": indicator.id, "view": view, "statistic": "elasticity", "value": moved[n], "unit": "%/%"} for n in order]
    return _ranked("elasticity", results, canvas, (title, subtitle), rows, more, alt, data)


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + _per_percent(value)


def _per_percent(value: float) -> str:
    """Return an elasticity as people read it: 0.25 is 0.25 % of the result for 1 % of the input."""
    return in_percent(number(value, 2, current()), current())


def swings(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the tornado: the result with each input at its P5 and at its P95, the others as stated, widest first."""
    results = alternatives[0].results
    output = Output([i.id for i in results.indicators].index(indicator.id), view=view)
    found = tornado(results.model, [output])[output] if results.model.uncertain else []
    if not found or not found[0].width:
        message = _("nothing in {indicator} is uncertain: no input has a low and a high value").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("constant", message, None, _("Give a parameter a distribution.")))
    base = found[0].base
    kept = [s for s in found if s.width >= SMALL * found[0].width][:MOST]
    measure = Measure.of(indicator, [base])
    names = [input_name(results.model, s.parameter, indicator) for s in kept]
    title = _("From {low} to {high} {unit} with {name} alone").format(
        name=names[0], low=measure.number(min(kept[0].low, kept[0].high)), high=measure.number(max(kept[0].low, kept[0].high)), unit=measure.unit
    )
    subtitle = heading(results.model, measure, view, _("each input from its P5 to its P95, the others as stated"))
    texts = (title, subtitle, made_by(results.model, results.samples, results.seed))
    sheet = Sheet(canvas, *texts)
    _tornado(sheet, [(n, measure.shown(s.low), measure.shown(s.high)) for n, s in zip(names, kept, strict=True)], measure.shown(base), measure)
    ends = [f"{n} {measure.number(min(s.low, s.high))} – {measure.number(max(s.low, s.high))}" for n, s in zip(names, kept, strict=True)]
    alt = _("Tornado of {n} inputs around {base} {unit}. {listed}.").format(n=len(kept), base=measure.number(base), unit=measure.unit, listed=set_apart(ends))
    rows = [
        {"parameter": s.parameter, "indicator": indicator.id, "view": view, "statistic": k, "value": v, "unit": indicator.unit.text}
        for s in found
        for k, v in (("at_p5", s.low), ("at_p95", s.high), ("base", s.base))
    ]
    return chart("tornado", sheet, *texts, alt, canvas, rows)


def _tornado(sheet: Sheet, swung: Sequence[tuple[str, float, float]], base: float, measure: Measure) -> None:
    size, body = sheet.sizes.text, sheet.body
    left = _label_room(sheet, [n for n, _l, _h in swung], body)
    key = size * 1.5
    box = body.cut(left=left, bottom=sheet.axis_height(False) + key + size * 0.2)
    texts = [(number(low, 2, current()), number(high, 2, current())) for _n, low, high in swung]
    pad = sheet.widest([t for pair in texts for t in pair]) + size * 0.8
    values = [v for _n, low, high in swung for v in (low, high)]
    scale = Scale(min(*values, base), max(*values, base), box.left + pad, box.right - pad)
    inner = Box(box.left + pad, box.bottom, box.right - pad, box.top)
    sheet.horizontal_axis(scale, inner, measure.tick, most=6)
    step = box.height / len(swung)
    thick = min(step * 0.66, size * 1.9)
    for i, ((name, low, high), (low_text, high_text)) in enumerate(zip(swung, texts, strict=True)):
        middle = box.top - (i + 0.5) * step
        for end, colour in ((low, BLUE), (high, MORE)):
            if end != base:
                sheet.bar(scale(base), middle - thick / 2, scale(end), middle + thick / 2, colour)
        ends = sorted(((scale(low), low_text), (scale(high), high_text)))
        left_end, right_end = min(ends[0][0], scale(base)), max(ends[1][0], scale(base))
        sheet.text(left_end - size * 0.4, middle, ends[0][1], ha="right")
        sheet.text(right_end + size * 0.4, middle, ends[1][1])
        sheet.lines(body.left + left - size * 0.6, middle, sheet.wrapped(name, left - size * 0.6, most=2 if step > size * 2.4 else 1), ha="right")
    sheet.line([scale(base)] * 2, [box.bottom, box.top], width=1.4)
    y, x = body.bottom + size * 0.45, box.left
    for text, colour in ((_("input at its P5"), BLUE), (_("at its P95"), MORE)):
        sheet.bar(x, y - size * 0.4, x + size * 0.8, y + size * 0.4, colour)
        sheet.text(x + size * 1.25, y, text)
        x += size * 2.6 + sheet.width(text)


def _ranked(
    kind: str, results: Results, canvas: Canvas, texts: tuple[str, str], rows: Sequence[_Row], more: str, alt: str, data: list[dict[str, Any]]
) -> Chart:
    """Return a chart of horizontal bars from zero, one a row, with what is left out in a last line."""
    whole = (*texts, made_by(results.model, results.samples, results.seed))
    sheet = Sheet(canvas, *whole)
    size, body = sheet.sizes.text, sheet.body
    left = _label_room(sheet, [r.name for r in rows], body)
    box = body.cut(left=left, bottom=size * 1.5 if more else 0)
    pad = sheet.widest([r.text for r in rows], bold=True) + size * 0.6
    reach = [v for r in rows for v in (r.value, *(r.interval or ()))]
    low, high = min(0.0, *reach), max(0.0, *reach)
    scale = Scale(low, high, box.left + (pad if low < 0 else 0), box.right - (pad if high > 0 else 0))
    step = box.height / len(rows)
    thick = min(step * 0.62, size * 2.2)
    for i, row in enumerate(rows):
        middle = box.top - (i + 0.5) * step
        sheet.lines(body.left + left - size * 0.6, middle, sheet.wrapped(row.name, left - size * 0.6, most=2 if step > size * 2.4 else 1), ha="right")
        sheet.bar(scale(0.0), middle - thick / 2, scale(row.value), middle + thick / 2, row.colour)
        end = scale(row.value)
        if row.interval is not None:
            sheet.line([scale(v) for v in row.interval], [middle, middle], width=1.6)
            end = max(end, scale(row.interval[1]))
        if row.value >= 0:
            sheet.text(end + size * 0.45, middle, row.text, bold=True)
        else:
            sheet.text(scale(row.value) - size * 0.45, middle, row.text, bold=True, ha="right")
    sheet.line([scale(0.0)] * 2, [box.bottom, box.top], sheet.colours.muted, 0.9)
    if more:
        sheet.text(box.left, body.bottom + size * 0.5, sheet.cut(more, box.width), colour=sheet.colours.muted)
    return chart(kind, sheet, *whole, alt, canvas, data)


def _label_room(sheet: Sheet, names: Sequence[str], body: Box) -> float:
    """Return the width for the names of rows: as wide as the widest, at most 45 % of the sheet."""
    return min(sheet.widest(names) + sheet.sizes.text * 0.8, body.width * 0.45)


def _others(left_out: Sequence[str]) -> str:
    """Return the line about the inputs that have no bar, given what each is worth, largest first: how many there are, and the largest."""
    if not left_out:
        return ""
    return count("and {n} more input, at most {{most}}", "and {n} more inputs, each at most {{most}}", len(left_out)).format(most=left_out[0])
