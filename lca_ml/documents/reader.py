"""One pass over YAML's events: limits, duplicate keys, anchors, characters, and mistakes in plain words."""

from __future__ import annotations

import os
import re
from typing import Any

import yaml

from lca_ml.documents.files import decode, read_bytes
from lca_ml.documents.nodes import Mapping, Node, Sequence, Text
from lca_ml.errors import Finding, InputError, Place, printable, shown
from lca_ml.words import _, set_apart

DEEPEST = 40

MOST_ANCHORS = 100

MOST_NODES = 50_000

LONGEST_TEXT = 8_000

LONGEST_KEY = 120

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel has it: 20 times faster

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\x85\u2028\u2029"  # control characters and line breaks YAML 1.2 dropped
    "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # invisible and bidirectional (CVE-2021-42574)
    "\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"  # private use: another sign on every machine; no characters at all
)

_SMART_QUOTES = re.compile("^[\u201c\u201d\u201e\u2018\u2019\u201a].*[\u201c\u201d\u201e\u2018\u2019\u201a]$", re.DOTALL)


def read(path: str | os.PathLike[str]) -> Mapping:
    """Return the mapping written in a file.

    Raises WorldError where the file cannot be read or is no regular file, InputError where its text is no YAML mapping.
    """
    name = os.fspath(path)
    return parse(decode(read_bytes(name), name), name)


def parse(text: str, file: str) -> Mapping:
    """Return the mapping a YAML text holds; `file` names it in messages. Raises InputError at the first thing that is not YAML."""
    return _Reader(text, file).document()


