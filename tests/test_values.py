"""What a leaf says: a quantity, a distribution or a formula, and what it must not say."""

from __future__ import annotations

import math
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_ml.distributions import Beta, Choice, Distribution, Empirical, LogNormal, LogUniform, Normal, Pert, Triangular, Truncated, Uniform
from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place
from lca_ml.expressions import Call, Name, Negative, Number, Operation, text
from lca_ml.units import Quantity, quantity
from lca_ml.values import Drawn, read, relative


def written(source: str, quoted: bool = False) -> Text:
    mark = "'" if quoted else ""
    return Text(source, Place("s.yaml", 3, 5, max(len(source), 1), f"    {mark}{source}{mark}"), quoted)


def refused(source: str) -> Finding:
    with pytest.raises(InputError) as stopped:
        read(written(source))
    (finding,) = stopped.value.findings
    return finding


def column(_text: Text, file: str, name: str) -> list[float]:
    """Stand in for the reading of a file: one column is known."""
    assert (file, name) == ("power.csv", "watt")
    return [4.0, 1.0, 2.0, 8.0]


@pytest.mark.parametrize(
    ("source", "number", "unit"),
    [
        ("5", 5.0, ""),
        ("1e6", 1e6, ""),
        ("-5 kg", -5.0, "kg"),
        ("0 kg", 0.0, "kg"),
        ("0.2 kWh/GB", 0.2, "kWh/GB"),
        ("5e6 request/year", 5e6, "request/year"),
        ("12 %", 12.0, "%"),
        ("21 day", 21.0, "day"),
        ("120 GPU*h", 120.0, "GPU*h"),
        ("433_196 kWh", 433196.0, "kWh"),
        ("57 gCO2e/kWh", 57.0, "gCO2e/kWh"),
    ],
)
def test_a_number_with_a_unit_is_a_quantity(source: str, number: float, unit: str):
    """The number as written, the unit as written, and the place of the whole."""
    found = read(written(source))

    assert isinstance(found, Quantity)
    assert (found.number, found.unit.text, found.place) == (number, unit, written(source).place)


@pytest.mark.parametrize(
    ("source", "distribution", "unit"),
    [
        ("uniform(1.1, 1.4)", Uniform(1.1, 1.4), ""),
        ("triangular(2, 3, 5) year", Triangular(2.0, 3.0, 5.0), "year"),
        ("loguniform(0.1, 10) kWh/GB", LogUniform(0.1, 10.0), "kWh/GB"),
        ("pert(1, 2, 6) kg", Pert(1.0, 2.0, 6.0), "kg"),
        ("normal(5, 1) kg", Normal(5.0, 1.0), "kg"),
        ("normal(-5, 1) kg", Normal(-5.0, 1.0), "kg"),
        ("lognormal(median=3, gsd=1.4) kWh", LogNormal(3.0, 1.4), "kWh"),
        ("lognormal(gsd=1.4, median=3) kWh", LogNormal(3.0, 1.4), "kWh"),
        ("lognormal(3, gsd = 1.4)", LogNormal(3.0, 1.4), ""),
        ("beta(0.2, 0.1)", Beta(0.2, 0.1), ""),
        ("beta(mean=0.2, sd=0.1)", Beta(0.2, 0.1), ""),
        ("normal(5, 1, min=0) kg", Truncated(Normal(5.0, 1.0), 0.0, None), "kg"),
        ("normal(5, 1, min=0, max=9) kg", Truncated(Normal(5.0, 1.0), 0.0, 9.0), "kg"),
        ("lognormal(3, 1.4, max=1e3) kg", Truncated(LogNormal(3.0, 1.4), None, 1000.0), "kg"),
        ("normal(5, 0, min=5) kg", Normal(5.0, 0.0), "kg"),
        ("uniform ( 1 , 2 )  kg", Uniform(1.0, 2.0), "kg"),
        ("uniform(1, 2) kgCO2e/(GPU*h)", Uniform(1.0, 2.0), "kgCO2e/(GPU*h)"),
        ("uniform(1, 2) 1/(GPU*h)", Uniform(1.0, 2.0), "1/(GPU*h)"),
        ("choice(1=0.5, 2=0.5) kgCO2e/(GPU*h)", Choice((1.0, 2.0), (0.5, 0.5)), "kgCO2e/(GPU*h)"),
        (" uniform(1_000, 2e3) kg ", Uniform(1000.0, 2000.0), "kg"),
        ("choice(1=0.25, 2=0.75) kg", Choice((1.0, 2.0), (0.25, 0.75)), "kg"),
        ("empirical(power.csv, watt) W", Empirical((1.0, 2.0, 4.0, 8.0)), "W"),
        ("empirical(column=watt, file=power.csv) W", Empirical((1.0, 2.0, 4.0, 8.0)), "W"),
        ("-5 to 5 kg", Normal(0.0, 5 / 1.6448536269514722), "kg"),
        ("0 to 5 kg", Normal(2.5, 2.5 / 1.6448536269514722), "kg"),
    ],
)
def test_a_distribution_is_read_with_its_unit(source: str, distribution: Distribution, unit: str):
    """Arguments by place or by name, min and max where it is cut, the unit once, after the bracket."""
    found = read(written(source), column)

    assert isinstance(found, Drawn)
    assert found.distribution == distribution
    assert (found.unit.text, found.labels) == (unit, ())


