"""Alternatives on the same draws: A or B, what explains the difference, and how one tool's number becomes another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lca_ml.charts.canvas import Canvas
from lca_ml.charts.chart import Chart
from lca_ml.charts.common import Measure, Named, capital, chart, heading, made_by, named, share_of
from lca_ml.charts.sheet import Box, Scale, Sheet
from lca_ml.colours import LESS, MORE
from lca_ml.comparison import Comparison, Difference
from lca_ml.errors import Finding, UsageError
from lca_ml.factors import Indicator
from lca_ml.notation import number
from lca_ml.wording import group_title, indicator_title
from lca_ml.words import _, current, set_apart

BINS = 60
MOST_STEPS = 7
HARDLY_SEEN = 0.01  # share of the change below which a step is gathered with others
CERTAIN = 0.95  # share of the draws from which a title says that one is lower; between it and its complement they are not told apart


def difference(compared: Comparison, indicator: Indicator, canvas: Canvas) -> Chart:
    """Return the histogram of the paired difference of the last alternative from the first, with a line at no difference.

    Raises UsageError where one of the two is unknown.
    """
    found = _last_difference(compared, indicator)
    first, other = (_title(compared, i) for i in (0, -1))
    assert found.difference is not None and found.below is not None
    apart = compared.draws(len(compared.results) - 1, indicator) - compared.draws(0, indicator)
    measure = Measure.of(indicator, [*np.percentile(apart, (1, 99)).tolist(), found.difference.point])
    title = _lower(first, other, found.below, bool(np.ptp(apart)))
    shows = _("histogram of the paired difference {other} − {first}; the outermost bars hold the tails").format(first=first, other=other)
    subtitle = heading(compared.results[0].model, measure, compared.view, shows)
    texts = (title, subtitle, made_by(compared.results[0].model, compared.results[0].samples, compared.results[0].seed))
    sheet = Sheet(canvas, *texts)
    counts, edges = _bins(apart)
    _histogram(sheet, counts, [measure.shown(float(e)) for e in edges], found, measure, (first, other))
    d = found.difference
    interval = f"{measure.number(d.median)} [{set_apart([measure.number(d.p5), measure.number(d.p95)])}] {measure.unit}"
    alt = _("Histogram of {n} paired draws of {other} minus {first}: median and 90 % interval {interval}. {other} is lower in {share} of the draws.").format(
        n=apart.size, first=first, other=other, interval=interval, share=share_of(found.below)
    )
    rows = _difference_rows(compared, found, indicator)
    where = {"indicator": indicator.id, "alternative": found.alternative, "against": found.against, "view": compared.view}
    rows += [
        {**where, "statistic": "draws", "from": float(a), "to": float(b), "value": int(n), "unit": indicator.unit.text}
        for n, a, b in zip(counts, edges[:-1], edges[1:], strict=True)
    ]
    return chart("compare", sheet, *texts, alt, canvas, rows)


def _last_difference(compared: Comparison, indicator: Indicator) -> Difference:
    found = next(d for d in reversed(compared.differences()) if d.indicator == indicator)
    if found.difference is None:
        message = _("{indicator} is unknown in one of the alternatives").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("unknown", message))
    return found


def _title(compared: Comparison, position: int) -> str:
    return Named(compared.alternatives[position].name, compared.results[position]).title


def _lower(first: str, other: str, below: float, varies: bool) -> str:
    low, high, share = (other, first, below) if below >= 0.5 else (first, other, 1 - below)
    if not varies:
        return _("{low} and {high} differ by the same in every draw").format(low=capital(low), high=high)
    if share == 1.0:
        return _("{low} is lower than {high} in every draw").format(low=capital(low), high=high)
    words = _("{low} is lower than {high} in {share} of the draws") if share >= CERTAIN else _("{low} or {high}? Lower in {share} of the draws: not settled")
    return words.format(low=capital(low), high=high, share=_share(share))


def _bins(draws: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[list[int], list[float]]:
    """Return counts and edges; the tails beyond 0.5 % of the draws at each side fall into the outermost bins, so that all are counted."""
    low, high = np.percentile(draws, (0.5, 99.5))
    if low == high:
        low, high = low - 0.5 * abs(low) - 1e-12, high + 0.5 * abs(high) + 1e-12
    edges = np.linspace(low, high, BINS + 1)
    counts, _edges = np.histogram(np.clip(draws, low, high), edges)
    return [int(c) for c in counts], [float(e) for e in edges]


def _histogram(sheet: Sheet, counts: Sequence[int], edges: Sequence[float], found: Difference, measure: Measure, names: tuple[str, str]) -> None:
    size = sheet.sizes.text
    box = sheet.body.cut(left=size * 0.5, right=size * 0.5, bottom=sheet.axis_height(False), top=size * 1.7)
    scale = Scale(min(edges[0], 0.0), max(edges[-1], 0.0), box.left, box.right)
    sheet.horizontal_axis(scale, box, measure.tick)
    top = max(counts)
    for n, a, b in zip(counts, edges[:-1], edges[1:], strict=True):
        if n:
            colour = LESS if (a + b) / 2 < 0 else MORE
            sheet.bar(scale(a), box.bottom, scale(b) - sheet.weight * 0.25, box.bottom + n / top * box.height, colour)
    zero = scale(0.0)
    sheet.line([zero, zero], [box.bottom, box.top + size * 0.5], width=1.6)
    assert found.below is not None
    left_text = _("← {name}: lower ({share})").format(name=names[1], share=_share(found.below))
    right_text = _("higher ({share}) →").format(share=_share(1 - found.below))
    y = box.top + size * 1.2
    left_room, right_room = zero - sheet.body.left, sheet.body.right - zero
    if left_room >= sheet.width(left_text) + size:
        sheet.text(zero - size * 0.5, y, left_text, colour=_readable(sheet, LESS), ha="right")
    elif right_room >= sheet.width(right_text) + sheet.width(left_text) + 2 * size:
        sheet.text(sheet.body.right, y, left_text, colour=_readable(sheet, LESS), ha="right")
    if right_room >= sheet.width(right_text) + size:
        sheet.text(zero + size * 0.5, y, right_text, colour=_readable(sheet, MORE))


def _share(share: float) -> str:
    """Return a share of the draws; one that is not all of them is never rounded to all."""
    return _("more than 99 %") if 0.995 <= share < 1 else share_of(share)


def _readable(sheet: Sheet, colour: str) -> str:
    """Return a colour for text: the ink where the theme is dark or the type small, as coloured type would lack contrast."""
    return colour if sheet.canvas.theme == "light" and sheet.canvas.medium == "slide" else sheet.colours.ink


def _difference_rows(compared: Comparison, found: Difference, indicator: Indicator) -> list[dict[str, Any]]:
    """Return the rows of the comparison's document that a histogram shows."""
    wanted = {"difference_point", "difference_median", "difference_p5", "difference_p95", "share_below", "share_clearly_below", "share_clearly_above"}
    return [
        {k: r[k] for k in ("indicator", "alternative", "against", "view", "statistic", "value", "unit")}
        for r in compared.rows()
        if r["indicator"] == indicator.id and r["alternative"] == found.alternative and r["group"] is None and r["statistic"] in wanted
    ]


