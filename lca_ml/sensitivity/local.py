"""One at a time, around the stated values: elasticity and tornado, each in one batch of evaluations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lca_ml.engine import Program, point
from lca_ml.expressions import names
from lca_ml.model import Model, Node
from lca_ml.model.internal import is_default
from lca_ml.sensitivity.outputs import Array, Output, parameters

STEP = 1e-4  # relative; the central difference is then exact to about 1e-8


@dataclass(frozen=True, slots=True)
class Swing:
    """What one parameter does to an output while all others keep their stated values: the output at its P5 and its P95."""

    parameter: str
    low: float
    high: float
    base: float

    @property
    def width(self) -> float:
        """How far the two ends lie apart."""
        return abs(self.high - self.low)


def elasticity(model: Model, outputs: Iterable[Output]) -> dict[Output, dict[str, float]]:
    """Return d ln y / d ln x of each output with respect to each number the model is made of, uncertain or not, at the stated values.

    A number that is zero, and an output that is zero, have none. A default left in several activities is one number. The functional unit and
    what is delivered of it are no parameters.
    """
    program = Program(model)
    levers = _levers(model, program)
    count = 2 * len(levers) + 1
    values: dict[str, Array] = {n.name: np.full(count, n.number) for nodes in levers.values() for n in nodes}
    values |= {n.name: np.full(count, n.number) for n in program.drawn if n.name not in values}
    for i, nodes in enumerate(levers.values()):
        for node in nodes:
            assert node.number is not None
            values[node.name][2 * i + 1] = node.number * (1 + STEP)
            values[node.name][2 * i + 2] = node.number * (1 - STEP)
    block = program.block(values, 0, count)
    found: dict[Output, dict[str, float]] = {}
    for output in outputs:
        y = output.of(model, block)
        found[output] = {name: float((y[2 * i + 1] - y[2 * i + 2]) / (2 * STEP * y[0])) for i, name in enumerate(levers)} if y[0] else {}
    return found


def _levers(model: Model, program: Program) -> dict[str, list[Node]]:
    """Return the numbers that can be moved by a per cent, by the names they are ranked under; the shares of a choice are none."""
    found: dict[str, list[Node]] = {}
    for n in model.nodes:
        movable = n.tree is None and n.number and n.name not in ("functional_unit", "delivers") and _moves(program, n)
        if movable and (not n.stream or is_default(n.stream)):
            found.setdefault(n.stream or n.name, []).append(n)
    return found


def tornado(model: Model, outputs: Iterable[Output]) -> dict[Output, list[Swing]]:
    """Return, for each output, its value with each parameter at its P5 and at its P95, widest first."""
    program = Program(model)
    made = parameters(model)
    count = 2 * len(made) + 1
    values = {n.name: np.full(count, n.number) for n in program.drawn}
    for i, nodes in enumerate(made.values()):
        for node in nodes:
            assert node.distribution is not None
            if node.name in values:
                values[node.name][2 * i + 1 : 2 * i + 3] = node.distribution.quantile(np.array([0.05, 0.95]))
    block = program.block(values, 0, count)
    found = {}
    for output in outputs:
        y = output.of(model, block)
        swings = [Swing(name, float(y[2 * i + 1]), float(y[2 * i + 2]), float(y[0])) for i, name in enumerate(made)]
        found[output] = sorted(swings, key=lambda s: -s.width)
    return found


def shares(model: Model, outputs: Iterable[Output]) -> dict[Output, dict[str, float]]:
    """Return the contribution of each parameter to each output: the share of the stated result in flows that depend on it.

    Shares of several parameters overlap, since each flow depends on several.
    """
    stated = point(model)
    reach = {f.amount: _sources(model, f.amount) for f in model.flows}
    reach |= {n: _sources(model, n) for f in model.flows for n in f.factors if n is not None}
    found: dict[Output, dict[str, float]] = {}
    for output in outputs:
        impacts = {i: float(stated.impacts[i, output.indicator, 0]) for i in output.flows(model)}
        whole = sum(impacts.values())
        found[output] = {}
        for i, impact in impacts.items():
            factor = model.flows[i].factors[output.indicator]
            for name in reach[model.flows[i].amount] | (reach[factor] if factor is not None else set()):
                found[output][name] = found[output].get(name, 0.0) + (impact / whole if whole else 0.0)
    return found


def _sources(model: Model, name: str) -> set[str]:
    """Return the numbers a node depends on, itself included."""
    node = model.node(name)
    if node.tree is None:
        return {node.stream or node.name}
    return set().union(*(_sources(model, n) for n in {w.name for w in names(node.tree)}))


def _moves(program: Program, node: Node) -> bool:
    return node.name in program.constants or any(d.name == node.name for d in program.drawn)
