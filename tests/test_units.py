"""Quantities are read strictly, and every unit is what the page of units says."""

from __future__ import annotations

import itertools
import json
import math
import re
import runpy
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place
from lca_ml.units import ONE, VOCABULARY, Quantity, Unit, familiar, number, pretty, quantity, read_unit, scaled, to_pint, unit, vocabulary
from lca_ml.units.vocabulary import Vocabulary

NAMES = vocabulary().names
COUNTED = [
    "token",
    "request",
    "image",
    "sample",
    "param",
    "model",
    "run",
    "page",
    "epoch",
    "point",
    "GPU",
    "CPU",
    "core",
    "server",
    "device",
    "drive",
    "person",
    "user",
]
INDICATORS = ["kgCO2e", "kgSbe"]
KINDS = [*COUNTED, *INDICATORS, "EUR", "USD", "h", "W", "kWh", "kg", "m", "m2", "m3", "byte", "FLOP", "%"]


def written(text: str) -> Text:
    return Text(text, Place("s.yaml", 3, 5, len(text), "    " + text))


def read(text: str) -> Quantity:
    return quantity(written(text))


def refused(text: str) -> Finding:
    with pytest.raises(InputError) as stopped:
        read(text)
    (finding,) = stopped.value.findings
    return finding


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("-5 kg", -5.0),
        ("0.4 Wh", 0.4),
        ("5 kWh", 5_000.0),
        ("1 J", 1 / 3600),
        ("3.6 MJ", 1_000.0),
        ("1_000 kWh", 1e6),
        ("1e6 request", 1e6),
        ("1.5e3 g", 1.5),
        ("1E-3 kg", 1e-3),
        ("12 %", 0.12),
        ("12 percent", 0.12),
        ("500 %", 5.0),
        ("2 day", 48.0),
        ("90 min", 1.5),
        ("1 week", 168.0),
        ("5 GB", 5e9),
        ("8 bit", 1.0),
        ("1 GiB", 1024.0**3),
        ("1 Gbit", 1.25e8),
        ("2 TFLOP/s", 2e12 * 3600),
        ("5 gCO2e", 0.005),
        ("5 kgCO2eq", 5.0),
        ("5 kg CO2e", 5.0),
        ("5 t CO2eq", 5_000.0),
        ("1 lbCO2e", 0.45359237),
        ("1 ktCO2e", 1e6),
        ("5 mgSbe", 5e-6),
        ("56 gCO2e/kWh", 56e-6),
        ("3 kgCO2e/(GPU*h)", 3.0),
        ("3 kgCO2e/GPU/h", 3.0),
        ("5 kg/kWh*h", 5e-3),
        ("400 W/GPU", 400.0),
        ("16 GPU", 16.0),
        ("2 1/h", 2.0),
        ("5 tkm", 5e6),
        ("5 m2", 5.0),
        ("5 m**2", 5.0),
        ("5 m^2", 5.0),
        ("5 cm2", 5e-4),
        ("1 L", 1e-3),
        ("5 Mg", 5_000.0),
        ("5 μg", 5e-9),
        ("5 µg", 5e-9),
        ("5 EUR/kWh", 5e-3),
        ("2 GPU·h", 2.0),
        (" 5 kg ", 5.0),
        ("5kg", 5.0),
        ("1_000.25 kg", 1000.25),
        ("1 YFLOP**9", 1e216),
    ],
)
def test_a_quantity_is_read_with_its_exact_value(text: str, base: float):
    """The value in base units (h, W, kg, m, byte, one of what is counted) is the one worked out by hand."""
    assert read(text).base == pytest.approx(base, rel=1e-15)
    assert read(text).place == written(text).place


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1,5 kg", "decimal comma"),
        ("1.234,5 kg", "comma"),
        ("1,000 kg", "comma"),
        ("1 000 kWh", "no thousands separator"),
        ("10 000 kg", "10_000"),
        ("10\u202f000 kg", "10_000"),
        ("5'000 kg", "no thousands separator"),
        ("5.000.000 kg", "more than one point"),
        ("1.2.3 kg", "1.2.3"),
        ("5..10 kg", "5 to 10"),
        ("<5 kg", "<"),
        ("~5 kg", "~"),
        ("≈5 kg", "≈"),
        ("5 ± 1 kg", "normal(5, 1) kg"),
        ("5±1 kg", "normal(5, 1) kg"),
        ("5 kg ± 1 kg", "normal(5, 1) kg"),
        ("5(1) kg", "normal(5, 1) kg"),
        ("5+/-1 kg", "+"),
        ("5 kg?", "?"),
        ("5 kg!", "!"),
        ("5 kg 3", "kg 3"),
        ("1 1/2 kg", "unit"),
        ("5 kg = 3", "="),
        ("5 kg % 3", "%"),
        ("1;2 kg", "1;2"),
        ("12:30", "not a number"),
        ("[1,2] kg", "[1,2]"),
        ("kg[0]", "number"),
        ("kg", "number"),
        ("010 kg", "begins with a zero"),
        ("00 kg", "begins with a zero"),
        ("0x10 kg", "decimal number"),
        ("0b1 kg", "decimal number"),
        ("+5 kg", "write 5"),
        ("1_0.5_5 kg", "before the point"),
        ("1.5_5", "before the point"),
        ("1 m**٣", "1 to 9"),
        ("1 m**03", "1 to 9"),
        ("1e300 YFLOP", "finite"),
        ("1e-200 ug**9*ug**9", "finite"),
        ("1 YFLOP**9*YFLOP**9", "finite"),
        ("1 FLOP*(YFLOP**9)**9", "finite"),
        ("1 FLOP/((ms**9*ms**9)**9)**9", "finite"),
        ("1 1/(ms**9*ms**9)**9", "finite"),
        ("５ kg", "digits 0 to 9"),
        ("٥ kg", "digits 0 to 9"),
        ("inf kg", "finite"),
        ("-inf", "finite"),
        (".nan", "finite"),
        ("1e999 kg", "finite"),
        ("-1e999", "too large"),
        ("1e-999 kg", "underflows"),
        (".5 kg", "0.5"),
        ("5. kg", "after the point"),
        ("\u22125 kg", "U+2212"),
        ("5 e3 kg", "number"),
        ("1e 3 kg", "unit"),
        ("5\tkg", "U+0009"),
        ("5\u00a0kg", "number"),
        ("1__000 kg", "number"),
        ("1_ kg", "number"),
        ("--5 kg", "number"),
        ("", "empty"),
        (" ", "empty"),
        ("__import__('os')", "number"),
        ("9**9**9 kg", "**"),
        ("6^800000 kg", "^"),
        ("9" * 400 + " kg", "too long"),
        ("0." + "1" * 100 + " kg", "too long"),
        ("1 kg**1000000", "exponent"),
        ("1 kg**0", "exponent"),
        ("1 kg**10", "1 to 9"),
        ("1 kg**1.5", "unexpected"),
        ("1 kg**", "exponent"),
        ("1 " + "*".join(["kg"] * 5000), "too long"),
        ("1 h*" + "(" * 40 + "kg" + ")" * 40, "nested too deep"),
        ("1 " + "k" * 10_000, "too long"),
        ("5 kg/", "missing at the end"),
        ("5 kWh/(GB", "bracket"),
        ("5 kg)", ")"),
        ("5 kg*2", "2"),
        ("5 kwh", "kWh"),
        ("5 KWh", "kWh"),
        ("5 Gb", "Gbit"),
        ("5 Mb", "MB"),
        ("5 KB", "KiB"),
        ("5 MT", "Mt"),
        ("5 kt", "knot"),
        ("5 ton", "907"),
        ("5 tons", "907"),
        ("5 gallon", "3.785"),
        ("5 a", "year"),
        ("5 y", "year"),
        ("5 yr", "year"),
        ("5 pa", "unknown"),
        ("5 da", "unknown"),
        ("5 ah", "unknown"),
        ("5 rpm", "angular"),
        ("5 C", "temperature"),
        ("5 F", "temperature"),
        ("5 degC", "temperature"),
        ("5 €", "EUR"),
        ("€5", "EUR"),
        ("5 $", "USD"),
        ("5 k€", "€"),
        ("5 USD2020/kWh", "without a year"),
        ("5 tCO2", "tCO2e"),
        ("5 kgC", "44/12"),
        ("5 kWp", "kW"),
        ("5 FLOPS", "FLOP/s"),
        ("5 TFLOPS", "TFLOP/s"),
        ("5 lm", "unknown"),
        ("5 Bq", "unknown"),
        ("5 кг", "U+043A"),
        ("5 \u212b", "U+212B"),
        ("5 m²", "U+00B2"),
        ("5 kWh h", "operator"),
        ("5 nonsense", "unknown"),
        ("5 BTU", "kWh"),
        ("5 PUE", "pure number"),
    ],
    ids=lambda text: re.sub(r"[^ -\[\]-~]", "?", text[:30]),
)
def test_what_is_not_a_quantity_is_refused_with_the_reason(text: str, word: str):
    """Nothing is guessed: each spelling that pint or Python would misread is refused and the message holds the word that helps."""
    finding = refused(text)

    assert word in finding.message
    assert finding.code in ("number", "unit", "value-empty")
    assert finding.place.line == 3
    assert len(str(finding)) < 800


