"""A report as a LaTeX document, for pdfTeX, XeTeX and LuaTeX. What a user wrote is escaped; formulas are mathematics.

A figure is taken from `charts/` beside the document where it lies there (`lca-ml run -o` writes it), and is told in words where not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lca_ml import expressions
from lca_ml.markup import foreign, visible
from lca_ml.markup import latex as escaped
from lca_ml.report.document import (
    Bar,
    Block,
    Cell,
    Document,
    Figure,
    Folded,
    Formula,
    Formulas,
    Items,
    Link,
    Mark,
    Mono,
    Notice,
    Pairs,
    Paragraph,
    Passage,
    Run,
    Small,
    Strong,
    Table,
)
from lca_ml.words import _

PREAMBLE = Path(__file__).parent / "templates" / "report.tex"
LONGEST_WORD = 24
WIDEST = 70  # letters of a column of text, before it wraps
GAP = 0.018  # of the line, between two columns


def text(document: Document) -> str:
    """Return the report as a LaTeX document; pdfTeX sets a character it has no glyph for as its number."""
    parts = [*_blocks(document.answer)]
    for section in document.sections:
        parts += [rf"\section{{{escaped(section.title)}}}", *_blocks(section.blocks)]
    body = "\n\n".join([*parts, rf"\bigskip\noindent\small {escaped(document.footer)}"])
    head = {"title": escaped(document.title), "subtitle": escaped(document.subtitle), "language": {"fr": "french"}.get(document.language, "english")}
    declared = "\n".join(rf"\DeclareUnicodeCharacter{{{ord(c):04X}}}{{[U+{ord(c):04X}]}}" for c in foreign(body + head["title"]))
    out = PREAMBLE.read_text(encoding="utf-8")
    for key, value in (head | {"characters": declared, "body": body}).items():
        out = out.replace(f"<<{key}>>", value)
    return out


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(run, lead):
            yield rf"\lead{{{_run(run)}}}" if lead else _run(run)
        case Notice(run):
            yield rf"\notice{{{_run(run)}}}"
        case Items(runs):
            yield "\n".join([r"\begin{itemize}", *(rf"\item {{}}{_run(r)}" for r in runs), r"\end{itemize}"])
        case Pairs(pairs):
            yield "\n".join([r"\begin{description}", *(rf"\item[{{{_run(t)}}}] {_run(said)}" for t, said in pairs), r"\end{description}"])
        case Table():
            yield _table(block)
        case Formulas(caption, groups):
            yield rf"\heading{{{escaped(caption)}}}"
            for name, formulas in groups:
                yield rf"\heading{{{_code(name)}}}" if name else rf"\heading{{{escaped(_('Parameters'))}}}"
                yield "\n".join(_formula(f) for f in formulas)
        case Passage(words, language, code, label):
            if label:
                yield rf"\heading{{{escaped(label)}}}"
            yield _listing(words) if code else _quoted(words, language)
        case Figure(chart):
            yield _figure(chart.kind, chart.title, chart.alt)
        case Folded() if not block.screen:
            if not block.captioned:
                yield rf"\heading{{{escaped(block.summary)}}}"
            yield from _blocks(block.blocks)


def _figure(kind: str, title: str, alt: str) -> str:
    drawn = rf"\IfFileExists{{charts/{kind}.pdf}}{{\includegraphics[width=\linewidth]{{charts/{kind}.pdf}}}}{{{escaped(alt)}}}"
    return rf"\heading{{{escaped(title)}}}" + "\n" + rf"\noindent {drawn}"


def _table(table: Table) -> str:
    """Return a table that may run over pages; the columns share the width as what stands in them asks for."""
    width = len(table.heads)
    columns = "".join(
        rf">{{\{'raggedleft' if i in table.numbers else 'raggedright'}\arraybackslash}}p{{{share:.3f}\linewidth}}" for i, share in enumerate(_shares(table))
    )
    lines = [rf"\heading{{{escaped(table.caption)}}}", rf"{{\small\begin{{longtable}}{{@{{}}{columns}@{{}}}}", r"\toprule"]
    lines += [_row([_cell(h) for h in table.heads], width), r"\midrule", r"\endhead"]
    for i, group in enumerate(table.groups):
        if i and not group.heading:
            lines.append(r"\midrule")
        if group.heading:
            lines.append(rf"\multicolumn{{{width}}}{{@{{}}l}}{{\textbf{{{_run(group.heading)}}}}} \\*")
        lines += [_row([_cell(c) for c in row], width) for row in group.rows]
    lines += [r"\bottomrule", r"\end{longtable}}"]
    return "\n".join(lines) + (rf"{{\footnotesize {_run(table.note)}\par}}" if table.note else "")


def _shares(table: Table) -> list[float]:
    """Return the share of the line each column gets: as its longest cell asks, at least its longest word, all together one line less the gaps."""
    wanted = [6] * len(table.heads)
    for row in [table.heads, *(r for g in table.groups for r in g.rows)]:
        for i, cell in enumerate(row):
            parts = _parts(cell)
            word = max((len(w) for part in parts for w in re.split(r"[\s/_.-]", part)), default=0)
            wanted[i] = max(wanted[i], min(max(map(len, parts), default=0), WIDEST), min(word + 1, WIDEST))
    room = 1 - GAP * (len(wanted) - 1)
    return [room * max(w, 1) / sum(wanted) for w in wanted]


def _parts(cell: Cell) -> list[str]:
    """Return what stands on lines of its own in a cell."""
    if isinstance(cell, Bar):
        return [cell.text]
    lines = [""]
    for mark in cell if isinstance(cell, tuple) else (cell,):
        words = mark if isinstance(mark, str) else (mark.text or mark.address) if isinstance(mark, Link) else mark.text
        if isinstance(mark, Small):
            lines.append(words)
        else:
            lines[-1] += words
    return lines


def _row(cells: list[str], width: int) -> str:
    return " & ".join(f"{{{c}}}" if c else "" for c in cells + [""] * (width - len(cells))) + r" \\"


def _cell(cell: Cell) -> str:
    return escaped(cell.text) if isinstance(cell, Bar) else _run(cell, r"\linebreak ")


def _run(run: Run, before_small: str = " ") -> str:
    marks = run if isinstance(run, tuple) else (run,)
    return "".join(_mark(m, "" if i == 0 else before_small) for i, m in enumerate(marks))


def _mark(mark: Mark, before_small: str) -> str:
    match mark:
        case Strong(words):
            return rf"\textbf{{{escaped(words)}}}"
        case Small(words):
            return rf"{before_small}{{\footnotesize {_text(words)}}}"
        case Mono(words):
            return _code(words)
        case Link(address, words):
            return rf"\href{{{_address(address)}}}{{{escaped(words)}}}" if words else rf"\url{{{_address(address)}}}"
        case str():
            return _text(mark)
    raise AssertionError(mark)


def _text(words: str) -> str:
    """Return words as LaTeX sets them; a long one, such as an address, may be broken after the marks it is joined with."""
    return " ".join(_breakable(w) if len(w) > LONGEST_WORD else escaped(w) for w in words.split(" "))


def _code(words: str) -> str:
    """Return words in a fixed width that may be broken."""
    if len(words) > LONGEST_WORD and words.isalnum():  # a digest
        return "\\texttt{" + r"\allowbreak{}".join(words[i : i + 8] for i in range(0, len(words), 8)) + "}"
    return rf"\texttt{{{_breakable(words)}}}"


def _breakable(words: str) -> str:
    out = escaped(words)
    for mark in (r"\_", ".", "/", "-", ","):
        out = out.replace(mark, mark + r"\allowbreak{}")
    return out


def _address(address: str) -> str:
    """Return a web address as \\url takes it inside an argument: it holds no brace and no backslash (they are written %7B …)."""
    return address.replace("%", r"\%").replace("#", r"\#")


def _listing(words: str) -> str:
    """Return lines as they are, in a fixed width; blanks at the beginning of a line stay."""
    lines = []
    for line in words.rstrip("\n").split("\n"):
        kept = line.lstrip(" ")
        lines.append("~" * (len(line) - len(kept)) + escaped(kept))
    return r"{\ttfamily\footnotesize\raggedright\noindent" + "\n" + "\\\\\n".join(line or "~" for line in lines) + r"\par}"


def _quoted(words: str, language: str) -> str:
    name = {"fr": "french", "en": "english"}.get(language)
    inner = rf"\foreignlanguage{{{name}}}{{{escaped(words)}}}" if name else escaped(words)
    return "\\begin{quote}\n" + inner + "\n\\end{quote}"


def _formula(formula: Formula) -> str:
    """Return a formula as displayed mathematics, the numbers put in on the next line; it may be broken at its operators."""
    names = expressions.latex(formula.tree, lambda n: _in_maths(formula.names[n]))
    numbers = expressions.latex(formula.tree, lambda n: _in_maths(formula.values[n]))
    return rf"\formula{{{_in_maths(formula.name)} = {names}}}{{= {numbers} = {_in_maths(formula.value)}}}"


def _in_maths(words: str) -> str:
    return rf"\text{{{escaped(visible(words))}}}"
