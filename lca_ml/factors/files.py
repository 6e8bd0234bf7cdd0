"""The CSV files of the library: headers, columns, rows, each with its place."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from lca_ml.documents import Text, decode, read_bytes
from lca_ml.errors import Finding, InputError, Place, shown
from lca_ml.factors.parts import Indicator, Publication, Region, Row
from lca_ml.units import unit
from lca_ml.words import _

COLUMNS = ("flow", "region", "year", "indicator", "value", "unit", "uncertainty", "locator", "note")

DEVICE_COLUMNS = ("device", "property", "value", "unit", "uncertainty", "source", "locator", "note")

REQUIRED_HEADERS = ("title", "licence", "version", "retrieved")

LARGEST = 16 * 1024 * 1024


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
    name = str(path)
    data = read_bytes(name, LARGEST)
    lines = decode(data, name).split("\n")
    headers, first = {}, 0
    for first, line in enumerate(lines):  # noqa: B007 - the first line that is no header ends the loop
        if not line.startswith("#"):
            break
        key, colon, value = line.lstrip("# ").partition(":")
        if colon:
            headers[key.strip()] = value.strip()
    reader = csv.reader(lines[first:], strict=True)
    rows: list[tuple[dict[str, str], Place]] = []
    try:
        head = next(reader, [])
        if columns is not None and tuple(head) != columns:
            message = _("the columns must be {wanted}; they are {found}").format(
                wanted=", ".join(columns), found=shown(", ".join(head), 80) or _("missing: the file is empty")
            )
            raise InputError(Finding("csv-columns", message, Place(name, first + 1, 1, 1, lines[first])))
        for cells in reader:
            line_number = first + reader.line_num
            if not cells:
                continue
            if len(cells) != len(head):
                message = _("this line has {n} fields, the header has {m}").format(n=len(cells), m=len(head))
                hint = _("Put a field that holds a comma in double quotes; write a decimal point.")
                raise InputError(Finding("csv-fields", message, Place(name, line_number, 1, 1, lines[line_number - 1]), hint))
            rows.append((dict(zip(head, cells, strict=True)), Place(name, line_number, 1, len(lines[line_number - 1]), lines[line_number - 1])))
    except csv.Error as wrong:
        raise InputError(Finding("csv", _("this is not CSV: {reason}").format(reason=wrong), Place(name, first + reader.line_num))) from None
    return headers, rows, hashlib.sha256(data).hexdigest()


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
    year = row["year"]
    if year and not re.fullmatch(r"[12][0-9]{3}", year):
        raise InputError(Finding("factor-year", _("{year} is not a year").format(year=shown(year, 20)), place))
    value = Text(f"{row['value']} {row['unit']}".strip(), place)
    uncertainty = Text(row["uncertainty"], place) if row["uncertainty"] else None
    return Row(row["flow"], row["region"], int(year) if year else None, row["indicator"], value, uncertainty, row["locator"], row["note"], publication)
