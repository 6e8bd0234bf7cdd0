"""Alternatives on the same draws: how far apart, in what share of the draws, and what explains it.

    compared = compare([Alternative("here", model), Alternative("there", other)])
    compared.differences()          each alternative against the first, in each indicator
    compared.causes("stage")        the same difference, group by group: the groups sum to the whole

Shares of draws say how often one alternative is below the other given what is written in the scenarios. They are not tests of
significance: more draws make them more precise, never more certain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lca_ml.comparison.alignment import Alternative, common
from lca_ml.comparison.draws import Draws
from lca_ml.engine import Program, fits
from lca_ml.errors import Finding
from lca_ml.factors import Indicator
from lca_ml.results import STATISTICS, Results, Summary
from lca_ml.sampling import SAMPLES, SEED

Array = NDArray[np.float64]

CLEARLY = 0.10  # below this share of the other, a difference is hardly one in a life-cycle assessment


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity over the draws: its stated value, and median and central 90 % interval of the draws."""

    point: float
    median: float
    p5: float
    p95: float


@dataclass(frozen=True, slots=True)
class Difference:
    """How one alternative differs from the first in one indicator.

    difference      alternative − first, in indicator units
    ratio           alternative / first; None where the first is zero or changes its sign
    below           share of the draws in which the alternative is the lower one, ties counted half
    clearly_below   share in which it is lower by at least 10 % of the first; clearly_above likewise
    Everything is None where one of the two is unknown.
    """

    indicator: Indicator
    alternative: str
    against: str
    difference: Spread | None
    ratio: Spread | None
    below: float | None
    clearly_below: float | None
    clearly_above: float | None


@dataclass(frozen=True, slots=True)
class Cause:
    """What one group of flows contributes to a difference; None where it is unknown in one of the two."""

    indicator: Indicator
    alternative: str
    against: str
    label: str
    difference: Spread | None


