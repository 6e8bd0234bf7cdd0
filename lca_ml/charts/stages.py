"""Stages of the life cycle as stacked bars: which weighs most, and whether one indicator hides what another shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lca_ml.charts.canvas import Canvas, on
from lca_ml.charts.chart import Chart
from lca_ml.charts.common import Measure, Named, capital, chart, heading, legend, legend_height, made_by, share_of, statistics
from lca_ml.charts.sheet import Box, Scale, Sheet
from lca_ml.colours import stage_colours
from lca_ml.factors import Indicator
from lca_ml.results import Results, Summary
from lca_ml.titles import stage_in_sentence, stage_title
from lca_ml.wording import indicator_title, per_view
from lca_ml.words import _, count, current, set_apart

LIKELY = 0.8  # share of the draws in which one stage is above another, for a title to say so
TOLD_BY_TWO = 0.7  # share of the total two stages must make together for a title to speak of them alone
HARDLY = 1.1  # ratio below which two alternatives are not told apart in a title
HARDLY_SEEN = 0.01  # share of a bar below which a stage is no more than a line, and has no place in the key
ROOMY = 3.2  # height of a row in sizes of type, below which the totals of alternatives stand in a column of their own
MOST_IN_ONE_COLUMN = 6


@dataclass(frozen=True)
class _Stacked:
    """One bar: the stages known, in the order of the life cycle, those unknown or left out, and the whole."""

    known: list[Summary]
    unmodelled: list[str]
    whole: Summary

    @property
    def ends(self) -> tuple[float, float]:
        """How far it reaches below and above zero, interval included."""
        values = [s.point or 0.0 for s in self.known]
        low, high = sum(v for v in values if v < 0), sum(v for v in values if v > 0)
        return min(low, self.whole.p5 or 0.0, 0.0), max(high, self.whole.p95 or 0.0)


def _stacked(results: Results, indicator: Indicator, view: str) -> _Stacked:
    groups = [s for s in results.by("stage", view=view) if s.indicator == indicator]
    known = [s for s in groups if s.point is not None]
    missing = [s.labels["stage"] for s in groups if s.point is None]
    return _Stacked(known, [stage_title(s) for s in (*missing, *results.model.excluded)], results.of(indicator.id, view=view))


def stages(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the chart of which stage weighs most: a stacked bar for each alternative, its interval in a gutter above it."""
    stacks = [_stacked(a.results, indicator, view) for a in alternatives]
    measure = Measure.of(indicator, [s.whole.point for s in stacks])
    first = alternatives[0].results
    uncertain = any(s.whole.spread for s in stacks)
    shows = _("bar: stated values, line: 90 % of the draws") if uncertain else _("stated values; nothing is uncertain")
    title = _heaviest(first, stacks[0], indicator, view) if len(stacks) == 1 else _lightest(alternatives, stacks)
    texts = (title, heading(first.model, measure, view, shows), made_by(first.model, first.samples, first.seed))
    sheet = Sheet(canvas, *texts)
    colours = stage_colours(s for a in alternatives for s in a.results.model.stages)
    if len(stacks) == 1:
        _alone(sheet, stacks[0], measure, colours)
    else:
        _side_by_side(sheet, [a.title for a in alternatives], stacks, measure, colours)
    several = len(stacks) > 1
    rows = [
        row
        for a, s in zip(alternatives, stacks, strict=True)
        for summary in (s.whole, *s.known)
        for row in statistics(summary, **({"alternative": a.name} if several else {}))
    ]
    return chart("stages", sheet, *texts, _alt(alternatives, stacks, measure, view), canvas, rows)