@pytest.mark.parametrize(
    ("text", "column", "width"),
    [("5 kwh", 7, 3), ("5  kwh", 8, 3), ("010 kg", 5, 3), ("1,5 kg", 5, 6), ("  5 kwh", 9, 3), ("1e999 kg", 5, 5), ("5 kgCO2e/kwh", 7, 10)],
)
def test_the_guilty_part_of_a_quantity_is_the_place_cited(text: str, column: int, width: int):
    """A wrong unit is cited from its first letter, a wrong number over its digits; the text begins at column 5."""
    place = refused(text).place

    assert (place.column, place.width) == (column, width)


@pytest.mark.parametrize(
    "text",
    ["9**9**9 kg", "1 kg" + "**9" * 33, "9" * 100_000 + " kg", "1 " + "(" * 50_000, "1" + "_1" * 50_000 + " kg", "1 " + "kg " * 50_000, " " * 100_000 + "x"],
)
def test_a_hostile_quantity_is_refused_at_once(text: str):
    """With pint 9**9**9 hangs for ever; here each takes less than a second, on a busy machine too."""
    began = time.perf_counter()
    refused(text)

    assert time.perf_counter() - began < 1


@given(st.text("0123456789.,_eE+-kgWh/*()^ %<±~Ωµ\t'\"", max_size=20))
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_finite_quantity_or_refused(text: str):
    """Whatever is typed, the answer is a finite number with a unit, or an InputError with a place."""
    try:
        found = read(text)
    except InputError as stopped:
        assert stopped.findings[0].place is not None
    else:
        assert math.isfinite(found.base)
        assert unit(found.unit.text) == found.unit


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None, max_examples=300)
def test_a_number_written_by_python_is_read_back(value: float):
    """The repr of a float is a number of this language and comes back to the last bit."""
    assert number(repr(value)) == value


