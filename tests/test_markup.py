"""What anybody wrote stays text, in LaTeX, in BibTeX and in Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pylatexenc.latexwalker import LatexWalker

from lca_ml.markup import foreign, latex, markdown, visible

HOSTILE = (
    "<script>alert(1)</script>",
    "$$x$$ and $y$",
    "\\input{/etc/passwd} \\end{document}",
    "100 % & more # _a_ ^ ~ {b} }{ |",
    "`code` **bold** *i* [l](javascript:x) ![i](x) ~~s~~",
    "- item",
    "1. one",
    "# heading",
    "> quote",
    "=cmd|'/c calc'!A1",
    "a -- b --- c ,, d",
    "CO₂ m³ 10⁻⁶ ≤ × · − – — … µ",
)


def test_what_is_not_seen_is_shown():
    """A right-to-left override, a line separator and a bell become their numbers; a narrow no-break space is one of ours and stays."""
    assert visible("a\u202eb\u2028c\x07d\u202fe\nf") == "a<U+202E>b<U+2028>c<U+0007>d\u202fe f"


PRINTS = {
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textquotedbl{}": '"',
    r"\textasciigrave{}": "`",
    r"\textendash{}": "–",
    r"\textemdash{}": "—",
    r"\ldots{}": "…",
    r"\textsubscript{2}": "₂",
    r"\textsuperscript{3}": "³",
    r"\textsuperscript{-6}": "⁻⁶",
    r"\ensuremath{\leq}": "≤",
    r"\ensuremath{\times}": "×",
    r"\ensuremath{\cdot}": "·",
    r"\ensuremath{-}": "−",
    r"\ensuremath{\mu}": "µ",
    r"\%": "%",
    r"\&": "&",
    r"\#": "#",
    r"\_": "_",
    r"\$": "$",
    "{}": "",
}
"""What LaTeX prints for each command (usrguide, The Comprehensive LaTeX Symbol List)."""


@pytest.mark.parametrize("text", HOSTILE)
def test_latex_says_what_was_written(text):
    """Each command printed as LaTeX prints it, the text is the one that went in, and no other command is in it."""
    known = re.compile("|".join(re.escape(command) for command in PRINTS))

    assert known.sub(lambda m: PRINTS[m[0]], latex(text)) == text


@given(st.text(max_size=60))
def test_latex_is_balanced_whatever_is_written(text):
    """Braces come in pairs even as BibTeX counts them, behind a backslash or not, and no comment, no & and no $ is left bare."""
    made = latex(text)
    depth = 0
    for c in made:
        depth += {"{": 1, "}": -1}.get(c, 0)
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"(?<!\\)[%&#$]", made)
    LatexWalker(made, tolerant_parsing=False).get_latex_nodes()


def test_two_hyphens_do_not_become_a_dash():
    """TeX would join `--` and `,,`; an empty group keeps them apart."""
    assert latex("a--b,,c") == "a-{}-b,{},c"


def test_what_pdftex_does_not_know_is_named():
    """Latin letters are known to T1 fonts, Chinese and emoji are not."""
    assert foreign("déjà Œuvre 日本 🙂") == ["日", "本", "🙂"]


@pytest.mark.parametrize("text", [*HOSTILE, "&lt;b&gt; &amp;", "a|b", "+ item", "2) two", "===", "<!-- c -->", "\\*"])
def test_markdown_shows_what_was_written(text):
    """A CommonMark parser makes one paragraph of it, whose text is the one that went in."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown(text))

    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {c.type for c in tokens[1].children} <= {"text", "text_special"}
    assert "".join(c.content for c in tokens[1].children) == visible(text)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Zs")), min_size=1, max_size=40))
def test_markdown_of_anything_is_one_paragraph(text):
    """Whatever is written: no heading, list, quote, rule, code, emphasis, link or HTML."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown(text))

    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {c.type for c in tokens[1].children} <= {"text", "text_special"}


@pytest.mark.parametrize("c", ["\x00", "\u200b", "\ud800", "\ue000", "\u0378", "\u2028", "\u2029"])
def test_each_kind_of_character_that_is_not_seen_is_shown(c):
    """Control, format, surrogate, private use, unassigned, the separators of lines and of paragraphs (Unicode's general categories)."""
    assert visible(f"a{c}b") == f"a<U+{ord(c):04X}>b"


def test_raised_and_lowered_figures_are_set_as_such():
    """Figures together are raised together; letters are not."""
    assert latex("CO₂, X m³ at 10⁻⁶") == r"CO\textsubscript{2}, X m\textsuperscript{3} at 10\textsuperscript{-6}"
    assert latex("X₁₂") == r"X\textsubscript{12}"


def test_an_ampersand_in_markdown_is_an_entity():
    """As the standard spells it."""
    assert markdown("R&D") == "R&amp;D"
