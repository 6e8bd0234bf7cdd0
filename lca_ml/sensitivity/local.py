"""One at a time, around the stated values: elasticity and tornado, each in one batch of evaluations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lca_ml.engine import Program
from lca_ml.model import Model, Node
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

    A number that is zero, and an output that is zero, have none. The functional unit is no parameter.
    """
    program = Program(model)
    levers = [n for n in model.nodes if n.tree is None and n.number and n.name != "functional_unit" and _moves(program, n) and not n.stream]
    count = 2 * len(levers) + 1
    values: dict[str, Array] = {n.name: np.full(count, n.number) for n in levers}
    values |= {n.name: np.full(count, n.number) for n in program.drawn if n.name not in values}
    for i, node in enumerate(levers):
        assert node.number is not None
        values[node.name][2 * i + 1] = node.number * (1 + STEP)
        values[node.name][2 * i + 2] = node.number * (1 - STEP)
    block = program.block(values, 0, count)
    found: dict[Output, dict[str, float]] = {}
    for output in outputs:
        y = output.of(model, block)
        found[output] = {n.name: float((y[2 * i + 1] - y[2 * i + 2]) / (2 * STEP * y[0])) for i, n in enumerate(levers)} if y[0] else {}
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


def _moves(program: Program, node: Node) -> bool:
    return node.name in program.constants or any(d.name == node.name for d in program.drawn)
