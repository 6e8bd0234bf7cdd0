"""The reference model written by hand: NumPy in blocks, buffers reused, constants folded. What an expert would write for this one model.

    Kernel(8192).totals(values)     the totals of the four indicators, factored to as few operations as possible
    Kernel(8192).stages(values)     all 28 stage × indicator results
    ByStream(42, 8192)              the same random numbers as lca-ml: one Philox stream per name, then the quantile function
    OneGenerator(42, 8192)          the fastest sampling that is still honest: one generator, ziggurat normals

Units are those of the table below: TB, kWh/GB, W/TB … kgCO2e, kgSbe, MJ and L for the results.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

import numpy as np
from numpy.random import SFC64, Generator, Philox
from numpy.typing import NDArray

Array = NDArray[np.float64]
Values = Mapping[str, Array]

STAGES = ("data_collection", "storage", "transfer", "experimentation", "training", "inference", "hardware")
INDICATORS = ("climate_change", "resource_depletion", "primary_energy", "water_use")

INPUTS: dict[str, tuple[str, *tuple[float, ...]]] = {
    "col_vol": ("lognormal", 50, 1.3),
    "col_ei": ("triangular", 0.01, 0.02, 0.05),
    "sto_vol": ("lognormal", 20, 1.2),
    "sto_pow": ("uniform", 0.6, 1.2),
    "sto_repl": ("uniform", 2, 4),
    "sto_dur": ("uniform", 1, 4),
    "tra_vol": ("lognormal", 100, 1.4),
    "tra_ei": ("lognormal", 0.006, 1.8),
    "exp_runs": ("uniform", 20, 80),
    "exp_gpuh": ("lognormal", 400, 1.5),
    "exp_pow": ("triangular", 250, 350, 450),
    "exp_fail": ("uniform", 0.05, 0.3),
    "trn_flop": ("lognormal", 1e23, 1.2),
    "trn_mfu": ("uniform", 0.3, 0.5),
    "gpu_peak": ("uniform", 2.9e14, 3.3e14),
    "trn_pow": ("triangular", 300, 380, 420),
    "trn_ovh": ("uniform", 1, 1.2),
    "inf_req": ("lognormal", 2e6, 1.6),
    "inf_days": ("uniform", 180, 900),
    "inf_tok": ("lognormal", 600, 1.5),
    "inf_ei": ("lognormal", 0.8, 1.5),
    "hw_life": ("triangular", 3, 4, 6),
    "hw_util": ("uniform", 0.4, 0.9),
    "pue_trn": ("uniform", 1.08, 1.4),
    "pue_inf": ("uniform", 1.1, 1.6),
    "wue": ("uniform", 0.2, 1.8),
    "grid_trn": ("lognormal", 0.35, 1.3),
    "grid_inf": ("lognormal", 0.40, 1.3),
    "gpu_emb": ("lognormal", 150, 1.3),
    "srv_emb": ("lognormal", 2500, 1.2),
}
"""The thirty uncertain quantities, each with its distribution."""

OUR_NAMES = {
    "grid_trn": "factor.electricity.training-grid.climate_change",
    "grid_inf": "factor.electricity.inference-grid.climate_change",
    "gpu_emb": "factor.reference-gpu.GLO.climate_change",
    "srv_emb": "factor.reference-server.GLO.climate_change",
}
"""What lca-ml calls the inputs that are factors in its scenario; all others have the same name there."""


class Kernel:
    """The reference model over blocks of at most `size` samples; what it returns is overwritten by the next call."""

    def __init__(self, size: int) -> None:
        self._buffers = [np.empty(size) for _ in range(8)]
        self._totals = np.empty((4, size))
        self._stages = np.empty((7, 4, size))

    def totals(self, v: Values) -> Array:
        """Return the totals, (4, samples): climate change, resource depletion, primary energy, water use."""
        n = v["col_vol"].size
        a, b, h, x, y, share, _, _ = (buffer[:n] for buffer in self._buffers)
        out = self._totals[:, :n]
        multiply, add, divide = np.multiply, np.add, np.divide
        subtract = np.subtract
        # GPU hours of experiments and of the training run, and their energy in Wh
        subtract(1.0, v["exp_fail"], out=h)
        multiply(v["exp_runs"], v["exp_gpuh"], out=x)
        divide(x, h, out=h)
        multiply(v["gpu_peak"], v["trn_mfu"], out=x)
        divide(v["trn_flop"], x, out=x)
        multiply(x, v["trn_ovh"], out=x)
        multiply(x, 1 / 3600, out=x)
        multiply(h, v["exp_pow"], out=a)
        multiply(x, v["trn_pow"], out=y)
        add(a, y, out=a)
        multiply(a, v["pue_trn"], out=a)
        add(h, x, out=h)
        # the training grid, in kWh
        multiply(a, 1e-3, out=a)
        multiply(v["col_vol"], v["col_ei"], out=x)
        multiply(x, 1e3, out=x)
        add(a, x, out=a)
        # the inference grid: k_inf and storage share their PUE
        multiply(v["inf_req"], v["inf_days"], out=x)
        multiply(x, v["inf_tok"], out=x)
        multiply(x, v["inf_ei"], out=x)
        multiply(x, 1 / 3.6e6, out=x)
        multiply(v["sto_vol"], v["sto_pow"], out=b)
        multiply(b, v["sto_repl"], out=b)
        multiply(b, v["sto_dur"], out=b)
        multiply(b, 8.766, out=b)
        add(b, x, out=b)
        multiply(b, v["pue_inf"], out=b)
        multiply(x, 1 / 0.30, out=x)
        add(h, x, out=h)
        multiply(v["tra_vol"], v["tra_ei"], out=x)
        multiply(x, 1e3, out=x)
        add(b, x, out=b)
        # whole GPU lives consumed
        multiply(v["hw_life"], v["hw_util"], out=x)
        multiply(x, 8766.0, out=x)
        divide(h, x, out=share)
        # impacts
        multiply(v["srv_emb"], 1 / 8, out=x)
        add(x, v["gpu_emb"], out=x)
        multiply(x, share, out=out[0])
        multiply(a, v["grid_trn"], out=x)
        add(out[0], x, out=out[0])
        multiply(b, v["grid_inf"], out=x)
        add(out[0], x, out=out[0])
        add(a, b, out=a)
        for k, (energy, life) in enumerate(((5e-8, 7e-3 + 8e-2 / 8), (9.5, 2000 + 30000 / 8)), 1):
            multiply(a, energy, out=out[k])
            multiply(share, life, out=x)
            add(out[k], x, out=out[k])
        add(v["wue"], 2.2, out=y)
        multiply(a, y, out=out[3])
        multiply(share, 4000 + 30000 / 8, out=x)
        add(out[3], x, out=out[3])
        return out

    def stages(self, v: Values) -> Array:
        """Return all results, (7 stages, 4 indicators, samples)."""
        n = v["col_vol"].size
        h, x, k, share, water, per_life, _, _ = (buffer[:n] for buffer in self._buffers)
        out = self._stages[:, :, :n]
        multiply, add, divide = np.multiply, np.add, np.divide
        # each stage's energy in kWh is written where its primary energy will stand
        col, sto, tra, exp, trn, inf = (out[i, 2] for i in range(6))
        multiply(v["col_vol"], v["col_ei"], out=col)
        multiply(col, 1e3, out=col)
        multiply(v["sto_vol"], v["sto_pow"], out=sto)
        multiply(sto, v["sto_repl"], out=sto)
        multiply(sto, v["sto_dur"], out=sto)
        multiply(sto, v["pue_inf"], out=sto)
        multiply(sto, 8.766, out=sto)
        multiply(v["tra_vol"], v["tra_ei"], out=tra)
        multiply(tra, 1e3, out=tra)
        np.subtract(1.0, v["exp_fail"], out=h)
        multiply(v["exp_runs"], v["exp_gpuh"], out=x)
        divide(x, h, out=h)
        multiply(v["pue_trn"], 1e-3, out=x)
        multiply(h, v["exp_pow"], out=exp)
        multiply(exp, x, out=exp)
        multiply(v["gpu_peak"], v["trn_mfu"], out=k)
        divide(v["trn_flop"], k, out=k)
        multiply(k, v["trn_ovh"], out=k)
        multiply(k, 1 / 3600, out=k)
        multiply(k, v["trn_pow"], out=trn)
        multiply(trn, x, out=trn)
        add(h, k, out=h)
        multiply(v["inf_req"], v["inf_days"], out=k)
        multiply(k, v["inf_tok"], out=k)
        multiply(k, v["inf_ei"], out=k)
        multiply(k, 1 / 3.6e6, out=k)
        multiply(k, v["pue_inf"], out=inf)
        multiply(k, 1 / 0.30, out=k)
        add(h, k, out=h)
        multiply(v["hw_life"], v["hw_util"], out=x)
        multiply(x, 8766.0, out=x)
        divide(h, x, out=share)
        # impacts
        add(v["wue"], 2.2, out=water)
        for i, grid in enumerate(("grid_trn", "grid_inf", "grid_inf", "grid_trn", "grid_trn", "grid_inf")):
            energy = out[i, 2]
            multiply(energy, v[grid], out=out[i, 0])
            multiply(energy, 5e-8, out=out[i, 1])
            multiply(energy, water, out=out[i, 3])
            multiply(energy, 9.5, out=energy)
        multiply(v["srv_emb"], 1 / 8, out=per_life)
        add(per_life, v["gpu_emb"], out=per_life)
        multiply(share, per_life, out=out[6, 0])
        multiply(share, 7e-3 + 8e-2 / 8, out=out[6, 1])
        multiply(share, 2000 + 30000 / 8, out=out[6, 2])
        multiply(share, 4000 + 30000 / 8, out=out[6, 3])
        return out


class ByStream:
    """The same draws as lca-ml, by hand: a Philox stream per name, then the quantile function; buffers reused, SciPy's normal."""

    def __init__(self, seed: int, size: int) -> None:
        from scipy.special import ndtri

        self._ndtri = ndtri
        self._size = size
        self._scratch = np.empty(size), np.empty(size, dtype=bool)
        self._values = {name: np.empty(size) for name in INPUTS}
        keys = {name: hashlib.sha256(f"{seed}/{OUR_NAMES.get(name, name)}".encode()).digest()[:16] for name in INPUTS}
        self._generators = {name: Generator(Philox(key=int.from_bytes(key, "little"))) for name, key in keys.items()}

    def block(self, count: int) -> Values:
        """Return the next block of draws."""
        drawn = {}
        for name, (kind, *parameters) in INPUTS.items():
            u = self._values[name][:count]
            self._generators[name].random(out=u)
            np.maximum(u, 2.0**-54, out=u)
            if kind == "uniform":
                low, high = parameters
                np.multiply(u, high - low, out=u)
                np.add(u, low, out=u)
            elif kind == "lognormal":
                median, gsd = parameters
                self._ndtri(u, out=u)
                np.multiply(u, math.log(gsd), out=u)
                np.exp(u, out=u)
                np.multiply(u, median, out=u)
            else:
                _triangular(u, *parameters, *(s[:count] for s in self._scratch))
            drawn[name] = u
        return drawn


