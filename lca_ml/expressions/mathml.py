"""How a formula is written for a page: MathML Core, which browsers set and screen readers speak without a script."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from lca_ml.expressions.tree import Call, Name, Negative, Number, Operation, Tree

_OPERATORS = {"+": "+", "-": "\u2212", "*": "×"}
_HEADS = {"log": "<mi>ln</mi>", "log2": "<msub><mi>log</mi><mn>2</mn></msub>", "log10": "<msub><mi>log</mi><mn>10</mn></msub>"}


def mathml(tree: Tree, show: Callable[[str], str] = lambda name: f"<mi>{escape(name)}</mi>") -> str:
    """Return the formula as one MathML element, without the `math` around it; `show` gives the element that stands for each name."""
    match tree:
        case Number(n):
            mantissa, _e, exponent = f"{n:.12g}".partition("e")
            power = f"<mo>×</mo><msup><mn>10</mn><mn>{_signed(str(int(exponent)))}</mn></msup>" if exponent else ""
            return f"<mrow><mn>{_signed(mantissa)}</mn>{power}</mrow>" if power else f"<mn>{_signed(mantissa)}</mn>"
        case Name(name):
            return show(name)
        case Negative(operand):
            return f"<mrow><mo>\u2212</mo>{_grouped(operand, show)}</mrow>"
        case Operation("/", left, right):
            return f"<mfrac>{mathml(left, show)}{mathml(right, show)}</mfrac>"
        case Operation("**", left, right):
            single = isinstance(left, (Name, Number, Call))
            return f"<msup>{mathml(left, show) if single else _bracketed(mathml(left, show))}{mathml(right, show)}</msup>"
        case Operation("*", left, right):
            return f"<mrow>{_grouped(left, show)}<mo>×</mo>{_grouped(right, show)}</mrow>"
        case Operation(operator, left, right):
            second = _grouped(right, show) if operator == "-" else mathml(right, show)
            return f"<mrow>{mathml(left, show)}<mo>{_OPERATORS[operator]}</mo>{second}</mrow>"
        case Call("sqrt", (argument,)):
            return f"<msqrt>{mathml(argument, show)}</msqrt>"
        case Call("ceil", (argument,)):
            return f"<mrow><mo>⌈</mo>{mathml(argument, show)}<mo>⌉</mo></mrow>"
        case _:
            inner = "<mo>,</mo>".join(mathml(a, show) for a in tree.arguments)
            return f"<mrow>{_HEADS.get(tree.function, f'<mi>{tree.function}</mi>')}<mo>&#x2061;</mo>{_bracketed(inner)}</mrow>"


def _grouped(tree: Tree, show: Callable[[str], str]) -> str:
    """Return a factor, in brackets where it is a sum or a negative number."""
    needs = isinstance(tree, Negative) or (isinstance(tree, Operation) and tree.operator in "+-")
    return _bracketed(mathml(tree, show)) if needs else mathml(tree, show)


def _bracketed(inner: str) -> str:
    return f'<mrow><mo form="prefix" stretchy="false">(</mo>{inner}<mo form="postfix" stretchy="false">)</mo></mrow>'


def _signed(number: str) -> str:
    return number.replace("-", "\u2212")
