"""Errors say where, what, and what to try."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_ml.errors import Finding, Findings, InputError, LcaError, MissingFactor, Place, UsageError, WorldError, did_you_mean, nearest, printable, shown

PUE = Place("scenarios/bert.yaml", 12, 30, 3, "    electricity: it_energy * peu")


def test_an_error_shows_the_line_and_a_caret_under_the_guilty_part():
    """The example of the style page, character by character: peu stands at column 30 and is three wide."""
    finding = Finding("name", "peu is not defined", PUE, "Did you mean pue?")

    assert str(finding) == (
        "scenarios/bert.yaml:12:30: error: peu is not defined\n"
        "   12 |     electricity: it_energy * peu\n"
        "                                     ^^^\n"
        "Did you mean pue?"
    )


def test_the_caret_of_a_long_line_stays_under_its_part():
    """Of a line of 301 characters 120 are shown, with the caret under the y at column 200."""
    _head, line, caret = str(Finding("c", "m", Place("s.yaml", 3, 200, 1, "x" * 199 + "y" + "z" * 101))).split("\n")

    assert len(line) == len("    3 | ") + 120
    assert line[caret.index("^")] == "y"
    assert caret.strip() == "^"


def test_the_caret_follows_a_character_that_is_spelled_out():
    """A tab is shown as <U+0009>, eight characters wide, and the caret moves with it."""
    _head, line, caret = str(Finding("c", "m", Place("s.yaml", 1, 3, 2, "a\tbc"))).split("\n")

    assert line.endswith("a<U+0009>bc")
    assert line[caret.index("^") :] == "bc"


@pytest.mark.parametrize(
    ("place", "head"),
    [
        (None, "error: m"),
        (Place("s.yaml"), "s.yaml: error: m"),
        (Place("s.yaml", 3), "s.yaml:3: error: m"),
        (Place("s.yaml", 3, 4), "s.yaml:3:4: error: m"),
        (Place("a\nb\x1b.yaml", 1), "a<U+000A>b<U+001B>.yaml:1: error: m"),
    ],
)
def test_a_place_is_said_as_far_as_it_is_known(place: Place | None, head: str):
    """File, line and column, those that there are; a file's name cannot break the line or colour the terminal."""
    assert str(Finding("c", "m", place)) == head


def test_a_warning_says_that_it_is_one():
    """The severity is the word after the place."""
    assert str(Finding("c", "m", Place("s.yaml", 3), severity="warning")) == "s.yaml:3: warning: m"


def test_a_finding_is_a_row_for_machines():
    """What is not known is null, not 0 or an empty text."""
    assert Finding("name", "m", PUE, "h").as_row() == {
        "file": "scenarios/bert.yaml",
        "line": 12,
        "column": 30,
        "code": "name",
        "severity": "error",
        "message": "m",
        "hint": "h",
    }
    assert json.loads(json.dumps(Finding("c", "m", Place("s.yaml")).as_row())) == {
        "file": "s.yaml",
        "line": None,
        "column": None,
        "code": "c",
        "severity": "error",
        "message": "m",
        "hint": None,
    }
    assert Finding("c", "m").as_row()["file"] is None


@pytest.mark.parametrize(("kind", "status"), [(UsageError, 2), (InputError, 3), (MissingFactor, 3), (LcaError, 3), (WorldError, 4)])
def test_each_kind_of_error_has_its_exit_status(kind: type[LcaError], status: int):
    """2 the command line, 3 the input, 4 the machine."""
    assert kind(Finding("c", "m")).exit_status == status
    assert issubclass(kind, LcaError)


@pytest.mark.parametrize(("n", "last"), [(1, "error: m0"), (20, "error: m19"), (21, "… and 1 more error"), (120, "… and 100 more errors")])
def test_twenty_findings_are_shown_and_the_rest_counted(n: int, last: str):
    """All stay in `findings`; the text shows twenty."""
    stopped = InputError(Finding("c", f"m{i}") for i in range(n))

    assert len(stopped.findings) == n
    assert str(stopped).split("\n\n")[-1] == last
    assert len(str(stopped).split("\n\n")) == min(n, 21)


