"""Where a menu reaches into a model: which names of its formulas and which flows change with a choice.

wired(scenario, model, menus)   -> Wiring

The scenario is linked once more with another choice in every menu; what differs is what the menus move. A menu that would move
anything else than the properties of a device, a flow's region or its kind is left out: a page never shows what the linker would not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lca_ml.errors import InputError, UsageError
from lca_ml.explore.menus import DEVICE, REGION, Menu
from lca_ml.expressions import Call, Name, Negative, Number, Operation, Tree, names, renamed
from lca_ml.factors import WORLD
from lca_ml.model import Flow, Model, Node, link
from lca_ml.scenario import Scenario, changed

PICK = "pick/"
"""What a name begins with that stands for another one in each choice of a menu: `pick/2/power`."""


class Moved(Exception):
    """A menu moves more than it may."""


REFUSED = (Moved, InputError, UsageError)


@dataclass(frozen=True)
class WiredFlow:
    """A flow, and what decides over it: the menu of its region, of its kind, and the menu in whose first choice alone (or but the first) it exists."""

    flow: Flow
    region: int | None = None
    kind: int | None = None
    only: int | None = None
    first: bool = True


@dataclass(frozen=True)
class Wiring:
    """A model whose names depend on menus.

    nodes    the nodes by name, those of the probes that are not in the model itself included
    leaves   by formula, the devices whose properties follow a menu in it
    """

    menus: tuple[Menu, ...]
    nodes: dict[str, Node]
    leaves: dict[str, dict[str, int]]
    flows: tuple[WiredFlow, ...]

    def tree(self, node: Node, said: Sequence[str]) -> Tree | None:
        """Return the formula of a node, here or in a variant, with a pick for each property that follows a menu.

        said   what stands where the menus do
        """
        moved = {said[m]: m for m in self.leaves.get(node.name, {}).values()}

        def picked(leaf: Name) -> str:
            device, wanted = property_of(leaf.name)
            return f"{PICK}{moved[device]}/{wanted}" if device in moved else leaf.name

        return renamed(node.tree, picked) if node.tree is not None and moved else node.tree


def wired(scenario: Scenario, model: Model, menus: Sequence[Menu]) -> Wiring:
    """Return the model wired to the menus that move no more than they may."""
    try:
        return _wired(scenario, model, menus)
    except REFUSED:
        kept = [menu for menu in menus if _moves_alone(scenario, model, menu)]
    try:
        return _wired(scenario, model, kept)
    except REFUSED:
        return _wired(scenario, model, ())


def _moves_alone(scenario: Scenario, model: Model, menu: Menu) -> bool:
    try:
        _wired(scenario, model, [menu])
    except REFUSED:
        return False
    return True


def _wired(scenario: Scenario, model: Model, menus: Sequence[Menu]) -> Wiring:
    nodes = {n.name: n for n in model.nodes}
    flows = [WiredFlow(f) for f in model.flows]
    leaves: dict[str, dict[str, int]] = {}
    for chosen in _rounds(menus):
        probe = link(changed(scenario, settings=[s for m, choice in chosen.items() for s in menus[m].settings(choice)]))
        _compare(model, probe, menus, chosen, leaves)
        flows = _flows(model, probe, menus, chosen, flows)
        nodes = {n.name: n for n in probe.nodes} | nodes
    return Wiring(tuple(menus), nodes, leaves, tuple(flows))


def _rounds(menus: Sequence[Menu]) -> Iterator[dict[int, str]]:
    """Yield choices of some menus at a time, no name twice in a round and none that the scenario names itself, until each has been tried."""
    waiting = list(range(len(menus)))
    stated = {menu.choices[0] for menu in menus}
    while waiting:
        chosen: dict[int, str] = {}
        for m in waiting:
            free = [c for c in menus[m].choices[1:] if c not in chosen.values() and (c not in stated or len(waiting) == 1)]
            if free:
                chosen[m] = free[0]
        if not chosen:
            chosen = {waiting[0]: menus[waiting[0]].choices[1]}
        waiting = [m for m in waiting if m not in chosen]
        yield chosen


def _compare(model: Model, probe: Model, menus: Sequence[Menu], chosen: dict[int, str], leaves: dict[str, dict[str, int]]) -> None:
    """Note which names of which formulas follow a menu. Raises Moved where anything else differs."""
    by_device = {menus[m].choices[0]: m for m in chosen if menus[m].kind == DEVICE}
    others = {n.name: n for n in probe.nodes}
    for node in model.nodes:
        other = others.get(node.name)
        if other is None or node.name.startswith("factor."):
            continue
        if (node.tree is None) != (other.tree is None) or (node.tree is None and (node.number, node.distribution) != (other.number, other.distribution)):
            raise Moved(node.name)
        if node.tree is None or other.tree is None:
            continue
        if _shape(node.tree) != _shape(other.tree):
            raise Moved(node.name)
        follows: dict[str, set[bool]] = {}
        for here, there in zip(names(node.tree), names(other.tree), strict=True):
            device, wanted = property_of(here.name)
            m = by_device.get(device)
            if here.name != there.name and (m is None or there.name != f"device.{chosen[m]}.{wanted}"):
                raise Moved(node.name)
            if m is not None:
                follows.setdefault(device, set()).add(here.name != there.name)
        for device, found in follows.items():
            if len(found) > 1:
                raise Moved(node.name)
            if True in found:
                leaves.setdefault(node.name, {})[device] = by_device[device]


def _flows(model: Model, probe: Model, menus: Sequence[Menu], chosen: dict[int, str], flows: list[WiredFlow]) -> list[WiredFlow]:
    """Return the flows with what this probe shows of them. Raises Moved where a flow changes in another way."""
    of_region = {choice: m for m, choice in chosen.items() if menus[m].kind == REGION}
    of_kind = {choice: m for m, choice in chosen.items() if menus[m].kind == DEVICE}
    others = {f.name: f for f in probe.flows}
    stated = {f.name for f in model.flows}
    out = []
    for wired_flow in flows:
        flow, other = wired_flow.flow, others.get(wired_flow.flow.name)
        if flow.name not in stated:
            out.append(wired_flow)
        elif other is None:
            m = _instead(flow, [f for f in probe.flows if f.name not in stated], of_region)
            out.append(replace(wired_flow, only=m))
        else:
            region, kind = wired_flow.region, wired_flow.kind
            if other.region != flow.region:
                region = of_region.get(other.region)
                if region is None or flow.region != (menus[region].choices[0] or WORLD):
                    raise Moved(flow.name)
            if other.flow != flow.flow:
                kind = of_kind.get(other.flow)
                if kind is None or flow.flow != menus[kind].choices[0]:
                    raise Moved(flow.name)
            out.append(replace(wired_flow, region=region, kind=kind))
    known = {w.flow.name for w in flows}
    for other in probe.flows:
        if other.name not in known:
            if other.region not in of_region:
                raise Moved(other.name)
            m = of_region[other.region]
            out.append(WiredFlow(other, region=m, only=m, first=False))
    return out


def _instead(flow: Flow, others: Sequence[Flow], of_region: dict[str, int]) -> int:
    """Return the menu whose choice replaces a flow that is spread over a choice of regions."""
    found = {of_region.get(f.region) for f in others if (f.place, f.activity, f.flow) == (flow.place, flow.activity, flow.flow)}
    if len(found) != 1 or None in found:
        raise Moved(flow.name)
    return next(m for m in found if m is not None)


def property_of(name: str) -> tuple[str, str]:
    """Return the device and the property a name reads: `device.nvidia-t4.power`; empty texts for another name."""
    if not name.startswith("device."):
        return "", ""
    device, _dot, wanted = name.removeprefix("device.").rpartition(".")
    return device, wanted


def _shape(tree: Tree) -> object:
    """Return a formula without its names, to compare it with another."""
    match tree:
        case Number(n):
            return n
        case Name():
            return "name"
        case Negative(operand):
            return ("-", _shape(operand))
        case Operation(operator, left, right):
            return (operator, _shape(left), _shape(right))
        case Call(function, arguments):
            return (function, tuple(_shape(a) for a in arguments))
    raise AssertionError(tree)
