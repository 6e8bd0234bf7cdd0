"""Which inputs of two models differ: numbers, distributions, devices, factors, and formulas that are written differently.

What bears the same name is one input. What takes the same place is one too: the factor of the same flow where the region has
changed, the property of another device in the same formula. The rest stands in one of the two alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lca_ml.engine import Program
from lca_ml.expressions import names, text
from lca_ml.model import Model, Node

KINDS = ("parameter", "argument", "device", "factor", "formula")
"""The kinds of input, in the order they are listed."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input that differs: what it is in the first model and in the other, None where it is in one alone.

    `indicator` is the one a factor is of.
    """

    kind: str
    first: Node | None
    other: Node | None
    indicator: str = ""

    @property
    def name(self) -> str:
        """Its name in the first model, else in the other."""
        node = self.first or self.other
        assert node is not None
        return node.name

    def row(self) -> dict[str, Any]:
        """Return it as a document lists it: kind, name, indicator, and for each side name, value, unit, as written, uncertainty, source, place."""
        return {"kind": self.kind, "name": self.name, "indicator": self.indicator or None, "first": _side(self.first), "other": _side(self.other)}


def inputs_that_differ(first: Model, other: Model) -> list[Input]:
    """Return the inputs in which two models differ, of those results depend on: parameters first, formulas last."""
    return sorted(_Pairs(first, other).differing(), key=lambda i: KINDS.index(i.kind))


class _Pairs:
    """The nodes of two models that take the same place, each node once."""

    def __init__(self, first: Model, other: Model) -> None:
        self.models = (first, other)
        self.nodes = tuple(_needed(m) for m in self.models)
        self.taken: tuple[set[str], set[str]] = (set(), set())

    def differing(self) -> Iterator[Input]:
        a, b = self.nodes
        yield from self._factors()
        for name in a:
            if name in b and not self._gone(name, name):
                yield from self._pair(a[name], b[name])
        yield from self._replaced()
        for side, nodes in enumerate(self.nodes):
            for name, node in nodes.items():
                if node.tree is None and name not in self.taken[side]:
                    yield Input(_kind(node), node if side == 0 else None, node if side == 1 else None)

    def _factors(self) -> Iterator[Input]:
        """Pair the factors of flows that bear the same name; the figures a carried factor is made of are taken with it."""
        flows = {f.name: f for f in self.models[1].flows}
        ids = [[i.id for i in m.indicators] for m in self.models]
        done: set[tuple[str | None, str | None]] = set()
        for f in self.models[0].flows:
            for k, indicator in enumerate(ids[0]):
                if f.name not in flows or indicator not in ids[1]:
                    continue
                pair = (f.factors[k], flows[f.name].factors[ids[1].index(indicator)])
                if pair in done or pair == (None, None):
                    continue
                done.add(pair)
                yield from self._factor(*pair, indicator)

    def _factor(self, first: str | None, other: str | None, indicator: str) -> Iterator[Input]:
        for side, name in enumerate((first, other)):
            self._take(side, name)
        a = self.models[0].node(first) if first is not None else None
        b = self.models[1].node(other) if other is not None else None
        if first != other or (a and b and _differ(a, b)):
            yield Input("factor", a, b, indicator)

    def _take(self, side: int, name: str | None) -> None:
        if name is None or not name.startswith("factor."):
            return
        self.taken[side].add(name)
        tree = self.models[side].node(name).tree
        for part in names(tree) if tree is not None else ():
            self._take(side, part.name)

    def _pair(self, a: Node, b: Node) -> Iterator[Input]:
        self.taken[0].add(a.name)
        self.taken[1].add(b.name)
        if a.tree is not None and b.tree is not None:
            if _formula(a) != _formula(b):
                yield Input("formula", a, b)
        elif a.name != b.name or _differ(a, b):
            yield Input(_kind(a), a, b)

    def _replaced(self) -> Iterator[Input]:
        """Pair what takes the same place in formulas of the same name: the power of one device and of another."""
        a, b = self.nodes
        for name, node in a.items():
            twin = b.get(name)
            if node.tree is None or twin is None or twin.tree is None or _formula(node) != _formula(twin):
                continue
            for x, y in zip(names(node.tree), names(twin.tree), strict=True):
                if x.name != y.name and not self._gone(x.name, y.name) and a[x.name].tree is None and b[y.name].tree is None:
                    yield from self._pair(a[x.name], b[y.name])

    def _gone(self, first: str, other: str) -> bool:
        return first in self.taken[0] or other in self.taken[1]


def _needed(model: Model) -> dict[str, Node]:
    """Return the nodes results depend on, by name, in the order of the model."""
    needed = Program(model).needed
    return {n.name: n for n in model.nodes if n.name in needed}


def _differ(a: Node, b: Node) -> bool:
    if (a.tree is None) != (b.tree is None):
        return True
    if a.tree is not None and b.tree is not None and _formula(a) != _formula(b):
        return True
    return not a.unit.same(b.unit) or a.distribution != b.distribution or (a.tree is None and a.number != b.number)


def _formula(node: Node) -> str:
    """Return a formula as text in which any device is as good as another: which one it is shows in its properties."""
    assert node.tree is not None
    return text(node.tree, lambda name: "device." + name.rpartition(".")[2] if name.startswith("device.") else name)


def _kind(node: Node) -> str:
    head = node.name.partition(".")[0]
    if head in ("device", "factor"):
        return head
    return "argument" if "." in node.name else "parameter"


def _side(node: Node | None) -> dict[str, Any] | None:
    if node is None:
        return None
    place = f"{Path(node.place.file).name}:{node.place.line}" if node.place is not None and node.place.line else None
    return {
        "name": node.name,
        "value": None if node.number is None else node.number / node.unit.scale,
        "unit": node.unit.text,
        "written": node.written or None,
        "uncertainty": node.spread or None,
        "uncertain": node.uncertain,
        "source": node.source or None,
        "place": place,
    }
