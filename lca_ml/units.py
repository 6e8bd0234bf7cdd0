"""Quantities with units. The vocabulary is the page `units.txt`, read by pint; nothing else is known.

pint is given the name of one unit at a time, never a value and never a text of a user: numbers, operators and exponents are
read here, strictly. Inside the program a number is a plain float in base units, and a `Unit` is a scale and a dimension.

    unit("kWh/GB")               -> Unit
    quantity(Text("0.4 Wh"))     -> Quantity
    scaled(1234.0, unit("Wh"))   -> (1.234, "kWh")
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place, did_you_mean, shown
from lca_ml.words import _, later

if TYPE_CHECKING:
    import pint

VOCABULARY = Path(__file__).parent / "units.txt"
LONGEST_UNIT = 100
LARGEST_EXPONENT = 9

Dimension = tuple[tuple[str, Fraction], ...]

NUMBER = r"[-+]?[0-9]+(?:_[0-9]+)*(?:\.[0-9]+(?:_[0-9]+)*)?(?:[eE][-+]?[0-9]+)?"
_NUMBER = re.compile(NUMBER)
_QUANTITY = re.compile(rf"(?P<number>{NUMBER})(?P<gap> *)(?P<unit>\S.*)?\Z", re.DOTALL)
_TOKEN = re.compile(r"\*\*|[A-Za-zµμ%][A-Za-z0-9_]*%?|\d+|[*/^()·]|-|\s+|.", re.DOTALL)
_SPACED = re.compile(r"(k?g|t|kt|Mt|mg|lb)(?: )(CO2eq?|CO2-?eq?|Sbe|Sbeq)(?![A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: `scale` base units of a `dimension`; `text` is how it was written."""

    scale: float
    dimension: Dimension
    text: str

    def __mul__(self, other: Unit) -> Unit:
        return _derived(_joined(self.dimension, other.dimension, 1))

    def __truediv__(self, other: Unit) -> Unit:
        return _derived(_joined(self.dimension, other.dimension, -1))

    def __pow__(self, exponent: Fraction) -> Unit:
        return _derived(tuple((d, e * exponent) for d, e in self.dimension if exponent))

    @property
    def pure(self) -> bool:
        """Whether the unit measures nothing but a ratio."""
        return not self.dimension

    @property
    def counts(self) -> bool:
        """Whether the unit counts things, one at a time: GPU, server, request, or nothing at all."""
        return all(d.startswith("counted_") and e == 1 for d, e in self.dimension) and len(self.dimension) <= 1

    def same(self, other: Unit) -> bool:
        """Whether both measure the same thing."""
        return self.dimension == other.dimension

    def __str__(self) -> str:
        return pretty(self.text) or _("pure number")


ONE = Unit(1.0, (), "")


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


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Return the unit a text names: `kWh/GB`, `GPU*h`, `kgCO2e/(GPU*h)`, `m3`, `%`; the empty text is a pure number.

    Raises ValueError with the reason; `read_unit` gives it a place.
    """
    if len(text) > LONGEST_UNIT:
        raise ValueError(_("the unit is too long: the limit is {limit} characters").format(limit=LONGEST_UNIT))
    if text in ("", "1"):
        return ONE
    tokens = [t for t in _TOKEN.findall(_SPACED.sub(r"\1\2", text).replace("µ", "u").replace("μ", "u"))]
    found, rest = _product(tokens, 0)
    if rest:
        raise ValueError(_unexpected(rest, text))
    return Unit(found.scale, found.dimension, text)


def read_unit(text: str, place: Place | None) -> Unit:
    """Return the unit a text names, or raise InputError at the place."""
    try:
        return unit(text)
    except ValueError as wrong:
        hint = _("If {name} is a name, write an operator before it, as in 2 * {name}.").format(name=text) if re.fullmatch(r"[a-z]\w*", text) and len(text) < 40 else ""
        raise InputError(Finding("unit", _("{text} is not a unit: {reason}").format(text=shown(text, 30), reason=wrong), place, hint)) from None


def number(text: str) -> float:
    """Return the number a text holds, strictly: `-?digits[_digits][.digits][e±digits]`. Raises ValueError with the reason."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(_number_hint(text))
    digits = re.split(r"[.eE]", text.lstrip("+-"))[0]
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
    if not found or found["unit"] and re.match(r"[\d.,'_(±;:]|[eE][-+]?\d", found["unit"]):
        raise InputError(Finding("number", _number_hint(written), text.at(start, len(written))))
    try:
        value = number(found["number"])
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), text.at(start, len(found["number"])))) from None
    unit_text = found["unit"] or ""
    measure = read_unit(unit_text, text.at(start + (found.start("unit") if unit_text else 0), len(unit_text)))
    return Quantity(value, measure, text.place)


