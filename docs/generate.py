"""Write what of the documentation is made from the package: `python docs/generate.py`; `--check` answers 1 where a page is out of date.

Made are: whole pages (`PAGES` and one for each process), the parts of other pages between `<!-- made: NAME -->` and `<!-- end -->`
(`PARTS`), and what stands under each command of a ```console block: the command is run again, in a folder that holds the files the page
shows so far. A line that is only `…` in a block stands for lines left out. A ```yaml or ```csv block is a file where its first line is
`# NAME.yaml` or `# NAME.csv`, or the line above it `<!-- file: NAME -->`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from lca_ml import processes
from lca_ml.cli import COMMANDS, cli
from lca_ml.cli.verdicts import rows_of
from lca_ml.data import PACKAGE, folder
from lca_ml.engine import run
from lca_ml.errors import LcaError
from lca_ml.factors import Library, load
from lca_ml.model import Model, load_model
from lca_ml.notation import figure, number, plain
from lca_ml.pages import markdown
from lca_ml.units import VOCABULARY, pretty, spelling, unit
from lca_ml.wording import functional_unit
from lca_ml.words import speak

HERE = Path(__file__).parent
WIDTH = 100
NOTE = "<!-- Made by docs/generate.py; change the package, not this page. -->\n\n"
FENCE = re.compile(r"^(?:<!-- file: (?P<file>[\w.-]+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PART = re.compile(r"(?P<head><!-- made: (?P<name>\w+) -->\n).*?(?P<foot><!-- end -->)", re.DOTALL)
FILE = re.compile(r"# (?P<name>[\w-]+\.(yaml|csv))$", re.MULTILINE)


def main(arguments: Sequence[str]) -> int:
    """Write the pages that are out of date, or with --check only name them and answer 1."""
    speak("en")
    stale = [(path, text) for path, text in documents() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        click.echo(f"{path.relative_to(HERE.parent)} {'is out of date' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        click.echo("run: python docs/generate.py")
        return 1
    return 0


def documents() -> Iterator[tuple[Path, str]]:
    """Yield every page that is made, in whole or in part, with the text it should hold."""
    for name, make in PAGES.items():
        yield HERE / name, NOTE + make()
    for process in processes.ids():
        yield HERE / "processes" / f"{process}.md", NOTE + markdown(process, processes.page(process))
    whole = {HERE / name for name in PAGES}
    for path in sorted(HERE.glob("*.md")):
        if path not in whole:
            yield path, replayed(parted(path.read_text(encoding="utf-8")))


# --- parts and commands of a page written by hand


def parted(text: str) -> str:
    """Return a page with its made parts made again."""
    return PART.sub(lambda found: f"{found['head']}{PARTS[found['name']]()}{found['foot']}", text)


def replayed(text: str) -> str:
    """Return a page with each command of its console blocks run again, and what it prints under it."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "scenarios").symlink_to(folder("scenarios"))
        return FENCE.sub(lambda block: _block(block, Path(scratch)), text)


def _block(block: re.Match[str], scratch: Path) -> str:
    body, name = block["body"], file_of(block)
    if name:
        (scratch / name).write_text(body, encoding="utf-8")
    if block["kind"] != "console":
        return block[0]
    out, status = [], 0
    for command, shown in commands(body):
        out.append(f"$ {command}")
        if command == "echo $?":
            out.append(str(status))
            continue
        printed, status = executed(command, scratch)
        out += abridged(printed.rstrip("\n").split("\n") if printed else [], shown)
    return "```console\n" + "\n".join(out) + "\n```"


def file_of(block: re.Match[str]) -> str:
    """Return the name of the file a block is, empty where it is none."""
    named = FILE.match(block["body"])
    return block["file"] or (named["name"] if named and block["kind"] in ("yaml", "csv") else "")


def commands(body: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block, each with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for line in body.rstrip("\n").split("\n"):
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    yield from found


def abridged(printed: list[str], shown: list[str]) -> list[str]:
    """Return what a command prints, cut as it was cut before: `…` stands for the lines between the first and the last ones."""
    if "…" not in shown:
        return printed
    head, tail = shown.index("…"), len(shown) - shown.index("…") - 1
    return [*printed[:head], "…", *(printed[len(printed) - tail :] if tail else [])]


def executed(command: str, scratch: Path) -> tuple[str, int]:
    """Return what a line `lca-ml … [> file]` prints, in this process and in a folder, and its exit status."""
    words = shlex.split(command)
    target = None
    if len(words) > 2 and words[-2] == ">":
        words, target = words[:-2], scratch / words[-1]
    if words[0] != "lca-ml":
        raise ValueError(f"only lca-ml is run: {command}")
    out, said, before = io.StringIO(), io.StringIO(), Path.cwd()
    status = 0
    os.chdir(scratch)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said if target else out):
            try:
                answer = cli.main(words[1:], standalone_mode=False, terminal_width=WIDTH)
                status = answer if isinstance(answer, int) else 0
            except LcaError as wrong:
                click.echo(str(wrong), err=True)
                status = wrong.exit_status
            except click.exceptions.Exit as done:
                status = done.exit_code
            except click.ClickException as wrong:
                wrong.show()
                status = 2
    finally:
        os.chdir(before)
        speak("en")
    if target:
        target.write_text(out.getvalue(), encoding="utf-8")
    printed = said.getvalue() if target else out.getvalue()
    return printed.replace(f"{PACKAGE.parent}{os.sep}", ""), status


