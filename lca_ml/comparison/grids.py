"""The values a sweep goes through: `1.0..2.0:11`, `1e5..1e9:9:log request/year`, `FR,US,PL`, `0.1,0.2 Wh/request`.

read_axis("pue", Text("1.0..2.0:11"))   -> Axis
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, shown
from lca_ml.units import NUMBER, number, read_unit, unit
from lca_ml.words import _, grouped

MOST_POINTS = 1000
LONGEST_COUNT = 12  # digits: no longer text is made a number

MOST_CELLS = 10_000
"""Cells of a map of two paths."""

_RANGE = re.compile(rf"\s*(?P<low>{NUMBER})\s*\.\.\s*(?P<high>{NUMBER})\s*(?::\s*(?P<count>\d+)\s*)?(?::\s*(?P<scale>[A-Za-z]+)\s*)?(?:\s(?P<unit>\S+)\s*)?\Z")
_NUMBER = re.compile(rf"(?P<number>{NUMBER})(?:\s+(?P<unit>\S+))?\Z")


@dataclass(frozen=True, slots=True)
class Axis:
    """One path of a scenario and the values it is given.

    texts     each value as `--set path=text` takes it
    numbers   the same in `unit`; empty where they are names, distributions or formulas
    scale     "linear", "log", or "list"
    title     what people call the parameter it moves, where its file says
    """

    path: str
    texts: tuple[str, ...]
    numbers: tuple[float, ...] = ()
    unit: str = ""
    scale: str = "list"
    title: str = ""

    @property
    def bases(self) -> tuple[float, ...]:
        """The numbers in base units, each the very number `--set` would give."""
        return tuple(v * unit(self.unit).scale for v in self.numbers)

    def __len__(self) -> int:
        return len(self.texts)


def read_axis(path: str, text: Text, usual: str = "") -> Axis:
    """Return the values a text names.

    usual   the unit where the text names none
    Raises InputError at the text.
    """
    written = text.value.strip()
    if ".." in written:
        return _range(path, text, usual)
    items = list(dict.fromkeys(_items(written)))
    if not items:
        raise InputError(Finding("grid", _("a sweep of {path} needs values").format(path=shown(path, 40)), text.place, _usage(path)))
    if len(items) > MOST_POINTS:
        raise _too_many(text, len(items))
    found = [_NUMBER.match(item) for item in items]
    if not all(found):
        return Axis(path, tuple(items))
    name = next((f["unit"] for f in reversed(found) if f and f["unit"]), usual)
    if any(f and f["unit"] not in (None, name) for f in found):
        raise InputError(Finding("grid", _("write the unit once, after the last value: 0.1,0.2 {unit}").format(unit=name), text.place))
    return _axis(path, [f["number"] for f in found if f], name, "list", text)


def _range(path: str, text: Text, usual: str) -> Axis:
    found = _RANGE.match(text.value)
    if not found or found["count"] is None or found["scale"] not in (None, "log", "linear"):
        raise InputError(Finding("grid", _("{text} is not a range of values").format(text=shown(text.value, 60)), text.place, _usage(path)))
    if len(found["count"]) > LONGEST_COUNT:
        message = _("{text} values are too many; the limit is {limit}").format(text=shown(found["count"], 20), limit=grouped(MOST_POINTS))
        raise InputError(Finding("grid", message, text.place))
    count, scale = int(found["count"]), found["scale"] or "linear"
    try:
        low, high = number(found["low"]), number(found["high"])
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), text.place)) from None
    if count > MOST_POINTS:
        raise _too_many(text, count)
    if count < 2 or low >= high:
        raise InputError(Finding("grid", _("a range rises from its first value to its last in at least 2 values"), text.place, _usage(path)))
    if scale == "log" and low <= 0:
        raise InputError(Finding("grid", _("a logarithmic range begins above zero"), text.place, _usage(path)))
    values = np.geomspace(low, high, count) if scale == "log" else 2 * np.linspace(low / 2, high / 2, count)  # high - low may be no finite number
    written = [f"{v:.12g}" for v in values]
    if len(set(written)) < count:
        message = _("the ends of {text} lie too near each other: two of its values would be written alike").format(text=shown(text.value, 60))
        raise InputError(Finding("grid", message, text.place))
    return _axis(path, written, found["unit"] or usual, scale, text)


def _axis(path: str, numbers: list[str], name: str, scale: str, text: Text) -> Axis:
    read_unit(name, text.place)
    try:
        values = tuple(number(n) for n in numbers)
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), text.place)) from None
    return Axis(path, tuple(f"{n} {name}".strip() for n in numbers), values, name, scale)


def _items(written: str) -> list[str]:
    """Return the parts between commas that stand in no bracket."""
    out, depth, start = [], 0, 0
    for i, c in enumerate(written + ","):
        depth += (c == "(") - (c == ")")
        if c == "," and (depth <= 0 or i == len(written)):
            out.append(written[start:i].strip())
            start = i + 1
    return [item for item in out if item]


def _usage(path: str) -> str:
    return _("For example: {path}=1.0..2.0:11, {path}=1e5..1e9:9:log, {path}=0.1,0.2 or region=FR,US,PL; quote a range with a unit.").format(
        path=shown(path, 40)
    )


def _too_many(text: Text, given: int) -> InputError:
    return InputError(Finding("grid", _("{n} values are too many; the limit is {limit}").format(n=grouped(given), limit=grouped(MOST_POINTS)), text.place))
