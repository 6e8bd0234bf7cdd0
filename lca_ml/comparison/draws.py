"""The same draws for several models: an uncertain value is drawn once, and serves every model it stands in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lca_ml.distributions import Distribution
from lca_ml.engine import BLOCK, Program, Values
from lca_ml.errors import Finding, UsageError
from lca_ml.results import Results
from lca_ml.sampling import SAMPLES, SEED, Stream, Uniforms
from lca_ml.words import _

Array = NDArray[np.float64]
Pairs = tuple[tuple[str, str, float], ...]
"""Names that are drawn together, each pair with its rank correlation."""


class Draws:
    """The draws of a comparison or a sweep: sample i of a name is the same number in each model, and that of `run`.

    Random numbers alone, not `--sampler sobol`, whose points depend on all names of a model together and so cannot be shared.
    """

    def __init__(self, samples: int = SAMPLES, seed: int = SEED) -> None:
        if samples < 1:
            raise UsageError(Finding("samples", _("samples must be a whole number of at least {low}, not {given}").format(low=1, given=samples)))
        self.samples, self.seed = samples, seed
        self._values: dict[tuple[str, Distribution, Pairs], Array] = {}
        self._correlated: dict[Pairs, dict[str, Array]] = {}

    def of(self, program: Program) -> Values:
        """Return the values of a program's uncertain nodes, (samples,) each, in base units."""
        drawn = {n.stream or n.name for n in program.drawn}
        pairs = tuple(c for c in program.model.correlations if c[0] in drawn and c[1] in drawn)
        together = {name for a, b, _rank in pairs for name in (a, b)}
        out: Values = {}
        for node in program.drawn:
            stream = node.stream or node.name
            assert node.distribution is not None
            key = (stream, node.distribution, pairs if stream in together else ())
            if key not in self._values:
                self._values[key] = node.distribution.quantile(self._uniforms(stream, key[2]))
            out[node.name] = self._values[key]
        return out

    def _uniforms(self, name: str, pairs: Pairs) -> Array:
        """Return the uniform numbers of a name, which is independent or correlated with others."""
        if not pairs:
            return Stream(self.seed, name).uniforms(0, self.samples)
        if pairs not in self._correlated:
            numbers = Uniforms(self.seed, (n for a, b, _rank in pairs for n in (a, b)), pairs)
            blocks = [numbers.block(start, min(BLOCK, self.samples - start)) for start in range(0, self.samples, BLOCK)]  # cut as `run` cuts them
            self._correlated[pairs] = {n: np.concatenate([b[n] for b in blocks]) for n in blocks[0]}
        return self._correlated[pairs][name]

    def results(self, program: Program, fixed: Values | None = None) -> Results:
        """Return what `run` would return for a program's model, some nodes held at other values than the model gives them.

        fixed   values by node, each one number in base units
        Raises InputError where a sample is not a finite number.
        """
        model, held, drawn = program.model, fixed or {}, self.of(program)
        values = np.empty((len(model.flows), len(model.indicators), self.samples))
        reference = np.empty(self.samples)
        for start in range(0, self.samples, BLOCK):
            here = slice(start, min(start + BLOCK, self.samples))
            block = program.block({name: numbers[here] for name, numbers in drawn.items()} | held, start, here.stop - start)
            values[:, :, here] = block.impacts
            reference[here] = block.reference
        stated = program.block({n.name: np.array([n.number]) for n in program.drawn} | held, 0, 1)
        return Results(model, self.seed, values, stated.impacts[:, :, 0], reference, float(stated.reference[0]))
