"""Bytes of regular files, as text: size, kind, encoding, and paths that stay inside a folder."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from lca_ml.documents.nodes import Text
from lca_ml.errors import Finding, InputError, Place, WorldError, reason, shown
from lca_ml.words import _, grouped

LARGEST_FILE = 1024 * 1024

# Byte-order marks and what they announce; UTF-32 before UTF-16, whose mark is its beginning.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)


def read_bytes(path: str | os.PathLike[str], largest: int = LARGEST_FILE) -> bytes:
    """Return what a regular file holds. Raises WorldError: missing, a folder, a device, no permission; InputError: too large."""
    name = os.fspath(path)
    here = Place(name)
    try:
        found = Path(name).stat()
        if stat.S_ISDIR(found.st_mode):
            raise WorldError(Finding("file-folder", _("this is a folder (directory), not a file"), here, _("Name the scenario file inside it.")))
        if not stat.S_ISREG(found.st_mode):
            raise WorldError(Finding("file-kind", _("this is not a regular file"), here))
        if found.st_size > largest:
            size = _("the file has {size} bytes; the limit is {limit}").format(size=grouped(found.st_size), limit=grouped(largest))
            raise InputError(Finding("file-size", size, here))
        return Path(name).read_bytes()
    except FileNotFoundError:
        raise WorldError(Finding("file-missing", _("file not found: {name}").format(name=shown(name, 120)), here)) from None
    except PermissionError:
        raise WorldError(Finding("file-permission", _("no permission to read this file"), here)) from None
    except (OSError, ValueError) as refused:
        raise WorldError(Finding("file-unreadable", _("cannot be read: {reason}").format(reason=reason(refused)), Place(shown(name, 80)))) from None


def decode(data: bytes, file: str) -> str:
    """Return the text of the bytes: UTF-8 with or without a byte-order mark, or UTF-16 with one. Lines end in \\n."""
    mark, encoding = next(((m, e) for m, e in _MARKS if data.startswith(m)), (b"", "utf-8"))
    written = data.removeprefix(mark)
    try:
        if encoding == "utf-32":
            raise UnicodeDecodeError(encoding, data, 0, 1, "")
        return _one_line_end(written.decode(encoding))
    except UnicodeDecodeError as bad:
        lines = _one_line_end(written[: bad.start].decode(encoding)).split("\n")
        place = Place(file, len(lines), len(lines[-1]) + 1)
        message = _("the file is not UTF-8 text (byte {byte})").format(byte=f"0x{bad.object[bad.start]:02X}")
        raise InputError(Finding("encoding", message, place, _("Save it in the encoding UTF-8."))) from None


def confined(written: Text, folder: Path, below: Path) -> Path:
    """Return the file a text names, seen from a folder, if it stays below another folder, links followed.

    Raises InputError at the text: an address of a network, an absolute path, a path that leads outside, a file that is not there.
    """
    name = written.value.strip()
    if not name:
        raise InputError(Finding("path-empty", _("the path is empty"), written.place))
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", name):
        raise InputError(
            Finding("path-remote", _("a URL is never fetched: {name}").format(name=shown(name)), written.place, _("Put the file beside the scenario."))
        )
    if name.startswith(("/", "~", "\\")) or re.match(r"[A-Za-z]:[\\/]", name):
        raise InputError(Finding("path-absolute", _("an absolute path leads outside the scenario's folder: {name}").format(name=shown(name)), written.place))
    try:
        target = (folder / name).resolve()
        found = target.stat()
    except (OSError, ValueError, RuntimeError):  # a link to itself is a RuntimeError to Python 3.11
        if _leads_outside(Path(os.path.normpath(folder / name)), below):
            raise InputError(Finding("path-outside", _("{name} leads outside the scenario's folder").format(name=shown(name)), written.place)) from None
        raise InputError(Finding("file-missing", _("file not found: {name}").format(name=shown(name)), written.place)) from None
    if not _inside(target, below):
        raise InputError(Finding("path-outside", _("{name} leads outside the scenario's folder").format(name=shown(name)), written.place))
    if stat.S_ISDIR(found.st_mode):
        raise InputError(Finding("file-folder", _("{name} is a folder (directory)").format(name=shown(name)), written.place))
    if not stat.S_ISREG(found.st_mode):
        raise InputError(Finding("file-kind", _("{name} is not a regular file").format(name=shown(name)), written.place))
    if not os.access(target, os.R_OK):
        raise InputError(Finding("file-permission", _("no permission to read {name}").format(name=shown(name)), written.place))
    return target


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _leads_outside(path: Path, folder: Path) -> bool:
    """Whether a path at which there is no file lies outside a folder; one that cannot be followed lies nowhere."""
    try:
        return not _inside(path, folder)
    except (OSError, ValueError, RuntimeError):
        return False


def _inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