def test_every_name_of_the_vocabulary_loads():
    """125 names or more, each once, each with a finite scale above zero, and only per cent without a dimension."""
    assert len(NAMES) >= 125
    assert len(set(NAMES)) == len(NAMES)
    assert all(math.isfinite(unit(name).scale) and unit(name).scale > 0 for name in NAMES)
    assert [name for name in NAMES if unit(name).pure] == ["percent"]
    assert all(unit(name).text == name for name in NAMES)


def test_pint_converts_as_this_program_does():
    """For every pair of names of one dimension, pint's conversion is the ratio of the two scales."""
    registry = vocabulary().registry
    pairs = [(a, b) for a, b in itertools.permutations(NAMES, 2) if unit(a).same(unit(b))]

    assert len(pairs) > 1_000
    for a, b in pairs:
        assert registry.convert(1.0, a, b) == pytest.approx(unit(a).scale / unit(b).scale, rel=1e-12), (a, b)


def test_a_quantity_handed_to_pint_is_the_same_quantity():
    """56 gCO2e/kWh is 15.56 gCO2e/MJ for pint too: 56 / 3.6."""
    carbon = to_pint(56.0, unit("gCO2e/kWh"))

    assert carbon.to("gCO2e/MJ").magnitude == pytest.approx(56 / 3.6, rel=1e-12)
    assert to_pint(12.0, unit("%")).to("dimensionless").magnitude == pytest.approx(0.12, rel=1e-15)


