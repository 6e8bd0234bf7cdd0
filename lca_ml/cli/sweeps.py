"""The command `sweep`: a curve over one path, a map over two, and where two impacts break even."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from lca_ml import __version__
from lca_ml.cli.alternatives import BASE, draws_share, of_indicator, spaced, unit_written
from lca_ml.cli.columns import aligned
from lca_ml.cli.options import composed, indicators_asked, names, quiet, shared, text_of, verbose
from lca_ml.cli.tables import BAR, warnings_text
from lca_ml.comparison import Axis, BreakEven, Cell, Draws, Level, Point, Swept, cells, check_axes, curve, read_axis, sweep_of, usual_unit
from lca_ml.comparison import break_even as solved
from lca_ml.comparison.documents import axis_row, break_even_row, curve_rows, map_rows
from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place, UsageError, did_you_mean, shown
from lca_ml.exporters import csv_text, json_text
from lca_ml.factors import Indicator
from lca_ml.model import chosen, load_model
from lca_ml.notation import bar, figure, number, percent, plain, trimmed
from lca_ml.titles import stage_title
from lca_ml.units import pretty, scaled
from lca_ml.wording import indicator_title, per_view
from lca_ml.words import _, current

MOST_COLUMNS = 6


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("grids", nargs=-1, metavar="PATH=VALUES…")
@click.option("--name", "sweep_name", metavar="NAME", help="run a sweep the file holds under `sweeps:`")
@click.option("--break-even", "stages", nargs=2, metavar="STAGE STAGE", help="where the first stage overtakes the second")
@click.option("--break-even-variants", "pair", nargs=2, metavar="A B", help="where variant A overtakes variant B (`base`: the file as it stands)")
@click.option("--by", "label", metavar="LABEL", default="", help="also give each stage, activity, flow … in --json and --csv")
@composed
@of_indicator
@shared
def sweep(**options: Any) -> int:
    """Run a scenario at each value of a path, on the same draws: a curve with its band; two paths make a map.

    PATH as in --set; VALUES a range in so many values (1.0..2.0:11), a logarithmic one (1e5..1e9:9:log), or a list (FR,US,PL or 0.1,0.2). A unit stands at
    the end, the whole in quotes; without one, it is that of the value in the file. With a break-even, --csv prints that.
    """
    text = text_of(options["file"])
    axes = axes_of(options, text)
    one, two = options["stages"], options["pair"]
    if (one or two) and (len(axes) > 1 or not axes[0].numbers):
        raise UsageError(Finding("sweep", _("a break-even takes one path whose values are numbers")))
    swept = Swept(options["file"], axes, names(options["variants"]), options["settings"], text)
    asked = indicators_asked(swept.model.indicators, options["indicator"])
    everything = options["as_json"] or options["as_csv"]
    draws = Draws(options["samples"], options["seed"])
    if len(axes) == 2:
        found = list(cells(swept, options["view"]))
        rows = list(map_rows(swept.axes, found, options["view"])) if everything else []
    else:
        points = list(curve(swept, draws, options["view"], tuple(names([options["label"]]))))
        rows = list(curve_rows(axes[0], points, options["view"], options["label"])) if everything else []
    wanted = swept.model.indicators if everything and not asked else asked or swept.model.indicators[:1]
    evens = [(pair, e) for pair, levels in _levels(options, swept, text) for e in solved(*levels, draws, wanted)]
    if options["as_csv"]:
        click.echo(csv_text([break_even_row(axes[0], *pair, e) for pair, e in evens] or rows), nl=False)
    elif options["as_json"]:
        click.echo(json_text(_sweep(swept, draws, options, rows, [break_even_row(axes[0], *pair, e) for pair, e in evens])), nl=False)
    else:
        language, indicator = current(), wanted[0]
        lines = _map(swept, found, indicator, language) if len(axes) == 2 else _curve(swept, points, indicator, language)
        blocks = [[_sweep_heading(swept, indicator, draws, options["view"], language)], lines]
        blocks += [[_even_line(axes[0], pair, e, language) for pair, e in evens], warnings_text(swept.warnings, verbose()) if verbose() else []]
        blocks.append([] if quiet() else ["  " + _("next: lca-ml sweep … --csv · --break-even STAGE STAGE · a second path makes a map")])
        click.echo("\n\n".join("\n".join(block) for block in blocks if block))
    return 0


def axes_of(options: dict[str, Any], text: str | None) -> list[Axis]:
    """Return the axes of the command line, or those of a sweep of the file. Raises UsageError or InputError at what is no path or no values."""
    scenario, model = load_model(options["file"], names(options["variants"]), options["settings"], text)
    if options["grids"] and options["sweep_name"]:
        raise UsageError(Finding("sweep", _("a path and its values, or --name, not both")))
    if options["grids"]:
        try:
            axes = [read_axis(path, values, usual_unit(path, model)) for path, values in map(_split, options["grids"])]
            check_axes(axes, scenario.document, None)
            return axes
        except InputError as wrong:
            raise UsageError(wrong.findings) from None
    held = scenario.shape.sweeps
    name = options["sweep_name"] or (next(iter(held)) if len(held) == 1 else "")
    if name not in held:
        hint = _("Sweeps of this file are {names}.").format(names=", ".join(held)) if held else _("For example: pue=1.0..2.0:11.")
        missing = _("{name} is an unknown sweep").format(name=shown(name, 40)) if name else _("a sweep needs a path and its values")
        raise UsageError(Finding("sweep", missing, None, did_you_mean(name, held) or hint))
    return sweep_of(scenario, model, name)


def _split(given: str) -> tuple[str, Text]:
    path, equals, values = given.partition("=")
    if not equals or not path.strip():
        hint = _("A range with a unit is one word: quote it.")
        raise UsageError(Finding("sweep", _("PATH=VALUES is wanted, for example pue=1.0..2.0:11; this is {text}").format(text=shown(given, 60)), None, hint))
    return path.strip(), Text(values, Place("sweep", 1, len(path) + 2, max(len(values), 1), given))


def _levels(options: dict[str, Any], swept: Swept, text: str | None) -> Iterator[tuple[tuple[str, str], tuple[Level, Level]]]:
    """Yield what is to break even, by its two names."""
    if options["stages"]:
        flows = swept.model.flows
        for name in options["stages"]:
            if not chosen(flows, name):
                near = sorted({x for f in flows for x in (f.stage, f.activity, f.phase, f.flow)})
                hint = did_you_mean(name, near) or _("Stages are {names}.").format(names=", ".join(swept.model.stages))
                raise UsageError(Finding("stage", _("{of} is no stage, activity, phase or flow here").format(of=shown(name, 40)), None, hint))
        a, b = options["stages"]
        yield (a, b), (Level(swept, a, options["view"]), Level(swept, b, options["view"]))
    if options["pair"]:
        a, b = options["pair"]
        base = names(options["variants"])
        sides = [Swept(options["file"], swept.axes, [*base, *(names([v]) if v != BASE else [])], options["settings"], text) for v in (a, b)]
        yield (a, b), (Level(sides[0], "", options["view"]), Level(sides[1], "", options["view"]))


def _sweep(swept: Swept, draws: Draws, options: dict[str, Any], rows: list[dict[str, Any]], evens: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the document of `sweep --json`, schema `lca-ml/sweep@1`."""
    model = swept.model
    about: dict[str, Any] = {**model.scenario, "file": Path(str(model.scenario["file"])).name, "settings": "; ".join(options["settings"]) or None}
    about |= {"functional_unit": unit_written(model), "excluded": model.excluded}
    return {
        "schema": "lca-ml/sweep@1",
        "scenario": about,
        "provenance": {"lca_ml": __version__, "samples": draws.samples, "seed": draws.seed, "factors": list(model.provenance)},
        "axes": [axis_row(axis) for axis in swept.axes],
        "view": options["view"],
        "rows": rows,
        "break_even": evens,
        "warnings": [w.as_row() for w in swept.warnings],
    }


