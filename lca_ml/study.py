"""For scripts: what the command line does, a script can do.

import lca_ml
study = lca_ml.load("town-hall.yaml", variants=["in_poland"], settings=["pue=1.2"])
results = study.run(samples=10_000, seed=42)
results.total["climate_change"]      # a pint quantity
results.frame                        # a tidy pandas table
Path("report.html").write_text(study.report(results))
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lca_ml import engine, explain
from lca_ml.model import Model, load_model
from lca_ml.results import Results
from lca_ml.sampling import SAMPLES, SEED
from lca_ml.scenario import Scenario
from lca_ml.verification import Check, verify


@dataclass(frozen=True)
class Study:
    """A scenario and its model, ready to be computed."""

    scenario: Scenario
    model: Model

    def run(self, samples: int = SAMPLES, seed: int = SEED) -> Results:
        """Return the results of so many draws. Raises InputError where one is not a finite number, UsageError where they do not fit in memory."""
        return engine.run(self.model, samples, seed)

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
