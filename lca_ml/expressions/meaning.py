"""What a formula means: its unit, its value, and which part of it has none."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np

from lca_ml.expressions.tree import LARGEST_POWER, LARGEST_ROOT, UFUNCS, Call, Name, Negative, Number, Operation, Tree, constant
from lca_ml.units import ONE, Unit
from lca_ml.words import _


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
        case _:
            return _unit_of_call(tree, [unit_of(a, units, blame) for a in tree.arguments], blame)


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
        case _:
            function, (first, *others) = UFUNCS[tree.function], (value(a, values) for a in tree.arguments)
            if tree.function not in ("min", "max"):
                return function(first)
            return reduce(function, others, first)


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


def _unit_of_power(tree: Operation, base: Unit | None, exponent: Tree, unit: Unit | None, blame: Callable[..., None]) -> Unit | None:
    if base is None or unit is None:
        return None
    if not unit.pure:
        blame(tree, "exponent", _("an exponent must be a pure number; this one is in {unit} (a dimension)").format(unit=unit), None, None)
        return None
    if base.pure:
        return ONE
    power = constant(exponent)
    if power is None or power.denominator > LARGEST_ROOT or abs(power) > LARGEST_POWER:
        message = _("a quantity in {unit} can only be raised to a constant exponent, a whole number or a simple fraction such as (1/3)").format(unit=base)
        blame(tree, "exponent", message, None, None)
        return None
    return base**power


def _unit_of_call(tree: Call, units: list[Unit | None], blame: Callable[..., None]) -> Unit | None:
    function, first = tree.function, units[0]
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
    messages = {
        "+": _("{a} and {b} do not measure the same thing (another dimension); they cannot be added"),
        "-": _("{a} and {b} do not measure the same thing (another dimension); they cannot be subtracted"),
    }
    message = messages.get(operator) or _("{a} and {b} do not measure the same thing (another dimension); they cannot be compared")
    blame(tree, "dimension", message.format(a=a, b=b), a, b)
    return False


def _reason(tree: Tree, values: Callable[[str], Any]) -> str:
    match tree:
        case Operation("/", _left, right) if value(right, values) == 0:
            return _("a division by zero")
        case Operation("**") if np.isnan(value(tree, values)):
            return _("a negative number raised to a broken power: the result is complex, outside the domain")
        case Operation("**", left, _right) if value(left, values) == 0:
            return _("a division by zero: zero raised to a negative power")
        case Call(("log" | "log2" | "log10" | "sqrt") as function, _arguments):
            return _("{function} of a number outside its domain (negative or zero)").format(function=function)
    return _("the result is too large: it overflows the finite numbers")
