"""How sure, and is that a lot: a quantile dot plot, a ruler with reference points."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lca_ml.charts.canvas import Canvas
from lca_ml.charts.chart import Chart
from lca_ml.charts.common import Measure, Named, capital, chart, heading, made_by, statistics
from lca_ml.charts.sheet import LINE, Box, Scale, Sheet
from lca_ml.colours import BLUE, ORANGE
from lca_ml.errors import Finding, UsageError
from lca_ml.factors import Equivalent, Indicator
from lca_ml.notation import number
from lca_ml.results import DOTS, Summary, quantile_name
from lca_ml.units import pretty, scaled
from lca_ml.wording import indicator_title
from lca_ml.words import _, current, set_apart

WIDE = 30.0  # P95 over P5 from which the axis is logarithmic
MOST_REFERENCES = 7
ALIKE = 1.1  # ratio below which a total is about as much as a reference point


def distribution(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the quantile dot plot of a total: twenty dots, each one in twenty draws, and the stated value.

    Source: Kay, Kola, Hullman, Munson 2016, When (ish) is my bus?, CHI '16.
    """
    results = alternatives[0].results
    whole = results.of(indicator.id, view=view)
    if not whole.spread or whole.p5 is None or whole.p95 is None or whole.point is None or whole.median is None:
        message = _("nothing in {indicator} is uncertain: it has no distribution to show").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("constant", message, None, _("Give a parameter a distribution.")))
    k = [i.id for i in results.indicators].index(indicator.id)
    values = results.quantiles(k, view)
    measure = Measure.of(indicator, [whole.point])
    title = _("Between {low} and {high} {unit}, nine times in ten").format(low=measure.number(whole.p5), high=measure.number(whole.p95), unit=measure.unit)
    shows = _("each dot: one in {n} draws").format(n=DOTS)
    texts = (title, heading(results.model, measure, view, shows), made_by(results.model, results.samples, results.seed))
    sheet = Sheet(canvas, *texts)
    _dots(sheet, [measure.shown(v) for v in values], whole, measure)
    alt = _("Quantile dot plot of {n} dots: median {median}, 90 % of the draws from {low} to {high}, stated value {point} {unit}.").format(
        n=DOTS,
        median=measure.number(whole.median),
        low=measure.number(whole.p5),
        high=measure.number(whole.p95),
        point=measure.number(whole.point),
        unit=measure.unit,
    )
    rows = statistics(whole)
    rows += [{"indicator": indicator.id, "view": view, "statistic": quantile_name(i), "value": v, "unit": indicator.unit.text} for i, v in enumerate(values)]
    return chart("distribution", sheet, *texts, alt, canvas, rows)


def _dots(sheet: Sheet, values: Sequence[float], whole: Summary, measure: Measure) -> None:
    """Draw the dots piled where they are close, the interval below them, and the stated value as a line."""
    assert whole.point is not None and whole.p5 is not None and whole.p95 is not None
    size = sheet.sizes.text
    point, low, high = (measure.shown(v) for v in (whole.point, whole.p5, whole.p95))
    log = values[0] > 0 and low > 0 and point > 0 and high / low > WIDE
    box = sheet.body.cut(left=size, right=size, bottom=sheet.axis_height(False) + size * 1.4, top=size * 1.6)
    first, last = min(values[0], low, point), max(values[-1], high, point)
    diameter = min(box.height / 4.2, box.width / 10)
    for _attempt in range(40):
        scale = Scale(first, last, box.left + diameter / 2, box.right - diameter / 2, log)
        piles = _piled([scale(v) for v in values], diameter)
        if max(len(p) for p in piles) * diameter <= box.height:
            break
        diameter *= 0.93
    ground = Box(box.left, box.bottom - size * 1.4, box.right, box.top)
    sheet.horizontal_axis(scale, ground, measure.tick)
    sheet.line([scale(point)] * 2, [ground.bottom, box.top + size * 0.2], ORANGE, 2.2)
    for pile in piles:
        x = sum(pile) / len(pile)
        sheet.dot([x] * len(pile), [box.bottom + diameter * (i + 0.5) for i in range(len(pile))], BLUE, diameter * 0.94)
    sheet.interval(scale(low), None, scale(high), box.bottom - size * 0.7)
    text = _("stated value {value}").format(value=f"{measure.number(whole.point)} {measure.unit}")
    half = sheet.width(text, bold=True) / 2
    sheet.text(min(max(scale(point), sheet.body.left + half), sheet.body.right - half), box.top + size * 0.95, text, bold=True, ha="center")


def _piled(xs: Sequence[float], width: float) -> list[list[float]]:
    """Return places in piles, each no wider than a dot, from the left. Source: Wilkinson 1999, Dot plots, The American Statistician 53(3), 276–281."""
    piles: list[list[float]] = []
    for x in sorted(xs):
        if piles and x - piles[-1][0] < width:
            piles[-1].append(x)
        else:
            piles.append([x])
    return piles


