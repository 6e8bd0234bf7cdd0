"""The corpus of bad inputs: every case in this process, a sample of them as processes of their own."""

from __future__ import annotations

import io
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

HERE = Path(__file__).parent / "badinputs"
sys.path[:0] = [str(HERE), str(HERE / "audit")]

from corpus import Case, Outcome, _audited, cases, contents, judged  # noqa: E402 - a script's folder, not a package
from run import process  # noqa: E402
from sitecustomize import seen  # noqa: E402

import lca_ml.cli  # noqa: E402
from lca_ml.cli.study import check, run  # noqa: E402

CASES = cases()
DRAWN = ("n001", "n010", "n013")
INSIDE = [c for c in CASES if not c.process and not c.title]
SAMPLE = [c for c in CASES if c.process or c.id in DRAWN] + INSIDE[::40]


class Left(BaseException):
    """What stands for the end of a process."""


class Audit:
    """What this process does beyond computing, while it listens. An audit hook cannot be taken away again."""

    def __init__(self) -> None:
        self.lines: list[str] | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if self.lines is not None and (line := seen(event, args)) is not None:
            self.lines.append(line)


@pytest.fixture(scope="module")
def audit() -> Audit:
    """Return the ear of this process, after everything was imported once, as importing compiles code."""
    assert run.callback and check.callback
    return Audit()


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, audit: Audit) -> Iterator[object]:
    """Return a function that runs a case in this process, as `main` would in its own."""
    handlers = {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(lca_ml.cli, "_leave", _leave)
    for name in ("LCA_ML_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def inside(case: Case, folder: Path) -> Outcome:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["lca-ml", *case.line])
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace") for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        audit.lines = []
        try:
            lca_ml.cli.main()
        except Left as left:
            status = left.args[0]
        finally:
            heard, audit.lines = tuple(dict.fromkeys(audit.lines)), None
        texts = []
        for stream in streams:
            stream.flush()
            texts.append(stream.buffer.getvalue().decode("utf-8"))
        return Outcome(status, *texts, heard)

    yield inside
    for number, handler in handlers.items():
        signal.signal(number, handler)


def _leave(status: int, said: str = "") -> None:
    """End as a process would, but for the end itself."""
    if said:
        click.echo(said.rstrip("\n"), err=True)
    raise Left(status)


@pytest.mark.parametrize("case", INSIDE, ids=lambda c: c.id)
def test_a_bad_input_is_answered(case: Case, command, tmp_path):
    """Exit status, place, reason, nothing left behind, nothing done but computing; a good one among them is read as it was written."""
    case.set_up(tmp_path)
    before = contents(tmp_path)
    for _time in range(1 + case.twice):
        outcome = command(case, tmp_path)
        assert judged(case, outcome, before, contents(tmp_path)) == []


@pytest.mark.parametrize("case", SAMPLE, ids=lambda c: c.id)
def test_a_process_answers_the_same(case: Case):
    """In a process of its own, with its time and its memory measured."""
    assert process(case).wrong == []


@pytest.mark.parametrize(("slower", "seconds", "wrong"), [(0.5, 6.1, 1), (1, 6.1, 1), (2, 6.1, 0), (2, 11.9, 0), (2, 12.1, 1)])
def test_the_limit_of_time_is_that_of_the_machine(slower: float, seconds: float, wrong: int):
    """A machine that takes twice as long for a plain `check` may take twice as long for a case; a faster one is given no less."""
    case = next(c for c in CASES if c.id == "v012")

    assert len(judged(case, Outcome(0, "", "", seconds=seconds, slower=slower), {}, {})) == wrong


@pytest.mark.parametrize("case", [c for c in CASES if c.title], ids=lambda c: c.id)
@pytest.mark.parametrize("line", ["resolve case.yaml", "check case.yaml", "explain case.yaml", "sensitivity case.yaml", "run case.yaml --by team"])
def test_a_name_comes_out_of_every_command(case: Case, line: str, command, tmp_path):
    """No command trips over a name, and what it prints is text that can be read."""
    from dataclasses import replace

    case.set_up(tmp_path)
    before = contents(tmp_path)
    outcome = command(replace(case, line=tuple(line.split())), tmp_path)

    assert judged(case, outcome, before, contents(tmp_path)) == []


def test_the_tables_are_whole():
    """No id stands twice, every case says what it is, and a decision against the common one says why."""
    ids = [c.id for c in CASES]

    assert len(set(ids)) == len(ids) > 400
    assert all(c.what for c in CASES)
    assert len({c.group for c in CASES}) == len(list((HERE / "cases").glob("*.yaml")))
    assert {h.name for h in (HERE / "hosts").glob("*.yaml")} >= {"expression.yaml", "quantity.yaml", "unit.yaml", "name.yaml", "include.yaml"}


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("socket.connect ('10.0.0.1', 80)", True),
        ("subprocess.Popen ('sh',)", True),
        ("pickle.find_class ('os', 'system')", True),
        ("exec <unknown>", True),
        ("write '/etc/passwd'", True),
        ("write 'case.yaml'", True),
        ("write 'out/result.json'", False),
        ("write '.lca-ml-ab12.tmp/result.json'", False),
        ("os.link ('/proc/self/fd/8', '.lca-ml-ab12.tmp/result.json', 8, -1)", False),
        ("os.link ('case.yaml', '/tmp/case.yaml', -1, -1)", True),
        ("os.rename ('.lca-ml-ab12.tmp', 'out', -1, -1)", False),
        ("os.rename ('case.yaml', 'out', -1, -1)", True),
        ("compile <unknown> 'a * energy_per_request_of_a_model'", False),
        ("compile <string> 'a * energy_per_request_of_a_model'", True),
    ],
)
def test_the_audit_can_fail(line: str, wrong: bool):
    """What must not happen is seen; what must be possible is let pass."""
    case = CASES[0]
    watched = Case(**{**case.__dict__, "title": "a * energy_per_request_of_a_model"})

    assert bool(list(_audited(watched, Outcome(0, "", "", (line,))))) is wrong


def test_a_wrong_outcome_is_seen(tmp_path):
    """The judgement can fail: another status, no place, a traceback, a file left, too much time, too much memory."""
    case = next(c for c in INSIDE if c.id == "y001")
    good = Outcome(3, "", "case.yaml:3:1: error: a tab is used for indentation")
    case.set_up(tmp_path)
    before = contents(tmp_path)

    assert judged(case, good, before, before) == []
    for bad in (
        Outcome(0, "", good.err),
        Outcome(3, "", "error: a tab is used for indentation"),
        Outcome(3, "", "case.yaml:3:1: error: something"),
        Outcome(3, "", good.err + "\nTraceback (most recent call last):"),
        Outcome(3, "", good.err + "\nValueError: x"),
        Outcome(3, "\x1b[31m", good.err),
        Outcome(3, "x" * 501, good.err),
        Outcome(3, "", good.err, (), 2.5),
        Outcome(3, "", good.err, (), 0.1, 400.0),
    ):
        assert len(judged(case, bad, before, before)) == 1
    assert judged(case, good, before, before | {"out": (0, 0, b"")}) != []
    assert judged(case, good, before, {}) != []
    assert [p.name for p in tmp_path.iterdir()] == ["case.yaml"]
