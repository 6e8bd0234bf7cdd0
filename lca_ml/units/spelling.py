"""What is wrong with a unit or a number as it was written, and what to write instead."""

from __future__ import annotations

import re

from lca_ml.errors import did_you_mean, shown
from lca_ml.words import _, later

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
    "GPUh": later("Did you mean GPU*h?"),
}


def unknown(name: str, known: tuple[str, ...]) -> str:
    """Return what was probably meant by a unit that is not in the vocabulary."""
    if name in _TRAPS:
        return _(_TRAPS[name])
    if name.startswith(("EUR", "USD")):
        return _("a currency is EUR or USD, without a year")
    return _("{name} is an unknown unit").format(name=shown(name, 30)) + (". " + hint if (hint := did_you_mean(name, known)) else "")


def unexpected(tokens: list[str], text: str) -> str:
    """Return what is wrong with the first of the tokens left over in the text of a unit."""
    odd = tokens[0]
    if odd in "€$£¥":
        return _("{sign} is a currency sign: write EUR or USD").format(sign=odd)
    if odd.isspace():
        return _("{text}: a blank stands in the unit; write an operator, as in kWh*h or kWh/h").format(text=shown(text, 30))
    if ord(odd[0]) > 127:
        import unicodedata  # only to name a foreign letter

        return _("U+{code:04X} ({name}) is no letter of a unit").format(code=ord(odd[0]), name=unicodedata.name(odd[0], "?").title())
    if odd == "-":
        return _("units are not joined with -: write an operator, as in GPU*h or kWh/GB")
    return _("unexpected {token} in the unit").format(token=shown(odd, 10))


def number_hint(text: str, otherwise: str = "") -> str:
    """Return what is wrong with a text where a number was expected, and the spelling to use; `otherwise` is said where nothing better is known."""
    cases = (
        (r"[-+]?\d+,\d+(?:\D|$)", _("{text}: a decimal comma; write 1.5, with a point (a comma separates nothing here)")),
        (r"[-+]?\d[\d.]*,", _("{text}: a comma is ambiguous; write 1.5, or 1_000 for a thousand")),
        (r"[-+]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)", _("{text}: a blank is no thousands separator; write 10_000")),
        (r"[-+]?\d+'\d", _("{text}: ' is no thousands separator; write 10_000")),
        (r"[-+]?\d+\.\.+\d", _("{text}: a range is written `5 to 10`, then the unit; this is no number")),
        (r"[-+]?\d+(\.\d*){2,}", _("{text} is not a number: it has more than one point")),
        (r"[<>≤≥~≈]", _("{text}: {c} is not part of a number; write the value, and an uncertainty if there is one")),
        (r"[^±]*±", _("{text}: write an uncertainty as a distribution: normal(5, 1) kg")),
        (r"[-+]?[\d.]+\(", _("{text}: write an uncertainty as a distribution: normal(5, 1) kg")),
        (r"[-+]?[\d_]+\.[\d_]*_", _("{text}: _ groups the digits before the point, not those after it")),
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
        return _("{text} is not a number: use the digits 0 to 9, not U+{code:04X}").format(text=cut, code=ord(text[0]))
    return (otherwise or _("{text} is not a number with a unit")).format(text=cut)