@dataclass(frozen=True)
class Comparison:
    """Alternatives computed on the same draws, the first being the one others are compared with."""

    alternatives: tuple[Alternative, ...]
    results: tuple[Results, ...] = field(repr=False)
    view: str
    indicators: tuple[Indicator, ...]
    notes: tuple[Finding, ...] = ()

    def summaries(self, position: int) -> list[Summary]:
        """Return the totals of one alternative, an indicator each."""
        found = {s.indicator.id: s for s in self.results[position].by(view=self.view)}
        return [found[i.id] for i in self.indicators]

    def draws(self, position: int, indicator: Indicator) -> Array:
        """Return the total of one alternative, (samples,)."""
        results = self.results[position]
        return np.asarray(results.draws(range(len(results.model.flows)), self.view)[_position(results, indicator)])

    def differences(self) -> list[Difference]:
        """Return each alternative against the first, in each indicator."""
        return [self._difference(i, indicator) for i in range(1, len(self.alternatives)) for indicator in self.indicators]

    def causes(self, label: str = "stage", indicators: Collection[Indicator] = ()) -> list[Cause]:
        """Return what each group of flows contributes to each difference; stated values sum to the stated difference, draws to the draws.

        label        any a table may be grouped by: stage, activity, flow, phase, region, year, process, or a tag
        indicators   all where none is named
        Raises UsageError for a label no alternative has.
        """
        return [cause for i in range(1, len(self.alternatives)) for cause in self._causes(i, label, indicators or self.indicators)]

    def drawn_alike(self, position: int) -> tuple[int, int, int]:
        """Return how many uncertain inputs an alternative shares with the first, how many the first has alone, and it alone."""
        a, b = ({n.stream or n.name for n in Program(x.model).drawn} for x in (self.alternatives[0], self.alternatives[position]))
        return len(a & b), len(a - b), len(b - a)

    def rows(self, label: str = "stage") -> list[dict[str, Any]]:
        """Return all of it as tidy rows: indicator, alternative, against, label, view, statistic, value (None where unknown), unit."""
        return [*self._summary_rows(label), *self._difference_rows(label), *self._cause_rows(label)]

    def _difference(self, position: int, indicator: Indicator) -> Difference:
        names = (indicator, self.alternatives[position].name, self.alternatives[0].name)
        a, b = self._point(0, indicator), self._point(position, indicator)
        if a is None or b is None:
            return Difference(*names, None, None, None, None, None)
        first, other = self.draws(0, indicator), self.draws(position, indicator)
        apart = CLEARLY * np.abs(first)
        return Difference(
            *names,
            _spread(b - a, other - first),
            _spread(b / a, other / first) if a and ((first > 0).all() or (first < 0).all()) else None,
            float(((other < first) + 0.5 * (other == first)).mean()),
            float((other <= first - apart)[first != other].sum() / first.size),
            float((other >= first + apart)[first != other].sum() / first.size),
        )

    def _causes(self, position: int, label: str, indicators: Collection[Indicator]) -> Iterator[Cause]:
        first, other = self.results[0], self.results[position]
        groups = [{key[0]: flows for key, flows in r.groups((label,)).items()} for r in (first, other)]
        for name in dict.fromkeys((*groups[0], *groups[1])):
            flows = [g.get(name, []) for g in groups]
            points = [self._points(r, f) for r, f in zip((first, other), flows, strict=True)]
            draws = [r.draws(f, self.view) for r, f in zip((first, other), flows, strict=True)]
            for indicator in indicators:
                ks = [_position(r, indicator) for r in (first, other)]
                known = all(not f or r.model.knows(f, k) for r, f, k in zip((first, other), flows, ks, strict=True))
                spread = _spread(float(points[1][ks[1]] - points[0][ks[0]]), draws[1][ks[1]] - draws[0][ks[0]]) if known else None
                yield Cause(indicator, self.alternatives[position].name, self.alternatives[0].name, name, spread)

    def _point(self, position: int, indicator: Indicator) -> float | None:
        results = self.results[position]
        flows, k = list(range(len(results.model.flows))), _position(results, indicator)
        return float(self._points(results, flows)[k]) if results.model.knows(flows, k) else None

    def _points(self, results: Results, flows: list[int]) -> Array:
        summed: Array = results.points[sorted(flows, key=lambda i: results.model.flows[i].name)].sum(axis=0)
        return summed / results.reference_point if self.view == "functional_unit" else summed

    def _summary_rows(self, label: str) -> Iterator[dict[str, Any]]:
        for i, alternative in enumerate(self.alternatives):
            for s in self.summaries(i):
                for statistic in STATISTICS:
                    yield self._row(s.indicator, alternative.name, None, label, None, statistic, getattr(s, statistic), s.indicator.unit.text)

    def _difference_rows(self, label: str) -> Iterator[dict[str, Any]]:
        for d in self.differences():
            names = (d.indicator, d.alternative, d.against, label, None)
            for prefix, spread, unit in (("difference", d.difference, d.indicator.unit.text), ("ratio", d.ratio, "")):
                for statistic in Spread.__slots__:
                    yield self._row(*names, f"{prefix}_{statistic}", None if spread is None else getattr(spread, statistic), unit)
            for statistic in ("below", "clearly_below", "clearly_above"):
                yield self._row(*names, f"share_{statistic}", getattr(d, statistic), "")

    def _cause_rows(self, label: str) -> Iterator[dict[str, Any]]:
        for c in self.causes(label):
            for statistic in Spread.__slots__:
                value = None if c.difference is None else getattr(c.difference, statistic)
                yield self._row(c.indicator, c.alternative, c.against, label, c.label, f"difference_{statistic}", value, c.indicator.unit.text)

    def _row(
        self, indicator: Indicator, name: str, against: str | None, label: str, group: str | None, statistic: str, value: float | None, unit: str
    ) -> dict[str, Any]:
        where = {"indicator": indicator.id, "alternative": name, "against": against, "label": None if group is None else label, "group": group}
        return {**where, "view": self.view, "statistic": statistic, "value": value, "unit": unit}


def compare(
    alternatives: Sequence[Alternative], samples: int = SAMPLES, seed: int = SEED, view: str = "functional_unit", align: Collection[str] = ()
) -> Comparison:
    """Return the alternatives computed on the same draws, each to be compared with the first.

    view    "functional_unit", or "total" over the life cycle
    align   of `functional_unit`, `indicators`, `boundary`: what may differ; see `common`
    Raises UsageError where they cannot be compared or do not fit in memory, InputError where a sample is not a finite number.
    """
    shared = common(alternatives, view, align)
    fits(sum(len(a.model.flows) * len(a.model.indicators) for a in alternatives), samples)
    draws = Draws(samples, seed)
    results = tuple(draws.results(Program(a.model)) for a in alternatives)
    return Comparison(tuple(alternatives), results, shared.view, shared.indicators, shared.notes)


def _spread(point: float, draws: Array) -> Spread:
    low, middle, high = np.percentile(draws, (5, 50, 95))
    return Spread(point, float(middle), float(low), float(high))


def _position(results: Results, indicator: Indicator) -> int:
    return [i.id for i in results.indicators].index(indicator.id)
