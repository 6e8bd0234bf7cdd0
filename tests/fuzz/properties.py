"""What must hold for any bytes: they are answered, or refused in the words of lca-ml; what is accepted keeps its promises.

Each function takes the bytes a fuzzer made, says whether lca-ml accepts them, and raises where something does not hold. Anything but an
`LcaError` that comes out of lca-ml is such a thing.
"""

from __future__ import annotations

import ast
import math
import os
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lca_ml import distributions as d
from lca_ml.data import folder
from lca_ml.documents import DEEPEST, Mapping, Node, Sequence, Text, decode, parse, plain
from lca_ml.engine import run
from lca_ml.errors import LcaError, Place
from lca_ml.exporters import csv_text, document, json_text, yaml_text
from lca_ml.expressions import FUNCTIONS, UFUNCS, Call, Name, Negative, Number, Operation, fault, latex, names, unit_of, value
from lca_ml.expressions import parse as parse_formula
from lca_ml.expressions import text as formula_text
from lca_ml.factors import Library
from lca_ml.factors import load as load_factors
from lca_ml.model import load_model
from lca_ml.notation import figure
from lca_ml.units import Quantity, pretty, quantity, scaled, to_pint, unit
from lca_ml.values import Drawn, read, relative

FILE = "fuzz.yaml"
SAMPLES = 32

PROBABILITIES = np.array([2.0**-54, 1e-9, 1e-4, *np.linspace(0.01, 0.99, 99), 1 - 1e-4, 1 - 1e-9, 1 - 2.0**-53])
"""Rising, and with the ends of what is ever drawn."""


def reader(data: bytes) -> bool:
    """A document: written out as YAML it reads back to the same tree; every place is in the text, and no deeper than the limit."""
    try:
        text = decode(data, FILE)
        found = parse(text, FILE)
    except LcaError as wrong:
        told(wrong)
        return False
    lines = text.split("\n")
    for node, depth in _nodes(found, 1):
        assert depth <= DEEPEST, "deeper than the limit"
        _inside(node.place, lines)
    again = parse(yaml_text(found, origins=False), FILE) if found.entries else found
    assert _values(plain(again)) == _values(plain(found)), "another tree when it is read back"
    return True


def amount(data: bytes) -> bool:
    """A quantity: written out with the shortest digits of its number it reads back to the same; it can be scaled and shown."""
    text = _text(data)
    try:
        found = quantity(text)
    except LcaError as wrong:
        told(wrong, text)
        return False
    assert math.isfinite(found.base), "no finite number"
    again = quantity(_text(f"{found.number!r} {found.unit.text}".strip().encode("utf-8", "surrogateescape")))
    assert (again.number, again.unit) == (found.number, found.unit), "another quantity when it is read back"
    shown, name = scaled(found.number, found.unit)
    assert math.isclose(shown * unit(name).scale, found.base, rel_tol=1e-9) or not math.isfinite(shown), "another amount once scaled"
    assert figure(found.number, found.number, found.number, found.unit).point, "nothing is shown"
    assert isinstance(read(text), (Quantity, Name, Number, Operation, Negative, Call)), "a quantity is read as something that is drawn"
    return True


