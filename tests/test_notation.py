"""Numbers as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_ml.notation import Figure, bar, figure, number, percent, plain, quoted, signed
from lca_ml.units import unit

NARROW, MINUS = "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("value", "digits", "english", "french"),
    [
        (1234.56, 4, "1,235", f"1{NARROW}235"),
        (999.96, 4, "1,000", f"1{NARROW}000"),
        (123_456_789.0, 4, "123,500,000", f"123{NARROW}500{NARROW}000"),
        (0.00123456, 3, "0.00123", "0,00123"),
        (0.5, 2, "0.50", "0,50"),
        (99.6, 2, "100", "100"),
        (-1234.5, 2, f"{MINUS}1,200", f"{MINUS}1{NARROW}200"),
        (1e-7, 3, f"1.00e{MINUS}07", f"1,00e{MINUS}07"),
        (2.5e15, 2, "2.5e+15", "2,5e+15"),
        (0.0, 4, "0", "0"),
    ],
)
def test_a_number_has_the_digits_asked_for(value: float, digits: int, english: str, french: str):
    """1,234.56 with four digits is 1,235, in French 1 235 with a narrow blank that no line break splits."""
    assert number(value, digits) == english
    assert number(value, digits, "fr") == french


@given(st.floats(1e-6, 1e14), st.integers(2, 6))
@settings(deadline=None, max_examples=300)
def test_a_number_shown_is_the_number_to_its_digits(value: float, digits: int):
    """Read back, a number shown with n digits is off by half a unit of the n-th at most, and French shows the same one."""
    read_back = float(number(value, digits).replace(",", ""))

    assert read_back == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits))
    assert float(number(value, digits, "fr").replace(NARROW, "").replace(",", ".")) == read_back
    assert number(-value, digits) == MINUS + number(value, digits)


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (1234.5, "1,234.5", f"1{NARROW}234,5"),
        (100.0, "100", "100"),
        (0.1, "0.1", "0,1"),
        (1 / 3, "0.333333333333", "0,333333333333"),
        (-0.25, f"{MINUS}0.25", f"{MINUS}0,25"),
        (433_196.0, "433,196", f"433{NARROW}196"),
        (123_456_789_012.0, "123,456,789,012", f"123{NARROW}456{NARROW}789{NARROW}012"),
        (0.0, "0", "0"),
        (1e-9, f"1e{MINUS}09", f"1e{MINUS}09"),
        (6e23, "6e+23", "6e+23"),
        (1e12, "1,000,000,000,000", f"1{NARROW}000{NARROW}000{NARROW}000{NARROW}000"),
        (1_234_567_890_123.0, "1,234,567,890,120", f"1{NARROW}234{NARROW}567{NARROW}890{NARROW}120"),
        (-9.9e14, f"{MINUS}990,000,000,000,000", f"{MINUS}990{NARROW}000{NARROW}000{NARROW}000{NARROW}000"),
    ],
)
def test_a_plain_number_has_all_the_digits_that_matter(value: float, english: str, french: str):
    """Twelve at most, no zeros behind the last."""
    assert plain(value) == english
    assert plain(value, "fr") == french


@given(st.floats(-1e14, 1e14))
@settings(deadline=None, max_examples=300)
def test_a_plain_number_is_the_number_to_twelve_digits(value: float):
    """Read back it is off by 5e-12 of itself at most."""
    assert float(plain(value).replace(",", "").replace(MINUS, "-")) == pytest.approx(value, rel=5.001e-12)


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0.41, "41 %", "41\u00a0%"),
        (0.004, "0.4 %", "0,4\u00a0%"),
        (0.0004, "< 0.1 %", "< 0,1\u00a0%"),
        (0.001, "0.1 %", "0,1\u00a0%"),
        (1.0, "100 %", "100\u00a0%"),
        (0.126, "13 %", "13\u00a0%"),
        (1.5, "150 %", "150\u00a0%"),
        (0.0, "0 %", "0\u00a0%"),
        (-0.0, "0 %", "0\u00a0%"),
        (-0.41, f"{MINUS}41 %", f"{MINUS}41\u00a0%"),
        (-0.004, f"{MINUS}0.4 %", f"{MINUS}0,4\u00a0%"),
        (-0.0004, f"> {MINUS}0.1 %", f"> {MINUS}0,1\u00a0%"),
        (0.00999, "1 %", "1\u00a0%"),
    ],
)
def test_a_share_is_a_percentage(share: float, english: str, french: str):
    """Whole per cent from 1 % up, a decimal below, what is less than 0.1 % is said to be; a negative share alike; a no-break space in French."""
    assert percent(share) == english
    assert percent(share, "fr") == french


@pytest.mark.parametrize(
    ("share", "width", "drawn"),
    [(0.0, 20, ""), (0.5, 20, "█" * 10), (1.0, 20, "█" * 20), (2.0, 20, "█" * 20), (-1.0, 20, ""), (1 / 16, 2, "▏"), (7 / 8, 1, "▉"), (0.75, 2, "█▌")],
)
def test_a_bar_is_as_long_as_its_share(share: float, width: int, drawn: str):
    """To an eighth of a character: 3/4 of two characters is one and a half; below 0 and above 1 it is cut."""
    assert bar(share, width) == drawn


@pytest.mark.parametrize(
    ("point", "low", "high", "name", "expected"),
    [
        (78.4, 52.3, 113.0, "kgCO2e", Figure("78", "52", "110", "kgCO₂e")),
        (78_400.0, 52_300.0, 113_000.0, "gCO2e", Figure("78", "52", "110", "kgCO₂e")),
        (1.044, 0.96, 1.1, "kWh", Figure("1.04", "0.96", "1.1", "kWh")),
        (24_690.0, 24_690.0, 24_690.0, "kgCO2e", Figure("24.69", "", "", "tCO₂e")),
        (5.0, 5.0, 5.0, "kWh", Figure("5.000", "", "", "kWh")),
        (0.0, 0.0, 0.0, "kWh", Figure("0", "", "", "kWh")),
        (1.0, -1.3, 4.2, "kWh", Figure("1.0", f"{MINUS}1.3", "4.2", "kWh")),
        (0.005, 0.001, 0.02, "kgCO2e/kWh", Figure("0.0050", "0.0010", "0.020", "kgCO₂e/kWh")),
    ],
)
def test_a_figure_has_two_digits_on_its_interval(point: float, low: float, high: float, name: str, expected: Figure):
    """78.4 (52.3 – 113) is 78 (52 – 110), the point cut where the lower end is; without an interval it has four digits."""
    assert figure(point, low, high, unit(name)) == expected


def test_a_figure_speaks_french_and_keeps_the_unit_it_is_given():
    """1.234 (1.0 – 1.5) MWh in Wh is 1 200 000 with narrow blanks, cut where 1 000 000 has its second digit; a dash stands between the ends."""
    found = figure(1.234, 1.0, 1.5, unit("MWh"), "fr", "Wh")

    assert found.point == f"1{NARROW}200{NARROW}000"
    assert found.interval == f"1{NARROW}000{NARROW}000 – 1{NARROW}500{NARROW}000"
    assert found.unit == "Wh"
    assert figure(5.0, 5.0, 5.0, unit("kWh")).interval == ""


@pytest.mark.parametrize(
    ("value", "decimals", "english", "french"),
    [(2.5, 1, "+2.5", "+2,5"), (-0.318, 2, f"{MINUS}0.32", f"{MINUS}0,32"), (1234.5, 1, "+1,234.5", f"+1{NARROW}234,5")],
)
def test_a_change_has_its_sign(value: float, decimals: int, english: str, french: str):
    assert (signed(value, decimals), signed(value, decimals, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("written", "english", "french"),
    [
        ("24.69 tCO2e", "24.69 tCO₂e", "24,69 tCO₂e"),
        ("433_196 kWh", "433,196 kWh", f"433{NARROW}196 kWh"),
        ("1015 tCO2e", "1015 tCO₂e", "1015 tCO₂e"),
        ("-0.30", f"{MINUS}0.30", f"{MINUS}0,30"),
        ("1.90e3 kg", "1.90e3 kg", "1,90e3 kg"),
        ("uniform(1, 2) kg", "uniform(1, 2) kg", "uniform(1, 2) kg"),
    ],
)
def test_a_quantity_is_quoted_with_its_digits(written: str, english: str, french: str):
    """The digits as they were written, no more and no fewer; what is no quantity stays as it is."""
    assert (quoted(written), quoted(written, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("point", "low", "high", "shown"),
    [
        (1.234e160, 1e160, 2e160, ("1.2e+160", "1.0e+160", "2.0e+160")),
        (1.234e-296, 1e-296, 2e-296, ("1.2e−296", "1.0e−296", "2.0e−296")),
        (25.4029825, 1e-300, 50, ("25.40", "1.0e−300", "50")),
        (0.5, 0.25, 0.75, ("0.50", "0.25", "0.75")),
    ],
)
def test_what_has_more_digits_than_a_number_holds_is_a_power_of_ten(point, low, high, shown):
    """The point is cut where the lower end is, 1.234 at the first decimal of 1.0; where that is farther than sixteen digits, at four."""
    found = figure(point, low, high, unit("request"), name="request")

    assert (found.point, found.low, found.high) == shown


def test_no_per_cent_and_no_difference_is_longer_than_a_line():
    """2e200 times as much is 2.0e+202 %."""
    assert percent(2e200) == "2.0e+202 %"
    assert signed(-2e200, 1) == "−2.0e+200"
