"""What stands under the commands of a page: each is run again, in a folder that holds the files the page shows so far.

A ```yaml or ```csv block is a file where its first line is `# NAME.yaml` or `# NAME.csv`, or the line above it `<!-- file: NAME -->`.
A line that is only `…` stands for lines left out.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from lca_ml.cli import cli
from lca_ml.data import PACKAGE, folder
from lca_ml.errors import LcaError
from lca_ml.words import current, speak

WIDTH = 100
FENCE = re.compile(r"^(?:<!-- file: (?P<file>[\w.-]+) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (?P<name>[\w-]+\.(yaml|csv))$", re.MULTILINE)


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
    out, said, before, language = io.StringIO(), io.StringIO(), Path.cwd(), current()
    status = 0
    os.chdir(scratch)
    speak("en")
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
        speak(language)
    if target:
        target.write_text(out.getvalue(), encoding="utf-8")
    printed = said.getvalue() if target else out.getvalue()
    return printed.replace(f"{PACKAGE.parent}{os.sep}", ""), status


def drawn(command: str) -> str:
    """Return the SVG a command `lca-ml chart …` draws, run where `scenarios/` is."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "scenarios").symlink_to(folder("scenarios"))
        return executed(f"{command} -o -", Path(scratch))[0]
