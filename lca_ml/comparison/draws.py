"""The same draws for several models: an uncertain value is drawn once, and serves every model it stands in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lca_ml.distributions import Distribution
from lca_ml.engine import BLOCK, LARGEST_RESULT, Program, Values
from lca_ml.errors import Finding, UsageError
from lca_ml.model import Node
from lca_ml.results import Results
from lca_ml.sampling import SAMPLES, SEED, Stream
from lca_ml.words import _

Array = NDArray[np.float64]


class Draws:
    """The draws of a comparison or a sweep: sample i of a name is the same number in each model, and that of `run`."""

    def __init__(self, samples: int = SAMPLES, seed: int = SEED) -> None:
        self.samples, self.seed = samples, seed
        self._values: dict[tuple[str, Distribution], Array] = {}

    def of(self, node: Node) -> Array:
        """Return the values of an uncertain node, (samples,), in base units."""
        assert node.distribution is not None
        key = (node.stream or node.name, node.distribution)
        if key not in self._values:
            self._values[key] = node.distribution.quantile(Stream(self.seed, key[0]).uniforms(0, self.samples))
        return self._values[key]

    def results(self, program: Program, fixed: Values | None = None) -> Results:
        """Return what `run` would return for a program's model, some nodes held at other values than the model gives them.

        fixed   values by node, each one number in base units
        Raises InputError where a sample is not a finite number.
        """
        model, held = program.model, fixed or {}
        values = np.empty((len(model.flows), len(model.indicators), self.samples))
        reference = np.empty(self.samples)
        for start in range(0, self.samples, BLOCK):
            here = slice(start, min(start + BLOCK, self.samples))
            block = program.block({n.name: self.of(n)[here] for n in program.drawn} | held, start, here.stop - start)
            values[:, :, here] = block.impacts
            reference[here] = block.reference
        stated = program.block({n.name: np.array([n.number]) for n in program.drawn} | held, 0, 1)
        return Results(model, self.seed, values, stated.impacts[:, :, 0], reference, float(stated.reference[0]))


def fits(cells: int, samples: int) -> None:
    """Raise UsageError where so many results of so many samples would not fit in memory."""
    need = cells * samples * 8
    if need > LARGEST_RESULT:
        message = _("{samples:,} samples of {cells:,} results need {need:.1f} GB of memory; the limit is {limit:.1f} GB")
        hint = _("Ask for {most:,} at most.").format(most=LARGEST_RESULT // (8 * cells))
        raise UsageError(Finding("samples", message.format(samples=samples, cells=cells, need=need / 1e9, limit=LARGEST_RESULT / 1e9), None, hint))
