"""Formulas: what is one, what it is worth, which unit it has, and where it is wrong."""

from __future__ import annotations

import builtins
import math
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, Place
from lca_ml.expressions import FUNCTIONS, Call, Name, Negative, Number, Operation, Tree, fault, javascript, latex, names, parse, renamed, text, unit_of, value
from lca_ml.units import Unit, unit

KNOWN = {"x": 1.5, "y": 0.25, "traffic": 5e6, "it.energy": 12.0, "n_gpu": 16.0}
UNITS = {
    "energy": "kWh",
    "mass": "kg",
    "power": "W",
    "time": "h",
    "gpus": "GPU",
    "gpu_power": "W/GPU",
    "share": "%",
    "factor": "gCO2e/kWh",
    "area": "m2",
    "pue": "",
    "requests": "request",
    "carbon": "kgCO2e",
}
Blame = tuple[str, str, str]


def written(source: str) -> Text:
    return Text(source, Place("s.yaml", 3, 5, max(len(source), 1), "    " + source))


def read(source: str) -> Tree:
    return parse(written(source))


def refused(source: str) -> Finding:
    with pytest.raises(InputError) as stopped:
        read(source)
    (finding,) = stopped.value.findings
    return finding


def parts(tree: Tree) -> Iterator[Tree]:
    yield tree
    match tree:
        case Negative(operand):
            yield from parts(operand)
        case Operation(_operator, left, right):
            yield from parts(left)
            yield from parts(right)
        case Call(_function, arguments):
            for argument in arguments:
                yield from parts(argument)


def bare(tree: Tree) -> Tree:
    """Return the tree with every span at zero, so that trees of different texts compare."""
    match tree:
        case Negative(operand):
            return Negative(bare(operand))
        case Operation(operator, left, right):
            return Operation(operator, bare(left), bare(right))
        case Call(function, arguments):
            return Call(function, tuple(bare(a) for a in arguments))
    return replace(tree, span=(0, 0))


def worth(source: str, known: dict[str, Any] = KNOWN) -> Any:
    with np.errstate(all="ignore"):
        return value(read(source), known.__getitem__)


def proved(source: str) -> tuple[Unit | None, list[Blame]]:
    """Return the unit of a formula over UNITS and what was blamed: the guilty text, the code, the message."""
    blamed: list[Blame] = []

    def blame(tree: Tree, code: str, message: str, _a: Unit | None, _b: Unit | None) -> None:
        start, width = tree.span
        blamed.append((source[start : start + width], code, message))

    found = unit_of(read(source), lambda name: unit(UNITS[name]) if name in UNITS else None, blame)
    return found, blamed


X, Y = Name("x"), Name("y")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("x", X),
        ("3", Number(3.0)),
        ("1.5e3", Number(1500.0)),
        ("it.energy", Name("it.energy")),
        ("training.baseline.device_hours", Name("training.baseline.device_hours")),
        ("-x", Negative(X)),
        ("+x", X),
        ("((x))", X),
        ("  x ", X),
        ("x + y", Operation("+", X, Y)),
        ("x-y", Operation("-", X, Y)),
        ("x - y - x", Operation("-", Operation("-", X, Y), X)),
        ("x / y * x", Operation("*", Operation("/", X, Y), X)),
        ("x + y * x", Operation("+", X, Operation("*", Y, X))),
        ("(x + y) * x", Operation("*", Operation("+", X, Y), X)),
        ("-x ** 2", Negative(Operation("**", X, Number(2.0)))),
        ("x ** -2", Operation("**", X, Negative(Number(2.0)))),
        ("x ** y ** 2", Operation("**", X, Operation("**", Y, Number(2.0)))),
        ("x - -y", Operation("-", X, Negative(Y))),
        ("min(x, y, 1)", Call("min", (X, Y, Number(1.0)))),
        ("max(x)", Call("max", (X,))),
        ("max(1, 2*x)", Call("max", (Number(1.0), Operation("*", Number(2.0), X)))),
        ("sqrt(exp(x))", Call("sqrt", (Call("exp", (X,)),))),
    ],
)
def test_a_formula_is_read_as_people_read_it(source: str, tree: Tree):
    """Powers bind tighter than a minus before them, products tighter than sums, and equals go from left to right."""
    assert bare(read(source)) == tree


