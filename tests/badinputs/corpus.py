"""The cases: read from `cases/`, set up in a folder of their own, and judged by what a program did with them."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import made
import yaml

HERE = Path(__file__).parent
STATUS = {"error": 3, "accept": 0, "warn": 0}
MOST_SECONDS, MOST_MEGABYTES = 2.0, 300.0
LONGEST_LINE, LONGEST_OUTPUT = 500, 10_000
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
OURS = re.compile(
    r"\(?b?['\"](?:[^'\"]*/)?(?:out\b|\.lca-ml-[0-9a-f]+\.tmp\b)"  # what was asked for, or what becomes it
    r"|'\.'$|\('/proc/self/fd/\d+', '(?:out/)?\.lca-ml-[0-9a-f]+\.tmp['/]"  # a file without a name, and the name it gets
    r"|\('[^/']*', \d+"  # by its name alone, in a folder that is open
    r"|'/dev/null'|\(?\d"
)
"""Files that lca-ml may write, rename or remove when a result is asked for under the name `out`."""

RAW = re.compile(r"Traceback \(most recent call last\)|Exception ignored in|^\w+(?:Error|Exception|Warning): ", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One bad (or odd) input and what must come of it.

    answer   error, warn or accept; exit is the status that belongs to it
    says     what the message must match; at how exactly a place is cited: line:col, line, file, none, or FILE:LINE
    line     what stands behind lca-ml on the command line
    files    contents by name; beside writes what is more than contents
    reads    values `resolve` must print, by path; prints what standard output must match
    """

    id: str
    group: str
    what: str
    answer: str
    exit: int
    says: str
    at: str
    name: str
    line: tuple[str, ...]
    files: dict[str, bytes] = field(repr=False)
    beside: Callable[[Path], None] | None = None
    reads: dict[str, str] = field(default_factory=dict)
    prints: str = ""
    title: str = ""
    decided: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    restrictions: tuple[str, ...] = ()
    seconds: float = MOST_SECONDS
    twice: bool = False
    process: bool = False

    def set_up(self, folder: Path) -> None:
        """Write the files of the case into an empty folder."""
        for name, data in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        if self.beside is not None:
            self.beside(folder)


@dataclass(frozen=True)
class Outcome:
    """What a program did: its exit status, what it printed, what it did beyond computing, what it took, and how many times slower the machine is."""

    status: int
    out: str
    err: str
    audit: tuple[str, ...] = ()
    seconds: float = 0.0
    megabytes: float = 0.0
    slower: float = 1.0


class _Loader(yaml.BaseLoader):
    """YAML of the tables, every scalar a text: `!made NAME ARGUMENT` is what a function of made.py returns."""


def _made(loader: _Loader, node: Any) -> Any:
    name, _blank, argument = str(loader.construct_scalar(node)).partition(" ")
    made_by = getattr(made, name)
    return made_by(argument) if argument else made_by


_Loader.add_constructor("!made", _made)


def cases() -> list[Case]:
    """Return all cases, table by table."""
    return [case for path in sorted((HERE / "cases").glob("*.yaml")) for case in _table(path)]


def _table(path: Path) -> Iterator[Case]:
    table = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    shared = {k: v for k, v in table.items() if k != "cases"}
    for id_, own in table["cases"].items():
        yield _case(str(id_), path.stem, {**shared, **own})