def test_an_interval_is_the_central_ninety_per_cent():
    """0.2 to 0.6 Wh/request: 5 % of the draws below 0.2, 5 % above 0.6, lognormal as both are positive."""
    found = read(written("0.2 to 0.6 Wh/request"))

    assert isinstance(found, Drawn)
    assert isinstance(found.distribution, LogNormal)
    assert found.distribution.quantile(np.array([0.05, 0.95])) == pytest.approx([0.2, 0.6], rel=1e-12)
    assert found.unit.text == "Wh/request"


def test_a_choice_among_names_keeps_the_names():
    """The draws are 0 and 1, the positions of FR and DE, with probabilities 0.7 and 0.3."""
    found = read(written("choice(FR=0.7, DE=0.3)"))

    assert isinstance(found, Drawn)
    assert found.labels == ("FR", "DE")
    assert found.distribution == Choice((0.0, 1.0), (0.7, 0.3))


def test_a_distribution_in_base_units_is_the_same_times_the_scale():
    """Triangular (2, 3, 5) kWh in Wh has the mode 3,000 and the median of (2000, 3000, 5000); kg are base units already."""
    energy, mass = read(written("triangular(2, 3, 5) kWh")), read(written("uniform(1, 2) kg"))
    assert isinstance(energy, Drawn)
    assert isinstance(mass, Drawn)

    assert energy.in_base().point == pytest.approx(3000.0, rel=1e-15)
    assert energy.in_base().quantile(np.array([0.5])) == pytest.approx(Triangular(2e3, 3e3, 5e3).quantile(np.array([0.5])), rel=1e-14)
    assert mass.in_base() is mass.distribution


@pytest.mark.parametrize(
    ("source", "kind", "shown"),
    [
        ("traffic", Name, "traffic"),
        ("it_energy*pue", Operation, "it_energy * pue"),
        ("-x", Negative, "-x"),
        ("1/success_rate", Operation, "1 / success_rate"),
        ("1 + retrainings", Operation, "1 + retrainings"),
        ("2*x", Operation, "2 * x"),
        ("2 * x / 3", Operation, "2 * x / 3"),
        ("0.5 - x", Operation, "0.5 - x"),
        ("2**x", Operation, "2 ** x"),
        ("(5)", Number, "5"),
        ("max(a,1)", Call, "max(a, 1)"),
        ("max(1,2*x)", Call, "max(1, 2 * x)"),
        ("1e-07 * x", Operation, "1e-07 * x"),
        ("ceil(2.5)", Call, "ceil(2.5)"),
        ("training.baseline.device_hours", Name, "training.baseline.device_hours"),
        ("uniform", Name, "uniform"),
        ("normalised * 2", Operation, "normalised * 2"),
        ("NO", Name, "NO"),
    ],
)
def test_names_and_pure_numbers_are_a_formula(source: str, kind: type, shown: str):
    """What holds a name, an operator or a function is a formula; a distribution's name without a bracket is a name."""
    found = read(written(source))

    assert isinstance(found, kind)
    assert text(found) == shown