@pytest.mark.parametrize("name", ["", "kg CO2e", "t CO2eq", "µg", "μg", "%", "1/h", "m^2", "GPU·h", "kgCO2e/(GPU*h)", "m**-2", "1/(1/h)"])
def test_every_spelling_of_a_unit_can_be_handed_to_pint(name: str):
    """Two of it are for pint as many base units as here: a blank in kg CO2e, either µ and the raised dot are read as they are here."""
    assert to_pint(2.0, unit(name)).to_root_units().magnitude == pytest.approx(2 * unit(name).scale, rel=1e-12)


def test_a_year_is_8760_hours():
    """365 days of 24 hours, twelve months to a year, 730 hours to a month."""
    assert read("1 year").base == 8760
    assert read("1 year").base == read("365 day").base
    assert read("1 month").base == pytest.approx(730, rel=1e-15)


def test_there_are_no_prefixes_but_those_written():
    """No kilokilogram, megasecond, millitoken or kilorequest: a unit that is not on the page does not exist."""
    for name in ("kkg", "Ms", "mtoken", "krequest", "kiloW", "MGPU", "hW", "dag", "Ps", "kh", "Gtoken", "kyear", "uh"):
        with pytest.raises(ValueError, match="unknown unit"):
            unit(name)


@pytest.mark.parametrize(
    "name",
    ["knot", "barrel", "pound", "inch", "mile", "K", "mol", "cd", "A", "V", "Hz", "N", "Pa", "hp", "cal", "degF", "rad", "dozen", "dimensionless", "pi", "c"],
)
def test_units_of_the_wide_world_do_not_exist(name: str):
    """The registry that comes with pint is not used, nor its constants."""
    with pytest.raises(ValueError, match=r"unit|used"):
        unit(name)


def test_whatever_is_counted_or_measured_has_a_dimension_of_its_own():
    """No two of the things counted, of the indicators, of money, time, power, energy, mass, length, data and operations are the same."""
    alike = [(a, b) for a, b in itertools.combinations(KINDS, 2) if unit(a).same(unit(b))]

    assert alike == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("kWh/GB", "kWh"),
        ("kgCO2e", "kg"),
        ("kgSbe", "kg"),
        ("GPU*h", "h"),
        ("GPU*h", "Wh"),
        ("FLOP/s", "FLOP"),
        ("request/year", "1/year"),
        ("EUR", "USD"),
        ("W/GPU", "W"),
        ("L", "kg"),
    ],
)
def test_what_looks_alike_is_not_the_same(a: str, b: str):
    """The default registry of pint reads 1 kWh/GB as 1.25e-10 kWh; here a gigabyte is not a pure number."""
    assert unit(a).dimension != unit(b).dimension


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("kWh", "W*h"),
        ("MJ", "kWh"),
        ("J", "W*s"),
        ("L", "m3"),
        ("m2", "m**2"),
        ("tkm", "t*km"),
        ("GB", "Gbit"),
        ("kWh/kWh", "%"),
        ("GPU", "TPU"),
        ("1/(1/h)", "h"),
    ],
)
def test_what_is_the_same_is_the_same(a: str, b: str):
    """Different names of one dimension, also when one is built from others."""
    assert unit(a).same(unit(b))


def test_multiplying_and_dividing_units_gives_a_unit_people_name():
    """W × h is kWh, GPU·h × W/GPU is kWh, kgCO2e/kWh × kWh is kgCO2e, kWh ÷ kWh is a pure number, GB² a square."""
    assert (unit("W") * unit("h")).text == "kWh"
    assert (unit("GPU*h") * unit("W/GPU")).text == "kWh"
    assert (unit("gCO2e/kWh") * unit("MWh")).text == "kgCO2e"
    assert unit("kWh") / unit("MJ") == ONE
    assert (unit("TB") ** Fraction(2)).text == "byte**2"
    assert (unit("m2") ** Fraction(1, 2)).text == "m"
    assert unit("kg") ** Fraction(0) == ONE