def _heaviest(results: Results, stack: _Stacked, indicator: Indicator, view: str) -> str:
    ranked = sorted(stack.known, key=lambda s: -(s.point or 0.0))
    whole = sum(s.point or 0.0 for s in ranked)
    if not ranked or whole <= 0:
        return _("No stage has a known impact")
    top = capital(stage_in_sentence(ranked[0].labels["stage"]))
    if len(ranked) == 1:
        return _("{stage}: the only stage that is modelled").format(stage=top)
    share = (ranked[0].point or 0.0) / whole
    groups = results.groups(("stage",))
    k = [i.id for i in results.indicators].index(indicator.id)
    draws = [results.draws(groups[s.labels["stage"],], view)[k] for s in ranked[:2]]
    above = float(np.mean(draws[0] > draws[1]))
    names = {"first": top, "second": stage_in_sentence(ranked[1].labels["stage"]), "share": share_of(share)}
    if above < LIKELY and any(s.spread for s in ranked[:2]):
        return _("{first} or {second}: too close to call").format(**names)
    if share >= 0.5:
        return _("{first} makes {share} of the total").format(**names)
    two = share + (ranked[1].point or 0.0) / whole
    return (_("{first} outweighs {second}") if two >= TOLD_BY_TWO else _("{first} weighs most: {share} of the total")).format(**names)


def _lightest(alternatives: Sequence[Named], stacks: Sequence[_Stacked]) -> str:
    points = [s.whole.point for s in stacks]
    known = [(p, a.title) for p, a in zip(points, alternatives, strict=True) if p is not None and p > 0]
    if len(known) < len(points):
        return _("The alternatives, stage by stage")
    (low, lightest), (high, heaviest) = min(known), max(known)
    if high / low < HARDLY:
        return _("Hardly a difference between the alternatives")
    ratio = Measure(alternatives[0].results.indicators[0], alternatives[0].results.indicators[0].unit.text).tick(float(f"{high / low:.2g}"))
    return _("{high}: {ratio} times as much as {low}").format(low=lightest, high=capital(heaviest), ratio=ratio)