def _case(id_: str, group: str, given: dict[str, Any]) -> Case:
    answer = given.get("answer", "error")
    name = given.get("name", "case.yaml")
    files, beside = _beside(given.get("beside", {}))
    if (text := _text(given)) is not None:
        files[name] = text
    line = given.get("line")
    if line is None:
        command = str(given.get("command", "run")).split()
        if answer == "warn" and command == ["run"]:
            command = ["check"]  # warnings go to standard error there; `run` tells them below its table
        line = [*command, name, *given.get("arguments", []), *(["-o", "out"] if command == ["run"] and answer == "error" else [])]
    return Case(
        id_,
        group,
        given["what"],
        answer,
        int(given.get("exit", 3)) if answer == "error" else 0,
        given.get("says", ""),
        given.get("at", "line:col") if answer == "error" else "none",
        name,
        tuple(_now(part) for part in line),
        files,
        beside,
        given.get("reads", {}),
        given.get("prints", ""),
        _now(given["put"]).strip() if given.get("host") == "name" and answer == "accept" else "",
        given.get("decided", ""),
        given.get("environment", {}),
        _restrictions(given),
        float(given.get("seconds", MOST_SECONDS)) if answer == "accept" else MOST_SECONDS,
        "twice" in given,
        "process" in given,
    )


def _text(given: dict[str, Any]) -> bytes | None:
    """Return what the study or the table of a case holds: its own text, what made.py writes, or a host with a text put into it."""
    whole = getattr(made, given["made"])() if "made" in given else given.get("text")
    if whole is None and "host" in given:
        host = (HERE / "hosts" / f"{given['host']}.yaml").read_text(encoding="utf-8")
        body = host.partition("\n")[2]  # the first line says what the mark is
        put = _now(given.get("put", ""))
        whole = body.replace("@@RAW@@", put).replace("@@", json.dumps(put, ensure_ascii=False))
    return whole if whole is None or isinstance(whole, bytes) else whole.encode(given.get("encoding", "utf-8"))


def _beside(given: Any) -> tuple[dict[str, bytes], Callable[[Path], None] | None]:
    if callable(given):
        return {}, given
    return {name: str(_now(content)).encode("latin-1" if content == "PK\x03\x04" else "utf-8") for name, content in given.items()}, None


def _now(given: Any) -> Any:
    return given() if callable(given) else given


def _restrictions(given: dict[str, Any]) -> tuple[str, ...]:
    closed = ("closed-stdout",) if given.get("stdout") == "closed" else ()
    unprivileged = ("unprivileged",) if given.get("beside") is made.side_files else ()
    return (*closed, *unprivileged, *(f"{name}={value}" for name, value in given.get("limit", {}).items()))


# --- judgement


