"""The reader of YAML: every value knows its place, nothing is typed, nothing is expanded past a limit."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml.reader import Reader

from lca_ml.documents import Mapping, Sequence, Text, confined, decode, parse, patched, plain, read, read_bytes
from lca_ml.documents.reader import _FORBIDDEN
from lca_ml.errors import Finding, InputError, LcaError, Place, WorldError

FORBIDDEN = [0x00, 0x08, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0x9F, 0x2028, 0x2029, 0x200B, 0x200E, 0x202E, 0x2066, 0xFEFF, 0xFDD0, 0xFFFE, 0xD800]


def refused(text: str) -> Finding:
    with pytest.raises(InputError) as stopped:
        parse(text, "s.yaml")
    (finding,) = stopped.value.findings
    return finding


def at(node: Text | Sequence | Mapping) -> tuple[int, int, int]:
    return node.place.line, node.place.column, node.place.width


def strings(node: object) -> object:
    match node:
        case dict():
            return {k: strings(v) for k, v in node.items()}
        case list():
            return [strings(v) for v in node]
    assert isinstance(node, Text)
    return node.value


def test_a_value_knows_its_line_column_and_width():
    """In line 2, `  pue: 1.25` has its key at column 3, three wide, and its value at column 8, four wide."""
    inner = parse("a:\n  pue: 1.25\n", "s.yaml")["a"]

    assert isinstance(inner, Mapping)
    assert at(inner.key("pue")) == (2, 3, 3)
    assert at(inner["pue"]) == (2, 8, 4)
    assert inner["pue"].place.file == "s.yaml"
    assert inner["pue"].place.excerpt == "  pue: 1.25"


def test_places_count_characters_and_not_bytes():
    """`é𝛼: {b: 1}` has b at column 6 although the letters before it take six bytes."""
    inner = parse("é𝛼: {b: 1}", "s.yaml")["é𝛼"]

    assert isinstance(inner, Mapping)
    assert at(inner.key("b")) == (1, 6, 1)
    assert at(inner["b"]) == (1, 9, 1)


@pytest.mark.parametrize(("line", "start", "column"), [("a: 5 kgg", 2, 6), ('a: "5 kgg"', 2, 7), ("a: '5 kgg'", 2, 7), ("- {a: 5 kgg}", 2, 9)])
def test_part_of_a_text_has_its_own_place(line: str, start: int, column: int):
    """The third character of `5 kgg` stands two columns after the first, one more where a quote opens."""
    document = parse("x:\n" + ("  " + line if line.startswith("a") else line), "s.yaml")["x"]
    inner = document if isinstance(document, Mapping) else document.items[0]
    place = inner["a"].at(start, 3)

    assert (place.line, place.column, place.width) == (2, column + 2 * line.startswith("a"), 3)
    assert place.excerpt[place.column - 1 :].startswith("kgg")


def test_part_of_a_folded_text_has_the_place_of_the_whole():
    """A text over several lines cannot be counted into, so its start is cited."""
    folded = parse("a: >\n  one\n  two\n", "s.yaml")["a"]

    assert folded.value == "one two\n"
    assert folded.at(4, 3) == folded.place
    assert folded.place.line == 1


@pytest.mark.parametrize(
    "written", ["NO", "yes", "on", "010", "0o17", "1e6", "1_000", "12:30:45", "2024-01-01", "~", "null", "true", ".inf", "0x1F", "1.10", "75001", "=", "12e03"]
)
def test_no_scalar_is_given_a_type(written: str):
    """NO is Norway, 010 is three characters and 1e6 three others."""
    value = parse(f"a: {written}\nb: '{written}'", "s.yaml")

    assert (value["a"].value, value["a"].quoted) == (written, False)
    assert (value["b"].value, value["b"].quoted) == (written, True)


def test_lists_and_mappings_keep_their_order():
    """Keys come back in the order of the file, list items too, `plain` makes dicts, lists and texts of them."""
    tree = parse("z: [3, 1, 2]\na:\n  - {k: v}\n  - w\n", "s.yaml")

    assert strings(plain(tree)) == {"z": ["3", "1", "2"], "a": [{"k": "v"}, "w"]}
    assert list(tree) == ["z", "a"]
    assert [at(item) for item in tree["z"]] == [(1, 5, 1), (1, 8, 1), (1, 11, 1)]


def test_a_mapping_answers_what_it_holds():
    """`in`, `get` and `without` treat a missing key as missing, not as an error."""
    tree = parse("a: 1\nb: 2\n", "s.yaml")

    assert "a" in tree
    assert "c" not in tree
    assert tree.get("c") is None
    assert list(tree.without("a", "c")) == ["b"]


@pytest.mark.parametrize(
    ("text", "line", "first"),
    [("a: 1\nb: 2\na: 3\n", 3, 1), ("x:\n  a: 1\n  'a': 2\n", 3, 2), ("x: {a: 1,\n  a: 2}", 2, 1), ("a: 1\na: 1\n", 2, 1)],
)
def test_a_duplicate_key_names_both_lines(text: str, line: int, first: int):
    """The second writing of a key is cited and the message says where the first one stands."""
    finding = refused(text)

    assert finding.code == "duplicate-key"
    assert finding.place.line == line
    assert f"line {first}" in finding.message
    assert "a" in finding.message


@pytest.mark.parametrize(
    "tag", ["!!int 5", "!!python/object/apply:os.system [ls]", "!ENV x", "!!timestamp 2020-01-01", "!!omap []", "!<tag:yaml.org,2002:str> a", "! plain"]
)
def test_a_tag_is_refused(tag: str):
    """A tag would make something of a text, and nothing is made here."""
    finding = refused(f"a: 1\nb: {tag}\n")

    assert finding.code in ("yaml-tag", "yaml")
    assert "tag" in finding.message
    assert finding.place.line == 2


def test_a_tag_directive_is_refused():
    """%TAG renames tags, which are refused anyway."""
    assert refused("%TAG ! tag:x,2000:\n---\na: 1\n").code == "yaml-tag"


@pytest.mark.parametrize("text", ["b: &b {x: 1}\na:\n  <<: *b\n", "a: {<<: {x: 1}}", "<<: 5"])
def test_the_merge_key_is_refused(text: str):
    """`<<` is not YAML 1.2; a quoted one is a name like any other."""
    finding = refused(text)

    assert finding.code == "yaml-merge"
    assert finding.place.width == 2
    assert parse("'<<': 5", "s.yaml")["<<"].value == "5"


def test_an_alias_stands_for_what_its_anchor_holds():
    """`*a` is the node of `&a` with the place where it was written."""
    tree = parse("base: &a {x: 7}\nsame: *a\n", "s.yaml")

    assert tree["same"] == tree["base"]
    assert at(tree["same"]["x"]) == (1, 14, 1)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: *nope\n", "yaml-alias", 2),
        ("a: &x [1, *x]\n", "yaml-cycle", 1),
        ("a: &x\n  b: &y\n    c: *x\n", "yaml-cycle", 3),
        ("a: &x 1\nb: &x 2\n", "yaml-anchor", 2),
        ("a: &x\nb: *x\n", "yaml-anchor", 1),
        ("".join(f"k{i}: &a{i} v\n" for i in range(101)), "yaml-anchors", 101),
        ("a: &x b\n*x : 1\n", "yaml-key", 2),
    ],
    ids=["undefined", "cycle", "deep-cycle", "twice", "empty", "101-anchors", "key"],
)
def test_anchors_that_mislead_are_refused(text: str, code: str, line: int):
    """An alias without an anchor, one that holds itself, an anchor written twice or empty, and more than 100 of them."""
    finding = refused(text)

    assert (finding.code, finding.place.line) == (code, line)


@pytest.mark.parametrize(
    "text",
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30)),
        "a0: &a0 {k: x}\n" + "".join(f"a{i}: &a{i} {{{', '.join(f'k{j}: *a{i - 1}' for j in range(10))}}}\n" for i in range(1, 30)),
        "a: &a [" + ", ".join(["x"] * 1_000) + "]\nb: [" + ", ".join(["*a"] * 1_000) + "]\n",
    ],
    ids=["lists", "mappings", "quadratic"],
)
def test_a_bomb_of_aliases_is_refused_within_a_second(text: str):
    """Ten to the thirtieth values, or a million, are counted before they are made."""
    began = time.perf_counter()
    finding = refused(text)

    assert finding.code == "yaml-expansion"
    assert time.perf_counter() - began < 1


def test_forty_levels_are_read_and_the_forty_first_is_refused():
    """The root mapping is level 1 and the innermost text a level of its own: 38 brackets make 40 levels."""
    inside = parse("a: " + "[" * 38 + "x" + "]" * 38, "s.yaml")["a"]
    for _level in range(38):
        inside = inside.items[0]

    assert inside.value == "x"
    assert refused("a: " + "[" * 39 + "x" + "]" * 39).code == "yaml-depth"


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "[" * 100_000 + "]" * 100_000, "{a: " * 50_000, "- " * 100_000 + "x", "a: " + "- " * 1_000 + "x"])
def test_a_hundred_thousand_brackets_are_refused_at_once(text: str):
    """The parser alone would crash the process on 100,000 open brackets."""
    began = time.perf_counter()
    with pytest.raises(InputError):
        parse(text, "s.yaml")

    assert time.perf_counter() - began < 1


def test_a_file_of_one_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path):
    """The limit is 1,048,576 bytes, looked up before the file is opened."""
    small, large = tmp_path / "small.yaml", tmp_path / "large.yaml"
    small.write_bytes(b"a: 1\n#" + b"x" * (1024 * 1024 - 7) + b"\n")
    large.write_bytes(small.read_bytes() + b"\n")

    assert read(small)["a"].value == "1"
    with pytest.raises(InputError, match="1,048,577 bytes; the limit is 1,048,576"):
        read(large)


@pytest.mark.parametrize(
    ("text", "code"),
    [("a: " + "x" * 8_001, "yaml-text"), ("k" * 121 + ": 1", "yaml-key"), ("a: [" + ", ".join(["1"] * 50_001) + "]", "yaml-expansion")],
    ids=["8001-characters", "key-of-121", "50001-values"],
)
def test_what_is_too_long_is_refused(text: str, code: str):
    """A text has at most 8,000 characters, a key 120, a file 50,000 values."""
    assert refused(text).code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_name_themselves_are_read(encoding: str, tmp_path: Path):
    """UTF-8 with or without a byte-order mark and UTF-16 with one give the same value at the same place."""
    path = tmp_path / "s.yaml"
    path.write_bytes("été: 5 m\n".encode(encoding))

    assert read(path)["été"].value == "5 m"
    assert at(read(path)["été"]) == (1, 6, 3)


def test_utf_16_is_read_in_both_byte_orders():
    """The mark FF FE or FE FF tells which byte of a pair comes first."""
    assert decode(b"\xff\xfea\x00:\x00", "s.yaml") == "a:"
    assert decode(b"\xfe\xff\x00a\x00:", "s.yaml") == "a:"


@pytest.mark.parametrize(
    ("data", "byte", "line", "column"),
    [
        (b"\xef\xbb\xbf\xc3\xa9: it\x92s", "0x92", 1, 6),
        ("é: 1\r\nàé: it".encode() + b"\x92s", "0x92", 2, 7),
        (b"a: 1\rb: it\x92s", "0x92", 2, 6),
        (b"\xff\xfea\x00\n\x00b\x00\x00\xd8c\x00", "0x00", 2, 2),
        (b"\xfe\xff\x00a\x00\n\x00b\xd8\x00\x00c", "0xD8", 2, 2),
        (b"\xff\xfea\x00b", "0x62", 1, 2),
    ],
)
def test_the_place_of_a_wrong_byte_is_counted_in_characters(data: bytes, byte: str, line: int, column: int):
    """A byte-order mark is no character, é is one although it takes two bytes, and a line ends in LF, CRLF or CR."""
    with pytest.raises(InputError, match=byte) as stopped:
        decode(data, "s.yaml")
    place = stopped.value.findings[0].place

    assert (place.line, place.column) == (line, column)


def test_a_byte_that_is_not_utf_8_is_cited():
    """Windows-1252 writes a curly apostrophe as 0x92: here in line 2, after `b: it`, column 6."""
    with pytest.raises(InputError, match="0x92") as stopped:
        decode(b"a: 1\nb: it\x92s\n", "s.yaml")
    (finding,) = stopped.value.findings

    assert (finding.code, finding.place.line, finding.place.column) == ("encoding", 2, 6)
    assert "UTF-8" in finding.hint


@pytest.mark.parametrize(
    "data", ["a: 1".encode("utf-32"), b"\xc0\xafa: 1", b"\xed\xa0\x80", b"\x1f\x8b\x08\x00"], ids=["utf-32", "overlong", "surrogate", "gzip"]
)
def test_other_bytes_are_no_text(data: bytes):
    """UTF-32, overlong UTF-8, lone surrogates and compressed files are refused as such."""
    with pytest.raises(InputError, match="not UTF-8"):
        decode(data, "s.yaml")


def test_utf_16_without_a_mark_is_refused_as_characters():
    """Its zero bytes are NUL characters to UTF-8."""
    assert "U+0000" in refused(decode(b"a\x00:\x00 \x001\x00", "s.yaml")).message


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_make_no_difference(ending: str):
    """LF, CRLF and CR give the same lines, columns and values."""
    tree = parse(decode(f"a:{ending}  b: 1{ending}c: x{ending}".encode(), "s.yaml"), "s.yaml")

    assert strings(plain(tree)) == {"a": {"b": "1"}, "c": "x"}
    assert at(tree["a"]["b"]) == (2, 6, 1)
    assert at(tree["c"]) == (3, 4, 1)


@pytest.mark.parametrize("code", FORBIDDEN, ids=hex)
def test_a_forbidden_character_is_named_and_placed(code: int):
    """Invisible, bidirectional and control characters are cited as U+XXXX at line 2, column 5, on the key's line."""
    finding = refused(f"a: 1\nb: x{chr(code)}y\n")

    assert finding.code == "character"
    assert f"U+{code:04X}" in finding.message
    assert (finding.place.line, finding.place.column) == (2, 5)
    assert chr(code) not in str(finding)