@pytest.mark.parametrize(
    ("source", "word"),
    [
        # no value, or no number
        ("", "empty"),
        ("   ", "empty"),
        ("true", "boolean"),
        ("no", "boolean"),
        ("null", "null"),
        ("~", "null"),
        (".inf", "finite"),
        (".nan", "finite"),
        ("-.inf", "finite"),
        ("nan", "finite"),
        ("12:30:45", "not a number"),
        ("2024-01-01", "zero"),
        # quantities
        ("1,5 kg", "decimal comma"),
        ("1.234,5 kg", "comma"),
        ("1,000 kg", "comma"),
        ("10 000 kg", "10_000"),
        ("5'000 kg", "separator"),
        ("5.000.000 kg", "number"),
        ("5..10 kg", "5 to 10"),
        ("<5 kg", "<"),
        ("~5 kg", "~"),
        ("5 kg?", "?"),
        ("5 kg 3", "unit"),
        ("5 kg = 3", "="),
        ("1;2 kg", "number"),
        ("[1,2] kg", "number"),
        ("010 kg", "010"),
        ("0x10 kg", "decimal number"),
        ("+5 kg", "write 5"),
        ("1_0.5_5 kg", "before the point"),
        ("1e300 YFLOP", "finite"),
        ("1 YFLOP**9*YFLOP**9", "finite"),
        ("1 1/(ms**9*ms**9)**9", "finite"),
        ("5(1) kg", "normal(5, 1) kg"),
        ("5 ± 1 kg", "normal(5, 1) kg"),
        ("５ kg", "U+FF15"),
        ("inf kg", "finite"),
        ("1e999 kg", "too large"),
        ("\u22125 kg", "U+2212"),
        (".5 kg", "0.5"),
        ("9**9**9 kg", "number with a unit"),
        ("$5", "EUR"),
        # units
        ("5 kwh", "kWh"),
        ("5 kt", "knot"),
        ("5 ton", "907"),
        ("5 kWh h", "operator"),
        ("5 kg/", "missing"),
        ("5 €", "EUR"),
        ("5 kWp", "kW"),
        ("5 nonsense", "unknown"),
        ("5 kg**0", "exponent"),
        # distributions
        ("normal(5, -1) kg", "sd must not be negative"),
        ("normal(5, nan) kg", "sd must be finite"),
        ("normal(5, .inf) kg", "sd must be finite"),
        ("normal(5, 5 kWh) kg", "sd must be a number without a unit, not 5 kWh"),
        ("normal(20 degC, 2) kg", "mean must be a number without a unit, not 20 degC"),
        ("normal(5, 20 %) kg", "sd: a percentage"),
        ("normal(5) kg", "sd is missing"),
        ("normal() kg", "mean, sd is missing"),
        ("normal(5, 1, sigma=2) kg", "sigma is unknown"),
        ("normal(5, 1, 2) kg", "takes 2 values"),
        ("normal(5, 1, mean=2) kg", "mean is given twice"),
        ("normal(a + b, 1) kg", "mean must be a number, not an expression"),
        ("normal(1,5, 1) kg", "takes 2 values"),
        ("uniform(low=1, 2) kg", "without a name"),
        ("uniform(010, 20) kg", "low: 010 begins with a zero"),
        ("uniform(1, 1e999) kg", "high: 1e999 is too large"),
        ("uniform(+15, 20) kg", "low: +15"),
        ("uniform(1_0.5_5, 20) kg", "low: 1_0.5_5"),
        ("uniform(1e299, 1e300) YFLOP", "finite"),
        ("uniform(-1e308, 1e308) kg", "high lies too far above low"),
        ("normal(5, 0, min=6) kg", "min"),
        ("normal(5, ) kg", "sd"),
        ("normal(5, 1) kwh", "kWh"),
        ("normal(5, 1, min=9, max=7) kg", "min 9 must lie below max 7"),
        ("normal(5, 1, min=1000, max=1001) kg", "tail"),
        ("lognormal(0, 1.4) kg", "median must be positive"),
        ("lognormal(3, 0.5) kg", "gsd must be at least 1"),
        ("lognormal(3, gsd2=1.4) kg", "gsd2 is unknown"),
        ("lognormal(mean=3, sd=1) kg", "mean is unknown"),
        ("triangular(1, 9, 5) kg", "mode"),
        ("uniform(5, 1) kg", "low must not lie above high"),
        ("loguniform(0, 1) kg", "low must be positive"),
        ("beta(0, 1)", "mean"),
        ("beta(0.5, 0.6)", "sd is too large"),
        ("choice(1=0.5, 2=0.6)", "sum to 1"),
        ("choice(FR=1.5, DE=-0.5)", "between 0 and 1"),
        ("choice()", "empty"),
        ("choice(FR=0.7, FR=0.3)", "FR is given twice"),
        ("choice(1=0.7, 1.0=0.3)", "1.0 is given twice"),
        ("choice(=1)", "name is missing"),
        ("choice(010=1)", "010 begins with a zero"),
        ("choice(1e999=0.5,1=0.5)", "1e999 is too large"),
        ("choice(FR, DE)", "weight is missing"),
        ("choice(FR=x)", "weight must be a number"),
        ("empirical(power.csv) W", "a file and a column"),
        ("empirical() W", "a file and a column"),
        ("Normal(5, 1) kg", "unknown"),
        ("gauss(5, 1) kg", "unknown"),
        ("uniform(1, 2", "bracket"),
        ("uniform(1, 2 kg", "bracket"),
        ("5 to 1 kg", "must rise"),
        ("1 to 1 kg", "must rise"),
        ("5 to 010 kg", "010 begins with a zero"),
        ("1 to 1e999 kg", "1e999 is too large"),
        ("+1 to 2 kg", "+1"),
        ("1e-200 to 1e200 kg", "high lies too far above low"),
        ("1e299 to 1e300 YFLOP", "finite"),
        ("1 to 2 kwh", "kWh"),
        ("1 to 2 to 3 kg", "unit"),
        ("5 kg to 10 kg", "unit"),
        ("5to10 kg", "unit"),
        # formulas
        ("uniform(1, 2) * x", "inside a formula"),
        ("2 * uniform(1, 2)", "inside a formula"),
        ("x + normal(1, 2)", "inside a formula"),
        ("4 kWh + x", "number with a unit"),
        ("x + 4 kWh", "number with a unit"),
        ("max(x, 4 kWh)", "number with a unit"),
        ("x * 12 %", "number with a unit"),
        ("foo(1)", "unknown"),
        ("x ^ 2", "^"),
        ("x.__class__", "attribute"),
        ("__import__('os')", "unknown"),
    ],
    ids=lambda s: re.sub(r"[^ -\[\]-~]", "?", s[:30]),
)
def test_what_is_no_value_is_refused_with_the_reason(source: str, word: str):
    """One finding, at the line of the value, whose message holds the word that helps."""
    finding = refused(source)

    assert word in finding.message
    assert finding.place.line == 3
    assert finding.place.column >= 5


