"""The units of `units.txt`, and their algebra: a `Unit` is a scale and a dimension."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lca_ml.words import _, count

if TYPE_CHECKING:
    import pint
from lca_ml.units.spelling import unexpected, unknown

VOCABULARY = Path(__file__).parent.parent / "units.txt"

LONGEST_UNIT = 100

LARGEST_EXPONENT = 9

_EXPONENTS = tuple(str(n) for n in range(1, LARGEST_EXPONENT + 1))

Dimension = tuple[tuple[str, Fraction], ...]

_TOKEN = re.compile(r"\*\*|[A-Za-zµμ%][A-Za-z0-9_]*%?|[0-9]+|[*/^()·]|-|\s+|.", re.DOTALL)

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


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Return the unit a text names: `kWh/GB`, `GPU*h`, `kgCO2e/(GPU*h)`, `m3`, `%`; the empty text is a pure number.

    Raises ValueError with the reason; `read_unit` gives it a place.
    """
    if len(text) > LONGEST_UNIT:
        raise ValueError(_("the unit is too long: the limit is {limit} characters").format(limit=LONGEST_UNIT))
    if text in ("", "1"):
        return ONE
    tokens = list(_TOKEN.findall(normalised(text)))
    found, rest = _product(tokens, 0)
    if rest:
        raise ValueError(unexpected(rest, text))
    return Unit(found.scale, found.dimension, text)


def normalised(text: str) -> str:
    """Return the text of a unit with one spelling for what is written in several: kg CO2e is kgCO2e, µg is ug."""
    return _SPACED.sub(r"\1\2", text).replace("µ", "u").replace("μ", "u")


def pretty(text: str) -> str:
    """Return a unit as it is printed for people: CO₂e, GPU·h, m³."""
    out = text.replace("CO2e", "CO₂e").replace("**", "^").replace("*", "·").replace("percent", "%")
    out = re.sub(r"\bu(?=[gLW])", "µ", out)
    return re.sub(r"(?<=[a-z])([23])\b", lambda m: "²³"[int(m[1]) - 2], out)


def spoken(measure: Unit, n: float) -> str:
    """Return a unit as it is said with a number of it, in the language in force: `requests`, « requêtes »; any but a plain word as `pretty`."""
    plurals = vocabulary().plurals
    one = next((a for a, many in plurals.items() if measure.text in (a, many)), None)
    return pretty(measure.text) if one is None else count(one, plurals[one], 1 if n == 1 else 2)


def familiar(dimension: Dimension) -> str:
    """Return a unit people would name for a dimension: `kWh` for power × time, else the product of base units."""
    return vocabulary().familiar.get(dimension) or _spelled(dimension, _base_names() | {"energy": "kWh"})


class Vocabulary:
    """What units.txt holds: pint's registry, the names, and the families in which results are printed."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        parts = [[p.strip() for p in line.split("=")] for line in lines]
        self.names = tuple(n for p in parts for n in [p[0], *p[2:]] if n != "_")
        self.scales = tuple(tuple(line.removeprefix("# scale:").split()) for line in text.splitlines() if line.startswith("# scale:"))
        self._path = path
        self._compiled = _compiled(path.with_suffix(".json"), text)
        self._canonical = {n: p[0] for p in parts for n in [p[0], *p[2:]] if n != "_"}

    @cached_property
    def plurals(self) -> dict[str, str]:
        """The units that are words, each with its plural: request, requests. Both are messages of the catalogues."""
        return {n: f"{n}s" for n in self.names if len(n) > 2 and n.islower() and f"{n}s" in self.names}

    @cached_property
    def registry(self) -> pint.UnitRegistry[float]:
        """Pint's registry of this page and nothing else."""
        import pint  # 0.2 s of import, paid only by what reads units

        return pint.UnitRegistry(str(self._path), autoconvert_offset_to_baseunit=False, on_redefinition="raise")

    @cached_property
    def familiar(self) -> dict[Dimension, str]:
        """For a dimension, the unit people name."""
        return {unit(name).dimension: name for name in ("h", "W", "kWh", "kg", "m", "m2", "L", "GB", "kgCO2e", "kgSbe")} | {(): ""}

    def __contains__(self, name: str) -> bool:
        return name == "%" or name in self._canonical

    def canonical(self, name: str) -> str:
        """Return the spelling that is printed, for any spelling of one unit; another text comes back as it is."""
        return self._canonical.get(name, name)

    def named(self, name: str) -> Unit:
        """Return one unit by its name. Raises ValueError with what was probably meant."""
        if name == "%":
            name = "percent"
        if name not in self._canonical:
            raise ValueError(unknown(name, self.names))
        scale, powers = self._compiled.get(self._canonical[name]) or self.read(name)
        return Unit(scale, tuple((d, Fraction(e)) for d, e in powers), name)

    def read(self, name: str) -> tuple[float, list[list[str]]]:
        """Return scale and powers of a unit as pint reads them from the page."""
        root = self.registry.UnitsContainer({self._canonical[name]: 1})
        scale, base = self.registry.get_root_units(root)
        return float(str(scale)), sorted([d.strip("[]"), str(e)] for d, e in self.registry.get_dimensionality(base).items())

    def compiled(self) -> str:
        """Return what `units.json` must hold: the page's SHA-256, and each unit as pint reads it. Written by `python -m lca_ml.units`."""
        units = {name: self.read(name) for name in dict.fromkeys(self._canonical.values())}
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in units.items())
        return f'{{"sha256": "{_digest(self._path.read_text(encoding="utf-8"))}",\n "units": {{\n{lines}\n}}}}\n'


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _compiled(path: Path, page: str) -> dict[str, tuple[float, list[list[str]]]]:
    """Return the units pint has read before, if from this very page: pint's import is a third of what a whole run may take."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found["units"] if found["sha256"] == _digest(page) else {}


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the package, read once."""
    return Vocabulary(VOCABULARY)


