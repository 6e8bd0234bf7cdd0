"""The two halves of an assessment, over blocks of samples: inventory (LCI), then characterisation (LCIA).

    run(model)                            -> Results, all samples kept at the finest grain
    point(model)                          the stated values, nothing drawn
    blocks(model, samples, seed)          one block of samples after another, memory independent of their number

ISO 14044:2006, 4.3 (inventory analysis) and 4.4 (impact assessment).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_ml.errors import Finding, InputError, UsageError
from lca_ml.expressions import UFUNCS, Call, Name, Negative, Number, Operation, Tree, fault, names, text
from lca_ml.model import Model, Node
from lca_ml.results import Results
from lca_ml.sampling import SAMPLERS, SAMPLES, SEED
from lca_ml.words import _

BLOCK = 8192
LARGEST_RESULT = 4_000_000_000  # bytes of the finest grain
Array = NDArray[np.float64]
Values = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """What one block of samples gives.

    start       number of its first sample
    amounts     (flows, samples), each in base units of its flow
    impacts     (flows, indicators, samples), in indicator units; 0 where there is no factor (see `Model.knows`)
    reference   (samples,), functional units the life cycle delivers
    """

    start: int
    amounts: Array
    impacts: Array
    reference: Array


def run(model: Model, samples: int = SAMPLES, seed: int = SEED, sampler: str = "random") -> Results:
    """Return the results of a model: `samples` draws of every uncertain value, and the stated values beside them.

    Raises UsageError where so many samples would not fit in memory, InputError where a sample is not a finite number.
    """
    if samples < 1:
        raise UsageError(Finding("samples", _("samples must be a whole number of at least {low}, not {given}").format(low=1, given=samples)))
    cells = len(model.flows) * len(model.indicators)
    if size(model, samples) > LARGEST_RESULT:
        text_ = _("{samples:,} samples of {cells} results need {need:.1f} GB of memory; the limit is {limit:.1f} GB")
        need, limit = size(model, samples) / 1e9, LARGEST_RESULT / 1e9
        raise UsageError(
            Finding(
                "samples",
                text_.format(samples=samples, cells=cells, need=need, limit=limit),
                None,
                _("Ask for {most:,} at most.").format(most=LARGEST_RESULT // (8 * cells)),
            )
        )
    stated = point(model)
    values = np.empty((len(model.flows), len(model.indicators), samples))
    reference = np.empty(samples)
    for block in blocks(model, samples, seed, sampler=sampler):
        here = slice(block.start, block.start + block.reference.size)
        values[:, :, here] = block.impacts
        reference[here] = block.reference
    return Results(model, seed, values, stated.impacts[:, :, 0], reference, float(stated.reference[0]), sampler)


def size(model: Model, samples: int) -> int:
    """Return the bytes that so many samples of the finest grain take."""
    return len(model.flows) * len(model.indicators) * samples * 8


def point(model: Model) -> Block:
    """Return the block of one sample in which every uncertain value is the one that stands for it."""
    program = Program(model)
    values = {n.name: np.array([n.number]) for n in program.drawn}
    return program.block(values, 0, 1)


def blocks(model: Model, samples: int, seed: int, size: int = BLOCK, start: int = 0, sampler: str = "random") -> Iterator[Block]:
    """Yield blocks of samples `start` … `start + samples - 1`; any size gives the same numbers.

    Raises InputError where a sample is not a finite number, naming the values it was computed from.
    """
    program = Program(model)
    uniforms = SAMPLERS[sampler](seed, (n.stream or n.name for n in program.drawn), model.correlations)
    for first in range(start, start + samples, size):
        count = min(size, start + samples - first)
        yield program.block(draw(program.drawn, uniforms.block(first, count)), first, count)


def draw(drawn: Iterable[Node], uniforms: Mapping[str, Array]) -> Values:
    """Return the values of uncertain nodes in base units, for the uniform numbers of each stream."""
    return {n.name: n.distribution.quantile(uniforms[n.stream or n.name]) for n in drawn if n.distribution is not None}


def inventory(model: Model, values: Values, count: int) -> Array:
    """Return the amounts of all flows, (flows, count), each in base units of its flow."""
    out = np.empty((len(model.flows), count))
    for i, flow in enumerate(model.flows):
        out[i] = values[flow.amount]
    return out


def characterise(model: Model, amounts: Array, values: Values) -> Array:
    """Return the impacts of all flows, (flows, indicators, count), in indicator units; 0 where there is no factor.

    amounts   (flows, count)
    values    of the factors' nodes
    Source: ISO 14044:2006, 4.4.2.4.
    """
    out = np.zeros((len(model.flows), len(model.indicators), amounts.shape[1]))
    for i, flow in enumerate(model.flows):
        for k, factor in enumerate(flow.factors):
            if factor is not None:
                np.multiply(amounts[i], values[factor], out=out[i, k])
    return out


class Program:
    """The nodes results depend on, as steps over arrays: each formula once, each part of it once."""

    def __init__(self, model: Model, wanted: tuple[str, ...] = ()) -> None:
        self.model = model
        needed = self._needed(model, wanted)
        self.drawn = tuple(n for n in model.nodes if n.uncertain and n.name in needed)
        self.constants: Values = {
            n.name: np.float64(n.number) for n in model.nodes if n.name in needed and n.tree is None and not n.uncertain and n.number is not None
        }
        self.steps: list[tuple[str, Any, tuple[Any, ...]]] = []
        self._known: dict[Any, Any] = {}
        for node in model.nodes:
            if node.name in needed and node.tree is not None:
                self.steps.append((node.name, None, (self._compiled(node.tree),)))

    def values(self, drawn: Values) -> Values:
        """Return the values of all nodes for drawn ones; a constant stays one number."""
        out: Values = {**self.constants, **drawn}
        for name, ufunc, operands in self.steps:
            if ufunc is None:
                out[name] = _operand(out, operands[0])
            elif ufunc is np.negative:
                out[name] = np.negative(_operand(out, operands[0]))
            elif len(operands) == 1:
                out[name] = ufunc(_operand(out, operands[0]))
            else:
                out[name] = ufunc(_operand(out, operands[0]), _operand(out, operands[1]))
        return out

    def block(self, drawn: Values, start: int, count: int) -> Block:
        """Return the block of results for drawn values, after making sure that every number is finite."""
        with np.errstate(all="ignore"):
            values = self.values(drawn)
            amounts = inventory(self.model, values, count)
            impacts = characterise(self.model, amounts, values)
            reference = np.broadcast_to(np.asarray(values[self.model.reference], dtype=np.float64), (count,)).copy()
            finite = np.isfinite(impacts.sum()) and np.isfinite(amounts.sum()) and np.isfinite(reference.sum()) and bool((reference != 0).all())
        if not finite and not (np.isfinite(impacts).all() and np.isfinite(amounts).all() and np.isfinite(reference).all() and (reference != 0).all()):
            self._refuse(drawn, values, start, count)
        return Block(start, amounts, impacts, reference)

    def _compiled(self, tree: Tree) -> Any:
        """Return the operand a tree is: a name, a number, or the step that computes it."""
        match tree:
            case Name(name):
                return name
            case Number(number):
                return np.float64(number)
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

    def _step(self, ufunc: Any, operands: tuple[Any, ...]) -> str:
        key = (ufunc, operands)
        if key not in self._known:
            self._known[key] = f"#{len(self._known)}"
            self.steps.append((self._known[key], ufunc, operands))
        return str(self._known[key])

    @staticmethod
    def _needed(model: Model, wanted: tuple[str, ...]) -> set[str]:
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

    def _refuse(self, drawn: Values, values: Values, start: int, count: int) -> None:
        """Raise InputError for the first sample that is not finite: the formula, and the values put into it."""
        for node in self.model.nodes:
            result = values.get(node.name)
            if result is None:
                continue
            bad = np.flatnonzero(~np.isfinite(np.broadcast_to(result, (count,))))
            if not bad.size:
                continue
            at = int(bad[0])
            single = {n: np.float64(np.broadcast_to(v, (count,))[at]) for n, v in values.items()}
            guilty, why = (node.tree, "") if node.tree is None else fault(node.tree, single.__getitem__) or (node.tree, "")
            formula = text(guilty) if guilty is not None else node.name
            parts = ", ".join(f"{w.name} = {single[w.name]:.6g}" for w in names(guilty)) if guilty is not None else ""
            message = _("sample {number} of {name} is not a finite number: {why}: {formula}").format(
                number=start + at + 1, name=node.name, why=why, formula=formula
            )
            raise InputError(Finding("not-finite", message, node.place, parts))
        message = _("the life cycle delivers nothing in sample {number}: a division by zero").format(
            number=start + int(np.flatnonzero(values[self.model.reference] == 0)[0]) + 1 if drawn else 1
        )
        raise InputError(Finding("not-finite", message, self.model.node(self.model.reference).place))


def _operand(values: Values, operand: Any) -> Any:
    return values[operand] if isinstance(operand, str) else operand
