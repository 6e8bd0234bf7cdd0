"""How a formula is written: as text that reads back to the same tree, as LaTeX, and as JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from lca_ml.expressions.tree import Call, Name, Negative, Number, Operation, Tree


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
            return rf"{{{_raised(left, show)}}}^{{{latex(right, show)}}}"
        case Operation("*", left, right):
            return rf"{_grouped(left, show)} \cdot {_grouped(right, show)}"
        case Operation(operator, left, right):
            return f"{latex(left, show)} {operator} {_grouped(right, show) if operator == '-' else latex(right, show)}"
        case Call("sqrt", (argument,)):
            return rf"\sqrt{{{latex(argument, show)}}}"
        case Call("ceil", (argument,)):
            return rf"\left\lceil {latex(argument, show)} \right\rceil"
        case _:
            head = {"log": r"\ln", "log2": r"\log_2", "log10": r"\log_{10}"}.get(tree.function, "\\" + tree.function)
            return rf"{head}\left({', '.join(latex(a, show) for a in tree.arguments)}\right)"


def javascript(tree: Tree, show: Callable[[str], str]) -> str:
    """Return the formula as a JavaScript expression with the same value, `show` saying what stands for each name.

    A name is a user's and no code: `show` is to give an identifier of the program's own.
    """
    match tree:
        case Number(n):
            return repr(float(n)).removesuffix(".0")
        case Name(name):
            return show(name)
        case Negative(operand):
            return f"(-{javascript(operand, show)})"
        case Operation("**", left, right):
            return f"Math.pow({javascript(left, show)}, {javascript(right, show)})"
        case Operation(operator, left, right):
            return f"({javascript(left, show)} {operator} {javascript(right, show)})"
        case _:
            return f"Math.{tree.function}({', '.join(javascript(a, show) for a in tree.arguments)})"


def _raised(tree: Tree, show: Callable[[str], str]) -> str:
    """Return what an exponent is set on, in brackets but for a name, a function and a number without a power of ten."""
    inner = latex(tree, show)
    single = isinstance(tree, (Name, Call)) or (isinstance(tree, Number) and "^" not in inner)
    return inner if single else rf"\left({inner}\right)"


def _grouped(tree: Tree, show: Callable[[str], str]) -> str:
    inner = latex(tree, show)
    return rf"\left({inner}\right)" if isinstance(tree, Negative) or (isinstance(tree, Operation) and tree.operator in "+-") else inner


_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}


def _written(tree: Tree, outer: int, show: Callable[[str], str]) -> str:
    match tree:
        case Number(n):
            return short if float(short := f"{n:.15g}") == n else repr(float(n))  # 2, not 2.0, and no digit lost
        case Name(name):
            return show(name)
        case Negative(operand):
            return f"-{_written(operand, 3, show)}" if outer < 3 else f"(-{_written(operand, 3, show)})"
        case Operation(operator, left, right):
            own = _STRENGTH[operator]
            sides = (own + 1, own) if operator == "**" else (own, own + 1)
            inner = f"{_written(left, sides[0], show)} {operator} {_written(right, sides[1], show)}"
            return f"({inner})" if own < outer else inner
        case _:
            return f"{tree.function}({', '.join(_written(a, 0, show) for a in tree.arguments)})"
