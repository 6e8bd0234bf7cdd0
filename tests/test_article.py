"""The scenarios of the article run, and every number its two pages quote is the one the engine gives.

`python tests/test_article.py` writes the cells of the tables again, after a change of factors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from lca_ml.cli import cli
from lca_ml.notation import figure
from lca_ml.units import unit

ROOT = Path(__file__).parent.parent
SCENARIOS = sorted((ROOT / "scenarios" / "article").glob("*.yaml"))
PAGES = {"en": ROOT / "docs" / "article.md", "fr": ROOT / "docs" / "article.fr.md"}
COLUMNS = ("climate_change", "electricity_use")
ROW = re.compile(r"^\| (?P<label>[^|]+?) \| `lca-ml (?P<command>(?P<verb>run|explain) (?P<file>\S+)(?P<rest>[^`]*))` \|(?P<cells>.*)\|$", re.MULTILINE)


def lca_ml(*arguments: str) -> str:
    """Return what a command prints."""
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 0, f"{' '.join(arguments)}: {result.output}"
    return result.stdout


@cache
def document(command: str) -> dict[str, Any]:
    """Return the result document of `run …`, its file taken from the root of the project."""
    verb, file, *rest = command.split()
    return json.loads(lca_ml(verb, str(ROOT / file), *rest, "--json", "--quiet"))


def computed(command: str, indicator: str, stage: str | None = None) -> dict[str, Any]:
    """Return the statistics of an indicator per functional unit, of all or of a stage, and their unit; empty where it is not computed."""
    found = {
        row["statistic"]: row
        for row in document(command)["rows"]
        if (row["view"], row["indicator"], row["stage"]) == ("functional_unit", indicator, stage) and row["activity"] is row["flow"] is row["phase"] is None
    }
    return {"unit": found["median"]["unit"], **{name: row["value"] for name, row in found.items()}} if found else {}


@dataclass(frozen=True)
class Quoted:
    """A row of a table of a page: its label, command and the two cells."""

    label: str
    command: str
    verb: str
    cells: tuple[str, ...]

    @property
    def stage(self) -> str | None:
        """The stage a label such as ``of it storing (`storage`)`` names."""
        named = re.search(r"\(`(\w+)`\)", self.label)
        return named[1] if named else None

    def expected(self, language: str) -> tuple[str, ...]:
        """Return the cells as the engine gives them."""
        if self.verb == "explain":
            _, file, quantity = self.command.split()
            first = lca_ml("explain", str(ROOT / file), quantity, "--lang", language).split("\n")[0]
            return (first.partition(" = ")[2], "–")
        return tuple(self._cell(indicator, language) for indicator in COLUMNS)

    def _cell(self, indicator: str, language: str) -> str:
        found = computed(self.command, indicator, self.stage)
        if not found:
            return "–"
        shown = figure(found["median"], found["p5"], found["p95"], unit(found["unit"]), language)
        return f"{shown.point} {shown.unit}" + (f" ({shown.low} – {shown.high})" if shown.low else "")


def quoted(page: str) -> Iterator[tuple[re.Match[str], Quoted]]:
    """Yield the rows of the tables of a page, each with where it stands."""
    for row in ROW.finditer(page):
        yield row, Quoted(row["label"], row["command"], row["verb"], tuple(c.strip() for c in row["cells"].split("|")))


def written(page: str, language: str) -> str:
    """Return a page with the cells of its tables as the engine gives them."""
    for row, what in reversed(list(quoted(page))):
        cells = " | ".join(what.expected(language))
        page = f"{page[: row.start()]}| {what.label} | `lca-ml {what.command}` | {cells} |{page[row.end() :]}"
    return page


RATIOS = (
    ("compute-trend.yaml --variant at_300000", "compute-trend.yaml", "electricity_use", "point", 4700, "about 4,700 times", "par environ 4 700"),
    (
        "compute-trend.yaml --variant at_300000_on_the_first_card",
        "compute-trend.yaml --variant at_300000",
        "electricity_use",
        "point",
        64,
        "a factor of about 64",
        "un facteur d’environ 64",
    ),
    ("rebound.yaml --variant same_work", "rebound.yaml", "climate_change", "median", 0.2, "a fifth of the footprint", "un cinquième de l’empreinte"),
    ("never-in-production.yaml", "never-in-production.yaml --variant every_project_succeeds", "climate_change", "median", 7, "about 7 times", "environ 7 fois"),
    ("price-of-a-point.yaml --variant six_points", "price-of-a-point.yaml", "climate_change", "median", 77, "about 77 times", "environ 77 fois"),
    (
        "eight-grids.yaml --variant south_africa",
        "eight-grids.yaml --variant sweden",
        "climate_change",
        "median",
        13,
        "the factor is about 13",
        "le facteur est d’environ 13",
    ),
    ("tool-green-algorithms.yaml", "tool-mlco2.yaml", "climate_change", "median", 2, "a factor of about 2 among", "un facteur d’environ 2, et"),
    ("tool-life-cycle.yaml", "tool-mlco2.yaml", "climate_change", "median", 2.6, "about 2.6 times", "environ 2,6 fois"),
)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_a_scenario_of_the_article_is_correct_and_runs(path: Path):
    """`check` finds no error, and the scenario and each of its variants give a footprint above zero."""
    assert "error" not in lca_ml("check", str(path))

    variants = ["", *(f" --variant {name}" for name in yaml.safe_load(path.read_text(encoding="utf-8")).get("variants", {}))]
    for variant in variants:
        assert computed(f"run scenarios/article/{path.name}{variant}", "climate_change")["median"] > 0


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_a_figure_of_the_article_is_sourced_or_said_to_be_assumed(path: Path):
    """No warning of `check` is about a missing source."""
    assert "source" not in lca_ml("check", str(path)).replace("resource", "")


@pytest.mark.parametrize("language", PAGES)
def test_the_tables_of_a_page_hold_what_the_engine_gives(language: str):
    """Every cell, letter by letter; where this fails after a change of factors, `python tests/test_article.py` writes them again."""
    found = list(quoted(PAGES[language].read_text(encoding="utf-8")))
    assert len(found) > 40

    assert [(q.command, q.cells) for _, q in found] == [(q.command, q.expected(language)) for _, q in found]


def test_both_pages_show_the_same_commands_and_every_scenario():
    """The French page is the English one, table by table."""
    commands = {language: [q.command for _, q in quoted(page.read_text(encoding="utf-8"))] for language, page in PAGES.items()}

    assert commands["en"] == commands["fr"]
    assert {Path(c.split()[1]).name for c in commands["en"] if "/article/" in c} == {p.name for p in SCENARIOS}


@pytest.mark.parametrize(("above", "below", "indicator", "statistic", "ratio", "english", "french"), RATIOS, ids=lambda x: str(x)[:40])
def test_a_ratio_in_the_prose_is_that_of_two_results(above: str, below: str, indicator: str, statistic: str, ratio: float, english: str, french: str):
    """Each is written in both pages, and within 5 % of the quotient (10 % where one digit is given)."""
    result = computed(f"run scenarios/article/{above}", indicator)[statistic] / computed(f"run scenarios/article/{below}", indicator)[statistic]

    assert result == pytest.approx(ratio, rel=0.10 if len(f"{ratio:g}".strip("0.")) == 1 else 0.05)
    assert english in PAGES["en"].read_text(encoding="utf-8")
    assert french in PAGES["fr"].read_text(encoding="utf-8").replace("\u202f", " ").replace("\u00a0", " ")


def test_the_pre_training_is_1400_times_a_fine_tuning():
    """1507 kWh (Strubell and others) over 1.08 kWh (Cattan and others) is 1395."""
    assert pytest.approx(1400, rel=0.01) == 1507 / 1.08
    assert "about 1,400 times" in PAGES["en"].read_text(encoding="utf-8")


def test_the_french_page_keeps_its_punctuation_together():
    """No ordinary blank before a mark that takes a no-break one, outside code."""
    prose = re.sub(r"`[^`]*`", "", PAGES["fr"].read_text(encoding="utf-8"))

    assert not re.findall(r".{20}(?: [;:?!»%]|« )", prose)


if __name__ == "__main__":
    for language, path in PAGES.items():
        path.write_text(written(path.read_text(encoding="utf-8"), language), encoding="utf-8")
