"""Sweeps as tidy rows: what `--json` and `--csv` hold."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from lca_ml.comparison.breakeven import BreakEven
from lca_ml.comparison.grids import Axis
from lca_ml.comparison.sweeping import At, Cell, Point
from lca_ml.results import STATISTICS

NAMES = ("x", "y")


def axis_row(axis: Axis) -> dict[str, Any]:
    """Return an axis as a document describes it: path, unit, scale, values."""
    return {"path": axis.path, "unit": axis.unit or None, "scale": axis.scale, "values": list(axis.numbers or axis.texts)}


def curve_rows(axis: Axis, points: Iterable[Point], view: str, label: str = "") -> Iterator[dict[str, Any]]:
    """Yield a row for each value, indicator, group and statistic; `group` is None for the total, a value None where it is unknown.

    Beside the statistics, `dominant_share` is the share of the stage that weighs most, which `group` then names.
    """
    for point in points:
        where = _where((axis,), point.at)
        for s in point.summaries:
            group = s.labels.get(label)
            for statistic in STATISTICS:
                named = {"label": label if group is not None else None, "group": group, "view": view, "statistic": statistic}
                yield {**where, "indicator": s.indicator.id, **named, "value": getattr(s, statistic), "unit": s.indicator.unit.text}
        for indicator, (stage, share) in point.dominant.items():
            yield {**where, "indicator": indicator, **_dominant(stage, share, view)}


def map_rows(axes: tuple[Axis, ...], cells: Iterable[Cell], view: str) -> Iterator[dict[str, Any]]:
    """Yield rows for each cell and indicator: the stated value, and the share of the stage that weighs most."""
    for cell in cells:
        where = {**_where(axes, cell.at), "indicator": cell.indicator.id}
        yield {**where, "label": None, "group": None, "view": view, "statistic": "point", "value": cell.value, "unit": cell.indicator.unit.text}
        if cell.dominant is not None:
            yield {**where, **_dominant(*cell.dominant, view)}


def break_even_row(axis: Axis, first: str, second: str, found: BreakEven) -> dict[str, Any]:
    """Return a break-even as a document lists it; an end of its interval is None where it lies outside the range, and the shares say where."""
    values = {k: v if v is not None and math.isfinite(v) else None for k in ("point", "median", "p5", "p95") for v in (getattr(found, k),)}
    shares = {f"share_{k}": getattr(found, k) for k in ("without", "before", "beyond", "equal", "several")}
    what = {"first": first, "second": second, "indicator": found.indicator.id, "path": axis.path, "unit": axis.unit or None}
    return {**what, "first_overtakes": found.overtakes, **values, **shares}


def _where(axes: tuple[Axis, ...], at: At) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, axis, i in zip(NAMES, axes, at, strict=False):
        out |= {f"{name}_path": axis.path, name: axis.numbers[i] if axis.numbers else axis.texts[i], f"{name}_unit": axis.unit or None}
    return out


def _dominant(stage: str, share: float, view: str) -> dict[str, Any]:
    return {"label": "stage", "group": stage, "view": view, "statistic": "dominant_share", "value": share, "unit": ""}