def _sweep_heading(swept: Swept, indicator: Indicator, draws: Draws, view: str, language: str) -> str:
    changes = view == "functional_unit" and any(axis.path == "functional_unit" for axis in swept.axes)
    per = _("per functional unit") if changes else per_view(swept.model, view, language)
    what = _("{title}: {indicator}, {per}").format(title=swept.model.title, indicator=indicator_title(indicator, language), per=per)
    how = _("stated values") if len(swept.axes) == 2 else _("{samples} draws · seed {seed}").format(samples=plain(draws.samples, language), seed=draws.seed)
    return spaced(what, f"{how} · lca-ml {__version__}")


def _axis_title(axis: Axis) -> str:
    return f"{axis.path} [{pretty(axis.unit)}]" if axis.unit else axis.path


def _axis_values(axis: Axis, language: str) -> list[str]:
    if not axis.numbers or axis.path.endswith("year"):  # 2024 is no 2,024
        return [shown(t, 24) for t in axis.texts]
    return [trimmed(v, 6, language) for v in axis.numbers]


def _curve(swept: Swept, points: Sequence[Point], indicator: Indicator, language: str) -> list[str]:
    (axis,) = swept.axes
    known = {p.at: s for p in points for s in p.summaries if s.indicator == indicator and not s.labels}
    largest = max((abs(s.point) for s in known.values() if s.point is not None), default=0.0)
    unit = scaled(largest, indicator.unit)[1]
    uncertain = any(s.spread for s in known.values())
    table = [[_axis_title(axis), pretty(unit), *([_("90 % interval"), _("median")] if uncertain else []), _("stated"), _("weighs most")]]
    for value, point in zip(_axis_values(axis, language), points, strict=True):
        s = known[point.at]
        if s.point is None or s.p5 is None or s.p95 is None or s.median is None:
            table.append([value, "—", _("unknown: no factor")])
            continue
        f = figure(s.point, s.p5, s.p95, indicator.unit, language, unit)
        middle = figure(s.median, s.p5, s.p95, indicator.unit, language, unit).point
        length = f"{bar(s.point / largest if largest else 0.0, BAR):<{BAR}}"
        table.append([value, f.point, *([f.interval, middle] if uncertain else []), length, _dominant(point.dominant.get(indicator.id), language)])
    return aligned(table, right=(0, 1, 2, 3) if uncertain else (0, 1))


