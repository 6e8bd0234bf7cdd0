"""The commands for what is published of a study: cite, report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lca_ml.cli.options import MOST_SAMPLES, composed, drawn, names, on_terminal, output, quiet, shared, spare, whole_number
from lca_ml.cli.study import linked
from lca_ml.errors import Finding, UsageError, shown
from lca_ml.profiles import ids as profile_ids
from lca_ml.words import _
from lca_ml.writing import write_file

if TYPE_CHECKING:
    from lca_ml.bibliography import Reference
    from lca_ml.model import Model
    from lca_ml.scenario import Scenario


@click.command()
@click.argument("file", metavar="FILE")
@composed
@click.option(
    "-o", "--out", metavar="FILE", callback=output, help="where to write it (default: standard output); its ending tells the format: .html, .md, .tex, .pdf"
)
@click.option("--format", "form", type=click.Choice(["html", "markdown", "latex", "pdf"]), help="the format, where no ending tells it (default: html)")
@click.option("--template", type=click.Choice(profile_ids()), help="lay the report beside what a standard or a text asks for, and say what is missing")
@drawn
@shared
def report(
    file: str, variants: tuple[str, ...], settings: tuple[str, ...], out: str | None, form: str | None, template: str | None, samples: int, seed: int
) -> int:
    """Write the report of a scenario: one file that stands alone, offline, to read, to print and to send.

    The answer, the boundary, figures with their data, results, what dominates, parameters, formulas with numbers, sources with licences, methods ready to
    paste, and how to reproduce it. A template is a checklist and claims no conformity. PDF needs the extra: pip install 'lca-ml[pdf]'.
    """
    from lca_ml import charts, engine
    from lca_ml import report as room

    form = form or _format_of(out)
    if form == "pdf" and out in (None, "-") and on_terminal():
        raise UsageError(Finding("output", _("a PDF is no text for a terminal"), None, _("Name a file: -o report.pdf.")))
    spare(file, out)
    scenario, model = linked(file, names(variants), settings)
    results = engine.run(model, samples, seed)
    drawn = charts.of_study(results, charts.Canvas("web"), room.first_indicator(results))
    data = room.written(form, scenario, model, results, drawn, template or "")
    if out in (None, "-"):
        click.echo(data, nl=False)
    else:
        write_file(Path(out), data)
    if not quiet():
        for line in _said(scenario, model, out, len(data), template):
            click.echo(line, err=True)
    return 0


def _format_of(out: str | None) -> str:
    """Return the format a file's ending tells; HTML on standard output. Raises UsageError for an ending that tells none."""
    from lca_ml.report import FORMATS

    if out in (None, "-"):
        return "html"
    ending = Path(out).suffix.lower()
    found = next((form for form, endings in FORMATS.items() if ending in endings), None)
    if found is None:
        message = _("the ending of {name} tells no format").format(name=shown(out, 60))
        raise UsageError(Finding("output", message, None, _("Write .html, .md, .tex or .pdf, or --format.")))
    return found


def _said(scenario: Scenario, model: Model, out: str | None, size: int, template: str | None) -> Iterator[str]:
    """Yield what is said beside a report: how much of its template is filled, where it lies."""
    if template is not None:
        from lca_ml.profiles import filled
        from lca_ml.report.content.checklist import tally

        yield tally(filled(scenario, model, template))
    if out not in (None, "-"):
        yield _("written: {file} ({size} kB)").format(file=out, size=round(size / 1000))


@click.command()
@click.argument("file", required=False, metavar="[FILE]")
@composed
@click.option("--format", "form", type=click.Choice(["bibtex", "text", "json"]), default="bibtex", show_default=True, help="json is CSL-JSON (Zotero, Pandoc)")
@click.option("--methods", is_flag=True, help="print the paragraph on methods instead: what was assessed, and how")
@click.option("--samples", metavar="N", default="10_000", callback=whole_number(2, MOST_SAMPLES), help="the draws the paragraph speaks of", show_default=True)
@click.option("--seed", metavar="N", default="42", callback=whole_number(0), help="the seed the paragraph speaks of", show_default=True)
@shared
def cite(file: str | None, variants: tuple[str, ...], settings: tuple[str, ...], form: str, methods: bool, samples: int, seed: int) -> int:
    """Print the bibliography of a study: lca-ml, the factor publications used, the sources of the scenario and of its processes.

    Each source with its licence. Without FILE, how to cite lca-ml alone.
    """
    from lca_ml.bibliography import references, tool

    if file is None:
        if methods or variants or settings:
            raise UsageError(Finding("files", _("name a scenario: the paragraph on methods is that of a study")))
        click.echo(_bibliography((tool(),), form), nl=False)
        return 0
    scenario, model = linked(file, names(variants), settings)
    if methods:
        from lca_ml.methods import paragraph

        click.echo(paragraph(scenario, model, samples, seed))
        return 0
    click.echo(_bibliography(references(scenario, model), form), nl=False)
    return 0


def _bibliography(found: tuple[Reference, ...], form: str) -> str:
    from lca_ml.bibliography import bibtex, csl, listed
    from lca_ml.exporters import json_text

    if form == "json":
        return json_text(csl(found))
    return bibtex(found) if form == "bibtex" else "".join(f"{line}\n" for line in listed(found))
