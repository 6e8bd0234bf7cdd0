"""Formulas: one tree, several readings.

A formula holds names and pure numbers. It is read through Python's own parser after a check of length, characters and nesting,
and only a short list of its nodes is taken over into the tree; nothing is ever evaluated by Python.

    parse("it_energy * pue")                 -> Tree
    names(tree), renamed(tree, to)           what it depends on
    unit_of(tree, units, blame)              the unit it has, every mistake reported
    value(tree, values)                      the number it has, for floats and for arrays of samples
    text(tree, show), latex(tree, show)      how it is written
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, did_you_mean, shown
from lca_ml.units import ONE, Unit, number
from lca_ml.words import _

LONGEST = 2_000
DEEPEST = 60
LARGEST_POWER = 99

Span = tuple[int, int]
"""Where in the text of the formula: start and width, counted from 0."""


@dataclass(frozen=True, slots=True)
class Number:
    """A pure number."""

    value: float
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Name:
    """A named quantity; dotted for one of another activity."""

    name: str
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus a formula."""

    operand: Tree
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Operation:
    """Two formulas joined by `+ - * / **`; the span is that of the operator's two sides."""

    operator: str
    left: Tree
    right: Tree
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of formulas."""

    function: str
    arguments: tuple[Tree, ...]
    span: Span = (0, 0)


Tree = Number | Name | Negative | Operation | Call

UFUNCS: dict[str, Any] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "min": np.minimum,
    "max": np.maximum,
    "ceil": np.ceil,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
}
"""What each operator and function does to numbers and to arrays."""

FUNCTIONS = ("min", "max", "ceil", "sqrt", "exp", "log", "log2", "log10")
RESERVED = frozenset(FUNCTIONS) | {"pi", "e", "sin", "cos", "tan", "abs", "round", "floor", "sum", "mean", "if", "else", "and", "or", "not"}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def parse(written: Text) -> Tree:
    """Return the tree of a formula. Raises InputError at the guilty part."""
    source = written.value
    if not source.strip():
        raise InputError(Finding("formula-empty", _("the formula is empty"), written.place))
    _check_text(written)
    start = len(source) - len(source.lstrip())
    try:
        body = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as wrong:
        raise _syntax(written, wrong) from None
    return _taken(body, written, start, 1)


def names(tree: Tree) -> Iterator[Name]:
    """Yield the names a formula depends on, as often as they stand in it, from left to right."""
    match tree:
        case Name():
            yield tree
        case Negative(operand):
            yield from names(operand)
        case Operation(_operator, left, right):
            yield from names(left)
            yield from names(right)
        case Call(_function, arguments):
            for argument in arguments:
                yield from names(argument)
        case Number():
            return


def renamed(tree: Tree, to: Callable[[Name], str]) -> Tree:
    """Return the tree with other names, `to` giving the new one of each."""
    match tree:
        case Number():
            return tree
        case Name(_name, span):
            return Name(to(tree), span)
        case Negative(operand, span):
            return Negative(renamed(operand, to), span)
        case Operation(operator, left, right, span):
            return Operation(operator, renamed(left, to), renamed(right, to), span)
        case Call(function, arguments, span):
            return Call(function, tuple(renamed(a, to) for a in arguments), span)


def unit_of(tree: Tree, units: Callable[[str], Unit | None], blame: Callable[[Tree, str, str, Unit | None, Unit | None], None]) -> Unit | None:
    """Return the unit a formula has, or None where it has none because something in it is wrong.

    units   the unit of a name, None where it is not known (reported elsewhere)
    blame   called for each mistake with the guilty tree, a code, a message, and the units of the two sides if two were compared
    """
    match tree:
        case Number():
            return ONE
        case Name(name):
            return units(name)
        case Negative(operand):
            return unit_of(operand, units, blame)
        case Operation("**", left, right):
            return _unit_of_power(tree, unit_of(left, units, blame), right, unit_of(right, units, blame), blame)
        case Operation(operator, left, right):
            a, b = unit_of(left, units, blame), unit_of(right, units, blame)
            if a is None or b is None:
                return None
            if operator in "*/":
                return a * b if operator == "*" else a / b
            return a if _agree(tree, operator, a, b, blame) else None
        case Call(function, arguments):
            return _unit_of_call(tree, function, [unit_of(a, units, blame) for a in arguments], blame)


def value(tree: Tree, values: Callable[[str], Any]) -> Any:
    """Return the number a formula has: a float for floats, an array for arrays of samples, all in base units.

    Division by zero and the like give inf or nan, as NumPy does; `fault` finds where.
    """
    match tree:
        case Number(n):
            return np.float64(n)
        case Name(name):
            return values(name)
        case Negative(operand):
            return -value(operand, values)
        case Operation(operator, left, right):
            return UFUNCS[operator](value(left, values), value(right, values))
        case Call(function, (first, *others)):
            result = value(first, values)
            if function not in ("min", "max"):
                return UFUNCS[function](result)
            for other in others:
                result = UFUNCS[function](result, value(other, values))
            return result
    raise AssertionError(tree)


def fault(tree: Tree, values: Callable[[str], Any]) -> tuple[Tree, str] | None:
    """Return the first part of a formula whose parts are finite numbers and which is not, and why; None where all is finite."""
    parts: tuple[Tree, ...] = ()
    match tree:
        case Negative(operand):
            parts = (operand,)
        case Operation(_operator, left, right):
            parts = (left, right)
        case Call(_function, arguments):
            parts = arguments
    for part in parts:
        if found := fault(part, values):
            return found
    with np.errstate(all="ignore"):
        result = value(tree, values)
        if np.isfinite(result):
            return None
        return tree, _reason(tree, values)


def text(tree: Tree, show: Callable[[str], str] = str) -> str:
    """Return the formula as it is written, `show` saying what stands for each name."""
    return _written(tree, 0, show)


def latex(tree: Tree, show: Callable[[str], str] = lambda name: rf"\mathit{{{name.replace('_', chr(92) + '_')}}}") -> str:
    """Return the formula as LaTeX mathematics, `show` saying what stands for each name."""
    match tree:
        case Number(n):
            mantissa, _e, exponent = f"{n:.12g}".partition("e")
            return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa
        case Name(name):
            return show(name)
        case Negative(operand):
            return f"-{_grouped(operand, show)}"
        case Operation("/", left, right):
            return rf"\frac{{{latex(left, show)}}}{{{latex(right, show)}}}"
        case Operation("**", left, right):
            return rf"{{{_grouped(left, show)}}}^{{{latex(right, show)}}}"
        case Operation("*", left, right):
            return rf"{_grouped(left, show)} \cdot {_grouped(right, show)}"
        case Operation(operator, left, right):
            return f"{latex(left, show)} {operator} {_grouped(right, show) if operator == '-' else latex(right, show)}"
        case Call("sqrt", (argument,)):
            return rf"\sqrt{{{latex(argument, show)}}}"
        case Call("ceil", (argument,)):
            return rf"\left\lceil {latex(argument, show)} \right\rceil"
        case Call(function, arguments):
            head = {"log": r"\ln", "log2": r"\log_2", "log10": r"\log_{10}"}.get(function, "\\" + function)
            return rf"{head}\left({', '.join(latex(a, show) for a in arguments)}\right)"
    raise AssertionError(tree)


def _grouped(tree: Tree, show: Callable[[str], str]) -> str:
    inner = latex(tree, show)
    return rf"\left({inner}\right)" if isinstance(tree, Negative) or isinstance(tree, Operation) and tree.operator in "+-" else inner


_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}


def _written(tree: Tree, outer: int, show: Callable[[str], str]) -> str:
    match tree:
        case Number(n):
            return f"{n:.15g}"
        case Name(name):
            return show(name)
        case Negative(operand):
            return f"-{_written(operand, 3, show)}" if outer < 3 else f"(-{_written(operand, 3, show)})"
        case Operation(operator, left, right):
            own = _STRENGTH[operator]
            sides = (own + 1, own) if operator == "**" else (own, own + 1)
            inner = f"{_written(left, sides[0], show)} {operator} {_written(right, sides[1], show)}"
            return f"({inner})" if own < outer else inner
        case Call(function, arguments):
            return f"{function}({', '.join(_written(a, 0, show) for a in arguments)})"
    raise AssertionError(tree)


def _unit_of_power(tree: Operation, base: Unit | None, exponent: Tree, unit: Unit | None, blame: Callable[..., None]) -> Unit | None:
    if base is None or unit is None:
        return None
    if not unit.pure:
        blame(tree, "exponent", _("an exponent must be a pure number; this one is in {unit} (a dimension)").format(unit=unit), None, None)
        return None
    if base.pure:
        return ONE
    constant = _constant(exponent)
    if constant is None or constant != constant.limit_denominator(12) or abs(constant) > LARGEST_POWER:
        blame(tree, "exponent", _("a quantity in {unit} can only be raised to a constant exponent").format(unit=base), None, None)
        return None
    return base**constant


def _constant(tree: Tree) -> Fraction | None:
    match tree:
        case Number(n):
            return Fraction(n).limit_denominator(1000)
        case Negative(operand):
            inner = _constant(operand)
            return None if inner is None else -inner
        case Operation("/", left, right):
            a, b = _constant(left), _constant(right)
            return a / b if a is not None and b else None
    return None


def _unit_of_call(tree: Call, function: str, units: list[Unit | None], blame: Callable[..., None]) -> Unit | None:
    first = units[0]
    if first is None or any(u is None for u in units):
        return None
    if function in ("min", "max"):
        agreed = [_agree(tree, function, first, u, blame) for u in units[1:] if u is not None]
        return first if all(agreed) else None
    if function == "sqrt":
        return first ** Fraction(1, 2)
    if function == "ceil" and first.counts and first.scale == 1:
        return first
    if not first.pure:
        blame(tree, "function-unit", _("{function} takes a pure number; this one is in {unit}").format(function=function, unit=first), None, None)
        return None
    return ONE


def _agree(tree: Tree, operator: str, a: Unit, b: Unit, blame: Callable[..., None]) -> bool:
    if a.same(b):
        return True
    joined = {"+": _("added"), "-": _("subtracted")}.get(operator, _("compared"))
    message = _("{a} and {b} do not measure the same thing (another dimension); they cannot be {joined}").format(a=a, b=b, joined=joined)
    blame(tree, "dimension", message, a, b)
    return False


def _reason(tree: Tree, values: Callable[[str], Any]) -> str:
    match tree:
        case Operation("/", _left, right) if value(right, values) == 0:
            return _("a division by zero")
        case Operation("**", left, _right) if value(left, values) < 0:
            return _("a negative number raised to a broken power: the result is complex, outside the domain")
        case Operation("**", left, _right) if value(left, values) == 0:
            return _("a division by zero: zero raised to a negative power")
        case Call(("log" | "log2" | "log10" | "sqrt") as function, _arguments):
            return _("{function} of a number outside its domain (negative or zero)").format(function=function)
    return _("the result is too large: it overflows the finite numbers")


def _check_text(written: Text) -> None:
    source = written.value
    if len(source) > LONGEST:
        message = _("the formula is too long: the limit is {limit} characters").format(limit=LONGEST)
        raise InputError(Finding("formula-long", message, written.place, _("Name an intermediate result and use the name.")))
    odd = re.search(r"[^\x20-\x7e]", source)
    if odd:
        c = odd.group()
        hints = {"\u2212": _("Write the minus sign as -."), "\u00d7": _("Write * to multiply."), "\u00f7": _("Write / to divide."), "\u00b7": _("Write * to multiply.")}
        kind = _("a line break") if c == "\n" else _("NUL") if c == "\0" else _("a blank (no-break space)") if c in "\u00a0\u202f" else ""
        message = _("the character U+{code:04X} {kind} is not part of a formula").format(code=ord(c), kind=kind).replace("  ", " ")
        raise InputError(Finding("character", message, written.at(odd.start()), hints.get(c, "")))
    deepest = depth = 0
    for c in source:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(c, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST or re.search(r"([-+~]\s*){20}", source):
        raise InputError(Finding("formula-deep", _("the formula is nested too deep: the limit is {limit}").format(limit=DEEPEST), written.place))
    for pattern, message, hint in _MISSPELT:
        if found := re.search(pattern, source):
            raise InputError(Finding("formula-syntax", message().format(text=shown(found.group().strip(), 30)), written.at(found.start(), len(found.group())), hint()))


# Spellings refused before Python reads them, because Python gives them another meaning or a poor message.
_MISSPELT: tuple[tuple[str, Callable[[], str], Callable[[], str]], ...] = (
    (r"(?<![\w.])[0-9]+,[0-9]+(?=\s*([-+*/]|$))", lambda: _("{text}: a decimal comma makes a list (tuple); write a point"), lambda: ""),
    (r"\^", lambda: _("^ is not a power here"), lambda: _("Write ** for a power: x ** 2.")),
    (r"//|%", lambda: _("the operator {text} is not allowed"), lambda: _("Write / to divide; a percentage is a number with a name.")),
    (r"#", lambda: _("the character # (a comment) is not part of a formula"), lambda: ""),
    (r"['\"]", lambda: _("a text (string) is not allowed in a formula"), lambda: ""),
    (r"(?<![\w.])0[xXbBoO][0-9a-fA-F]*", lambda: _("{text} is not allowed: write a decimal number"), lambda: ""),
    (r"(?<![\w.])0[0-9]+(?![.\w])", lambda: _("{text} begins with a zero; write the number without"), lambda: ""),
    (r"(?<![\w.])[0-9]+_[0-9_]*", lambda: _("{text}: write a number in a formula without _"), lambda: ""),
    (r"(?<![\w.])[0-9.]+(e[-+]?[0-9]+)?[jJ]\b", lambda: _("{text} is not allowed: a complex number"), lambda: ""),
    (r"[0-9]{40,}", lambda: _("a number of so many digits is too long"), lambda: ""),
)


def _syntax(written: Text, wrong: Exception) -> InputError:
    source = written.value
    column = (getattr(wrong, "offset", None) or 1) - 1 + len(source) - len(source.lstrip())
    adjacent = re.search(r"(?<![\w.])([0-9.]+(?:[eE][-+]?[0-9]+)?|\w+|\))\s+(?=[A-Za-z0-9_(])", source)
    if adjacent and not re.search(r"\b(if|else|for|in|lambda|and|or|not|is)\b", source):
        message = _("an operator is missing after {text} (syntax)").format(text=shown(adjacent.group().strip(), 20))
        hint = _("Write * to multiply. A number with a unit is given a name first: a parameter or an argument.")
        return InputError(Finding("formula-syntax", message, written.at(adjacent.start(), len(adjacent.group())), hint))
    if isinstance(wrong, (MemoryError, RecursionError)):
        return InputError(Finding("formula-deep", _("the formula is nested too deep"), written.place))
    return InputError(Finding("formula-syntax", _("this is not a formula (syntax): {text}").format(text=shown(source, 60)), written.at(min(column, max(len(source) - 1, 0)))))


def _taken(node: ast.AST, written: Text, start: int, depth: int) -> Tree:
    """Return the part of the tree a Python node stands for, if it is one of the few that are allowed."""
    if depth > DEEPEST:
        raise InputError(Finding("formula-deep", _("the formula is nested too deep: the limit is {limit}").format(limit=DEEPEST), written.place))
    span = (start + getattr(node, "col_offset", 0), (getattr(node, "end_col_offset", None) or 1) - getattr(node, "col_offset", 0))
    match node:
        case ast.Constant(value=bool() | None):
            pass
        case ast.Constant(value=int() | float()):
            return Number(_finite(written, span), span)
        case ast.Name(id=name):
            return Name(name, span)
        case ast.Attribute():
            dotted = _dotted(node)
            if dotted and not any(part.startswith("_") for part in dotted.split(".")):
                return Name(dotted, span)
            raise _refused(written, span, _("this attribute (a dotted name) is not allowed"))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Negative(_taken(operand, written, start, depth + 1), span)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _taken(operand, written, start, depth + 1)
        case ast.BinOp(op=op, left=left, right=right) if type(op) in _OPERATORS:
            return _operation(_OPERATORS[type(op)], _taken(left, written, start, depth + 1), _taken(right, written, start, depth + 1), written, span)
        case ast.Call():
            return _call(node, written, start, span, depth)
    raise _refused(written, span, _what(node))


def _finite(written: Text, span: Span) -> float:
    source = written.value[span[0] : span[0] + span[1]]
    if source.startswith(".") or source.endswith("."):
        raise _refused(written, span, _("{text}: write digits on both sides of the point of a number").format(text=source))
    try:
        return number(source)
    except ValueError as wrong:
        raise InputError(Finding("number", str(wrong), written.at(*span))) from None


def _operation(operator: str, left: Tree, right: Tree, written: Text, span: Span) -> Tree:
    if operator == "**" and (exponent := _constant(right)) is not None and abs(exponent) > LARGEST_POWER:
        message = _("the exponent is too large: the limit is {limit}").format(limit=LARGEST_POWER)
        raise InputError(Finding("exponent", message, written.at(*right.span)))
    if operator == "**" and isinstance(left, Number) and isinstance(right, Operation) and right.operator == "**":
        raise InputError(Finding("exponent", _("an exponent of an exponent is too large to be meant"), written.at(*right.span)))
    return Operation(operator, left, right, span)


def _call(node: ast.Call, written: Text, start: int, span: Span, depth: int) -> Tree:
    if not isinstance(node.func, ast.Name):
        raise _refused(written, span, _("calling this is not allowed: a function is one of {names}").format(names=", ".join(FUNCTIONS)))
    name = node.func.id
    if name not in FUNCTIONS:
        hint = did_you_mean(name, FUNCTIONS) or _("Functions are {names}.").format(names=", ".join(FUNCTIONS))
        message = _("{name} is an unknown function (a call like this is not allowed)").format(name=shown(name, 30))
        raise InputError(Finding("function", message, written.at(span[0], len(name)), hint))
    if node.keywords:
        raise _refused(written, span, _("a keyword argument is not allowed in {name}").format(name=name))
    arguments = tuple(_taken(a, written, start, depth + 1) for a in node.args)
    wanted = range(1, 33) if name in ("min", "max") else range(1, 2)
    if len(arguments) not in wanted:
        message = _("{name} takes {n} argument, not {given}") if wanted == range(1, 2) else _("{name} takes at least {n} argument, not {given}")
        raise InputError(Finding("function", message.format(name=name, n=1, given=len(arguments)), written.at(*span)))
    return Call(name, arguments, span)


def _dotted(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=attr):
            left = _dotted(inner)
            return f"{left}.{attr}" if left else None
    return None


def _what(node: ast.AST) -> str:
    match node:
        case ast.Compare():
            return _("a comparison gives a boolean, not a number; it is not allowed")
        case ast.IfExp():
            return _("a condition (if) is not allowed; min and max often do the same")
        case ast.Constant(value=odd):
            return _("{text} is not allowed: it is no number").format(text=shown(repr(odd), 20))
        case ast.BinOp() | ast.UnaryOp():
            return _("this operator is not allowed; the operators are + - * / **")
        case ast.Tuple():
            return _("a comma makes a list (tuple); write a decimal point, or a function such as max(a, b)")
    return _("this syntax is not allowed in a formula")


def _refused(written: Text, span: Span, message: str) -> InputError:
    return InputError(Finding("formula-syntax", message, written.at(*span), _("A formula holds names, numbers, + - * / **, brackets and {names}.").format(names=", ".join(FUNCTIONS))))
