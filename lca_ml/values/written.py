"""A distribution as it is written: its name, its arguments, its unit, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from lca_ml import distributions as d
from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, did_you_mean, shown
from lca_ml.units import NUMBER, ONE, Unit, in_range, number
from lca_ml.words import _

Column = Callable[[Text, str, str], list[float]]
"""How a column of measured values is fetched: the text that names it, the file, the column."""

Arguments = dict[str, tuple[str, int]]
"""The arguments of a distribution by name: the text of each and where it starts."""

INTERVAL = re.compile(rf"\s*(?P<low>{NUMBER})\s+to\s+(?P<high>{NUMBER})(?:\s+(?P<unit>\S.*?))?\s*\Z")

PERCENT = re.compile(rf"\s*(?P<number>{NUMBER})\s*%\s*\Z")

DISTRIBUTIONS = (*d.KINDS, "choice", "empirical")


@dataclass(frozen=True, slots=True)
class Call:
    """A distribution as written: what stands in its brackets and behind them, and where both begin."""

    kind: str
    arguments: str
    start: int
    unit: str
    unit_start: int


def names_unit(written: str) -> bool:
    """Whether a distribution or an interval has a unit of its own."""
    call, interval = called(written), INTERVAL.match(written)
    return bool(call.unit if call else interval and interval["unit"])


def called(written: str) -> Call | None:
    """Return the parts of `kind(arguments) unit`, None where a bracket is not closed or an operator follows."""
    head = re.match(r"\s*([A-Za-z_]\w*)\s*\(", written)
    close = _closing(written, head.end()) if head else None
    if head is None or close is None:
        return None
    unit = written[close + 1 :].strip()
    if unit.startswith(tuple("()+-*/")):
        return None
    return Call(head[1], written[head.end() : close], head.end(), unit, written.find(unit, close + 1))


def _closing(written: str, start: int) -> int | None:
    """Return where the bracket opened before start is closed."""
    depth = 1
    for i, c in enumerate(written[start:], start):
        depth += {"(": 1, ")": -1}.get(c, 0)
        if depth == 0:
            return i
    return None


def misread(text: Text) -> NoReturn:
    """Raise for a distribution whose brackets do not close or that an operator follows."""
    after = re.search(r"\)\s*([-+*/])", text.value)
    if after:
        message = _("a distribution stands inside a formula")
        raise InputError(Finding("distribution-in-formula", message, text.at(after.start(1)), _("Make it a parameter with a name and use the name.")))
    hint = _('Inside { }, a value that holds a comma needs quotes: {value: "uniform(1, 2) kg"}.')
    raise InputError(Finding("distribution", _("a closing bracket is missing in this distribution"), text.at(max(len(text.value) - 1, 0)), hint))


def arguments_of(text: Text, call: Call) -> Arguments:
    """Return the arguments of a distribution by name."""
    kind, names = call.kind, d.KINDS.get(call.kind, (None, ("file", "column")))[1]
    out: Arguments = {}
    at = call.start
    named = False
    for position, piece in enumerate(pieces_of(call)):
        name, equals, content = piece.partition("=")
        start = at + len(piece) - len((content if equals else piece).lstrip())
        written = (content if equals else piece).strip()
        if named and not equals:
            message = _("a value without a name stands after one with a name: {text}").format(text=shown(written, 30))
            raise InputError(Finding("distribution", message, text.at(start, len(written)), _("Write the name of each.")))
        named = bool(equals)
        if equals:
            key = name.strip()
        elif position < len(names):
            key = names[position]
        else:
            message = _("{kind} takes {n} values: {names}").format(kind=kind, n=len(names), names=", ".join(names))
            raise InputError(Finding("distribution", message, text.at(start, len(written))))
        if key not in (*names, "min", "max"):
            hint = did_you_mean(key, (*names, "min", "max")) or _("{kind} takes {names}.").format(kind=kind, names=", ".join(names))
            raise InputError(Finding("distribution", _("{key} is unknown in {kind}").format(key=shown(key, 30), kind=kind), text.at(at, len(piece)), hint))
        if key in out:
            raise InputError(Finding("distribution", _("{key} is given twice in {kind}").format(key=key, kind=kind), text.at(at, len(piece))))
        out[key] = (written, start)
        at += len(piece) + 1
    return out


def pieces_of(call: Call) -> list[str]:
    """Return what stands between the commas of a distribution."""
    return call.arguments.split(",") if call.arguments.strip() else []


def made_of(text: Text, kind: str, arguments: Arguments, unit: Unit) -> d.Distribution:
    """Return the distribution of a kind, cut where `min` or `max` is given. Raises InputError at the guilty argument."""
    maker, names = d.KINDS[kind]
    missing = [n for n in names if n not in arguments]
    if missing:
        message = _("{names} is missing in {kind}").format(names=", ".join(missing), kind=kind)
        raise InputError(Finding("distribution", message, text.place, _("Write {kind}({names}), then the unit.").format(kind=kind, names=", ".join(names))))
    numbers = {k: argument_in(text, k, v, start) for k, (v, start) in arguments.items()}
    for name, (written, start) in arguments.items():
        if name != "gsd":
            in_range(numbers[name], unit, text.at(start, len(written)))
    try:
        inner: d.Distribution = maker(**{n: numbers[n] for n in names})
        if not numbers.keys() & {"min", "max"}:
            return in_reach(text, inner, unit)
        cut = d.Truncated(inner, numbers.get("min"), numbers.get("max"))
        return in_reach(text, inner if d.is_constant(inner) else cut, unit)
    except d.BadParameter as wrong:
        written, start = arguments.get(wrong.parameter, ("", text.value.find("(")))
        raise InputError(Finding("distribution", str(wrong), text.at(start, len(written) or 1))) from None


def in_reach(text: Text, found: d.Distribution, unit: Unit) -> d.Distribution:
    """Return the distribution itself, or raise InputError where the farthest values that are ever drawn are no finite numbers in base units."""
    if isinstance(found, (d.Pert, d.Beta)):
        return found  # between two finite ends; their quantiles would import SciPy
    with np.errstate(over="ignore"):
        ends = found.quantile(np.array(d.FARTHEST)) * unit.scale
    if np.isfinite(ends).all():
        return found
    message = _("the values of this distribution reach out of the range of finite numbers in base units")
    raise InputError(Finding("distribution", message, text.place, _("Make its spread smaller, or cut it with min= and max=.")))


def argument_in(text: Text, name: str, written: str, start: int) -> float:
    """Return an argument as a number. Raises InputError that says what stands there instead."""
    try:
        return number(written)
    except ValueError as wrong:
        place = text.at(start, len(written))
        numeral = re.fullmatch(r"[-+]?[\d_.]+([eE][-+]?\d+)?", written)
        if re.fullmatch(r"[-+]?\.?(inf|nan)", written, re.IGNORECASE):
            raise InputError(Finding("distribution", _("{name} must be finite; {text} is not").format(name=name, text=written), place)) from None
        if re.fullmatch(rf"{NUMBER}\s*%", written):
            hint = _("Percentages belong under `uncertainty:`, relative to the value.")
            raise InputError(Finding("distribution", _("{name}: a percentage (%) is relative to nothing here").format(name=name), place, hint)) from None
        if re.fullmatch(rf"{NUMBER}\s*\S+", written) and not numeral:
            hint = _("Write the unit once, after the bracket: normal(5, 1) kg.")
            raise InputError(
                Finding("distribution", _("{name} must be a number without a unit, not {text}").format(name=name, text=shown(written, 30)), place, hint)
            ) from None
        if re.search(r"[A-Za-z_]", written) and not numeral:
            message = _("{name} must be a number, not an expression: {text}").format(name=name, text=shown(written, 30))
            raise InputError(Finding("distribution", message, place)) from None
        raise InputError(Finding("number", f"{name}: {wrong}", place)) from None


def number_in(text: Text, written: str, start: int, unit: Unit = ONE) -> float:
    """Return the number that stands at a place of a text, or raise InputError there."""
    place = text.at(start, len(written))
    try:
        return in_range(number(written), unit, place)
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), place)) from None


def percent_in(text: Text, written: str, start: int) -> float:
    """Return a percentage as a share; unlike other numbers it may have a +, as it moves another."""
    digits = written.removesuffix("%").rstrip().removeprefix("+")
    return number_in(text, digits, start + written.index(digits)) / 100


def guarded(text: Text, start: int, make: Callable[[], d.Distribution]) -> d.Distribution:
    """Return what make() gives, its BadParameter as an InputError from start to the end of the text."""
    try:
        return make()
    except d.BadParameter as wrong:
        raise InputError(Finding("distribution", str(wrong), text.at(start, max(len(text.value) - start, 1)))) from None
