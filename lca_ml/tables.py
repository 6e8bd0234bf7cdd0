"""CSV text in, rows that remember where they stand: nothing is guessed, nothing is dropped.

The separator is a comma, the first line that is no `#` comment names the columns, every row has as many fields, quotes are closed, and no cell
is read as anything but text. What spreadsheets and loggers write instead is refused with the line it stands on.

read_table("runs.csv", data)   -> Table
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lca_ml.documents import check_characters, decode
from lca_ml.errors import Finding, InputError, Place, did_you_mean, shown
from lca_ml.units import number
from lca_ml.words import _, grouped, later

LARGEST_TABLE = 16 * 1024 * 1024
"""Bytes of a CSV file."""

MOST_COLUMNS = 1_000

MOST_CELLS = 250_000

_BINARY = {
    b"PAR1": later("a Parquet file"),
    b"PK\x03\x04": later("a zip archive or an Excel workbook"),
    b"\x1f\x8b": later("a file compressed with gzip"),
    b"\xd0\xcf\x11\xe0": later("an old Excel workbook"),
}
"""What files of other kinds begin with."""

_RECORD = re.compile(r'(?:[^",]*|\s*"(?:[^"]|"")*"\s*)(?:,(?:[^",]*|\s*"(?:[^"]|"")*"\s*))*\Z')
"""What a row with quotes looks like: each of them around a whole field, or doubled inside one."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was written: the `# key: value` lines above it, the names of its columns, its rows, each with its place."""

    comments: dict[str, str]
    columns: tuple[str, ...]
    head: Place
    rows: list[tuple[dict[str, str], Place]]

    def require(self, column: str, place: Place | None = None) -> None:
        """Raise InputError where there is no such column, at the place that asks for it, else at the header."""
        if column not in self.columns:
            message = _("{file} has no column {column}").format(file=shown(self.head.file), column=shown(column))
            hint = did_you_mean(column, self.columns) or _("Its columns are {names}.").format(names=shown(", ".join(self.columns), 100))
            raise InputError(Finding("column", message, place or self.head, hint))


def read_table(name: str, data: bytes) -> Table:
    """Return the table a file holds; `name` is what messages call the file. Raises InputError at the first line that is wrong."""
    for magic, line in _BINARY.items():
        if data.startswith(magic):
            message = _("this is not CSV text but {what}").format(what=_(line))
            raise InputError(Finding("csv-binary", message, Place(name), _("Save or export it as CSV in the encoding UTF-8.")))
    text = decode(data, name)
    if not text.strip():
        raise InputError(Finding("empty", _("the file is empty"), Place(name)))
    below = text.rstrip("\n").count("\n")  # lines under the first
    if below > MOST_CELLS:
        raise _too_large(below, 1, Place(name))
    check_characters(text, name)
    lines = text.split("\n")
    comments, first = _comments(lines)
    records = _records(lines, first, name)
    head, at = next(records, ([], Place(name, first + 1)))
    if not head:
        message, hint = _("the file holds no table: nothing but comments"), _("The first line that is no # comment names the columns.")
        raise InputError(Finding("empty", message, Place(name), hint))
    _check_head(head, at)
    if (rows_ := below + 1 - at.line) * len(head) > MOST_CELLS:
        raise _too_large(rows_, len(head), at)
    rows = [(_row(head, cells, place, place.line == len(lines)), place) for cells, place in records]
    return Table(comments, tuple(head), at, rows)


def _too_large(rows: int, columns: int, place: Place) -> InputError:
    message = _("the table has {n} cells in {rows} rows; the limit is {limit}")
    text = message.format(n=grouped(rows * columns), rows=grouped(rows), limit=grouped(MOST_CELLS))
    return InputError(Finding("csv-size", text, place, _("Leave out columns and rows that are not read.")))


def number_in(cell: str) -> float:
    """Return the number a cell holds. Raises ValueError with the reason; `_` groups no digits where a program wrote them."""
    if "_" in cell:
        raise ValueError(_("{text} is not a number: it holds _").format(text=shown(cell, 30)))
    return number(cell)