@pytest.mark.parametrize(
    ("source", "word"),
    [
        ("9**9**9**9", "large"),
        ("2**10**9", "large"),
        ("10**400 * x", "large"),
        ("x ** 100", "limit is 99"),
        ("x ** -100", "limit is 99"),
        ("1e999 * x", "finite"),
        ("1e-999 * x", "underflows"),
        ("-" * 5000 + "1", "long"),
        ("-" * 1000 + "1", "deep"),
        ("+" * 1000 + "1", "deep"),
        ("+".join("1" * 5000), "long"),
        ("+".join("1" * 900), "deep"),
        ("(" * 900 + "1" + ")" * 900, "deep"),
        ("sqrt(" * 100 + "1" + ")" * 100, "deep"),
        ("9" * 5000, "long"),
        ("9" * 100, "digits"),
        ("().__class__.__bases__[0].__subclasses__()", "not allowed"),
        ("x.__class__", "attribute"),
        ("x._private", "attribute"),
        ("__import__('os').system('touch /tmp/x')", "not allowed"),
        ("eval(x)", "unknown function"),
        ("open(x)", "unknown function"),
        ("lambda: 1", "not allowed"),
        ("[x for x in y]", "not allowed"),
        ("max(x for x in y)", "not allowed"),
        ("'a'*10**10", "string"),
        ('"a"', "string"),
        ('b"x"', "string"),
        ('f"{x}"', "string"),
        ("x if 1 else 2", "if"),
        ("1 < x < 2", "comparison"),
        ("x == 1", "comparison"),
        ("x is y", "comparison"),
        ("x in y", "comparison"),
        ("x = 1", "syntax"),
        ("(x := 1)", "not allowed"),
        ("x or y", "not allowed"),
        ("not x", "not allowed"),
        ("~5 & 3", "operator"),
        ("x << 2", "operator"),
        ("x @ y", "operator"),
        ("x ^ 2", "power"),
        ("5 // 2", "//"),
        ("7 % 3", "%"),
        ("max()", "at least 1 argument"),
        ("sqrt()", "1 argument"),
        ("sqrt(1, 2)", "1 argument"),
        ("min(1, 2, *[3])", "not allowed"),
        ("min(**x)", "keyword"),
        ("max(key=1)", "keyword"),
        ("max(" + ", ".join("1" * 33) + ")", "argument"),
        ("foo(1)", "foo is an unknown function"),
        ("energy()", "energy is an unknown function"),
        ("math.sqrt(2)", "function"),
        ("f(x)(y)", "function"),
        ("2 x", "operator is missing"),
        ("4 kWh + x", "operator is missing"),
        ("x y", "operator is missing"),
        ("(x) (y)", "function"),
        ("", "empty"),
        ("   ", "empty"),
        ("1,5 * 2", "decimal comma"),
        ("(1,5 * x)", "decimal comma"),
        ("max((1,5 * x), 2)", "decimal comma"),
        ("max(1, x) * 1,5", "decimal comma"),
        ("x, y", "comma"),
        ("()", "comma"),
        ("3\u2212 2", "U+2212"),
        ("3 \u00d7 2", "U+00D7"),
        ("x\u00a0+ 2", "U+00A0"),
        ("\ufb01 + 1", "U+FB01"),
        ("é + 1", "U+00E9"),
        ("x\u200b + 1", "U+200B"),
        ("x\t+ 1", "U+0009"),
        ("1 # comment", "#"),
        ("1\n+ 2", "U+000A"),
        ("1\0 + 2", "U+0000"),
        ("0x10 + 0b1", "0x10"),
        ("0o7", "0o7"),
        ("1_000", "1_000"),
        ("010 + 1", "010"),
        (".5 * x", "both sides"),
        ("5. * x", "both sides"),
        ("1.e5", "point"),
        ("1j", "complex"),
        ("None", "None"),
        ("True", "True"),
        ("...", "not allowed"),
        ("x[0]", "not allowed"),
        ("x[1:2]", "not allowed"),
        ("{1: 2}", "not allowed"),
        ("await x", "not allowed"),
        ("yield x", "syntax"),
        ("*x", "syntax"),
        ("x;y", "syntax"),
        ("x +", "syntax"),
        ("(x", "syntax"),
        ("x)", "syntax"),
        ("1.2.3", "syntax"),
        ("x.1", "syntax"),
        ("1x", "syntax"),
        ("import os", "syntax"),
        ("$x", "syntax"),
        ("x?", "syntax"),
        ("`x`", "syntax"),
        ("x!", "syntax"),
    ],
    ids=lambda source: re.sub(r"[^ -\[\]-~]", "?", source[:30]),
)
def test_what_is_not_a_formula_is_refused_with_the_reason(source: str, word: str):
    """Each is stopped before anything is calculated, and the message holds the word that helps."""
    finding = refused(source)

    assert word in finding.message
    assert finding.place.line == 3
    assert finding.place.column >= 5
    assert len(str(finding)) < 1_000