def _derived(dimension: Dimension) -> Unit:
    """Return the unit a result of this dimension is shown in."""
    name = familiar(dimension)
    try:
        return Unit(unit(name).scale, dimension, name)
    except ValueError:  # a broken or a large exponent, which no unit is written with: base units, whose scale is 1 to any power
        return Unit(1.0, dimension, _spelled(dimension, _base_names()))


def _joined(left: Dimension, right: Dimension, sign: int) -> Dimension:
    powers = dict(left)
    for d, e in right:
        powers[d] = powers.get(d, Fraction(0)) + sign * e
    return tuple(sorted((d, e) for d, e in powers.items() if e))


@cache
def _base_names() -> dict[str, str]:
    units = [(n, unit(n)) for n in reversed(vocabulary().names)]  # the first spelling of a unit is the one that stays
    return {u.dimension[0][0]: n for n, u in units if u.scale == 1.0 and len(u.dimension) == 1 and u.dimension[0][1] == 1}


def _spelled(dimension: Dimension, names: dict[str, str]) -> str:
    """Return a product of unit names for a dimension nobody has named, power × time as the energy of `names` where it has one."""
    powers = dict(dimension)
    power, time = powers.get("power", Fraction(0)), powers.get("time", Fraction(0))
    if "energy" in names and power * time > 0:
        both = min(power, time, key=abs)
        powers |= {"power": power - both, "time": time - both, "energy": both}
    parts = sorted((names.get(d, d), e) for d, e in powers.items() if e)
    above = "*".join(_power(n, e) for n, e in parts if e > 0)
    below = [_power(n, -e) for n, e in parts if e < 0]
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
            total = _checked(total.scale / right.scale, _joined(total.dimension, right.dimension, -1))
        else:
            total = _checked(total.scale * right.scale, _joined(total.dimension, right.dimension, 1))
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
        raise ValueError(unexpected(tokens, "".join(tokens)))
    if rest and rest[0] in ("**", "^"):
        sign, rest = (-1, rest[2:]) if rest[1:2] == ["-"] else (1, rest[1:])
        if not rest or rest[0] not in _EXPONENTS:
            raise ValueError(_("an exponent must be a whole number from 1 to {limit}").format(limit=LARGEST_EXPONENT))
        exponent = sign * int(rest[0])
        found = _checked(_to_the(found.scale, exponent), tuple((d, e * exponent) for d, e in found.dimension))
        rest = rest[1:]
    return found, rest


def _checked(scale: float, dimension: Dimension) -> Unit:
    """Return a unit made of others. Raises ValueError where its scale is no finite number above zero."""
    if not 0 < scale < math.inf:
        raise ValueError(_("one of it in base units is too large or too small: out of the range of finite numbers"))
    return Unit(scale, dimension, "")


def _to_the(scale: float, exponent: int) -> float:
    try:
        return scale**exponent
    except OverflowError:  # Python raises for a power where it gives inf for a product
        return math.inf
