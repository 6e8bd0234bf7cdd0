"""The pages that are made as a whole: units, commands, published footprints, processes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from making.replay import WIDTH
from making.tables import table

from lca_ml import processes
from lca_ml.cli import COMMANDS, cli
from lca_ml.cli.verdicts import rows_of
from lca_ml.data import folder
from lca_ml.model import Model, load_model
from lca_ml.notation import number, plain
from lca_ml.units import VOCABULARY, pretty, spelling, unit


def units() -> str:
    """Return the page of units, from units.txt."""
    blocks = [
        "# Units",
        "This page lists every unit a scenario may use. A unit that is not here does not exist for lca-ml; there are no prefixes beyond those "
        "listed. Units are written without spaces and joined with `*`, `/`, `**` and brackets: `kWh/GB`, `GPU*h`, `FLOP/(GPU*s)`, `m**2`. "
        "A percentage is a pure number: `85 %` is 0.85.",
        "Two units can be added or compared only if they measure the same thing (second column). What is counted, and each impact indicator, "
        "measures something of its own: `kgCO2e` is no mass, and a GPU is no server.",
    ]
    title, rows = "", []
    for line in [*VOCABULARY.read_text(encoding="utf-8").split("\n"), "# end"]:
        if line.startswith("# ") and not line.startswith("# scale:"):
            if rows:
                blocks += [f"## {title[:1].upper()}{title[1:]}", table(("unit", "measures", "worth", "other spellings"), rows)]
            title, rows = line[2:], []
        elif "=" in line and not line.startswith("#"):
            name, worth, *others = (part.strip() for part in line.split("="))
            spellings = ", ".join(f"`{o}`" for o in others if o != "_")
            rows.append((f"`{name}`", _measure(name), "" if worth.startswith("[") else f"`{worth.replace('_000', ' 000')}`", spellings))
    refused = [(f"`{name}`", message) for name, message in spelling._TRAPS.items()]
    blocks += [
        "## Refused spellings",
        "These are units elsewhere, or nearly. lca-ml refuses each and says what to write.",
        table(("written", "answer"), refused),
        "A number takes a point, never a comma (`1.5`, `1_000`, `1e6`); a blank, `±`, `<`, `..` or a currency sign in a number is refused with "
        "the spelling to use. See [the language](language.md).\n",
    ]
    return "\n\n".join(b.rstrip("\n") if b.startswith("|") else b for b in blocks)


def _measure(name: str) -> str:
    dimension = unit("%" if name == "percent" else name).dimension
    derived = {unit("Wh").dimension: "energy", unit("m2").dimension: "area", unit("m3").dimension: "volume", unit("tkm").dimension: "transport", (): "ratio"}
    if dimension in derived:
        return derived[dimension]
    kind = dimension[0][0]
    return f"count of {name}" if kind.startswith("counted_") else kind.replace("_", " ")


def command_help() -> str:
    """Return the page of commands: the help of each."""
    blocks = [
        "# Commands",
        "This page holds what `lca-ml COMMAND --help` prints. Results go to standard output, everything else to standard error; `-` as a file is "
        "standard input. Exit statuses are listed in [reading results](results.md).",
        table(("command", "does"), [(f"[`{name}`](#lca-ml-{name})", line) for name, (_module, line) in COMMANDS.items()]).rstrip("\n"),
    ]
    for names, command in _all_commands():
        blocks += [f"## lca-ml {names}", f"```text\n{_help(names, command)}\n```"]
    return "\n\n".join(blocks) + "\n"


def _all_commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for inner in command.list_commands(context):
                below = command.get_command(context, inner)
                assert below is not None
                yield f"{name} {inner}", below


def _help(names: str, command: click.Command) -> str:
    settings = {"help_option_names": ["-h", "--help"], "terminal_width": WIDTH}
    return command.get_help(click.Context(command, info_name=f"lca-ml {names}", **settings))


def process_index() -> str:
    """Return the page that lists the processes."""
    rows = []
    for name in processes.ids():
        page = processes.page(name)
        rows.append((f"[`{name}`]({name}.md)", page.title.value, _first_sentence(page.about.value)))
    return "\n\n".join(
        [
            "# Processes",
            "A unit process turns a few arguments into flows: electricity, water, hardware. Each page below is made from the YAML page the calculation "
            "itself reads (`lca-ml processes show NAME`). How a process is used in a scenario is said in [the language](../language.md), how to write "
            "one in [extending](../extending.md).",
            table(("process", "title", "what it computes"), rows),
        ]
    )


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[a-z)])\. (?=[A-Z])|: ", " ".join(text.split()))[0].rstrip(".") + "."


def published() -> str:
    """Return the page of published footprints: what `lca-ml verify --all` finds."""
    models = [(str(p), load_model(str(p), [], ())[1]) for p in sorted((folder("scenarios") / "published").glob("*.yaml"))]
    rows = rows_of(models)
    titles = {Path(file).stem: model for file, model in models}
    kinds = Counter(row["verdict"] for row in rows)
    blocks = [
        "# Published footprints, recomputed",
        "This page compares figures that others published with what lca-ml computes from the same published inputs. Each case is a scenario in "
        "`scenarios/published/`; `lca-ml verify --all` prints this table, and `lca-ml explain FILE climate_change` shows how a figure comes about.",
        "A figure counts as reproduced when the difference is at most half a unit of its last printed digit, unless the scenario gives another "
        "tolerance and says why. Figures that cannot be reproduced from the published inputs stay in the list, each with the reason.",
        "Reproducing a figure shows that the arithmetic closes, not that its inputs were read again at their source. A `note` says where an input "
        "is second-hand or was not read again. The addresses of the sources were written down without opening each one; before you cite a paper "
        "from here, open it.",
        table(
            ("", "figures", "cases"),
            [(f"**{verdict}**", n, len({r["case"] for r in rows if r["verdict"] == verdict})) for verdict, n in sorted(kinds.items(), key=lambda k: -k[1])]
            + [("all", len(rows), len(titles))],
        ).rstrip("\n"),
    ]
    order = ("differs", "reproduces after all", "reproduced", "known not to reproduce")
    for verdict in (v for v in order if v in kinds):
        here = [r for r in rows if r["verdict"] == verdict]
        blocks += [f"## {verdict[:1].upper()}{verdict[1:]}", table(_published_head(verdict), _published_rows(here, titles, verdict)).rstrip("\n")]
    return "\n\n".join(blocks) + "\n"


def _published_head(verdict: str) -> tuple[str, ...]:
    head = ("case", "quantity", "published", "recomputed", "deviation")
    return (*head, "reason") if verdict == "known not to reproduce" else head


def _published_rows(rows: list[dict[str, Any]], titles: dict[str, Model], verdict: str) -> Iterator[tuple[str, ...]]:
    last = ""
    for row in rows:
        case = "" if row["case"] == last else f"`{row['case']}`: {titles[row['case']].title}"
        last = row["case"]
        quantity = f"`{row['quantity']}`" + (f" of `{row['of']}`" if row["of"] else "")
        digits = max(5, len(plain(row["published"]).replace(".", "").replace(",", "")) + 1)
        recomputed = "unknown" if row["recomputed"] is None else number(row["recomputed"], digits)
        deviation = "" if row["deviation"] is None else f"{100 * row['deviation']:+.2f} %".replace("-", "−")
        cells = (case, quantity, f"{plain(row['published'])} {pretty(row['unit'])}".strip(), recomputed, deviation)
        yield (*cells, row["reason"] or "") if verdict == "known not to reproduce" else cells


PAGES: dict[str, Callable[[], str]] = {"units.md": units, "commands.md": command_help, "published.md": published, "processes/index.md": process_index}
"""Pages that are made as a whole."""
