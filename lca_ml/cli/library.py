"""The commands on the library: factors and processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lca_ml import catalogue
from lca_ml import processes as library_pages
from lca_ml.cli.columns import aligned, wrapped
from lca_ml.cli.options import quiet, shared
from lca_ml.data import folder
from lca_ml.errors import Finding, UsageError, did_you_mean
from lca_ml.errors import shown as fit
from lca_ml.exporters import csv_text, json_text
from lca_ml.factors import WORLD, Library, Row, load
from lca_ml.limits import FIRST_YEAR, LAST_YEAR
from lca_ml.notation import in_percent, number, quoted, trimmed
from lca_ml.titles import step_title
from lca_ml.units import pretty
from lca_ml.words import _, count, current, set_apart

MOST = 40


@click.group()
def factors() -> None:
    """What the factor library holds, each figure with its source, licence and range."""


@factors.command("list")
@click.option("--flow", metavar="ID", help="of one flow")
@click.option("--region", metavar="CODE", help="of one region")
@click.option("--indicator", metavar="ID", help="of one indicator")
@click.option("--json", "as_json", is_flag=True, help="print the rows as JSON")
@click.option("--csv", "as_csv", is_flag=True, help="print the rows as CSV")
@shared
def list_(flow: str | None, region: str | None, indicator: str | None, as_json: bool, as_csv: bool) -> int:
    """List factors: without options the flows there are figures for."""
    library = load(folder("factors"))
    _check_flow(library, flow)
    if as_json or as_csv:
        rows = list(catalogue.listing(library, flow, _region(library, region), indicator))
        click.echo(json_text(rows) if as_json else csv_text(rows), nl=False)
        return 0
    if flow is None and region is None and indicator is None:
        table = [[_("flow"), _("unit"), _("figures"), _("title")]]
        table += [
            [name, (u.text if (u := library.flow_unit(name)) else ""), str(len(rows)), library.title(name, current())]
            for name, rows in sorted(library.rows.items())
        ]
        click.echo("\n".join(aligned(table, right=(2,))))
        return 0
    _print_rows(list(catalogue.listing(library, flow, _region(library, region), indicator)))
    return 0


@factors.command()
@click.argument("words", nargs=-1, required=True, metavar="WORD…")
@click.option("--json", "as_json", is_flag=True, help="print what is found as JSON")
@shared
def search(words: tuple[str, ...], as_json: bool) -> int:
    """Search flows, regions, devices and publications for words, in English or French."""
    library = load(folder("factors"))
    found = catalogue.search(library, words)
    if as_json:
        click.echo(json_text(found), nl=False)
        return 0
    if not found:
        everything = [*library.rows, *library.devices, *library.regions, *(r.names["en"] for r in library.regions.values())]
        click.echo(_("nothing holds {words}. {hint}").format(words=fit(" ".join(words)), hint=did_you_mean(" ".join(words), everything)), err=True)
        return 1
    kinds = {"region": _("region"), "flow": _("flow"), "device": _("device"), "publication": _("publication"), "indicator": _("indicator")}
    click.echo("\n".join(aligned([[kinds[r["kind"]], r["id"], fit(r["title"], 90)] for r in found[:MOST]])))
    if len(found) > MOST:
        click.echo("  " + _("… and {n} more").format(n=len(found) - MOST))
    regions = [r["id"] for r in found if r["kind"] == "region"][:1]
    others = [r["id"] for r in found if r["kind"] in ("flow", "device")][:1]
    if not quiet() and (regions or others):
        hint = f"electricity --region {regions[0]}" if regions else others[0]
        click.echo("\n  " + _("next: lca-ml factors show {what}").format(what=hint))
    return 0


@factors.command()
@click.argument("name", metavar="NAME")
@click.option("--region", metavar="CODE", default=WORLD, help="the region a scenario would ask for", show_default=True)
@click.option("--year", type=click.IntRange(FIRST_YEAR, LAST_YEAR), metavar="YEAR", help="the year a scenario would ask for (default: the latest)")
@click.option("--json", "as_json", is_flag=True, help="print the rows as JSON")
@shared
def show(name: str, region: str, year: int | None, as_json: bool) -> int:
    """Show the figures of one flow or device side by side: which one a scenario gets, and why."""
    library = load(folder("factors"))
    _check_flow(library, name, devices=True)
    place = _region(library, region) or WORLD
    found = catalogue.competing(library, name, place, year)
    if as_json:
        rows = [
            catalogue.as_row(library, row) | {"taken": row is taken}
            for _indicator, taken, others, _steps in found
            for row in (*([taken] if taken else []), *others)
        ]
        click.echo(json_text(rows), nl=False)
        return 0
    blocks = [[library.title(name, current()) + (f" ({library.regions[place].names[current()]})" if place != WORLD else "")]]
    if name in library.devices:
        blocks.append(_properties(library, name))
    blocks += [_side_by_side(library, indicator, taken, others, steps) for indicator, taken, others, steps in found if taken]
    if not found:
        blocks.append([_("  no factor: its impacts would be counted as unknown, not as zero")])
    click.echo("\n\n".join("\n".join(b) for b in blocks))
    return 0


@factors.command()
@click.argument("old", type=click.Path(exists=True, file_okay=False), metavar="OLD")
@click.argument("new", type=click.Path(exists=True, file_okay=False), required=False, metavar="[NEW]")
@click.option("--json", "as_json", is_flag=True, help="print the rows as JSON")
@click.option("--csv", "as_csv", is_flag=True, help="print the rows as CSV")
@shared
def diff(old: str, new: str | None, as_json: bool, as_csv: bool) -> int:
    """Say which factors moved between two library folders; without NEW, between OLD and the library in use.

    Answers 1 where any differs.
    """
    rows = catalogue.moved(load(Path(old)), load(Path(new)) if new else load(folder("factors")))
    if as_json or as_csv:
        click.echo(json_text(rows) if as_json else csv_text(rows), nl=False)
        return 1 if rows else 0
    words = {"added": _("added"), "removed": _("removed"), "moved": _("moved")}
    table = [
        [
            words[r["change"]],
            r["flow"],
            r["region"],
            str(r["year"] or ""),
            r["indicator"],
            r["old"] or "—",
            "→",
            r["new"] or "—",
            _ratio(r["ratio"]),
            r["publication"],
        ]
        for r in rows
    ]
    click.echo("\n".join([*aligned(table[: 5 * MOST], right=(5, 8)), "  " + count("{n} figure differs", "{n} figures differ", len(rows))]))
    return 1 if rows else 0


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return ""
    change = trimmed(100 * (ratio - 1), 3, current())
    return in_percent(change if ratio < 1 else f"+{change}", current())


@click.group()
def processes() -> None:
    """The pages of the process library: what each computes, its arguments, their defaults and sources."""


@processes.command("list")
@click.option("--json", "as_json", is_flag=True, help="print the pages as JSON")
@shared
def list_pages(as_json: bool) -> int:
    """List the processes."""
    pages = {name: library_pages.page(name) for name in library_pages.ids()}
    if as_json:
        click.echo(json_text([{"process": n, "title": p.title.value, "parameters": list(p.parameters)} for n, p in pages.items()]), nl=False)
        return 0
    click.echo("\n".join(aligned([[n, p.title_in(current()), fit(p.about.value.split(". ")[0], 90)] for n, p in pages.items()])))
    click.echo("\n  " + _("next: lca-ml processes show compute"))
    return 0


@processes.command("show")
@click.argument("name", metavar="NAME")
@shared
def show_page(name: str) -> int:
    """Show one process: what it is, its arguments with units, defaults and sources, its formulas and flows."""
    from lca_ml.pages import markdown

    if name not in library_pages.ids():
        hint = did_you_mean(name, library_pages.ids()) or ", ".join(library_pages.ids())
        raise UsageError(Finding("process", _("{name} is an unknown process").format(name=fit(name, 40)), None, hint))
    click.echo(markdown(name, library_pages.page(name)), nl=False)
    return 0


def _check_flow(library: Library, flow: str | None, devices: bool = False) -> None:
    known = [*library.rows, *(library.devices if devices else ())]
    if flow is not None and flow not in known:
        hint = did_you_mean(flow, known) or _("`lca-ml factors search {name}` looks for it.").format(name=fit(flow, 20))
        raise UsageError(Finding("factor", _("{name} is an unknown flow or device").format(name=fit(flow, 40)), None, hint))


def _region(library: Library, region: str | None) -> str | None:
    if region is not None and region not in library.regions:
        raise UsageError(Finding("region", _("{region} is an unknown region").format(region=fit(region, 40)), None, library.region_hint(region)))
    return region


def _print_rows(rows: list[dict[str, Any]]) -> None:
    table = [[_("flow"), _("region"), _("year"), _("indicator"), _("value"), _("90 %"), _("source")]]
    table += [_listed(row) for row in rows[: 5 * MOST]]
    click.echo("\n".join(aligned(table, right=(4,))))
    if len(rows) > 5 * MOST:
        click.echo("  " + _("… and {n} more (--csv lists them all)").format(n=len(rows) - 5 * MOST))
    click.echo("  " + count("{n} figure; * is the one a scenario gets", "{n} figures; * are those a scenario gets", len(rows)))


def _listed(row: dict[str, Any]) -> list[str]:
    mark = "* " if row["preferred"] else "  "
    value = f"{trimmed(row['value'], 6, current())} {pretty(row['unit'])}"
    return [mark + row["flow"], row["region"], str(row["year"] or ""), row["indicator"], value, _range(row), fit(row["source"], 60)]


def _range(row: dict[str, Any]) -> str:
    return f"{number(row['low'], 3, current())} – {number(row['high'], 3, current())}" if row["low"] is not None else ""


def _properties(library: Library, device: str) -> list[str]:
    rows = []
    for name, (stated, source) in library.devices[device].items():
        uncertainty = f"~ {stated.uncertainty.value}" if stated.uncertainty else ""
        rows.append([name, quoted(stated.value.value, current()), uncertainty, fit(source, 90)])
    return aligned(rows)


def _side_by_side(library: Library, indicator: str, taken: Row, others: tuple[Row, ...], steps: tuple[str, ...]) -> list[str]:
    rows, notes = [], []
    for row in (taken, *others):
        data = catalogue.as_row(library, row)
        mark = "*" if row is taken else " "
        rows.append(
            [
                mark,
                f"{number(data['value'], 4, current())} {pretty(data['unit'])}",
                f"[{_range(data)}]" if _range(data) else "",
                row.region,
                str(row.year or ""),
                row.publication.id,
            ]
        )
        notes.append(set_apart(x for x in (row.publication.headers["title"], row.locator, row.note, row.publication.headers["licence"]) if x))
    head = "  " + library.indicators[indicator].title(current())
    if steps:
        head += " " + _("(looked up elsewhere: {steps})").format(steps=", ".join(step_title(s) for s in steps))
    lines = [head]
    for line, note in zip(aligned(rows, indent="    "), notes, strict=True):
        lines += [line, *wrapped(note, indent="         ")]
    if others:
        lines.append(_("    * is taken: the nearest region and year, then the order of preference (factors/preference.csv)"))
    return lines
