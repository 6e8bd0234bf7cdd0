"""What one leaf of a file says: a quantity, a distribution or a formula.

read(text)                 -> Fixed | Drawn | Tree
relative(text, value)      -> Drawn, an `uncertainty:` given in the value's terms
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from lca_ml import distributions as d
from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, did_you_mean, shown
from lca_ml.expressions import FUNCTIONS, Tree, parse
from lca_ml.units import NUMBER, ONE, Quantity, Unit, in_range, number, quantity, read_unit
from lca_ml.words import _

Column = Callable[[Text, str, str], list[float]]
"""How a column of measured values is fetched: the text that names it, the file, the column."""

_Arguments = dict[str, tuple[str, int]]
"""The arguments of a distribution by name: the text of each and where it starts."""

_INTERVAL = re.compile(rf"\s*(?P<low>{NUMBER})\s+to\s+(?P<high>{NUMBER})(?:\s+(?P<unit>\S.*?))?\s*\Z")
_PERCENT = re.compile(rf"\s*(?P<number>{NUMBER})\s*%\s*\Z")
DISTRIBUTIONS = (*d.KINDS, "choice", "empirical")
_OTHER_NAMES = {
    "gauss": "normal",
    "gaussian": "normal",
    "truncnormal": "normal(…, min=…, max=…)",
    "tri": "triangular",
    "unif": "uniform",
    "logn": "lognormal",
    "discrete": "choice",
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A distribution as written: what stands in its brackets and behind them, and where both begin."""

    kind: str
    arguments: str
    start: int
    unit: str
    unit_start: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An uncertain value: a distribution over numbers in `unit`; `labels` where a choice is among names (regions)."""

    distribution: d.Distribution
    unit: Unit
    labels: tuple[str, ...] = ()

    def in_base(self) -> d.Distribution:
        """Return the distribution of the value in base units."""
        return self.distribution if self.unit.scale == 1 else d.Affine(self.distribution, self.unit.scale)


def read(text: Text, column: Column | None = None) -> Quantity | Drawn | Tree:
    """Return what a leaf says. `column` fetches the values of `empirical(file, column)`. Raises InputError at the guilty part."""
    written = text.value.strip()
    if not written:
        raise InputError(Finding("value-empty", _("the value is empty"), text.place, _("Write a number with its unit, a distribution or a formula.")))
    if written in ("true", "false", "True", "False", "yes", "no", "null", "~") and not text.quoted:
        what = _("the value is null (empty)") if written in ("null", "~") else _("{text} is a boolean; a number with its unit is wanted").format(text=written)
        raise InputError(Finding("value-kind", what, text.place))
    if written[0] in "\u2212\u2013" or re.match(r"0[0-9]|[-+]?\.(\d|inf|nan)|[0-9]+:[0-9]", written):
        quantity(text)
    if _INTERVAL.match(text.value):
        return _interval(text)
    call = re.match(r"([A-Za-z_]\w*)\s*\(", written)
    if call and call[1] in DISTRIBUTIONS:
        return _distribution(text, column)
    if call and call[1] not in FUNCTIONS:
        _unknown_call(text, call[1])
    if re.match(r"[-+]?[0-9]", written) and not _reads_on(written):
        return quantity(text)
    if re.match(r"[<>~≈≤≥€$£±]+\s*[0-9]|\[\s*[0-9]|[-+]?(inf|nan)\b", written):
        return quantity(text)
    inside = re.search(rf"\b({'|'.join(DISTRIBUTIONS)})\s*\(", written)
    if inside:
        message = _("a distribution stands inside a formula")
        raise InputError(
            Finding(
                "distribution-in-formula",
                message,
                text.at(text.value.index(inside[0]), len(inside[0]) - 1),
                _("Make it a parameter with a name and use the name."),
            )
        )
    _refuse_number_with_unit(text)
    return parse(text)


def relative(text: Text, value: Quantity, column: Column | None = None) -> Drawn:
    """Return the uncertainty of a stated value: `lognormal(gsd=1.2)` and `uniform(-10 %, +10 %)` are relative to it, all else is absolute.

    An absolute one that names no unit is in the unit of the value. Raises InputError at the guilty part.
    """
    call = _called(text.value)
    if call and call.kind in d.KINDS and not call.unit:
        arguments = _relative_arguments(_arguments(text, call), call.kind, text, value)
        if arguments is not None:
            return Drawn(_made(text, call.kind, arguments, value.unit), value.unit)
    drawn = read(text, column)
    if not isinstance(drawn, Drawn):
        raise InputError(Finding("uncertainty", _("an uncertainty is a distribution, such as lognormal(gsd=1.2) or uniform(-10 %, +10 %)"), text.place))
    if drawn.labels:
        message = _("a choice among names ({names}) is no uncertainty of a number").format(names=shown(", ".join(drawn.labels), 40))
        raise InputError(Finding("uncertainty", message, text.place))
    if not _names_unit(text.value):
        return Drawn(drawn.distribution, value.unit)
    if not drawn.unit.same(value.unit):
        message = _("the uncertainty is in {a}, the value in {b} (another dimension)").format(a=drawn.unit, b=value.unit)
        raise InputError(Finding("dimension", message, text.place))
    return drawn


def _relative_arguments(arguments: _Arguments, kind: str, text: Text, value: Quantity) -> _Arguments | None:
    """Return arguments that are relative to a value as absolute ones in its unit, None where they are not relative."""
    if kind == "lognormal" and set(arguments) == {"gsd"}:
        return {"median": (repr(value.number), 0), **arguments}
    percents = {name: _percent(text, *written) for name, written in arguments.items() if name != "gsd" and _PERCENT.match(written[0])}
    if not percents or len(percents) < len(arguments):
        return None
    absolute = {name: (repr(_moved(value.number, name, share)), arguments[name][1]) for name, share in percents.items()}
    return {"mean": (repr(value.number), 0), **absolute} if kind == "normal" and set(absolute) == {"sd"} else absolute


def _moved(number: float, name: str, share: float) -> float:
    """Return a number moved by a share of its size, up where the share is positive; a spread is the share alone."""
    return abs(number) * (share if name == "sd" else math.copysign(1, number) + share)


def _names_unit(written: str) -> bool:
    """Whether a distribution or an interval has a unit of its own."""
    call, interval = _called(written), _INTERVAL.match(written)
    return bool(call.unit if call else interval and interval["unit"])


def _called(written: str) -> _Call | None:
    """Return the parts of `kind(arguments) unit`, None where a bracket is not closed or an operator follows."""
    head = re.match(r"\s*([A-Za-z_]\w*)\s*\(", written)
    close = _closing(written, head.end()) if head else None
    if head is None or close is None:
        return None
    unit = written[close + 1 :].strip()
    if unit.startswith(tuple("()+-*/")):
        return None
    return _Call(head[1], written[head.end() : close], head.end(), unit, written.find(unit, close + 1))


def _closing(written: str, start: int) -> int | None:
    """Return where the bracket opened before start is closed."""
    depth = 1
    for i, c in enumerate(written[start:], start):
        depth += {"(": 1, ")": -1}.get(c, 0)
        if depth == 0:
            return i
    return None


def _reads_on(written: str) -> bool:
    """Whether a text that begins with a number goes on as a formula: an operator, then more."""
    after = re.match(rf"{NUMBER}\s*", written)
    rest = written[after.end() :] if after else ""
    return bool(re.match(r"[-+*/^]\s*[\w(.*-]", rest)) or bool(re.match(r"[A-Za-z%]\S*\s*[-+*/]\s*[\w(]", rest) and " " in rest)


def _refuse_number_with_unit(text: Text) -> None:
    """Raise where a formula holds a number with a unit: `4 kWh + x`."""
    for found in re.finditer(rf"(?<![\w.])({NUMBER})\s+([A-Za-z%]\S*)", text.value):
        unit_text = found[2].rstrip(")+-*/,")
        try:
            read_unit(unit_text, None)
        except InputError:
            continue
        written = f"{found[1]} {unit_text}"
        message = _("a number with a unit stands in a formula: {text}").format(text=written)
        hint = _("Give it a name (a parameter or an argument) and write the name here: an operator joins names, so that each number can be cited and varied.")
        raise InputError(Finding("unit-in-formula", message, text.at(found.start(), len(written)), hint))


def _unknown_call(text: Text, name: str) -> NoReturn:
    known = _OTHER_NAMES.get(name.lower())
    hint = _("Did you mean {names}?").format(names=known) if known else did_you_mean(name, (*DISTRIBUTIONS, *FUNCTIONS))
    message = _("{name} is an unknown function or distribution (not allowed)").format(name=shown(name, 30))
    raise InputError(
        Finding("function", message, text.at(text.value.index(name), len(name)), hint or _("Distributions are {names}.").format(names=", ".join(DISTRIBUTIONS)))
    )


def _interval(text: Text) -> Drawn:
    found = _INTERVAL.match(text.value)
    assert found
    unit = read_unit(found["unit"] or "", text.at(found.start("unit"), len(found["unit"] or "")))
    low, high = (_number(text, found[end], found.start(end), unit) for end in ("low", "high"))
    return Drawn(_guarded(text, found.start("low"), lambda: d.central(low, high)), unit)


def _distribution(text: Text, column: Column | None) -> Drawn:
    call = _called(text.value)
    if not call:
        _misread(text)
    unit = read_unit(call.unit, text.at(call.unit_start, len(call.unit))) if call.unit else ONE
    if call.kind == "choice":
        return _choice(text, call, unit)
    arguments = _arguments(text, call)
    if call.kind == "empirical":
        return Drawn(_empirical(text, call, arguments, column), unit)
    return Drawn(_made(text, call.kind, arguments, unit), unit)


def _misread(text: Text) -> NoReturn:
    after = re.search(r"\)\s*([-+*/])", text.value)
    if after:
        message = _("a distribution stands inside a formula")
        raise InputError(Finding("distribution-in-formula", message, text.at(after.start(1)), _("Make it a parameter with a name and use the name.")))
    hint = _('Inside { }, a value that holds a comma needs quotes: {value: "uniform(1, 2) kg"}.')
    raise InputError(Finding("distribution", _("a closing bracket is missing in this distribution"), text.at(max(len(text.value) - 1, 0)), hint))


def _arguments(text: Text, call: _Call) -> _Arguments:
    """Return the arguments of a distribution by name."""
    kind, names = call.kind, d.KINDS.get(call.kind, (None, ("file", "column")))[1]
    out: _Arguments = {}
    at = call.start
    named = False
    for position, piece in enumerate(_pieces(call)):
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


def _pieces(call: _Call) -> list[str]:
    return call.arguments.split(",") if call.arguments.strip() else []


def _made(text: Text, kind: str, arguments: _Arguments, unit: Unit) -> d.Distribution:
    maker, names = d.KINDS[kind]
    missing = [n for n in names if n not in arguments]
    if missing:
        message = _("{names} is missing in {kind}").format(names=", ".join(missing), kind=kind)
        raise InputError(Finding("distribution", message, text.place, _("Write {kind}({names}), then the unit.").format(kind=kind, names=", ".join(names))))
    numbers = {k: _argument(text, k, v, start) for k, (v, start) in arguments.items()}
    for name, (written, start) in arguments.items():
        if name != "gsd":
            in_range(numbers[name], unit, text.at(start, len(written)))
    try:
        inner: d.Distribution = maker(**{n: numbers[n] for n in names})
        if not numbers.keys() & {"min", "max"}:
            return inner
        cut = d.Truncated(inner, numbers.get("min"), numbers.get("max"))
        return inner if d.is_constant(inner) else cut
    except d.BadParameter as wrong:
        written, start = arguments.get(wrong.parameter, ("", text.value.find("(")))
        raise InputError(Finding("distribution", str(wrong), text.at(start, len(written) or 1))) from None


def _argument(text: Text, name: str, written: str, start: int) -> float:
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
                Finding("distribution", _("{name} is a number without a unit: {text}").format(name=name, text=shown(written, 30)), place, hint)
            ) from None
        if re.search(r"[A-Za-z_]", written) and not numeral:
            message = _("{name} must be a number, not an expression: {text}").format(name=name, text=shown(written, 30))
            raise InputError(Finding("distribution", message, place)) from None
        raise InputError(Finding("number", f"{name}: {wrong}", place)) from None


def _number(text: Text, written: str, start: int, unit: Unit = ONE) -> float:
    """Return the number that stands at a place of a text, or raise InputError there."""
    place = text.at(start, len(written))
    try:
        return in_range(number(written), unit, place)
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), place)) from None


def _percent(text: Text, written: str, start: int) -> float:
    """Return a percentage as a share; unlike other numbers it may have a +, as it moves another."""
    digits = written.removesuffix("%").rstrip().removeprefix("+")
    return _number(text, digits, start + written.index(digits)) / 100


def _choice(text: Text, call: _Call, unit: Unit) -> Drawn:
    names, weights = _named_weights(text, call)
    start = call.start
    if not all(re.fullmatch(NUMBER, name) for name, _at in names):
        labels = tuple(name for name, _at in names)
        _refuse_twice(text, names, labels)
        return Drawn(_guarded(text, start, lambda: d.Choice(tuple(float(i) for i in range(len(labels))), weights)), unit, labels)
    amounts = tuple(_number(text, name, at, unit) for name, at in names)
    _refuse_twice(text, names, amounts)
    return Drawn(_guarded(text, start, lambda: d.Choice(amounts, weights)), unit)


def _refuse_twice(text: Text, names: list[tuple[str, int]], values: tuple[str, ...] | tuple[float, ...]) -> None:
    for i, (name, at) in enumerate(names):
        if values[i] in values[:i]:
            raise InputError(Finding("distribution", _("{key} is given twice in {kind}").format(key=shown(name, 30), kind="choice"), text.at(at, len(name))))


def _named_weights(text: Text, call: _Call) -> tuple[list[tuple[str, int]], tuple[float, ...]]:
    """Return the names of a choice, each with where it stands, and their weights."""
    names, weights = [], []
    at = call.start
    for piece in _pieces(call):
        name, equals, weight = piece.rpartition("=")
        if not equals:
            hint = _("Write choice(FR=0.7, DE=0.3).")
            raise InputError(Finding("distribution", _("a weight is missing: {text}").format(text=shown(piece.strip(), 30)), text.at(at, len(piece)), hint))
        if not name.strip():
            hint = _("Write choice(FR=0.7, DE=0.3).")
            raise InputError(Finding("distribution", _("a name is missing: {text}").format(text=shown(piece.strip(), 30)), text.at(at, len(piece)), hint))
        names.append((name.strip(), at + len(name) - len(name.lstrip())))
        weights.append(_argument(text, "weight", weight.strip(), at + len(name) + 1))
        at += len(piece) + 1
    return names, tuple(weights)


def _empirical(text: Text, call: _Call, arguments: _Arguments, column: Column | None) -> d.Distribution:
    if set(arguments) != {"file", "column"}:
        raise InputError(Finding("distribution", _("empirical takes a file and a column"), text.place, _("Write empirical(measurements.csv, energy) kWh.")))
    if column is None:
        raise InputError(Finding("distribution", _("measured values cannot be read here"), text.place))
    values = column(Text(arguments["file"][0], text.at(arguments["file"][1], len(arguments["file"][0]))), arguments["file"][0], arguments["column"][0])
    if not all(math.isfinite(v) for v in values):
        raise InputError(Finding("distribution", _("a value of the column is not finite"), text.place))
    return _guarded(text, call.start, lambda: d.Empirical(tuple(sorted(values))))


def _guarded(text: Text, start: int, make: Callable[[], d.Distribution]) -> d.Distribution:
    try:
        return make()
    except d.BadParameter as wrong:
        raise InputError(Finding("distribution", str(wrong), text.at(start, max(len(text.value) - start, 1)))) from None
