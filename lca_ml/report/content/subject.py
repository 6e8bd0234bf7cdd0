"""What a report is of, and how its numbers and names are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lca_ml.errors import Place
from lca_ml.factors import Indicator
from lca_ml.model import Model
from lca_ml.notation import Figure, figure
from lca_ml.report.document import Cell, Chart, Group, Run, Small, Table
from lca_ml.results import Results, Summary
from lca_ml.scenario import Scenario
from lca_ml.sensitivity import Indices, Output, Swing, elasticity, from_draws, shares, sobol, tornado
from lca_ml.units import scaled
from lca_ml.words import _, current


@dataclass(frozen=True)
class Subject:
    """A study, its results, its figures, and the profile the report is to be laid beside (empty for none)."""

    scenario: Scenario
    model: Model
    results: Results
    charts: tuple[Chart, ...] = ()
    template: str = ""

    @cached_property
    def known(self) -> list[int]:
        """The indicators something is known of, by their positions."""
        return [k for k, s in enumerate(self.by()) if s.point is not None]

    @property
    def main(self) -> int:
        """The indicator the report speaks of first: the first one something is known of, by its position."""
        return self.known[0] if self.known else 0

    @property
    def main_indicator(self) -> Indicator:
        """The indicator the report speaks of first."""
        return self.model.indicators[self.main]

    def by(self, *labels: str, view: str = "total") -> list[Summary]:
        """Return what `Results.by` returns, computed once."""
        key = (*labels, view)
        if key not in self._groups:
            self._groups[key] = self.results.by(*labels, view=view)
        return self._groups[key]

    @cached_property
    def ranked(self) -> dict[int, Indices]:
        """The shares of the variance of each known indicator, per functional unit, by its position, as figures show them; nothing where nothing is uncertain.

        First order from the draws where parameters are correlated; nothing then where the draws were not kept.
        """
        found: list[Indices] = []
        if self.model.correlations:
            found = from_draws(self.results, self._outputs) if self.results.values.size else []
        elif self.model.uncertain:
            found = sobol(self.model, self._outputs, seed=self.results.seed)
        return {i.output.indicator: i for i in found if i.variance > 0}

    @cached_property
    def moved(self) -> dict[int, dict[str, float]]:
        """The elasticity of each known indicator with respect to each number, per functional unit."""
        return {o.indicator: found for o, found in elasticity(self.model, self._outputs).items()}

    @cached_property
    def parts(self) -> dict[int, dict[str, float]]:
        """The share of each known indicator in flows that depend on each number."""
        return {o.indicator: found for o, found in shares(self.model, self._outputs).items()}

    @cached_property
    def swings(self) -> dict[str, Swing]:
        """What each uncertain parameter does to the main indicator alone, per functional unit."""
        output = Output(self.main, view="functional_unit")
        return {s.parameter: s for s in tornado(self.model, [output])[output]} if self.model.uncertain else {}

    @cached_property
    def _outputs(self) -> list[Output]:
        return [Output(k, view="functional_unit") for k in self.known]

    @cached_property
    def _groups(self) -> dict[tuple[str, ...], list[Summary]]:
        return {}


def figure_of(summary: Summary, unit: str | None = None) -> Figure:
    """Return a summary as it is shown; `unit` names the one it is shown in. Its numbers must be known."""
    assert summary.point is not None and summary.p5 is not None and summary.p95 is not None
    return figure(summary.point, summary.p5, summary.p95, summary.indicator.unit, current(), unit)


def cell(summary: Summary, unit: str) -> Cell:
    """Return a summary as a cell of a column whose head names the unit: the stated value, its interval under it."""
    if summary.point is None:
        return Small(_("no factor"))
    shown = figure_of(summary, unit)
    return (shown.point, Small(shown.interval.replace(" ", "\u00a0"))) if shown.interval else shown.point


def unit_for(values: Iterable[float | None], indicator: Indicator) -> str:
    """Return the unit a column of values is shown in: the one that suits the largest."""
    return scaled(max((abs(v) for v in values if v is not None), default=0.0), indicator.unit)[1]


def plain_table(caption: str, heads: Iterable[Run], rows: Iterable[Iterable[Cell]], numbers: tuple[int, ...] = (), note: Run = "") -> Table:
    """Return a table of one group."""
    return Table(caption, tuple(heads), (Group("", tuple(tuple(r) for r in rows)),), numbers, note)


def capital(text: str) -> str:
    """Return a text as it begins a line."""
    return text[:1].upper() + text[1:]


def where(place: Place | None) -> str:
    """Return a place as a reader of the report finds it: the file's name and the line."""
    return f"{Path(place.file).name}:{place.line}" if place is not None and place.line else ""
