"""What a YAML document is once read: texts, lists and mappings, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lca_ml.errors import Place


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it was written. `quoted` tells `"12"` from `12`."""

    value: str
    place: Place
    quoted: bool = False

    def __str__(self) -> str:
        return self.value

    def at(self, start: int, width: int = 1) -> Place:
        """Return the place of part of the text, `start` counted from 0 within the value."""
        p = self.place
        if p.excerpt[p.column - 1 + self.quoted :].startswith(self.value):
            return Place(p.file, p.line, p.column + self.quoted + start, max(width, 1), p.excerpt)
        return p


@dataclass(frozen=True, slots=True)
class Sequence:
    """A YAML list."""

    items: tuple[Node, ...]
    place: Place

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A YAML mapping: values by key, each key with the place where it stands."""

    entries: dict[str, tuple[Text, Node]] = field(repr=False)
    place: Place

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __getitem__(self, key: str) -> Node:
        return self.entries[key][1]

    def get(self, key: str) -> Node | None:
        """Return the value at the key, None where there is none."""
        entry = self.entries.get(key)
        return entry[1] if entry else None

    def key(self, key: str) -> Text:
        """Return the key itself, as it was written."""
        return self.entries[key][0]

    def without(self, *keys: str) -> Mapping:
        """Return the mapping less some keys."""
        return Mapping({k: e for k, e in self.entries.items() if k not in keys}, self.place)


Node = Text | Sequence | Mapping


def plain(node: Node) -> Any:
    """Return the tree as dicts, lists and `Text`, for a library that walks such things."""
    match node:
        case Mapping():
            return {key: plain(node[key]) for key in node}
        case Sequence():
            return [plain(item) for item in node]
        case _:
            return node


def patched(base: Mapping, patch: Mapping) -> Mapping:
    """Return the base with the patch on top: mappings are joined, a list replaces a list, a text a text; places are kept."""
    entries = dict(base.entries)
    for key, (written, value) in patch.entries.items():
        below = entries.get(key)
        if below and isinstance(below[1], Mapping) and isinstance(value, Mapping):
            entries[key] = (below[0], patched(below[1], value))
        else:
            entries[key] = (written, value)
    return Mapping(entries, base.place)
