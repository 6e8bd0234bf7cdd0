"""Which parameter dominates, as tidy rows: what `sensitivity --json` and the figures of sensitivity hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from lca_ml.model import Model
from lca_ml.sensitivity.local import elasticity, shares, tornado
from lca_ml.sensitivity.outputs import Indices


def index_rows(model: Model, found: Sequence[Indices]) -> Iterator[dict[str, Any]]:
    """Yield a row for each output and parameter: S1 and ST with their intervals, elasticity, share, and the output at the ends of the parameter.

    `at_p5` and `at_p95` are the output with the parameter at its 5th and its 95th percentile, all others as stated (`base`), in the
    indicator's unit. What does not exist is None: indices of a constant, ST of first-order methods, elasticity of a zero.
    """
    outputs = [f.output for f in found]
    moved, parts, swung = elasticity(model, outputs), shares(model, outputs), tornado(model, outputs)
    for one in found:
        swings = {s.parameter: s for s in swung[one.output]}
        for i, name in enumerate(one.parameters):
            st, st_half = (None, None) if one.st is None or one.st_half is None else (one.st[i], one.st_half[i])
            swing = swings[name]
            yield {
                "parameter": name,
                "indicator": model.indicators[one.output.indicator].id,
                "stage": one.output.stage or None,
                "view": one.output.view,
                "space": one.space,
                **_ends("S1", one.s1[i], one.s1_half[i]),
                **_ends("ST", st, st_half),
                "elasticity": moved[one.output].get(name),
                "share": parts[one.output].get(name),
                "at_p5": swing.low,
                "at_p95": swing.high,
                "base": swing.base,
                "method": one.method,
            }


def _ends(name: str, value: float | None, half: float | None) -> dict[str, float | None]:
    """Return an index with its interval for a row; None where there is none, as of a constant."""
    if value is None or half is None or not math.isfinite(value):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: float(value), f"{name}_low": float(value - half), f"{name}_high": float(value + half)}