class _Reader:
    """One pass over the events of one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.lines = text.split("\n")
        self.anchors: dict[str, tuple[Node, int] | None] = {}
        self.nodes = 0

    def document(self) -> Mapping:
        check_characters(self.text, self.file)
        loader = _LOADER(self.text)
        try:
            self._loader = loader
            node = self._only_document()
        except yaml.MarkedYAMLError as bad:
            raise self._syntax(bad) from None
        finally:
            loader.dispose()
        return node

    def _only_document(self) -> Mapping:
        self._next()  # stream start
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            raise InputError(Finding("empty", _("the file is empty"), Place(self.file), _("`lca-ml new` prints a scenario to start from.")))
        if start.tags:
            raise self._error("yaml-tag", _("a %TAG directive is not allowed"), start)
        first = self._next()
        if isinstance(first, yaml.ScalarEvent) and not first.value and first.implicit[0]:
            raise InputError(Finding("empty", _("the file is empty"), Place(self.file), _("`lca-ml new` prints a scenario to start from.")))
        node = self._node(first, 1)[0]
        self._next()  # document end
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._error("yaml-documents", _("a second document starts here; one file holds one document"), after)
        if isinstance(node, Mapping):
            return node
        hint = _("Write a space after the colon: `key: value`.") if isinstance(node, Text) else ""
        raise InputError(Finding("yaml-mapping", _("the file must be a mapping of keys to values"), node.place, hint))

    def _next(self) -> Any:
        return self._loader.get_event()

    def _node(self, event: Any, depth: int) -> tuple[Node, int]:
        """Return the node an event starts and how many nodes it holds, aliases expanded."""
        if depth > DEEPEST:
            raise self._error("yaml-depth", _("nested too deep: the limit is {limit} levels").format(limit=DEEPEST), event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None and not (isinstance(event, yaml.ScalarEvent) and event.tag == "!" and event.style):
            raise self._error("yaml-tag", _("a YAML tag ({tag}) is not allowed; put text in quotes").format(tag=shown(event.tag)), event)
        anchor = event.anchor
        if anchor is not None:
            if anchor in self.anchors:
                raise self._error("yaml-anchor", _("duplicate anchor {name}: it is defined twice").format(name=shown(anchor)), event)
            if len(self.anchors) >= MOST_ANCHORS:
                raise self._error("yaml-anchors", _("too many anchors: the limit is {limit}").format(limit=MOST_ANCHORS), event)
            self.anchors[anchor] = None
        node, weight = self._built(event, depth)
        self._count(1, event)
        if anchor is not None:
            if isinstance(node, Text) and not node.value and not node.quoted:
                raise self._error("yaml-anchor", _("the anchor {name} has an empty value").format(name=shown(anchor)), event)
            self.anchors[anchor] = (node, weight)
        return node, weight

    def _built(self, event: Any, depth: int) -> tuple[Node, int]:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event), 1
        if isinstance(event, yaml.SequenceStartEvent):
            items, weight = [], 1
            while not isinstance(inner := self._next(), yaml.SequenceEndEvent):
                item, more = self._node(inner, depth + 1)
                items.append(item)
                weight += more
            return Sequence(tuple(items), self._place(event)), weight
        return self._mapping(event, depth)

    def _mapping(self, event: Any, depth: int) -> tuple[Node, int]:
        entries: dict[str, tuple[Text, Node]] = {}
        weight = 1
        while not isinstance(inner := self._next(), yaml.MappingEndEvent):
            key = self._key(inner)
            if key.value in entries:
                first = entries[key.value][0].place
                message = _("duplicate key {key}: it is already written at line {line}").format(key=shown(key.value), line=first.line)
                raise InputError(Finding("duplicate-key", message, key.place, _("Keep one of the two.")))
            value, more = self._node(self._next(), depth + 1)
            if event.flow_style and isinstance(value, Text) and not value.quoted and value.value.count("(") > value.value.count(")"):
                raise self._cut(value)
            entries[key.value] = (key, value)
            weight += more + 1
        return Mapping(entries, self._place(event)), weight

    def _cut(self, value: Text) -> InputError:
        message = _("a comma ends this text inside its brackets: {text}").format(text=shown(value.value, 40))
        hint = _('Inside { }, put a text that holds a comma in quotes: {value: "uniform(1, 2) kg"}.')
        return InputError(Finding("yaml-comma", message, value.place, hint))

    def _key(self, event: Any) -> Text:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error("yaml-key", _("a key must be a plain name, not a list, a mapping or an alias"), event)
        if event.tag is not None:
            raise self._error("yaml-tag", _("a YAML tag ({tag}) is not allowed on a key").format(tag=shown(event.tag)), event)
        key = self._scalar(event)
        if key.value == "<<" and not key.quoted:
            raise InputError(Finding("yaml-merge", _("the merge key << is not part of this language"), key.place, _("Use `extends:` or a variant.")))
        if not key.value.strip() or (key.value in ("~", "null") and not key.quoted):
            raise InputError(Finding("yaml-key", _("a key is empty"), key.place))
        if odd := key.value.replace(key.value.strip(), ""):
            message = _("a key begins or ends with a blank (U+{code:04X})").format(code=ord(odd[0]))
            raise InputError(Finding("yaml-key", message, key.place, _("Delete it; indent with plain spaces.")))
        if "\n" in key.value or "\t" in key.value:
            raise InputError(Finding("yaml-key", _("a key holds a line break or a tab (a control character)"), key.place))
        if len(key.value) > LONGEST_KEY:
            raise InputError(Finding("yaml-key", _("a key is too long: the limit is {limit} characters").format(limit=LONGEST_KEY), key.place))
        return key

    def _scalar(self, event: Any) -> Text:
        text = Text(event.value, self._place(event), bool(event.style))
        if len(text.value) > LONGEST_TEXT:
            raise self._error("yaml-text", _("a text is too long: the limit is {limit} characters").format(limit=LONGEST_TEXT), event)
        bad = _FORBIDDEN.search(text.value)  # escapes in double quotes make characters the raw text does not hold
        if bad:
            raise self._error("character", _character(bad.group()), event)
        if not text.quoted and any(re.match(r"\s*- ", line) for line in self.lines[event.start_mark.line + 1 : event.end_mark.line + 1]):
            message = _("a line that begins with - goes on with the text above it: it is no list item")
            raise self._error("yaml-continued", message + "; " + _("put a text of several lines in quotes, a list under its key alone"), event)
        if not text.quoted and _SMART_QUOTES.match(text.value):
            message = _("typographic quotes (U+{code:04X}) become part of the text").format(code=ord(text.value[0]))
            raise self._error("character", set_apart([message, _('write straight quotes "…"')]), event)
        return text

    def _alias(self, event: Any) -> tuple[Node, int]:
        if event.anchor not in self.anchors:
            message = _("the alias *{name} has no anchor &{name}; put a text that begins with * in quotes").format(name=shown(event.anchor))
            raise self._error("yaml-alias", message, event)
        known = self.anchors[event.anchor]
        if known is None:
            raise self._error("yaml-cycle", _("the alias *{name} contains itself (a cycle)").format(name=shown(event.anchor)), event)
        self._count(known[1], event)
        return known

    def _count(self, more: int, event: Any) -> None:
        self.nodes += more
        if self.nodes > MOST_NODES:
            raise self._error("yaml-expansion", _("too many values once aliases are expanded: the limit is {limit}").format(limit=MOST_NODES), event)

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        line, column = start.line, start.column
        excerpt = self.lines[line] if line < len(self.lines) else ""
        width = end.column - column if end.line == line else len(excerpt) - column
        return Place(self.file, line + 1, column + 1, max(width, 1), excerpt)

    def _error(self, code: str, message: str, event: Any) -> InputError:
        return InputError(Finding(code, message, self._place(event)))

    def _syntax(self, bad: yaml.MarkedYAMLError) -> InputError:
        mark = bad.problem_mark or bad.context_mark
        if "could not find expected ':'" in (bad.problem or ""):
            mark = bad.context_mark or mark  # the key itself; what is found instead stands on the next line
        line, column = (mark.line, mark.column) if mark else (0, 0)
        excerpt = self.lines[line] if line < len(self.lines) else ""
        problem = f"{bad.problem or ''} {bad.context or ''}".strip()
        message, hint = _explained(problem, excerpt, column, self.lines)
        return InputError(Finding("yaml", message, Place(self.file, line + 1, column + 1, 1, excerpt), hint))


def check_characters(text: str, file: str) -> None:
    """Raise InputError at the first character of a text that nobody could see, or that would change what is seen around it."""
    bad = _FORBIDDEN.search(text)
    if bad:
        before = text[: bad.start()]
        line = before.count("\n")
        place = Place(file, line + 1, bad.start() - before.rfind("\n"), 1, text.split("\n")[line])
        raise InputError(Finding("character", _character(bad.group()), place, _("Delete it and type the line again.")))


def _character(c: str) -> str:
    kinds = {"\0": "NUL", "\ufeff": "BOM"}
    private = _("private-use character") if "\ue000" <= c <= "\uf8ff" else _("control or invisible character")
    kind = kinds.get(c) or (_("line separator") if c in "\u0085\u2028\u2029" else private)
    return _("a character that must not stand in a file: U+{code:04X} ({kind})").format(code=ord(c), kind=kind)


def _explained(problem: str, line: str, column: int, lines: list[str]) -> tuple[str, str]:
    """Return message and hint for what libyaml reports in its own words."""
    character = line[column : column + 1]
    conflict = next((i for i, text in enumerate(lines) if text.startswith(("<<<<<<<", ">>>>>>>"))), None)
    if conflict is not None:
        return _("an unresolved merge conflict (<<<<<<<) at line {line}").format(line=conflict + 1), _("Choose one of the two versions.")
    if "\t" in line[: len(line) - len(line.lstrip())] or character == "\t":
        return _("a tab is used for indentation"), _("Indent with spaces.")
    if "did not find expected key" in problem:
        return _no_key(line, column)
    table = (
        ("exceeded maximum nesting depth", _("nested too deep: the limit is {limit} levels").format(limit=DEEPEST), ""),
        ("mapping values are not allowed", _("a colon stands where no mapping can start"), _("Put a text that holds a colon in quotes.")),
        ("cannot start any token", _("a value cannot start with {c}").format(c=printable(character)), _("Put the text in quotes.")),
        ("unexpected end of stream", _("the end of the file is reached inside a quoted text"), _("Close the quote.")),
        ("did not find expected ',' or '}'", _("a comma or a closing } is missing"), _("Write `{a: 1, b: 2}`.")),
        ("did not find expected ',' or ']'", _("a comma or a closing ] bracket is missing"), _("Write `[a, b]`.")),
        ("unknown escape character", _("unknown escape in a double-quoted text"), _("Write \\\\ for a backslash, or use single quotes.")),
        ("incompatible YAML document", _("an unsupported YAML version"), _("Delete the %YAML line.")),
        ("alphabetic or numeric character", _("* or & is not followed by a name (an alias)"), _("Put the text in quotes.")),
        ("undefined tag handle", _("a YAML tag is not allowed"), _("Put the text in quotes.")),
        (
            "did not find expected '-' indicator",
            _("a key stands among the items of a list"),
            _("Begin each item with -, or indent the key as those of its mapping."),
        ),
        ("did not find expected node content", _("a key or a value is missing between brackets or commas"), _("Write `{a: 1, b: 2}` or `[a, b]`.")),
        ("block sequence entries are not allowed", _("a list cannot begin on the line of its key"), _("Put each - on a line of its own, or write `[a, b]`.")),
        ("could not find expected ':'", _("a colon is missing after a key"), _("Write `key: value`.")),
        ("expected comment or line break", _("behind | or > stands at most + or - and one digit, the indentation"), _("Begin the text on the next line.")),
        ("did not find expected <document start>", _("a second document starts here, or text after the end of the first"), _("One file holds one document.")),
    )
    for words, message, hint in table:
        if words in problem:
            return message, hint
    return _("this is not YAML: {problem}").format(problem=shown(problem, 140)), ""


def _no_key(line: str, column: int) -> tuple[str, str]:
    """Return message and hint for what stands where the next key of a mapping should."""
    before, rest = line[:column].rstrip(), line[column:]
    if rest.startswith(":"):
        return _("a key is empty"), _("Write a name before the colon.")
    if rest.startswith("-"):
        return _("a list item stands inside a mapping"), _("Indent the list below its key, or delete the -.")
    if rest.startswith(("]", "}")):
        return _("a closing {c} without an opening one").format(c=rest[0]), _("Delete it, or open the bracket.")
    if before.endswith(("]", "}", '"', "'")):
        return _("text stands after a closed bracket or quote"), _("Put the whole text in quotes, or delete what follows.")
    return _("the indentation fits nothing above"), _("Indent the keys of one mapping alike.")