@pytest.mark.parametrize(
    ("source", "column", "width"),
    [
        ("5 kwh", 7, 3),
        ("010 kg", 5, 3),
        ("normal(5, -1) kg", 15, 2),
        ("normal(5, sd=-1) kg", 18, 2),
        ("normal(5,  nan) kg", 16, 3),
        ("normal(5, 1, sigma=2) kg", 17, 8),
        ("normal(5, 1) kwh", 18, 3),
        ("triangular(1, 9, 5) kg", 19, 1),
        ("lognormal(3, gsd2=1.4)", 17, 9),
        ("choice(FR=0.7, DE=x)", 23, 1),
        ("1 to 2 kwh", 12, 3),
        ("5 to 010 kg", 10, 3),
        ("1e999 to 2 kg", 5, 5),
        ("choice( 010=1)", 13, 3),
        ("choice(FR=0.7, FR=0.3)", 20, 2),
        ("uniform(low=1, 2)", 20, 1),
        ("uniform(1, 2) kgCO2e/(GPU*hr)", 19, 15),
        ("gauss(5, 1) kg", 5, 5),
        ("2 * uniform(1, 2)", 9, 7),
        ("uniform(1, 2) * x", 19, 1),
        ("x + 4 kWh", 9, 5),
        ("x + foo(1)", 9, 3),
    ],
)
def test_the_guilty_part_of_a_value_is_the_place_cited(source: str, column: int, width: int):
    """The value begins at column 5; the caret stands under the wrong argument, unit, name or operator."""
    place = refused(source).place

    assert (place.column, place.width) == (column, width)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("gauss(5, 1)", "normal"),
        ("Normal(5, 1)", "normal"),
        ("tri(1, 2, 3)", "triangular"),
        ("truncnormal(5, 1)", "min="),
        ("discrete(1=1)", "choice"),
        ("lognormal(3, gsd2=1.4)", "gsd"),
        ("normal(5, 1 kg)", "after the bracket"),
        ("normal(5, 20 %)", "uncertainty"),
        ("4 kWh + x", "Give it a name"),
        ("2 * uniform(1, 2)", "parameter"),
        ("choice(FR, DE)", "choice(FR=0.7, DE=0.3)"),
        ("normal(5)", "normal(mean, sd)"),
    ],
)
def test_the_spelling_to_use_is_in_the_hint(source: str, word: str):
    """Whoever used another convention is told ours."""
    assert word in refused(source).hint