def measure(data: bytes) -> bool:
    """A unit: its scale is a finite number above zero, the same as pint's; u × u / u measures the same as u."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        found = unit(text)
    except ValueError as wrong:
        assert str(wrong), "refused without a reason"
        return False
    assert 0 < found.scale < math.inf, "no scale"
    assert pretty(found.text) or not found.text.strip(), "nothing is shown"
    assert (found * found / found).same(found), "u × u / u is not u"
    assert (found**2).dimension == (found * found).dimension, "u² is not u × u"
    assert (found / found).pure, "u / u is no pure number"
    theirs = to_pint(1.0, found).to_root_units()
    assert math.isclose(float(theirs.magnitude), found.scale, rel_tol=1e-9), "another scale than pint's"
    assert {k.strip("[]"): v for k, v in theirs.dimensionality.items()} == {k: float(v) for k, v in found.dimension}, "another dimension than pint's"
    return True


def formula(data: bytes) -> bool:
    """A formula: written out it reads back to the same tree, and it means what Python means by the same text."""
    text = _text(data)
    try:
        tree = parse_formula(text)
    except LcaError as wrong:
        told(wrong, text)
        return False
    again = parse_formula(_text(formula_text(tree).encode()))
    assert _bare(again) == _bare(tree), "another tree when it is read back"
    for name in names(tree):
        assert re.sub("[ ()]", "", text.value[name.span[0] : sum(name.span)]) == name.name, "a name is not where it says"
    assert latex(tree), "nothing is shown"
    mistakes: list[str] = []
    measured = unit_of(tree, lambda name: unit("kWh" if len(name) % 2 else ""), lambda _tree, _code, message, _a, _b: mistakes.append(message))
    assert (measured is None) == bool(mistakes), "no unit and no reason, or a unit in spite of one"
    with np.errstate(all="ignore"):
        ours = value(tree, _number_of)
        assert np.isfinite(ours) or fault(tree, _number_of), "no finite number, and no part of it is at fault"
        theirs = _as_python(text.value)
    assert theirs is None or np.isclose(float(ours), theirs, rtol=1e-9, atol=0, equal_nan=True), f"{ours} where Python says {theirs}"
    return True


def distribution(data: bytes) -> bool:
    """A leaf: what is drawn is finite and rises with the probability, its point lies between the ends, its cdf undoes its quantile."""
    accepted = list(_drawn(_text(data)))
    for drawn in accepted:
        found = drawn.in_base()
        values = found.quantile(PROBABILITIES.copy())
        assert np.isfinite(values).all(), "a quantile that is no finite number"
        assert (np.diff(values) >= -1e-9 * np.abs(values[:-1])).all(), "quantiles that fall"
        slack = 1e-9 * (values[-1] / 2 - values[0] / 2 + abs(values[0]) / 2)
        assert values[0] - slack <= found.point <= values[-1] + slack, "a point outside the ends"
        chances = [found.cdf(float(v)) for v in values]
        assert all(0 <= c <= 1 for c in chances), "a probability that is none"
        assert (np.diff(chances) >= -1e-9).all(), "probabilities that fall"
        for i in range(3, len(values) - 3):
            apart = min(values[i] - values[i - 1], values[i + 1] - values[i]) > max(1e-6 * max(abs(values[i - 1]), abs(values[i + 1])), 1e-300)
            continuous = not isinstance(drawn.distribution, d.Choice)
            assert not (apart and continuous) or abs(chances[i] - PROBABILITIES[i]) < 1e-4, "a cdf that does not undo the quantile"
        assert all(d.warnings(drawn.distribution)), "an empty warning"
    return bool(accepted)


def factors(data: bytes) -> bool:
    """A factor file: accepted, each of its rows is found again, and the number it is read as is finite."""
    with tempfile.TemporaryDirectory(prefix="lca-ml-fuzz-", dir=_memory()) as name:
        path = Path(name) / "own.csv"
        path.write_bytes(data)
        try:
            library = _library().extended(files=[path])
        except LcaError as wrong:
            told(wrong)
            return False
    for row in (r for rows in library.rows.values() for r in rows if r.publication.id == "own"):
        found = library.find(row.flow, row.region, row.year, row.indicator)
        assert not row.region or (found is not None and found.row.publication.id == "own"), "a row that is not found"
    return True


def check(data: bytes) -> bool:
    """A whole scenario: `check` accepts it, and `run` gives finite numbers or says which are not; `resolve` reads back to the same rows."""
    with tempfile.TemporaryDirectory(prefix="lca-ml-fuzz-", dir=_memory()) as name, chdir(name):
        Path(FILE).write_bytes(data)
        try:
            scenario, model = load_model(FILE)
        except LcaError as wrong:
            told(wrong)
            return False
        for warning in model.warnings:
            _printable(str(warning))
        for variant in list(scenario.shape.variants)[:3]:
            try:
                load_model(FILE, [variant])
            except LcaError as wrong:
                told(wrong)
        try:
            results = run(model, SAMPLES)
        except LcaError as wrong:
            told(wrong)
            assert {f.code for f in wrong.findings} <= {"not-finite", "samples"}, "refused by run though check accepted it"
            return False
        assert np.isfinite(results.values).all(), "a result that is no finite number"
        whole = document(results)
        json_text(whole)
        csv_text(whole["rows"])
        Path("again.yaml").write_text(yaml_text(scenario.document), encoding="utf-8")
        again = run(load_model("again.yaml")[1], SAMPLES)
        assert again.values.tobytes() == results.values.tobytes(), "other numbers once resolved"
    return True


TARGETS: dict[str, Callable[[bytes], bool]] = {
    "reader": reader,
    "quantity": amount,
    "unit": measure,
    "expression": formula,
    "distribution": distribution,
    "factors": factors,
    "check": check,
}
"""The seven doors by name."""

STATED = (Quantity(3.0, unit("kWh")), Quantity(-0.5, unit("")), Quantity(0.0, unit("kg")))


def told(wrong: LcaError, text: Text | None = None) -> None:
    """Check that an error can be shown to a person: findings, a message, a place within the text, nothing invisible."""
    assert wrong.findings, "an error without a finding"
    for finding in wrong.findings:
        assert finding.message, "an error without a message"
        assert "{" not in finding.message or text is None or "{" in text.value, f"a message that is not filled in: {finding.message}"
        if text is not None and finding.place is not None:
            _inside(finding.place, [text.value])
    _printable(str(wrong))


def _printable(shown: str) -> None:
    for c in shown:
        assert c in "\n " or unicodedata.category(c)[0] not in "CZ", f"U+{ord(c):04X} is shown as it is"
    shown.encode()


def _inside(place: Place, lines: list[str]) -> None:
    assert 1 <= place.line <= len(lines) + 1, f"line {place.line} of {len(lines)}"
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    assert 1 <= place.column <= len(line) + 1, f"column {place.column} of {len(line)}"


def _text(data: bytes) -> Text:
    written = data.decode("utf-8", "surrogateescape")
    return Text(written, Place(FILE, 1, 1, max(len(written), 1), written))


def _nodes(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    yield node, depth
    match node:
        case Mapping():
            for key in node:
                yield node.key(key), depth
                yield from _nodes(node[key], depth + 1)
        case Sequence():
            for item in node:
                yield from _nodes(item, depth + 1)


def _values(node: Any) -> Any:
    match node:
        case dict():
            return {k: _values(v) for k, v in node.items()}
        case list():
            return [_values(v) for v in node]
    return node.value, node.quoted or bool(node.value)  # an empty text is nothing, or "" where it is quoted


def _bare(tree: Any) -> Any:
    """Return a tree without its spans, as tuples."""
    if isinstance(tree, tuple):
        return tuple(_bare(part) for part in tree)
    return (type(tree).__name__, *(_bare(getattr(tree, f)) for f in tree.__slots__ if f != "span")) if hasattr(tree, "span") else tree


def _number_of(name: str) -> np.float64:
    return np.float64(1 + len(name) % 3 + (sum(map(ord, name)) % 7) / 8)


class _Floats(ast.NodeTransformer):
    """Python's reading with floats for whole numbers, so that 9 ** 99 ** 2 ends, and with our values for names."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return ast.copy_location(ast.Constant(float(node.value)), node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._named(ast.unparse(node), node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._named(node.id, node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        node.args = [self.visit(a) for a in node.args]
        return node

    def _named(self, name: str, node: ast.AST) -> ast.AST:
        return ast.copy_location(ast.Constant(float(_number_of(name))), node)


