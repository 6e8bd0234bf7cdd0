"""Sensitivity methods of SALib on a model: Morris, FAST, RBD-FAST, PAWN, delta. SALib sees only the unit cube.

Each row has what its method gives: `mu_star` and `sigma` (Morris), `S1` and `ST` (FAST), `S1` (RBD-FAST), `median` (PAWN), `delta` and `S1` (delta).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from lca_ml.engine import Program, fits
from lca_ml.magnitude import exponent
from lca_ml.model import Model
from lca_ml.sampling import SEED, Stream
from lca_ml.sensitivity.outputs import Array, Output, need_independence, parameters

IN_UNIT = ("mu_star", "sigma")
METHODS = ("morris", "fast", "rbd-fast", "pawn", "delta")


def screened(model: Model, outputs: Iterable[Output], method: str, samples: int, seed: int = SEED) -> list[tuple[Output, dict[str, Array]]]:
    """Return the measures of a SALib method for each output, (parameters,) each.

    samples   trajectories for Morris, samples per parameter for FAST, samples in all for the others
    Sources: Morris 1991, Technometrics 33, 161–174; Saltelli et al. 1999, Technometrics 41, 39–56 (FAST); Tarantola et al. 2006,
    Reliability Engineering 91, 717–727 (RBD-FAST); Pianosi and Wagener 2015, Environmental Modelling & Software 67, 1–11 (PAWN);
    Borgonovo 2007, Reliability Engineering 92, 771–784 (delta). Computed by SALib (Herman and Usher 2017, JOSS 2, 97).
    """
    need_independence(model)
    names = list(parameters(model))
    rows = {"morris": samples * (len(names) + 1), "fast": samples * len(names)}.get(method, samples)
    fits(len(names) + len(model.nodes), rows)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SALib warns of pandas and of constant outputs; a constant output is answered below
        points = _points(problem, method, samples, seed)
        values = _evaluated(model, names, points, list(outputs))
        return [(o, _measures(problem, method, points, y, seed)) for o, y in values]


def _measures(problem: dict[str, Any], method: str, points: Array, y: Array, seed: int) -> dict[str, Array]:
    """Return the measures of one output, those in its unit in its unit; nothing where it is constant."""
    power = exponent(y)
    near_one = np.ldexp(y, -power)
    if np.ptp(near_one) == 0:
        return {}
    found = _analysed(problem, method, points, near_one, seed)
    return {k: np.ldexp(v, power) if k in IN_UNIT else v for k, v in found.items()}


def _points(problem: dict[str, Any], method: str, samples: int, seed: int) -> Array:
    names = problem["names"]
    if method == "morris":
        from SALib.sample import morris  # SALib costs a second of import, paid by who asks for its methods

        return np.asarray(morris.sample(problem, samples, num_levels=4, seed=seed))
    if method == "fast":
        from SALib.sample import fast_sampler

        return np.asarray(fast_sampler.sample(problem, max(samples, 65), seed=seed))
    return np.column_stack([Stream(seed, n).uniforms(0, samples) for n in names])


def _evaluated(model: Model, names: list[str], points: Array, outputs: list[Output]) -> list[tuple[Output, Array]]:
    inside = np.clip(points, 1e-9, 1 - 1e-9)  # a trajectory of Morris touches the ends, where a quantile may be infinite
    made = parameters(model)
    values = {n.name: n.distribution.quantile(inside[:, i]) for i, name in enumerate(names) for n in made[name] if n.distribution is not None}
    block = Program(model).block(values, 0, len(points))
    return [(o, o.of(model, block)) for o in outputs]


def _analysed(problem: dict[str, Any], method: str, points: Array, y: Array, seed: int) -> dict[str, Array]:
    from SALib.analyze import delta, fast, morris, pawn, rbd_fast

    match method:
        case "morris":
            kept: tuple[str, ...] = ("mu_star", "sigma")
            found = morris.analyze(problem, points, y, num_levels=4, seed=seed)
        case "fast":
            found, kept = fast.analyze(problem, y, seed=seed), ("S1", "ST")
        case "rbd-fast":
            found, kept = rbd_fast.analyze(problem, points, y, seed=seed), ("S1",)
        case "pawn":
            found, kept = pawn.analyze(problem, points, y, seed=seed), ("median",)
        case _:
            found, kept = delta.analyze(problem, points, y, num_resamples=20, seed=seed), ("delta", "S1")
            found = {"delta": found.get("delta_raw"), **found}  # its name since SALib 1.6: of the sample as it was drawn
    return {k: np.asarray(found[k], dtype=np.float64) for k in kept}
