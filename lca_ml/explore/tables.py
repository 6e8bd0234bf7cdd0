"""Nodes of models as a table of numbers, for the script of the page: constants, drawn values, formulas by their shape, picks.

A name of a user never becomes code: a formula is one of the page's `shapes`, a function of the page's own identifiers, and the numbers
of the rows it works on.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from itertools import accumulate
from typing import Any

from lca_ml import distributions as d
from lca_ml.expressions import Name, Negative, Number, Operation, Tree, javascript
from lca_ml.model import Node
from lca_ml.sampling import Stream

DRAWN, PICKED = -1, -2
"""What a row begins with that is drawn, or that stands for another row in each choice of a menu; else the number of a shape."""


class Table:
    """The rows of all models of a page; a row only names rows before it.

    rows      a number; [DRAWN, stream, distribution], and the stated value where the distribution does not tell it; [PICKED, menu, rows…]; [shape, rows…]
    shapes    JavaScript functions that fill an array from others
    zeros     JavaScript functions that say whether a formula of a shape is zero for parts that are
    streams   names of random numbers, in the order in which rows name them
    """

    def __init__(self, seed: int) -> None:
        self.rows: list[Any] = []
        self.shapes: dict[str, int] = {}
        self.zeros: list[str] = []
        self.streams: dict[str, int] = {}
        self._seed = seed
        self._known: dict[str, int] = {}

    def constant(self, node: Node) -> int:
        """Return the row of a known number."""
        return self._row(node.name, node.number)

    def drawn(self, node: Node) -> int:
        """Return the row of an uncertain number."""
        assert node.distribution is not None
        stream = self.streams.setdefault(node.stream or node.name, len(self.streams))
        evident = node.number == node.distribution.point and _evident(node.distribution)
        return self._row(node.name, [DRAWN, stream, quantile_of(node.distribution), *([] if evident else [node.number])])

    def formula(self, name: str, tree: Tree, row_of: Callable[[str], int]) -> int:
        """Return the row of a formula, its parts first."""
        parts: dict[str, int] = {}

        def local(part: str) -> str:
            return f"v{parts.setdefault(part, len(parts))}"

        code = javascript(tree, lambda part: f"{local(part)}[i]")
        inputs = ", ".join(["o", "n", *(f"v{i}" for i in range(len(parts)))])
        shape = f"({inputs}) => {{ for (let i = 0; i < n; i++) o[i] = {code}; }}"
        if shape not in self.shapes:
            self.shapes[shape] = len(self.shapes)
            self.zeros.append(f"({', '.join(f'v{i}' for i in range(len(parts)))}) => {_vanishes(tree, local)}")
        return self._row(name, [self.shapes[shape], *(row_of(part) for part in parts)])

    def picked(self, menu: int, rows: list[int]) -> int:
        """Return the row that stands for one of several, in the order of a menu's choices; that row itself where it is always the same."""
        return rows[0] if len(set(rows)) == 1 else self._row("", [PICKED, menu, *rows])

    def keys(self) -> str:
        """Return the keys of the streams' generators, one after another: 16 bytes each, 22 characters of base64."""
        return "".join(base64.b64encode(Stream(self._seed, name).key).decode().rstrip("=") for name in self.streams)

    def _row(self, name: str, content: Any) -> int:
        key = f"{name}\n{content!r}"
        if key not in self._known:
            self._known[key] = len(self.rows)
            self.rows.append(content)
        return self._known[key]


def quantile_of(distribution: d.Distribution) -> list[Any]:
    """Return a distribution as the page's script computes its quantiles: the letter of its kind and the numbers it needs."""
    match distribution:
        case d.Uniform(low, high):
            return ["U", low, high]
        case d.LogUniform(low, high):
            return ["O", low, high]
        case d.Triangular(low, mode, high):
            return ["T", low, mode, high]
        case d.Normal(mean, sd):
            return ["N", mean, sd]
        case d.LogNormal(median, gsd):
            return ["L", median, gsd]
        case d.Pert() | d.Beta() if d.is_constant(distribution):
            return ["U", distribution.point, distribution.point]
        case d.Pert() | d.Beta():
            from scipy.special import betaln  # as exact for large a and b as the quantile itself must be

            scaled = distribution.scaled_beta()
            return ["B", scaled.a, scaled.b, scaled.low, scaled.high - scaled.low, float(betaln(scaled.a, scaled.b))]
        case d.Choice(values, weights):
            return ["C", list(values), list(accumulate(weights))[:-1]]
        case d.Empirical(values):
            return ["E", list(values)]
        case d.Affine(inner, factor):
            kind, *parameters = quantile_of(inner)
            return [f"X{kind}", factor, *parameters]
        case d.Truncated(inner, low, high):
            return ["K", quantile_of(inner), *distribution.parts(), low, high]
    raise AssertionError(distribution)


def _evident(distribution: d.Distribution) -> bool:
    """Whether the script can tell the value that stands for a distribution from its parameters."""
    return isinstance(distribution, (d.Normal, d.LogNormal, d.Triangular)) or (isinstance(distribution, d.Affine) and _evident(distribution.inner))


def _vanishes(tree: Tree, local: Callable[[str], str]) -> str:
    """Return in JavaScript whether a formula is zero whatever is drawn, for parts that are; see `lca_ml.model.proof.vanishing`."""
    match tree:
        case Number(n):
            return "true" if n == 0 else "false"
        case Name(name):
            return local(name)
        case Negative(operand):
            return _vanishes(operand, local)
        case Operation("*", left, right):
            return f"({_vanishes(left, local)} || {_vanishes(right, local)})"
        case Operation("/", left, _right):
            return _vanishes(left, local)
        case Operation("+" | "-", left, right):
            return f"({_vanishes(left, local)} && {_vanishes(right, local)})"
    return "false"
