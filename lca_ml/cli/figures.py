"""The command `chart`: one figure, for a slide, a paper or a page, with its data and its alternative text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lca_ml.cli.alternatives import BASE, made_alternatives
from lca_ml.cli.options import composed, drawn, indicators_asked, names, output, quiet, shared, spare, text_of
from lca_ml.cli.sweeps import axes_of
from lca_ml.errors import Finding, UsageError
from lca_ml.exporters import csv_text
from lca_ml.model import Model, load_model
from lca_ml.words import _

if TYPE_CHECKING:
    from lca_ml.charts import Chart, Subject, Sweeping

MEDIA = ("slide", "web", "paper", "paper-wide")
FORMATS = ("svg", "png", "pdf", "csv", "txt")


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("kind", metavar="KIND")
@click.argument("grids", nargs=-1, metavar="[PATH=VALUES…]")
@composed
@click.option(
    "--for", "medium", type=click.Choice(MEDIA), default="slide", show_default=True, help="a 1920 × 1080 slide, a web page, one or two columns of a paper"
)
@click.option("--theme", type=click.Choice(["light", "dark"]), default="light", show_default=True, help="dark on light, or light on dark")
@click.option("--indicator", metavar="ID", help="the indicator (default: the first, climate_change)")
@click.option("--view", type=click.Choice(["functional_unit", "total"]), default="functional_unit", show_default=True, help="per functional unit or in all")
@click.option("--by", metavar="LABEL", default="stage", show_default=True, help="what a waterfall shares the difference out to")
@click.option("--budget", metavar="VALUE", help="for a map: the line between the cells that keep it and those that do not, e.g. '1 kgCO2e'")
@click.option("--break-even", "stages", nargs=2, metavar="STAGE STAGE", help="for a sweep: two curves, and where the first overtakes the second")
@drawn
@click.option("--csv", "as_csv", is_flag=True, help="print the data of the figure instead of drawing it")
@click.option(
    "-o",
    "--out",
    metavar="PATH",
    callback=output,
    help="a folder for all formats (default: the present one), or one file ending in .svg, .png, .pdf, .csv or .txt; - is SVG",
)
@shared
def chart(**options: Any) -> int:
    """Draw one figure of a scenario: SVG, PNG, PDF, its data as CSV, its alternative text.

    KIND is one of stages, indicators, compare, waterfall, tornado, sobol, elasticity, sweep, map, flow, distribution, scale, reconcile. stages, compare,
    waterfall and reconcile take alternatives: repeat --variant, and the file as it stands comes first. sweep and map take PATH=VALUES as `lca-ml sweep` does;
    sweep with --variant draws a curve for the file and one for each variant. The title of a figure is the answer it gives.
    """
    from lca_ml.charts import Canvas, draw, kind_of

    needs = kind_of(options["kind"]).needs
    for option, given, kind in (("--budget", options["budget"], "map"), ("--break-even", options["stages"], "sweep")):
        if given and options["kind"] != kind:
            raise UsageError(Finding("chart", _("{option} is for the chart {kind} alone").format(option=option, kind=kind)))
    canvas = Canvas(options["medium"], options["theme"])
    subject = {"results": _results, "references": _results, "alternatives": _alternatives, "sweep": _swept}[needs](options)
    made = draw(options["kind"], subject, canvas)
    if options["as_csv"]:
        click.echo(csv_text(made.rows), nl=False)
        return 0
    _write(made, options["out"], options["file"])
    return 0


def _write(chart: Chart, out: str | None, file: str) -> None:
    """Write a chart in all formats into a folder, or in the one a file name ends in; `-` is SVG on standard output."""
    from lca_ml.writing import write_files

    if out == "-":
        click.echo(chart.svg(), nl=False)
        return
    ending = Path(out).suffix.lstrip(".").lower() if out else ""
    if out and ending in FORMATS:
        targets = {Path(out): chart.files((ending,))[f"{chart.kind}.{ending}"]}
    else:
        folder = Path(out or ".")
        if ending and not folder.is_dir():
            message = _("a figure cannot be written as .{ending}: {names}").format(ending=ending, names=", ".join(FORMATS))
            raise UsageError(Finding("format", message))
        targets = {folder / name: data for name, data in chart.files().items()}
    spare(file, *targets)
    write_files(targets)
    if not quiet():
        click.echo(_("written: {names}").format(names=" · ".join(str(p) for p in targets)), err=True)


def _results(options: dict[str, Any]) -> Subject:
    """Return the results of a file; of the file and each variant where the chart can set them side by side."""
    from lca_ml import engine
    from lca_ml.charts import Named, Subject
    from lca_ml.data import folder
    from lca_ml.factors import equivalents

    if options["grids"]:
        raise UsageError(Finding("chart", _("this chart takes no path and values; sweep and map do")))
    several = options["kind"] == "stages" and len(options["variants"]) > 0
    text = text_of(options["file"])
    wanted = ["", *options["variants"]] if several else [",".join(options["variants"])]
    models = [(v or BASE, load_model(options["file"], names([v]), options["settings"], text)[1]) for v in wanted]
    found = [Named(name, engine.run(model, options["samples"], options["seed"])) for name, model in models]
    references = equivalents(folder("factors")) if options["kind"] == "scale" else ()
    return Subject(found, _indicator(models[0][1], options), options["view"], references=references)


def _alternatives(options: dict[str, Any]) -> Subject:
    from lca_ml.charts import Subject
    from lca_ml.comparison import compare

    if options["grids"]:
        raise UsageError(Finding("chart", _("this chart takes no path and values; sweep and map do")))
    made = made_alternatives([options["file"]], options["variants"], options["settings"], False)
    compared = compare(made, options["samples"], options["seed"], options["view"])
    return Subject(compared=compared, indicator=_indicator(made[0].model, options), view=options["view"])


def _swept(options: dict[str, Any]) -> Subject:
    from lca_ml.charts import Subject
    from lca_ml.comparison import Draws, Swept

    text = text_of(options["file"])
    variants = options["variants"]
    axes = axes_of(options | {"sweep_name": None, "variants": ()}, text)
    wanted = 1 if options["kind"] == "sweep" else 2
    if len(axes) != wanted:
        message = _("{kind} takes {n} path and its values") if wanted == 1 else _("{kind} takes {n} paths and their values")
        raise UsageError(Finding("sweep", message.format(kind=options["kind"], n=wanted), None, _("For example: pue=1.0..2.0:11.")))
    first = Swept(options["file"], axes, names(variants) if wanted == 2 else (), options["settings"], text)
    indicator = _indicator(first.model, options) or first.model.indicators[0]
    draws = Draws(options["samples"], options["seed"])
    others = [(v, Swept(options["file"], axes, names([v]), options["settings"], text)) for v in variants] if wanted == 1 else []
    sweeping = _curves(first, others, draws, indicator, options) if wanted == 1 else _cells(first, draws, indicator, options)
    return Subject(indicator=indicator, view=options["view"], sweeping=sweeping)


def _curves(first: Any, others: Sequence[tuple[str, Any]], draws: Any, indicator: Any, options: dict[str, Any]) -> Sweeping:
    """Return a curve for the file and each variant, or for two stages; two curves have a break-even."""
    from lca_ml.charts import Sweeping
    from lca_ml.comparison import Level, break_even, curve

    view = options["view"]
    if options["stages"]:
        curves = [(stage, _of_stage(list(curve(first, draws, view, ("stage",))), stage)) for stage in options["stages"]]
        levels = [Level(first, stage, view) for stage in options["stages"]]
    else:
        curves = [(name, list(curve(swept, draws, view))) for name, swept in [(_("base case"), first), *others]]
        levels = [Level(swept, "", view) for swept in (first, *(s for _n, s in others))]
    even = break_even(levels[0], levels[1], draws, (indicator,))[0] if len(levels) == 2 and first.axes[0].numbers else None
    return Sweeping(first, draws, curves, even)


def _of_stage(points: Sequence[Any], stage: str) -> list[Any]:
    """Return the points of a sweep with the summaries of one stage in place of those of the total."""
    from dataclasses import replace

    out = []
    for point in points:
        mine = tuple(replace(s, labels={}) for s in point.summaries if s.labels.get("stage") == stage)
        if not mine:
            raise UsageError(Finding("stage", _("{of} is no stage here").format(of=stage)))
        out.append(replace(point, summaries=mine))
    return out


def _cells(swept: Any, draws: Any, indicator: Any, options: dict[str, Any]) -> Sweeping:
    from lca_ml.charts import Sweeping
    from lca_ml.comparison import cells
    from lca_ml.documents import Text
    from lca_ml.errors import Place
    from lca_ml.model import in_indicator
    from lca_ml.units import quantity

    budget = next((limit.value for limit in swept.model.limits if limit.indicator == indicator), None) if options["view"] == "functional_unit" else None
    if options["budget"]:
        written = Text(options["budget"], Place("--budget", 1, 1, len(options["budget"]), options["budget"]))
        budget = in_indicator(quantity(written), indicator, written)
    return Sweeping(swept, draws, cells=list(cells(swept, options["view"])), budget=budget)


def _indicator(model: Model, options: dict[str, Any]) -> Any:
    return next(iter(indicators_asked(model.indicators, options["indicator"])), None)
