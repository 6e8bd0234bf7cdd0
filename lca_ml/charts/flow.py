"""Where does it come from: a Sankey diagram from what is used, through the stages, to the phases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lca_ml.charts.canvas import Canvas
from lca_ml.charts.chart import Chart
from lca_ml.charts.common import Measure, Named, capital, chart, heading, made_by, share_of, statistics
from lca_ml.charts.sheet import LINE, Box, Sheet
from lca_ml.colours import stage_colours
from lca_ml.errors import Finding, UsageError
from lca_ml.factors import Indicator
from lca_ml.results import Summary
from lca_ml.wording import group_title, indicator_title
from lca_ml.words import _, current, set_apart

MOST_LINKS = 12
OTHERS = "…"
Link = tuple[str, str, float]


@dataclass(frozen=True)
class _Node:
    """A bar of a column: its key, its title, its value, and where it stands."""

    key: str
    title: str
    value: float
    bottom: float
    top: float


def flow(alternatives: Sequence[Named], indicator: Indicator, view: str, canvas: Canvas) -> Chart:
    """Return the Sankey of an indicator: kinds of flow, stages, phases; the smallest together, so that there are at most twelve links.

    Credits (negative impacts) have no width and are left out of the drawing; they stand in the data.
    """
    results = alternatives[0].results
    model = results.model
    pairs = {second: [s for s in results.by("stage", second, view=view) if s.indicator == indicator and s.point is not None] for second in ("flow", "phase")}
    if not any((s.point or 0.0) > 0 for s in pairs["flow"]):
        message = _("no flow has a known impact in {indicator}").format(indicator=indicator_title(indicator, current()))
        raise UsageError(Finding("unknown", message))
    stages, flows = _kept(pairs)
    left = _links([(s.labels["flow"], s.labels["stage"], s.point or 0.0) for s in pairs["flow"]], flows, stages)
    right = _links([(s.labels["stage"], s.labels["phase"], s.point or 0.0) for s in pairs["phase"]], stages, None)
    whole = sum(v for _a, _b, v in left)
    titles = {k: group_title("flow", k, model, current()) for k, _b, _v in left}
    names = [titles, {k: group_title("stage", k, model, current()) for k in stages}, {b: group_title("phase", b, model, current()) for _a, b, _v in right}]
    for each in names:
        each[OTHERS] = _("others")
    measure = Measure.of(indicator, [whole])
    ranked = sorted(_sums(left, 0).items(), key=lambda x: -x[1])
    leader = next((k, v) for k, v in ranked if k != OTHERS or len(ranked) == 1)
    title = _("{name}: {share} of the total").format(name=capital(titles[leader[0]]), share=share_of(leader[1] / whole))
    texts = (title, heading(model, measure, view, _("what is used → in which stage → when, stated values")), made_by(model))
    sheet = Sheet(canvas, *texts)
    _draw(sheet, left, right, names, whole)
    alt = _("Sankey diagram of {n} links: {listed}.").format(
        n=len(left) + len(right), listed=set_apart(f"{names[0][k]} {share_of(v / whole)}" for k, v in ranked)
    )
    rows = [row for second in ("flow", "phase") for s in pairs[second] for row in statistics(s)]
    return chart("flow", sheet, *texts, alt, canvas, rows)


def _kept(pairs: dict[str, list[Summary]]) -> tuple[list[str], list[str]]:
    """Return the stages and the kinds of flow that stand alone, largest first: as many as leave at most twelve links."""
    stages, flows = (_ranked((s.labels[label], s.point or 0.0) for s in pairs["flow"]) for label in ("stage", "flow"))
    for most in range(max(len(stages), len(flows)), 1, -1):
        kept = stages[:most] if len(stages) <= most else stages[: most - 1], flows[:most] if len(flows) <= most else flows[: most - 1]
        left = _links([(s.labels["flow"], s.labels["stage"], s.point or 0.0) for s in pairs["flow"]], kept[1], kept[0])
        right = _links([(s.labels["stage"], s.labels["phase"], s.point or 0.0) for s in pairs["phase"]], kept[0], None)
        if len(left) + len(right) <= MOST_LINKS:
            return kept
    return stages[:1], flows[:1]


def _ranked(values: Iterable[tuple[str, float]]) -> list[str]:
    sums: dict[str, float] = {}
    for key, value in values:
        sums[key] = sums.get(key, 0.0) + max(value, 0.0)
    return sorted((k for k, v in sums.items() if v > 0), key=lambda k: -sums[k])


def _links(found: Iterable[Link], starts: Sequence[str], ends: Sequence[str] | None) -> list[Link]:
    """Return links with what is not kept together as others; links of no width are left out."""
    sums: dict[tuple[str, str], float] = {}
    for a, b, value in found:
        key = (a if a in starts else OTHERS, b if ends is None or b in ends else OTHERS)
        if value > 0:
            sums[key] = sums.get(key, 0.0) + value
    return [(a, b, v) for (a, b), v in sums.items()]


def _sums(links: Iterable[Link], side: int) -> dict[str, float]:
    out: dict[str, float] = {}
    for link in links:
        key = str(link[side])
        out[key] = out.get(key, 0.0) + link[2]
    return out


def _draw(sheet: Sheet, left: list[Link], right: list[Link], names: list[dict[str, str]], whole: float) -> None:
    size, body = sheet.sizes.text, sheet.body
    columns = [_sums(left, 0), _sums(left, 1), _sums(right, 1)]
    rooms = [min(sheet.widest(f"{names[i][k]} 100 %" for k in columns[i]) + size * 0.6, body.width * 0.3) for i in (0, 2)]
    box = body.cut(left=rooms[0], right=rooms[1])
    bar = size * 0.55
    middle = sheet.widest(f"{names[1][k]} 100 %" for k in columns[1]) + size * 1.2
    xs = [box.left, max(box.right - bar * 2 - middle, box.left + box.width * 0.3), box.right - bar]
    placed = [_placed(column, names[i], box, whole, size) for i, column in enumerate(columns)]
    colours = stage_colours([k for k in columns[1] if k != OTHERS]) | {OTHERS: sheet.colours.rest}
    _ribbons(sheet, left, placed[0], placed[1], (xs[0] + bar, xs[1]), [colours[b] for _a, b, _v in left])
    _ribbons(sheet, right, placed[1], placed[2], (xs[1] + bar, xs[2]), [colours[a] for a, _b, _v in right])
    for i, nodes in enumerate(placed):
        for node in nodes:
            sheet.bar(xs[i], node.bottom, xs[i] + bar, node.top, colours[node.key] if i == 1 else sheet.colours.muted)
        room = (rooms[0], (xs[2] - xs[1]) - bar - size, rooms[1])[i] - size * 0.6
        lines = [_label(sheet, n.title, share_of(n.value / whole), room) for n in nodes]
        heights = sheet.apart([(n.bottom + n.top) / 2 for n in nodes], [len(t) * size * LINE for t in lines], body)
        for y, text in zip(heights, lines, strict=True):
            sheet.lines(xs[i] - size * 0.5 if i == 0 else xs[i] + bar + size * 0.5, y, text, ha="right" if i == 0 else "left")


def _label(sheet: Sheet, title: str, share: str, room: float) -> list[str]:
    """Return a name and its share in at most two lines; where they do not fit it is the name that is cut."""
    lines = sheet.wrapped(f"{title} {share}", room, most=2)
    if not lines[-1].endswith("…"):
        return lines
    first = sheet.wrapped(title, room, most=9)[0]
    rest = title[len(first) :].strip()
    return [first, f"{sheet.cut(rest, room - sheet.width(f' {share}'))} {share}"]


def _placed(column: dict[str, float], names: dict[str, str], box: Box, whole: float, size: float) -> list[_Node]:
    """Return the bars of a column from the top, largest first, others last, with gaps between."""
    gap = min(size * 0.9, box.height * 0.25 / max(len(column) - 1, 1))
    scale = (box.height - gap * (len(column) - 1)) / whole
    nodes, top = [], box.top
    for key in sorted(column, key=lambda k: (k == OTHERS, -column[k])):
        bottom = top - column[key] * scale
        nodes.append(_Node(key, names[key], column[key], bottom, top))
        top = bottom - gap
    return nodes


def _ribbons(sheet: Sheet, links: list[Link], starts: list[_Node], ends: list[_Node], room: tuple[float, float], colours: list[str]) -> None:
    """Draw links between two columns, each leaving and arriving below the one before, in the order of the nodes they lead to."""
    order_a, order_b = [n.key for n in starts], [n.key for n in ends]
    at_a, at_b = {n.key: n.top for n in starts}, {n.key: n.top for n in ends}
    height = (starts[0].top - starts[0].bottom) / starts[0].value
    height_b = (ends[0].top - ends[0].bottom) / ends[0].value
    arrivals: dict[tuple[str, str], tuple[float, float]] = {}
    for a, b, v in sorted(links, key=lambda x: (order_b.index(x[1]), order_a.index(x[0]))):
        arrivals[a, b] = (at_b[b] - v * height_b, at_b[b])
        at_b[b] -= v * height_b
    for (a, b, v), colour in sorted(zip(links, colours, strict=True), key=lambda x: (order_a.index(x[0][0]), order_b.index(x[0][1]))):
        sheet.ribbon(*room, (at_a[a] - v * height, at_a[a], *arrivals[a, b]), colour)
        at_a[a] -= v * height