def scaled(value: float, measure: Unit, ladder: tuple[str, ...] | None = None) -> tuple[float, str]:
    """Return a value and the unit of its family in which 1 ≤ |value| < 1000; a unit without a family is kept.

    value     in the given unit
    ladder    the family, smallest first; None takes the one the unit belongs to (the `# scale:` lines of units.txt)
    """
    steps = ladder or next((s for s in vocabulary().scales if measure.text in s), ())
    if not steps or value == 0:
        return value, measure.text
    base = abs(value) * measure.scale
    best = next((s for s in reversed(steps) if base / unit(s).scale >= 1 - 1e-12), steps[0])
    return value * (measure.scale / unit(best).scale), best


def pretty(text: str) -> str:
    """Return a unit as it is printed for people: CO₂e, GPU·h, m³."""
    out = text.replace("CO2e", "CO₂e").replace("**", "^").replace("*", "·").replace("percent", "%")
    out = re.sub(r"\bu(?=[gLW])", "µ", out)
    return re.sub(r"(?<=[a-z])([23])\b", lambda m: "²³"[int(m[1]) - 2], out)


def familiar(dimension: Dimension) -> str:
    """Return a unit people would name for a dimension: `kWh` for power × time, else the product of base units."""
    return vocabulary().familiar.get(dimension) or _spelled(dimension)


def to_pint(value: float, measure: Unit) -> pint.Quantity[float]:
    """Return a value as a pint quantity of this vocabulary, for scripts that go on calculating."""
    return vocabulary().registry.Quantity(value, vocabulary().registry.Unit(measure.text.replace("%", "percent")))


