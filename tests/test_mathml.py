"""Formulas as MathML: well-formed, and read from left to right they say what the tree says."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_ml.documents import Text
from lca_ml.errors import Place
from lca_ml.expressions import FUNCTIONS, Call, Name, Negative, Number, Operation, mathml, parse, value

VALUES = {"a": 3.0, "b": 0.5, "c": 7.0, "d_e": 2.0}
FENCES = {"min": "min", "max": "max", "exp": "math.exp", "ln": "math.log", "log2": "math.log2", "log10": "math.log10"}


def trees() -> st.SearchStrategy:
    """Trees of names and numbers; divisors and logarithms see positive values only."""
    leaves = st.sampled_from([*map(Name, VALUES), Number(2.0), Number(0.25), Number(1.5e-7)])

    def grown(inner):
        return st.one_of(
            st.builds(Operation, st.sampled_from("+-*"), inner, inner),
            st.builds(Operation, st.just("/"), inner, leaves),
            st.builds(Operation, st.just("**"), leaves, st.sampled_from([Number(2.0), Number(3.0)])),
            st.builds(Operation, st.just("**"), inner, st.just(Number(2.0))),
            st.builds(Negative, inner),
            st.builds(lambda f, x, y: Call(f, (x, y)), st.sampled_from(["min", "max"]), inner, inner),
            st.builds(lambda x: Call("ceil", (x,)), inner),
            st.builds(lambda f, x: Call(f, (x,)), st.sampled_from(["sqrt", "log", "log2", "log10"]), leaves),
        )

    return st.recursive(leaves, grown, max_leaves=12)


def read(element: ET.Element) -> str:
    """Return what an element says as Python: groups without brackets are run together, as an eye reads them."""
    inner = [read(child) for child in element]
    match element.tag:
        case "mi":
            return FENCES.get(element.text, f"V['{element.text}']")
        case "mn":
            return element.text.replace("\u2212", "-")
        case "mo":
            return {"\u2212": "-", "×": "*", "\u2061": "", "⌈": "math.ceil(", "⌉": ")"}.get(element.text, element.text)
        case "mrow":
            return "".join(inner)
        case "mfrac":
            return f"(({inner[0]})/({inner[1]}))"
        case "msup":
            return f"{inner[0]}**({inner[1]})"  # an eye sees it on the last thing before it
        case "msub":
            return f"math.log{inner[1]}"
        case "msqrt":
            return f"math.sqrt({''.join(inner)})"
    raise AssertionError(element.tag)


@given(trees())
def test_it_says_what_the_tree_says(tree):
    """Read as an eye reads it, with the usual order of operations, MathML gives the value of the tree."""
    said = read(ET.fromstring(mathml(tree)))
    expected = value(tree, VALUES.__getitem__)

    assert math.isclose(eval(said, {"V": VALUES, "math": math, "min": min, "max": max}), expected, rel_tol=1e-12, abs_tol=1e-300)


def test_a_sum_in_a_product_is_in_brackets():
    """A × (b + c), and a fraction needs none."""
    made = mathml(Operation("/", Operation("*", Name("a"), Operation("+", Name("b"), Name("c"))), Name("d_e")))

    assert read(ET.fromstring(made)) == "((V['a']*(V['b']+V['c']))/(V['d_e']))"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_reading(function):
    """Each function of the language is written as well-formed MathML."""
    arguments = "a, b" if function in ("min", "max") else "a"
    ET.fromstring(mathml(parse(Text(f"{function}({arguments})", Place("x.yaml")))))


def test_what_stands_for_a_name_is_given():
    """`show` says what stands for each name: a value with its unit."""
    made = mathml(Operation("*", Name("a"), Name("b")), lambda n: f"<mn>{VALUES[n]} kWh</mn>")

    assert "".join(ET.fromstring(made).itertext()) == "3.0 kWh×0.5 kWh"


def test_every_part_shows_its_names_as_it_is_told():
    """Fractions, roots, powers, what is subtracted in brackets: names in capitals wherever they stand."""
    source = "a / b - (c - sqrt(d)) ** e * ceil(f)"
    element = ET.fromstring(f"<math>{mathml(parse(Text(source, Place('s.yaml', 1, 1, 1, source))), lambda n: f'<mi>{n.upper()}</mi>')}</math>")

    assert [e.text for e in element.iter("mi")] == list("ABCDEF")
    assert [e.tag for e in element.iter() if e.tag in ("mfrac", "msqrt", "msup")] == ["mfrac", "msup", "msqrt"]
    assert [e.text for e in element.iter("mo")] == ["−", "(", "−", ")", "×", "⌈", "⌉"]