def ruler(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas, references: Sequence[Equivalent]) -> Chart:
    """Return a logarithmic ruler on which a total stands among everyday things, each with its source.

    references   what it is set beside, in the indicator's unit; those nearest to it are kept where there are more than seven
    Raises UsageError where the total is unknown or not above zero, or no reference is of this indicator.
    """
    results = alternatives[0].results
    whole = results.of(indicator.id, view=view)
    usable = [r for r in references if r.unit.same(indicator.unit) and r.value > 0]
    if whole.point is None or whole.point <= 0 or not usable:
        message = _("{indicator} cannot be set beside anything: it is unknown or zero, or the library holds no reference point for it")
        raise UsageError(Finding("scale", message.format(indicator=indicator_title(indicator, current()))))
    kept = _nearest([(r, r.value * r.unit.scale / indicator.unit.scale) for r in usable], whole.point)
    measure = Measure.of(indicator, [whole.point])
    below = [(r, v) for r, v in kept if v <= whole.point]
    r, v = max(below, key=lambda x: x[1]) if below else min(kept, key=lambda x: x[1])
    title = _("As much as {ratio} × {name}").format(ratio=number(whole.point / v, 2, current()), name=r.title(current()))
    like, its = min(kept, key=lambda x: abs(math.log(x[1] / whole.point)))  # type: ignore[operator]  # it is known, see above
    if ALIKE > its / whole.point > 1 / ALIKE:
        title = _("About as much as {name}").format(name=like.title(current()))
    texts = (
        title,
        heading(
            results.model,
            measure,
            view,
            _("logarithmic scale; reference points: {sources}").format(sources=set_apart(dict.fromkeys(r.source for r, _v in kept))),
        ),
        made_by(results.model, results.samples, results.seed),
    )
    sheet = Sheet(canvas, *texts)
    _rule(sheet, whole, kept, indicator)
    listed = set_apart(f"{r.title(current())} {_amount(v, indicator)} ({r.source})" for r, v in kept)
    alt = _("Logarithmic ruler: {value} {unit} among {n} reference points. {listed}.").format(
        value=measure.interval(whole), unit=measure.unit, n=len(kept), listed=listed
    )
    rows = statistics(whole)
    rows += [
        {"indicator": indicator.id, "reference": r.id, "source": r.source, "statistic": "reference", "value": v, "unit": indicator.unit.text} for r, v in kept
    ]
    return chart("scale", sheet, *texts, alt, canvas, rows)


def _nearest(references: Sequence[tuple[Equivalent, float]], value: float) -> list[tuple[Equivalent, float]]:
    """Return the references nearest to a value, at most seven, no two within a quarter of each other."""
    kept: list[tuple[Equivalent, float]] = []
    for r, v in sorted(references, key=lambda x: (max(x[1] / value, value / x[1]), x[0].id)):
        if len(kept) < MOST_REFERENCES and all(max(v / w, w / v) >= 1.25 for _r, w in kept):
            kept.append((r, v))
    return sorted(kept, key=lambda x: x[1])


def _amount(value: float, indicator: Indicator) -> str:
    shown, name = scaled(value, indicator.unit)
    return f"{number(shown, 2, current())} {pretty(name)}"


def _rule(sheet: Sheet, whole: Summary, kept: Sequence[tuple[Equivalent, float]], indicator: Indicator) -> None:
    """Draw the ruler from bottom to top at the left third; names to the right, the total to the left of it."""
    assert whole.point is not None
    size, body = sheet.sizes.text, sheet.body
    ends = [v for _r, v in kept] + [v for v in (whole.point, whole.p5, whole.p95) if v is not None and v > 0]
    box = body.cut(bottom=size * 0.6, top=size * 0.6)
    up = Scale(min(ends) / 1.15, max(ends) * 1.15, box.bottom, box.top, log=True)
    x = body.left + body.width * 0.36
    sheet.line([x, x], [box.bottom, box.top], sheet.colours.muted, 1.6)
    room = body.right - x - size * 1.5
    lines = [sheet.cut(_("{name}: {value}").format(name=capital(r.title(current())), value=_amount(v, indicator)), room) for r, v in kept]
    for (_r, v), line, y in zip(kept, lines, sheet.apart([up(v) for _r, v in kept], [size * LINE] * len(kept), body), strict=True):
        sheet.dot([x], [up(v)], sheet.colours.muted, size * 0.5)
        sheet.line([x + size * 0.3, x + size * 1.3], [up(v), y], sheet.colours.muted, 0.7)
        sheet.text(x + size * 1.5, y, line)
    if whole.p5 is not None and whole.p95 is not None and whole.p5 > 0:
        sheet.line([x, x], [up(whole.p5), up(whole.p95)], BLUE, 7)
    sheet.dot([x], [up(whole.point)], BLUE, size)
    scale = Measure.of(indicator, [whole.point])
    text = _("this study: {value} {unit}").format(value=scale.interval(whole), unit=scale.unit)
    said = sheet.wrapped(text, x - body.left - size, most=4, bold=True)
    half = len(said) * size * LINE / 2
    sheet.lines(x - size * 0.9, min(max(up(whole.point), body.bottom + half), body.top - half), said, bold=True, ha="right")
