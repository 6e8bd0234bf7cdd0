"""What sensitivity is asked of: an indicator, over the whole life cycle or one stage, in all or per functional unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_ml.engine import Block
from lca_ml.errors import Finding, UsageError, shown
from lca_ml.model import Model, Node
from lca_ml.words import _

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Output:
    """One result: the indicator's position in the model, the stage (empty for all), the view."""

    indicator: int
    stage: str = ""
    view: str = "total"

    def flows(self, model: Model) -> list[int]:
        """Return the flows it is the sum of."""
        return [i for i, f in enumerate(model.flows) if not self.stage or f.stage == self.stage]

    def of(self, model: Model, block: Block) -> Array:
        """Return its values in a block of samples."""
        values: Array = block.impacts[self.flows(model), self.indicator].sum(axis=0)
        return values / block.reference if self.view == "functional_unit" else values


@dataclass(frozen=True, slots=True)
class Indices:
    """Sobol' indices of one output: first order S1 and total order ST of each parameter, with 90 % intervals where they were estimated.

    An output that is constant has none: NaN, with variance 0. A variance that no number can hold is the largest or smallest there is.

    `method` says how: `exact` (closed form), `sampled` (Saltelli and Jansen) or `from draws` (first order alone, ST is None).
    `space` is `value`, or `log` for the logarithm of the output.
    """

    output: Output
    parameters: tuple[str, ...]
    s1: Array
    st: Array | None
    s1_half: Array
    st_half: Array | None
    mean: float
    variance: float
    method: str
    space: str = "value"


def need_independence(model: Model) -> None:
    """Raise UsageError where parameters are correlated: the method would share out variance that has no single owner."""
    if model.correlations:
        message = _("parameters are correlated ({pairs}): this method needs independent inputs")
        pairs = ", ".join(f"{a} – {b}" for a, b, _rank in model.correlations)
        raise UsageError(
            Finding("correlated", message.format(pairs=shown(pairs, 120)), None, _("Take --method draws, which does not; or draw them together (`groups:`)."))
        )


def parameters(model: Model) -> dict[str, tuple[Node, ...]]:
    """Return the uncertain parameters by name, each with the nodes drawn from it: several where a region is a choice."""
    found: dict[str, list[Node]] = {}
    for node in model.uncertain:
        found.setdefault(node.stream or node.name, []).append(node)
    return {name: tuple(nodes) for name, nodes in found.items()}


def totals(model: Model, stages: bool = False, views: Iterable[str] = ("total",)) -> list[Output]:
    """Return the outputs of all known indicators: in all, and for each stage where asked."""
    places = ["", *(model.stages if stages else ())]
    out = [Output(k, stage, view) for view in views for k in range(len(model.indicators)) for stage in places]
    return [o for o in out if model.knows(o.flows(model), o.indicator)]