@pytest.mark.parametrize(("exponent", "text"), [(Fraction(1, 2), "W**(1/2)*h**(1/2)"), (Fraction(10), "W**10*h**10")])
def test_a_power_no_unit_is_written_with_is_spelled_in_base_units(exponent: Fraction, text: str):
    """The root of 1 Wh is 1 √W·√h and not 1 √kWh, which is 31.6 times as much: name and scale belong together."""
    assert (unit("kWh") ** exponent).text == text
    assert (unit("kWh") ** exponent).scale == 1


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(["*", "/"]))
@settings(deadline=None, max_examples=300)
def test_a_derived_unit_is_one_that_can_be_written(a: str, b: str, operator: str):
    """The name made for a product or a quotient is read back as the same unit, and measures what the written product does."""
    derived = unit(a) * unit(b) if operator == "*" else unit(a) / unit(b)
    again = unit(derived.text)

    assert again.same(derived)
    assert again.scale == derived.scale
    assert unit(f"{a}{operator}{b}").same(derived)
    assert unit(f"{a}{operator}{b}").scale == pytest.approx(unit(a).scale * unit(b).scale if operator == "*" else unit(a).scale / unit(b).scale, rel=1e-15)


@given(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(NAMES))
@settings(deadline=None, max_examples=200)
def test_the_algebra_of_units_is_that_of_fractions(a: str, b: str, c: str):
    """Products commute and associate: ab = ba, (ab)c = a(bc), ab/b = a, and a square root undoes a square."""
    x, y, z = unit(a), unit(b), unit(c)

    assert (x * y).dimension == (y * x).dimension
    assert ((x * y) * z).dimension == (x * (y * z)).dimension
    assert ((x * y) / y).dimension == x.dimension
    assert ((x ** Fraction(2)) ** Fraction(1, 2)).dimension == x.dimension


def test_a_slash_divides_by_what_follows_it_alone():
    """kg/kWh*h is (kg/kWh)*h = kg/kW; kg/(kWh*h) is another thing; a/b/c is a/(b*c)."""
    assert unit("kg/kWh*h").same(unit("kg/kW"))
    assert not unit("kg/kWh*h").same(unit("kg/(kWh*h)"))
    assert unit("kg/GPU/h").same(unit("kg/(GPU*h)"))


@pytest.mark.parametrize(
    ("name", "counts"),
    [("GPU", True), ("request", True), ("", True), ("kWh", False), ("GPU*h", False), ("request/GPU", False), ("byte", False), ("kgCO2e", False)],
)
def test_what_is_counted_is_counted_one_by_one(name: str, counts: bool):
    """Things, and pure numbers, can be rounded up; hours, bytes and rates cannot."""
    assert unit(name).counts is counts


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (1234.0, "Wh", (1.234, "kWh")),
        (999.0, "Wh", (999.0, "Wh")),
        (1000.0, "Wh", (1.0, "kWh")),
        (0.5, "Wh", (500.0, "mWh")),
        (-5e6, "Wh", (-5.0, "MWh")),
        (1e30, "Wh", (1e18, "TWh")),
        (1e-9, "Wh", (1e-6, "mWh")),
        (0.0, "kWh", (0.0, "kWh")),
        (24_690.0, "kgCO2e", (24.69, "tCO2e")),
        (0.003, "gCO2e", (3.0, "mgCO2e")),
        (48.0, "h", (2.0, "day")),
        (1e15, "FLOP", (1.0, "PFLOP")),
        (0.25, "m3", (250.0, "L")),
        (5e6, "GPU", (5e6, "GPU")),
        (5e6, "kgCO2e/kWh", (5e6, "kgCO2e/kWh")),
        (5e6, "", (5e6, "")),
        (5000.0, "gCO2eq", (5.0, "kgCO2e")),
        (5.0, "kg CO2e", (5.0, "kgCO2e")),
        (2000.0, "joule", (2.0, "kJ")),
        (5000.0, "µg", (5.0, "mg")),
        (90.0, "minutes", (1.5, "h")),
        (90.0, "min", (1.5, "h")),
        (2.0, "week", (14.0, "day")),
        (5000.0, "W*h", (5.0, "kWh")),
    ],
)
def test_a_value_is_scaled_to_the_unit_in_which_it_reads_best(value: float, name: str, expected: tuple[float, str]):
    """1,234 Wh is 1.234 kWh: the unit of its family in which 1 ≤ x < 1000, whatever its spelling; a unit without a family is kept."""
    number_shown, unit_shown = scaled(value, unit(name))

    assert unit_shown == expected[1]
    assert number_shown == pytest.approx(expected[0], rel=1e-12)


