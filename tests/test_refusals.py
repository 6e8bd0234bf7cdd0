"""Every word of what is said about a wrong text: `tests/refusals.txt` is what a user reads."""

from __future__ import annotations

from refusals import PAGE, refusals

from lca_ml.words import speak


def test_what_is_said_is_what_stands_on_the_page():
    """Codes, places, messages, lines with their carets, hints: some 370 texts. `python tests/refusals.py` writes the page anew, to be read."""
    speak("en")
    written = [entry.partition("\n") for entry in PAGE.read_text(encoding="utf-8").rstrip("\n").split("\n\n")]
    expected = {title: said + "\n" for title, _line, said in written}
    found = dict(refusals())

    assert {title: said for title, said in found.items() if expected.get(title) != said} == {}
    assert set(found) == set(expected)
    assert len(expected) == len(written)
