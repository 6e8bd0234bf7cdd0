"""The report of a study: one content, written as HTML, Markdown, LaTeX or PDF.

    html(scenario, model, results, charts)   -> one file that stands alone
    markdown, latex, pdf                      the same content in another form; the first two hold no figures but their data

The language is the one in force (`lca_ml.words.speak`). The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from lca_ml.exporters import utf8
from lca_ml.factors import Indicator
from lca_ml.model import Model
from lca_ml.report.content import Subject, document
from lca_ml.report.document import Chart
from lca_ml.results import Results
from lca_ml.scenario import Scenario

__all__ = ["FORMATS", "first_indicator", "html", "latex", "markdown", "pdf", "written"]

FORMATS = {"html": (".html", ".htm"), "markdown": (".md", ".markdown"), "latex": (".tex",), "pdf": (".pdf",)}
"""Each format, and the endings of its files."""


def first_indicator(results: Results) -> Indicator:
    """Return the indicator a report speaks of first: the first one something is known of. Its figures should be of the same."""
    return next((s.indicator for s in results.by() if s.point is not None), results.indicators[0])


def html(scenario: Scenario, model: Model, results: Results, charts: Iterable[Chart] = (), template: str = "") -> str:
    """Return the report as one HTML file that stands alone: no script, nothing from outside, printable, light and dark.

    charts     figures of the study in the light theme, e.g. `charts.of_study(results, Canvas("web"))`
    template   a profile to lay the report beside (`lca_ml.profiles.ids()`), empty for none
    """
    from lca_ml.report.as_html import page  # Jinja2, 0.05 s of import, paid by who writes HTML

    return page(document(Subject(scenario, model, results, tuple(charts), template)))


def markdown(scenario: Scenario, model: Model, results: Results, charts: Iterable[Chart] = (), template: str = "") -> str:
    """Return the report as Markdown (CommonMark with tables); of figures the title, the alternative text and the data. Arguments as of `html`."""
    from lca_ml.report.as_markdown import text

    return text(document(Subject(scenario, model, results, tuple(charts), template)))


def latex(scenario: Scenario, model: Model, results: Results, charts: Iterable[Chart] = (), template: str = "") -> str:
    """Return the report as a LaTeX document for pdfTeX, XeTeX or LuaTeX; figures are taken from `charts/` beside it where they are. Arguments as of `html`."""
    from lca_ml.report.as_latex import text

    return text(document(Subject(scenario, model, results, tuple(charts), template)))


def pdf(scenario: Scenario, model: Model, results: Results, charts: Iterable[Chart] = (), template: str = "") -> bytes:
    """Return the report as a tagged PDF. Raises WorldError where WeasyPrint is not installed. Arguments as of `html`."""
    from lca_ml.report.as_pdf import pages

    return pages(document(Subject(scenario, model, results, tuple(charts), template)))


def written(form: str, scenario: Scenario, model: Model, results: Results, charts: Iterable[Chart] = (), template: str = "") -> bytes:
    """Return the report in a format of `FORMATS`, as the bytes of a file. Arguments as of `html`."""
    if form == "pdf":
        return pdf(scenario, model, results, charts, template)
    return utf8({"html": html, "markdown": markdown, "latex": latex}[form](scenario, model, results, charts, template))