def _dominant(found: tuple[str, float] | None, language: str) -> str:
    return f"{stage_title(found[0])} {percent(found[1], language)}" if found is not None else "—"


def _map(swept: Swept, found: Sequence[Cell], indicator: Indicator, language: str) -> list[str]:
    """Return two tables of a map, its first path downward: the stated values, and the stage that weighs most."""
    down, across = swept.axes
    by_cell = {c.at: c for c in found if c.indicator == indicator}
    step = -(-len(across) // MOST_COLUMNS)
    columns = range(0, len(across), step)
    unit = scaled(max((abs(c.value) for c in by_cell.values() if c.value is not None), default=0.0), indicator.unit)[1]
    ratio = scaled(1.0, indicator.unit, (unit,))[0]
    lines: list[str] = []
    for title in (_("{indicator}, {unit}").format(indicator=indicator_title(indicator, language), unit=pretty(unit)), _("weighs most")):
        head = [f"{_axis_title(down)} ↓  {_axis_title(across)} →", *(_axis_values(across, language)[j] for j in columns)]
        table = [head]
        for i, value in enumerate(_axis_values(down, language)):
            row = [by_cell[i, j] for j in columns]
            values = ["—" if c.value is None else number(c.value * ratio, 3, language) for c in row]
            table.append([value, *(values if not lines else [_dominant(c.dominant, language) for c in row])])
        lines += [*([""] if lines else []), f"  {title}", *aligned(table, right=tuple(range(len(head))), indent="    ")]
    return lines + ([_("  one column in {n} is shown; --csv holds all").format(n=step)] if step > 1 else [])


def _even_line(axis: Axis, pair: tuple[str, str], found: BreakEven, language: str) -> str:
    """Return one sentence on a break-even: where, how sure, and how often nowhere in the range."""
    a, b = (stage_title(x) for x in pair)
    unit = f" {pretty(axis.unit)}" if axis.unit else ""
    low, high = (trimmed(v, 4, language) for v in (min(axis.numbers), max(axis.numbers)))
    if found.median is None or found.p5 is None or found.p95 is None:
        draws = _("{a} is above {b} throughout in {p} of the draws, below it in {q}")
        return "  " + draws.format(a=a, b=b, p=draws_share(found.before, language), q=draws_share(found.beyond, language))

    def place(value: float) -> str:
        return f"< {low}" if value == float("-inf") else f"> {high}" if value == float("inf") else number(value, 3, language)

    over, under = (a, b) if found.overtakes else (b, a)
    stated = f"{number(found.point, 3, language)}{unit}" if found.point is not None else _("no value in the range")
    line = _("  {over} overtakes {under} at {axis} = {point} (stated); median {median}, 90 % interval {p5} – {p95}{unit}").format(
        over=over, under=under, axis=axis.path, point=stated, median=place(found.median), p5=place(found.p5), p95=place(found.p95), unit=unit
    )
    if found.without:
        none = _("no crossing in the range in {p} of the draws: {q} before it, {r} beyond it or nowhere")
        line += "\n  " + none.format(p=draws_share(found.without, language), q=draws_share(found.before, language), r=draws_share(found.beyond, language))
    return line