@pytest.mark.parametrize(("escape", "code"), [(r"\0", 0), (r"\e", 0x1B), (r"\u202e", 0x202E), (r"\L", 0x2028), (r"\N", 0x85)])
def test_a_forbidden_character_made_by_an_escape_is_refused(escape: str, code: int):
    """Double quotes can make what the raw text does not hold."""
    finding = refused(f'a: "x{escape}y"')

    assert finding.code == "character"
    assert f"U+{code:04X}" in finding.message


def test_typographic_quotes_are_not_quotes():
    """They would become part of the text, which a reader of the file does not expect."""
    finding = refused("a: \u201c5 kg\u201d")

    assert "U+201C" in finding.message
    assert finding.place.column == 4
    assert parse("a: l\u2019eau", "s.yaml")["a"].value == "l\u2019eau"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\n---\nb: 2\n", "yaml-documents", 2),
        ("", "empty", 0),
        ("# only a comment\n", "empty", 0),
        ("---\n", "empty", 0),
        ("- a\n- b\n", "yaml-mapping", 1),
        ("just text", "yaml-mapping", 1),
        ("a:1", "yaml-mapping", 1),
        ("a: 1\n~: 2\n", "yaml-key", 2),
        ("a: 1\n'': 2\n", "yaml-key", 2),
        ("[a, b]: 1\n", "yaml-key", 1),
        ("{a: b}: 1\n", "yaml-key", 1),
    ],
)
def test_a_file_is_one_mapping_with_named_keys(text: str, code: str, line: int):
    """Two documents, none, a list or a text alone, and keys that are no names are refused."""
    finding = refused(text)

    assert (finding.code, finding.place.line) == (code, line)


