"""The labelled table every calculation returns: group it by any label, the sum always equals the total.

Numbers are kept at the finest grain, (flows, indicators, samples); every table and chart is a group-by of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lca_ml.errors import Finding, UsageError, did_you_mean, shown
from lca_ml.factors import Indicator
from lca_ml.model import LABELS, Model, chosen
from lca_ml.units import to_pint, unit
from lca_ml.words import _

if TYPE_CHECKING:
    import pandas
    import pint

Array = NDArray[np.float64]

VIEWS = ("total", "functional_unit")
STATISTICS = ("point", "mean", "median", "p5", "p95")
GRAINS = ((), ("stage",), ("stage", "activity"), ("phase",), ("stage", "flow"), ("stage", "phase"), ("stage", "activity", "flow", "phase"))
DOTS = 20
"""How many quantiles of a total the result document holds: each stands for one in so many draws."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is shown of one cell of a table: an indicator over a group of flows, in one view.

    All numbers are None where no factor is known: unknown is not zero.
    """

    indicator: Indicator
    labels: dict[str, str]
    view: str
    point: float | None
    mean: float | None
    median: float | None
    p5: float | None
    p95: float | None

    @property
    def spread(self) -> bool:
        """Whether the interval is wider than rounding."""
        return self.p5 is not None and self.p95 is not None and self.p95 - self.p5 > 1e-9 * max(abs(self.p5), abs(self.p95))


@dataclass(frozen=True)
class Results:
    """The impacts of a model, sample by sample.

    values           (flows, indicators, samples), in indicator units over the whole life cycle; 0 where unknown
    points           (flows, indicators), the same with the stated values
    reference        (samples,), functional units delivered; reference_point the stated one
    """

    model: Model
    seed: int
    values: Array = field(repr=False)
    points: Array = field(repr=False)
    reference: Array = field(repr=False)
    reference_point: float
    sampler: str = "random"

    @property
    def samples(self) -> int:
        """How many samples were drawn."""
        return int(self.values.shape[2])

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators, in the order of the third axis of `values`."""
        return self.model.indicators

    def groups(self, labels: Iterable[str]) -> dict[tuple[str, ...], list[int]]:
        """Return which flows belong to each combination of labels, stages in the order of charts.

        Raises UsageError for a label no flow has.
        """
        labels = tuple(labels)
        tags = {name for f in self.model.flows for name, _value in f.tags}
        for label in labels:
            if label not in LABELS and label not in tags:
                known = (*LABELS, *sorted(tags))
                hint = did_you_mean(label, known) or _("Labels are {names}.").format(names=", ".join(known))
                raise UsageError(Finding("label", _("{label} is not a label to group by").format(label=shown(label, 30)), None, hint))
        found: dict[tuple[str, ...], list[int]] = {}
        for i in sorted(range(len(self.model.flows)), key=lambda i: self.model.stages.index(self.model.flows[i].stage)):
            found.setdefault(tuple(self.model.flows[i].label(label) for label in labels), []).append(i)
        return found if found else {(): []}

    def by(self, *labels: str, view: str = "total") -> list[Summary]:
        """Return a summary for each group of flows and each indicator; without labels, of everything.

        labels   any of stage, activity, flow, phase, region, year, process, or a tag of the scenario
        view     "total" over the life cycle, or per "functional_unit"
        """
        labels = tuple(labels)
        return [s for key, flows in self.groups(labels).items() for s in self._summaries(dict(zip(labels, key, strict=True)), flows, view)]

    def of(self, indicator: str, where: str = "", view: str = "total") -> Summary:
        """Return the summary of one indicator over the flows `where` names: a stage, activity, phase or flow; all where empty.

        Raises UsageError where it names none, or the indicator is not one of the results.
        """
        ids = [i.id for i in self.indicators]
        if indicator not in ids:
            raise UsageError(Finding("indicator", _("{name} is an unknown indicator").format(name=shown(indicator, 30)), None, did_you_mean(indicator, ids)))
        if not chosen(self.model.flows, where):
            known = sorted({x for f in self.model.flows for x in (f.stage, f.activity, f.phase, f.flow)})
            raise UsageError(Finding("of", _("{of} is no stage, activity, phase or flow here").format(of=shown(where)), None, did_you_mean(where, known)))
        return next(s for s in self._summaries({"of": where}, chosen(self.model.flows, where), view) if s.indicator.id == indicator)

    def over(self, flows: Iterable[int], view: str = "total") -> list[Summary]:
        """Return a summary of some flows together, by their positions, for each indicator."""
        return list(self._summaries({"of": "flows"}, list(flows), view))

    def draws(self, flows: Iterable[int], view: str = "total") -> Array:
        """Return the impacts of some flows together, (indicators, samples)."""
        together = self._sorted(flows)
        summed = self.values[together].sum(axis=0) if len(together) != len(self.model.flows) else self._all
        return summed / self.reference if view == "functional_unit" else summed

    def quantiles(self, indicator: int, view: str = "functional_unit", count: int = DOTS) -> list[float]:
        """Return so many values of a total that split the draws evenly: the quantiles at (i + ½) / count, in the indicator's unit.

        Source: Kay, Kola, Hullman, Munson 2016, When (ish) is my bus?, CHI '16 (quantile dotplots).
        """
        draws = self.draws(range(len(self.model.flows)), view)[indicator : indicator + 1]
        return [float(_quantile(draws, (i + 0.5) / count)[0]) for i in range(count)]

    def quantile_rows(self) -> list[dict[str, str | float | None]]:
        """Return the quantiles of every known total, in both views, as rows: indicator, view, statistic (q2.5, q7.5 …), value, unit."""
        known = [k for k in range(len(self.indicators)) if self.model.knows(range(len(self.model.flows)), k)]
        return [
            {"indicator": self.indicators[k].id, "view": view, "statistic": quantile_name(i), "value": value, "unit": self.indicators[k].unit.text}
            for view in VIEWS
            for k in known
            for i, value in enumerate(self.quantiles(k, view))
        ]

    def above(self, indicator: int, value: float) -> float:
        """Return the share of draws in which a total per functional unit lies above a value."""
        return float((self.draws(range(len(self.model.flows)), "functional_unit")[indicator] > value).mean())

    @property
    def total(self) -> dict[str, pint.Quantity[float]]:
        """The stated total of each known indicator as a pint quantity."""
        return {s.indicator.id: to_pint(s.point, s.indicator.unit) for s in self.by() if s.point is not None}

    @property
    def frame(self) -> pandas.DataFrame:
        """The finest grain as a tidy pandas table: indicator, stage, activity, flow, phase, view, statistic, value, unit."""
        import pandas  # 0.3 s of import, paid by who asks for a table

        return pandas.DataFrame(self.rows())

    def rows(self, grains: Iterable[tuple[str, ...]] = GRAINS) -> list[dict[str, str | float | None]]:
        """Return the rows of the result document: each statistic of each group, None for a label that is summed over."""
        return [row for grain in grains for view in VIEWS for summary in self.by(*grain, view=view) for row in _rows(summary)]

    @property
    def known(self) -> NDArray[np.bool_]:
        """(flows, indicators): False where the impact is unknown because the library holds no factor."""
        flows = self.model.flows
        return np.array([[n is not None or s for n, s in zip(f.factors, f.silent, strict=True)] for f in flows], dtype=bool).reshape(len(flows), -1)

    @cached_property
    def _all(self) -> Array:
        return np.asarray(self.values[self._sorted(range(len(self.model.flows)))].sum(axis=0))

    def _sorted(self, flows: Iterable[int]) -> list[int]:
        """Return flows in the order of their names, so that a sum does not depend on the order of the file."""
        return sorted(flows, key=lambda i: self.model.flows[i].name)

    def _summaries(self, labels: dict[str, str], flows: list[int], view: str) -> Iterator[Summary]:
        draws = self.draws(flows, view)
        if view not in VIEWS:
            raise UsageError(Finding("view", _("{view} is not a view: {names}").format(view=shown(view, 30), names=", ".join(VIEWS))))
        points = self.points[self._sorted(flows)].sum(axis=0) / (self.reference_point if view == "functional_unit" else 1.0)
        low, middle, high = (_quantile(draws, p) for p in (0.05, 0.5, 0.95))
        mean = draws.mean(axis=1)
        for k, indicator in enumerate(self.indicators):
            if self.model.knows(flows, k):
                yield Summary(indicator, labels, view, float(points[k]), float(mean[k]), float(middle[k]), float(low[k]), float(high[k]))
            else:
                yield Summary(indicator, labels, view, None, None, None, None, None)


def quantile_name(i: int, count: int = DOTS) -> str:
    """Return the name of a quantile in a document: `q2.5` for the first of twenty."""
    return f"q{100 * (i + 0.5) / count:g}"


def _rows(summary: Summary) -> Iterator[dict[str, str | float | None]]:
    for statistic in STATISTICS:
        yield {
            "indicator": summary.indicator.id,
            **{label: summary.labels.get(label) for label in ("stage", "activity", "flow", "phase")},
            "view": summary.view,
            "statistic": statistic,
            "value": getattr(summary, statistic),
            "unit": summary.indicator.unit.text,
        }


def _quantile(draws: Array, p: float) -> Array:
    """Return the quantile of each row, a straight line between neighbours (Hyndman and Fan 1996, type 7): np.percentile without its import of numpy.ma."""
    at = p * (draws.shape[1] - 1)
    below = int(at)
    above = min(below + 1, draws.shape[1] - 1)
    parted = np.partition(draws, (below, above), axis=1)
    return np.asarray(parted[:, below] + (at - below) * (parted[:, above] - parted[:, below]))


def in_unit(value: float, indicator: Indicator, name: str) -> float:
    """Return an indicator's value in another unit of its family."""
    return value * indicator.unit.scale / unit(name).scale
