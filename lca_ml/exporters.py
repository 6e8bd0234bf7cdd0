"""Results as documents: the JSON of `run --json`, tidy CSV, the final scenario of `resolve`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lca_ml import __version__
from lca_ml.documents import Mapping, Node, Sequence, Text
from lca_ml.notation import plain
from lca_ml.results import GRAINS, Results

SCHEMA = "lca-ml/result@1"
_SAFE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .,/*()%+=−–-]*(?<! )\Z")


def document(results: Results, grains: Iterable[tuple[str, ...]] = GRAINS) -> dict[str, Any]:
    """Return a result as the document of `run --json`: schema, scenario, provenance, rows, warnings.

    Schema `lca-ml/result@1`; a row has indicator, stage, activity, flow, phase (null for what is summed over), view, statistic,
    value (null where unknown) and unit; `quantiles` splits the draws of each total evenly (see `Results.quantiles`).
    """
    model = results.model
    return {
        "schema": SCHEMA,
        "scenario": {
            **model.scenario,
            "file": Path(str(model.scenario["file"])).name,
            "functional_unit": f"{plain(model.functional_unit.number).replace(',', '')} {model.functional_unit.unit.text}".strip(),
            "delivers": results.reference_point,
            "excluded": model.excluded,
        },
        "provenance": {"lca_ml": __version__, "samples": results.samples, "seed": results.seed, "sampler": results.sampler, "factors": list(model.provenance)},
        "rows": results.rows(grains),
        "quantiles": results.quantile_rows(),
        "warnings": [w.as_row() | {"file": Path(w.place.file).name if w.place else None} for w in model.warnings],
    }


def json_text(document: Any) -> str:
    """Return strict JSON: no NaN, `<` escaped so that it can stand inside HTML, ends in a line break."""
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return text.replace("</", "<\\/") + "\n"


def csv_text(rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as CSV with a header; a text a spreadsheet would run as a formula is preceded by an apostrophe."""
    listed = list(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if listed:
        writer.writerow(listed[0])
        writer.writerows([[_cell(v) for v in row.values()] for row in listed])
    return out.getvalue()


def files(results: Results) -> dict[str, bytes]:
    """Return what `run -o` writes: `result.json` and `result.csv`."""
    whole = document(results)
    return {"result.json": utf8(json_text(whole)), "result.csv": utf8(csv_text(whole["rows"]))}


def utf8(text: str) -> bytes:
    """Return the bytes of a text; what of a file's name is no UTF-8 is written as `\\udcff`."""
    return text.encode("utf-8", "backslashreplace")


def yaml_text(document: Mapping, origins: bool = True) -> str:
    """Return a document as YAML that reads back to the same values, each with its origin in a comment."""
    return "".join(_yaml(document, 0, origins))


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # Python's writer quotes a line feed, and no carriage return
    return f"'{text}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _yaml(node: Mapping, depth: int, origins: bool) -> Iterable[str]:
    for key in node:
        head = f"{'  ' * depth}{_scalar(node.key(key))}:"
        yield from _yaml_value(head, node[key], depth, origins)


def _yaml_value(head: str, value: Node, depth: int, origins: bool) -> Iterable[str]:
    match value:
        case Text():
            yield f"{head} {_scalar(value)}{_origin(value) if origins else ''}\n"
        case Mapping() if not value.entries:
            yield f"{head} {{}}\n"
        case Sequence() if not value.items:
            yield f"{head} []\n"
        case Mapping():
            yield f"{head}\n"
            yield from _yaml(value, depth + 1, origins)
        case _:
            yield f"{head}\n"
            for item in value:
                yield from _item(item, depth + 1, origins)


def _item(item: Node, depth: int, origins: bool) -> Iterable[str]:
    dash = f"{'  ' * depth}-"
    if isinstance(item, Mapping) and item.entries:
        lines = list(_yaml(item, depth + 1, origins))
        yield f"{dash} {lines[0].lstrip()}"
        yield from lines[1:]
    else:
        yield from _yaml_value(dash, item, depth, origins)


def _scalar(text: Text) -> str:
    """Return a scalar as YAML that reads back as the same text: plain where that is safe or nothing is written, else double-quoted (JSON is YAML)."""
    return text.value if not text.quoted and (not text.value or _SAFE.match(text.value)) else json.dumps(text.value, ensure_ascii=False)


def _origin(text: Text) -> str:
    return f"  # {Path(text.place.file).name}:{text.place.line}" if text.place.line else ""