def _alone(sheet: Sheet, stack: _Stacked, measure: Measure, colours: dict[str, str]) -> None:
    """Draw one bar across the sheet and list its stages below it."""
    size = sheet.sizes.text
    listed = sorted(stack.known, key=lambda s: -(s.point or 0.0))
    columns = 1 if len(listed) <= MOST_IN_ONE_COLUMN else 2
    step = size * 1.42
    most = -(-len(listed) // columns)
    below = most * step + (step * 1.15 if stack.unmodelled else 0)
    box = sheet.body.cut(left=size * 0.3, right=size * 0.3)
    low, high = (measure.shown(v) for v in stack.ends)
    stub = size * 1.1 if stack.unmodelled else 0.0
    scale = Scale(low, high if high > low else low + 1.0, box.left, box.right - stub)
    gutter = size * (1.5 if _beside(sheet, stack, measure, scale, box) else 2.6)
    height = max(min(box.height - below - gutter - size * 2.3, size * 6), size * 1.5)
    bar = Box(box.left, box.top - gutter - height, box.right, box.top - gutter)
    sheet.horizontal_axis(scale, bar, measure.tick)
    _segments(sheet, stack, measure, scale, bar, colours, inside=True)
    _interval(sheet, stack, measure, scale, bar.top + size * 0.75, box)
    top = bar.bottom - sheet.axis_height(False) - size * 0.5
    width = (box.width - size * 1.6 * (columns - 1)) / columns
    for i, summary in enumerate(listed):
        column, row = divmod(i, most)
        left = box.left + column * (width + size * 1.6)
        _entry(sheet, summary, stack, measure, colours, Box(left, top - (row + 1) * step, left + width, top - row * step), wide=columns == 1)
    if stack.unmodelled:
        legend(sheet, [], Box(box.left, box.bottom, box.right, top - most * step - size * 0.2), stack.unmodelled)


def _entry(sheet: Sheet, summary: Summary, stack: _Stacked, measure: Measure, colours: dict[str, str], box: Box, wide: bool) -> None:
    """Write one stage of the list: colour, name, value with its interval where there is room, share."""
    size, middle = sheet.sizes.text, (box.top + box.bottom) / 2
    whole = sum(s.point or 0.0 for s in stack.known)
    share = share_of((summary.point or 0.0) / whole) if whole else ""
    value = measure.interval(summary) if wide else measure.number(summary.point or 0.0)
    sheet.bar(box.left, middle - size * 0.4, box.left + size * 0.8, middle + size * 0.4, colours[summary.labels["stage"]])
    right = box.right - sheet.width("< 0.1 %", bold=True) - size * 0.8
    if share.startswith(("<", ">")):
        value = ""
    room = right - sheet.width(value) - size * 0.8 - box.left - size * 1.25
    if room < max(size * 4, sheet.width(stage_title(summary.labels["stage"]))):
        value, room = "", right - box.left - size * 1.25
    sheet.text(box.left + size * 1.25, middle, sheet.cut(stage_title(summary.labels["stage"]), room))
    sheet.text(right, middle, value, colour=sheet.colours.muted, ha="right")
    sheet.text(box.right, middle, share, bold=True, ha="right")


def _side_by_side(sheet: Sheet, names: Sequence[str], stacks: Sequence[_Stacked], measure: Measure, colours: dict[str, str]) -> None:
    """Draw a bar for each alternative on one axis, and the key of the stages below."""
    size = sheet.sizes.text
    entries = _visible(stacks, colours)
    unmodelled = list(dict.fromkeys(name for stack in stacks for name in stack.unmodelled))
    body = sheet.body
    key = legend_height(sheet, entries, body, unmodelled)
    left = min(sheet.widest(names) + size, body.width * 0.3)
    box = body.cut(left=left, bottom=key + sheet.axis_height(False) + size * 0.5, right=size)
    step = box.height / len(stacks)
    totals = [f"{measure.interval(s.whole)} {measure.unit}" for s in stacks] if step < size * ROOMY else []
    box = box.cut(right=min(sheet.widest(totals, bold=True), body.width * 0.4)) if totals else box
    ends = [stack.ends for stack in stacks]
    low, high = measure.shown(min(a for a, _b in ends)), measure.shown(max(b for _a, b in ends))
    stub = size * 1.1 if any(stack.unmodelled for stack in stacks) else 0.0
    scale = Scale(low, high if high > low else low + 1.0, box.left, box.right - stub)
    sheet.horizontal_axis(scale, box, measure.tick)
    above = size * (0.95 if totals else 1.75)
    thick = max(min(step - above, size * 3.2), sheet.weight)
    for i, (name, stack) in enumerate(zip(names, stacks, strict=True)):
        bottom = box.top - (i + 1) * step + max(step - above - thick, 0) * 0.5
        bar = Box(box.left, bottom, box.right, bottom + thick)
        _segments(sheet, stack, measure, scale, bar, colours, inside=False)
        if totals:
            _line(sheet, stack, measure, scale, bar.top + size * 0.4)
            sheet.text(body.right, (bar.bottom + bar.top) / 2, sheet.cut(totals[i], body.right - box.right, bold=True), bold=True, ha="right")
        else:
            _interval(sheet, stack, measure, scale, bar.top + size * 0.7, body)
        sheet.lines(box.left - size * 0.6, (bar.top + bar.bottom) / 2, sheet.wrapped(name, left - size * 0.6, most=2), ha="right")
    legend(sheet, entries, Box(body.left, body.bottom, body.right, body.bottom + key), unmodelled)


def _visible(stacks: Sequence[_Stacked], colours: dict[str, str]) -> list[tuple[str, str]]:
    """Return the key of the stages that can be seen in one bar at least, in the order of the life cycle."""
    seen: dict[str, float] = {}
    for stack in stacks:
        whole = sum(abs(s.point or 0.0) for s in stack.known) or 1.0
        for s in stack.known:
            seen[s.labels["stage"]] = max(seen.get(s.labels["stage"], 0.0), abs(s.point or 0.0) / whole)
    kept = [stage for stage in colours if seen.get(stage, 0.0) >= HARDLY_SEEN]
    return [(stage_title(stage), colours[stage]) for stage in kept]


def _segments(sheet: Sheet, stack: _Stacked, measure: Measure, scale: Scale, bar: Box, colours: dict[str, str], inside: bool) -> None:
    """Draw the stages of a bar one after the other, and a hatched end where some are not modelled."""
    size, gap = sheet.sizes.text, sheet.weight * 0.8
    whole = sum(s.point or 0.0 for s in stack.known)
    below = above = 0.0
    for summary in stack.known:
        value = measure.shown(summary.point or 0.0)
        start = above if value >= 0 else below
        above, below = (above + value, below) if value >= 0 else (above, below + value)
        left, right = sorted((scale(start), scale(start + value)))
        colour = colours[summary.labels["stage"]]
        sheet.bar(left, bar.bottom, max(right - gap, left + min(gap, right - left)), bar.top, colour)
        label = share_of(value / measure.shown(whole)) if whole else ""
        if inside and right - left > sheet.width(label, size, bold=True) + size * 0.8:
            sheet.text((left + right) / 2, (bar.top + bar.bottom) / 2, label, colour=on(colour), bold=True, ha="center")
    if stack.unmodelled:
        end = scale(above)
        sheet.bar(end + gap, bar.bottom, end + size * 0.95, bar.top, "none", hatched=True)


def _interval(sheet: Sheet, stack: _Stacked, measure: Measure, scale: Scale, y: float, box: Box) -> None:
    """Draw the interval of the whole above its bar, and write it where there is room: to the right, else to the left of it."""
    size = sheet.sizes.text
    if not _line(sheet, stack, measure, scale, y):
        return
    text = f"{measure.interval(stack.whole)} {measure.unit}"
    place = _beside(sheet, stack, measure, scale, box)
    if place is None:
        sheet.text(box.right, y + size * 1.05, text, bold=True, ha="right")
    else:
        sheet.text(*(place[0], y), text, bold=True, ha=place[1])


def _line(sheet: Sheet, stack: _Stacked, measure: Measure, scale: Scale, y: float) -> bool:
    """Draw the interval of the whole and its stated value, and return whether they are known."""
    if stack.whole.point is None or stack.whole.p5 is None or stack.whole.p95 is None:
        return False
    if stack.whole.spread:
        ends = [scale(measure.shown(v)) for v in (stack.whole.p5, stack.whole.point, stack.whole.p95)]
        sheet.interval(ends[0], ends[1], ends[2], y)
    return True


def _beside(sheet: Sheet, stack: _Stacked, measure: Measure, scale: Scale, box: Box) -> tuple[float, str] | None:
    """Return where the interval of the whole is written beside its line: to the right, else to the left; None where there is no room."""
    if stack.whole.point is None or stack.whole.p5 is None or stack.whole.p95 is None:
        return box.left, "left"
    size = sheet.sizes.text
    wide = sheet.width(f"{measure.interval(stack.whole)} {measure.unit}", bold=True) + size * 0.6
    ends = [scale(measure.shown(v)) for v in (stack.whole.p5, stack.whole.point, stack.whole.p95)]
    if max(ends) + wide <= box.right:
        return max(ends) + size * 0.6, "left"
    return (min(ends) - size * 0.6, "right") if min(ends) - wide >= box.left else None


def indicators(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the chart of all indicators, each on its own axis: whether the stage that leads in one leads in the others."""
    results = alternatives[0].results
    stacks = [(i, _stacked(results, i, view)) for i in results.indicators]
    known = [(i, s) for i, s in stacks if s.whole.point is not None and s.known]
    leaders = {i.id: max(s.known, key=lambda x: x.point or 0.0).labels["stage"] for i, s in known}
    shows = _("each bar on its own axis; in brackets 90 % of the draws")
    title = _leaders(results, leaders, indicator)
    subtitle = _("All indicators, {per} — {shows}").format(per=per_view(results.model, view, current()), shows=shows)
    texts = (title, subtitle, made_by(results.model, results.samples, results.seed))
    sheet = Sheet(canvas, *texts)
    _panels(sheet, results, stacks, stage_colours(results.model.stages))
    rows = [row for _i, s in stacks for summary in (s.whole, *s.known) for row in statistics(summary)]
    alt = _("{n} stacked bars, one for each indicator, each on its own axis.").format(n=len(known))
    said = [
        _("{indicator}: {value} {unit}, most of it {stage}").format(
            indicator=indicator_title(i, current()),
            value=(m := Measure.of(i, [s.whole.point])).interval(s.whole),
            unit=m.unit,
            stage=stage_in_sentence(leaders[i.id]),
        )
        for i, s in known
    ]
    return chart("indicators", sheet, *texts, " ".join([alt, set_apart(said) + "."]), canvas, rows)


def _leaders(results: Results, leaders: dict[str, str], indicator: Indicator) -> str:
    if not leaders:
        return _("No indicator is known")
    first = leaders.get(indicator.id, next(iter(leaders.values())))
    others = [stage for stage in leaders.values() if stage != first]
    name = capital(stage_in_sentence(first))
    if not others:
        return count("{{stage}} leads in the one indicator that is known", "{{stage}} leads in all {n} indicators", len(leaders)).format(stage=name)
    names = {"first": name, "n": len(leaders) - len(others), "all": len(leaders), "other": stage_in_sentence(others[0])}
    one = len(set(others)) == 1
    return (_("{first} leads in {n} of {all} indicators, {other} elsewhere") if one else _("{first} leads in {n} of {all} indicators")).format(**names)


def _panels(sheet: Sheet, results: Results, stacks: Sequence[tuple[Indicator, _Stacked]], colours: dict[str, str]) -> None:
    size, body = sheet.sizes.text, sheet.body
    entries = _visible([stack for _i, stack in stacks], colours)
    unmodelled = [stage_title(s) for s in results.model.excluded]
    key = legend_height(sheet, entries, body, unmodelled)
    left = min(sheet.widest(i.title(current()) for i, _s in stacks) + size, body.width * 0.36)
    measures = [Measure.of(i, [s.whole.point]) for i, s in stacks]
    totals = [f"{m.interval(s.whole)} {m.unit}" if s.whole.point is not None else _("unknown: no factor") for m, (_i, s) in zip(measures, stacks, strict=True)]
    right = min(sheet.widest(totals, bold=True) + size, body.width * 0.34)
    box = body.cut(left=left, bottom=key + size * 0.4, right=right)
    step = box.height / max(len(stacks), 1)
    thick = min(step * 0.62, size * 2.6)
    for position, ((indicator, stack), measure, total) in enumerate(zip(stacks, measures, totals, strict=True)):
        middle = box.top - (position + 0.5) * step
        bar = Box(box.left, middle - thick / 2, box.right, middle + thick / 2)
        sheet.lines(box.left - size * 0.6, middle, sheet.wrapped(indicator.title(current()), left - size * 0.6, most=3 if step > size * 4 else 2), ha="right")
        sheet.lines(box.right + size * 0.7, middle, sheet.wrapped(total, right - size * 0.7, most=2, bold=True), bold=True)
        k = [i.id for i in results.indicators].index(indicator.id)
        partly = not results.known[:, k].all()
        whole = sum(abs(s.point or 0.0) for s in stack.known)
        if whole:
            scale = Scale(0.0, measure.shown(whole), bar.left, bar.right - (size * 1.1 if partly else 0))
            _segments(sheet, _Stacked(stack.known, ["?"] if partly else [], stack.whole), measure, scale, bar, colours, inside=True)
        else:
            sheet.bar(bar.left, bar.bottom, bar.right, bar.top, "none", hatched=True)
    legend(sheet, entries, Box(body.left, body.bottom, body.right, body.bottom + key), unmodelled)


def _alt(alternatives: Sequence[Named], stacks: Sequence[_Stacked], measure: Measure, view: str) -> str:
    model = alternatives[0].results.model
    parts = [count("Stacked bar of {n} life-cycle stage.", "Stacked bar of {n} life-cycle stages.", len(stacks[0].known))]
    for a, s in zip(alternatives, stacks, strict=True):
        total = f"{measure.interval(s.whole)} {measure.unit} {per_view(model, view, current())}"
        total = _("{name}: {value}").format(name=a.title, value=total) if len(stacks) > 1 else total
        ranked = sorted(s.known, key=lambda x: -(x.point or 0.0))
        whole = sum(x.point or 0.0 for x in ranked) or 1.0
        listed = [f"{stage_title(x.labels['stage'])} {share_of((x.point or 0.0) / whole)}" for x in (ranked if len(ranked) <= 4 else [*ranked[:3], ranked[-1]])]
        parts.append(set_apart([total, ", ".join(listed)]) + ".")
    if stacks[0].unmodelled:
        parts.append(_("Not modelled: {names}.").format(names=", ".join(stacks[0].unmodelled)))
    return " ".join(parts)
