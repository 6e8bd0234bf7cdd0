"""From the text of a formula to its tree, through Python's parser and a short list of what is allowed."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable

from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, did_you_mean, shown
from lca_ml.expressions.tree import FUNCTIONS, LARGEST_POWER, Call, Name, Negative, Number, Operation, Span, Tree, constant
from lca_ml.units import number
from lca_ml.words import _

LONGEST = 2_000

DEEPEST = 60


_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}


def parse(written: Text) -> Tree:
    """Return the tree of a formula. Raises InputError at the guilty part."""
    source = written.value
    if not source.strip():
        raise InputError(Finding("formula-empty", _("the formula is empty"), written.place))
    _check_text(written)
    start = len(source) - len(source.lstrip())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python says on stderr what is said here: `1or x` is no number
            body = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as wrong:
        raise _syntax(written, wrong) from None
    return _taken(body, written, start, 1)


def _check_text(written: Text) -> None:
    source = written.value
    if len(source) > LONGEST:
        message = _("the formula is too long: the limit is {limit} characters").format(limit=LONGEST)
        raise InputError(Finding("formula-long", message, written.place, _("Name an intermediate result and use the name.")))
    odd = re.search(r"[^\x20-\x7e]", source)
    if odd:
        c = odd.group()
        hints = {
            "\u2212": _("Write the minus sign as -."),
            "\u00d7": _("Write * to multiply."),
            "\u00f7": _("Write / to divide."),
            "\u00b7": _("Write * to multiply."),
        }
        kind = _("a line break") if c == "\n" else _("NUL") if c == "\0" else _("a blank (no-break space)") if c in "\u00a0\u202f" else ""
        message = _("the character U+{code:04X} {kind} is not part of a formula").format(code=ord(c), kind=kind).replace("  ", " ")
        raise InputError(Finding("character", message, written.at(odd.start()), hints.get(c, "")))
    deepest = depth = 0
    for c in source:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(c, 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST or re.search(r"([-+~]\s*){20}", source):
        raise InputError(Finding("formula-deep", _("the formula is nested too deep: the limit is {limit}").format(limit=DEEPEST), written.place))
    if comma := _decimal_comma(source):
        message = _("{text}: a decimal comma makes a list (tuple); write a point").format(text=shown(comma.group(), 30))
        raise InputError(Finding("formula-syntax", message, written.at(comma.start(), len(comma.group()))))
    for pattern, say, advise in _MISSPELT:
        if found := re.search(pattern, source):
            raise InputError(
                Finding("formula-syntax", say().format(text=shown(found.group().strip(), 30)), written.at(found.start(), len(found.group())), advise())
            )


# Spellings refused before Python reads them, because Python gives them another meaning or a poor message.
_MISSPELT: tuple[tuple[str, Callable[[], str], Callable[[], str]], ...] = (
    (r"\^", lambda: _("^ is not a power here"), lambda: _("Write ** for a power: x ** 2.")),
    (r"//|%", lambda: _("the operator {text} is not allowed"), lambda: _("Write / to divide; a percentage is a number with a name.")),
    (r"#", lambda: _("the character # (a comment) is not part of a formula"), lambda: ""),
    (r"['\"]", lambda: _("a text (string) is not allowed in a formula"), lambda: ""),
    (r"(?<![\w.])0[xXbBoO][0-9a-fA-F]*", lambda: _("{text} is not allowed: write a decimal number"), lambda: ""),
    (r"(?<![\w.])(?<![0-9][eE][-+])0[0-9]+(?![.\w])", lambda: _("{text} begins with a zero; write the number without"), lambda: ""),
    (r"(?<![\w.])[0-9]+_[0-9_]*", lambda: _("{text}: write a number in a formula without _"), lambda: ""),
    (r"(?<![\w.])[0-9.]+(e[-+]?[0-9]+)?[jJ]\b", lambda: _("{text} is not allowed: a complex number"), lambda: ""),
    (r"[0-9]{40,}", lambda: _("a number of so many digits is too long"), lambda: ""),
)


def _decimal_comma(source: str) -> re.Match[str] | None:
    """Return the first `1,5` that an operator or the end follows, unless the comma parts the arguments of a function: `max(1,5 * x)`."""
    found = re.finditer(r"(?<![\w.])[0-9]+,[0-9]+(?=\s*([-+*/]|$))", source)
    return next((f for f in found if not _in_call(source[: f.start()])), None)


def _in_call(before: str) -> bool:
    """Whether the innermost bracket that is open at the end of a text is that of a function."""
    depth = 0
    for i in reversed(range(len(before))):
        depth += {")": 1, "(": -1}.get(before[i], 0)
        if depth < 0:
            return bool(re.search(r"\w\s*\Z", before[:i]))
    return False


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
    return InputError(
        Finding("formula-syntax", _("this is not a formula (syntax): {text}").format(text=shown(source, 60)), written.at(min(column, max(len(source) - 1, 0))))
    )


def _taken(node: ast.expr, written: Text, start: int, depth: int) -> Tree:
    """Return the part of the tree a Python node stands for, if it is one of the few that are allowed."""
    if depth > DEEPEST:
        raise InputError(Finding("formula-deep", _("the formula is nested too deep: the limit is {limit}").format(limit=DEEPEST), written.place))
    span = (start + node.col_offset, (node.end_col_offset or 0) - node.col_offset)
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
    if operator == "**" and (exponent := constant(right)) is not None and abs(exponent) > LARGEST_POWER:
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
    parts: list[str] = []
    while isinstance(node, ast.Attribute):  # and no recursion: a text has room for a thousand of them
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


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
    return InputError(
        Finding(
            "formula-syntax",
            message,
            written.at(*span),
            _("A formula holds names, numbers, + - * / **, brackets and {names}.").format(names=", ".join(FUNCTIONS)),
        )
    )
