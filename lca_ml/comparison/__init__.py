"""Alternatives on the same draws: difference, share of draws, what explains it, which inputs differ; sweeps and break-even.

compare(alternatives)                       each against the first, draw by draw
inputs_that_differ(model, other)            what was written differently
curve(Swept(file, [axis]), Draws())         a scenario at each value of a path; cells(...) for a map of two
break_even(level, other, draws, indicators) the value at which two impacts are equal
"""

from lca_ml.comparison.alignment import ALIGNMENTS, Alternative
from lca_ml.comparison.breakeven import BreakEven, Level, break_even
from lca_ml.comparison.difference import CLEARLY, Cause, Comparison, Difference, Spread, compare
from lca_ml.comparison.draws import Draws
from lca_ml.comparison.grids import MOST_POINTS, Axis, read_axis
from lca_ml.comparison.held import check_axes, check_sweeps, sweep_of, usual_unit
from lca_ml.comparison.inputs import KINDS, Input, inputs_that_differ
from lca_ml.comparison.sweeping import Cell, Point, Swept, cells, curve

__all__ = [
    "ALIGNMENTS",
    "CLEARLY",
    "KINDS",
    "MOST_POINTS",
    "Alternative",
    "Axis",
    "BreakEven",
    "Cause",
    "Cell",
    "Comparison",
    "Difference",
    "Draws",
    "Input",
    "Level",
    "Point",
    "Spread",
    "Swept",
    "break_even",
    "cells",
    "check_axes",
    "check_sweeps",
    "compare",
    "curve",
    "inputs_that_differ",
    "read_axis",
    "sweep_of",
    "usual_unit",
]