def _comments(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the `# key: value` lines a file begins with, and which line is the first that is none."""
    comments: dict[str, str] = {}
    for first, line in enumerate(lines):
        if not line.startswith("#"):
            return comments, first
        key, colon, value = line.lstrip("# ").partition(":")
        if colon:
            comments[key.strip()] = value.strip()
    return comments, len(lines)


def _records(lines: list[str], first: int, name: str) -> Iterator[tuple[list[str], Place]]:
    """Yield the cells of each row that is not empty, without the blanks around them, and where it begins."""
    reader = csv.reader((line + "\n" for line in lines[first:]), strict=True)
    start = first
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            raise InputError(Finding("csv", _wrong(str(wrong)), _line(name, lines, start))) from None
        if cells is None:
            return
        end = first + reader.line_num
        if cells and any(cells):
            place = _line(name, lines, start)
            if any('"' in lines[i] for i in range(start, end)) and not _RECORD.match("\n".join(lines[start:end])):
                hint = _('Put the whole field in double quotes, and write "" for one inside.')
                raise InputError(Finding("csv", _("a quote stands inside a field"), place, hint))
            yield [cell.strip() for cell in cells], place
        start = end


def _line(name: str, lines: list[str], line: int) -> Place:
    excerpt = lines[line] if line < len(lines) else ""
    return Place(name, line + 1, 1, max(len(excerpt), 1), excerpt)


def _wrong(reason: str) -> str:
    """Return what Python's reader refuses, in plain words."""
    if "unexpected end" in reason:
        return _("a quote that is opened in this line is never closed")
    if "field limit" in reason:
        return _("a field is too long: the limit is {limit} characters").format(limit=grouped(csv.field_size_limit()))
    if "expected after" in reason:
        return _("text stands behind the quote that closes a field")
    return _("this is not CSV: {reason}").format(reason=reason)


def _check_head(head: list[str], at: Place) -> None:
    """Refuse a first line that names no columns, or names one twice."""
    line = at.excerpt
    if line.startswith("version https://git-lfs"):
        raise InputError(Finding("csv-lfs", _("this is a Git LFS pointer, not the file it points to"), at, _("`git lfs pull` fetches the file.")))
    if line.lower().startswith("sep="):
        raise InputError(Finding("csv-columns", _("a sep= line stands above the columns"), at, _("Delete it; columns are separated by commas.")))
    for sign, what in ((";", _("semicolons")), ("\t", _("tabs")), ("|", _("vertical bars"))):
        if len(head) < 2 and sign in line:
            message = _("the columns are separated by {what}, not by commas (the delimiter)").format(what=what)
            raise InputError(Finding("csv-delimiter", message, at, _("Save the file as CSV with commas, and decimal points in numbers.")))
    if len(head) > MOST_COLUMNS:
        message = _("the file has {n} columns; the limit is {limit}").format(n=grouped(len(head)), limit=grouped(MOST_COLUMNS))
        raise InputError(Finding("csv-columns", message, at))
    for i, name in enumerate(head):
        if name in head[:i] and not name:
            raise InputError(Finding("csv-columns", _("two columns or more have no name"), at, _("Name each column, or leave it out.")))
        if name in head[:i]:
            raise InputError(Finding("csv-columns", _("duplicate column {name}: the header names it twice").format(name=shown(name)), at))


def _row(head: list[str], cells: list[str], place: Place, last: bool) -> dict[str, str]:
    if len(cells) == len(head):
        return dict(zip(head, cells, strict=True))
    message = _("this line has {n} fields, the header has {m}").format(n=len(cells), m=len(head))
    hint = _("Put a field that holds a comma in double quotes; write a decimal point.")
    if last and len(cells) < len(head):
        hint = _("It is the last line and has no end: was the writing of the file cut off?")
    raise InputError(Finding("csv-fields", message, place, hint))
