"""The ways an output is written: a file, some files beside others, or a folder of files with a manifest.

A folder is replaced only if everything in it was written by lca-ml before and is as it was: nothing of the user's is deleted. Old and
new exchange their names in one step where the machine can (Linux, most local file systems). Elsewhere the old folder is moved aside first:
a run killed between the two renames leaves it there, whole, and the next run puts it back.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from lca_ml.errors import Finding, Place, WorldError, reason, shown
from lca_ml.words import _
from lca_ml.writing.machine import exchange, lock, moved, opened
from lca_ml.writing.manifest import check_names, foreign
from lca_ml.writing.temporary import aside, fresh_file, fresh_folder, sweep

PATIENCE = 10.0  # seconds another run may take to put its output in place


def write_file(path: Path, data: bytes, new: bool = False) -> None:
    """Write a file whole: the bytes flushed to the disk, then a name in the same folder, then renamed. A link is replaced, not followed.

    new    whether there must be no file of this name
    Raises WorldError. Nothing is left behind; the old file is as it was, unless all that failed was the last flush of the folder around it.
    A file that is replaced hands on its permissions.
    """
    with _world(path), _fresh(path, data) as fresh:
        _first(fresh, path) if new else fresh.replace(path)
    _flush(path)


def write_files(files: dict[Path, bytes]) -> None:
    """Write files beside what else is in their folders, all or none; folders there are not are made.

    Raises WorldError, as `write_file`. Where the machine cannot exchange two names, those replaced before a rename failed stay so; killed with
    -9 within the renames, some are old and some new, each whole.
    """
    with ExitStack() as stack:
        ready = []
        for path, data in files.items():
            with _world(path):
                stack.enter_context(_folders(path.parent))
                ready.append((stack.enter_context(_fresh(path, data)), path))
        for fresh, path in ready:
            with _world(path):
                stack.enter_context(_swapped(fresh, path))
        for path in {p.parent: p for p in files}.values():
            _flush(path)


@contextmanager
def _folders(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; where what follows fails, those made are removed again. Raises OSError."""
    missing = [f for f in (folder, *folder.parents) if not os.path.lexists(f)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for made in missing:
            with suppress(OSError):
                made.rmdir()
        raise


@contextmanager
def _swapped(fresh: Path, path: Path) -> Iterator[None]:
    """Let a path name the fresh file; where what follows fails, what it named before. Raises OSError."""
    old, made = os.path.lexists(path), fresh.lstat()
    try:
        if not (old and exchange(fresh, path)):
            fresh.replace(path)
        yield
    except BaseException:
        with suppress(OSError):
            if os.path.samestat(path.lstat(), made):
                if os.path.lexists(fresh):
                    exchange(fresh, path)
                elif not old:
                    path.rename(fresh)
        raise


def _first(fresh: Path, path: Path) -> None:
    """Give a fresh file a name that nothing has. Raises FileExistsError where something has it, OSError."""
    try:
        os.link(fresh, path, follow_symlinks=False)
    except OSError as refused:
        if refused.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS) or os.path.lexists(path):
            raise
        fresh.replace(path)  # a file system on which a file has one name


def _flush(path: Path) -> None:
    """Bring the name of a file to the disk. Raises WorldError."""
    with _world(path), opened(path.parent) as folder:
        os.fsync(folder)


@contextmanager
def _fresh(path: Path, data: bytes) -> Iterator[Path]:
    """Give a temporary file that is to become a file; it has its permissions where it is there. Raises OSError, WorldError."""
    if path.is_dir():
        raise WorldError(Finding("file-folder", _("this is a folder (directory), not a file"), Place(str(path))))
    if path.exists() and not path.is_file():
        raise WorldError(Finding("file-kind", _("this is a device or a pipe, not a file"), Place(str(path))))
    sweep(path.parent)
    with fresh_file(path.parent, data) as fresh:
        _like(path, fresh)
        yield fresh


def _like(old: Path, fresh: Path) -> None:
    """Give something new the permissions of what it replaces, where that is no link. Raises OSError."""
    with suppress(FileNotFoundError):
        if not stat.S_ISLNK(mode := old.lstat().st_mode) and mode != fresh.lstat().st_mode:
            fresh.chmod(stat.S_IMODE(mode))


