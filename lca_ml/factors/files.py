"""The CSV files of the library: headers, columns, rows, each with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from lca_ml.documents import Text, read_bytes
from lca_ml.errors import Finding, InputError, Place, shown
from lca_ml.factors.parts import Indicator, Publication, Region, Row
from lca_ml.limits import no_year, year_in
from lca_ml.tables import LARGEST_TABLE, read_table
from lca_ml.units import unit
from lca_ml.words import _

COLUMNS = ("flow", "region", "year", "indicator", "value", "unit", "uncertainty", "locator", "note")

DEVICE_COLUMNS = ("device", "property", "value", "unit", "uncertainty", "source", "locator", "note")

REQUIRED_HEADERS = ("title", "licence", "version", "retrieved")


def indicators_of(path: Path) -> Iterator[Indicator]:
    """Yield the indicators of `indicators.csv`."""
    for r in table(path):
        titles, about = ({"en": r[f"{what}_en"], "fr": r[f"{what}_fr"]} for what in ("title", "about"))
        yield Indicator(r["id"], unit(r["unit"]), titles, about, tuple(r.get("phases", "").split()))


def regions_of(path: Path) -> Iterator[Region]:
    """Yield the regions of `regions.csv`."""
    for r in table(path):
        yield Region(r["code"], r["kind"], {"en": r["name_en"], "fr": r["name_fr"]}, r["parent"], r["alpha3"])


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a catalogue as dictionaries."""
    return [row for row, _place in read_csv(path, None)[1]]


def read_csv(path: Path, columns: tuple[str, ...] | None) -> tuple[dict[str, str], list[tuple[dict[str, str], Place]], str]:
    """Return the `# key: value` headers of a file, its rows each with their place, and the SHA-256 of its bytes."""
    data = read_bytes(path, LARGEST_TABLE)
    found = read_table(str(path), data)
    if columns is not None and found.columns != columns:
        message = _("the columns must be {wanted}; they are {found}").format(wanted=", ".join(columns), found=shown(", ".join(found.columns), 80))
        raise InputError(Finding("csv-columns", message, found.head))
    return found.comments, found.rows, hashlib.sha256(data).hexdigest()


def publication_of(path: Path) -> tuple[Publication, list[Row]]:
    """Return a publication and its rows. Raises InputError at what a publication must not lack."""
    headers, rows, digest = read_csv(path, COLUMNS)
    missing = [h for h in (*REQUIRED_HEADERS, "url") if not headers.get(h) and not (h == "url" and headers.get("doi"))]
    if missing:
        message = _("the header {names} is missing: a figure without its source is not loaded").format(names=", ".join(missing))
        raise InputError(Finding("factor-source", message, Place(str(path), 1), _("Write lines such as `# title: …` above the columns.")))
    publication = Publication(path.stem, str(path), headers, digest)
    return publication, [_row(row, place, publication) for row, place in rows]


def _row(row: dict[str, str], place: Place, publication: Publication) -> Row:
    year = year_in(row["year"])
    if year is None and row["year"]:
        raise InputError(Finding("factor-year", no_year(row["year"]), place))
    value = Text(f"{row['value']} {row['unit']}".strip(), place)
    uncertainty = Text(row["uncertainty"], place) if row["uncertainty"] else None
    return Row(row["flow"], row["region"], year, row["indicator"], value, uncertainty, row["locator"], row["note"], publication)
