"""A model as a list of steps over arrays: each formula once, each part of it once, nothing computed that no result needs.

A block of samples fits the processor's cache, so what a step costs is the memory it touches. Hence the order, flow by flow: an
amount is characterised as soon as it is known; and an intermediate result is written over one that is no longer needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_ml.errors import Finding, InputError
from lca_ml.expressions import UFUNCS, Call, Name, Negative, Number, Operation, Tree, fault, names, text
from lca_ml.model import Model
from lca_ml.words import _

Array = NDArray[np.float64]
Values = dict[str, Any]
Operand = str | float
"""What a step works on: a constant, or the name of a drawn quantity or of another step."""
Step = tuple[str | int, Any, tuple[Operand, ...]]
"""Where the result goes (a name, or the number of an impact), what is done, and to what."""


@dataclass(frozen=True)
class Block:
    """What one block of samples gives.

    start       number of its first sample
    impacts     (flows or groups of them, indicators, samples), in indicator units; 0 where there is no factor (see `Model.knows`)
    reference   (samples,), functional units the life cycle delivers
    """

    start: int
    impacts: Array
    reference: Array


class Program:
    """The steps of a model. The arrays of its intermediate results belong to it, so one thread at a time may run it."""

    def __init__(self, model: Model, wanted: Iterable[str] = (), groups: Sequence[Sequence[int]] | None = None) -> None:
        """Make ready to compute the impacts of groups of flows, of each flow on its own where no groups are given.

        wanted   names of nodes `values` shall give although no result needs them
        groups   numbers of flows; [range(len(model.flows))] gives the totals alone
        """
        self.model = model
        self.needed = _needed(model, wanted)
        self.groups = groups if groups is not None else [(i,) for i in range(len(model.flows))]
        self.drawn = tuple(n for n in model.nodes if n.uncertain and n.name in self.needed)
        self.constants = {n.name: n.number for n in model.nodes if n.name in self.needed and n.tree is None and not n.uncertain and n.number is not None}
        self._compile(n.name for n in self.drawn)

    def _compile(self, given: Iterable[str]) -> None:
        """Make the steps for values given of these nodes: the uncertain ones, and constants where a caller moves them too."""
        self._given = tuple(given)
        self._names = frozenset(self._given)
        self._steps: dict[str, tuple[Any, tuple[Operand, ...]]] = {}
        self._known: dict[Any, str] = {}
        self._stands: dict[str, Operand] = {n: n for n in self._given if n in self.needed}
        for node in self.model.nodes:
            if node.name in self.needed and node.name not in self._stands:
                self._stands[node.name] = self._compiled(node.tree) if node.tree is not None else self.constants[node.name]
        self._plan()

    def _plan(self) -> None:
        """Order the steps group by group, and number the places of constants, drawn values, scratch arrays and impacts."""
        reference = self._stands[self.model.reference]
        todo: list[Step] = []
        done: set[str] = set()
        self._ahead((reference,), done, todo)
        self._unknown: list[int] = []
        for g, flows in enumerate(self.groups):
            for row, last in enumerate(self._impacts(flows), g * len(self.model.indicators)):
                if last is None:
                    self._unknown.append(row)
                else:
                    self._ahead(last[1], done, todo)
                    todo.append((row, *last))
        free_after = {operand: position for position, (_to, _ufunc, operands) in enumerate(todo) for operand in operands}
        free_after[reference] = len(todo)
        slots: dict[Operand, int] = {}
        free: list[int] = []
        for position, (to, _ufunc, operands) in enumerate(todo):
            free += [slots[o] for o in dict.fromkeys(operands) if o in slots and free_after[o] == position]
            if isinstance(to, str):
                slots[to] = free.pop() if free else max(slots.values(), default=-1) + 1
        self._scratch = np.empty((max(slots.values(), default=-1) + 1, 0))
        constants = [o for o in free_after if not isinstance(o, str)]
        self._constants = [np.array(c) for c in constants]
        known: list[Operand] = [*constants, *self._given]
        at = {o: i for i, o in enumerate(known)}
        scratch, impacts = len(at), len(at) + len(self._scratch)
        at |= {name: scratch + slot for name, slot in slots.items()}
        self._reference = at[reference]
        self._order: list[tuple[Any, int, int | None, int, bool]] = []
        for to, ufunc, operands in todo:
            left, right = at[operands[0]], at[operands[1]] if len(operands) > 1 else None
            self._order.append((ufunc, left, right, impacts + to if isinstance(to, int) else at[to], isinstance(to, int)))

    def values(self, drawn: Values) -> Values:
        """Return the values of all nodes for drawn ones, as for `block`; a constant is one number."""
        if drawn.keys() != self._names:
            self._compile(drawn)
        found: Values = dict(drawn)
        for name, (ufunc, operands) in self._steps.items():
            found[name] = ufunc(*(found[o] if isinstance(o, str) else o for o in operands))
        return {name: found[o] if isinstance(o, str) else np.float64(o) for name, o in self._stands.items()}

    def block(self, drawn: Values, start: int, count: int) -> Block:
        """Return the block of results for drawn values, after making sure that every number is finite.

        drawn     (count,) each: the uncertain nodes, and any constants that are moved too
        Raises InputError where a number is not finite, or where the life cycle delivers nothing.
        """
        if drawn.keys() != self._names:
            self._compile(drawn)
        with np.errstate(all="ignore"):
            impacts, reference, finite = self._run(drawn, count)
            if not (finite and reference.min() > 0):
                self._refuse(impacts, reference, drawn, start)
        return Block(start, impacts, reference)

    def _run(self, drawn: Values, count: int) -> tuple[Array, Array, bool]:
        """Return impacts (groups, indicators, count), reference flows (count,), and whether all of them are surely finite.

        They are where the sum of their squares is finite, which costs one pass of BLAS while they are still in the cache.

        Source: ISO 14044:2006, 4.3 (the amount of each flow) and 4.4 (its impacts).
        """
        impacts = np.empty((len(self.groups), len(self.model.indicators), count))
        rows = list(impacts.reshape(-1, count))
        for i in self._unknown:
            rows[i].fill(0.0)
        if self._scratch.shape[1] != count:
            self._scratch = np.empty((self._scratch.shape[0], count))
        places = [*self._constants, *(drawn[n] for n in self._given), *self._scratch, *rows]
        squares = 0.0
        for ufunc, left, right, to, result in self._order:
            out = ufunc(places[left], places[right], out=places[to]) if right is not None else ufunc(places[left], out=places[to])
            if result:
                squares += out.dot(out)
        reference = np.full(count, places[self._reference])
        return impacts, reference, isfinite(squares + reference.dot(reference))

    def _refuse(self, impacts: Array, reference: Array, drawn: Values, start: int) -> None:
        """Raise InputError for the first sample that is not finite, naming the formula and the values put into it; return where all are."""
        model, count = self.model, reference.size
        values = self.values(drawn)
        for node in model.nodes:
            if node.name not in values:
                continue
            bad = np.flatnonzero(~np.isfinite(np.broadcast_to(values[node.name], (count,))))
            if bad.size:
                at = int(bad[0])
                single = {n: np.float64(np.broadcast_to(v, (count,))[at]) for n, v in values.items()}
                guilty, why = (node.tree, "") if node.tree is None else fault(node.tree, single.__getitem__) or (node.tree, "")
                formula = text(guilty) if guilty is not None else node.name
                parts = ", ".join(f"{w.name} = {single[w.name]:.6g}" for w in names(guilty)) if guilty is not None else ""
                message = _("sample {number} of {name} is not a finite number: {why}: {formula}").format(
                    number=start + at + 1, name=node.name, why=why, formula=formula
                )
                raise InputError(Finding("not-finite", message, node.place, parts))
        good: list[list[bool]] = np.all(np.isfinite(impacts), axis=1).tolist()
        for flows, finite in zip(self.groups, good, strict=True):
            if not all(finite):
                flow, message = model.flows[flows[0]], _("sample {number} of the impacts of {name} is not a finite number: out of range")
                raise InputError(Finding("not-finite", message.format(number=start + finite.index(False) + 1, name=flow.name), flow.place))
        if not reference.min() > 0:
            message = _("the life cycle delivers nothing, or less than nothing, in sample {number}: there is nothing to divide by").format(
                number=start + int(np.argmin(reference > 0)) + 1 if drawn else 1
            )
            raise InputError(Finding("not-finite", message, model.node(model.reference).place))

    def _impacts(self, flows: Iterable[int]) -> Iterator[tuple[Any, tuple[Operand, ...]] | None]:
        """Yield the last step to the impact of some flows together in each indicator, None where no factor is known.

        What has the same factors throughout is one item of the inventory, summed before it is characterised.
        """
        items: dict[tuple[Operand | None, ...], Operand] = {}
        for flow in (self.model.flows[i] for i in flows):
            amount, factors = self._stands[flow.amount], tuple(f and self._stands[f] for f in flow.factors)
            items[factors] = self._sum(items[factors], amount) if factors in items else amount
        for k in range(len(self.model.indicators)):
            same: dict[Operand, Operand] = {}
            for factors, amount in items.items():
                factor = factors[k]
                if factor is not None:
                    same[factor] = self._sum(same[factor], amount) if factor in same else amount
            if len(same) < 2:
                yield next(((np.multiply, (amount, factor)) for factor, amount in same.items()), None)
            else:
                *others, last = [self._step(np.multiply, (amount, factor)) if factor != 1 else amount for factor, amount in same.items()]
                yield np.add, (reduce(self._sum, others), last)

    def _sum(self, left: Operand, right: Operand) -> Operand:
        return self._step(np.add, (left, right))

    def _ahead(self, operands: Iterable[Operand], done: set[str], todo: list[Step]) -> None:
        """Append the steps that operands still wait for, in order."""
        waiting, found = list(operands), set()
        while waiting:
            name = waiting.pop()
            if isinstance(name, str) and name in self._steps and name not in done and name not in found:
                found.add(name)
                waiting += self._steps[name][1]
        done |= found
        todo += [(name, *self._steps[name]) for name in sorted(found, key=lambda name: int(name[1:]))]

    def _compiled(self, tree: Tree) -> Operand:
        """Return what a tree stands for: a name, a number, or the step that computes it."""
        match tree:
            case Name(name):
                return self._stands[name]
            case Number(number):
                return number
            case Negative(operand):
                return self._step(np.negative, (self._compiled(operand),))
            case Operation(operator, left, right):
                return self._step(UFUNCS[operator], (self._compiled(left), self._compiled(right)))
            case Call(function, (first, *others)):
                result = self._compiled(first)
                if function not in ("min", "max"):
                    return self._step(UFUNCS[function], (result,))
                for other in others:
                    result = self._step(UFUNCS[function], (result, self._compiled(other)))
                return result
        raise AssertionError(tree)

    def _step(self, ufunc: Any, operands: tuple[Operand, ...]) -> Operand:
        if not any(isinstance(o, str) for o in operands):
            with np.errstate(all="ignore"):
                return float(ufunc(*operands))
        key = (ufunc, operands)
        if key not in self._known:
            self._known[key] = f"#{len(self._known)}"
            self._steps[self._known[key]] = key
        return self._known[key]


def _needed(model: Model, wanted: Iterable[str]) -> set[str]:
    by_name = {n.name: n for n in model.nodes}
    waiting = [model.reference, *wanted, *(f.amount for f in model.flows), *(name for f in model.flows for name in f.factors if name)]
    needed: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        tree = by_name[name].tree
        waiting += [w.name for w in names(tree)] if tree is not None else []
    return needed
