"""The command `sensitivity`: which parameter dominates, in the three senses of the word."""

from __future__ import annotations

from typing import Any

import click

from lca_ml import engine
from lca_ml.cli.columns import aligned
from lca_ml.cli.options import MOST_SAMPLES, composed, indicators_asked, names, shared, whole_number
from lca_ml.cli.study import linked
from lca_ml.errors import Finding, UsageError
from lca_ml.exporters import csv_text, json_text
from lca_ml.model import Model
from lca_ml.notation import bar, figure, in_percent, number, percent
from lca_ml.sensitivity import Indices, NotSeparable, Output, elasticity, exact, from_draws, interactions, label, sampled, sobol, sobol_pairs, tornado, totals
from lca_ml.sensitivity.documents import index_rows
from lca_ml.sensitivity.screening import METHODS, screened
from lca_ml.titles import stage_title
from lca_ml.wording import functional_unit, indicator_title
from lca_ml.words import _, current, grouped

MOST = 12
SAMPLED = ("auto", "exact", "sobol", "draws")


@click.command()
@click.argument("file", metavar="FILE")
@composed
@click.option("--method", type=click.Choice([*SAMPLED, *METHODS]), default="auto", show_default=True, help="auto: Sobol, in closed form if it can be")
@click.option("--indicator", metavar="ID", help="one indicator (default: the first in the text, all in --json and --csv)")
@click.option("--by", type=click.Choice(["total", "stage"]), default="total", show_default=True, help="of the total, or of each stage too")
@click.option("--view", type=click.Choice(["functional_unit", "total"]), default="functional_unit", show_default=True, help="per functional unit or in all")
@click.option("--space", type=click.Choice(["value", "log"]), default="value", show_default=True, help="of the result, or of its logarithm (heavy tails)")
@click.option("--samples", metavar="N", default="4096", callback=whole_number(16, MOST_SAMPLES), show_default=True, help="samples of a sampling method")
@click.option("--points", type=click.Choice(["sobol", "random"]), default="sobol", show_default=True, help="scrambled Sobol points or random numbers")
@click.option("--seed", metavar="N", default="42", callback=whole_number(0), show_default=True, help="where the random numbers start")
@click.option("--json", "as_json", is_flag=True, help="print the rows as JSON")
@click.option("--csv", "as_csv", is_flag=True, help="print the rows as CSV")
@shared
def sensitivity(**options: Any) -> int:
    """Say which parameter dominates: what contributes most, what moves the result most, what its uncertainty comes from.

    The three rank differently. Contribution and elasticity are of the stated values; Sobol's indices are shares of the variance: S1 alone, ST with all
    interactions.
    """
    _scenario, model = linked(options["file"], names(options["variants"]), options["settings"])
    if not model.uncertain:
        raise UsageError(
            Finding("constant", _("nothing in this scenario is uncertain: there is no variance to share out"), None, _("Give a parameter a distribution."))
        )
    outputs = _outputs(model, options)
    if options["method"] in METHODS:
        return _screening(model, outputs, options)
    found = _indices(model, outputs, options)
    if options["as_json"] or options["as_csv"]:
        rows = list(index_rows(model, found))
        click.echo(json_text(rows) if options["as_json"] else csv_text(rows), nl=False)
        return 0
    for position, one in enumerate(found):
        click.echo(("\n" if position else "") + "\n".join(_text(model, one)))
    return 0


def _outputs(model: Model, options: dict[str, Any]) -> list[Output]:
    asked = indicators_asked(model.indicators, options["indicator"])
    every = totals(model, options["by"] == "stage", (options["view"],))
    all_indicators = options["as_json"] or options["as_csv"]
    return [o for o in every if (model.indicators[o.indicator] in asked if asked else all_indicators or o.indicator == every[0].indicator)]


def _indices(model: Model, outputs: list[Output], options: dict[str, Any]) -> list[Indices]:
    method, samples, seed, space = (options[k] for k in ("method", "samples", "seed", "space"))
    if method == "auto" and model.correlations:
        click.echo(_("parameters are correlated: first-order indices from the draws, which need no independence"), err=True)
        method, samples = "draws", max(samples, 10_000)
    if method == "exact":
        if space == "log":
            raise UsageError(Finding("space", _("the closed form is of values; the logarithm takes --method sobol")))
        try:
            return exact(model, outputs)
        except NotSeparable as wrong:
            raise UsageError(Finding("exact", _("there is no closed form here: {why}").format(why=wrong), None, _("Take --method sobol."))) from None
    if method == "draws":
        return from_draws(engine.run(model, samples, seed), outputs)
    pairs = sobol_pairs(model, seed) if options["points"] == "sobol" else None
    if method == "sobol" or space == "log":
        return sampled(model, outputs, samples, seed, space, pairs)
    return sobol(model, outputs, samples, seed)


def _text(model: Model, one: Indices) -> list[str]:
    language = current()
    indicator = model.indicators[one.output.indicator]
    where = stage_title(one.output.stage) if one.output.stage else _("in all stages")
    per = functional_unit(model, language) if one.output.view == "functional_unit" else _("the whole life cycle")
    head = _("{title}: {indicator}, {where}, per {unit}").format(title=model.title, indicator=indicator_title(indicator, language), where=where, unit=per)
    if one.variance <= 0:
        return [head, "", "  " + _("constant: nothing uncertain in it, so there is no variance to share out")]
    blocks = [_contribution(model, one, language), _levers(model, one, language), _variance(model, one, language), _pairs(model, one, language)]
    return [head, *(line for block in blocks if block for line in ("", *block))]