@pytest.mark.parametrize(
    ("source", "column", "width"),
    [
        ("x ^ 2", 7, 1),
        ("x + foo(1)", 9, 3),
        ("x * y.__class__", 9, 11),
        ("x ** 100", 10, 3),
        ("x + 010", 9, 3),
        ("x + (1 < y)", 10, 5),
        ("x \u2212 y", 7, 1),
        ("1 + 2 x", 9, 2),
        ("x + max()", 9, 5),
        ("  x + 1e999", 11, 5),
        ("x * 'y'", 9, 1),
        ("x // y", 7, 2),
    ],
)
def test_the_guilty_part_of_a_formula_is_the_place_cited(source: str, column: int, width: int):
    """The formula begins at column 5: the operator, the name or the number at fault is what the caret stands under."""
    place = refused(source).place

    assert (place.column, place.width) == (column, width)


def test_the_place_of_a_quoted_formula_is_behind_the_quote():
    """A quote at column 5 moves the text to column 6 and ^ to column 8."""
    with pytest.raises(InputError) as stopped:
        parse(Text("x ^ 2", Place("s.yaml", 3, 5, 7, '    "x ^ 2"'), quoted=True))

    assert stopped.value.findings[0].place.column == 8


@pytest.mark.parametrize(
    "source", ["9**9**9**9", "(" * 100_000, "-" * 100_000 + "1", "x+" * 100_000, "9" * 100_000, "x**" * 600 + "x", "(x+" * 59 + "x" + ")" * 59]
)
def test_a_hostile_formula_takes_no_time(source: str):
    """Length, nesting and exponents are looked at before Python's parser is: a second at most on a busy machine."""
    began = time.perf_counter()
    try:
        tree = read(source)
    except InputError as stopped:
        assert stopped.findings[0].place.line == 3
    else:
        assert sum(isinstance(part, Name) for part in parts(tree)) == 60
    assert time.perf_counter() - began < 1


def test_sixty_levels_are_read_and_one_more_is_not():
    """60 terms of a sum are 60 levels of additions one in another."""
    assert worth("+".join("1" * 60)) == 60
    assert refused("+".join("1" * 61)).code == "formula-deep"


