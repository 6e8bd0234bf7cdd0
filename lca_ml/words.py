"""The language of what a user reads: every message passes through `_`.

Messages are English in the code and looked up in `lca_ml/locale/<language>/LC_MESSAGES/lca_ml.mo` when there is one
(GNU gettext, the standard library's). Which language is chosen once, by the command line, before anything is said.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

DOMAIN = "lca_ml"
LANGUAGES = ("en", "fr")
LOCALE = Path(__file__).parent / "locale"

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def speak(language: str | None = None) -> str:
    """Choose the language of messages and return its two letters.

    language   "en" or "fr"; None asks the environment: LCA_ML_LANG, then LC_ALL, LC_MESSAGES, LANG.
    A language without a catalogue is answered in English, numbers and names included: one language at a time.
    """
    global _catalogue, _language  # the one choice of the process, as gettext's own install() makes it
    asked = language or next((v for k in ("LCA_ML_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "en")
    short = asked[:2].lower()
    _catalogue = _gettext.translation(DOMAIN, LOCALE, [short], fallback=True)
    _language = short if short in LANGUAGES and _gettext.find(DOMAIN, LOCALE, [short]) else "en"
    return _language


@contextmanager
def speaking(language: str | None) -> Iterator[str]:
    """Speak another language for a while, as in a figure made for another audience; yields its two letters. None keeps the one in force."""
    global _catalogue, _language
    before = _catalogue, _language
    try:
        yield speak(language) if language else _language
    finally:
        _catalogue, _language = before


def _(message: str) -> str:
    """Return the message in the language chosen by `speak`, the message itself where it has no translation."""
    return _catalogue.gettext(message)


def in_sentence(message: str) -> str:
    """Return a name as it stands within a sentence: `training`, « l’entraînement » (context `in_sentence` of the catalogue)."""
    return _catalogue.pgettext("in_sentence", message)


def count(singular: str, plural: str, n: int) -> str:
    """Return the form for n of a message that counts: `{n}` in it becomes the number."""
    return _catalogue.ngettext(singular, plural, n).format(n=grouped(n))


def grouped(n: int) -> str:
    """Return a whole number with its thousands apart: `1,048,576`, in French `1 048 576` with narrow no-break spaces."""
    return f"{n:,}".replace(",", "\u202f") if _language == "fr" else f"{n:,}"


def later(message: str) -> str:
    """Return the message as it is, marked for the catalogue; `_` translates it when it is said."""
    return message


def set_apart(parts: Iterable[str]) -> str:
    """Return parts that may hold commas in one line, set apart by semicolons."""
    return _("; ").join(parts)


def current() -> str:
    """Return the language in force: its two letters."""
    return _language
