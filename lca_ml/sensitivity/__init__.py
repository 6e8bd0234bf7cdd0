"""Which parameter dominates: what contributes, what moves the result most, what its uncertainty comes from.

ranking(results)            Sobol' indices of every indicator: exact where the model allows it, else sampled
elasticity(model, outputs)  % of result per % of input
tornado(model, outputs)     one at a time, from P5 to P95
"""

from __future__ import annotations

from collections.abc import Iterable

from lca_ml.model import Model
from lca_ml.results import Results
from lca_ml.sensitivity.draws import from_draws
from lca_ml.sensitivity.exact import NotSeparable, exact, interactions
from lca_ml.sensitivity.labels import label
from lca_ml.sensitivity.local import Swing, elasticity, shares, tornado
from lca_ml.sensitivity.outputs import Indices, Output, parameters, totals
from lca_ml.sensitivity.sampled import BASE, random_pairs, sampled, sobol_pairs

__all__ = [
    "BASE",
    "Indices",
    "NotSeparable",
    "Output",
    "Swing",
    "elasticity",
    "exact",
    "from_draws",
    "interactions",
    "label",
    "parameters",
    "random_pairs",
    "ranking",
    "sampled",
    "shares",
    "sobol",
    "sobol_pairs",
    "tornado",
    "totals",
]

QUICK = 1024


def ranking(results: Results, outputs: Iterable[Output] | None = None) -> list[Indices]:
    """Return the Sobol' indices of a run's totals: in closed form where the model allows it, else estimated from a small design of its own."""
    wanted = list(totals(results.model) if outputs is None else outputs)
    if results.model.correlations:
        return from_draws(results, wanted)
    return sobol(results.model, wanted, QUICK, results.seed)


def sobol(model: Model, outputs: Iterable[Output], base: int = BASE, seed: int = 42, space: str = "value") -> list[Indices]:
    """Return S1 and ST of outputs: in closed form where the model is separable and the space is that of values, else by sampling.

    Raises UsageError where parameters are correlated: shares of the variance need independent inputs (`from_draws` does not).
    """
    wanted = list(outputs)
    if space == "value":
        try:
            return exact(model, wanted)
        except NotSeparable:
            pass
    return sampled(model, wanted, base, seed, space)