class Vocabulary:
    """What units.txt holds: pint's registry, the names, and the families in which results are printed."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        parts = [[p.strip() for p in line.split("=")] for line in lines]
        self.names = tuple(n for p in parts for n in [p[0], *p[2:]] if n != "_")
        self.scales = tuple(tuple(line.removeprefix("# scale:").split()) for line in text.splitlines() if line.startswith("# scale:"))
        self._path = path
        self._canonical = {n: p[0] for p in parts for n in [p[0], *p[2:]]}

    @cached_property
    def registry(self) -> pint.UnitRegistry[float]:
        """pint's registry of this page and nothing else."""
        import pint  # 0.2 s of import, paid only by what reads units

        return pint.UnitRegistry(str(self._path), autoconvert_offset_to_baseunit=False, on_redefinition="raise")

    @cached_property
    def familiar(self) -> dict[Dimension, str]:
        """For a dimension, the unit people name."""
        return {unit(name).dimension: name for name in ("h", "W", "kWh", "kg", "m", "m2", "L", "GB", "kgCO2e", "kgSbe")} | {(): ""}

    def named(self, name: str) -> Unit:
        """Return one unit by its name. Raises ValueError with what was probably meant."""
        if name == "%":
            name = "percent"
        if name not in self._canonical:
            raise ValueError(_unknown(name, self.names))
        root = self.registry.UnitsContainer({self._canonical[name]: 1})
        scale, base = self.registry.get_root_units(root)
        dimension = self.registry.get_dimensionality(base)
        return Unit(float(scale), tuple(sorted((d.strip("[]"), Fraction(e)) for d, e in dimension.items())), name)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the package, read once."""
    return Vocabulary(VOCABULARY)


def _derived(dimension: Dimension) -> Unit:
    name = familiar(dimension)
    known = dimension in vocabulary().familiar and name
    return Unit(unit(name).scale if known else 1.0, dimension, name)


def _joined(left: Dimension, right: Dimension, sign: int) -> Dimension:
    powers = dict(left)
    for d, e in right:
        powers[d] = powers.get(d, Fraction(0)) + sign * e
    return tuple(sorted((d, e) for d, e in powers.items() if e))


@cache
def _base_names() -> dict[str, str]:
    units = [(n, unit(n)) for n in reversed(vocabulary().names)]  # the first spelling of a unit is the one that stays
    return {u.dimension[0][0]: n for n, u in units if u.scale == 1.0 and len(u.dimension) == 1 and u.dimension[0][1] == 1}


def _spelled(dimension: Dimension) -> str:
    names = _base_names()
    above = "*".join(_power(names.get(d, d), e) for d, e in dimension if e > 0)
    below = [_power(names.get(d, d), -e) for d, e in dimension if e < 0]
    under = "*".join(below) if len(below) == 1 else f"({'*'.join(below)})" if below else ""
    return f"{above or '1'}/{under}" if under else above


def _power(name: str, exponent: Fraction) -> str:
    return name if exponent == 1 else f"{name}**{exponent}" if exponent.denominator == 1 else f"{name}**({exponent})"


def _product(tokens: list[str], depth: int) -> tuple[Unit, list[str]]:
    if depth > 8:
        raise ValueError(_("brackets are nested too deep"))
    total, rest = _factor(tokens, depth)
    while rest and rest[0] in ("*", "/", "·"):
        operator, (right, rest) = rest[0], _factor(rest[1:], depth)
        if operator == "/":
            total = Unit(total.scale / right.scale, _joined(total.dimension, right.dimension, -1), "")
        else:
            total = Unit(total.scale * right.scale, _joined(total.dimension, right.dimension, 1), "")
    return total, rest


def _factor(tokens: list[str], depth: int) -> tuple[Unit, list[str]]:
    if not tokens:
        raise ValueError(_("a unit is missing at the end"))
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        inner, rest = _product(rest, depth + 1)
        if not rest or rest[0] != ")":
            raise ValueError(_("a closing bracket is missing"))
        found, rest = inner, rest[1:]
    elif head == "1" and rest[:1] == ["/"]:
        found = ONE
    elif re.match(r"[A-Za-z%]", head):
        found = vocabulary().named(head)
    else:
        raise ValueError(_unexpected(tokens, "".join(tokens)))
    if rest and rest[0] in ("**", "^"):
        sign, rest = (-1, rest[2:]) if rest[1:2] == ["-"] else (1, rest[1:])
        if not rest or not rest[0].isdigit() or not 1 <= len(rest[0]) <= 2 or not 0 < int(rest[0]) <= LARGEST_EXPONENT:
            raise ValueError(_("an exponent must be a whole number from 1 to {limit}").format(limit=LARGEST_EXPONENT))
        exponent = sign * int(rest[0])
        found = Unit(found.scale**exponent, tuple((d, e * exponent) for d, e in found.dimension), "")
        rest = rest[1:]
    return found, rest


# Spellings that are units elsewhere, or nearly, and what to write instead.
_TRAPS = {
    "kt": later("kt is a knot (speed) to some and a kilotonne to others: write 1000 t, or ktCO2e"),
    "ton": later("ton is ambiguous (a short ton is 907 kg): write t for a tonne of 1000 kg"),
    "tons": later("ton is ambiguous (a short ton is 907 kg): write t for a tonne of 1000 kg"),
    "Gb": later("Gb is ambiguous: write GB (gigabyte) or Gbit (gigabit)"),
    "Mb": later("Mb is ambiguous: write MB (megabyte) or Mbit (megabit)"),
    "KB": later("Did you mean kB (1000 B) or KiB (1024 B)?"),
    "MT": later("MT is a megatesla: write Mt (million tonnes) or MtCO2e"),
    "C": later("C is a coulomb or a temperature; neither is used here"),
    "F": later("F is a farad or a temperature; neither is used here"),
    "degC": later("degC is a temperature with an offset; temperatures are not used here"),
    "a": later("one-letter years are not used: write year"),
    "y": later("one-letter years are not used: write year"),
    "yr": later("Did you mean year?"),
    "kgCO2": later("CO2 is one substance: write kgCO2e for all greenhouse gases"),
    "gCO2": later("CO2 is one substance: write gCO2e for all greenhouse gases"),
    "tCO2": later("CO2 is one substance: write tCO2e for all greenhouse gases"),
    "kgC": later("kgC is carbon, not CO2: multiply by 44/12 and write kgCO2e"),
    "kWp": later("kWp is a peak power: write kW"),
    "kVA": later("kVA is apparent power: write kW"),
    "rpm": later("rpm is an angular speed; it is not used here"),
    "gallon": later("a US gallon is 3.785 L, an imperial gallon 4.546 L: write L"),
    "lb": later("write kg (1 lb = 0.45359237 kg), or lbCO2e"),
    "BTU": later("write kWh or MJ (1 BTU = 1055 J)"),
    "FLOPS": later("FLOPS is a rate: write FLOP/s"),
    "TFLOPS": later("TFLOPS is a rate: write TFLOP/s"),
    "PFLOPS": later("PFLOPS is a rate: write PFLOP/s"),
    "PUE": later("PUE is a pure number: write no unit"),
    "EURO": later("Did you mean EUR?"),
}


def _unknown(name: str, known: tuple[str, ...]) -> str:
    if name in _TRAPS:
        return _(_TRAPS[name])
    if name.startswith(("EUR", "USD")):
        return _("a currency is EUR or USD, without a year")
    return _("{name} is an unknown unit").format(name=shown(name, 30)) + (". " + hint if (hint := did_you_mean(name, known)) else "")


def _unexpected(tokens: list[str], text: str) -> str:
    odd = tokens[0]
    if odd in "€$£¥":
        return _("{sign} is a currency sign: write EUR or USD").format(sign=odd)
    if odd.isspace():
        return _("{text}: a blank stands in the unit; write an operator, as in kWh*h or kWh/h").format(text=shown(text, 30))
    if ord(odd[0]) > 127:
        import unicodedata  # only to name a foreign letter

        return _("U+{code:04X} ({name}) is no letter of a unit").format(code=ord(odd[0]), name=unicodedata.name(odd[0], "?").title())
    return _("unexpected {token} in the unit").format(token=shown(odd, 10))


def _number_hint(text: str) -> str:
    """Return what is wrong with a text where a number was expected, and the spelling to use."""
    cases = (
        (r"[-+]?\d+,\d+(?:\D|$)", _("{text}: a decimal comma; write 1.5, with a point (a comma separates nothing here)")),
        (r"[-+]?\d[\d.]*,", _("{text}: a comma is ambiguous; write 1.5, or 1_000 for a thousand")),
        (r"[-+]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)", _("{text}: a blank is no thousands separator; write 10_000")),
        (r"[-+]?\d+'\d", _("{text}: ' is no thousands separator; write 10_000")),
        (r"[-+]?\d+\.\.+\d", _("{text}: a range is written `5 to 10`, then the unit; this is no number")),
        (r"[-+]?\d+(\.\d*){2,}", _("{text} is not a number: it has more than one point")),
        (r"[<>≤≥~≈]", _("{text}: {c} is not part of a number; write the value, and an uncertainty if there is one")),
        (r"[^ ]*±", _("{text}: write an uncertainty as a distribution: normal(5, 1) kg")),
        (r"[-+]?[\d.]+\(", _("{text}: write an uncertainty as a distribution: normal(5, 1) kg")),
        (r"[-+]?\d+[;:]", _("{text} is not a number")),
        (r"0[xXbBoO]", _("{text} is not a decimal number")),
        (r"[-+]?\.?(inf|nan)\b", _("{text} is not a finite number")),
        (r"[€$£¥]", _("{text}: write a currency as a unit after the number: 5 EUR")),
        (r"[-+]?\.\d", _("{text}: write a zero before the point: 0.5")),
        (r"[\u2212\u2013\u2014]", _("{text}: a minus sign is the hyphen -, not U+{code:04X}; this is no number")),
        (r"[-+]?\d+\.(?!\d)", _("{text}: digits are missing after the point of the number")),
        (r"[-+]?\d+.*\*\*|[-+]?\d+\^", _("{text} is not a number; an exponent is written 1e6")),
    )
    cut = shown(text, 30)
    for pattern, message in cases:
        if re.match(pattern, text, re.IGNORECASE):
            return message.format(text=cut, c=text[0], code=ord(text[0]))
    if text[:1].isdigit() and not text[:1].isascii():
        return _("{text} is not a number: use the digits 0 to 9").format(text=cut)
    return _("{text} is not a number with a unit").format(text=cut)
