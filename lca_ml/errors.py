"""Where, what, and what to try: the errors of lca-ml.

A `Finding` is one thing said about one place. Readers collect findings and go on, so that a user sees all the mistakes of
a file at once; `Findings.stop` then raises them together. Each error class knows the exit status of the command line.
"""

from __future__ import annotations

import difflib
import errno
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lca_ml.synonyms import MEANT
from lca_ml.words import _, count

LONGEST_EXCERPT = 120
MOST_SHOWN = 20

MOST_ERRORS = 50
"""Mistakes after which reading stops: each suggestion looks through all known names, and nobody reads on."""

MOST_COMPARED = 1_000
"""Names a word is compared with letter by letter."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text file: line and column count from 1, `excerpt` is the whole line as written."""

    file: str
    line: int = 0
    column: int = 0
    width: int = 1
    excerpt: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        parts = [printable(self.file)] + [str(n) for n in (self.line, self.column) if n]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said about one place: `code` for machines, `message` for people, `hint` what to try."""

    code: str
    message: str
    place: Place | None = None
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        """Return `file:line:col: error: what`, the line, a caret under the guilty part, and the hint."""
        head = f"{self.place}: " if self.place else ""
        what = _("error: {message}") if self.severity == "error" else _("warning: {message}")
        lines = [head + what.format(message=self.message)]
        if self.place and self.place.excerpt.strip():
            lines += _caret(self.place)
        if self.hint:
            lines.append(self.hint)
        return "\n".join(lines)

    def as_row(self) -> dict[str, str | int | None]:
        """Return the finding as `check --json` lists it: file, line, column, code, severity, message, hint."""
        p = self.place
        return {
            "file": p.file if p else None,
            "line": (p.line or None) if p else None,
            "column": (p.column or None) if p else None,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint or None,
        }


class LcaError(Exception):
    """What stopped a calculation, as findings. `exit_status` is what the command line answers."""

    exit_status = 3

    def __init__(self, findings: Iterable[Finding] | Finding) -> None:
        self.findings = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__(str(self))

    def __str__(self) -> str:
        shown = [str(f) for f in self.findings[:MOST_SHOWN]]
        more = len(self.findings) - len(shown)
        if more > 0:
            shown.append(count("… and {n} more error", "… and {n} more errors", more))
        return "\n\n".join(shown)


class InputError(LcaError):
    """The scenario, a process page or a factor file is wrong."""


class MissingFactor(InputError):
    """A flow has no characterisation factor for any indicator."""


class UsageError(LcaError):
    """The command line is wrong."""

    exit_status = 2


class WorldError(LcaError):
    """The machine refused: a file is missing, a folder cannot be written, the disk is full."""

    exit_status = 4


class Findings:
    """What has been found so far, errors and warnings, in the order of the file."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, Place | None], Finding] = {}
        self._wrong = 0

    def error(self, code: str, message: str, place: Place | None = None, hint: str = "") -> None:
        """Note an error; the same error at the same place is noted once. Raises InputError with all of them where there are too many to go on."""
        self._note(Finding(code, message, place, hint))

    def warn(self, code: str, message: str, place: Place | None = None, hint: str = "") -> None:
        """Note a warning; the same warning at the same place is noted once."""
        self._note(Finding(code, message, place, hint, "warning"))

    def take(self, wrong: LcaError) -> None:
        """Note what another reader stopped at."""
        for f in wrong.findings:
            self._note(f)

    def _note(self, finding: Finding) -> None:
        key = (finding.code, finding.message, finding.place)
        if key not in self._found:
            self._found[key] = finding
            self._wrong += finding.severity == "error"
        if self._wrong > MOST_ERRORS:
            last = Finding("limit", _("more than {limit} mistakes: the rest is not looked for").format(limit=MOST_ERRORS), finding.place)
            raise InputError((*self.errors[:MOST_ERRORS], last))

    def __iter__(self) -> Iterator[Finding]:
        """Findings in the order of place: file by file as first met, then line and column."""
        files = {f.place.file: i for i, f in reversed(list(enumerate(self._found.values()))) if f.place}
        return iter(sorted(self._found.values(), key=lambda f: (files[f.place.file], f.place.line, f.place.column) if f.place else (-1, 0, 0)))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The errors alone."""
        return tuple(f for f in self if f.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The warnings alone."""
        return tuple(f for f in self if f.severity == "warning")

    def stop(self, kind: type[LcaError] = InputError) -> None:
        """Raise all errors together, as `kind`; do nothing where there is none."""
        if self.errors:
            raise kind(self.errors)


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names that were most likely meant by a word, best first.

    A difference of case, of accents or of -, _ counts least; then come synonyms, names that begin with the word or hold its parts, and names
    that look like it.
    """
    names = list(dict.fromkeys(known))
    plain = {n: _plain(n) for n in names}
    sought = _plain(word)
    same = [n for n in names if plain[n] == sought]
    meant = [n for n in MEANT.get(sought, ()) if n in plain]
    if meant:
        return list(dict.fromkeys([*(n for n in meant if n in same), *same, *meant]))[:most]
    compared = list(plain.values())
    if len(compared) > MOST_COMPARED:
        compared = sorted(compared, key=lambda n: abs(len(n) - len(sought)))[:MOST_COMPARED]
    close = difflib.get_close_matches(sought, compared, n=most, cutoff=0.6)
    begins = [n for n in names if len(sought) > 2 and (plain[n].startswith(sought) or (sought.startswith(plain[n]) and len(plain[n]) > 2))]
    likely = [n for n in begins if plain[n].startswith(sought) and len(sought) > 3]
    parts = _parts(word)
    whole = sorted((n for n in names if parts and parts <= _parts(n)), key=lambda n: len(_parts(n)))
    holds = [n for n in names if len(sought) > 3 and sought in plain[n]]
    ranked = same + likely + whole + [n for c in close for n in names if plain[n] == c] + begins + holds
    return list(dict.fromkeys(ranked))[:most]


def misspelt(word: str, known: Iterable[str]) -> str:
    """Return the one known name a word is nearly written as, or is a synonym of; the empty text where it may well be a name of its own."""
    names = [n for n in known if n not in word]
    likely = [n for n in names if _plain(n) == _plain(word)] + [n for n in MEANT.get(_plain(word), ()) if n in names]
    return next(iter(likely + difflib.get_close_matches(word, names, n=1, cutoff=0.85)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean a, b or c?`, or the empty text where nothing is near."""
    return asked(nearest(word, known))


