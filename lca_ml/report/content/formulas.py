"""How the numbers come about: every formula with the numbers put in, and the sum each indicator is."""

from __future__ import annotations

from lca_ml.explain import flows_of, value_of
from lca_ml.expressions import Name, names
from lca_ml.model import Model, Node
from lca_ml.notation import figure
from lca_ml.report.content.subject import Subject, capital, where
from lca_ml.report.document import Block, Folded, Formula, Formulas, Group, Mono, Paragraph, Section, Table
from lca_ml.scenario import stage_title
from lca_ml.wording import indicator_title
from lca_ml.words import _, current

MOST = 120


def formulas(subject: Subject) -> Section:
    """Return the section on the calculation: formulas by activity, then flows times factors for each indicator."""
    blocks: list[Block] = [Paragraph(_("Every number below is the stated value: it can be followed with a pocket calculator."))]
    groups = _grouped(subject.model)
    if groups:
        table = Formulas(_("Formulas, with the numbers put in"), groups)
        blocks.append(table if sum(len(f) for _name, f in groups) <= MOST else Folded(table.caption, (table,)))
    for k in subject.known:
        table_ = _sum(subject.model, k)
        blocks.append(table_ if k == subject.main else Folded(table_.caption, (table_,)))
    return Section("formulas", _("How it is computed"), tuple(blocks))


def _grouped(model: Model) -> tuple[tuple[str, tuple[Formula, ...]], ...]:
    """Return the formulas that are more than another name for a quantity, those of an activity together, parameters first."""
    groups: dict[str, list[Formula]] = {}
    for node in sorted(model.nodes, key=lambda n: n.name.count(".") > 0):
        known = node.tree is not None and node.number is not None  # a formula of arguments that were not given has no number
        if known and not isinstance(node.tree, Name) and not node.name.startswith(("factor.", "device.", "reference_flows")):
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


def _sum(model: Model, k: int) -> Table:
    """Return the sum an indicator is: each amount, its factor and their product, stage by stage."""
    indicator = model.indicators[k]
    groups: dict[str, list[tuple[Mono | str, ...]]] = {}
    total = 0.0
    for flow, amount, factor in flows_of(model, indicator.id):
        assert amount.number is not None and factor.number is not None
        impact = amount.number * factor.number
        total += impact
        shown = figure(impact, impact, impact, indicator.unit, current())
        row = (Mono(flow.name), value_of(amount, current()), value_of(factor, current()), f"{shown.point}\u00a0{shown.unit}")
        groups.setdefault(stage_title(flow.stage), []).append(row)
    shown = figure(total, total, total, indicator.unit, current())
    listed = [Group(capital(stage), tuple(rows)) for stage, rows in groups.items()]
    listed.append(Group("", ((_("Total"), "", "", f"{shown.point}\u00a0{shown.unit}"),)))
    caption = _("{indicator}: amount × factor, flow by flow").format(indicator=capital(indicator_title(indicator, current())))
    return Table(caption, (_("Flow"), _("Amount"), _("Factor"), _("Impact")), tuple(listed), (1, 2, 3))
