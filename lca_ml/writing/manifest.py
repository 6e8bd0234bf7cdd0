"""The list of what lca-ml wrote into a folder: `manifest.json`, with the SHA-256 of each file. What it does not vouch for is the user's."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePath

from lca_ml.errors import Finding, Place, WorldError, shown
from lca_ml.words import _

MANIFEST = "manifest.json"
SCHEMA = "lca-ml/manifest@1"
LARGEST = 1 << 24  # bytes of a manifest; ours have some thousands


def manifest(files: dict[str, bytes]) -> bytes:
    """Return the manifest of files: the name and SHA-256 of each, in the order of their names."""
    return (json.dumps({"schema": SCHEMA, "files": {name: _digest(data) for name, data in sorted(files.items())}}, indent=1) + "\n").encode()


def check_names(names: Iterable[str], path: Path) -> None:
    """Refuse a name that leads out of the folder, or that is the manifest's. Raises WorldError."""
    for name in names:
        inside = PurePath(name)
        if not inside.parts or inside.is_absolute() or ".." in inside.parts or inside == PurePath(MANIFEST):
            raise WorldError(Finding("output-name", _("{name} is not a name for a file of this folder").format(name=shown(name)), Place(str(path))))


def foreign(folder: Path) -> list[str]:
    """Return the names of what lca-ml did not write into a folder, or what was changed since, in order. Raises OSError."""
    written = _listed(folder)
    ours = {parent.as_posix() for name in written for parent in PurePath(name).parents}
    device = folder.stat().st_dev
    found = []
    for inside, folders, names in os.walk(folder, onerror=_raised):
        here = Path(inside)
        others = [n for n in folders if (here / n).is_symlink() or (here / n).stat().st_dev != device]  # what is mounted is somebody's
        for path in (here / n for n in (*names, *others)):
            name = path.relative_to(folder).as_posix()
            if not _as_written(path, written.get(name)):
                found.append(name)
        if not names and not folders and (name := here.relative_to(folder).as_posix()) not in ours | {"."}:
            found.append(name)
        folders[:] = [n for n in folders if n not in others]
    return sorted(found)


def remove(folder: Path) -> None:
    """Remove each file of a folder that is as lca-ml wrote it, and the folder where nothing else is in it; what cannot be removed stays.

    No link is followed. The manifest goes last, so that a removal cut short can be taken up again.
    """
    if folder.is_symlink():
        return
    written = _listed(folder)
    for inside, _folders, names in os.walk(folder, topdown=False):
        for path in sorted((Path(inside, n) for n in names), key=lambda p: p == folder / MANIFEST):
            with suppress(OSError):
                if _as_written(path, written.get(path.relative_to(folder).as_posix())):
                    path.unlink()
        with suppress(OSError):  # a folder that is not empty stays
            Path(inside).rmdir()


def _listed(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file the manifest of a folder lists, and its own; nothing where there is no manifest of ours."""
    path = folder / MANIFEST
    try:
        if not _plain(path) or path.stat().st_size > LARGEST:
            return {}
        written = path.read_bytes()
        found = json.loads(written)
        return {**found["files"], MANIFEST: _digest(written)} if found["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _as_written(path: Path, digest: str | None) -> bool:
    """Whether a file holds what its digest says. Raises OSError where it cannot be read."""
    return digest is not None and _plain(path) and _digest_of(path) == digest


def _plain(path: Path) -> bool:
    """Whether a path names a file: no link, and neither a pipe nor a device, which hold nothing that was written here and may have no end."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _raised(refused: OSError) -> None:
    raise refused


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