@pytest.mark.parametrize("name", sorted(n for n in dir(builtins) if n.isidentifier() and n not in FUNCTIONS))
def test_no_name_of_python_is_reachable(name: str):
    """A builtin is a plain name that nothing stands for, and calling it is refused."""
    if name in ("None", "True", "False"):
        assert name in refused(name).message
    elif name == "__debug__":
        assert isinstance(read(name), Name)
    else:
        assert read(name) == Name(name, (0, len(name)))
        with pytest.raises(KeyError):
            worth(name, {})
    assert refused(f"{name}(1)").code in ("function", "formula-syntax")


@given(st.text("xy01.,+-*/() \t_eEjma[]{}'\"#^%<>=!~:lx", max_size=25))
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_formula_or_refused(source: str):
    """Whatever is typed, the answer is a tree or an InputError at line 3, never another exception."""
    try:
        tree = read(source)
    except InputError as stopped:
        assert stopped.findings[0].place.line == 3
    else:
        assert all(isinstance(part, (Number, Name, Negative, Operation, Call)) for part in parts(tree))


NUMBERS = st.sampled_from([0.0, 0.125, 0.5, 1.0, 2.0, 3.0, 7.25, 10.0, 1234.5, 1e20]).map(Number)
LEAVES = NUMBERS | st.sampled_from(sorted(KNOWN)).map(Name)
EXPONENTS = st.sampled_from([0.5, 2.0, 3.0]).map(Number)


def branches(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.one_of(
        st.builds(Negative, inner),
        st.builds(Operation, st.sampled_from("+-*/"), inner, inner),
        st.builds(Operation, st.just("**"), inner, EXPONENTS | EXPONENTS.map(Negative)),
        st.builds(Call, st.sampled_from(["min", "max"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(["ceil", "sqrt", "exp", "log", "log2", "log10"]), st.tuples(inner)),
    )


TREES = st.recursive(LEAVES, branches, max_leaves=10)
PYTHON = {
    "min": lambda *a: min(a),
    "max": lambda *a: max(a),
    "ceil": lambda a: float(math.ceil(a)),
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
}


@given(TREES)
@settings(deadline=None, max_examples=300)
def test_a_formula_written_is_a_formula_read(tree: Tree):
    """`text` puts brackets where they are needed and nowhere else changes what `parse` makes of it."""
    assert bare(read(text(tree))) == tree
    assert text(read(text(tree))) == text(tree)


@given(TREES)
@settings(deadline=None, max_examples=300)
def test_every_part_knows_where_it_stands(tree: Tree):
    """The stretch of text a part cites, read alone, is that part."""
    source = text(tree)
    for part in parts(read(source)):
        start, width = part.span
        assert bare(read(source[start : start + width])) == bare(part)


@given(TREES)
@settings(deadline=None, max_examples=400, derandomize=True)
def test_a_formula_is_worth_what_python_makes_of_the_same_text(tree: Tree):
    """Python's own evaluation of the text agrees to 1e-12 of the largest number met on the way."""
    source = text(tree, lambda name: name.replace(".", "_"))
    try:
        expected = eval(source, {"__builtins__": {}}, PYTHON | {n.replace(".", "_"): v for n, v in KNOWN.items()})
    except (ArithmeticError, ValueError):
        expected = math.nan
    assume(not isinstance(expected, complex) and math.isfinite(expected))
    with np.errstate(all="ignore"):
        largest = max(abs(value(part, KNOWN.__getitem__)) for part in parts(tree))
        found = value(tree, KNOWN.__getitem__)

    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12 * (largest if math.isfinite(largest) else 1.0))


@given(TREES)
@settings(deadline=None, max_examples=200, derandomize=True)
def test_arrays_and_floats_agree(tree: Tree):
    """Sample i of a formula over arrays is the formula over the numbers of sample i, to the last digits a processor's exp and log may differ in."""
    samples = {name: v * np.linspace(0.5, 2.0, 7) for name, v in KNOWN.items()}
    with np.errstate(all="ignore"):
        together = np.broadcast_to(value(tree, samples.__getitem__), 7)
        apart = [value(tree, {n: float(v[i]) for n, v in samples.items()}.__getitem__) for i in range(7)]
        biggest = max([np.max(np.abs(np.nan_to_num(value(p, samples.__getitem__), posinf=0, neginf=0))) for p in parts(tree)])

    assert together == pytest.approx(np.array(apart, dtype=float), rel=1e-12, abs=1e-12 * float(biggest), nan_ok=True)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("-x ** 2", -2.25),
        ("(-x) ** 2", 2.25),
        ("x ** 3 ** 1", 3.375),
        ("x - y - 1", 0.25),
        ("x / y / 2", 3.0),
        ("x / (y / 2)", 12.0),
        ("traffic * it.energy", 6e7),
        ("min(3, x, y)", 0.25),
        ("max(3, x, y)", 3.0),
        ("ceil(n_gpu / 6)", 3.0),
        ("ceil(-1.5)", -1.0),
        ("sqrt(x * 6)", 3.0),
        ("log(exp(x))", 1.5),
        ("log2(8) + log10(1000)", 6.0),
        ("8 ** (1/3)", 2.0),
        ("x ** 0", 1.0),
        ("1e-07 * x", 1.5e-7),
        ("1e-007", 1e-7),
        ("max(1,2*x)", 3.0),
        ("x + max(1,5 * x, 2)", 9.0),
        ("max((1),2*x)", 3.0),
    ],
)
def test_a_formula_is_worth_what_one_works_out(source: str, expected: float):
    """With x = 1.5, y = 0.25, traffic = 5e6, it.energy = 12, n_gpu = 16."""
    assert worth(source) == pytest.approx(expected, rel=1e-15)


