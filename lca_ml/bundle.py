"""Everything a study gives, as files of one folder: what `run -o` writes.

    files(scenario, model, results)   -> {"result.json": …, "charts/stages.svg": …, …}

All of it is made of the same results, so that every figure is a row of the documents beside it.
"""

from __future__ import annotations

from lca_ml.charts import Canvas, Chart, of_study
from lca_ml.explore import page
from lca_ml.exporters import csv_text, json_text, utf8
from lca_ml.exporters import files as tables
from lca_ml.model import Model
from lca_ml.report import first_indicator, html
from lca_ml.results import Results
from lca_ml.scenario import Scenario
from lca_ml.sensitivity import sobol, totals
from lca_ml.sensitivity.documents import index_rows

SENSITIVITY = "sensitivity"


def files(scenario: Scenario, model: Model, results: Results) -> dict[str, bytes]:
    """Return the files of a study by relative name: tables, sensitivity, charts for slides, the report, the what-if page."""
    indicator = first_indicator(results)
    report = html(scenario, model, results, of_study(results, Canvas("web"), indicator))
    slides = of_study(results, Canvas("slide"), indicator)
    pages = {"report.html": report, "explore.html": page(scenario, model, seed=results.seed)}
    return {**tables(results), **_sensitivity(model, results), **_charts(slides), **{name: utf8(text) for name, text in pages.items()}}


def _sensitivity(model: Model, results: Results) -> dict[str, bytes]:
    """Return the indices of every total per functional unit, as the figures show them; nothing where there are none."""
    if not model.uncertain or model.correlations:
        return {}
    rows = list(index_rows(model, sobol(model, totals(model, views=("functional_unit",)), seed=results.seed)))
    return {f"{SENSITIVITY}.json": utf8(json_text(rows)), f"{SENSITIVITY}.csv": utf8(csv_text(rows))}


def _charts(charts: list[Chart]) -> dict[str, bytes]:
    return {f"charts/{name}": data for chart in charts for name, data in chart.files().items()}