@dataclass(frozen=True)
class _Step:
    """One bar of a waterfall: its name, and where it starts and ends, in the unit shown; a total starts at zero."""

    name: str
    start: float
    end: float
    total: bool = False


def waterfall(compared: Comparison, indicator: Indicator, canvas: Canvas, by: str = "stage") -> Chart:
    """Return what explains the change from the first alternative to the last: group by group, summing exactly.

    by   what the difference is shared out to: stage, activity, flow, phase, region or a tag
    """
    found = _last_difference(compared, indicator)
    causes = [c for c in compared.causes(by, [indicator]) if c.alternative == found.alternative]
    if any(c.difference is None for c in causes):
        message = _("part of {indicator} is unknown in one of the alternatives").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("unknown", message))
    first, other = (next(s for s in compared.summaries(i) if s.indicator == indicator) for i in (0, len(compared.results) - 1))
    assert first.point is not None and other.point is not None
    model = compared.results[-1].model
    parts = [(group_title(by, c.label, model, current()), c.difference.point) for c in causes if c.difference is not None and c.difference.point]
    shown_ = _gathered(parts, other.point - first.point)
    steps, at = [_Step(_title(compared, 0), 0.0, first.point, True)], first.point
    for name, value in shown_:
        steps.append(_Step(name, at, at + value))
        at += value
    steps.append(_Step(_title(compared, -1), 0.0, other.point, True))
    where: dict[str, Any] = {"indicator": indicator.id, "view": compared.view, "unit": indicator.unit.text}
    ends = ((compared.alternatives[0], first), (compared.alternatives[-1], other))
    rows = [{"group": None, "alternative": a.name, **where, "statistic": "point", "value": s.point} for a, s in ends]
    changes = {c.label: c.difference.point for c in causes if c.difference is not None}
    rows += [{"group": k, "alternative": found.alternative, **where, "statistic": "difference_point", "value": v} for k, v in changes.items()]
    return _fall("waterfall", compared, indicator, canvas, steps, rows, _biggest(shown_, first.point, other.point))