@pytest.mark.parametrize(
    ("text", "word", "line"),
    [
        ("a:\n\tb: 1\n", "tab", 2),
        ('a: "open\nb: 1\n', "quote", 3),
        ("a: b: c\n", "colon", 1),
        ("a: 1\nb: @x\n", "cannot start with @", 2),
        ("b: `x`\n", "cannot start with `", 1),
        ("a: {b: 1\nc: 2\n", "}", 2),
        ("a: [1, 2\nb: 3\n", "]", 2),
        ('a: "\\q"\n', "escape", 1),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\n", "merge conflict", 3),
        ("a: *\n", "alias", 1),
        ("%YAML 3.0\n---\na: 1\n", "version", 1),
        ("a: !x!y z\n", "tag", 1),
        ("a: 1\n: 2\n", "a key is empty", 2),
        ("a:\n  : 2\n", "a key is empty", 2),
        ("a:\n  b: 1\n  - c\n", "list item stands inside a mapping", 3),
        ("a:\n  - 1\n  b: 2\n", "among the items of a list", 3),
        ("a: [1, 2] x\n", "after a closed bracket", 1),
        ("a: {b: 1} x\n", "after a closed bracket", 1),
        ("a: 'x' y\n", "after a closed bracket or quote", 1),
        ("a: {b: 1}}\n", "a closing } without", 1),
        ("a:\n    b: 1\n  c: 2\n", "indentation", 3),
        ("a: {: 1}\n", "missing", 1),
        ("a: [1,,2]\n", "missing", 1),
        ("a: - 1\n", "line of its key", 1),
        ("a: 1\nb\nc: 1\n", "a colon is missing", 2),
        ("a: |x\n  y\n", "behind |", 1),
    ],
)
def test_what_is_not_yaml_is_explained(text: str, word: str, line: int):
    """The parser's own words are replaced by what to do about it, at the line it found."""
    finding = refused(text)

    assert finding.code == "yaml"
    assert word in finding.message + finding.hint
    assert "did not find expected" not in finding.message
    assert abs(finding.place.line - line) <= 1


