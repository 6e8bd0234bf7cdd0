"""For scripts: what the command line does, a script can do.

import lca_ml
study = lca_ml.load("town-hall.yaml", variants=["in_poland"], settings=["pue=1.2"])
results = study.run(samples=10_000, seed=42)
results.total["climate_change"]      # a pint quantity
results.frame                        # a tidy pandas table
results.chart("stages").png()        # a figure for a slide
results.compare(other.run())         # on the same draws
Path("report.html").write_text(study.report(results))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from lca_ml import engine, explain, results
from lca_ml.errors import Finding, UsageError, did_you_mean, shown
from lca_ml.factors import Indicator
from lca_ml.model import Model, load_model
from lca_ml.sampling import SAMPLES, SEED
from lca_ml.scenario import Scenario
from lca_ml.verification import Check, verify
from lca_ml.words import _

if TYPE_CHECKING:
    import pandas

    from lca_ml.charts import Chart
    from lca_ml.comparison import Comparison


class Results(results.Results):
    """The results of a study, and what can be made of them: figures, sensitivity, comparison. See `lca_ml.results.Results` for the numbers."""

    def chart(
        self, kind: str, medium: str = "slide", theme: str = "light", language: str | None = None, indicator: str = "", view: str = "functional_unit"
    ) -> Chart:
        """Return a figure of one study: stages, indicators, tornado, sobol, elasticity, flow, distribution or scale.

        `.svg()`, `.png()`, `.pdf()` and `.csv()` give its files, `.figure` is matplotlib's, for what a script wants to change.
        Raises UsageError for an unknown kind, and where there is nothing to show.
        """
        from lca_ml import charts  # matplotlib, paid by who asks for a figure
        from lca_ml.data import folder
        from lca_ml.factors import equivalents

        references = equivalents(folder("factors")) if kind == "scale" else ()
        subject = charts.Subject([charts.Named("base", self)], self._indicator(indicator), view, references=references)
        return charts.draw(kind, subject, charts.Canvas(medium, theme, language))

    def sensitivity(self, view: str = "functional_unit") -> pandas.DataFrame:
        """Return which parameter dominates, a row for each indicator and parameter: S1, ST, elasticity, share, ends of its tornado bar.

        Raises UsageError where parameters are correlated.
        """
        import pandas

        from lca_ml.sensitivity import sobol, totals
        from lca_ml.sensitivity.documents import index_rows

        return pandas.DataFrame(index_rows(self.model, sobol(self.model, totals(self.model, views=(view,)), seed=self.seed)))

    def compare(self, other: results.Results, view: str = "functional_unit") -> Comparison:
        """Return another study's results against these, on the same draws. Raises UsageError where the two cannot be compared."""
        from lca_ml.comparison import Alternative, compare

        return compare([Alternative("base", self.model), Alternative(other.model.title, other.model)], self.samples, self.seed, view)

    def _indicator(self, name: str) -> Indicator | None:
        known = {i.id: i for i in self.indicators}
        if name and name not in known:
            message = _("{name} is an unknown indicator").format(name=shown(name, 30))
            raise UsageError(Finding("indicator", message, None, did_you_mean(name, known)))
        return known.get(name)

    def _repr_html_(self) -> str:
        """Return the totals per functional unit as a table, for notebooks."""
        import pandas

        rows = [
            {"indicator": s.indicator.id, **{k: getattr(s, k) for k in results.STATISTICS}, "unit": s.indicator.unit.text}
            for s in self.by(view="functional_unit")
        ]
        return str(pandas.DataFrame(rows).to_html(index=False, border=0))


@dataclass(frozen=True)
class Study:
    """A scenario and its model, ready to be computed."""

    scenario: Scenario
    model: Model

    def run(self, samples: int = SAMPLES, seed: int = SEED) -> Results:
        """Return the results of so many draws. Raises InputError where one is not a finite number, UsageError where they do not fit in memory."""
        found = engine.run(self.model, samples, seed)
        return Results(**{f.name: getattr(found, f.name) for f in fields(found)})

    def explain(self, quantity: str) -> str:
        """Return where a number comes from. Raises UsageError for a quantity the study does not have."""
        return explain.text(self.model, quantity)

    def report(self, results: Results | None = None, template: str = "") -> str:
        """Return the report as one HTML file; `lca_ml.report` writes Markdown, LaTeX and PDF as well.

        results    those of `run`; None computes them
        template   a profile to lay it beside, e.g. iso14044
        """
        from lca_ml import charts, report  # matplotlib and Jinja2, paid by who asks for a report

        found = results or self.run()
        drawn = charts.of_study(found, charts.Canvas("web"), report.first_indicator(found))
        return report.html(self.scenario, self.model, found, drawn, template)

    def explore(self, samples: int = 2_000, seed: int = SEED) -> str:
        """Return the what-if page: one HTML file that stands alone and makes so many draws in the browser."""
        from lca_ml.explore import page  # Jinja2, paid by who makes a page

        return page(self.scenario, self.model, samples, seed)

    def verify(self) -> tuple[Check, ...]:
        """Return the published figures of the scenario against recomputed ones."""
        return verify(self.model)


def load(path: str, variants: Iterable[str] = (), settings: Iterable[str] = ()) -> Study:
    """Return the study of a scenario file.

    variants   names of variants of the file, composed left to right
    settings   `path=value`, on top of all
    Raises InputError with every mistake of the file, WorldError where it cannot be read.
    """
    return Study(*load_model(path, variants, settings))