def test_the_names_of_a_formula_come_from_left_to_right():
    """`names` yields each as often as it stands there; `renamed` changes them and nothing else."""
    tree = read("b * (a + max(c.d, -b)) ** 2")

    assert [n.name for n in names(tree)] == ["b", "a", "c.d", "b"]
    assert text(renamed(tree, lambda n: f"s.{n.name}")) == "s.b * (s.a + max(s.c.d, -s.b)) ** 2"
    assert renamed(tree, lambda n: n.name) == tree


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("power * time", "kWh"),
        ("gpus * gpu_power * time * pue", "kWh"),
        ("energy * factor", "kgCO2e"),
        ("carbon / energy", "kgCO2e/kWh"),
        ("energy + power * time", "kWh"),
        ("-energy", "kWh"),
        ("energy * 2", "kWh"),
        ("1 / time", "1/h"),
        ("energy / energy", ""),
        ("share * share", "%"),
        ("sqrt(area)", "m"),
        ("area ** 2", "m**4"),
        ("area ** -1", "1/m2"),
        ("area ** (1/2)", "m"),
        ("area ** 0.5", "m"),
        ("energy ** (1/3) * energy ** (2/3)", "kWh"),
        ("energy ** 0", ""),
        ("pue ** share", ""),
        ("2 ** pue", ""),
        ("max(energy, power * time)", "kWh"),
        ("min(share, 1)", ""),
        ("ceil(gpus)", "GPU"),
        ("ceil(requests / 1000)", "request"),
        ("ceil(pue)", ""),
        ("exp(share)", ""),
        ("log(energy / energy)", ""),
    ],
)
def test_a_formula_has_the_unit_of_what_it_measures(source: str, name: str):
    """W × h is energy, gCO2e/kWh × kWh is carbon, the root of a surface is a length: nothing is blamed."""
    found, blamed = proved(source)

    assert blamed == []
    assert found is not None
    assert found.same(unit(name))