def _gathered(parts: Sequence[tuple[str, float]], change: float) -> list[tuple[str, float]]:
    """Return the steps largest first, those too small to be seen or too many for a figure in one, so that the sum stays exact."""
    ranked = sorted(parts, key=lambda p: -abs(p[1]))
    seen = sum(abs(v) >= HARDLY_SEEN * max(abs(change), abs(ranked[0][1])) for _name, v in ranked)
    kept = min(max(seen, 1), MOST_STEPS - 1) if ranked else 0
    if len(ranked) <= kept + 1:
        return ranked
    return [*ranked[:kept], (_("{n} others").format(n=len(ranked) - kept), sum(v for _name, v in ranked[kept:]))]


def _biggest(parts: Sequence[tuple[str, float]], first: float, other: float) -> str:
    change = other - first
    if not parts or not change:
        return _("Nothing changes")
    name, value = max(parts, key=lambda p: p[1] / change)
    share = value / change
    words = _("{name} explains {share} of the fall") if change < 0 else _("{name} explains {share} of the rise")
    if share > 1:
        words = _("{name} falls, the rest gives part of it back") if change < 0 else _("{name} rises, the rest takes part of it back")
    return words.format(name=capital(name), share=share_of(share))


def reconcile(compared: Comparison, indicator: Indicator, canvas: Canvas) -> Chart:
    """Return how the number of one tool becomes that of another: each alternative changes one thing more, from the first to the last."""
    points = [next(s.point for s in compared.summaries(i) if s.indicator == indicator) for i in range(len(compared.results))]
    if len(points) < 3 or any(p is None for p in points):
        message = _("a reconciliation takes at least three alternatives in which {indicator} is known, each changing one thing more")
        hint = _("Name variants that add up: --variant boundary --variant boundary,pue --variant boundary,pue,grid.")
        raise UsageError(Finding("alternatives", message.format(indicator=indicator_title(indicator, current())), None, hint))
    known = [p for p in points if p is not None]
    names = [_title(compared, 0), *(_added(a.name, b.name) for a, b in zip(compared.alternatives, compared.alternatives[1:], strict=False))]
    steps = [_Step(names[0], 0.0, known[0], True)]
    steps += [_Step(name, a, b) for name, a, b in zip(names[1:], known, known[1:], strict=False)]
    steps.append(_Step(_("in the end"), 0.0, known[-1], True))
    rows = [
        {"alternative": a.name, "indicator": indicator.id, "view": compared.view, "statistic": "point", "value": p, "unit": indicator.unit.text}
        for a, p in zip(compared.alternatives, known, strict=True)
    ]
    changes = [(s.name, s.end - s.start) for s in steps[1:-1]]
    name, value = max(changes, key=lambda c: abs(c[1]))
    measure = Measure.of(indicator, known)
    title = _("{first} becomes {last} {unit}; biggest step: {name}") if value else _("Nothing changes")
    ends = {"first": measure.number(known[0], 3), "last": measure.number(known[-1], 3), "unit": measure.unit}
    return _fall("reconcile", compared, indicator, canvas, steps, rows, title.format(name=name, **ends))


