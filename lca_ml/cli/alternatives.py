"""The command `compare`: files, or a file and its variants, on the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from lca_ml import __version__, explain
from lca_ml.cli.columns import WIDTH, aligned, width
from lca_ml.cli.options import F, drawn, indicators_asked, names, quiet, shared, text_of, verbose
from lca_ml.cli.tables import BAR, warnings_text
from lca_ml.comparison import ALIGNMENTS, Alternative, Cause, Comparison, Difference, Input, inputs_that_differ
from lca_ml.comparison import compare as compared
from lca_ml.errors import Finding, UsageError, shown
from lca_ml.exporters import csv_text, json_text
from lca_ml.factors import Indicator
from lca_ml.model import Model, load_model
from lca_ml.notation import MINUS, bar, figure, in_percent, number, percent, plain
from lca_ml.sensitivity import label as input_label
from lca_ml.units import pretty, scaled
from lca_ml.wording import group_title, indicator_title, per_view
from lca_ml.words import _, current, later

BASE = "base"
MOST_INPUTS = 10
MOST_DETAILED = 4
INPUTS = {
    "parameter": later("parameter"),
    "argument": later("argument"),
    "device": later("device"),
    "factor": later("factor"),
    "formula": later("formula"),
}


def of_indicator(command: F) -> F:
    """Add the options of what is computed and how it is printed."""
    for option in (
        click.option("--csv", "as_csv", is_flag=True, help="print the rows as CSV"),
        click.option("--json", "as_json", is_flag=True, help="print all of it as JSON"),
        drawn,
        click.option(
            "--view", type=click.Choice(["functional_unit", "total"]), default="functional_unit", show_default=True, help="per functional unit or in all"
        ),
        click.option("--indicator", metavar="ID", help="the indicator of the text (--json and --csv hold all)"),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--variant", "variants", multiple=True, metavar="NAME[,NAME]", help="an alternative: the file with these variants (may be repeated)")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="change one value in all alternatives (may be repeated)")
@click.option("--without-base", is_flag=True, help="compare the variants with the first of them, not with the file as it stands")
@click.option("--by", "label", metavar="LABEL", default="stage", show_default=True, help="what the difference is shared out to")
@click.option("--align", multiple=True, type=click.Choice(ALIGNMENTS), help="compare although these differ (may be repeated)")
@of_indicator
@shared
def compare(**options: Any) -> int:
    """Compare files, or a file and its variants, on the same draws: each alternative with the first.

    How far apart, in what share of the draws one is below the other, what explains the difference, and which inputs differ. An uncertain value that
    alternatives share takes the same number in each, so that what they have in common cancels.
    """
    made = made_alternatives(options["files"], options["variants"], options["settings"], options["without_base"])
    result = compared(made, options["samples"], options["seed"], options["view"], options["align"])
    asked = indicators_asked(result.indicators, options["indicator"])
    if options["as_csv"]:
        click.echo(csv_text(result.rows(options["label"])), nl=False)
    elif options["as_json"]:
        click.echo(json_text(_comparison(result, options)), nl=False)
    else:
        language = current()
        shown_first = (asked or result.indicators)[0]
        detailed = len(made) <= MOST_DETAILED or verbose()
        causes = result.causes(options["label"], [shown_first])
        blocks = [[_heading(result, language)], _totals(result, asked or result.indicators, language)]
        for position in range(1, len(made)) if detailed else ():
            mine = [c for c in causes if c.alternative == made[position].name]
            blocks.append(_causes(result, position, mine, options["label"], language))
            blocks.append(_inputs(result, position, shown_first, language))
        blocks.append([] if detailed else ["  " + _("what explains each difference, and which inputs differ: -v, or fewer alternatives")])
        blocks.append(warnings_text(result.notes, verbose()))
        blocks.append([] if quiet() else ["  " + _("next: lca-ml sensitivity {file} · lca-ml compare … --json").format(file=options["files"][0])])
        click.echo("\n\n".join("\n".join(block) for block in blocks if block))
    return 0


def made_alternatives(files: Sequence[str], variants: Sequence[str], settings: Sequence[str], without_base: bool) -> list[Alternative]:
    """Return the files, or the file as it stands and with each variant, under names that tell them apart.

    Raises UsageError where there is nothing to compare with.
    """
    if len(files) > 1 and variants:
        raise UsageError(Finding("alternatives", _("several files, or one file and its variants, not both"), None, _("Name one file with --variant.")))
    if len(files) > 1:
        stems = [Path(f).stem for f in files]
        titles = [s if stems.count(s) == 1 else f for s, f in zip(stems, files, strict=True)]
        titles = [t if titles.count(t) == 1 else f"{s} ({i})" for i, (s, t) in enumerate(zip(stems, titles, strict=True), 1)]
        return [Alternative(t, load_model(f, (), settings, text_of(f))[1]) for t, f in zip(titles, files, strict=True)]
    text = text_of(files[0])
    wanted = [*([] if without_base else [""]), *dict.fromkeys(variants)]
    made = [Alternative(v or BASE, load_model(files[0], names([v]), settings, text)[1]) for v in wanted]
    if len(made) < 2:
        scenario, _model = load_model(files[0], (), settings, text)
        known = ", ".join(scenario.shape.variants)
        hint = _("Variants of this file are {names}.").format(names=known) if known else _("The file has no variants; name another file.")
        raise UsageError(Finding("alternatives", _("there is nothing to compare with"), None, _("Name another file, or --variant NAME.") + " " + hint))
    return made


def _comparison(result: Comparison, options: dict[str, Any]) -> dict[str, Any]:
    """Return the document of `compare --json`, schema `lca-ml/comparison@1`."""
    first = result.alternatives[0]
    listed = []
    for i, (alternative, results) in enumerate(zip(result.alternatives, result.results, strict=True)):
        model = alternative.model
        about = {**model.scenario, "file": Path(str(model.scenario["file"])).name, "functional_unit": unit_written(model)}
        drawn = dict(zip(("shared", "first_alone", "alone"), result.drawn_alike(i), strict=True))
        listed.append({"name": alternative.name, **about, "delivers": results.reference_point, "excluded": model.excluded, "uncertain_inputs": drawn})
    differing = [
        {"alternative": a.name, "against": first.name, "inputs": [i.row() for i in inputs_that_differ(first.model, a.model)]} for a in result.alternatives[1:]
    ]
    used = {p["id"]: p for a in result.alternatives for p in a.model.provenance}
    return {
        "schema": "lca-ml/comparison@1",
        "alternatives": listed,
        "aligned": list(options["align"]),
        "provenance": {"lca_ml": __version__, "samples": options["samples"], "seed": options["seed"], "factors": [used[k] for k in sorted(used)]},
        "rows": result.rows(options["label"]),
        "differing_inputs": differing,
        "warnings": [w.as_row() for w in result.notes],
    }


def unit_written(model: Model) -> str:
    """Return the functional unit as documents hold it."""
    return f"{plain(model.functional_unit.number).replace(',', '')} {model.functional_unit.unit.text}".strip()


def spaced(left: str, right: str) -> str:
    """Return two texts at the two ends of a line, on two lines where they do not fit."""
    room = WIDTH - width(left) - width(right)
    return left + " " * room + right if room > 1 else f"{left}\n  {right}"


def _heading(result: Comparison, language: str) -> str:
    first = result.alternatives[0].model
    others = ", ".join(a.name for a in result.alternatives[1:])
    others = others if width(others) <= WIDTH // 2 else _("{n} alternatives").format(n=len(result.alternatives) - 1)
    what = _("{others} against {first} — {per}").format(others=others, first=result.alternatives[0].name, per=per_view(first, result.view, language))
    how = _("{samples} paired draws · seed {seed} · lca-ml {version}")
    return spaced(what, how.format(samples=plain(result.results[0].samples, language), seed=result.results[0].seed, version=__version__))


def _totals(result: Comparison, indicators: Sequence[Indicator], language: str) -> list[str]:
    first = result.alternatives[0].name
    interval = _("5 – 95 %")
    head = ["", _("stated"), interval, _("difference"), interval, _("ratio"), interval, _("lower in"), _("10 % lower · higher in")]
    table, titles = [head], {}
    every = [result.summaries(i) for i in range(len(result.alternatives))]
    differing = result.differences()
    for indicator in indicators:
        summaries = [next(s for s in mine if s.indicator == indicator) for mine in every]
        unit = scaled(max((abs(s.point) for s in summaries if s.point is not None), default=0.0), indicator.unit)[1]
        titles[len(table)] = f"  {indicator_title(indicator, language)}, {pretty(unit)}"
        differences = {d.alternative: d for d in differing if d.indicator == indicator}
        for alternative, s in zip(result.alternatives, summaries, strict=True):
            stated = _numbers(s.point, s.p5, s.p95, indicator, unit, language)
            table.append([f"  {alternative.name}", *stated, *_apart(differences.get(alternative.name), unit, language)])
    lines = [line for i, text in enumerate(aligned(table, right=tuple(range(1, 9)))) for line in ([titles[i], text] if i in titles else [text])]
    return [*lines, "  " + _("difference and ratio: medians of the draws, against {first}; in: share of the draws").format(first=first)]


def _numbers(point: float | None, low: float | None, high: float | None, indicator: Indicator, unit: str, language: str) -> list[str]:
    """Return a value and its interval as two cells."""
    if point is None or low is None or high is None:
        return ["—", _("unknown")]
    f = figure(point, low, high, indicator.unit, language, unit)
    return [f.point if f.point.strip("\u22120.,") else "0", between(f.low, f.high)]


def _apart(found: Difference | None, unit: str, language: str) -> list[str]:
    """Return the cells of an alternative that say how it differs from the first; none for the first itself."""
    if found is None or found.difference is None or found.below is None or found.clearly_below is None or found.clearly_above is None:
        return []
    d, r = found.difference, found.ratio
    ratio = ["—", ""] if r is None else [number(r.median, 3, language), between(number(r.p5, 3, language), number(r.p95, 3, language)) if r.p5 != r.p95 else ""]
    shares = [draws_share(found.below, language), f"{draws_share(found.clearly_below, language)} · {draws_share(found.clearly_above, language)}"]
    return [*_numbers(d.median, d.p5, d.p95, found.indicator, unit, language), *ratio, *shares]


def _causes(result: Comparison, position: int, causes: Sequence[Cause], label: str, language: str) -> list[str]:
    """Return the table of what a difference is made of; groups that are the same in both stand in one line."""
    model, indicator = result.alternatives[position].model, causes[0].indicator
    titles = {c.label: group_title(label, c.label, model, language) for c in causes}
    moved = [c for c in causes if c.difference is None or c.difference.point or c.difference.p5 or c.difference.p95]
    largest = max((abs(c.difference.point) for c in moved if c.difference is not None), default=0.0)
    unit = scaled(largest, indicator.unit)[1]
    apart = f"{result.alternatives[position].name} {MINUS} {result.alternatives[0].name}"
    head = _("{what}: {indicator}").format(what=apart, indicator=indicator_title(indicator, language))
    table = [[head, pretty(unit), _("median"), _("5 – 95 %"), ""]]
    for c in sorted(moved, key=lambda c: -abs(c.difference.point) if c.difference is not None else 0.0):
        d = c.difference
        if d is None:
            table.append(["  " + titles[c.label], "—", "", _("unknown: no factor")])
            continue
        stated, drawn = (_numbers(v, d.p5, d.p95, indicator, unit, language) for v in (d.point, d.median))
        table.append(["  " + titles[c.label], stated[0], *drawn, bar(abs(d.point) / largest, BAR) if largest else ""])
    same = ", ".join(titles[c.label] for c in causes if c not in moved)
    lines = aligned(table, right=(1, 2, 3)) if moved else [f"  {head}"]
    return [*lines, *(["    " + _("the same in every draw: {names}").format(names=same)] if same else [])]


def _inputs(result: Comparison, position: int, indicator: Indicator, language: str) -> list[str]:
    """Return the inputs that differ, of factors those of one indicator alone."""
    first, other = result.alternatives[0], result.alternatives[position]
    found = [i for i in inputs_that_differ(first.model, other.model) if i.indicator in ("", indicator.id)]
    shared_, alone, alone_too = result.drawn_alike(position)
    drawn = _("drawn alike: {n} uncertain inputs; in one alone: {a} and {b}").format(n=shared_, a=alone, b=alone_too)
    if not found:
        return ["  " + _("no input differs between {first} and {other}").format(first=first.name, other=other.name), "  " + drawn]
    table = [[_("inputs that differ"), "", first.name, other.name]]
    table += [
        [f"  {_(INPUTS[i.kind])}", _input_title(i, first.model, other.model, indicator, language), *(_written(i, side, language) for side in (0, 1))]
        for i in (found if verbose() else found[:MOST_INPUTS])
    ]
    more = len(found) - len(table) + 1
    return [*aligned(table), *(["    " + _("… and {n} more (-v and --json list them all)").format(n=more)] if more else []), "  " + drawn]


def _input_title(found: Input, first: Model, other: Model, indicator: Indicator, language: str) -> str:
    sides = [input_label(m, n.name, language, indicator.id) for m, n in ((first, found.first), (other, found.other)) if n is not None]
    return " → ".join(dict.fromkeys(sides))


def _written(found: Input, side: int, language: str) -> str:
    node = (found.first, found.other)[side]
    if node is None:
        return "—"
    value = shown(node.written, 40) if node.tree is not None and found.kind == "formula" else explain.value_of(node, language)
    spread = f" ~ {shown(node.spread or node.written, 36)}" if node.uncertain and not node.name.startswith(("factor.", "device.")) else ""
    return value + spread + (f" ({shown(node.source, 40)})" if verbose() and node.source else "")


def draws_share(share: float, language: str) -> str:
    """Return a share of draws; what is not in all of them is not shown as 100 %."""
    return in_percent("> 99", language) if 0.995 <= share < 1 else percent(share, language)


def between(low: str, high: str) -> str:
    """Return an interval: `52 – 110`, and `−260 to −82` where a minus could be taken for the dash."""
    return "" if not low else _("{low} to {high}").format(low=low, high=high) if MINUS in low + high else f"{low} – {high}"
