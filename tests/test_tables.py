"""Tables of comma-separated values: read as they were written, or refused with the line."""

from __future__ import annotations

import pytest

from lca_ml.errors import InputError
from lca_ml.tables import number_in, read_table


def rows(text: str) -> list[dict[str, str]]:
    return [row for row, _place in read_table("t.csv", text.encode()).rows]


def refused(text: str | bytes) -> tuple[int, str]:
    """Return the line a table is refused at, and the message."""
    with pytest.raises(InputError) as caught:
        read_table("t.csv", text if isinstance(text, bytes) else text.encode())
    (finding,) = caught.value.findings
    assert finding.place is not None and finding.place.file == "t.csv"
    return finding.place.line, finding.message


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("a,b\r\n1,2\r\n", [{"a": "1", "b": "2"}]),
        ("\ufeffa,b\n1,2", [{"a": "1", "b": "2"}]),
        ("a,b\n 1 ,\t2\t\n", [{"a": "1", "b": "2"}]),
        (" a , b \n1,2\n", [{"a": "1", "b": "2"}]),
        ('a,b\n"1,5","x ""y"" z"\n', [{"a": "1,5", "b": 'x "y" z'}]),
        ('a,b\n"one\ntwo",2\n', [{"a": "one\ntwo", "b": "2"}]),
        ("a,b\n\n1,2\n\n", [{"a": "1", "b": "2"}]),
        ("# c\n# d: e\na,b\n1,2\n", [{"a": "1", "b": "2"}]),
        ("a,b\nNA,007\nNO,1e5\n", [{"a": "NA", "b": "007"}, {"a": "NO", "b": "1e5"}]),
        ("a\n#1\n", [{"a": "#1"}]),
        (",a\n0,1\n", [{"": "0", "a": "1"}]),
        ("a,b\n", []),
    ],
)
def test_a_table_is_read_as_it_was_written(text, read):
    """Cells are text; blanks around them, quotes around fields, empty lines and comments above the columns are no part of them."""
    assert rows(text) == read


def test_comments_above_the_columns_are_kept():
    """`# key: value` lines say what the table is; a line without a colon says nothing."""
    table = read_table("t.csv", b"# title: Figures: of ours\n# made by hand\n#licence:CC0\na\n1\n")

    assert table.comments == {"title": "Figures: of ours", "licence": "CC0"}
    assert table.columns == ("a",)
    assert table.head.line == 4


def test_a_row_knows_its_line():
    """Below a field of two lines and an empty one, the next row stands on line 5; the place holds the line as written."""
    table = read_table("t.csv", b'a,b\n"1\n2",3\n\n4,5\n')

    assert [(place.line, place.excerpt) for _row, place in table.rows] == [(2, '"1'), (5, "4,5")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a;b\n1;2\n", 1, "semicolons"),
        ("a\tb\n1\t2\n", 1, "tabs"),
        ("a|b\n1|2\n", 1, "vertical bars"),
        ("sep=;\na;b\n", 1, "sep= line"),
        ("version https://git-lfs.github.com/spec/v1\n", 1, "Git LFS"),
        ("a,b,a\n1,2,3\n", 1, "duplicate column a"),
        ("a,b\n1\n", 2, "1 fields, the header has 2"),
        ("a,b\n1,2\n1,2,3\n", 3, "3 fields, the header has 2"),
        ('a,b\n1,2\n"3,4\n5,6\n', 3, "never closed"),
        ('a,b\n1,x"y\n', 2, "a quote stands inside a field"),
        ('a,b\n1,"x"y\n', 2, "behind the quote"),
        ("a,b\n1,\x00\n", 2, "U+0000 (NUL)"),
        ("a,b\n1,2\nx,\u202ey\n", 3, "U+202E"),
        ("a,b\n1," + "x" * 131_073 + "\n", 2, "the limit is 131,072 characters"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text, line, words):
    """The line counts from 1 as an editor shows it, line breaks in fields included."""
    found, message = refused(text)

    assert found == line
    assert words in message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"PK\x03\x04\x14", "an Excel workbook"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1", "an old Excel workbook"),
    ],
)
def test_what_is_no_text_is_called_by_its_kind(data, words):
    """There is no line to cite; the file is named."""
    line, message = refused(data)

    assert line == 0
    assert words in message


def test_a_last_line_without_its_end_may_have_been_cut_off():
    """A row that is short says so where nothing follows it, not even a line break."""
    with pytest.raises(InputError, match="was the writing of the file cut off"):
        read_table("t.csv", b"a,b\n1,2\n3")
    with pytest.raises(InputError) as whole:
        read_table("t.csv", b"a,b\n1,2\n3\n")
    assert "cut off" not in str(whole.value)


def test_a_column_that_is_missing_is_asked_about():
    """The nearest name, or all there are; at the header, or where the column was asked for."""
    table = read_table("t.csv", b"Energy,power\n1,2\n")

    with pytest.raises(InputError, match="Did you mean Energy") as near:
        table.require("energy")
    assert near.value.findings[0].place == table.head
    with pytest.raises(InputError, match="Its columns are Energy, power"):
        table.require("cost")
    table.require("power")


@pytest.mark.parametrize("cell", ["1_000", "1,5", "", "nan", "0x10", "12%", "1e400", "\u22121"])
def test_a_cell_that_is_no_number_is_refused(cell):
    """Neither what Python would take for a number nor what a spreadsheet would."""
    with pytest.raises(ValueError):
        number_in(cell)


@pytest.mark.parametrize(("cell", "value"), [("1.5", 1.5), ("-2e3", -2000.0), ("0", 0.0), ("4.9e-324", 4.9e-324)])
def test_a_cell_that_is_a_number_is_read(cell, value):
    """Sign, point, exponent."""
    assert number_in(cell) == value