def _contribution(model: Model, one: Indices, language: str) -> list[str]:
    stated = engine.point(model)
    sums: dict[str, float] = {}
    for i in one.output.flows(model):
        key = f"{stage_title(model.flows[i].stage)} · {model.flow_titles.get(model.flows[i].flow, {}).get(language, model.flows[i].flow)}"
        sums[key] = sums.get(key, 0.0) + float(stated.impacts[i, one.output.indicator, 0])
    whole = sum(sums.values())
    rows = [[k, f"{bar(v / whole, 16):<16} {percent(v / whole, language):>6}"] for k, v in sorted(sums.items(), key=lambda x: -x[1])[:6] if v]
    return ["  " + _("what contributes (share of the stated result)"), *aligned(rows, indent="    ")]


def _levers(model: Model, one: Indices, language: str) -> list[str]:
    moved = elasticity(model, [one.output])[one.output]
    top = sorted(moved.items(), key=lambda x: -abs(x[1]))[:6]
    rows = [[label(model, n, language, model.indicators[one.output.indicator].id), in_percent(number(e, 2, language), language)] for n, e in top]
    return ["  " + _("what moves it most (elasticity: % of result for 1 % more)"), *aligned(rows, right=(1,), indent="    ")]


def _variance(model: Model, one: Indices, language: str) -> list[str]:
    unit = model.indicators[one.output.indicator].unit
    swings = {s.parameter: s for s in tornado(model, [one.output])[one.output]}
    order = sorted(range(len(one.parameters)), key=lambda i: -(one.s1[i] if one.st is None else one.st[i]))[:MOST]
    rows = [["", "S1", *(["ST"] if one.st is not None else []), "", _("from its P5 to its P95")]]
    for i in order:
        main = one.s1[i] if one.st is None else one.st[i]
        if main < 0.0005:
            continue
        swing = swings[one.parameters[i]]
        ends = figure(swing.base, min(swing.low, swing.high), max(swing.low, swing.high), unit, language)
        cells = [_with_half(one.s1[i], one.s1_half[i], language)]
        if one.st is not None and one.st_half is not None:
            cells.append(_with_half(one.st[i], one.st_half[i], language))
        loose = "" if one.st_half is None or 2 * one.st_half[i] <= 0.1 else " " + _("not converged")
        rows.append(
            [
                label(model, one.parameters[i], language, model.indicators[one.output.indicator].id),
                *cells,
                f"{bar(main, 16):<16}",
                f"{ends.interval} {ends.unit}{loose}".strip(),
            ]
        )
    how = {"exact": _("exact"), "sampled": _("sampled, ± half a 90 % interval"), "from draws": _("from the draws, first order alone")}[one.method]
    space = _("variance of the logarithm") if one.space == "log" else _("share of the variance")
    return ["  " + _("what its uncertainty comes from ({space}, Sobol, {how})").format(space=space, how=how), *aligned(rows, right=(1, 2), indent="    ")]


def _pairs(model: Model, one: Indices, language: str) -> list[str]:
    """Return the strongest interactions of an exact analysis, where there are any worth a line."""
    if one.method != "exact":
        return []
    found = sorted(interactions(model, one.output).items(), key=lambda pair: -pair[1])[:4]
    within = model.indicators[one.output.indicator].id
    rows = [[" × ".join(label(model, n, language, within) for n in pair), _with_half(s2, 0.0, language)] for pair, s2 in found if s2 >= 0.005]
    return ["  " + _("of which only together (S2)"), *aligned(rows, right=(1,), indent="    ")] if rows else []


def _with_half(value: float, half: float, language: str) -> str:
    text = f"{value:.3f}" + (f" ± {half:.3f}" if half else "")
    return text.replace(".", ",") if language == "fr" else text


def _screening(model: Model, outputs: list[Output], options: dict[str, Any]) -> int:
    samples = min(options["samples"], 64) if options["method"] == "morris" else options["samples"]
    rows: list[dict[str, Any]] = []
    names_ = list(dict.fromkeys(n.stream or n.name for n in model.uncertain))
    for output, measures in screened(model, outputs, options["method"], samples, options["seed"]):
        for i, name in enumerate(names_):
            values = {k: float(v[i]) for k, v in measures.items()}
            where = {"parameter": name, "indicator": model.indicators[output.indicator].id, "stage": output.stage or None, "view": output.view}
            rows.append(where | values | {"method": options["method"]})
    if options["as_json"] or options["as_csv"]:
        click.echo(json_text(rows) if options["as_json"] else csv_text(rows), nl=False)
        return 0
    measures_ = [k for k in rows[0] if k not in ("parameter", "indicator", "stage", "view", "method")] if rows else []
    ranked = sorted(rows, key=lambda r: -abs(r[measures_[0]])) if measures_ else rows
    table = [["", *measures_]] + [[label(model, r["parameter"], current()), *(number(r[m], 3, current()) for m in measures_)] for r in ranked[:MOST]]
    head = _("{title}: {method}, {samples} samples").format(title=model.title, method=options["method"], samples=grouped(samples))
    click.echo("\n".join([head, "", *aligned(table, right=tuple(range(1, len(measures_) + 1)))]))
    return 0
