"""Formulas: one tree, several readings.

A formula holds names and pure numbers. It is read through Python's own parser after a check of length, characters and nesting,
and only a short list of its nodes is taken over into the tree; nothing is ever evaluated by Python.

    parse("it_energy * pue")                 -> Tree
    names(tree), renamed(tree, to)           what it depends on
    unit_of(tree, units, blame)              the unit it has, every mistake reported
    value(tree, values)                      the number it has, for floats and for arrays of samples
    text(tree, show), latex(tree, show), mathml(tree, show)      how it is written
    javascript(tree, show)                   how a browser computes it
"""

from lca_ml.expressions.mathml import mathml
from lca_ml.expressions.meaning import fault, unit_of, value
from lca_ml.expressions.parser import DEEPEST, LONGEST, parse
from lca_ml.expressions.tree import FUNCTIONS, RESERVED, UFUNCS, Call, Name, Negative, Number, Operation, Span, Tree, names, renamed
from lca_ml.expressions.writing import javascript, latex, text

__all__ = [
    "DEEPEST",
    "FUNCTIONS",
    "LONGEST",
    "RESERVED",
    "UFUNCS",
    "Call",
    "Name",
    "Negative",
    "Number",
    "Operation",
    "Span",
    "Tree",
    "fault",
    "javascript",
    "latex",
    "mathml",
    "names",
    "parse",
    "renamed",
    "text",
    "unit_of",
    "value",
]