def test_a_quoted_word_is_a_name_and_no_boolean():
    """`true` is a boolean to other readers of YAML and refused, 'true' in quotes is a name nobody has defined."""
    assert read(written("true", quoted=True)) == Name("true", (0, 4))


def test_measured_values_need_a_reader_and_must_be_finite():
    """Without one, or with an infinite value among them, the distribution is refused."""
    with pytest.raises(InputError, match="cannot be read here"):
        read(written("empirical(power.csv, watt) W"))
    with pytest.raises(InputError, match="not finite"):
        read(written("empirical(power.csv, watt) W"), lambda *_a: [1.0, math.inf])
    with pytest.raises(InputError, match="at least 2 values"):
        read(written("empirical(power.csv, watt) W"), lambda *_a: [1.0])


def test_the_reader_of_measured_values_is_told_where_the_file_is_named():
    """In `empirical(power.csv, watt)` at column 5 the file stands at column 15, nine wide."""
    asked: list[Text] = []
    read(written("empirical(power.csv, watt) W"), lambda t, *_a: asked.append(t) or [1.0, 2.0])

    assert asked[0].value == "power.csv"
    assert (asked[0].place.column, asked[0].place.width) == (15, 9)


@pytest.mark.parametrize(
    ("value", "uncertainty", "distribution", "unit"),
    [
        ("5 kWh", "lognormal(gsd=1.2)", LogNormal(5.0, 1.2), "kWh"),
        ("5 kWh", "uniform(-10 %, +10 %)", Uniform(4.5, 5.5), "kWh"),
        ("5 kWh", "uniform(low=-10 %, high=+10 %)", Uniform(4.5, 5.5), "kWh"),
        ("10 kWh", "triangular(-50 %, 0 %, 100 %)", Triangular(5.0, 10.0, 20.0), "kWh"),
        ("10 kWh", "pert(-50 %, 0 %, 100 %)", Pert(5.0, 10.0, 20.0), "kWh"),
        ("5 kWh", "normal(sd=20 %)", Normal(5.0, 1.0), "kWh"),
        ("-5 kWh", "normal(sd=20 %)", Normal(-5.0, 1.0), "kWh"),
        ("5 kWh", "normal(mean=0 %, sd=20 %)", Normal(5.0, 1.0), "kWh"),
        ("-5 kWh", "uniform(-10 %, +10 %)", Uniform(-5.5, -4.5), "kWh"),
        ("-10 kWh", "triangular(-50 %, 0 %, 100 %)", Triangular(-15.0, -10.0, 0.0), "kWh"),
        ("12 %", "uniform(-50 %, +50 %)", Uniform(6.0, 18.0), "%"),
        ("12 %", "uniform(10, 14)", Uniform(10.0, 14.0), "%"),
        ("12 %", "-1 to 25", Normal(12.0, 13 / 1.6448536269514722), "%"),
        ("12 %", "choice(10=0.5, 14=0.5)", Choice((10.0, 14.0), (0.5, 0.5)), "%"),
        ("12 %", "uniform(0.1, 0.14) 1", Uniform(0.1, 0.14), ""),
        ("0.12", "uniform(10, 14) %", Uniform(10.0, 14.0), "%"),
        ("1.2", "lognormal(gsd=1.1)", LogNormal(1.2, 1.1), ""),
        ("5 kWh", "uniform(4, 6)", Uniform(4.0, 6.0), "kWh"),
        ("5 kWh", "uniform(4, 6) kWh", Uniform(4.0, 6.0), "kWh"),
        ("5 kWh", "uniform(4_000, 6_000) Wh", Uniform(4000.0, 6000.0), "Wh"),
        ("5 kWh", "lognormal(4, gsd=1.2)", LogNormal(4.0, 1.2), "kWh"),
        ("5 kWh", "normal(5, 1, min=0)", Truncated(Normal(5.0, 1.0), 0.0, None), "kWh"),
        ("5 kWh", "choice(4=0.5, 6=0.5)", Choice((4.0, 6.0), (0.5, 0.5)), "kWh"),
        ("5 kWh", "-1 to 11", Normal(5.0, 6 / 1.6448536269514722), "kWh"),
        ("5 W", "empirical(power.csv, watt)", Empirical((1.0, 2.0, 4.0, 8.0)), "W"),
    ],
)
def test_an_uncertainty_is_relative_to_its_value_or_absolute(value: str, uncertainty: str, distribution: Distribution, unit: str):
    """A gsd alone and percentages are of the value: 5 kWh − 10 % to + 10 % is 4.5 to 5.5 kWh; other numbers are in its unit or their own."""
    found = relative(written(uncertainty), quantity(written(value)), column)

    assert found.distribution == distribution
    assert found.unit.text == unit


