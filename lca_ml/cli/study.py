"""The commands on a scenario: check, run, explain, resolve, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lca_ml.cli.options import composed, drawn, indicators_asked, names, output, progress, quiet, shared, text_of, verbose
from lca_ml.errors import Finding, Findings, InputError, LcaError, UsageError, printable
from lca_ml.exporters import csv_text, json_text, yaml_text
from lca_ml.model import Model, check_variants, load_model
from lca_ml.profiles import ids as profile_ids
from lca_ml.profiles import missing
from lca_ml.scenario import Scenario, read_document
from lca_ml.words import _, count, current, grouped

if TYPE_CHECKING:
    from lca_ml.results import Results

KEPT = 400_000_000  # bytes of samples kept; beyond that, histograms


def linked(file: str, variants: list[str], settings: tuple[str, ...]) -> tuple[Scenario, Model]:
    """Return the scenario of a file and its model."""
    return load_model(file, variants, settings, text_of(file))


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@composed
@click.option("--json", "as_json", is_flag=True, help="print the findings as JSON")
@click.option("--strict", is_flag=True, help="answer 1 where there is a warning")
@click.option("--profile", type=click.Choice(profile_ids()), help="also ask for what a standard wants stated")
@shared
def check(files: tuple[str, ...], variants: tuple[str, ...], settings: tuple[str, ...], as_json: bool, strict: bool, profile: str | None) -> int:
    """Say all that can be known of a scenario without computing it.

    Shape, units, names, loops, unused parameters, missing sources, odd magnitudes. Answers 3 where something is wrong.
    """
    found: list[Finding] = []
    status = 0
    for file in files:
        try:
            scenario, model = linked(file, names(variants), settings)
            here = [*model.warnings, *_beside(scenario, model), *_profile(scenario, model, profile)]
            status = max(status, InputError.exit_status * any(f.severity == "error" for f in here))
        except LcaError as wrong:
            here, status = list(wrong.findings), max(status, wrong.exit_status)
        found += here
        if not as_json:
            _say_findings(file, here)
    if as_json:
        click.echo(json_text([f.as_row() for f in found]), nl=False)
    return 1 if strict and not status and found else status


def _beside(scenario: Scenario, model: Model) -> tuple[Finding, ...]:
    """Return what is wrong with the sweeps a file holds, and with its variants where none is applied."""
    findings = Findings()
    try:
        if not scenario.variants:
            check_variants(scenario, model, findings)
        if scenario.shape.sweeps:
            from lca_ml.comparison import check_sweeps

            check_sweeps(scenario, model, findings)
    except LcaError as many:  # more than anybody reads
        return many.findings
    return tuple(findings)


def _profile(scenario: Scenario, model: Model, profile: str | None) -> tuple[Finding, ...]:
    if profile is None:
        return ()
    return missing(scenario, model, profile)


def _say_findings(file: str, found: list[Finding]) -> None:
    errors = [f for f in found if f.severity == "error"]
    for finding in (errors or found)[:20]:
        click.echo(str(finding) + "\n", err=True)
    if len(errors or found) > 20:
        click.echo(_("… and {n} more (--json lists them all)").format(n=len(errors or found) - 20), err=True)
    if errors:
        click.echo(_("{file}: {count}").format(file=printable(file), count=count("{n} error", "{n} errors", len(errors))), err=True)
    elif not quiet():
        said = count("{n} warning", "{n} warnings", len(found)) if found else _("nothing to say against it")
        click.echo(_("{file}: correct; {said}\nnext: lca-ml run {file}").format(file=printable(file), said=said))


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@composed
@click.option("--by", metavar="LABEL[,LABEL]", default="stage", help="group by stage, activity, flow, phase, region, year, process or a tag")
@click.option("--indicator", metavar="ID", help="the indicator of the table (default: the first, climate_change)")
@drawn
@click.option("--until", "digits", type=click.IntRange(1, 4), metavar="DIGITS", help="draw until so many digits of the intervals are stable")
@click.option("--sampler", type=click.Choice(["random", "sobol"]), default="random", show_default=True, help="random numbers, or scrambled Sobol points")
@click.option(
    "--workers", type=click.IntRange(1, 64), metavar="N", default=1, show_default=True, help="threads the draws are shared out to; the numbers stay the same"
)
@click.option("--json", "as_json", is_flag=True, help="print the result document")
@click.option("--csv", "as_csv", is_flag=True, help="print the rows as CSV")
@click.option("-o", "--out", "folder", metavar="DIR", callback=output, help="write tables, charts, report and what-if page into a folder, whole or not at all")
@shared
def run(**options: Any) -> int:
    """Compute the impacts of a scenario, with 90 % intervals.

    Totals and per functional unit, per stage and indicator. Answers 1 where a limit of the scenario is exceeded.
    """
    files = options["files"]
    if len(files) > 1 and (options["as_json"] or options["as_csv"] or options["folder"]):
        raise UsageError(Finding("files", _("--json, --csv and -o take one scenario at a time")))
    status = 0
    for position, file in enumerate(files):
        if position:
            click.echo()
        status = max(status, _run_one(file, **{k: v for k, v in options.items() if k != "files"}))
    return status


def _run_one(
    file: str,
    *,
    variants: tuple[str, ...],
    settings: tuple[str, ...],
    by: str,
    indicator: str | None,
    samples: int,
    seed: int,
    digits: int | None,
    sampler: str,
    workers: int,
    as_json: bool,
    as_csv: bool,
    folder: str | None,
) -> int:
    from lca_ml.budgets import verdicts
    from lca_ml.cli.tables import results_text
    from lca_ml.exporters import document
    from lca_ml.writing import check_folder, write_folder

    if folder:
        check_folder(Path(folder))
    scenario, model = linked(file, names(variants), settings)
    labels = tuple(names([by]))
    indicators_asked(model.indicators, indicator or None)
    if digits is not None:
        samples = _enough(model, digits, seed)
    results = _drawn(model, samples, seed, sampler, labels, workers)
    results.groups(labels)
    if folder:
        write_folder(Path(folder), _written(scenario, model, results))
    limits = verdicts(results)
    if as_json:
        click.echo(json_text(document(results)), nl=False)
    elif as_csv:
        click.echo(csv_text(results.rows()), nl=False)
    else:
        click.echo(results_text(results, labels, indicator, current(), verbose()))
        if limits:
            click.echo("\n" + "\n".join(f"  {v.text(current())}" for v in limits))
        if not quiet():
            click.echo("\n  " + _next(file, folder))
    return 1 if any(v.exceeded for v in limits) else 0


def _written(scenario: Scenario, model: Model, results: Results) -> dict[str, bytes]:
    """Return what is written into a folder: tables, figures, report and what-if page; tables alone of draws that were streamed."""
    from lca_ml import bundle, exporters
    from lca_ml.streaming import StreamedResults

    if isinstance(results, StreamedResults):
        click.echo(_("so many draws are not kept one by one: tables alone are written, no figures"), err=True)
        return exporters.files(results)
    return bundle.files(scenario, model, results)


def _drawn(model: Model, samples: int, seed: int, sampler: str, labels: tuple[str, ...], workers: int) -> Results:
    """Return the results of so many draws: sample by sample, or streamed where they would fill the memory."""
    from lca_ml import engine
    from lca_ml.streaming import stream

    if sampler != "random" or engine.size(model, samples) <= KEPT:
        return engine.run(model, samples, seed, sampler, workers)
    with progress(_("drawing"), samples) as step:
        return stream(model, samples, seed, [labels], step)


def _enough(model: Model, digits: int, seed: int) -> int:
    """Return how many draws are enough, after saying how they settled."""
    from lca_ml.convergence import BLOCK, MOST, enough

    with progress(_("drawing"), MOST * BLOCK) as step:
        found = enough(model, digits, seed, step)
    text = _("{samples} draws: {digits} digits of every interval are stable") if found.settled else _("{samples} draws, and {digits} digits are not stable yet")
    click.echo(text.format(samples=grouped(found.samples), digits=digits), err=True)
    return found.samples


def _next(file: str, folder: str | None) -> str:
    written = _("written: {folder}/ · ").format(folder=folder) if folder else ""
    return written + _("next: lca-ml sensitivity {file} · lca-ml run {file} -o results/").format(file=printable(file))


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("quantity", required=False, metavar="[QUANTITY]")
@composed
@click.option("--format", "form", type=click.Choice(["text", "latex", "mermaid"]), default="text", show_default=True, help="how it is written")
@shared
def explain(file: str, quantity: str | None, variants: tuple[str, ...], settings: tuple[str, ...], form: str) -> int:
    """Say where a number comes from: the formula, the numbers put in, their places and sources.

    QUANTITY is an indicator (climate_change), a parameter, or a quantity of an activity (training.energy_it). Without it, the
    quantities of the scenario are listed.
    """
    from lca_ml import explain as rooms
    from lca_ml.cli.columns import aligned

    _scenario, model = linked(file, names(variants), settings)
    if quantity is None:
        rows = [
            [n.name, rooms.value_of(n, current()), n.written if n.distribution is not None else ""]
            for n in rooms.listing(model)
            if verbose() or not n.name.startswith("factor.")
        ]
        click.echo("\n".join(aligned([[i.id, _("an indicator"), ""] for i in model.indicators] + rows)))
    elif form == "text":
        click.echo(rooms.text(model, quantity, current()))
    else:
        click.echo(rooms.latex(model, quantity) if form == "latex" else rooms.mermaid(model, quantity, current()))
    return 0


@click.command()
@click.argument("file", metavar="FILE")
@composed
@click.option("--no-origins", is_flag=True, help="leave out the comments that say where each value comes from")
@shared
def resolve(file: str, variants: tuple[str, ...], settings: tuple[str, ...], no_origins: bool) -> int:
    """Print the final scenario: what it extends, its variants and settings laid on top, each value with its origin."""
    click.echo(yaml_text(read_document(file, names(variants), settings, text_of(file)), origins=not no_origins), nl=False)
    return 0


@click.command()
@click.argument("files", nargs=-1, metavar="FILE…")
@click.option("--all", "everything", is_flag=True, help="all published scenarios lca-ml brings")
@click.option("--json", "as_json", is_flag=True, help="print the comparison as JSON")
@click.option("--csv", "as_csv", is_flag=True, help="print the comparison as CSV")
@shared
def verify(files: tuple[str, ...], everything: bool, as_json: bool, as_csv: bool) -> int:
    """Recompute the published figures of scenarios (`expect:`) and compare.

    Answers 1 where one differs by more than its tolerance, half a unit of its last printed digit unless the scenario says why.
    """
    from lca_ml.cli.verdicts import rows_of, verdict_lines
    from lca_ml.data import folder

    chosen = [*files, *(sorted(str(p) for p in (folder("scenarios") / "published").glob("*.yaml")) if everything else ())]
    if not chosen:
        raise UsageError(Finding("files", _("name a scenario, or --all for those lca-ml brings")))
    checks, findings = [], Findings()
    for file in chosen:
        try:
            _scenario, model = linked(file, [], ())
            if not model.expectations:
                findings.warn("expect", _("{file}: no published figure to compare (`expect:`)").format(file=printable(file)))
            checks.append((file, model))
        except InputError as wrong:
            findings.take(wrong)
    findings.stop()
    rows = rows_of(checks)
    if as_json or as_csv:
        click.echo(json_text(rows) if as_json else csv_text(rows), nl=False)
    else:
        for warning in findings.warnings:
            click.echo(str(warning), err=True)
        click.echo("\n".join(verdict_lines(rows, current(), quiet())))
    return 0 if all(row["passed"] for row in rows) else 1
