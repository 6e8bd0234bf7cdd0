"""Numbers with units, read strictly, and shown in the unit people would choose."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place, did_you_mean, shown
from lca_ml.words import _

if TYPE_CHECKING:
    import pint
from lca_ml.units.spelling import number_hint
from lca_ml.units.vocabulary import Unit, normalised, unit, vocabulary

NUMBER = r"[-+]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
"""A number as it may be met, with a sign; `number` says which of these are right."""

_NUMBER = re.compile(NUMBER)

_QUANTITY = re.compile(rf"(?P<number>{NUMBER})(?P<gap> *)(?P<unit>\S.*)?\Z", re.DOTALL)

_NO_UNIT = re.compile(r"(?!1/)[\d.,'_(;:]|[eE][-+]?\d|[^±]*±", re.DOTALL)
"""What follows a number and shows that it was none."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written, its unit, and its value in base units."""

    number: float
    unit: Unit
    place: Place | None = None

    @property
    def base(self) -> float:
        """The value in base units."""
        return self.number * self.unit.scale


def read_unit(text: str, place: Place | None) -> Unit:
    """Return the unit a text names, or raise InputError at the place."""
    try:
        return unit(text)
    except ValueError as wrong:
        hint = (
            _("If {name} is a name, write an operator before it, as in 2 * {name}.").format(name=text)
            if re.fullmatch(r"[a-z]\w*", text) and len(text) < 40 and not did_you_mean(text, vocabulary().names)
            else ""
        )
        raise InputError(Finding("unit", _("{text} is not a unit: {reason}").format(text=shown(text, 30), reason=wrong), place, hint)) from None


def number(text: str) -> float:
    """Return the number a text holds, strictly: `-?digits[_digits][.digits][e±digits]`. Raises ValueError with the reason."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(number_hint(text, _("{text} is not a number")))
    if text.startswith("+"):
        raise ValueError(_("{text}: a number is written without +; write {plain}").format(text=shown(text, 30), plain=shown(text[1:], 30)))
    digits = re.split(r"[.eE]", text.lstrip("-"))[0]
    if len(digits) > 1 and digits[0] == "0":
        raise ValueError(_("{text} begins with a zero; write it without").format(text=shown(text, 30)))
    if len(text) > 60:
        raise ValueError(_("a number of {n} digits is too long").format(n=len(text)))
    value = float(text.replace("_", ""))
    if not math.isfinite(value):
        raise ValueError(_("{text} is too large: out of the range of finite numbers").format(text=shown(text, 30)))
    if value == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise ValueError(_("{text} is too small: it underflows to zero").format(text=shown(text, 30)))
    return value


def quantity(text: Text) -> Quantity:
    """Return the quantity a text holds: a number, then a unit written without spaces. Raises InputError at the guilty part."""
    written = text.value.strip()
    if not written:
        raise InputError(Finding("value-empty", _("the value is empty"), text.place, _("Write a number and its unit.")))
    start = text.value.index(written)
    found = _QUANTITY.match(written)
    if not found or (found["unit"] and (_NO_UNIT.match(found["unit"]) or re.match(r"0[xXbBoO][0-9a-fA-F]", written))):
        raise InputError(Finding("number", number_hint(written), text.at(start, len(written))))
    try:
        value = number(found["number"])
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), text.at(start, len(found["number"])))) from None
    unit_text = found["unit"] or ""
    measure = read_unit(unit_text, text.at(start + (found.start("unit") if unit_text else 0), len(unit_text)))
    return Quantity(in_range(value, measure, text.at(start, len(written))), measure, text.place)


def in_range(value: float, measure: Unit, place: Place | None) -> float:
    """Return the value itself, or raise InputError at the place where it is no finite number in base units, or vanishes there."""
    base = value * measure.scale
    if math.isfinite(base) and (base != 0 or value == 0):
        return value
    message = _("{value:g} {unit} is too large or too small: out of the range of finite numbers in base units").format(
        value=value, unit=shown(measure.text, 30)
    )
    raise InputError(Finding("number", message, place))


def scaled(value: float, measure: Unit, ladder: tuple[str, ...] | None = None) -> tuple[float, str]:
    """Return a value and the unit of its family in which 1 ≤ |value| < 1000; a unit without a family is kept.

    value     in the given unit
    ladder    the family, smallest first; None takes the one the unit belongs to (the `# scale:` lines of units.txt)
    """
    steps = ladder or family(measure)
    if not steps or value == 0:
        return value, measure.text
    base = abs(value) * measure.scale
    best = next((s for s in reversed(steps) if base / unit(s).scale >= 1 - 1e-12), steps[0])
    return value * (measure.scale / unit(best).scale), best


def to_pint(value: float, measure: Unit) -> pint.Quantity[float]:
    """Return a value as a pint quantity of this vocabulary, for scripts that go on calculating."""
    return vocabulary().registry.Quantity(value, vocabulary().registry.Unit(normalised(measure.text).replace("%", "percent")))


def family(measure: Unit) -> tuple[str, ...]:
    """Return the units among which a unit is printed: those it is listed with, whatever its spelling, else those of its dimension."""
    families = vocabulary().scales
    name = vocabulary().canonical(normalised(measure.text))
    listed = next((f for f in families if name in f), None)
    return listed or next((f for f in families if measure.same(unit(f[0]))), ())