@pytest.mark.parametrize("blanks", [1, 7, 300])
def test_blank_lines_above_move_a_place_by_as_many(blanks: int):
    """Lines added above move the line, not the column: line + n, same column."""
    text = "a: 1\nb: {c: 1, c: 2}\n"
    before, after = refused(text).place, refused("\n" * blanks + text).place

    assert (after.line, after.column, after.width) == (before.line + blanks, before.column, before.width)


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=150)
def test_any_text_is_read_or_refused(text: str):
    """Whatever is written, the answer is a mapping or findings with a place, never another exception."""
    try:
        tree = parse(text, "s.yaml")
    except LcaError as stopped:
        assert all(f.place is not None and f.message for f in stopped.findings)
    else:
        assert isinstance(tree, Mapping)


@given(st.binary(max_size=60))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_text_or_refused(data: bytes):
    """Bytes become text without a carriage return, or an InputError."""
    try:
        text = decode(data, "s.yaml")
    except InputError as stopped:
        assert stopped.findings[0].code == "encoding"
    else:
        assert "\r" not in text


NAMES = st.text("abcdefg_", min_size=1, max_size=6)
TREES = st.recursive(
    st.text("abc 123.:#{}[]'\"-é", max_size=8), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
)


def flow(tree: object) -> str:
    match tree:
        case dict():
            return "{" + ", ".join(f'"{k}": {flow(v)}' for k, v in tree.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, tree)) + "]"
    return "'" + str(tree).replace("'", "''") + "'"


