"""Columns on a terminal, aligned by the width people see."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

import click

WIDTH = 100


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in click.unstyle(text))


def aligned(rows: Iterable[Sequence[str]], right: Sequence[int] = (), indent: str = "  ", gap: str = "  ") -> list[str]:
    """Return rows as lines of aligned columns; columns numbered in `right` are flush right."""
    table = [list(row) for row in rows]
    if not table:
        return []
    columns = max(len(row) for row in table)
    widths = [max((width(row[i]) for row in table if i < len(row)), default=0) for i in range(columns)]
    lines = []
    for row in table:
        cells = []
        for i, cell in enumerate(row):
            blank = " " * (widths[i] - width(cell))
            cells.append(blank + cell if i in right else cell + blank)
        lines.append((indent + gap.join(cells)).rstrip())
    return lines


def wrapped(text: str, indent: str = "    ") -> list[str]:
    """Return a text as lines no wider than the table, indented."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