def _added(before: str, after: str) -> str:
    """Return what an alternative adds to the one before it: its last variants that the other does not have."""
    had = before.split(",")
    fresh = [part for part in after.split(",") if part not in had]
    return named(", ".join(fresh or [after]).replace("_", " "))


def _fall(kind: str, compared: Comparison, indicator: Indicator, canvas: Canvas, steps: Sequence[_Step], rows: list[dict[str, Any]], title: str) -> Chart:
    first = compared.results[0]
    measure = Measure.of(indicator, [v for s in steps for v in (s.start, s.end)])
    subtitle = heading(first.model, measure, compared.view, _("stated values; the steps add up exactly"))
    texts = (title, subtitle, made_by(first.model))
    sheet = Sheet(canvas, *texts)
    _columns(sheet, [_Step(s.name, measure.shown(s.start), measure.shown(s.end), s.total) for s in steps])
    listed = set_apart(f"{s.name} {_step_text(s, measure.shown(1.0))}" for s in steps)
    alt = _("Waterfall of {n} steps from {first} to {last} {unit}. {listed}.").format(
        n=len(steps) - 2, first=measure.number(steps[0].end, 3), last=measure.number(steps[-1].end, 3), unit=measure.unit, listed=listed
    )
    return chart(kind, sheet, *texts, alt, canvas, rows)


def _step_text(step: _Step, scale: float = 1.0) -> str:
    change = (step.end - step.start) * scale
    text = number(change, 3 if step.total else 2, current())
    return text if step.total or change <= 0 else f"+{text}"


def _columns(sheet: Sheet, steps: Sequence[_Step]) -> None:
    size, body = sheet.sizes.text, sheet.body
    width = body.width / len(steps)
    names = [sheet.wrapped(s.name, width - size * 0.4, most=3) for s in steps]
    below = max(len(n) for n in names) * size * 1.28 + size * 0.3
    box = Box(body.left, body.bottom + below, body.right, body.top - size * 1.4)
    values = [0.0, *(v for s in steps for v in (s.start, s.end))]
    low, high = min(values), max(values)
    scale = Scale(low, high if high > low else low + 1, box.bottom + (size * 1.5 if low < 0 else 0), box.top)
    for i, (step, lines) in enumerate(zip(steps, names, strict=True)):
        middle = box.left + (i + 0.5) * width
        left, right = middle - width * 0.36, middle + width * 0.36
        colour = sheet.colours.rest if step.total else LESS if step.end < step.start else MORE
        bottom, top = sorted((scale(step.start), scale(step.end)))
        sheet.bar(left, bottom, right, max(top, bottom + sheet.weight), colour)
        if i + 1 < len(steps):
            sheet.line([right, right + width * 0.28], [scale(step.end)] * 2, sheet.colours.muted, 0.8)
        text = _step_text(step)
        sheet.text(middle, top + size * 0.7, sheet.cut(text, width, bold=True), bold=True, ha="center")
        for j, line in enumerate(lines):
            sheet.text(middle, body.bottom + below - size * (0.9 + 1.28 * j), line, ha="center")
    sheet.line([box.left, box.right], [scale(0.0)] * 2, sheet.colours.muted, 0.9)
