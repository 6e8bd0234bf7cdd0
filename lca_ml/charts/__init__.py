"""Figures for talks, papers and pages: results in, a `Chart` out.

    draw("stages", Subject([Named("base", results)]), Canvas("slide", "light", "fr"))   -> Chart
    of_study(results, Canvas("web"))                                                    -> every chart one study has

A chart's title is the answer it gives; its rows are those of the documents of `run`, `sensitivity`, `compare` and `sweep`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lca_ml.charts import alone as alone  # first: it is how matplotlib is imported
from lca_ml.charts import alternatives, dominance, flow, spread, stages, sweeps
from lca_ml.charts.canvas import MEDIA, THEMES, Canvas
from lca_ml.charts.chart import Chart, styled
from lca_ml.charts.common import Named
from lca_ml.charts.sweeps import Curve
from lca_ml.colours import STAGE_COLOURS, stage_colours
from lca_ml.comparison import BreakEven, Cell, Comparison, Draws, Swept
from lca_ml.errors import Finding, UsageError, did_you_mean, shown
from lca_ml.factors import Equivalent, Indicator
from lca_ml.results import Results
from lca_ml.words import _, later, speaking

__all__ = [
    "CHARTS",
    "MEDIA",
    "STAGE_COLOURS",
    "THEMES",
    "Canvas",
    "Chart",
    "Named",
    "Subject",
    "Sweeping",
    "draw",
    "kind_of",
    "of_study",
    "stage_colours",
]


@dataclass(frozen=True)
class Sweeping:
    """A sweep ready to be drawn: its curves or, over two paths, its cells; where it breaks even; the budget of a map."""

    swept: Swept
    draws: Draws
    curves: Sequence[Curve] = ()
    even: BreakEven | None = None
    cells: Sequence[Cell] = ()
    budget: float | None = None


@dataclass(frozen=True)
class Subject:
    """What is drawn: results of one study or of alternatives, their comparison, a sweep, reference points."""

    results: Sequence[Named] = ()
    indicator: Indicator | None = None
    view: str = "functional_unit"
    compared: Comparison | None = None
    sweeping: Sweeping | None = None
    references: Sequence[Equivalent] = ()

    @property
    def asked(self) -> Indicator:
        """The indicator, the first of the study where none is named."""
        if self.indicator is not None:
            return self.indicator
        model = self.results[0].results.model if self.results else self.compared.results[0].model if self.compared else self.moved.swept.model
        return model.indicators[0]

    @property
    def moved(self) -> Sweeping:
        """The sweep. Raises UsageError where there is none."""
        if self.sweeping is None:
            raise UsageError(Finding("sweep", _("this chart takes a path and its values"), None, _("For example: pue=1.0..2.0:11.")))
        return self.sweeping

    @property
    def pair(self) -> Comparison:
        """The comparison. Raises UsageError where there is none."""
        if self.compared is None:
            raise UsageError(Finding("alternatives", _("this chart compares two alternatives"), None, _("Name another file, or --variant NAME.")))
        return self.compared


@dataclass(frozen=True)
class Kind:
    """A kind of chart: the question it answers, what it needs (results, alternatives, sweep, references), and how it is drawn."""

    answers: str
    needs: str
    draw: Callable[[Subject, Canvas], Chart]


def draw(kind: str, subject: Subject, canvas: Canvas | None = None) -> Chart:
    """Return a chart.

    kind   a name of CHARTS
    Raises UsageError for an unknown kind, and where there is nothing to show: nothing uncertain, nothing known, no alternative.
    """
    canvas = canvas or Canvas()
    with styled(), speaking(canvas.language):
        return kind_of(kind).draw(subject, canvas)


def kind_of(name: str) -> Kind:
    """Return a kind of chart by its name. Raises UsageError."""
    if name not in CHARTS:
        hint = did_you_mean(name, CHARTS) or _("Charts are {names}.").format(names=", ".join(CHARTS))
        raise UsageError(Finding("chart", _("{name} is an unknown chart").format(name=shown(name, 30)), None, hint))
    return CHARTS[name]


def of_study(results: Results, canvas: Canvas | None = None, indicator: Indicator | None = None, view: str = "functional_unit") -> list[Chart]:
    """Return the charts that one study has, without those for which it holds nothing to show."""
    subject = Subject([Named("base", results)], indicator, view)
    found = []
    for name, kind in CHARTS.items():
        if kind.needs == "results":
            try:
                found.append(draw(name, subject, canvas))
            except UsageError:
                continue
    return found


CHARTS: dict[str, Kind] = {
    "stages": Kind(later("which stage weighs most?"), "results", lambda s, c: stages.stages(s.results, s.asked, s.view, c)),
    "indicators": Kind(later("does carbon hide something else?"), "results", lambda s, c: stages.indicators(s.results, s.asked, s.view, c)),
    "compare": Kind(later("A or B?"), "alternatives", lambda s, c: alternatives.difference(s.pair, s.asked, c)),
    "waterfall": Kind(later("what explains the change?"), "alternatives", lambda s, c: alternatives.waterfall(s.pair, s.asked, c)),
    "tornado": Kind(later("what if each input is low or high?"), "results", lambda s, c: dominance.swings(s.results, s.asked, s.view, c)),
    "sobol": Kind(later("which uncertainty matters?"), "results", lambda s, c: dominance.shares_of_variance(s.results, s.asked, s.view, c)),
    "elasticity": Kind(later("which lever moves it most?"), "results", lambda s, c: dominance.elasticities(s.results, s.asked, s.view, c)),
    "sweep": Kind(
        later("when does it pay off?"),
        "sweep",
        lambda s, c: sweeps.sweep(s.moved.swept, s.moved.curves, s.asked, s.view, s.moved.draws, c, s.moved.even),
    ),
    "map": Kind(later("two knobs?"), "sweep", lambda s, c: sweeps.map_of(s.moved.swept, s.moved.cells, s.asked, s.view, c, s.moved.budget)),
    "flow": Kind(later("where does it come from?"), "results", lambda s, c: flow.flow(s.results, s.asked, s.view, c)),
    "distribution": Kind(later("how sure?"), "results", lambda s, c: spread.distribution(s.results, s.asked, s.view, c)),
    "scale": Kind(later("is that a lot?"), "references", lambda s, c: spread.ruler(s.results, s.asked, s.view, c, s.references)),
    "reconcile": Kind(later("why do two tools disagree?"), "alternatives", lambda s, c: alternatives.reconcile(s.pair, s.asked, c)),
}
"""Every kind of chart: the question it answers, and the function that draws it."""
