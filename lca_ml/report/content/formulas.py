"""How the numbers come about: every formula with the numbers put in, and the sum each indicator is."""

from __future__ import annotations

from lca_ml.explain import value_of
from lca_ml.expressions import Name, names
from lca_ml.factors import Indicator
from lca_ml.model import Model, Node
from lca_ml.model.internal import REFERENCE
from lca_ml.notation import figure
from lca_ml.report.content.subject import Subject, capital, unit_for, where
from lca_ml.report.document import Block, Cell, Folded, Formula, Formulas, Group, Mono, Paragraph, Run, Section, Small, Table
from lca_ml.scenario import stage_title
from lca_ml.units import pretty
from lca_ml.wording import indicator_title
from lca_ml.words import _, current

MOST = 120


def formulas(subject: Subject) -> Section:
    """Return the section on the calculation: formulas by activity, then what each indicator is the sum of."""
    blocks: list[Block] = [Paragraph(_("Every number below is the stated value: it can be followed with a pocket calculator."))]
    groups = _grouped(subject.model)
    if groups:
        table = Formulas(_("Formulas, with the numbers put in"), groups)
        blocks.append(table if sum(len(f) for _name, f in groups) <= MOST else Folded(table.caption, (table,)))
    if subject.known:
        blocks.append(_sums(subject))
    return Section("formulas", _("How it is computed"), tuple(blocks))


def _grouped(model: Model) -> tuple[tuple[str, tuple[Formula, ...]], ...]:
    """Return the formulas that are more than another name for a quantity, those of an activity together, parameters first."""
    groups: dict[str, list[Formula]] = {}
    for node in sorted(model.nodes, key=lambda n: n.name.count(".") > 0):
        known = node.tree is not None and node.number is not None  # a formula of arguments that were not given has no number
        if known and not isinstance(node.tree, Name) and not node.name.startswith(("factor.", "device.", REFERENCE)):
            groups.setdefault(node.name.rpartition(".")[0], []).append(_formula(model, node))
    return tuple((name, tuple(found)) for name, found in sorted(groups.items(), key=lambda g: (g[0] != "", _order(model, g[0]))))


def _order(model: Model, activity: str) -> tuple[int, str]:
    stage = activity.partition(".")[0]
    return model.stages.index(stage) if stage in model.stages else len(model.stages), activity


def _formula(model: Model, node: Node) -> Formula:
    activity, _dot, name = node.name.rpartition(".")
    assert node.tree is not None
    shown, values = {}, {}
    for part in {n.name for n in names(node.tree)}:
        origin = _origin(model, part)
        shown[part] = _short(part if _leaf(part) == _leaf(origin.name) else origin.name, activity)
        values[part] = value_of(origin, current())
    return Formula(name, node.tree, shown, values, value_of(node, current()), where(node.place))


def _origin(model: Model, name: str) -> Node:
    """Return what a name stands for: where it is but another name, the quantity behind it."""
    node = model.node(name)
    while isinstance(node.tree, Name):
        node = model.node(node.tree.name)
    return node


def _short(name: str, activity: str) -> str:
    """Return a name as it is read within an activity: without the activity's own name, and without the kind of a device's property."""
    return name.removeprefix(f"{activity}." if activity else "").removeprefix("device.")


def _leaf(name: str) -> str:
    return name.rpartition(".")[2]


def _sums(subject: Subject) -> Table:
    """Return what each indicator is the sum of: amounts and, under each impact, the factor they were multiplied by, stage by stage."""
    model, known = subject.model, subject.known
    totals = {k: subject.by()[k].point for k in known}
    units = {k: unit_for([totals[k]], model.indicators[k]) for k in known}
    groups: dict[str, list[tuple[Cell, ...]]] = {}
    for i, flow in enumerate(model.flows):
        if not all(flow.silent[k] for k in known):
            cells = [_impact(subject, i, k, units[k]) for k in known]
            groups.setdefault(stage_title(flow.stage), []).append((Mono(flow.name), value_of(model.node(flow.amount), current()), *cells))
    listed = [Group(capital(stage), tuple(rows)) for stage, rows in groups.items()]
    listed.append(Group("", ((_("Total"), "", *(_in(totals[k], model.indicators[k], units[k]) for k in known)),)))
    heads: list[Run] = [_("Flow"), _("Amount")]
    heads += [(capital(indicator_title(model.indicators[k], current())), Small(pretty(units[k]))) for k in known]
    note = _("Under each impact, the factor: amount × factor = impact. Empty: the flow counts as nothing in this indicator.")
    return Table(_("Amount × factor, flow by flow"), tuple(heads), tuple(listed), tuple(range(1, len(heads))), note)


def _impact(subject: Subject, i: int, k: int, unit: str) -> Cell:
    flow = subject.model.flows[i]
    name = flow.factors[k]
    if name is None:
        return "" if flow.silent[k] else Small(_("no factor"))
    shown = _in(float(subject.results.points[i, k]), subject.model.indicators[k], unit)
    return shown, Small(f"× {value_of(subject.model.node(name), current())}")


def _in(value: float | None, indicator: Indicator, unit: str) -> str:
    return "" if value is None else figure(value, value, value, indicator.unit, current(), unit).point
