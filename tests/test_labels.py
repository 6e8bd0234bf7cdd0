"""Names people choose: those of tables, and those that become files."""

from __future__ import annotations

import pytest

from lca_ml.documents import Text, parse
from lca_ml.errors import Findings, InputError, Place
from lca_ml.labels import LONGEST_FILE_NAME, check_file_names, check_label
from lca_ml.model import load_model

STUDY = "lca_ml: 1\ntitle: {title}\nfunctional_unit: 1 model\nstages: {{hardware: {{flows: {{climate_change: 5 kgCO2e}}, tags: {{team: {tag}}}}}}}\n{more}"


def label(text: str, reserved: bool = False) -> list[str]:
    findings = Findings()
    check_label(Text(text, Place("s.yaml", 1, 1)), "the title", findings, reserved)
    return [f.message for f in findings.errors]


def file_names(*names: str) -> Findings:
    findings = Findings()
    check_file_names(parse("".join(f'"{n}": 1\n' for n in names), "s.yaml"), "a variant", findings)
    return findings


@pytest.mark.parametrize("text", ["A study", "Étude\u00a0: un cas", "日本語", "<b>", "$$", "a" * 200, "🌱", "Title\n"])
def test_a_name_of_one_line_is_a_label(text):
    """Letters of any language, signs, the blanks of French, the line break a folded text ends with."""
    assert label(text) == []


@pytest.mark.parametrize(("text", "words"), [("a\nb", "U+000A"), ("a\tb", "U+0009"), ("a" * 201, "201 characters; the limit is 200")])
def test_what_no_table_can_hold_is_no_label(text, words):
    """Two lines, a tab, more than 200 letters."""
    (message,) = label(text)

    assert words in message


@pytest.mark.parametrize("text", ["Total", "total", "__proto__", "constructor"])
def test_a_row_is_not_called_as_the_row_of_all(text):
    """Reserved where it names a row; a title may be called so."""
    assert label(text) == []
    assert "reserved" in label(text, reserved=True)[0]


@pytest.mark.parametrize("name", ["in_poland", "CO₂ café", "a.b", "x" * LONGEST_FILE_NAME, "contrast", "com10"])
def test_a_name_of_a_file_is_one_everywhere(name):
    """Letters, points inside, names that only begin as a device does."""
    assert list(file_names(name)) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a/b", "U+002F (/)"),
        ("a\\\\b", "U+005C"),
        ("a:b", "U+003A"),
        ("a,b", "U+002C"),
        ("-rf", "begins with -"),
        ("a.", "ends with a point"),
        ("..", "ends with a point"),
        ("con", "a device on Windows"),
        ("LPT1.txt", "a device on Windows"),
        ("日" * 34, "102 bytes; the limit is 100"),
    ],
)
def test_a_name_that_is_none_somewhere_is_refused(name, words):
    """On Windows, on a command line, or because it is too long."""
    (error,) = file_names(name).errors

    assert words in error.message


def test_two_names_that_are_one_file_are_refused():
    """Case, and accents written apart, make no difference on some systems."""
    assert "differ in case only" in file_names("result", "Result").errors[0].message
    assert "differ in case only" in file_names("e\u0301t", "\u00e9t").errors[0].message
    assert list(file_names("result", "results")) == []


def test_a_hidden_file_is_warned_of():
    """It would be written, and not be seen."""
    (warning,) = file_names(".hidden").warnings

    assert "begins with a point" in warning.message


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": '"a\\nb"'}, "the title holds a character"),
        ({"tag": "total"}, "total is a reserved name"),
        ({"tag": "x" * 201}, "the tag team is too long"),
        ({"more": "variants: {a/b: {title: x}}\n"}, "a/b is no name for a variant"),
        ({"more": "sweeps: {a/b: {region: 'FR,DE'}}\n"}, "a/b is no name for a sweep"),
        ({"more": "factors: {regions: {Total: FR}}\n"}, "Total is a reserved name"),
        ({"more": "factors: {values: [{flow: total, climate_change: 1 kgCO2e/kg}]}\n"}, "total is a reserved name"),
    ],
)
def test_names_of_a_study_are_checked_where_they_are_given(given, words):
    """Title, tags, places, flows of one's own, variants, sweeps."""
    with pytest.raises(InputError, match=words):
        load_model("s.yaml", text=STUDY.format(**{"title": "t", "tag": "search", "more": ""} | given))