@given(st.floats(1e-3, 1e17), st.sampled_from(["Wh", "kWh", "J", "kgCO2e", "gCO2e", "byte", "GB", "FLOP"]))
@settings(deadline=None, max_examples=200)
def test_scaling_changes_no_value(value: float, name: str):
    """The value in base units is the same before and after, to 1e-12."""
    number_shown, unit_shown = scaled(value, unit(name))

    assert number_shown * unit(unit_shown).scale == pytest.approx(value * unit(name).scale, rel=1e-12)


def test_a_ladder_of_ones_own_is_respected():
    """5,000 Wh on the ladder (Wh, MWh) is 5,000 Wh, not 5 kWh."""
    assert scaled(5000.0, unit("Wh"), ("Wh", "MWh")) == (5000.0, "Wh")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("kgCO2e/kWh", "kgCO₂e/kWh"),
        ("GPU*h", "GPU·h"),
        ("m3", "m³"),
        ("cm2", "cm²"),
        ("percent", "%"),
        ("ugCO2e", "µgCO₂e"),
        ("uL", "µL"),
        ("kgCO2e/(GPU*h)", "kgCO₂e/(GPU·h)"),
    ],
)
def test_a_unit_is_printed_as_people_write_it(name: str, printed: str):
    """Subscripts, dots and powers are for the eye; the text that is read stays plain."""
    assert pretty(name) == printed


@pytest.mark.parametrize(
    ("name", "shown"),
    [("J", "kWh"), ("year", "h"), ("t", "kg"), ("Tbit", "GB"), ("m3", "L"), ("tCO2e", "kgCO2e"), ("%", ""), ("W/GPU", "W/GPU"), ("request/year", "request/h")],
)
def test_a_dimension_has_a_familiar_unit(name: str, shown: str):
    """Energy is spoken of in kWh, time in h, data in GB; what has no such name is spelled out in base units."""
    assert familiar(unit(name).dimension) == shown


def test_a_unit_alone_is_refused_at_its_place():
    """`read_unit` gives the reason of `unit` a place, and says what to do where a name was meant."""
    with pytest.raises(InputError, match="traffic is not a unit: traffic is an unknown unit") as stopped:
        read_unit("traffic", Place("s.yaml", 7, 9, 7))

    assert stopped.value.findings[0].place == Place("s.yaml", 7, 9, 7)
    assert "2 * traffic" in stopped.value.findings[0].hint


def test_the_compiled_units_are_what_pint_reads():
    """`units.json` was written from this very page by pint: `python -m lca_ml.units` would change nothing."""
    assert VOCABULARY.with_suffix(".json").read_text(encoding="utf-8") == vocabulary().compiled()


def test_a_changed_page_is_read_by_pint_again(tmp_path):
    """A unit redefined on a copy of the page, with the old compiled file beside it: the new page counts."""
    page = tmp_path / "units.txt"
    page.write_text(VOCABULARY.read_text(encoding="utf-8").replace("year = 365 * day", "year = 366 * day"), encoding="utf-8")
    (tmp_path / "units.json").write_bytes(VOCABULARY.with_suffix(".json").read_bytes())

    assert type(vocabulary())(page).named("year").scale == 8784.0
    assert vocabulary().named("year").scale == 8760.0