@pytest.mark.parametrize(
    ("source", "guilty", "code", "word"),
    [
        ("2 * (energy + mass)", "energy + mass", "dimension", "added"),
        ("energy - gpus * time", "energy - gpus * time", "dimension", "subtracted"),
        ("energy + 1", "energy + 1", "dimension", "pure number"),
        ("carbon + mass", "carbon + mass", "dimension", "kg"),
        ("requests + gpus", "requests + gpus", "dimension", "request"),
        ("max(energy, mass, 1)", "max(energy, mass, 1)", "dimension", "compared"),
        ("1 + energy ** mass", "energy ** mass", "exponent", "kg"),
        ("energy ** pue", "energy ** pue", "exponent", "constant"),
        ("energy ** 0.0001", "energy ** 0.0001", "exponent", "simple fraction"),
        ("energy ** 2.0001", "energy ** 2.0001", "exponent", "simple fraction"),
        ("energy ** 0.3333", "energy ** 0.3333", "exponent", "simple fraction"),
        ("energy ** (1/13)", "energy ** (1/13)", "exponent", "simple fraction"),
        ("2 ** energy", "2 ** energy", "exponent", "pure number"),
        ("2 * exp(energy)", "exp(energy)", "function-unit", "exp takes a pure number"),
        ("log10(mass)", "log10(mass)", "function-unit", "kg"),
        ("ceil(energy)", "ceil(energy)", "function-unit", "ceil"),
        ("ceil(gpus * time)", "ceil(gpus * time)", "function-unit", "ceil"),
    ],
)
def test_a_sum_of_different_things_is_blamed_at_its_operator(source: str, guilty: str, code: str, word: str):
    """The smallest part that makes no sense is cited, once, and what contains it is not."""
    found, blamed = proved(source)

    assert found is None
    assert (blamed[0][0], blamed[0][1]) == (guilty, code)
    assert word in blamed[0][2]
    assert all(b[0] == guilty for b in blamed)


def test_every_mistake_of_a_formula_is_blamed():
    """(energy + mass) * exp(power) holds two, and a name without a unit is reported elsewhere."""
    assert [b[0] for b in proved("(energy + mass) * exp(power)")[1]] == ["energy + mass", "exp(power)"]
    assert proved("energy + unknown") == (None, [])


def test_the_units_of_both_sides_are_handed_over():
    """Whoever explains a refused sum is told that energy is in kWh and gpus * time in GPU·h."""
    told: list[tuple[str, str]] = []
    unit_of(read("energy + gpus * time"), lambda n: unit(UNITS[n]), lambda _t, _c, _m, a, b: told.append((a.text, b.text)))

    assert len(told) == 1
    assert told[0][0] == "kWh"
    assert unit(told[0][1]).same(unit("GPU*h"))


@pytest.mark.parametrize(
    ("source", "guilty", "word"),
    [
        ("x + 1 / (y - y)", "1 / (y - y)", "division by zero"),
        ("2 * log(y - x)", "log(y - x)", "log"),
        ("log10(0)", "log10(0)", "domain"),
        ("sqrt(-x)", "sqrt(-x)", "sqrt"),
        ("(-8) ** (1/3)", "(-8) ** (1/3)", "complex"),
        ("exp(1000) * 0", "exp(1000)", "overflow"),
        ("0 ** -1", "0 ** -1", "zero"),
        ("traffic ** 60", "traffic ** 60", "overflow"),
        ("(-1e10) ** 99", "(-1e10) ** 99", "overflow"),
        ("(-1e10) ** 98", "(-1e10) ** 98", "overflow"),
        ("max(1, exp(800) / exp(900))", "exp(800)", "overflow"),
    ],
)
def test_the_part_that_gives_no_finite_number_is_found(source: str, guilty: str, word: str):
    """Its own parts are finite and it is not: that is where the mistake is, and the reason is said."""
    found = fault(read(source), KNOWN.__getitem__)

    assert found is not None
    tree, reason = found
    assert source[tree.span[0] :][: tree.span[1]] == guilty
    assert word in reason