def write_folder(path: Path, files: dict[str, bytes]) -> None:
    """Write a folder of files whole, with a manifest of their SHA-256.

    path    missing, empty, or a folder written by lca-ml before, which is replaced as a whole
    files   contents by relative name, a name that stays inside the folder
    Raises WorldError. Nothing half-written is left behind, nothing foreign is deleted; the old folder is as it was, unless all that failed
    was the last flush of the folder around it.
    """
    check_names(files, path)
    check_folder(path)
    with _world(path):
        sweep(path.parent)
        with ExitStack() as open_folders:
            with fresh_folder(path.parent, files) as fresh:
                _like(path, fresh)
                ours = [open_folders.enter_context(opened(Path(inside))) for inside, _folders, _names in os.walk(fresh)]
                while not _in_place(fresh, path):
                    pass
            for folder in (*ours, open_folders.enter_context(opened(path.parent))):
                os.fsync(folder)


def check_folder(path: Path) -> None:
    """Raise WorldError where `write_folder` would refuse: a link, a file, a folder with anything foreign in it. For before a long calculation."""
    with _world(path):
        _check(path)


def _check(path: Path) -> None:
    here = Place(str(path))
    if path.name in ("", ".."):
        raise WorldError(Finding("output-in-use", _("this folder cannot be replaced as a whole"), here, _("Name a folder in it.")))
    if path.is_symlink():
        raise WorldError(Finding("output-link", _("the output folder is a link; it is not followed"), here, _("Name the folder itself.")))
    if not path.parent.is_dir():
        raise WorldError(Finding("output-parent", _("the folder {name} does not exist").format(name=shown(str(path.parent), 120)), here))
    with suppress(FileNotFoundError):  # there is nothing, or no longer: another run moves it
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise WorldError(Finding("output-file", _("a file of this name exists already"), here, _("Name a folder.")))
        with suppress(FileNotFoundError):
            if _changeable(path) and not foreign(path):
                return
        with _alone(path):  # another run may have replaced it while we looked
            if not _changeable(path):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            _refuse_foreign(path, here)


def _changeable(folder: Path) -> bool:
    rights = os.R_OK | os.W_OK | os.X_OK
    return os.access(folder, rights) and all(os.access(inside, rights) for inside, _folders, _names in os.walk(folder))


def _refuse_foreign(folder: Path, here: Place) -> None:
    found = foreign(folder)
    if found:
        message = _("the folder is not empty and holds what lca-ml did not write, or what was changed since: {names}").format(
            names=shown(", ".join(found[:5]), 120)
        )
        raise WorldError(Finding("output-foreign", message, here, _("Name a new folder; nothing was overwritten.")))


def _in_place(fresh: Path, path: Path) -> bool:
    """Let a path name the fresh folder, and the fresh folder's path the old one; False where another run was quicker. Raises OSError, WorldError."""
    if moved(fresh, path):
        return True
    try:
        with _alone(path):
            return _exchanged(fresh, path) or _replaced(fresh, path)
    except FileNotFoundError:
        if not os.path.lexists(fresh):
            raise
        return False


def _exchanged(fresh: Path, path: Path) -> bool:
    if not exchange(fresh, path):
        return False
    try:
        _refuse_foreign(fresh, Place(str(path)))  # once more: now nobody can reach it by its name
    except BaseException:
        exchange(fresh, path)
        raise
    return True


def _replaced(fresh: Path, path: Path) -> bool:
    with aside(path.parent) as place:
        path.rename(place / path.name)
        _refuse_foreign(place / path.name, Place(str(path)))
        return moved(fresh, path)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until no other run holds a folder, and hold it. Raises WorldError where that takes too long, FileNotFoundError where it is gone."""
    until, descriptor = time.monotonic() + PATIENCE, None
    while descriptor is None:
        try:
            descriptor = lock(path)
        except BlockingIOError:
            if time.monotonic() > until:
                raise WorldError(Finding("output-busy", _("another process is writing this folder"), Place(str(path)), _("Try again."))) from None
            time.sleep(0.01)
        except FileNotFoundError:
            raise
        except OSError:  # a file system without locks
            break
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def _world(path: Path) -> Iterator[None]:
    """Tell what the machine refuses as one finding about the output."""
    try:
        yield
    except (OSError, ValueError) as refused:
        raise WorldError(Finding("output", _("cannot be written: {reason}").format(reason=reason(refused)), Place(str(path)))) from None