# --- whole pages


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(_cell(c) for c in row) + " |" for row in rows)]) + "\n"


def _cell(content: object) -> str:
    return " ".join(str(content).split()).replace("|", "\\|")


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


# --- parts


def _library() -> Library:
    return load(folder("factors"))


def publications() -> str:
    """Return the table of publications, in the order of preference."""
    library = _library()
    figures = Counter(row.publication.id for rows in library.rows.values() for row in rows)
    ranked = sorted(library.publications.values(), key=lambda p: (library.preference.index(p.id) if p.id in library.preference else 999, p.id))
    rows = [(f"`{p.id}`", p.headers["title"], p.headers["licence"], p.headers["version"], figures[p.id]) for p in ranked]
    return table(("publication", "title", "licence", "version", "figures"), rows)


def widening() -> str:
    """Return the table of how far the steps of a look-up widen a factor."""
    lines = (folder("factors") / "fallback.csv").read_text(encoding="utf-8")
    import csv

    return table(("step from", "gsd", "basis"), [(f"`{r['step']}`", r["gsd"], r["basis"]) for r in csv.DictReader(io.StringIO(lines))])


def indicators() -> str:
    """Return the table of indicators."""
    return table(
        ("indicator", "unit", "title", "en français", "what it adds up"),
        [(f"`{i.id}`", f"`{i.unit.text}`", i.titles["en"], i.titles["fr"], i.about["en"]) for i in _library().indicators.values()],
    )


def flows() -> str:
    """Return the table of flows that are no accelerators: those a scenario names."""
    library = _library()
    rows = []
    for name, found in sorted(library.rows.items()):
        below = library.flow_unit(name)
        if below is not None and below.text != "GPU":
            known = ", ".join(i for i in library.indicators if any(r.indicator == i for r in found))
            rows.append((f"`{name}`", f"`{below.text}`", library.title(name), known, len(found)))
    cards = sum(1 for name in library.rows if (u := library.flow_unit(name)) is not None and u.text == "GPU")
    return table(("flow", "per", "title", "indicators", "figures"), rows) + f"\nBeside these, the manufacture of {cards} accelerators, per `GPU`.\n"


def devices() -> str:
    """Return the table of devices that are no accelerators, with their properties."""
    catalogue = _library().devices
    rows = [(f"`{name}`", ", ".join(f"`{p}`" for p in properties)) for name, properties in catalogue.items() if "peak_bf16" not in properties]
    plain_ones = [r for r in rows if "`memory`" not in r[1] and "`released`" not in r[1]]
    rest = len(catalogue) - len(plain_ones)
    return table(("device", "properties"), plain_ones) + f"\nBeside these, {rest} accelerators with `power`, `peak_…`, `memory`, `released` as far as known.\n"


STUDIES = {
    "town-hall": "the model is a quarter of it; devices and an idle web server are the rest",
    "fine-tuned-local": "manufacture comes first in France, electricity in Poland",
    "vision-edge": "the training is a speck beside two hundred cameras",
    "large-pretraining": "the place decides; trials and machines weigh as much as the training",
}
"""The studies to start from, each with what it shows."""


def studies() -> str:
    """Return the table of the studies to start from, with the climate change of each per functional unit."""
    rows = []
    for name, shows in STUDIES.items():
        model = load_model(str(folder("scenarios") / f"{name}.yaml"))[1]
        found = run(model).of("climate_change", view="functional_unit")
        assert found.point is not None and found.p5 is not None and found.p95 is not None
        shown = figure(found.point, found.p5, found.p95, found.indicator.unit)
        link = f"[{model.title}](#{model.title.lower().replace(' ', '-')})"
        rows.append((link, f"`scenarios/{name}.yaml`", functional_unit(model, "en"), f"{shown.point} {shown.unit} ({shown.low} – {shown.high})", shows))
    return table(("study", "file", "per", "climate change, stated (90 % interval)", "what it shows"), rows)


PAGES: dict[str, Callable[[], str]] = {"units.md": units, "commands.md": command_help, "published.md": published, "processes/index.md": process_index}
"""Pages that are made as a whole."""

PARTS: dict[str, Callable[[], str]] = {
    "publications": publications,
    "widening": widening,
    "indicators": indicators,
    "flows": flows,
    "devices": devices,
    "studies": studies,
}
"""Parts of pages, by the name in their `<!-- made: NAME -->`."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