@pytest.mark.parametrize("source", ["x - x", "x / y", "sqrt(0)", "0 ** 2", "max(x, -1)", "log(x)"])
def test_a_finite_formula_has_no_fault(source: str):
    """Zero is a value like any other."""
    assert fault(read(source), KNOWN.__getitem__) is None


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("it_energy * pue", r"\mathit{it\_energy} \cdot \mathit{pue}"),
        ("a / (b + c)", r"\frac{\mathit{a}}{\mathit{b} + \mathit{c}}"),
        ("(a + b) * c", r"\left(\mathit{a} + \mathit{b}\right) \cdot \mathit{c}"),
        ("a - (b - c)", r"\mathit{a} - \left(\mathit{b} - \mathit{c}\right)"),
        ("-(a + b)", r"-\left(\mathit{a} + \mathit{b}\right)"),
        ("-a ** 2", r"-{\mathit{a}}^{2}"),
        ("(-a) ** 2", r"{\left(-\mathit{a}\right)}^{2}"),
        ("(a + b) ** -1", r"{\left(\mathit{a} + \mathit{b}\right)}^{-1}"),
        ("a ** b ** c", r"{\mathit{a}}^{{\mathit{b}}^{\mathit{c}}}"),
        ("(a ** b) ** c", r"{\left({\mathit{a}}^{\mathit{b}}\right)}^{\mathit{c}}"),
        ("(a * b) ** 2", r"{\left(\mathit{a} \cdot \mathit{b}\right)}^{2}"),
        ("(a / b) ** 2", r"{\left(\frac{\mathit{a}}{\mathit{b}}\right)}^{2}"),
        ("1e20 ** 2", r"{\left(1 \times 10^{20}\right)}^{2}"),
        ("3 ** a", r"{3}^{\mathit{a}}"),
        ("sqrt(a) ** 2", r"{\sqrt{\mathit{a}}}^{2}"),
        ("6e20 * a", r"6 \times 10^{20} \cdot \mathit{a}"),
        ("sqrt(a) + ceil(b)", r"\sqrt{\mathit{a}} + \left\lceil \mathit{b} \right\rceil"),
        ("log(a) + log2(b) + log10(c)", r"\ln\left(\mathit{a}\right) + \log_2\left(\mathit{b}\right) + \log_{10}\left(\mathit{c}\right)"),
        ("max(a, 1) - exp(b)", r"\max\left(\mathit{a}, 1\right) - \exp\left(\mathit{b}\right)"),
    ],
)
def test_a_formula_is_typeset(source: str, written: str):
    """Fractions stand above each other, names are slanted words, brackets grow."""
    assert latex(read(source)) == written


@given(st.floats(0, 1e300))
@settings(deadline=None, max_examples=300)
def test_a_number_is_written_with_all_its_digits(number: float):
    """Read back, `text` gives the number to the last bit, and a whole number has no point."""
    assert read(text(Number(number))).value == number
    assert text(Number(2.0)) == "2"
    assert text(Number(1e-7)) == "1e-07"
    assert text(Number(0.1 + 0.2)) == "0.30000000000000004"


