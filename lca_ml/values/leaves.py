"""Which of the three a leaf is, and an uncertainty in the terms of a value."""

from __future__ import annotations

import math
import re
from itertools import islice
from typing import NoReturn

from lca_ml import distributions as d
from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, did_you_mean, shown
from lca_ml.expressions import FUNCTIONS, LONGEST, Tree, parse
from lca_ml.units import NUMBER, Quantity, quantity, read_unit, vocabulary
from lca_ml.values.drawn import Drawn, read_distribution, read_interval
from lca_ml.values.written import DISTRIBUTIONS, INTERVAL, PERCENT, Arguments, Column, arguments_of, called, in_reach, made_of, names_unit, percent_in
from lca_ml.words import _

MOST_LIKELY = 20
"""How many numbers of a text are looked at for a unit behind them: to read every one of a text made to be slow would take seconds."""

_OTHER_NAMES = {
    "gauss": "normal",
    "gaussian": "normal",
    "truncnormal": "normal(…, min=…, max=…)",
    "tri": "triangular",
    "unif": "uniform",
    "logn": "lognormal",
    "discrete": "choice",
}


def read(text: Text, column: Column | None = None) -> Quantity | Drawn | Tree:
    """Return what a leaf says. `column` fetches the values of `empirical(file, column)`. Raises InputError at the guilty part."""
    written = text.value.strip()
    if not written:
        raise InputError(Finding("value-empty", _("the value is empty"), text.place, _("Write a number with its unit, a distribution or a formula.")))
    if written in ("true", "false", "True", "False", "yes", "no", "null", "~") and not text.quoted:
        what = _("the value is null (empty)") if written in ("null", "~") else _("{text} is a boolean; a number with its unit is wanted").format(text=written)
        raise InputError(Finding("value-kind", what, text.place))
    if written[0] in "\u2212\u2013" or (written[0].isdigit() and not written[0].isascii()) or re.match(r"0[0-9]|[-+]?\.(\d|inf|nan)|[0-9]+:[0-9]", written):
        quantity(text)
    if INTERVAL.match(text.value):
        return read_interval(text)
    call = re.match(r"([A-Za-z_]\w*)\s*\(", written)
    if call and call[1] in DISTRIBUTIONS:
        return read_distribution(text, column)
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
    call = called(text.value)
    if call and call.kind in d.KINDS and not call.unit:
        arguments = _relative_arguments(arguments_of(text, call), call.kind, text, value)
        if arguments is not None:
            return Drawn(made_of(text, call.kind, arguments, value.unit), value.unit)
    drawn = read(text, column)
    if not isinstance(drawn, Drawn):
        raise InputError(Finding("uncertainty", _("an uncertainty is a distribution, such as lognormal(gsd=1.2) or uniform(-10 %, +10 %)"), text.place))
    if drawn.labels:
        message = _("a choice among names ({names}) is no uncertainty of a number").format(names=shown(", ".join(drawn.labels), 40))
        raise InputError(Finding("uncertainty", message, text.place))
    if not names_unit(text.value):
        return Drawn(in_reach(text, drawn.distribution, value.unit), value.unit)
    if not drawn.unit.same(value.unit):
        message = _("the uncertainty is in {a}, the value in {b} (another dimension)").format(a=drawn.unit, b=value.unit)
        raise InputError(Finding("dimension", message, text.place))
    return drawn


def _relative_arguments(arguments: Arguments, kind: str, text: Text, value: Quantity) -> Arguments | None:
    """Return arguments that are relative to a value as absolute ones in its unit, None where they are not relative."""
    if kind == "lognormal" and set(arguments) == {"gsd"}:
        return {"median": (repr(value.number), 0), **arguments}
    percents = {name: percent_in(text, *written) for name, written in arguments.items() if name != "gsd" and PERCENT.match(written[0])}
    if not percents or len(percents) < len(arguments):
        return None
    absolute = {name: (repr(_moved(value.number, name, share)), arguments[name][1]) for name, share in percents.items()}
    return {"mean": (repr(value.number), 0), **absolute} if kind == "normal" and set(absolute) == {"sd"} else absolute


def _moved(number: float, name: str, share: float) -> float:
    """Return a number moved by a share of its size, up where the share is positive; a spread is the share alone."""
    return abs(number) * (share if name == "sd" else math.copysign(1, number) + share)


def _reads_on(written: str) -> bool:
    """Whether a text that begins with a number goes on as a formula: an operator, then more."""
    after = re.match(rf"{NUMBER}\s*", written)
    rest = written[after.end() :] if after else ""
    return bool(re.match(r"[-+*/^<>]\s*[\w(.*-]|[=!<>]=", rest)) or bool(re.match(r"[A-Za-z%]\S*\s*[-+*/]\s*[\w(]", rest) and " " in rest)


def _refuse_number_with_unit(text: Text) -> None:
    """Raise where a formula holds a number with a unit: `4 kWh + x`."""
    likely = (f for f in re.finditer(rf"(?<![\w.])({NUMBER})\s+(([A-Za-z]\w*|%)\S*)", text.value[:LONGEST]) if f[3] in vocabulary())
    for found in islice(likely, MOST_LIKELY):
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