@pytest.mark.parametrize(
    ("value", "uncertainty", "word"),
    [
        ("5 kWh", "0.3", "an uncertainty is a distribution"),
        ("5 kWh", "10 %", "an uncertainty is a distribution"),
        ("5 kWh", "x * 2", "an uncertainty is a distribution"),
        ("5 kWh", "", "empty"),
        ("5 kWh", "uniform(4, 6) kg", "another dimension"),
        ("5 kWh", "4 to 6 GPU", "another dimension"),
        ("5 kWh", "uniform(-10 %, 6)", "low: a percentage"),
        ("5 kWh", "uniform(+10 %, -10 %)", "low must not lie above high"),
        ("5 kWh", "uniform(-10 %)", "high is missing"),
        ("5 kWh", "lognormal(gsd=0.8)", "gsd must be at least 1"),
        ("0 kWh", "lognormal(gsd=1.2)", "median must be positive"),
        ("-5 kWh", "lognormal(gsd=1.2)", "median must be positive"),
        ("5 kWh", "normal(sd=-20 %)", "sd must not be negative"),
        ("5 kWh", "normal(sd=1)", "mean is missing"),
        ("1e300 kWh", "uniform(0 %, 1e12 %)", "high must be finite"),
        ("5 kg", "uniform(-010 %, +10 %)", "-010 begins with a zero"),
        ("5 kg", "uniform(-10 %, +1e999 %)", "1e999 is too large"),
        ("5 kg", "lognormal(median=0 %, gsd=20 %)", "a percentage"),
        ("5 kg", "choice(FR=0.5, DE=0.5)", "a choice among names"),
    ],
)
def test_an_uncertainty_that_does_not_fit_its_value_is_refused(value: str, uncertainty: str, word: str):
    """Not a distribution, another dimension, half relative, or impossible."""
    with pytest.raises(InputError, match=re.escape(word)) as stopped:
        relative(written(uncertainty), quantity(written(value)), column)

    assert stopped.value.findings[0].place.line == 3


