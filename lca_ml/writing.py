"""Files that are written whole or not at all: a temporary file or folder beside, then a rename.

A folder is replaced only if everything in it was written by lca-ml before and is as it was (its `manifest.json` says so, with the SHA-256
of each file): nothing of the user's is deleted.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path, PurePath

from lca_ml.errors import Finding, Place, WorldError, shown
from lca_ml.words import _

MANIFEST = "manifest.json"
SCHEMA = "lca-ml/manifest@1"


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole: temporary file in the same folder, flushed to disk, then renamed. Raises WorldError; nothing is left behind."""
    try:
        if path.is_dir():
            raise WorldError(Finding("file-folder", _("this is a folder (directory), not a file"), Place(str(path))))
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.chmod(name, 0o666 & ~_umask())  # noqa: PTH101 - a temporary file is private; the result is as the user's other files
            os.replace(name, path)  # noqa: PTH105 - the rename that makes it whole
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(path.parent)
    except (OSError, ValueError) as refused:
        raise _refused(refused, path) from None


def write_folder(path: Path, files: dict[str, bytes]) -> None:
    """Write a folder of files whole, with a manifest of their SHA-256.

    path    missing, empty, or a folder written by lca-ml before, which is replaced as a whole
    files   contents by relative name, a name that stays inside the folder
    Raises WorldError; nothing half-written is left behind, nothing foreign is deleted.
    """
    _check_names(path, files)
    listed = {name: _digest(data) for name, data in sorted(files.items())}
    whole = {**files, MANIFEST: (json.dumps({"schema": SCHEMA, "files": listed}, indent=1) + "\n").encode()}
    try:
        _check_target(path)
        fresh = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}.", dir=path.parent))
        try:
            fresh.chmod(0o777 & ~_umask())
            for name, data in whole.items():
                target = fresh / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    out.write(data)
                    out.flush()
                    os.fsync(out.fileno())
            _replace_folder(fresh, path)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        _sync(path.parent)
    except (OSError, ValueError) as refused:
        raise _refused(refused, path) from None


def _replace_folder(fresh: Path, path: Path) -> None:
    if not path.exists():
        fresh.rename(path)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}.old.", dir=path.parent))
    old = aside / path.name
    try:
        path.rename(old)
        fresh.rename(path)
    except BaseException:
        if not path.exists():
            old.rename(path)
        with suppress(OSError):  # rmdir, and not rmtree: should the old folder be in it still, it stays
            aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _check_names(path: Path, files: dict[str, bytes]) -> None:
    """Refuse a name that leads out of the folder, or that is the manifest's."""
    for name in files:
        inside = PurePath(name)
        if not inside.parts or inside.is_absolute() or ".." in inside.parts or inside == PurePath(MANIFEST):
            raise WorldError(Finding("output-name", _("{name} is not a name for a file of this folder").format(name=shown(name)), Place(str(path))))


def _check_target(path: Path) -> None:
    """Refuse a target that is a link, a file, or a folder that holds anything lca-ml did not write, or that was changed since."""
    here = Place(str(path))
    if path.is_symlink():
        raise WorldError(Finding("output-link", _("the output folder is a link; it is not followed"), here, _("Name the folder itself.")))
    if not path.parent.is_dir():
        raise WorldError(Finding("output-parent", _("the folder {name} does not exist").format(name=shown(str(path.parent), 120)), here))
    if not path.exists():
        return
    if not path.is_dir():
        raise WorldError(Finding("output-file", _("a file of this name exists already"), here, _("Name a folder.")))
    listed = _written_before(path)
    found = [p for p in path.rglob("*") if not p.is_dir() or p.is_symlink()]
    foreign = sorted(name for p in found if not _as_written(p, listed.get(name := p.relative_to(path).as_posix())))
    if foreign:
        message = _("the folder is not empty and holds what lca-ml did not write, or what was changed since: {names}").format(
            names=shown(", ".join(foreign[:5]), 120)
        )
        raise WorldError(Finding("output-foreign", message, here, _("Name a new folder; nothing was overwritten.")))


def _written_before(path: Path) -> dict[str, str]:
    """Return the SHA-256 of each file the manifest of a folder lists, and its own; nothing where there is no manifest of ours."""
    try:
        written = (path / MANIFEST).read_bytes()
        manifest = json.loads(written)
        return {**manifest["files"], MANIFEST: _digest(written)} if manifest["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def _as_written(path: Path, digest: str | None) -> bool:
    """Whether a file holds what its digest says; a link and a device hold nothing that was written here."""
    return digest is not None and path.is_file() and not path.is_symlink() and _digest(path.read_bytes()) == digest


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refused(refused: OSError | ValueError, path: Path) -> WorldError:
    reason = refused.strerror or str(refused) if isinstance(refused, OSError) else _("the name is not one a file can have")
    return WorldError(Finding("output", _("cannot be written: {reason}").format(reason=reason), Place(str(path))))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