def test_findings_come_in_the_order_of_the_file():
    """Without a place first, then file by file as first met, then by line and column; warnings among errors."""
    found = Findings()
    found.error("c", "third", Place("b.yaml", 2, 1))
    found.error("c", "fifth", Place("a.yaml", 9, 1))
    found.warn("c", "second", Place("b.yaml", 1, 7))
    found.error("c", "fourth", Place("a.yaml", 1, 1))
    found.error("c", "first")

    assert [f.message for f in found] == ["first", "second", "third", "fourth", "fifth"]
    assert [f.message for f in found.errors] == ["first", "third", "fourth", "fifth"]
    assert [f.message for f in found.warnings] == ["second"]


def test_the_same_thing_is_said_once():
    """Same code, message and place: one finding; another place: two."""
    found = Findings()
    for line in (1, 1, 2):
        found.error("c", "m", Place("s.yaml", line, 1))
        found.warn("w", "m", Place("s.yaml", line, 1))

    assert [(f.code, f.place.line) for f in found] == [("c", 1), ("w", 1), ("c", 2), ("w", 2)]


def test_errors_stop_and_warnings_do_not():
    """`stop` raises all errors together, of the kind that is asked for, and without one returns."""
    found = Findings()
    found.warn("w", "only a warning")
    found.stop()
    found.error("c", "one", Place("s.yaml", 2))
    found.error("c", "two", Place("s.yaml", 1))

    with pytest.raises(WorldError) as stopped:
        found.stop(WorldError)
    assert [f.message for f in stopped.value.findings] == ["two", "one"]


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("peu", ["energy", "pue", "p"], ["pue"]),
        ("gpu-count", ["gpu", "gpu_count"], ["gpu_count", "gpu"]),
        ("KWH", ["Wh", "kWh"], ["kWh", "Wh"]),
        ("traffic", ["energy"], []),
        ("en", ["energy"], []),
        ("ener", ["energy_it"], ["energy_it"]),
        ("x", [], []),
    ],
)
def test_the_nearest_known_names_are_found(word: str, known: list[str], expected: list[str]):
    """Case, - and _ count least, then letters, then beginnings, and none where nothing is near."""
    assert nearest(word, known) == expected


def test_three_names_are_enough():
    """Of four that are as near three are told, or as many as are asked for."""
    known = ["aab", "aac", "aad", "aae"]

    assert len(nearest("aaa", known)) == 3
    assert len(nearest("aaa", known, most=1)) == 1
    assert set(nearest("aaa", known, most=9)) == set(known)


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("peu", ["pue"], "Did you mean pue?"),
        ("KWH", ["Wh", "kWh"], "Did you mean kWh or Wh?"),
        ("kWj", ["kWh", "kW", "kJ"], "Did you mean kW, kJ or kWh?"),
        ("x", ["traffic"], ""),
    ],
)
def test_a_question_is_asked_about_the_nearest_names(word: str, known: list[str], said: str):
    """One name, two joined by or, three with a comma; nothing where nothing is near."""
    assert did_you_mean(word, known) == said


def test_a_text_is_cut_where_it_is_long():
    """61 letters become 59 and an ellipsis; sixty stay."""
    assert shown("x" * 60) == "x" * 60
    assert shown("x" * 61) == "x" * 59 + "…"
    assert shown("a\nb", 3) == "a<…"


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=200)
def test_nothing_invisible_is_printed(text: str):
    """After `printable` a text is one line without control, formatting or bidirectional characters, and twice is once."""
    clean = printable(text)

    assert clean.isprintable()
    assert printable(clean) == clean
    assert printable("5 kWh · é 能") == "5 kWh · é 能"
