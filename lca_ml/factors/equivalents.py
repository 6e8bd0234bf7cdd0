"""Everyday things a total can be set beside: for the eye only, no factor of any flow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lca_ml.factors.files import read_csv, table
from lca_ml.units import Unit, unit

EQUIVALENT_COLUMNS = ("id", "value", "unit", "low", "high", "source", "locator", "licence", "note")


@dataclass(frozen=True, slots=True)
class Equivalent:
    """An everyday thing: its impact in an indicator's unit, what it is called in each language, and the source of the figure."""

    id: str
    value: float
    unit: Unit
    titles: tuple[tuple[str, str], ...]
    source: str
    url: str

    def title(self, language: str) -> str:
        """Return what it is called."""
        return dict(self.titles)[language]


def equivalents(folder: Path) -> list[Equivalent]:
    """Return the things of `references/everyday.csv`, each so many times a figure of `equivalents/`."""
    figures: dict[str, tuple[dict[str, str], str]] = {}
    for path in sorted((folder / "equivalents").glob("*.csv")):
        headers, rows, _digest = read_csv(path, EQUIVALENT_COLUMNS)
        figures |= {row["id"]: (row, headers.get("url", "")) for row, _place in rows}
    found = []
    for row in table(folder / "references" / "everyday.csv"):
        figure, url = figures[row["equivalent"]]
        titles = (("en", row["title_en"]), ("fr", row["title_fr"]))
        of_what = unit(figure["unit"].partition("/")[0])
        found.append(Equivalent(row["id"], float(row["amount"]) * float(figure["value"]), of_what, titles, figure["source"], url))
    return found
