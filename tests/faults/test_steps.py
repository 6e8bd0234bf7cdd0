"""Whatever call of the operating system fails, is interrupted or is the last one: old or new, whole, and nothing left."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from steps import CALLS, MACHINES, NEW, OLD, TASKS, contents, faults, machine_of, nth

from lca_ml.errors import WorldError
from lca_ml.writing import write_file, write_files

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def act_of(error: int | None) -> Callable[[], None]:
    """Return what happens at a call: an error of the machine, or Ctrl-C."""

    def act() -> None:
        raise KeyboardInterrupt if error is None else OSError(error, os.strerror(error))

    return act


Check = Callable[[Path, list[str], BaseException], None]
MAKING = tuple(name for name in CALLS if name not in ("unlink", "rmdir"))


def at_each_call(task: str, place: Path, act: Callable[[], None], check: Check, after: bool = False, calls: tuple[str, ...] = CALLS) -> list[str]:
    """Carry out a task again and again, with the next call failing each time, until it succeeds; returns the calls it takes."""
    ready, write, _old, new = TASKS[task]
    for n in range(1, 1000):
        at = place / str(n)
        at.mkdir()
        ready(at)
        with nth(n, act, after, calls) as made:
            try:
                write(at)
            except (WorldError, KeyboardInterrupt) as stopped:
                check(at, made, stopped)
                continue
        if len(made) < n:
            assert contents(at) == new
            return made
    raise AssertionError("a task of a thousand calls")


@pytest.mark.parametrize("error", ERRORS, ids=errno.errorcode.get)
@pytest.mark.parametrize("kind", MACHINES)
@pytest.mark.parametrize("task", TASKS)
def test_any_call_may_fail(task: str, kind: str, error: int, tmp_path: Path):
    """Disk full, a broken disk, no permission, at each call in turn: one line with the reason, exit status 4, the old bytes, and nothing left.

    Once the new name is in place, only flushing the folder around it can fail: the new bytes then, whole.
    """
    _ready, _write, old, new = TASKS[task]

    def check(at: Path, made: list[str], stopped: BaseException) -> None:
        assert isinstance(stopped, WorldError)
        assert stopped.exit_status == 4
        assert str(stopped).endswith(f"error: cannot be written: {os.strerror(error)}")
        assert "\n" not in str(stopped)
        in_place = contents(at) == new and made[-1] in ("fsync", "open") and {"rename", "replace"} & set(made)
        assert contents(at) == old or in_place, made

    with machine_of(kind):
        made = at_each_call(task, tmp_path, act_of(error), check, calls=MAKING)
    assert {"open", "write", "fsync", *(["mkdir", "rename"] if "folder" in task else ["replace"])} <= set(made)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", MACHINES)
@pytest.mark.parametrize("task", TASKS)
def test_any_call_may_be_interrupted(task: str, kind: str, after: bool, tmp_path: Path):
    """Ctrl-C before or after each call: old or new, whole; what it leaves beside, if anything, the next run sweeps."""
    _ready, write, old, new = TASKS[task]

    def check(at: Path, made: list[str], stopped: BaseException) -> None:
        assert isinstance(stopped, KeyboardInterrupt)
        found = {name: data for name, data in contents(at).items() if not name.startswith(".lca-ml-")}
        assert found in (old, new), made
        for left in at.glob(".lca-ml-*"):
            os.utime(left, (0, 0))
        write(at)
        assert contents(at) == new, made

    with machine_of(kind):
        at_each_call(task, tmp_path, act_of(None), check, after)


@pytest.mark.parametrize("error", [None, *ERRORS], ids=lambda error: errno.errorcode[error] if error else "Ctrl-C")
def test_of_several_files_any_call_may_fail(error: int | None, tmp_path: Path):
    """All of them or none, those replaced and those that are new, and the folder made for them."""
    for n in range(1, 1000):
        at = tmp_path / str(n)
        at.mkdir()
        write_files({at / name: data for name, data in OLD.items()})
        before = contents(at)
        with machine_of("linux"), nth(n, act_of(error), calls=MAKING) as made:
            try:
                write_files({at / "old.csv": b"new", **{at / name: data for name, data in NEW.items()}})
            except (WorldError, KeyboardInterrupt):
                assert contents(at) == before, made
                continue
        assert contents(at) == {"old.csv": b"new", **NEW}
        if len(made) < n:
            assert {"mkdir", "open", "write", "fsync", "exchange", "replace"} <= set(made)
            return


@pytest.mark.parametrize("task", TASKS)
def test_any_call_may_be_the_last(task: str, tmp_path: Path):
    """A kill -9 before and after each call, on every kind of machine: nothing torn, and the next run leaves nothing.

    Where two names cannot be exchanged the old folder may be found aside, whole; the next run puts it back.
    """
    code = "import json, sys; from pathlib import Path; from steps import MACHINES, killed\n"
    code += "print(json.dumps({kind: killed(sys.argv[1], kind, Path(kind)) for kind in MACHINES}))"
    done = subprocess.run(
        [sys.executable, "-c", code, task],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for kind, found in json.loads(done.stdout).items():
        assert found["kills"] >= 16
        assert found["old"] and found["new"]
        assert not faults(found, kind), (kind, found)


@pytest.mark.parametrize("call", ["unlink", "rmdir"])
def test_what_cannot_be_removed_is_swept_by_the_next_run(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder is replaced and the old one cannot be removed: the new one is in place, and the next run clears away."""
    ready, write, _old, new = TASKS["a folder replaced"]
    ready(tmp_path)

    def refused(*_arguments: Any, **_keywords: Any) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, call, refused)
        write(tmp_path)
    assert {name: data for name, data in contents(tmp_path).items() if not name.startswith(".lca-ml-")} == new
    assert list(tmp_path.glob(".lca-ml-*"))

    write_file(tmp_path / "other", b"other")
    assert contents(tmp_path) == {**new, "other": b"other"}


def test_a_leftover_of_somebody_else_is_not_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In a folder shared by many users each clears away only what is their own."""
    left = tmp_path / ".lca-ml-0123456789abcdef.tmp"
    left.write_bytes(b"torn")
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
        write_file(tmp_path / "a", b"a")
    assert left.exists()

    write_file(tmp_path / "a", b"a")
    assert not left.exists()


def test_without_locks_a_young_leftover_is_left_alone(tmp_path: Path):
    """It may be another run's that lives; after an hour it is not."""
    left = tmp_path / ".lca-ml-0123456789abcdef.tmp"
    left.write_bytes(b"torn")
    with machine_of("no locks"):
        write_file(tmp_path / "a", b"a")
        assert left.exists()
        os.utime(left, (0, 0))
        write_file(tmp_path / "a", b"a")
    assert not left.exists()