@given(st.text("0123456789.,%+-*/()= toabcdefgiklmnorsuvwxkWhGPU_~<±", max_size=30))
@settings(deadline=None, max_examples=500, derandomize=True)
def test_no_text_brings_the_reader_down(source: str):
    """Whatever is typed, the answer is a quantity, a distribution, a formula or an InputError at its place."""
    try:
        found = read(written(source))
    except InputError as stopped:
        assert stopped.findings[0].place.line == 3
    else:
        assert isinstance(found, (Quantity, Drawn, Number, Name, Negative, Operation, Call))


@given(st.floats(1e-6, 1e6), st.floats(1.001, 50.0), st.sampled_from(["", "kWh", "gCO2e/kWh", "%"]))
@settings(deadline=None, max_examples=100)
def test_an_interval_written_is_the_interval_drawn(low: float, ratio: float, unit: str):
    """`low to high unit` has P5 = low and P95 = high, whatever the numbers and the unit."""
    found = read(written(f"{low!r} to {low * ratio!r} {unit}"))

    assert isinstance(found, Drawn)
    assert found.distribution.quantile(np.array([0.05, 0.95])) == pytest.approx([low, low * ratio], rel=1e-11)
    assert found.unit.text == unit


@pytest.mark.parametrize(
    "source",
    [
        "lognormal(1e300, 1e10)",
        "normal(0, 5e304) kWh",
        "normal(1, 5e283) YFLOP",
        "normal(1e308, 1e308, min=0)",
        "empirical(power.csv, watt) YFLOP",
        "-1e308 to 7e307",
    ],
)
def test_a_distribution_whose_draws_are_no_finite_numbers_is_refused(source: str):
    """At 8.3 standard deviations, or in base units, they overflow; the hint says what helps."""
    with pytest.raises(InputError) as stopped:
        read(written(source), lambda *_: [1e300, 2e300])
    (found,) = stopped.value.findings

    assert found.code == "distribution"
    assert "out of the range of finite numbers" in found.message
    assert "min=" in found.hint or "too wide" in found.message


def test_a_distribution_that_is_cut_before_it_overflows_is_accepted():
    """lognormal(1e300, 1e10, max=1e301): the largest draw is the end itself, and nothing is said on the way."""
    found = read(written("lognormal(1e300, 1e10, max=1e301)"))

    assert isinstance(found, Drawn)
    assert found.distribution.quantile(np.array([1 - 2.0**-53])) == pytest.approx([1e301], rel=1e-12)


def test_an_uncertainty_in_the_unit_of_its_value_is_checked_in_that_unit():
    """normal(0, 1e300) alone is finite; of a value in YFLOP it is not: 8.3e300 × 1e24."""
    with pytest.raises(InputError, match="out of the range of finite numbers"):
        relative(written("normal(0, 1e300)"), quantity(written("1 YFLOP")))


def test_the_values_of_a_choice_are_put_in_rising_order():
    """However they are written, so that a higher probability never gives a smaller value: correlations rest on that."""
    found = read(written("choice(3=0.5, 1=0.3, 2=0.2) kg"))

    assert isinstance(found, Drawn)
    assert found.distribution == Choice((1.0, 2.0, 3.0), (0.3, 0.2, 0.5))
    assert found.distribution.quantile(np.array([0.29, 0.31, 0.49, 0.51])).tolist() == [1, 2, 2, 3]
    assert found.distribution.point == 3


def test_a_text_made_to_be_slow_is_answered_at_once():
    """8,000 characters of numbers that might have units: each would take a millisecond to explain."""
    for piece in ("=1 to ", " %1 to ", "x *1 ", "kWh 1 %", "1 kWh*z "):
        begun = time.perf_counter()
        with pytest.raises(InputError):
            read(written((piece * 8000)[:8000]))
        assert time.perf_counter() - begun < 1


def test_reading_a_pert_and_a_beta_asks_for_none_of_their_quantiles(monkeypatch: pytest.MonkeyPatch):
    """Their quantiles import SciPy, which `check` is to do without; their ends are finite as they are."""

    def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("lca_ml.distributions.simple.ScaledBeta.quantile", asked)

    assert isinstance(read(written("pert(1, 2, 3)")), Drawn)
    assert isinstance(read(written("beta(0.5, 0.1)")), Drawn)
