"""Names resolved, order found, units proved, the point values finite: all of it before any number is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Any

import numpy as np

from lca_ml.documents import Text
from lca_ml.errors import Findings, shown
from lca_ml.expressions import Name, Negative, Number, Operation, Tree, fault, names, renamed, text, unit_of, value
from lca_ml.model.drafts import Draft, Scope
from lca_ml.model.parts import Node
from lca_ml.units import ONE, Unit, familiar
from lca_ml.words import _

Resolve = Callable[[Name, Draft], str]


def prove(drafts: dict[str, Draft], resolve: Resolve, findings: Findings, needed: Iterable[str]) -> tuple[Node, ...]:
    """Return the nodes in an order in which each can be computed, every unit proved; what is wrong is reported.

    drafts   by name; properties of devices are added to it as they are met
    needed   the names results are made of: a parameter none of them depends on is warned of
    """
    _multiply(drafts)
    _resolved(drafts, resolve)
    reached = _reached(drafts, needed)
    _report_lacking(drafts, reached, findings)
    order = _ordered(drafts, findings)
    points: dict[str, float] = {}
    for made in order:
        _prove_unit(made, drafts, findings)
    if not findings.errors:
        for made in order:
            _evaluate(made, drafts, points, findings)
    _warn_unused(drafts, reached, findings)
    return tuple(_node(made, points.get(made.name)) for made in order)


def _multiply(drafts: dict[str, Draft]) -> None:
    """Put `times` and `share` into the trees of the flows they multiply."""
    for name, made in list(drafts.items()):
        if not made.times:
            continue
        once = f"{name}.once"
        tree: Tree = Name(once)
        for factor in made.times:
            tree = Operation("*", tree, Name(factor))
        drafts[once] = made
        drafts[name] = Draft(name, made.text, Scope("", (once, *made.times)), tree=tree, wanted=made.wanted, title=made.title)
        made.name, made.times = once, ()


def _resolved(drafts: dict[str, Draft], resolve: Resolve) -> None:
    done: set[str] = set()
    while waiting := [d for n, d in drafts.items() if n not in done]:
        for made in waiting:
            done.add(made.name)
            if made.tree is not None:
                made.tree = renamed(made.tree, lambda name, made=made: resolve(name, made))  # type: ignore[misc]  # the default binds this draft


def _ordered(drafts: dict[str, Draft], findings: Findings) -> list[Draft]:
    """Return the drafts each after those it needs; loops are reported, and what takes part in one is left out."""
    graph = {n: [w.name for w in names(d.tree) if w.name in drafts] if d.tree is not None else [] for n, d in drafts.items()}
    while True:
        try:
            return [drafts[n] for n in TopologicalSorter(graph).static_order() if n in graph]
        except CycleError as loop:
            cycle = list(reversed(loop.args[1]))
            if not any(f.code == "one-of" for f in findings.errors):  # the defaults of alternatives point at each other; what is missing has been said
                _report_cycle(cycle, drafts, findings)
            for name in cycle:
                graph.pop(name, None)


def _report_cycle(cycle: list[str], drafts: dict[str, Draft], findings: Findings) -> None:
    start = min(range(len(cycle) - 1), key=lambda i: (drafts[cycle[i]].place.line, drafts[cycle[i]].place.column))
    turned = [*cycle[start:-1], *cycle[: start + 1]]
    first = drafts[turned[0]]
    span = next((w.span for w in names(first.tree) if w.name == turned[1]), (0, 1)) if first.tree is not None else (0, 1)
    message = _("a cycle: each of these needs the next: {names}").format(names=shown(" → ".join(turned), 300))
    findings.error("cycle", message, first.text.at(*span), _("Give one of them a value of its own."))


def _prove_unit(made: Draft, drafts: dict[str, Draft], findings: Findings) -> None:
    if made.tree is not None:
        made.unit = unit_of(made.tree, lambda n: drafts[n].unit if n in drafts else None, lambda *args: _blame(made, drafts, findings, *args))
        if made.unit is not None and made.wanted is not None and made.unit.same(made.wanted):
            made.unit = made.wanted
    if made.unit is None or made.wanted is None or made.unit.same(made.wanted):
        return
    local = made.name.removesuffix(".once").rpartition(".")[2]
    found, made.unit = made.unit, made.wanted  # what depends on it is not at fault
    if found.pure and made.tree is None:
        message = _("{name} needs a unit: {unit} (a number without a unit is a pure number)").format(name=local, unit=made.wanted)
        example = f"{made.text.value.strip()} {made.wanted.text}"
        findings.error("unit-missing", message, made.place, _("For example: {example}").format(example=example))
        return
    text_ = (
        _("{name} is a pure number; {wanted} is wanted (another dimension)")
        if found.pure
        else _("{name} is in {found}; {wanted} is wanted (another dimension)")
    )
    message = text_.format(name=local, found=found, wanted=made.wanted)
    findings.error("dimension", message, made.place, _mend(made, drafts, found, made.wanted))


def _blame(made: Draft, drafts: dict[str, Draft], findings: Findings, tree: Tree, code: str, message: str, a: Unit | None, b: Unit | None) -> None:
    hint = _mend(made, drafts, a, b) if a is not None and b is not None else ""
    findings.error(code, message, made.text.at(*tree.span), hint)


def _mend(made: Draft, drafts: dict[str, Draft], found: Unit, wanted: Unit) -> str:
    """Return which name in scope would turn one unit into the other, if one does."""
    ratio, inverse = wanted / found, found / wanted
    for name in made.scope.names:
        known = drafts.get(made.scope.full(name))
        if known is None or known.unit is None or known is made or known.unit.pure:
            continue
        if known.unit.same(ratio):
            return _("Multiplying by {name} ({unit}) would turn {a} into {b}.").format(name=name, unit=known.unit, a=found, b=wanted)
        if known.unit.same(inverse):
            return _("Dividing by {name} ({unit}) would turn {a} into {b}.").format(name=name, unit=known.unit, a=found, b=wanted)
    if ratio.dimension:
        return _("A quantity in {unit} would turn {a} into {b}.").format(unit=Unit(1.0, ratio.dimension, familiar(ratio.dimension)), a=found, b=wanted)
    return ""


def _evaluate(made: Draft, drafts: dict[str, Draft], points: dict[str, float], findings: Findings) -> None:
    if made.number is not None:
        points[made.name] = made.number
    elif made.tree is not None and all(w.name in points for w in names(made.tree)):
        with np.errstate(all="ignore"):
            result = float(value(made.tree, lambda n: np.float64(points[n])))
        if np.isfinite(result):
            points[made.name] = result
        else:
            guilty, why = fault(made.tree, lambda n: np.float64(points[n])) or (made.tree, "")
            parts = ", ".join(f"{w.name} = {_shown(points[w.name], drafts[w.name])}" for w in names(guilty))
            findings.error("not-finite", _("{why}: {formula}").format(why=why, formula=text(guilty)), made.text.at(*guilty.span), parts)
    found = points.get(made.name)
    local = made.name.rpartition(".")[2]
    if found is not None and found < 0 and made.positive:
        message = _("{name} is negative: {value}; a process has no less than nothing of it").format(name=local, value=_shown(found, made))
        findings.error("negative", message, made.place, _("What a study is credited with is a flow of its own, with a negative amount."))
    elif found is not None and made.plausible is not None:
        low, high, written = made.plausible
        if low <= found <= high and not (written == "share" and leaves(made, drafts, low, high)):
            return
        if written == "share":
            findings.error("share", _("a share lies between 0 and 1; {text} is outside that range").format(text=shown(made.text.value)), made.place)
        else:
            findings.warn("magnitude", _("{name} is {value}; {range} would be usual").format(name=local, value=_shown(found, made), range=written), made.place)


def leaves(made: Draft, drafts: dict[str, Draft], low: float, high: float) -> bool:
    """Whether an uncertain value, or the one a name alone stands for, can leave its bounds."""
    while isinstance(made.tree, Name) and made.tree.name in drafts:
        made = drafts[made.tree.name]
    if made.distribution is None:
        return False
    ends = made.distribution.quantile(np.array([1e-6, 1 - 1e-6]))
    return bool(ends[0] < low or ends[1] > high)


def _shown(number: float, made: Draft) -> str:
    unit = made.unit or ONE
    return f"{number / unit.scale:.6g} {unit if unit.text else ''}".strip()


def vanishing(nodes: Iterable[Node]) -> set[str]:
    """Return the names of quantities that are zero whatever is drawn: 0 itself, and products with it."""
    zero: set[str] = set()
    for node in nodes:
        if (node.tree is None and node.number == 0 and not node.uncertain) or (node.tree is not None and _vanishes(node.tree, zero)):
            zero.add(node.name)
    return zero


def _vanishes(tree: Tree, zero: set[str]) -> bool:
    match tree:
        case Number(n):
            return n == 0
        case Name(name):
            return name in zero
        case Negative(operand):
            return _vanishes(operand, zero)
        case Operation("*", left, right):
            return _vanishes(left, zero) or _vanishes(right, zero)
        case Operation("/", left, _right):
            return _vanishes(left, zero)
        case Operation("+" | "-", left, right):
            return _vanishes(left, zero) and _vanishes(right, zero)
    return False


def _reached(drafts: dict[str, Draft], needed: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting: list[str] = list(needed)
    while waiting:
        name = waiting.pop()
        if name in reached or name not in drafts:
            continue
        reached.add(name)
        tree = drafts[name].tree
        waiting += [w.name for w in names(tree)] if tree is not None else []
    return reached


def _report_lacking(drafts: dict[str, Draft], reached: set[str], findings: Findings) -> None:
    for name in reached:
        problem = drafts[name].problem
        if problem is not None:
            findings.error(problem.code, problem.message, problem.place, problem.hint)
    if not findings.errors:  # else a name that stands for nothing has been reported
        for made in (drafts[name] for name in sorted(reached)):
            for lacking in (w for w in (names(made.tree) if made.tree is not None else ()) if w.name not in drafts):
                message = _("{name} is needed but not given").format(name=lacking.name)
                findings.error("missing-key", message, made.text.at(*lacking.span), _("An optional argument without a default must be given here."))


def _warn_unused(drafts: dict[str, Draft], reached: set[str], findings: Findings) -> None:
    for name, made in drafts.items():
        if "." not in name and name not in reached and made.scope.absolute:
            findings.warn("unused", _("the parameter {name} is unused: nothing depends on it").format(name=name), made.place, _("A name misspelt elsewhere?"))


def _node(made: Draft, point: float | None) -> Node:
    written: Text = made.text
    number: Any = made.number if made.number is not None else point
    return Node(
        made.name,
        made.unit or ONE,
        made.place,
        tree=made.tree,
        number=number,
        distribution=made.distribution,
        stream=made.stream,
        written=written.value,
        spread=made.spread,
        source=made.source,
        kind=made.kind,
        title=made.title,
    )
