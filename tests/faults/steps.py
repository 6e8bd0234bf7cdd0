"""Every call that writing makes of the operating system, counted, so that the n-th can fail, be interrupted, or be the last of its process.

`python tests/faults/steps.py` kills a process with -9 before and after every call, on every kind of machine, and prints what is left.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from lca_ml.writing import machine, outputs, write_file, write_folder

CALLS = ("open", "write", "fsync", "mkdir", "rename", "replace", "link", "unlink", "rmdir")
OLD, NEW = {"old.csv": b"old", "charts/a.svg": b"old"}, {"new.csv": b"new", "charts/a.svg": b"new", "charts/b.svg": b"new"}


def _refuse(number: int) -> Callable[..., Any]:
    def refused(*_arguments: Any, **_keywords: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return refused


@contextlib.contextmanager
def machine_of(kind: str) -> Iterator[None]:
    """Make this machine one of `MACHINES`; its power is not cut, so that flushing takes no time."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(os, "fsync", lambda descriptor: None))
        if kind != "linux":
            stack.enter_context(mock.patch.object(outputs, "exchange", lambda one, other: False))
            stack.enter_context(mock.patch.object(machine.os, "O_TMPFILE", 0, create=True))
            stack.enter_context(mock.patch.object(os, "open", _without_nameless(os.open)))
        if kind == "no locks":
            stack.enter_context(mock.patch.object(fcntl, "flock", _refuse(errno.EOPNOTSUPP)))
        yield


def _without_nameless(real: Callable[..., int]) -> Callable[..., int]:
    def opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags == os.O_WRONLY and Path(path).is_dir():
            raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
        return real(path, flags, *more, **named)

    return opened


MACHINES = ("linux", "no exchange", "no locks")
"""What file systems can do: all of it; neither files without names nor an exchange of two (NFS, macOS); nor locks either."""


@contextlib.contextmanager
def nth(n: int, act: Callable[[], None], after: bool = False, calls: tuple[str, ...] = CALLS) -> Iterator[list[str]]:
    """Act at the n-th call from now on, before it is made or after; gives the names of the calls made so far."""
    made: list[str] = []

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            made.append(name)
            mine = len(made) == n
            if mine and not after:
                act()
            try:
                return real(*arguments, **named)
            finally:
                if mine and after:
                    act()

        return call

    with contextlib.ExitStack() as stack:
        for name in calls:
            stack.enter_context(mock.patch.object(os, name, counted(name, getattr(os, name))))
        if "rename" in calls:
            stack.enter_context(mock.patch.object(outputs, "exchange", counted("exchange", outputs.exchange)))
        yield made


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file and empty folder below a folder, hidden ones too; the manifests, which tell nothing new, left out."""
    found = {str(p.relative_to(folder)): p for p in sorted(folder.rglob("*"))}
    return {n: p.read_bytes() if p.is_file() else b"" for n, p in found.items() if p.name != "manifest.json" and (p.is_file() or not any(p.iterdir()))}


def under(name: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files with the name of a folder before theirs."""
    return {f"{name}/{k}": v for k, v in files.items()}


TASKS: dict[str, tuple[Callable[[Path], None], Callable[[Path], None], dict[str, bytes], dict[str, bytes]]] = {
    "a new file": (lambda at: None, lambda at: write_file(at / "f", b"new"), {}, {"f": b"new"}),
    "a file replaced": (lambda at: write_file(at / "f", b"old"), lambda at: write_file(at / "f", b"new"), {"f": b"old"}, {"f": b"new"}),
    "a new folder": (lambda at: None, lambda at: write_folder(at / "out", NEW), {}, under("out", NEW)),
    "a folder replaced": (lambda at: write_folder(at / "out", OLD), lambda at: write_folder(at / "out", NEW), under("out", OLD), under("out", NEW)),
}
"""What is written: how the place is made ready, the writing, and all there is before and after it."""


def killed(task: str, kind: str, place: Path) -> dict[str, int]:
    """Kill a process before and after each call of a task. Returns how often, what was found then, and what the next run left of it."""
    found = dict.fromkeys(("kills", "old", "new", "missing", "torn", "left beside", "not mended", "left after the next run"), 0)
    with machine_of(kind):
        for n in range(1, 1000):
            for after in (False, True):
                at = place / f"{n}{after}"
                at.mkdir(parents=True)
                if not _killed_at(n, after, task, kind, at, found):
                    return found
                shutil.rmtree(at)
    raise AssertionError("a task of a thousand calls")


def _killed_at(n: int, after: bool, task: str, kind: str, at: Path, found: dict[str, int]) -> bool:
    """Note what one kill leaves, and what the next run makes of it; False where the task has no such call."""
    ready, write, old, new = TASKS[task]
    ready(at)
    if not _dies(lambda: _kill_at(n, after, write, at)):
        return False
    found["kills"] += 1
    there = {name: data for name, data in contents(at).items() if not name.startswith(".lca-ml-")}
    found["old" if there == old else "new" if there == new else "missing" if not there else "torn"] += 1
    found["left beside"] += any(p.name.startswith(".lca-ml-") for p in at.iterdir())
    if kind == "no locks":
        _an_hour_passes(at)
    write_file(at / "other", b"other")
    found["not mended"] += contents(at) not in ({**old, "other": b"other"}, {**new, "other": b"other"})
    write(at)
    found["left after the next run"] += contents(at) != {**new, "other": b"other"}
    return True


def _kill_at(n: int, after: bool, write: Callable[[Path], None], at: Path) -> None:
    with nth(n, lambda: os.kill(os.getpid(), signal.SIGKILL), after):
        write(at)


def _an_hour_passes(at: Path) -> None:
    for left in at.iterdir():
        os.utime(left, (time.time() - 3601,) * 2, follow_symlinks=False)


def _dies(act: Callable[[], None]) -> bool:
    """Whether a child process that does this is killed."""
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            act()
            os._exit(0)
        os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed"
    return os.WIFSIGNALED(status)


def faults(found: dict[str, int], kind: str) -> int:
    """Return how much of what was found must not be: only where two names cannot be exchanged may a folder be missing, until the next run."""
    return found["torn"] + found["not mended"] + found["left after the next run"] + (found["missing"] if kind == "linux" else 0)


def main() -> int:
    """Print the table of every task on every machine; answer 1 where something was torn, missing for good, or left."""
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        for kind in MACHINES:
            for task in TASKS:
                found = killed(task, kind, Path(scratch) / kind / task)
                wrong += faults(found, kind)
                print(f"{kind:12} {task:18} " + " · ".join(f"{name} {number}" for name, number in found.items()))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
