"""The command `explore`: the what-if page."""

from __future__ import annotations

from pathlib import Path

import click

from lca_ml.cli.options import composed, names, on_terminal, output, quiet, shared, spare, whole_number
from lca_ml.cli.study import linked
from lca_ml.errors import Finding, UsageError
from lca_ml.exporters import utf8
from lca_ml.words import _, grouped
from lca_ml.writing import write_file

MOST = 20_000  # draws: a page of more would answer too slowly to be played with


@click.command()
@click.argument("file", metavar="FILE")
@composed
@click.option("-o", "--out", metavar="FILE", callback=output, help="where to write it (default: standard output)")
@click.option("--samples", "--draws", "samples", metavar="N", default="2_000", callback=whole_number(100), help="how many draws", show_default=True)
@click.option("--seed", metavar="N", default="42", callback=whole_number(0), help="where the random numbers start", show_default=True)
@shared
def explore(file: str, variants: tuple[str, ...], settings: tuple[str, ...], out: str | None, samples: int, seed: int) -> int:
    """Write the what-if page of a scenario: one HTML file with a slider for each number, to be played with without a network.

    Regions, devices and variants are menus; totals, stages, intervals and what drives them follow each move. What the page shows is what `lca-ml run` gives
    with the same --set, --samples and --seed. Its address holds all that was moved, and a button gives the scenario back as YAML.
    """
    from lca_ml.explore import page

    if out in (None, "-") and on_terminal():
        raise UsageError(Finding("output", _("a page is no text for a terminal"), None, _("Name a file: -o explore.html.")))
    if samples > MOST:
        raise UsageError(Finding("samples", _("a page makes {most} draws at most, not {samples}").format(most=grouped(MOST), samples=grouped(samples))))
    spare(file, out)
    data = utf8(page(*linked(file, names(variants), settings), samples, seed))
    if out is None or out == "-":
        click.echo(data, nl=False)
        return 0
    write_file(Path(out), data)
    if not quiet():
        click.echo(_("written: {file} ({size} kB)").format(file=out, size=round(len(data) / 1000)), err=True)
        click.echo(_("next: open it in a browser; it needs no network"), err=True)
    return 0