@given(st.dictionaries(NAMES, TREES, max_size=4))
@settings(deadline=None, max_examples=200)
def test_what_is_written_is_what_is_read(tree: dict[str, object]):
    """A tree of quoted texts in flow style comes back as the same tree."""
    assert strings(plain(parse(flow(tree) + "\n", "s.yaml"))) == tree


def test_a_patch_joins_mappings_and_replaces_the_rest():
    """{a: {b: 1, c: 2}, l: [1, 2], t: x} with {a: {c: 3, d: 4}, l: [9], n: y} on top keeps only b and t."""
    base = parse("a: {b: 1, c: 2}\nl: [1, 2]\nt: x\n", "base.yaml")
    patch = parse("a: {c: 3, d: 4}\nl: [9]\nn: y\n", "patch.yaml")
    joined = patched(base, patch)

    assert strings(plain(joined)) == {"a": {"b": "1", "c": "3", "d": "4"}, "l": ["9"], "t": "x", "n": "y"}
    assert [joined["a"][k].place.file for k in "bcd"] == ["base.yaml", "patch.yaml", "patch.yaml"]
    assert strings(plain(base)) == {"a": {"b": "1", "c": "2"}, "l": ["1", "2"], "t": "x"}


def test_a_patch_may_put_a_mapping_where_a_text_was():
    """Kinds need not agree: the patch is what counts."""
    joined = patched(parse("a: 1\nb: {c: 2}", "base.yaml"), parse("a: {x: 3}\nb: 4", "patch.yaml"))

    assert strings(plain(joined)) == {"a": {"x": "3"}, "b": "4"}


def test_an_empty_patch_changes_nothing():
    """{} on top of a file is the file."""
    base = parse("a: {b: 1}\n", "base.yaml")

    assert patched(base, parse("{}", "patch.yaml")) == base


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "grid.csv").write_text("x\n")
    (folder / "base.yaml").write_text("a: 1\n")
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    return folder


def wanted(name: str) -> Text:
    return Text(name, Place("s.yaml", 4, 10, len(name)))