class OneGenerator:
    """The fastest honest draws: one SFC64 generator and the ziggurat, so no stream per name and no cutting into blocks at will."""

    def __init__(self, seed: int, size: int) -> None:
        self._generator = Generator(SFC64(seed))
        self._scratch = np.empty(size), np.empty(size, dtype=bool)
        self._values = {name: np.empty(size) for name in INPUTS}

    def block(self, count: int) -> Values:
        """Return the next block of draws."""
        drawn = {}
        for name, (kind, *parameters) in INPUTS.items():
            u = self._values[name][:count]
            if kind == "lognormal":
                median, gsd = parameters
                self._generator.standard_normal(out=u)
                np.multiply(u, math.log(gsd), out=u)
                np.exp(u, out=u)
                np.multiply(u, median, out=u)
            else:
                self._generator.random(out=u)
                if kind == "uniform":
                    low, high = parameters
                    np.multiply(u, high - low, out=u)
                    np.add(u, low, out=u)
                else:
                    _triangular(u, *parameters, *(s[:count] for s in self._scratch))
            drawn[name] = u
        return drawn


def _triangular(u: Array, low: float, mode: float, high: float, right: Array, left: NDArray[np.bool_]) -> None:
    """Turn uniform numbers into triangular ones, in place: one square root each, of the side the number falls on."""
    width = high - low
    np.less(u, (mode - low) / width, out=left)
    np.subtract(1.0, u, out=right)
    np.multiply(right, width * (high - mode), out=right)
    np.multiply(u, width * (mode - low), out=u)
    np.sqrt(right, out=right)
    np.sqrt(u, out=u)
    np.add(u, low, out=u)
    np.subtract(high, right, out=right)
    np.copyto(right, u, where=left)
    np.copyto(u, right)
