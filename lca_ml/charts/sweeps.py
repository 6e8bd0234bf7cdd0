"""When does it pay off, and two knobs at once: a curve with its band, a map."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from lca_ml.charts.canvas import Canvas, on
from lca_ml.charts.chart import Chart
from lca_ml.charts.common import Measure, capital, chart, heading, legend, legend_height, made_by, named
from lca_ml.charts.sheet import LINE, Box, Scale, Sheet
from lca_ml.colours import BLUE, ORANGE, stage_colours
from lca_ml.comparison import Axis, BreakEven, Cell, Draws, Point, Swept
from lca_ml.comparison.documents import break_even_row, curve_rows, map_rows
from lca_ml.errors import Finding, UsageError
from lca_ml.factors import Indicator
from lca_ml.model import load_model
from lca_ml.notation import number, trimmed
from lca_ml.results import Summary
from lca_ml.titles import stage_in_sentence, stage_title
from lca_ml.units import pretty
from lca_ml.wording import indicator_title
from lca_ml.words import _, count, current, set_apart

Curve = tuple[str, Sequence[Point]]
"""One line: its name, and its points."""
MILLION = 1e6
FAR_APART = 30.0  # ratio of the largest to the smallest value of several curves from which their scale is logarithmic
LINES = (BLUE, ORANGE, "#009E73", "#CC79A7")


def axis_title(axis: Axis) -> str:
    """Return what stands at an axis: the title of the parameter, else the path in words, and the unit."""
    name = named(axis.title or re.sub(r"^(parameters|stages)\.", "", axis.path).replace("_", " ").replace(".", " "))
    return f"{name}, {pretty(axis.unit)}" if axis.unit else name


def _entitled(swept: Swept) -> tuple[Axis, ...]:
    """Return the axes with the titles of their parameters, which the values of an axis take away from the model."""
    _scenario, model = load_model(swept.file, swept.variants, swept.settings, swept.text)
    titles = {node.name: node.title for node in model.nodes if "." not in node.name}
    return tuple(replace(a, title=titles.get(a.path.removeprefix("parameters."), "")) for a in swept.axes)


def sweep(swept: Swept, curves: Sequence[Curve], indicator: Indicator, view: str, draws: Draws, canvas: Canvas, even: BreakEven | None = None) -> Chart:
    """Return curves over one path with their 90 % bands, each named at its end, and where two of them break even.

    Raises UsageError where the values of the path are no numbers, or the indicator is unknown.
    """
    (axis,) = _entitled(swept)
    lines = [(name, [_of(p, indicator) for p in points]) for name, points in curves]
    if not axis.numbers or any(s.point is None for _name, summaries in lines for s in summaries):
        raise UsageError(Finding("sweep", _("a curve takes one path whose values are numbers, and an indicator that is known")))
    measure = Measure.of(indicator, [s.point for _n, summaries in lines for s in summaries])
    shows = _("line: stated values, band: 90 % of the draws")
    texts = (_turning(axis, lines, even, measure), heading(swept.model, measure, view, shows), made_by(swept.model, draws.samples, draws.seed))
    sheet = Sheet(canvas, *texts)
    _curves(sheet, axis, lines, measure, even)
    listed = [(name, row) for name, points in curves for row in curve_rows(axis, points, view)]
    rows = [{"curve": name, **row} for name, row in listed if row["indicator"] == indicator.id and row["label"] is None]
    if even is not None:
        rows += _even_rows(axis, [n for n, _p in curves], even, view)
    return chart("sweep", sheet, *texts, _alt(axis, lines, measure), canvas, rows)


def _line_name(name: str, say: Callable[[str], str] = stage_title) -> str:
    """Return the name of a curve as it stands in a figure: a stage by its title, an alternative with blanks."""
    return named(say(name))


def _of(point: Point, indicator: Indicator) -> Summary:
    return next(s for s in point.summaries if s.indicator == indicator and not s.labels)


def _even_rows(axis: Axis, names: Sequence[str], even: BreakEven, view: str) -> list[dict[str, Any]]:
    found = break_even_row(axis, names[0], names[-1], even)
    where = {"curve": None, "x_path": axis.path, "x_unit": axis.unit or None, "indicator": found["indicator"], "view": view, "unit": axis.unit or None}
    return [{**where, "statistic": f"break_even_{k}", "value": found[k]} for k in ("point", "median", "p5", "p95")]


def _turning(axis: Axis, lines: Sequence[tuple[str, Sequence[Summary]]], even: BreakEven | None, measure: Measure) -> str:
    if even is not None and even.point is not None and even.overtakes is not None:
        first, second = (_line_name(lines[i][0], stage_in_sentence) for i in (0, -1))
        high, low = (first, second) if even.overtakes else (second, first)
        at = f"{_spelled(even.point)} {pretty(axis.unit)}".strip()
        return _("Beyond {value}, {high} outweighs {low}").format(value=at, high=high, low=low)
    _name, summaries = lines[0]
    start, end = summaries[0].point or 0.0, summaries[-1].point or 0.0
    ends = sorted(zip(axis.numbers, (start, end), strict=False)) if len(summaries) == 2 else [(axis.numbers[0], start), (axis.numbers[-1], end)]
    (a, start), (b, end) = ends[0], ends[-1]
    names = {
        "name": capital(axis_title(replace(axis, unit=""))),
        "a": trimmed(a, 3, current()),
        "b": f"{trimmed(b, 3, current())} {'' if axis.title or '/' in axis.unit else pretty(axis.unit)}".strip(),  # else it stands at the axis
        "low": measure.number(start),
        "high": f"{measure.number(end)} {measure.unit}",
    }
    return _("{name} from {a} to {b}: {low} becomes {high}").format(**names)


def _curves(sheet: Sheet, axis: Axis, lines: Sequence[tuple[str, Sequence[Summary]]], measure: Measure, even: BreakEven | None) -> None:
    size, body = sheet.sizes.text, sheet.body
    order = [int(i) for i in np.argsort(axis.numbers)]
    x = [axis.numbers[i] for i in order]
    top = max(measure.shown(v) for _n, ss in lines for s in ss for v in (s.point, s.p95) if v is not None)
    low = min(0.0, min(measure.shown(v) for _n, ss in lines for s in ss for v in (s.point, s.p5) if v is not None))
    top = top if top > low else low + 1
    names = [_line_name(n) for n, _s in lines] if len(lines) > 1 else []
    bottom = _far_apart(axis, [measure.shown(v) for _n, ss in lines for s in ss for v in (s.point, s.p5, s.p95) if v is not None]) if names else None
    ticks = Scale(bottom or low, top, 0, 1, log=bottom is not None).ticks(6)
    left = sheet.widest(measure.tick(v) for v in ticks) + size
    right = min(sheet.widest(names, bold=True) + size, body.width * 0.28) if names else size
    box = body.cut(left=left, bottom=sheet.axis_height(True), right=right, top=size * (1.6 if even is not None else 0.6))
    across = Scale(x[0], x[-1], box.left, box.right, log=axis.scale == "log")
    up = Scale(bottom or low, top, box.bottom, box.top, log=bottom is not None)
    sheet.vertical_axis(up, box, measure.tick)
    sheet.horizontal_axis(across, box, lambda v: trimmed(v, 4, current()), axis_title(axis), most=7)
    for (_name, summaries), colour in zip(lines, LINES, strict=False):
        ordered = [summaries[i] for i in order]
        if any(s.spread for s in ordered):
            above = [(across(v), up(measure.shown(s.p95 or 0.0))) for v, s in zip(x, ordered, strict=True)]
            below = [(across(v), up(measure.shown(s.p5 or 0.0))) for v, s in zip(x, ordered, strict=True)]
            sheet.area([*above, *reversed(below)], colour, 0.22)
    for (_name, summaries), colour in zip(lines, LINES, strict=False):
        ordered = [summaries[i] for i in order]
        sheet.line([across(v) for v in x], [up(measure.shown(s.point or 0.0)) for s in ordered], colour, 3.0)
    _end_names(sheet, names, [up(measure.shown(s[order[-1]].point or 0.0)) for _n, s in lines][: len(names)], box, right)
    if even is not None and even.point is not None and x[0] <= even.point <= x[-1]:
        _mark(sheet, even, axis, across, box)


def _far_apart(axis: Axis, values: Sequence[float]) -> float | None:
    """Return the foot of a logarithmic scale, where lines over a logarithmic axis lie so far apart that a linear one would hide the lower; else None."""
    if axis.scale != "log" or min(values) <= 0 or max(values) / min(values) < FAR_APART:
        return None
    return min(values)


def _spelled(value: float) -> str:
    """Return a value as it is said: two digits, millions in words."""
    if abs(value) < MILLION:
        return number(value, 2, current())
    return count("{{value}} million", "{{value}} million", int(value / MILLION)).format(value=number(value / MILLION, 2, current()))


def _end_names(sheet: Sheet, names: Sequence[str], heights: Sequence[float], box: Box, room: float) -> None:
    """Write the name of each line at its end, moved apart where two end close to each other."""
    size = sheet.sizes.text
    wrapped = [sheet.wrapped(n, room - size * 0.6, most=2, bold=True) for n in names]
    for i, y in enumerate(sheet.apart(heights, [len(lines) * size * LINE for lines in wrapped], sheet.body)):
        colour = LINES[i] if sheet.canvas.medium == "slide" else sheet.colours.ink
        sheet.lines(box.right + size * 0.5, y, wrapped[i], colour=colour, bold=True)


def _mark(sheet: Sheet, even: BreakEven, axis: Axis, across: Scale, box: Box) -> None:
    """Draw where two lines break even: dotted, its interval at the top, its value written above."""
    size = sheet.sizes.text
    assert even.point is not None
    x = across(even.point)
    sheet.line([x, x], [box.bottom, box.top + size * 0.2], width=1.4, dotted=True)
    text = f"{_spelled(even.point)} {pretty(axis.unit)}".strip()
    if even.p5 is not None and even.p95 is not None:
        ends = [across(min(max(v, across.low), across.high)) for v in (even.p5, even.p95)]
        if np.isfinite(even.p5) and np.isfinite(even.p95) and even.p95 > even.p5:
            text += f" [{_spelled(even.p5)} – {_spelled(even.p95)}]"
        sheet.line(ends, [box.top + size * 0.35] * 2, width=1.8)
    half = sheet.width(text, bold=True) / 2
    sheet.text(min(max(x, sheet.body.left + half), sheet.body.right - half), box.top + size * 1.15, text, bold=True, ha="center")


def _alt(axis: Axis, lines: Sequence[tuple[str, Sequence[Summary]]], measure: Measure) -> str:
    parts = [_("Line over {path}, {n} values.").format(path=axis_title(axis), n=len(axis))]
    for name, summaries in lines:
        ends = [measure.interval(s) for s in (summaries[0], summaries[-1])]
        values = [trimmed(v, 3, current()) for v in (axis.numbers[0], axis.numbers[-1])]
        said = _("{first} at {a}, {last} at {b} ({unit})").format(first=ends[0], a=values[0], last=ends[1], b=values[1], unit=measure.unit)
        parts.append((_("{name}: {value}").format(name=_line_name(name), value=said) if len(lines) > 1 else said) + ".")
    return " ".join(parts)


def map_of(swept: Swept, found: Sequence[Cell], indicator: Indicator, view: str, canvas: Canvas, budget: float | None = None) -> Chart:
    """Return a map of two paths: the stated value of each cell, coloured by the stage that weighs most, with the contour of a budget.

    budget   in the indicator's unit; the line parts the cells above it from those below; None draws none
    """
    across, up = _entitled(swept)
    cells = {c.at: c for c in found if c.indicator == indicator}
    if any(c.value is None for c in cells.values()):
        raise UsageError(Finding("unknown", _("{indicator} is unknown").format(indicator=indicator_title(indicator, current()))))
    measure = Measure.of(indicator, [c.value for c in cells.values()])
    shows = set_apart([_("stated values, coloured by the stage that weighs most"), *([] if budget is None else [_("line: the budget")])])
    texts = (_flip(cells.values(), budget), heading(swept.model, measure, view, shows), made_by(swept.model))
    sheet = Sheet(canvas, *texts)
    _grid(sheet, across, up, cells, measure, budget)
    rows = list(map_rows(swept.axes, [c for c in found if c.indicator == indicator], view))
    values = [c.value for c in cells.values() if c.value is not None]
    alt = _("Map of {n} cells over {x} and {y}: from {low} to {high} {unit}.").format(
        n=len(cells), x=axis_title(across), y=axis_title(up), low=measure.number(min(values)), high=measure.number(max(values)), unit=measure.unit
    )
    return chart("map", sheet, *texts, alt, canvas, rows)


def _flip(cells: Any, budget: float | None) -> str:
    listed = list(cells)
    if budget is not None:
        inside = sum(c.value <= budget for c in listed)
        return _("{n} of {all} combinations keep the budget").format(n=inside, all=len(listed))
    leaders = [c.dominant[0] for c in listed if c.dominant is not None]
    ranked = sorted(dict.fromkeys(leaders), key=lambda s: -leaders.count(s))
    if len(ranked) == 1:
        return _("{stage} weighs most everywhere").format(stage=capital(stage_in_sentence(ranked[0])))
    if not ranked:
        return _("No stage has a known impact")
    names = {"first": capital(stage_in_sentence(ranked[0])), "n": leaders.count(ranked[0]), "all": len(leaders), "second": stage_in_sentence(ranked[1])}
    if len(ranked) == 2:
        return _("{first} weighs most in {n} of {all} combinations, {second} in the others").format(**names)
    return _("{first} weighs most in {n} of {all} combinations, {second} comes next").format(**names)


def _grid(sheet: Sheet, across: Axis, up: Axis, cells: dict[tuple[int, ...], Cell], measure: Measure, budget: float | None) -> None:
    size, body = sheet.sizes.text, sheet.body
    stages = list(dict.fromkeys(c.dominant[0] for c in cells.values() if c.dominant is not None))
    colours = stage_colours(stages)
    entries = [(stage_title(s), colours[s]) for s in stages]
    key = legend_height(sheet, entries, body)
    rows = [_tick(up, i) for i in range(len(up))]
    left = min(sheet.widest(rows) + size, body.width * 0.25)
    box = Box(body.left + left, body.bottom + key + size * 3.0, body.right, body.top - size * 1.5)
    sheet.text(body.left, body.top - size * 0.5, sheet.cut("↑ " + axis_title(up), body.width), colour=sheet.colours.muted)
    wide, high = box.width / len(across), box.height / len(up)
    for (i, j), cell in cells.items():
        x, y = box.left + i * wide, box.bottom + j * high
        colour = colours[cell.dominant[0]] if cell.dominant is not None else sheet.colours.rest
        sheet.bar(x, y, x + wide - sheet.weight, y + high - sheet.weight, colour)
        text = measure.number(cell.value or 0.0)
        if sheet.width(text, bold=True) < wide - size * 0.3 and high > size * 1.15:
            sheet.text(x + wide / 2, y + high / 2, text, colour=on(colour), bold=True, ha="center")
    every = max(1, -(-len(across) // max(int(box.width / (sheet.widest(_tick(across, i) for i in range(len(across))) + size * 0.7)), 1)))
    for i in range(0, len(across), every):
        sheet.text(box.left + (i + 0.5) * wide, box.bottom - size * 0.8, sheet.cut(_tick(across, i), wide * every), colour=sheet.colours.muted, ha="center")
    every = max(1, -(-len(up) // max(int(box.height / (size * 1.25)), 1)))
    for j in range(0, len(up), every):
        sheet.text(box.left - size * 0.5, box.bottom + (j + 0.5) * high, sheet.cut(rows[j], left - size * 0.5), colour=sheet.colours.muted, ha="right")
    sheet.text((box.left + box.right) / 2, box.bottom - size * 2.1, axis_title(across) + " →", colour=sheet.colours.muted, ha="center")
    if budget is not None:
        _contour(sheet, cells, box, (wide, high), budget)
    legend(sheet, entries, Box(body.left, body.bottom, body.right, body.bottom + key))


def _contour(sheet: Sheet, cells: dict[tuple[int, ...], Cell], box: Box, steps: tuple[float, float], budget: float) -> None:
    """Draw the line between cells that keep a budget and those that exceed it."""
    wide, high = steps
    over = {at for at, c in cells.items() if c.value is not None and c.value > budget}
    for i, j in cells:
        x, y = box.left + i * wide - sheet.weight / 2, box.bottom + j * high - sheet.weight / 2
        if i and ((i, j) in over) != ((i - 1, j) in over):
            sheet.line([x, x], [y, y + high], width=3.4)
        if j and ((i, j) in over) != ((i, j - 1) in over):
            sheet.line([x, x + wide], [y, y], width=3.4)


def _tick(axis: Axis, i: int) -> str:
    return trimmed(axis.numbers[i], 3, current()) if axis.numbers else named(axis.texts[i])