@pytest.mark.parametrize("name", ["base.yaml", "./base.yaml", "parts/grid.csv", "parts/../base.yaml", " base.yaml "])
def test_a_path_inside_the_folder_is_followed(name: str, study: Path):
    """A file of the folder is found, also by way of a folder in it."""
    assert confined(wanted(name), study, study).is_relative_to(study.resolve())
    assert confined(wanted(name), study, study).name in ("base.yaml", "grid.csv")


def test_a_file_of_a_subfolder_may_name_one_above_inside_the_study(study: Path):
    """Seen from study/parts, ../base.yaml is still below study."""
    assert confined(wanted("../base.yaml"), study / "parts", study) == (study / "base.yaml").resolve()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../secret.yaml", "path-outside"),
        ("parts/../../secret.yaml", "path-outside"),
        ("../nowhere/x.yaml", "path-outside"),
        ("/etc/passwd", "path-absolute"),
        ("~/base.yaml", "path-absolute"),
        ("~root/x", "path-absolute"),
        ("C:\\x.yaml", "path-absolute"),
        ("\\\\server\\share", "path-absolute"),
        ("https://example.org/base.yaml", "path-remote"),
        ("file:///etc/passwd", "path-remote"),
        ("s3://bucket/key", "path-remote"),
        ("nope.yaml", "file-missing"),
        ("base.yaml/x", "file-missing"),
        ("a\0b", "file-missing"),
        ("x" * 5_000, "file-missing"),
        ("", "path-empty"),
        ("  ", "path-empty"),
        ("parts", "file-folder"),
        (".", "file-folder"),
    ],
)
def test_a_path_that_leads_outside_or_nowhere_is_refused(name: str, code: str, study: Path):
    """What is refused is refused at the text that names it, with a reason a program can tell apart."""
    with pytest.raises(InputError) as stopped:
        confined(wanted(name), study, study)
    (finding,) = stopped.value.findings

    assert finding.code == code
    assert (finding.place.line, finding.place.column) == (4, 10)


def test_links_are_followed_before_they_are_judged(study: Path):
    """A link inside that leads inside is a file; one that leads outside, at a file or at a folder, is not."""
    (study / "good.yaml").symlink_to(study / "base.yaml")
    (study / "bad.yaml").symlink_to(study.parent / "secret.yaml")
    (study / "out").symlink_to(study.parent)

    assert confined(wanted("good.yaml"), study, study) == (study / "base.yaml").resolve()
    for name in ("bad.yaml", "out/secret.yaml"):
        with pytest.raises(InputError, match="outside"):
            confined(wanted(name), study, study)


def test_a_link_that_leads_nowhere_is_a_missing_file(study: Path):
    """A link to itself, two that point at each other, and one at nothing: refused at the text, and none is followed for ever."""
    (study / "self.yaml").symlink_to(study / "self.yaml")
    (study / "one.yaml").symlink_to(study / "two.yaml")
    (study / "two.yaml").symlink_to(study / "one.yaml")
    (study / "dangling.yaml").symlink_to(study / "nowhere.yaml")

    for name in ("self.yaml", "one.yaml", "dangling.yaml"):
        with pytest.raises(InputError) as stopped:
            confined(wanted(name), study, study)
        assert stopped.value.findings[0].code == "file-missing"
        assert stopped.value.findings[0].place == wanted(name).place


def test_a_pipe_is_no_file(study: Path):
    """Opening a named pipe would wait for ever, so it is refused before it is opened."""
    os.mkfifo(study / "pipe")

    with pytest.raises(InputError, match="not a regular file"):
        confined(wanted("pipe"), study, study)
    with pytest.raises(WorldError, match="not a regular file"):
        read(study / "pipe")


@pytest.mark.parametrize(
    ("name", "code"),
    [("nope.yaml", "file-missing"), (".", "file-folder"), ("/dev/null", "file-kind"), ("x" * 300, "file-unreadable"), ("a\0b", "file-unreadable")],
)
def test_a_file_the_machine_does_not_give_is_an_error_of_the_world(name: str, code: str, tmp_path: Path):
    """Missing, a folder, a device, an impossible name: exit status 4, not 3."""
    with pytest.raises(WorldError) as stopped:
        read_bytes(os.path.join(tmp_path, name))  # noqa: PTH118 - Path refuses nothing, the name is the point

    assert stopped.value.findings[0].code == code
    assert stopped.value.exit_status == 4


