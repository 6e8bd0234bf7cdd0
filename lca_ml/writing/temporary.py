"""What is not an output yet, or no longer.

New files have no name where the machine can do without (Linux, most local file systems): whatever ends the process ends them. What needs
a name stands beside the output as `.lca-ml-` and sixteen digits, locked while its writer lives, for as few steps as can be. `kill -9` in
the middle of these leaves it there; each run that writes into the same folder sweeps it first: what nobody holds any more is removed, an
output that was moved aside and not replaced is put back.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lca_ml.writing.machine import give_name, hold, lock, moved, named, nameless, write
from lca_ml.writing.manifest import MANIFEST, manifest, remove

FRESH, ASIDE = ".tmp", ".old"
TEMPORARY = re.compile(r"\.lca-ml-[0-9a-f]{16}\.(tmp|old)")
ATTEMPTS = 100
LONG = 3600.0  # seconds; writing takes one


def sweep(folder: Path) -> None:
    """Clear away what killed runs left in a folder; what is in use stays, and what cannot be cleared away."""
    with suppress(OSError), os.scandir(folder) as entries:
        for path in [Path(e.path) for e in entries if TEMPORARY.fullmatch(e.name)]:
            with suppress(OSError):
                _sweep_one(path)


def _sweep_one(path: Path) -> None:
    found = path.lstat()
    undo = _undo(path) if stat.S_ISDIR(found.st_mode) else Path.unlink if stat.S_ISREG(found.st_mode) else None
    if undo is None or found.st_uid != os.geteuid():
        return
    try:
        descriptor = lock(path)
    except BlockingIOError:
        return
    except OSError:  # a file system without locks: who has not touched it for so long is dead
        if time.time() - found.st_mtime > LONG:
            undo(path)
        return
    with _closing(descriptor):
        undo(path)


@contextmanager
def fresh_file(folder: Path, data: bytes) -> Iterator[Path]:
    """Give a temporary file that holds these bytes; it is gone afterwards unless it was renamed. Raises OSError."""
    with _on_disk(folder, [data]) as (file,):
        path = _new(folder, FRESH)
        try:
            file.settle(path)
            yield path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def fresh_folder(folder: Path, files: dict[str, bytes]) -> Iterator[Path]:
    """Give a temporary folder that holds these files and their manifest; what its path names afterwards is removed. Raises OSError.

    The bytes are on the disk before the folder is made: it is there for no longer than it takes to give them their names.
    """
    whole = {MANIFEST: manifest(files)} | files
    with _on_disk(folder, whole.values()) as ready, _temporary_folder(folder, FRESH) as path:
        for name, file in zip(whole, ready, strict=True):
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            file.settle(path / name)
        yield path


@contextmanager
def aside(folder: Path) -> Iterator[Path]:
    """Give a temporary folder to move an output into; afterwards it is removed, or put back where nothing took its place. Raises OSError."""
    with _temporary_folder(folder, ASIDE) as path:
        yield path


@dataclass(frozen=True)
class _File:
    """A new file that is open: its path is None where it has no name yet."""

    descriptor: int
    path: Path | None

    def settle(self, path: Path) -> None:
        """Give it its name, which nothing has yet. Raises OSError."""
        if self.path is None:
            give_name(self.descriptor, path)
        else:
            self.path.rename(path)


@contextmanager
def _on_disk(folder: Path, contents: Iterable[bytes]) -> Iterator[list[_File]]:
    """Give new files with these contents on the disk; those not settled are gone afterwards. Raises OSError."""
    with ExitStack() as stack:
        files = []
        for data in contents:
            files.append(stack.enter_context(_new_file(folder)))
            write(files[-1].descriptor, data)
        for file in files:
            os.fsync(file.descriptor)
        yield files


@contextmanager
def _new_file(folder: Path) -> Iterator[_File]:
    path, descriptor = None, nameless(folder)
    if descriptor is None:
        path, descriptor = _held(folder, FRESH, named)
    else:
        with suppress(OSError):  # a file system without locks
            hold(descriptor)
    with _closing(descriptor):
        try:
            yield _File(descriptor, path)
        finally:
            if path is not None:
                path.unlink(missing_ok=True)


@contextmanager
def _temporary_folder(folder: Path, kind: str) -> Iterator[Path]:
    path, descriptor = _held(folder, kind, _made)
    with _closing(descriptor):
        try:
            yield path
        finally:
            _undo(path)(path)


@contextmanager
def _closing(descriptor: int) -> Iterator[None]:
    try:
        yield
    finally:
        os.close(descriptor)


def _made(path: Path) -> int:
    path.mkdir()
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise FileExistsError from None  # swept away as it was made: another name
    except BaseException:
        path.rmdir()
        raise


def _held(folder: Path, kind: str, make: Callable[[Path], int]) -> tuple[Path, int]:
    """Return the path of something new and the descriptor that keeps it locked, where the file system has locks. Raises OSError."""
    for _attempt in range(ATTEMPTS):
        path = _new(folder, kind)
        with suppress(FileExistsError):
            descriptor = make(path)
            try:
                hold(descriptor, path)
            except BlockingIOError:  # another run sweeps the folder and took it for a leftover
                os.close(descriptor)
                continue
            except OSError:  # a file system without locks
                pass
            return path, descriptor
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _new(folder: Path, kind: str) -> Path:
    return folder / f".lca-ml-{secrets.token_hex(8)}{kind}"


def _undo(path: Path) -> Callable[[Path], None]:
    """Return what is done with a temporary folder that is no longer needed, by its writer or by a later run."""
    return _put_back if path.suffix == ASIDE else remove


def _put_back(path: Path) -> None:
    """Put what was moved aside back in its place, or remove it where something has taken it."""
    for old in list(path.iterdir()):
        home = path.parent / old.name
        if os.path.lexists(home) or not moved(old, home):
            remove(old)
    path.rmdir()
