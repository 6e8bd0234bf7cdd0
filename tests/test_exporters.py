"""What leaves the program as text: CSV a spreadsheet does not run, strict JSON, YAML that reads back to the same values."""

from __future__ import annotations

import csv
import io
import json

import pytest
from conftest import BASE

from lca_ml.documents import Mapping, Text, parse
from lca_ml.engine import run
from lca_ml.errors import Place
from lca_ml.exporters import csv_text, document, files, json_text, yaml_text


def lines(text: str, origins: bool = False) -> list[str]:
    """Return a YAML text, read and written out again, line by line."""
    return yaml_text(parse(text, "folder/s.yaml"), origins).splitlines()


def test_no_rows_are_no_text():
    """A table without rows has no header either: nobody said what its columns are."""
    assert csv_text([]) == ""


def test_rows_are_written_under_the_keys_of_the_first():
    """Numbers with all their digits, None as an empty cell, a comma and a quote in quotes, a line feed at each end."""
    rows = [{"a": 0.1 + 0.2, "b": None, "c": 'x, "y"'}, {"a": 3, "b": "z", "c": ""}]

    assert csv_text(rows) == 'a,b,c\n0.30000000000000004,,"x, ""y"""\n3,z,\n'


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_a_spreadsheet_would_run_is_preceded_by_an_apostrophe(first: str):
    """Six characters begin a formula in a spreadsheet (OWASP, CSV injection); behind another they are harmless. A carriage return is a line feed."""
    written = csv_text([{"a": f"{first}1+1", "b": f"x{first}", "c": -1.5}])

    assert list(csv.reader(io.StringIO(written, newline="")))[1] == [f"'{first}1+1".replace("\r", "\n"), f"x{first}".replace("\r", "\n"), "-1.5"]


def test_json_is_strict():
    """NaN and infinity are refused, not written; `</` cannot end a script; letters stay letters; two spaces are one; one line break at the end."""
    for odd in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="not JSON compliant"):
            json_text({"x": odd})
    assert json_text({"é": "</script>"}) == '{\n "é": "<\\/script>"\n}\n'


def test_what_run_writes_into_a_folder_is_the_same_table_twice(model_of):
    """`result.json` holds the document, `result.csv` its rows: as many, with the same numbers."""
    results = run(model_of(BASE), 16)
    written = files(results)
    rows = json.loads(written["result.json"])["rows"]
    table = list(csv.DictReader(io.StringIO(written["result.csv"].decode())))

    assert set(written) == {"result.json", "result.csv"}
    assert json.loads(written["result.json"]) == document(results)
    assert [None if r["value"] == "" else float(r["value"]) for r in table] == [r["value"] for r in rows]


def test_a_document_says_what_it_was_computed_from(model_of):
    """Schema, the file's name without its folder, the functional unit as written, samples, seed and sampler, and each warning's file by name."""
    results = run(model_of(BASE), 16, seed=7)
    whole = document(results, [()])

    assert whole["schema"] == "lca-ml/result@1"
    assert whole["scenario"]["file"] == "study.yaml"
    assert whole["scenario"]["functional_unit"] == "1000 request"
    assert whole["scenario"]["delivers"] == pytest.approx(6000)
    assert [whole["provenance"][k] for k in ("samples", "seed", "sampler")] == [16, 7, "random"]
    assert {w["file"] for w in whole["warnings"]} <= {"study.yaml", None}
    assert {r["stage"] for r in whole["rows"]} == {None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1", ["a: 1"]),
        ("a: '1'", ['a: "1"']),
        ("a:", ["a: "]),
        ('a: ""', ['a: ""']),
        ("a: {}", ["a: {}"]),
        ("a: []", ["a: []"]),
        ("a: {b: {c: x}}", ["a:", "  b:", "    c: x"]),
        ("a: [x, '[y]', {b: 1, c: 2}, [z], {}]", ["a:", "  - x", '  - "[y]"', "  - b: 1", "    c: 2", "  -", "    - z", "  - {}"]),
        ('a b: "x\\ny"', ['a b: "x\\ny"']),
        ("a: 'it''s'", ['a: "it\'s"']),
        ("a: é", ['a: "é"']),
        ("'a: b': c", ['"a: b": c']),
    ],
)
def test_a_document_is_written_out_in_block_style(text: str, expected: list[str]):
    """Plain where that is safe, in double quotes else; what is empty keeps its kind; a list is indented below its key."""
    assert lines(text) == expected


def test_each_value_is_written_with_its_origin():
    """The name of the file, without its folder, and the line; none where a mapping or a list begins."""
    assert lines("a: 1\nb:\n  - x\n", origins=True) == ["a: 1  # s.yaml:1", "b:", "  - x  # s.yaml:3"]


def test_an_empty_document_is_no_text():
    """Nothing in it, nothing written."""
    assert yaml_text(Mapping({}, parse("a: 1", "s.yaml").place)) == ""


def test_ends_of_lines_in_a_cell_are_line_feeds():
    """A carriage return with its line feed is one end of a line, not two."""
    assert csv_text([{"a": "x\r\ny\rz\n"}]) == 'a\n"x\ny\nz\n"\n'


def test_origins_are_written_however_deep_and_unless_they_are_not_wanted():
    """In a mapping in a mapping, and in a mapping in a list; a value that has no line has no origin."""
    found = parse("a:\n  b: 1\nc:\n  - d: 2\n    e: 3\n", "folder/s.yaml")

    assert yaml_text(found) == "a:\n  b: 1  # s.yaml:2\nc:\n  - d: 2  # s.yaml:4\n    e: 3  # s.yaml:5\n"
    assert yaml_text(found, False) == "a:\n  b: 1\nc:\n  - d: 2\n    e: 3\n"
    nowhere = Place("s.yaml")
    assert yaml_text(Mapping({"a": (Text("a", nowhere), Text("1", nowhere))}, nowhere)) == "a: 1\n"


def test_a_document_has_these_keys(model_of):
    """What `run --json` prints is a format others read: its keys, those of its provenance, and a warning with the name of its file."""
    model = model_of(BASE.replace("parameters:\n", "parameters:\n  forgotten: 1 kg\n"))
    whole = document(run(model, 16))

    assert list(whole) == ["schema", "scenario", "provenance", "rows", "quantiles", "warnings"]
    assert list(whole["provenance"]) == ["lca_ml", "samples", "seed", "sampler", "factors"]
    assert {"file", "functional_unit", "delivers", "excluded"} < set(whole["scenario"])
    assert whole["scenario"]["excluded"] == model.excluded
    assert whole["provenance"]["factors"] == list(model.provenance)
    (forgotten,) = [w for w in whole["warnings"] if w["code"] == "unused"]
    assert (forgotten["file"], forgotten["line"]) == ("study.yaml", 10)