def test_no_permission_is_an_error_of_the_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that may not be opened is told apart from one that is missing."""
    path = tmp_path / "s.yaml"
    path.write_text("a: 1\n")

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(WorldError, match="no permission"):
        read_bytes(path)


def test_a_comma_inside_brackets_inside_braces_is_explained():
    """`{electricity: max(a, b)}` is cut in two by YAML: one error at the text, and quotes as the remedy."""
    with pytest.raises(InputError) as caught:
        parse("flows: {electricity: max(a, b)}\n", "f")
    (found,) = caught.value.findings

    assert (found.code, found.place.column) == ("yaml-comma", 22)
    assert "in quotes" in found.hint
    assert parse('flows: {electricity: "max(a, b)"}\n', "f")["flows"]["electricity"].value == "max(a, b)"


def test_a_tag_on_a_key_is_refused_where_it_stands():
    """`!!str a: 1`: the key is what it is written; the tag begins in the first column."""
    found = refused("!!str a: 1")

    assert (found.code, found.place.line, found.place.column) == ("yaml-tag", 1, 1)
    assert "on a key" in found.message


def test_every_character_yaml_refuses_is_refused_before_yaml_sees_it():
    """All 1,114,112 code points: those PyYAML's reader stops at, without a line or a column, are among those named here with both."""
    everything = "".join(map(chr, range(0x110000)))
    theirs = set(Reader.NON_PRINTABLE.findall(everything))
    ours = set(_FORBIDDEN.findall(everything))

    assert theirs
    assert theirs <= ours | {"\r"}  # a carriage return has become a line feed by then
    assert not ours & set("\t\n é€😀")


def test_a_file_without_permission_is_refused_at_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Said of the text that names it; root may read everything, so the answer of the system is given here."""
    (tmp_path / "secret.csv").write_text("x")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError) as stopped:
        confined(Text("secret.csv", Place("s.yaml", 2, 7)), tmp_path, tmp_path)
    (finding,) = stopped.value.findings

    assert (finding.code, finding.message, finding.place) == ("file-permission", "no permission to read secret.csv", Place("s.yaml", 2, 7))


def test_a_text_reads_as_what_was_written():
    """In a message, a value stands for itself, without its place and without quotes."""
    assert f"{parse('a: 010', 's.yaml')['a']}" == "010"


def test_a_file_the_system_refuses_is_named(monkeypatch: pytest.MonkeyPatch):
    """Root is refused nothing, so the answers of the system are given here: no permission, and something else, in a name of 81 characters cut at 80."""

    def refused_with(wrong: OSError) -> Finding:
        def stat(_self: Path) -> None:
            raise wrong

        monkeypatch.setattr(Path, "stat", stat)
        with pytest.raises(WorldError) as stopped:
            read_bytes("n" * 81)
        (finding,) = stopped.value.findings
        return finding

    assert refused_with(PermissionError()) == Finding("file-permission", "no permission to read this file", Place("n" * 81))
    assert refused_with(OSError(5, "Input/output error")) == Finding("file-unreadable", "cannot be read: Input/output error", Place("n" * 79 + "…"))


def test_a_value_is_had_by_its_key_or_not_at_all():
    """`get` answers None where a key is missing; an empty text, an empty list and an empty mapping are values."""
    found = parse("a: 1\nb:\nc: []\nd: {}\n", "s.yaml")

    assert [found.get(key) for key in "abcd"] == [found[key] for key in "abcd"]
    assert found.get("e") is None


def test_the_last_value_that_is_not_too_many():
    """A mapping, a list and 49,998 texts are 50,000 values; one more is refused."""
    assert len(parse("a: [" + "x," * 49_998 + "]", "s.yaml")["a"].items) == 49_998
    assert refused("a: [" + "x," * 49_999 + "]").code == "yaml-expansion"


def test_a_comma_after_a_closed_bracket_ends_a_text():
    """`{a: f(x), b: 1}` are two keys: as many brackets are closed as were opened."""
    assert strings(plain(parse("v: {a: f(x), b: 1}", "s.yaml"))) == {"v": {"a": "f(x)", "b": "1"}}


def test_a_mapping_knows_where_it_begins():
    """In block style at its first key, in flow style at its bracket."""
    found = parse("a:\n  b: {c: 1}\n", "s.yaml")

    assert (at(found)[:2], at(found["a"])[:2], at(found["a"]["b"])[:2]) == ((1, 1), (2, 3), (2, 6))