def judged(case: Case, outcome: Outcome, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return what is wrong with an outcome, nothing where all is as it should be."""
    return [
        *_answer(case, outcome),
        *_told(case, outcome),
        *_tidy(case, outcome, before, after),
        *_bounded(case, outcome),
        *_audited(case, outcome),
        *_written(case, after),
    ]


def _answer(case: Case, outcome: Outcome) -> Iterator[str]:
    if outcome.status != case.exit:
        yield f"exit {outcome.status}, not {case.exit}: {outcome.err.strip()[:200]!r}"
    if RAW.search(outcome.out + "\n" + outcome.err):
        yield "a traceback, or an error in Python's words"
    if case.prints and not re.search(case.prints, outcome.out):
        yield f"standard output lacks /{case.prints}/"
    if case.reads and outcome.status == 0:
        from lca_ml.documents import parse  # the reader itself says whether the values are the same

        document = parse(outcome.out, "stdout")
        for path, wanted in case.reads.items():
            node: Any = document
            for step in path.strip("/").split("/"):
                node = node.items[int(step)] if step.isdigit() else node[step]
            if node.value != wanted:
                yield f"{path} reads {node.value!r}, not {wanted!r}"


def _told(case: Case, outcome: Outcome) -> Iterator[str]:
    places = {
        "line:col": rf"{re.escape(case.name)}:\d+:\d+: ",
        "line": rf"{re.escape(case.name)}:\d+(?::\d+)?: ",
        "file": rf"{re.escape(case.name)}\b",
        "none": "",
    }
    if not re.search(places.get(case.at, rf"{re.escape(case.at)}(?::\d+)?: "), outcome.err):
        yield f"no place ({case.at}) in {outcome.err[:200]!r}"
    if case.says and case.answer != "accept" and not re.search(case.says, outcome.err.replace(case.name, ""), re.IGNORECASE):
        yield f"the message lacks /{case.says}/: {outcome.err[:200]!r}"
    if case.answer == "warn" and "warning" not in outcome.err:
        yield "no warning"


def _tidy(case: Case, outcome: Outcome, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    made_ = {name for name in after if name not in before}
    if case.exit != 0 and made_:
        yield f"left behind: {sorted(made_)}"
    if case.exit == 0 and (odd := sorted(n for n in made_ if Path(n).parts[0] != "out")):
        yield f"left behind: {odd}"
    changed = sorted(n for n in before if after.get(n) != before[n])
    if changed:
        yield f"changed: {changed}"
    text = outcome.out + "\n" + outcome.err
    if UNSEEN.search(text):
        yield "a character nobody sees is printed"
    if any(len(line) > LONGEST_LINE for line in text.split("\n")):
        yield f"a line of more than {LONGEST_LINE} characters is printed"
    if len(text) > LONGEST_OUTPUT:
        yield f"{len(text)} characters are printed"


def _bounded(case: Case, outcome: Outcome) -> Iterator[str]:
    if outcome.seconds > case.seconds * max(1.0, outcome.slower):
        yield f"took {outcome.seconds:.2f} s of processor time"
    if outcome.megabytes > MOST_MEGABYTES:
        yield f"took {outcome.megabytes:.0f} MB"


def _audited(case: Case, outcome: Outcome) -> Iterator[str]:
    """Yield what a program must not do: networks, programs, pickles, code made of its input, files written anywhere but below `out`."""
    given = [text for text in (case.title, *(d.decode("utf-8", "replace") for d in case.files.values())) if len(text) > 20]
    for line in outcome.audit:
        event, _blank, rest = line.partition(" ")
        if event in ("write", "os.rename", "os.remove", "os.rmdir", "os.chmod", "os.link"):
            if not OURS.match(rest):
                yield f"audit: {line[:120]}"
        elif event == "compile":
            file, _blank, source = rest.partition(" ")
            if file not in ("<unknown>", "<formula>") and any(text[:200] in source for text in given):
                yield f"audit: code made of the input: {line[:120]}"
        elif event not in ("ctypes.dlopen",):
            yield f"audit: {line[:120]}"


def _written(case: Case, after: dict[str, Any]) -> Iterator[str]:
    """Yield where a name did not come out of a file as it went in: as text, in each format."""
    for name, (_mode, _size, data) in sorted(after.items()):
        if not case.title or not name.startswith("out" + os.sep) or not data:
            continue
        match Path(name).suffix:
            case ".json" if Path(name).stem == "result" and json.loads(data)["scenario"]["title"] != case.title:
                yield f"{name} gives the title {json.loads(data)['scenario']['title']!r}"
            case ".svg":
                ElementTree.fromstring(data)
            case ".csv":
                cells = [c for row in csv.reader(data.decode().splitlines()) for c in row]
                yield from (f"{name}: a spreadsheet would compute {c!r}" for c in cells if re.match(r"[=+@\t\r]|-\D", c))
            case ".html" if "<" in case.title and case.title in data.decode():
                yield f"{name} holds {case.title!r} as markup"


def contents(folder: Path) -> dict[str, Any]:
    """Return what lies in a folder, by relative name: kind, size, permissions, bytes of small files, where links lead."""
    found: dict[str, Any] = {}
    for base, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(base, name)
            state = path.lstat()
            readable = path.is_file() and not path.is_symlink() and state.st_size < 5_000_000
            content = path.readlink() if path.is_symlink() else path.read_bytes() if readable and os.access(path, os.R_OK) else b""
            found[str(path.relative_to(folder))] = (state.st_mode, state.st_size if not path.is_dir() else 0, content)
    return found
