"""The tree of a formula: five kinds of node, and the names in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

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

LARGEST_POWER = 99
LARGEST_ROOT = 12
FUNCTIONS = ("min", "max", "ceil", "sqrt", "exp", "log", "log2", "log10")

RESERVED = frozenset(FUNCTIONS) | {"pi", "e", "sin", "cos", "tan", "abs", "round", "floor", "sum", "mean", "if", "else", "and", "or", "not"}


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
        case _:
            return Call(tree.function, tuple(renamed(a, to) for a in tree.arguments), tree.span)


def constant(tree: Tree) -> Fraction | None:
    """Return the exact value of a formula of literal numbers, None where it is more than a number, its sign and a quotient."""
    match tree:
        case Number(n):
            return Fraction(repr(float(n)))  # the decimal number that was written: 0.1 is 1/10, not the nearest binary fraction
        case Negative(operand):
            inner = constant(operand)
            return None if inner is None else -inner
        case Operation("/", left, right):
            a, b = constant(left), constant(right)
            return a / b if a is not None and b else None
    return None
