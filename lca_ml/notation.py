"""Numbers as people read them: significant digits, prefixes, decimal commas in French.

Two significant digits on an interval, the point cut at the same decimal, a unit such that 1 ≤ x < 1000; a value nothing makes
uncertain is shown with four digits.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lca_ml.units import Unit, pretty, scaled, unit

DIGITS_OF_INTERVAL = 2
DIGITS_WITHOUT = 4
LARGEST_PLAIN = 1e15  # from here on digits are more than a number holds: powers of ten
MOST_DECIMALS = 12
MINUS = "\u2212"
NARROW_BLANK = "\u202f"
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Figure:
    """A value ready to be shown: point, ends of its interval (empty where nothing is uncertain), unit."""

    point: str
    low: str
    high: str
    unit: str

    @property
    def interval(self) -> str:
        """The interval as `52 – 110`, empty where there is none."""
        return f"{self.low} – {self.high}" if self.low else ""


def figure(point: float, low: float, high: float, measure: Unit, language: str = "en", name: str | None = None) -> Figure:
    """Return a value and its 90 % interval as they are shown.

    point, low, high   in the given unit
    name               the unit to show it in; None chooses one of its family so that 1 ≤ x < 1000
    """
    shown_in = name or scaled(point or high, measure)[1]
    ratio = measure.scale / unit(shown_in).scale
    point, low, high = point * ratio, low * ratio, high * ratio
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        return Figure(number(point, DIGITS_WITHOUT, language), "", "", pretty(shown_in))
    decimals = _decimals(low if low > 0 else high - low, DIGITS_OF_INTERVAL)
    return Figure(_point(point, decimals, language), number(low, DIGITS_OF_INTERVAL, language), number(high, DIGITS_OF_INTERVAL, language), pretty(shown_in))


def number(value: float, digits: int, language: str = "en") -> str:
    """Return a number with so many significant digits: `1,234`, in French `1 234` with a narrow no-break space."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    if not 1e-6 <= abs(value) < LARGEST_PLAIN:
        return _localised(f"{value:.{digits - 1}e}", language)
    return _fixed(value, _decimals(value, digits), language)


def trimmed(value: float, digits: int, language: str = "en") -> str:
    """Return a number with at most so many significant digits, without zeros at the end of its decimals."""
    point = "," if language == "fr" else "."
    text = number(value, digits, language)
    return text.rstrip("0").rstrip(point) if point in text and "e" not in text else text


def plain(value: float, language: str = "en") -> str:
    """Return a number with all the digits that matter, up to twelve."""
    if value != 0 and not 1e-6 <= abs(value) < LARGEST_PLAIN:
        return _localised(f"{value:.12g}", language)
    decimals = 12 - _magnitude(value) - 1
    text = f"{round(value, decimals):,.{max(0, decimals)}f}" if value else "0"
    return _localised(text.rstrip("0").rstrip(".") if "." in text else text, language)


def percent(share: float, language: str = "en") -> str:
    """Return a share as a percentage, `41 %`, `0.4 %`, `< 0.1 %`, and `−0.4 %` or `> −0.1 %` where it is taken away."""
    value = 100 * share or 0.0  # a share of -0.0 is no share
    if 0 < abs(value) < 0.1:
        return in_percent(_localised("< 0.1" if value > 0 else "> -0.1", language), language)
    if abs(value) >= LARGEST_PLAIN:
        return in_percent(number(value, DIGITS_OF_INTERVAL, language), language)
    return in_percent(_localised(f"{value:.1f}" if 0 < round(abs(value), 1) < 1 else f"{value:.0f}", language), language)


def in_percent(text: str, language: str = "en") -> str:
    """Return a number that is written already with its per cent sign, in French behind a no-break space."""
    return text + (NO_BREAK if language == "fr" else " ") + "%"


def signed(value: float, decimals: int, language: str = "en") -> str:
    """Return a number with its sign, `+2.5` or `−2.5`."""
    return _localised(f"{value:+,.{decimals}f}" if abs(value) < LARGEST_PLAIN else f"{value:+.1e}", language)


def quoted(text: str, language: str = "en") -> str:
    """Return a quantity with its digits as they were written, `24.69 tCO2e`, for people: `24.69 tCO₂e`, in French `24,69 tCO₂e`."""
    found = re.match(r"-?[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", text)
    digits = found[0] if found else ""
    return _localised(digits.replace("_", ","), language) + pretty(text[len(digits) :])


def bar(share: float, width: int = 20) -> str:
    """Return a bar of block characters as long as a share of the width, to an eighth of a character."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    full, part = divmod(eighths, 8)
    return "█" * full + ("" if part == 0 else " ▏▎▍▌▋▊▉"[part])


def _magnitude(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def _decimals(value: float, digits: int) -> int:
    rounded = float(f"{value:.{digits - 1}e}")
    return digits - 1 - _magnitude(rounded)


def _point(value: float, decimals: int, language: str) -> str:
    """Return the point of an interval cut at so many decimals; where those are more than a number holds, with the digits that would be seen, at most four."""
    if decimals <= MOST_DECIMALS and abs(value) < LARGEST_PLAIN:
        return _fixed(value, decimals, language)
    return number(value, min(max(_magnitude(value) + decimals + 1, 1), DIGITS_WITHOUT), language)


def _fixed(value: float, decimals: int, language: str) -> str:
    return _localised(f"{round(value, decimals):,.{max(decimals, 0)}f}", language)


def _localised(text: str, language: str) -> str:
    if language == "fr":
        text = text.replace(",", NARROW_BLANK).replace(".", ",")
    return text.replace("-", MINUS)