def test_units_are_the_same_where_nothing_was_compiled(tmp_path: Path):
    """Without units.json, with one that is no JSON, and with that of another page, pint reads the page itself: the same units."""
    page = tmp_path / "units.txt"
    page.write_bytes(VOCABULARY.read_bytes())
    compiled = page.with_suffix(".json")
    for text in (None, "{", json.dumps({"sha256": "of another page", "units": {"kWh": [1.0, []]}})):
        if text is not None:
            compiled.write_text(text)
        assert Vocabulary(page).named("kWh") == unit("kWh")


def test_units_are_compiled_by_the_module_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`python -m lca_ml.units` writes what lies beside the page in the package, to the byte."""
    page = tmp_path / "units.txt"
    monkeypatch.setattr(sys.modules["lca_ml.units.vocabulary"], "VOCABULARY", page)
    runpy.run_module("lca_ml.units", run_name="__main__")

    assert page.with_suffix(".json").read_bytes() == VOCABULARY.with_suffix(".json").read_bytes()


def test_a_name_is_known_or_not():
    """Every spelling, and the sign of a percentage; not a quotient, not a name from elsewhere."""
    assert all(name in vocabulary() for name in ("%", "kWh", "years", "kgCO2eq"))
    assert not any(name in vocabulary() for name in ("kWh/GB", "knot", "", "KWH"))


def test_units_compiled_from_this_very_page_are_taken_as_they_are(tmp_path: Path):
    """Where units.json names the hash of the page, what it says is believed, and pint is not asked: a kWh of 7 hours."""
    page = tmp_path / "units.txt"
    page.write_bytes(VOCABULARY.read_bytes())
    digest = json.loads(VOCABULARY.with_suffix(".json").read_bytes())["sha256"]
    page.with_suffix(".json").write_text(json.dumps({"sha256": digest, "units": {"kWh": [7.0, [["time", "1"]]]}}))

    assert Vocabulary(page).named("kWh") == Unit(7.0, (("time", Fraction(1)),), "kWh")


@pytest.mark.parametrize(("text", "power"), [("h**-1", -1), ("h^-3", -3), ("1/h**2", -2), ("1/h**-2", 2), ("h**9", 9), ("(h**-2)**-3", 6)])
def test_an_exponent_has_a_sign(text: str, power: int):
    """Exponents multiply: (h⁻²)⁻³ is h⁶."""
    assert unit(text).dimension == (("time", Fraction(power)),)


def test_eight_brackets_are_read_and_nine_are_not():
    """One within the other around an hour."""
    assert unit("(" * 8 + "h" + ")" * 8).same(unit("h"))
    with pytest.raises(ValueError, match="nested too deep"):
        unit("(" * 9 + "h" + ")" * 9)


def test_zero_may_have_an_exponent_and_a_number_sixty_characters():
    """0e5 is zero, and has not underflowed; sixty characters are read, sixty-one are not."""
    assert number("0e5") == 0
    assert number("0." + "1" * 58) == pytest.approx(1 / 9, rel=1e-15)
    with pytest.raises(ValueError, match="61 digits is too long"):
        number("0." + "1" * 59)


def test_what_is_no_spelling_of_a_unit_stays_what_it_is():
    """`canonical` gives the printed name of each spelling, and any other text back."""
    assert [vocabulary().canonical(text) for text in ("hours", "kgCO2eq", "kWh/GB", "nonsense")] == ["h", "kgCO2e", "kWh/GB", "nonsense"]


def test_power_times_time_is_named_as_energy_wherever_it_stands():
    """Above the line and below it, alone and beside something else; power by time is no energy."""
    named = {"kWh/GB": "kWh/byte", "W*h/token": "kWh/token", "token/Wh": "token/kWh", "kWh/(GPU*h)": "W/GPU", "W*h**2": "h*kWh", "W/h": "W/h"}

    assert {text: familiar(unit(text).dimension) for text in named} == named


def test_the_units_results_are_printed_in_are_units_of_the_page():
    """Each family smallest first, every name known, one dimension."""
    for family in vocabulary().scales:
        assert all(name in vocabulary() for name in family)
        assert len({unit(name).dimension for name in family}) == 1
        assert [unit(name).scale for name in family] == sorted(unit(name).scale for name in family)
