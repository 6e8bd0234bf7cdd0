"""A report as Markdown: CommonMark, with the tables of GitHub. What a user wrote is escaped, so that it is text here too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lca_ml import expressions
from lca_ml.markup import markdown as escaped
from lca_ml.markup import visible
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
    Section,
    Small,
    Strong,
    Table,
)
from lca_ml.words import _


def text(document: Document) -> str:
    """Return the report as Markdown."""
    parts = [f"# {escaped(document.title)}", escaped(document.subtitle), *_blocks(document.answer)]
    for section in document.sections:
        parts += _section(section)
    return "\n\n".join([*parts, "---", escaped(document.footer)]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}"
    yield from _blocks(section.blocks)


def _blocks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(run):
            yield _run(run)
        case Notice(run):
            yield f"> {_run(run)}"
        case Items(runs):
            yield "\n".join(f"- {_run(r)}" for r in runs)
        case Pairs(pairs):
            yield "\n".join("- " + _("{name}: {value}").format(name=f"**{_run(term)}**", value=_run(said)) for term, said in pairs)
        case Table():
            yield from _table(block)
        case Formulas(caption, groups):
            yield f"**{escaped(caption)}**"
            for name, formulas in groups:
                yield _code(name) if name else f"*{_('Parameters')}*"
                yield _fenced("\n".join(_formula(f) for f in formulas), "text")
        case Passage(words, _language, code, label):
            if label:
                yield f"### {escaped(label)}"
            yield _fenced(words, code) if code else f"> {escaped(words)}"
        case Figure(chart, data):
            yield f"### {escaped(chart.title)}"
            yield escaped(chart.subtitle)
            yield escaped(chart.alt)
            yield from _table(data)
        case Folded(summary, inner):
            yield f"### {escaped(summary)}"
            yield from _blocks(inner)


def _table(table: Table) -> Iterator[str]:
    """Yield a table: its caption above, groups as rows in bold, its note below."""
    yield f"**{escaped(table.caption)}**"
    columns = len(table.heads)
    lines = [_row([_run(h) for h in table.heads], columns), _row(["--:" if i in table.numbers else "---" for i in range(columns)], columns)]
    for group in table.groups:
        if group.heading:
            lines.append(_row([f"**{_run(group.heading)}**"], columns))
        lines += [_row([_cell(c) for c in row], columns) for row in group.rows]
    yield "\n".join(lines)
    if table.note:
        yield _run(table.note)


def _row(cells: list[str], columns: int) -> str:
    return "| " + " | ".join(cells + [""] * (columns - len(cells))) + " |"


def _cell(cell: Cell) -> str:
    return escaped(cell.text) if isinstance(cell, Bar) else _run(cell)


def _run(run: Run) -> str:
    marks = run if isinstance(run, tuple) else (run,)
    return "".join(_mark(m, first=i == 0) for i, m in enumerate(marks))


def _mark(mark: Mark, first: bool = True) -> str:
    match mark:
        case Strong(words):
            return f"**{escaped(words)}**" if words else ""
        case Small(words):
            return escaped(words) if first else f" ({escaped(words)})"
        case Mono(words):
            return _code(words).replace("|", "\\|")
        case Link(address, words):
            return f"[{escaped(words)}](<{address}>)" if words else f"<{address}>"
        case str():
            return escaped(mark) if first else escaped(f"x{mark}")[1:]  # what does not begin a line begins no block
    raise AssertionError(mark)


def _code(words: str) -> str:
    """Return words as code, in more backquotes than they hold."""
    shown = visible(words)
    if not shown.strip():
        return escaped(shown)
    fence = "`" * (max((len(m) for m in re.findall("`+", shown)), default=0) + 1)
    blank = " " if "`" in shown else ""
    return f"{fence}{blank}{shown}{blank}{fence}"


def _fenced(words: str, language: str) -> str:
    fence = "`" * max(3, max((len(m) for m in re.findall("`+", words)), default=0) + 1)
    lines = "\n".join(visible(line) for line in words.rstrip("\n").split("\n"))
    return f"{fence}{language}\n{lines}\n{fence}"


def _formula(formula: Formula) -> str:
    names, numbers = (expressions.text(formula.tree, show.__getitem__) for show in (formula.names, formula.values))
    return f"{formula.name} = {names}\n  = {numbers}\n  = {formula.value}"
