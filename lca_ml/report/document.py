"""What a report is made of, whatever it is written as: sections of blocks, blocks of runs of text.

A run is a text, or a tuple of texts and marks. Nothing here is escaped: each writer escapes for its own format, so that what a user wrote
is text in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from lca_ml.expressions import Tree


@dataclass(frozen=True, slots=True)
class Strong:
    """What is to be seen first."""

    text: str


@dataclass(frozen=True, slots=True)
class Small:
    """What is of less weight: an interval under its value, a unit beside its name."""

    text: str


@dataclass(frozen=True, slots=True)
class Mono:
    """A name, a value or a text as it stands in a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address, shown as it is or as a text."""

    address: str
    text: str = ""


Mark = str | Strong | Small | Mono | Link
Run = Mark | tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A share from 0 to 1, shown as a bar with its text beside it."""

    share: float
    text: str


Cell = Run | Bar


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` is one that answers."""

    run: Run
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list without order."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Terms and what is said of each."""

    pairs: tuple[tuple[Run, Run], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a table under a heading of their own; the heading is empty where there is none."""

    heading: Run
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its caption, the heads of its columns, rows whose first cell is their head. Columns in `numbers` are flush right."""

    caption: str
    heads: tuple[Run, ...]
    groups: tuple[Group, ...]
    numbers: tuple[int, ...] = ()
    note: Run = ""

    @property
    def size(self) -> int:
        """How many rows it has, headings of groups among them."""
        return sum(len(g.rows) + bool(g.heading) for g in self.groups)


@dataclass(frozen=True, slots=True)
class Formula:
    """A quantity, its formula with names and with the numbers put in, its value, and where the formula stands."""

    name: str
    tree: Tree
    names: dict[str, str] = field(hash=False)
    values: dict[str, str] = field(hash=False)
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Formulas:
    """Formulas in a table, those of one activity together under its name."""

    caption: str
    groups: tuple[tuple[str, tuple[Formula, ...]], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to take away as it is, in a language of its own: a paragraph (`language` en or fr), or code (`code` says which)."""

    text: str
    language: str = ""
    code: str = ""
    label: str = ""


class Chart(Protocol):
    """What the report needs of a figure."""

    @property
    def kind(self) -> str:
        """Its name in the table of charts."""
        ...

    @property
    def title(self) -> str:
        """The answer it gives."""
        ...

    @property
    def subtitle(self) -> str:
        """What is shown: unit, statistic."""
        ...

    @property
    def alt(self) -> str:
        """The alternative text."""
        ...

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its data, tidy."""
        ...

    def svg(self) -> str:
        """Return it as SVG."""
        ...


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its data as a table."""

    chart: Chart
    data: Table


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks a reader opens when they are wanted; `screen` says that they are of no use on paper."""

    summary: str
    blocks: tuple[Block, ...]
    screen: bool = False

    @property
    def captioned(self) -> bool:
        """Whether the summary only repeats the caption of the table within."""
        return len(self.blocks) == 1 and isinstance(self.blocks[0], Table | Formulas)


@dataclass(frozen=True, slots=True)
class Notice:
    """A few words set apart: what must not be overlooked."""

    run: Run


Block = Paragraph | Items | Pairs | Table | Formulas | Passage | Figure | Folded | Notice


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under a heading; `id` is what an address ends in and stays the same in every language."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report: what it is called, what it is of, its answer in a few words, then its sections."""

    title: str
    subtitle: str
    language: str
    description: str
    answer: tuple[Block, ...]
    sections: tuple[Section, ...]
    footer: str

    def figures(self) -> Iterator[Figure]:
        """Yield the figures, wherever they stand."""
        for section in self.sections:
            yield from (b for b in section.blocks if isinstance(b, Figure))