def test_python_says_nothing_of_its_own(capfd: pytest.CaptureFixture[str]):
    """`1or x` is a boolean to Python, with a warning on stderr; here it is refused and that is all."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert refused("1or x").code == "formula-syntax"

    assert capfd.readouterr() == ("", "")


def test_names_may_be_shown_in_other_words():
    """`show` says what stands for each name, in text and in LaTeX."""
    tree = read("n * p")

    assert text(tree, {"n": "16 GPU", "p": "400 W/GPU"}.__getitem__) == "16 GPU * 400 W/GPU"
    assert latex(tree, {"n": "N", "p": "P"}.__getitem__) == r"N \cdot P"


def test_a_thousand_points_in_a_name_are_one_name():
    """`a.a.a…` of 990 parts is read without recursion, and reads back to itself."""
    long = "a" + ".a" * 989

    assert [n.name for n in names(read(long))] == [long]


@pytest.mark.parametrize("source", ["(x + y).z", "max(x).y", "2 .real", "x._y", "x.__class__", "_x.y"])
def test_what_a_point_must_not_follow_is_refused(source: str):
    """A name may be dotted; a sum, a call and a number have no parts, and none begins with _."""
    assert refused(source).code in ("formula-syntax", "number")


@pytest.mark.parametrize("wrong", [MemoryError(), RecursionError()])
def test_what_is_too_deep_for_pythons_parser_is_refused(wrong: Exception, monkeypatch: pytest.MonkeyPatch):
    """Our own limits come first; should Python's parser still give up, that is no mistake of the user's syntax."""

    def gives_up(*_args: object, **_more: object) -> None:
        raise wrong

    monkeypatch.setattr("lca_ml.expressions.parser.ast.parse", gives_up)
    assert (refused("x + y").code, refused("x + y").message) == ("formula-deep", "the formula is nested too deep")


@pytest.mark.parametrize("source", ["unknown ** 2", "2 ** unknown", "max(unknown, x)", "sqrt(unknown)", "unknown + x", "x * unknown", "-unknown"])
def test_what_holds_an_unknown_name_has_no_unit_and_is_not_blamed_twice(source: str):
    """Who does not know the name says so; the operators around it say nothing."""
    blamed: list[str] = []
    found = unit_of(read(source), lambda name: None if name == "unknown" else unit(""), lambda _tree, code, *_rest: blamed.append(code))

    assert (found, blamed) == (None, [])


@pytest.mark.parametrize(("before", "after"), [("exp(", ")"), ("-(", ")"), ("(1 + ", ")"), ("(", " ** 2)"), ("max(1, ", ")")])
def test_sixty_levels_are_read_and_sixty_one_are_not(before: str, after: str):
    """Fifty-nine of anything around a name are sixty levels, the limit; one more is nested too deep."""
    assert [n.name for n in names(read(before * 59 + "x" + after * 59))] == ["x"]
    assert refused(before * 60 + "x" + after * 60).code == "formula-deep"


def test_many_brackets_beside_each_other_are_not_deep():
    """Sixty-four pairs, none in another but for that of the function."""
    assert value(read(f"max({', '.join(['(x)'] * 32)}) + max({', '.join(['(x)'] * 32)})"), KNOWN.__getitem__) == 3.0


def test_a_comma_parts_arguments_wherever_it_stands_among_them():
    """`max(x, 1,5 * 2)` has three arguments: 1.5, 1 and 10."""
    assert value(read("max(x, 1,5 * 2)"), KNOWN.__getitem__) == 10.0


def test_brackets_around_one_name_are_no_levels_up_to_the_limit():
    """Sixty pairs around a name are read as the name; sixty-one are too deep, whatever is in them."""
    assert [n.name for n in names(read("(" * 60 + "x" + ")" * 60))] == ["x"]
    assert refused("(" * 61 + "x" + ")" * 61).code == "formula-deep"


def test_a_formula_is_written_as_javascript():
    """Each operation in brackets of its own, powers and functions those of Math, numbers with all their digits, names as they are shown."""
    tree = read("-x ** 2 / max(y, 1e30) + ceil(0.1 * 3) - log10(x)")

    assert javascript(tree, lambda name: f"v.{name}") == ("((((-Math.pow(v.x, 2)) / Math.max(v.y, 1e+30)) + Math.ceil((0.1 * 3))) - Math.log10(v.x))")


def test_every_part_of_a_formula_shows_its_names_as_it_is_told():
    """Each kind of part once, in LaTeX, its names in capitals wherever they stand."""
    tree = read("a ** b / c - d * (e - f) + sqrt(g) - (h + ceil(i)) - max(j, -k) + log2(l) ** 2 + m")

    assert latex(tree, str.upper) == (
        r"\frac{{A}^{B}}{C} - D \cdot \left(E - F\right) + \sqrt{G} - \left(H + \left\lceil I \right\rceil\right)"
        r" - \max\left(J, -K\right) + {\log_2\left(L\right)}^{2} + M"
    )