def _as_python(source: str) -> float | None:
    """Return the number Python finds for a formula that was accepted, None where it stops at what NumPy gives inf or nan for."""
    tree = ast.fix_missing_locations(_Floats().visit(ast.parse(source.strip(), mode="eval")))
    known = {name: min if name == "min" else max if name == "max" else UFUNCS[name] for name in FUNCTIONS}
    known |= {name: (lambda *a, f=f: a[0] if len(a) == 1 else f(a)) for name, f in (("min", np.min), ("max", np.max))}
    try:
        found = eval(compile(tree, "formula", "eval"), {"__builtins__": {}}, known)
    except (OverflowError, ZeroDivisionError):
        return None
    return None if isinstance(found, complex) or not math.isfinite(found) else float(found)


def _drawn(text: Text) -> Iterator[Drawn]:
    """Yield what the text is drawn from: as a value, and as the uncertainty of each of some values."""
    readings: list[Callable[[], object]] = [lambda: read(text, _column)]
    readings += [lambda q=q: relative(text, q, _column) for q in STATED]
    for reading in readings:
        try:
            found = reading()
        except LcaError as wrong:
            told(wrong, text)
            continue
        if isinstance(found, Drawn):
            yield found


def _column(_text: Text, _file: str, _column: str) -> list[float]:
    return [4.0, 1.0, 2.0, 8.0]


@cache
def _library() -> Library:
    return load_factors(folder("factors"))


@cache
def _memory() -> str | None:
    """Return a folder in memory where there is one: a fuzzer writes thousands of files a second."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
