"""Names people choose and read: titles and tags that stand in tables, and names that become files.

check_label(text, what, findings)          a text of one line, short enough for a table
check_file_names(mapping, what, findings)  names of variants and sweeps, which name the files made of them
"""

from __future__ import annotations

import unicodedata

from lca_ml.documents import Mapping, Text
from lca_ml.errors import Findings, shown
from lca_ml.words import _

LONGEST_LABEL = 200
"""Characters of a title, a tag, a place."""

LONGEST_FILE_NAME = 100
"""Bytes in UTF-8 of a name that becomes that of a file: file systems take 255, and an ending and more is added."""

_RESERVED_LABELS = ("total", "__proto__", "constructor", "prototype")

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
"""Names Windows keeps for itself, with any ending."""


def check_label(text: Text, what: str, findings: Findings, reserved: bool = False) -> None:
    """Report a name that no table could hold: of several lines, or too long.

    reserved   whether it names a row, and so must not be the name of the row of all, nor one that means something else to a web page
    """
    name = text.value.strip()
    if not name:
        findings.error("label", _("{what} is empty").format(what=what), text.place)
    elif len(name) > LONGEST_LABEL:
        message = _("{what} is too long: {n} characters; the limit is {limit}").format(what=what, n=len(name), limit=LONGEST_LABEL)
        findings.error("label-long", message, text.place, _("A longer text belongs under `about:` or `note:`."))
    elif odd := _unprintable(name):
        message = _("{what} holds a character that stands in no line: U+{code:04X}").format(what=what, code=ord(odd))
        findings.error("label", message, text.place)
    elif reserved and name.casefold() in _RESERVED_LABELS:
        message = _("{name} is a reserved name: a row of a table cannot be called so").format(name=name)
        findings.error("name-reserved", message, text.place, _("Choose another name."))


def check_file_names(block: Mapping, what: str, findings: Findings) -> None:
    """Report keys that could not name a file on every system, and two that would name the same; warn of one that would be hidden."""
    known: dict[str, Text] = {}
    for name in block:
        key = block.key(name)
        if why := _no_file_name(name):
            message = _("{name} is no name for {what}: {why}").format(name=shown(name, 40), what=what, why=why)
            findings.error("file-name", message, key.place, _("Its name becomes that of a file: use letters, digits, _ and -."))
        elif name.startswith("."):
            findings.warn("file-name", _("{name} begins with a point: a file of this name is hidden").format(name=shown(name, 40)), key.place)
        alike = known.setdefault(unicodedata.normalize("NFC", name).casefold(), key)
        if alike is not key:
            message = _("{a} and {b} differ in case only: two files of these names are the same on some systems").format(
                a=shown(alike.value, 40), b=shown(name, 40)
            )
            findings.error("file-name", message, key.place, _("Rename one of the two."))


def _no_file_name(name: str) -> str:
    """Return why a name could not be that of a file on every system, the empty text where it could."""
    size = len(name.encode())
    if size > LONGEST_FILE_NAME:
        return _("it is too long ({n} bytes; the limit is {limit})").format(n=size, limit=LONGEST_FILE_NAME)
    odd = _unprintable(name) or next((c for c in name if c in '/\\:*?"<>|,'), "")
    if odd:
        return _("it holds the character U+{code:04X}").format(code=ord(odd)) + (f" ({odd})" if odd.isprintable() else "")
    if name.startswith("-") or not name.strip(". ") or name[-1] in ". ":
        return _("it begins with -, or ends with a point or a blank")
    if name.partition(".")[0].casefold() in _DEVICES:
        return _("it is the name of a device on Windows (reserved)")
    return ""


def _unprintable(text: str) -> str:
    return next((c for c in text if not c.isprintable() and unicodedata.category(c) != "Zs"), "")  # the blanks of French are no fault
