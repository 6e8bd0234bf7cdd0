"""The data of a figure as a table people read: statistics side by side, names instead of identifiers, what is the same said once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lca_ml.model import Model
from lca_ml.notation import number
from lca_ml.report.content.subject import plain_table
from lca_ml.report.document import Table
from lca_ml.sensitivity import label
from lca_ml.units import pretty
from lca_ml.wording import group_title, per_view
from lca_ml.words import _, count, current, set_apart

MOST_STATISTICS = 8
MOST_PARAMETERS = 16
FIRST = ("parameter", "indicator", "stage", "activity", "flow", "phase")


def data_of(rows: Sequence[dict[str, Any]], model: Model) -> Table:
    """Return the tidy rows of a figure as a table, its note saying what is the same in all rows."""
    wide, left = _leading([_without_doubles(row) for row in _side_by_side(rows)])
    keys = sorted({k: None for row in wide for k in row}, key=lambda k: FIRST.index(k) if k in FIRST else len(FIRST))
    constant = {k: wide[0][k] for k in keys if len(wide) > 1 and all(k in r and r[k] == wide[0][k] for r in wide)}
    shown = [k for k in keys if k not in constant]
    numeric = tuple(i for i, k in enumerate(shown) if any(isinstance(r.get(k), float | int) for r in wide))
    parts = [_("{name}: {value}").format(name=_title(k), value=_datum(k, v, model)) for k, v in constant.items() if v is not None]
    if left:
        parts.append(count("{n} more is in the CSV of the figure", "{n} more are in the CSV of the figure", left))
    said = set_apart(parts)
    cells = [[_datum(k, r.get(k), model) for k in shown] for r in wide]
    return plain_table(_("Data of the figure"), [_title(k) for k in shown], cells, numeric, said)


def _side_by_side(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with a column for each statistic, where there are few of them."""
    statistics = {r["statistic"]: None for r in rows if "statistic" in r and "value" in r}
    if not 1 <= len(statistics) <= MOST_STATISTICS or any("statistic" not in r for r in rows):
        return list(rows)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        rest = {k: v for k, v in row.items() if k not in ("statistic", "value")}
        found.setdefault(tuple(rest.items()), rest)[row["statistic"]] = row["value"]
    return list(found.values())


def _leading(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Return rows of parameters by how far they matter, no more than a page of them, and how many are left out; other rows as they are."""
    if not rows or "parameter" not in rows[0]:
        return rows, 0

    def weight(row: dict[str, Any]) -> float:
        measures = [row[k] for k in ("ST", "S1", "elasticity") if isinstance(row.get(k), float)]
        return abs(float(measures[0] if measures else row.get("at_p95", 0.0) - row.get("at_p5", 0.0)))

    kept = sorted(rows, key=lambda row: -weight(row))[:MOST_PARAMETERS]
    return kept, len(rows) - len(kept)


def _without_doubles(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row without the ends of intervals that have no width."""
    return {k: v for k, v in row.items() if not k.endswith(("_low", "_high")) or v != row.get(k.rpartition("_")[0])}


def _title(key: str) -> str:
    titles = {
        "parameter": _("parameter"),
        "indicator": _("indicator"),
        "stage": _("stage"),
        "activity": _("activity"),
        "flow": _("flow"),
        "phase": _("phase"),
        "view": _("view"),
        "unit": _("unit"),
        "statistic": _("statistic"),
        "value": _("value"),
        "method": _("method"),
        "point": _("stated"),
        "base": _("stated"),
        "mean": _("mean"),
        "median": _("median"),
        "p5": "P5",
        "p95": "P95",
        "at_p5": _("at its P5"),
        "at_p95": _("at its P95"),
        "elasticity": _("elasticity"),
        "share": _("contribution"),
        "space": _("space"),
    }
    if key.endswith(("_low", "_high")):
        name, _underscore, end = key.rpartition("_")
        return (_("{name}, low end") if end == "low" else _("{name}, high end")).format(name=titles.get(name, name))
    return titles.get(key, key.replace("_", " "))


def _word(value: str) -> str:
    """Return how indices were found, and of what, in words."""
    words = {"exact": _("exact"), "sampled": _("by sampling"), "from draws": _("from the draws"), "value": _("values"), "log": _("logarithm")}
    return words.get(value, value)


def _datum(key: str, value: Any, model: Model) -> str:
    if value is None:
        return _("in all") if key in FIRST else "–"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return number(float(value), 4, current())
    if key == "parameter":
        return label(model, value, current())
    if key in ("stage", "flow", "phase"):
        return group_title(key, value, model, current())
    if key == "indicator":
        return next((i.title(current()) for i in model.indicators if i.id == value), value)
    if key == "view":
        return per_view(model, value, current())
    if key in ("method", "space"):
        return _word(value)
    return pretty(value) if key == "unit" else _title(value) if key == "statistic" else str(value)