def asked(names: Iterable[str]) -> str:
    """Return `Did you mean a, b or c?` of the names themselves, the empty text of none."""
    *others, last = list(names) or [""]
    if not last:
        return ""
    listed = ", ".join(others) + " " + _("or") + " " + last if others else last
    return _("Did you mean {names}?").format(names=listed)


def reason(refused: OSError | ValueError) -> str:
    """Return why the machine refused a file: its own few words, in the language in force as far as they are known."""
    if not isinstance(refused, OSError):
        return _("the name is not one a file can have")
    known = {
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.ENOENT: _("No such file or directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.EISDIR: _("Is a directory"),
        errno.ENOSPC: _("No space left on device"),
        errno.EDQUOT: _("Disk quota exceeded"),
        errno.EROFS: _("Read-only file system"),
        errno.ENAMETOOLONG: _("File name too long"),
        errno.ELOOP: _("Too many levels of symbolic links"),
    }
    return known.get(refused.errno or 0) or refused.strerror or str(refused)


def shown(text: str, longest: int = 60) -> str:
    """Return a user's text fit for a message: one line, no control character, cut where it is long."""
    clean = printable(text)
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"


def printable(text: str) -> str:
    """Return the text with control, invisible and bidirectional characters written as U+XXXX."""
    return "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else f"<U+{ord(c):04X}>" for c in text)


@lru_cache(maxsize=20_000)
def _plain(word: str) -> str:
    """Return a word without case, accents and what joins its parts."""
    return re.sub(r"[-_ :.]", "", "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).casefold())


@lru_cache(maxsize=20_000)
def _parts(word: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", word.casefold()))


def _caret(place: Place) -> list[str]:
    text, start = place.excerpt, max(place.column - 1, 0)
    cut = max(0, start - LONGEST_EXCERPT // 2)
    window = text[cut : cut + LONGEST_EXCERPT]
    before = printable(window[: start - cut])
    under = printable(window[start - cut : start - cut + max(place.width, 1)])
    number = f"{place.line:>5} | "
    return [number + printable(window), " " * len(number) + " " * len(before) + "^" * max(len(under), 1)]
