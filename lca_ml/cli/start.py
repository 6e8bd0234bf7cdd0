"""The commands one starts with: new, import, schema, doctor."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import Any

import click

from lca_ml import __version__
from lca_ml.cli.options import output, quiet, shared
from lca_ml.data import folder
from lca_ml.errors import Finding, UsageError, did_you_mean, shown
from lca_ml.exporters import json_text
from lca_ml.words import _, current

DEFAULT_TEMPLATE = "minimal"


def templates() -> dict[str, Path]:
    """Return the commented scenarios to start from, by name."""
    return {p.stem: p for p in sorted((folder("scenarios") / "templates").glob("*.yaml"))}


@click.command()
@click.argument("template", required=False, default=DEFAULT_TEMPLATE, metavar="[TEMPLATE]")
@click.option("-o", "--out", "target", metavar="FILE", callback=output, help="write it to a new file instead of printing it")
@click.option("--list", "listed", is_flag=True, help="list the templates")
@shared
def new(template: str, target: str | None, listed: bool) -> int:
    """Print a commented scenario to start from: `lca-ml new training > study.yaml`."""
    from lca_ml.documents import Text, read

    found = templates()
    if listed:
        from lca_ml.cli.columns import aligned

        titles = {name: title.value if isinstance(title := read(path).get("title"), Text) else "" for name, path in found.items()}
        click.echo("\n".join(aligned([[name, title] for name, title in titles.items()])))
        return 0
    if template not in found:
        hint = did_you_mean(template, found) or _("Templates are {names}.").format(names=", ".join(found))
        raise UsageError(Finding("template", _("{name} is an unknown template").format(name=shown(template, 40)), None, hint))
    _give(found[template].read_text(encoding="utf-8"), target)
    return 0


def _give(text: str, target: str | None) -> None:
    """Print a scenario, or write it to a file there was not."""
    from lca_ml.writing import write_file

    if target is None:
        click.echo(text, nl=False)
        return
    if Path(target).exists():
        raise UsageError(Finding("file-exists", _("{name} exists already; nothing was written").format(name=shown(target, 120)), None, _("Name a new file.")))
    write_file(Path(target), text.encode(), new=True)
    if not quiet():
        click.echo(_("written: {file}\nnext: lca-ml check {file}").format(file=shown(target, 120)))


@click.command("import")
@click.argument("kind", type=click.Choice(["codecarbon", "runs"]), metavar="KIND")
@click.argument("file", metavar="FILE")
@click.option("-o", "--out", "target", metavar="FILE", callback=output, help="write the scenario to a new file instead of printing it")
@click.option("--stage", default="training", show_default=True, metavar="NAME", help="the life-cycle stage the runs belong to")
@shared
def import_(kind: str, file: str, target: str | None, stage: str) -> int:
    """Turn measured runs into a scenario: one activity for each place and year, with the energy its runs consumed.

    KIND is codecarbon (its emissions.csv) or runs (a CSV file with the columns timestamp, run_id, duration_s, energy_kwh, country).
    """
    from lca_ml.documents import Text, read_bytes
    from lca_ml.errors import Findings, Place
    from lca_ml.factors import load
    from lca_ml.importers import check_stage, runs_of, scenario_text
    from lca_ml.shapes import check_name
    from lca_ml.tables import LARGEST_TABLE, read_table

    findings = Findings()
    if not check_name(Text(stage, Place("--stage", 1, 1, len(stage), stage)), _("a stage"), findings, frozenset()):
        findings.stop(UsageError)
    table = read_table(Path(file).name, read_bytes(file, LARGEST_TABLE))
    runs = runs_of(kind, table, load(folder("factors")), findings)
    if not runs and not findings.errors:
        findings.error("empty", _("the file holds no run"), table.head)
    findings.stop()
    check_stage(stage, runs, findings)
    findings.stop(UsageError)
    for warning in findings.warnings:
        click.echo(str(warning), err=True)
    _give(scenario_text(runs, Path(file).name, stage), target)
    return 0


@click.command()
@shared
def schema() -> int:
    """Print the JSON Schema of a scenario. In an editor: `# yaml-language-server: $schema=schema.json` on the first line."""
    from lca_ml.scenario import json_schema

    click.echo(json_text(json_schema()), nl=False)
    return 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print it as JSON")
@shared
def doctor(as_json: bool) -> int:
    """Say what is installed: versions, factor files with their hashes, and what lca-ml itself weighs."""
    from lca_ml.cli.columns import aligned
    from lca_ml.factors import load
    from lca_ml.notation import number, plain

    library = load(folder("factors"))
    packages = _packages()
    data: dict[str, Any] = {
        "lca_ml": __version__,
        "python": f"{platform.python_version()} ({sys.platform})",
        "factors": str(folder("factors")),
        "scenarios": str(folder("scenarios")),
        "packages": {name: installed["version"] for name, installed in packages.items()},
        "weight_mb": round(sum(p["bytes"] for p in packages.values()) / 1e6, 1),
        "publications": [p.provenance() for _id, p in sorted(library.publications.items())],
    }
    if as_json:
        click.echo(json_text(data), nl=False)
        return 0
    lines = aligned([["lca-ml", __version__], ["Python", data["python"]], [_("factors"), data["factors"]], [_("scenarios"), data["scenarios"]]])
    rows = []
    for name, p in packages.items():
        size = _("{size} MB").format(size=number(p["bytes"] / 1e6, 3, current()))
        rows.append([name, p["version"], size, _("for {name}").format(name=p["needed_by"]) if p["needed_by"] else ""])
    lines += ["", *aligned(rows, right=(2,))]
    whole = plain(data["weight_mb"], current())
    lines += ["  " + _("{n} packages besides itself, {size} MB in all: what it costs to install this tool").format(n=len(packages) - 1, size=whole)]
    lines += ["", *aligned([[p["id"], shown(p["version"], 40), p["sha256"][:12], shown(p["licence"], 40)] for p in data["publications"]])]
    click.echo("\n".join(lines))
    return 0


def _packages() -> dict[str, dict[str, Any]]:
    """Return lca-ml and the packages it needs, in the order they are met, with version, bytes on disk and what needs them first."""
    from importlib import metadata

    from packaging.requirements import Requirement

    out: dict[str, dict[str, Any]] = {}
    waiting = [("lca-ml", "")]
    while waiting:
        name, wanted_by = waiting.pop(0)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # a checkout that is not installed
            continue
        key = found.metadata["Name"]
        if key in out:
            continue
        size = sum(path.stat().st_size for f in found.files or () if (path := Path(str(f.locate()))).is_file())
        out[key] = {"version": found.version, "bytes": size, "needed_by": wanted_by}
        needs = (Requirement(text) for text in found.requires or ())
        waiting += [(need.name, key) for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]
    return out
