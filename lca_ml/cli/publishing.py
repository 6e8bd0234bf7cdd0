"""The commands for what is published of a study: cite, report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lca_ml.cli.options import composed, names, shared, whole_number
from lca_ml.cli.study import linked
from lca_ml.errors import Finding, UsageError
from lca_ml.words import _

if TYPE_CHECKING:
    from lca_ml.bibliography import Reference


@click.command()
@click.argument("file", required=False)
@composed
@click.option("--format", "form", type=click.Choice(["bibtex", "text", "json"]), default="bibtex", show_default=True, help="json is CSL-JSON (Zotero, Pandoc)")
@click.option("--methods", is_flag=True, help="print the paragraph on methods instead: what was assessed, and how")
@click.option("--samples", metavar="N", default="10_000", callback=whole_number(2, "samples"), help="the draws the paragraph speaks of", show_default=True)
@click.option("--seed", metavar="N", default="42", callback=whole_number(0, "seed"), help="the seed the paragraph speaks of", show_default=True)
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
