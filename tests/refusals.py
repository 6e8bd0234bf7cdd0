"""What is refused, in full: `python tests/refusals.py` writes `tests/refusals.txt`, each wrong text with the whole of what a user reads.

A message is part of the product. A change of one shows in that page, and is read there before it is kept.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from lca_ml import distributions as d
from lca_ml.documents import Text, confined, decode, parse, read_bytes
from lca_ml.errors import Finding, LcaError, Place
from lca_ml.expressions import fault, unit_of, value
from lca_ml.expressions import parse as parse_formula
from lca_ml.expressions import text as formula_text
from lca_ml.units import Quantity, quantity, read_unit, unit
from lca_ml.values import Drawn, read, relative

PAGE = Path(__file__).with_suffix(".txt")

# Wrong texts are read along the line.
# fmt: off

DOCUMENTS = (
    b"", b"# nothing\n", b"---\n", b"x\n", b"a\nb\n", b"- x\n", b"'a'\n", b"a: 1\n---\nb: 2\n", b"a: 1\n...\nb: 2\n", b"%TAG ! tag:x,2000:\n---\na: 1\n",
    b"%YAML 3.0\n---\na: 1\n", b"a: !!str 1\n", b"a: ! x\n", b"!!map {a: 1}\n", b"!!str a: 1\n", b"a: &x 1\nb: &x 2\n", b"a: &x\nb: *x\n", b"a: *x\n",
    b"a: &x [*x]\n", b"a: * x\n", b"*x : 1\n", b"[a]: 1\n", b"? {a: 1}\n: 2\n", b"<<: {a: 1}\n", b": 1\n", b"~: 1\n", b"null: 1\n", b"' ': 1\n",
    b"a: 1\nb: 2\na: 3\n", b"a: {b: 1, b: 2}\n", b"a: {b: uniform(1, 2) kg}\n", b"a:\n\t- x\n", b"a: 1\n\tb: 2\n", b"a: 1\n  b: 2\n",
    b"a:\n    b: 1\n  c: 2\n", b"a: b: c\n", b"a: [1, 2\n", b"a: [1 2\nb: 3\n", b"a: {b: 1\n", b"a: 1]\nb: ]\n", b"a: }\n", b"a: 'x\n", b'a: "x\n',
    b'a: "\\q"\n', b'a: "\\u202e"\n', b'a: "\\0"\n', b"a: 'x' y\n", b"a: [x] y\n", b'"a": "x" # c\n"b"\n', b"a: @x\n", b"a: `x`\n", b"a: %x\n",
    b"a: !x!y z\n", b"a: - x\n", b"a:\n  - x\n  b: 1\n", b"a:\n  b: 1\n  - x\n", b"a: | x\n  y\n", b"a: [, x]\n", b"a: {, x}\n",
    b"a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> other\n", b"a: x\x00y\n", b"a: x\x1by\n", b"a: x\xc2\x85y\n", b"a: x\xe2\x80\xa8y\n",
    b"a: x\xef\xbb\xbfy\n", b"a: \xe2\x80\x9cx\xe2\x80\x9d\n", b"a: \xe2\x80\x98x\xe2\x80\x99\n", b"a: x\xffy\n", b"a: 1\r\nb: \xe9\r\n",
    b"\xff\xfea\x00:\x00 \x00x", b"\xff\xfe\x00\x00a\x00\x00\x00", b"\xfe\xff\x00a\x00:\x00 \xd8\x00", b"a: " + b"[" * 41 + b"]" * 41 + b"\n",
    b"a: " + b"x" * 8001 + b"\n", b"k" * 121 + b": 1\n", b"a: &a0 x\n" + b"".join(b"k%d: &a%d x\n" % (i, i) for i in range(1, 101)),
    b"a: x\xee\x80\x80y\n", b"' a': 1\n", b'"a\\u00a0": 1\n', b'"a\\tb": 1\n', b'"a\\nb": 1\n', b"a: x\n  - y\n", b"a:\n  b\na: 2\n", b"a:\n  - x\nb: 1]\n]\n",
    b"a: [x,\n\ty z: 1: 2]\n", b"- \t- x\n", b"a: {b: uniform(1" + b"0" * 40 + b", 2)}\n",
    b"a: &a {" + b"".join(b"k%d: x, " % i for i in range(499)) + b"z: x}\nb: &b [" + b"*a, " * 50 + b"*a]\n",
    b"a: &a [" + b"x, " * 999 + b"x]\nb: &b [" + b"*a, " * 50 + b"*a]\n",
)

PATHS = (
    "", " ", "https://example.org/x.csv", "/etc/passwd", "~/x.csv", "\\x", "C:\\x.csv", "c:/x.csv", "../x.csv", "x/../../y.csv", "missing.csv", "folder",
    ".", "a\x00b",
)

UNITS = (
    "kWh/", "/h", "kWh GB", "kWh  h", "kW.h", "kWh*", "kWh**", "kWh**0", "kWh**10", "kWh**-10", "kWh**1.5", "kWh^", "(kWh", "kWh)", "()", "1", "2", "kWh-h",
    "-kWh", "kt", "ton", "Gb", "KB", "MT", "C", "a", "yr", "kgCO2", "kWp", "FLOPS", "TFLOPS", "PUE", "lb", "BTU", "EURO", "EUR2020", "USD23", "€", "5€",
    "°C", "ωh", "kwh", "Kwh", "gpu", "kilowatt", "zzz", "\ue000h", "h\x7f", "k" * 31, "12345678901/h", "x" * 101,
    "(" * 9 + "h" + ")" * 9, "YFLOP**9*YFLOP**9", "ugCO2e**9*ugCO2e**9*ugCO2e**9*ugCO2e**9",
    "kWh\xa0", "m²", "%%", "GPU%",
)

LEAVES = (
    "", "  ", "true", "no", "null", "~", "1,5 kg", "1,000 kg", "1,000,000.5", "1 000 kWh", "1\u202f000 kWh", "1'000", "5 ± 1 kg", "5±1", "5(1) kg",
    "5..10 kg", "1.2.3", "<5 kg", "≈ 5 kg", "€5", "$5", "0x10", "010", "00", "-010 kg", "1_000.5_0", "1__0", "1_", "_1", "+5 kg", ".5", "5.", "5. kg",
    "-.5", "inf", "nan kg", ".inf", "-inf", "−5 kg", "–5", "٣ kg", "1e999", "1e-999", "1e308 YFLOP", "5e-324 ugCO2e", "1e", "1e+", "1e5.5", "1:30",
    "12:30:05", "5;6", "2**3 kg", "5^2", "1" * 61, "5 kwh", "5 kWh/", "5 foo", "5 kWh GB", "5kWhh", "gauss(1, 2)", "tri(1, 2, 3)", "truncnormal(1, 2)",
    "discrete(1=1)", "sin(x)", "uniforn(1, 2)", "f()", "x * uniform(1, 2)", "uniform(1, 2) * x", "uniform(1, 2", "uniform(1, 2))", "uniform(1)",
    "uniform()", "uniform(1, 2, 3)", "uniform(2, 1)", "uniform(1, high=2, low=1)", "uniform(low=1, 2)", "uniform(lo=1, high=2)", "uniform(low=1, low=2)",
    "uniform(x, 2)", "uniform(1 kg, 2)", "uniform(1 %, 2)", "uniform(inf, 2)", "uniform(1,5, 2)", "uniform(+1, 2)", "uniform(, 2)", "uniform(1..2, 3)",
    "uniform(-1e308, 1e308)", "uniform(1e308, 1.5e308) kWh", "loguniform(0, 1)", "loguniform(-1, 1)", "loguniform(2, 1)", "triangular(1, 5, 3)",
    "triangular(3, 2, 1)", "triangular(1, 2)", "pert(1, 0, 2)", "normal(1, -1)", "normal(1)", "normal(0, 1e308)", "lognormal(0, 2)", "lognormal(-1, 2)",
    "lognormal(1, 0.5)", "lognormal(1, 1e40)", "lognormal(gsd=1.2)", "lognormal(gsd2=1.2, median=1)", "beta(0, 0.1)", "beta(1.5, 0.1)", "beta(0.5, 0.5)",
    "beta(0.5, 1e-170)", "beta(0.5, -1)", "normal(5, 1, min=9, max=2)", "normal(5, 1, min=100)", "normal(5, 1, min=5, max=5)", "normal(5, 1, minimum=0)",
    "uniform(1, 2) foo", "uniform(1, 2) kWh GB", "choice()", "choice(1)", "choice(a)", "choice(=1)", "choice(a=x)", "choice(a=0.5)", "choice(a=0.5, b=0.6)",
    "choice(a=1.5, b=-0.5)", "choice(a=0.5, a=0.5)", "choice(1=0.5, 1.0=0.5)", "choice(1e999=1)", "choice(010=1)", "empirical(f.csv)", "empirical()",
    "empirical(f.csv, c, d)", "empirical(f.csv, nan)", "empirical(f.csv, one)", "empirical(f.csv, huge) YFLOP", "5 to 1 kg", "5 to 5 kg", "1,5 to 2 kg",
    "1 to 2 foo", "010 to 20", "1e-320 to 1e300", "-1e308 to 1e308", "1 to", "to 2", "uniform(2**3, 4)", "uniform(2^3, 4)",
    "uniform(INF, 2)", "uniform(1" + "0" * 30 + " kg, 2)", "uniform(1" + "0" * 70 + " kg, 2)",
    "uniform((1), 2)", "normal(max(1), 2) kg", "uniform(foo, 2) foo", "uniform(1, 2) 2", "normal(5, 1, max=-100)",
    "1 kWh*z " * 20 + "4 kWh + x", "1 kWh*z " * 19 + "4 kWh + x",
    "4 kWh + x", "x + 4 kWh", "max(4 kWh, x)", "2 % * x",
)

QUANTITIES = (
    "1.5,2 kg", "INF", "NaN kg", "0XFF", "", " ", "5^2", "2**3 kg", "1" * 35 + "e999", "0." + "0" * 34 + "1e-320", "1,5" + "5" * 30, "1,5" + "5" * 27,
    "+" + "1" * 30,
)

FORMULAS = (
    "x y", "2 x", "x 2", "(x) y", "x +", "+ * x", "x ^ 2", "x // 2", "x % 2", "x # y", "'x'", '"x"', "0x10 + x", "010 + x", "1_000 + x", "2j + x", "1" * 41,
    "1,5 * x", "1,5", "x, y", "(x, y)", "max(1,5)", "x = 1", "x == 1", "x < y", "x if y else z", "x and y", "not x", "~x", "x @ y", "x | y", "x << 2",
    "lambda: x", "[x]", "{x}", "{x: y}", "x[0]", "x.y()", "x._y", "_x.y", "(x + y).z", "x.y.__class__", "f(x)", "sn(x)", "logg(x)", "abs(x)", "sqrt()",
    "sqrt(x, y)", "min()", "max(*x)", "max(x, key=y)", "max(" + "x, " * 32 + "x)", "exp(x=1)", "True", "None", "...", "b'x'", "x ** 100", "x ** -100",
    "9 ** 9 ** 9", "2 ** (1/3) ** 2", ".5 * x", "5. * x", "1e999 * x", "1e-999 * x", "x\ny", "x\ty", "x × y", "x ÷ y", "x − y", "x · y", "x\xa0+ y", "é",
    "x\x00", "(" * 61 + "x" + ")" * 61,
    "-" * 25 + "x", "x" + "[y]" * 40, "1," + "5" * 35,
    "x" * 2001, "x +" * 100 + "x", "(x", "x)", "()", "", "x := 1", "import x", "x; y", "yield x",
    "await x", "f'{x}'", "x for x in y", "1or x", "00", "1.2.3", "1e", "$x", "x!", "x?",
)

MEASURED = {"energy": "kWh", "mass": "kg", "gpus": "GPU", "share": "%", "pue": "", "area": "m2", "requests": "request"}

MISMEASURED = (
    "energy + mass", "energy - mass", "max(energy, mass)", "min(pue, gpus, mass)", "energy + 1", "energy ** pue", "pue ** energy", "energy ** 13",
    "energy ** (1/13)", "2 ** mass", "exp(energy)", "log(mass)", "ceil(energy)", "ceil(energy / energy)", "sqrt(energy) + mass", "log2(gpus)",
    "energy ** (pue / 2)", "energy + (mass + gpus)", "(energy + mass) * 2", "-(energy + mass)", "share + energy", "area ** 99",
)

FAULTY = (
    "1 / (x - x)", "(0 - 8) ** (1/3)", "0 ** -1", "log(0 - 1)", "log2(x - x)", "log10(0)", "sqrt(-x)", "exp(1e6)", "1e308 * 10", "2 * (x / 0) + 1",
    "max(1 / 0, 2)", "x ** 2 / 0 ** x", "-(1 / 0)",
)

UNCERTAIN = (
    ("5 kWh", "3 kWh"), ("x * 2", "3 kWh"), ("choice(a=1)", "3 kWh"), ("choice(FR=0.5, DE=0.5)", "3 kWh"),
    ("uniform(1, 2) kg", "3 kWh"), ("uniform(-10 %, 5)", "3 kWh"),
    ("uniform(+10 %, -10 %)", "3 kWh"), ("lognormal(gsd=0.5)", "3 kWh"), ("lognormal(gsd=1.2)", "-3 kWh"), ("lognormal(gsd=1.2)", "0 kWh"),
    ("normal(sd=-5 %)", "3 kWh"), ("normal(sd=1e400 %)", "3 kWh"), ("uniform(-1,5 %, +1 %)", "3 kWh"), ("triangular(-10 %, +10 %)", "3 kWh"),
    ("1 to 2 kg", "3 kWh"), ("normal(0, 1e300)", "3 YFLOP"), ("empirical(f.csv, c) kg", "3 kWh"),
)

SUSPECT = (
    "normal(1, 1)", "normal(5, 1)", "lognormal(1, 101)", "normal(5, 0)", "lognormal(5, 1)", "beta(0.5, 0)", "uniform(5, 5)", "triangular(5, 5, 5)",
    "pert(5, 5, 5)", "loguniform(5, 5)", "normal(1, 1, min=0)", "lognormal(1, 101, max=9)",
)
# fmt: on


def refusals() -> Iterator[tuple[str, str]]:
    """Yield each wrong text, with what reads it, and all that is said about it."""
    yield from (_entry("document", data, lambda data: parse(decode(data, "s.yaml"), "s.yaml")) for data in DOCUMENTS)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("below/folder").mkdir(parents=True)
        Path("x.csv").touch()
        Path("large.yaml").write_bytes(b"x" * 11)
        yield from (_entry("path", path, lambda path: confined(_text(path), Path("below"), Path("below"))) for path in PATHS)
        yield from (_entry("file", name, lambda name: read_bytes(name, 10)) for name in ("missing.yaml", "below", "a\0b", "large.yaml"))
    yield from (_entry("unit", name, lambda name: read_unit(name, _text(name).place)) for name in UNITS)
    yield from (_entry("leaf", source, lambda source: read(_text(source), _column)) for source in LEAVES)
    yield from (_entry("quantity", source, lambda source: quantity(_text(source))) for source in QUANTITIES)
    yield from (_entry("formula", source, lambda source: parse_formula(_text(source))) for source in FORMULAS)
    yield from (_said("units", source, _mismeasured(source)) for source in MISMEASURED)
    yield from (_said("fault", source, [_fault(source)]) for source in FAULTY)
    for source, stated in UNCERTAIN:
        yield _entry(f"uncertainty of {stated}", source, partial(_relative, quantity(_text(stated))))
    yield from (_said("warnings", source, _warnings(source)) for source in SUSPECT)


def _entry(kind: str, source: Any, reading: Callable[[Any], object]) -> tuple[str, str]:
    try:
        found = reading(source)
    except LcaError as wrong:
        return _said(kind, source, [f"[{f.code}{_where(f)}] {f}" for f in wrong.findings])
    return _said(kind, source, [f"is accepted: {found!r}"])


def _relative(stated: Quantity, source: str) -> Drawn:
    return relative(_text(source), stated, _column)


def _warnings(source: str) -> list[str]:
    drawn = read(_text(source))
    assert isinstance(drawn, Drawn)
    return d.warnings(drawn.distribution)


def _where(finding: Finding) -> str:
    place = finding.place
    return f" {place.line}:{place.column}+{place.width}" if place else ""


def _said(kind: str, source: str | bytes, said: list[str]) -> tuple[str, str]:
    shown = repr(source) if len(source) <= 160 else f"{source[:70]!r} … {source[-20:]!r}, {len(source)} long"
    body = "\n".join(said) or "nothing is said"
    return f"{kind}: {shown}", "".join(f"    {line}".rstrip() + "\n" for line in body.splitlines())


def _mismeasured(source: str) -> list[str]:
    said: list[str] = []
    tree = parse_formula(_text(source))
    found = unit_of(
        tree,
        lambda name: unit(MEASURED[name]),
        lambda guilty, code, message, a, b: said.append(f"[{code}] {formula_text(guilty)}: {message} ({a} | {b})"),
    )
    return [*said, f"the unit is {found.text or 'none'}, × {found.scale:g}" if found else "no unit"]


def _fault(source: str) -> str:
    tree = parse_formula(_text(source))
    with np.errstate(all="ignore"):
        found = fault(tree, lambda _name: 2.0)
        assert found
        return f"{formula_text(found[0])}: {found[1]} ({value(found[0], lambda _name: 2.0)})"


def _text(source: str) -> Text:
    return Text(source, Place("s.yaml", 3, 6, max(len(source), 1), f"  v: {source}"))


def _column(_text: Text, _file: str, column: str) -> list[float]:
    return {"nan": [1.0, math.nan], "one": [1.0], "huge": [1e300, 2e300]}.get(column, [1.0, 2.0])


def page() -> str:
    """Return the whole page."""
    return "\n".join(f"{title}\n{said}" for title, said in refusals())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
