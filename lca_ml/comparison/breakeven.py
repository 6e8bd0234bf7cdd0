"""Where two impacts are equal: the value of the swept quantity at which one overtakes the other, solved draw by draw.

    break_even(Level(swept, "inference"), Level(swept, "training"), draws, indicators)
    break_even(Level(of_variant_a), Level(of_variant_b), draws, indicators)

The grid brackets each crossing. Between two of its values the root is found by the Illinois method (Dowell and Jarratt 1971, BIT
11, 168–174) where the swept quantity is a plain number of the model, on a straight line otherwise. A draw without a crossing in
the range is not left out, which would bend the interval inwards: it counts as one whose crossing lies before or beyond the range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_ml.comparison.draws import Draws
from lca_ml.comparison.sweeping import Swept, of_block, stated_alone
from lca_ml.engine import Program, Values, fits
from lca_ml.factors import Indicator
from lca_ml.model import chosen
from lca_ml.results import Results
from lca_ml.units import unit

Array = NDArray[np.float64]
Positions = NDArray[np.intp]
Gap = Callable[[Array, Positions], Array]
"""The difference of two impacts at a value of the swept quantity for each of some draws, named by position."""

CLOSE = 1e-13  # relative: steps of a root smaller than this are rounding
MOST_STEPS = 60


@dataclass(frozen=True)
class Level:
    """One of two impacts: of a swept scenario, all of it or what `of` names (a stage, activity, phase or flow), in a view."""

    swept: Swept
    of: str = ""
    view: str = "functional_unit"

    def draws(self, results: Results, indicator: Indicator) -> Array:
        """Return its draws in some results, (samples,)."""
        flows = chosen(results.model.flows, self.of)
        return np.asarray(results.draws(flows, self.view)[[i.id for i in results.indicators].index(indicator.id)])


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The value of the swept quantity, in the axis' unit, at which two impacts are equal.

    point               with the stated values; None where they do not cross in the range
    median, p5, p95     over the draws; −inf where it lies before the range, inf beyond it; None where no draw crosses
    before, beyond      shares of the draws whose crossing lies there, or nowhere; `equal`: the two are equal throughout the range
    several             share of the draws that cross more than once; their first crossing counts
    overtakes           whether the first becomes the higher one of the two as the quantity grows; None where no draw crosses: the first
                        is then the higher one throughout in the share `before`, the lower one in `beyond`
    """

    indicator: Indicator
    point: float | None
    median: float | None
    p5: float | None
    p95: float | None
    before: float
    beyond: float
    equal: float
    several: float
    overtakes: bool | None

    @property
    def without(self) -> float:
        """The share of the draws without a crossing in the range."""
        return self.before + self.beyond + self.equal


def break_even(first: Level, second: Level, draws: Draws, indicators: tuple[Indicator, ...]) -> list[BreakEven]:
    """Return where two impacts are equal along the one axis both are swept over, for each indicator.

    Raises UsageError where the samples do not fit in memory, InputError where a sample is not finite.
    """
    (axis,) = first.swept.axes
    order = [int(i) for i in np.argsort(axis.numbers)]
    x = np.asarray(axis.numbers)[order]
    fits(len(order) * len(indicators), draws.samples)
    gaps = np.empty((len(indicators), len(order), draws.samples))
    stated = np.empty((len(indicators), len(order), 1))
    for row, i in enumerate(order):
        a = first.swept.results((i,), draws)
        b = a if second.swept is first.swept else second.swept.results((i,), draws)
        for k, indicator in enumerate(indicators):
            gaps[k, row] = first.draws(a, indicator) - second.draws(b, indicator)
            stated[k, row] = first.draws(stated_alone(a), indicator) - second.draws(stated_alone(b), indicator)
    return [
        _made(
            indicator,
            _crossings(x, stated[k], _gap((first, second), indicator, lambda program: {n.name: np.array([n.number]) for n in program.drawn})),
            _crossings(x, gaps[k], _gap((first, second), indicator, draws.of)),
        )
        for k, indicator in enumerate(indicators)
    ]


@dataclass(frozen=True)
class _Crossings:
    """For each draw: its first crossing, NaN where there is none; how many there are; the sign of the gap before the first and at the end."""

    at: Array
    count: Positions
    start: Array
    end: Array


def _crossings(x: Array, gaps: Array, gap: Gap | None) -> _Crossings:
    """Return the crossings of each column of gaps, (grid, samples); `gap` refines them where it is given."""
    signs = np.sign(gaps)
    marks = np.zeros((2 * len(x) - 1, gaps.shape[1]), dtype=bool)  # on a value of the grid, between it and the next, on the next, …
    marks[0::2] = signs == 0
    marks[1::2] = signs[:-1] * signs[1:] < 0
    marks[:, (signs == 0).all(axis=0)] = False
    where = np.flatnonzero(marks.any(axis=0))
    low, between = np.divmod(marks[:, where].argmax(axis=0), 2)
    at = np.full(gaps.shape[1], np.nan)
    at[where] = x[low]
    where, low = where[between == 1], low[between == 1]
    if where.size:
        at[where] = _root(gap, where, x[low], x[low + 1], gaps[low, where], gaps[low + 1, where])
    opening = signs[np.argmax(signs != 0, axis=0), np.arange(signs.shape[1])]
    start = np.where(signs[0] == 0, -opening, opening)
    return _Crossings(at, marks.sum(axis=0), start, signs[-1])


def _root(gap: Gap | None, where: Positions, a: Array, b: Array, fa: Array, fb: Array) -> Array:
    """Return a root in each interval, the gaps at whose ends have opposite signs; on a straight line where there is no `gap` to evaluate."""
    low, high = a, b
    x = b
    for _step in range(MOST_STEPS if gap is not None else 1):
        flat = fb == fa
        x = np.clip(np.where(flat, (a + b) / 2, b - fb * (b - a) / np.where(flat, 1.0, fb - fa)), low, high)
        if gap is None:
            break
        fx = gap(x, where)
        if (np.abs(x - b) <= CLOSE * np.abs(x)).all() or not fx.any():
            break
        same = np.sign(fx) == np.sign(fb)
        a, fa = np.where(same, a, b), np.where(same, fa / 2, fb)
        b, fb = x, fx
    return x


def _gap(levels: tuple[Level, Level], indicator: Indicator, of: Callable[[Program], Values]) -> Gap | None:
    """Return the difference of two levels as a function of the swept quantity; None where a model must be linked anew for each value.

    of   the values of a program's uncertain nodes, one for each draw
    """
    movable = [level.swept.movable() for level in levels]
    scale = unit(levels[0].swept.axes[0].unit).scale
    if any(found is None for found in movable):
        return None

    def gap(x: Array, where: Positions) -> Array:
        sides = []
        for level, found in zip(levels, movable, strict=True):
            assert found is not None
            program, name = found
            block = program.block({n: values[where] for n, values in of(program).items()} | {name: x * scale}, 0, x.size)
            sides.append(level.draws(of_block(program.model, block), indicator))
        return np.asarray(sides[0] - sides[1])

    return gap


def _made(indicator: Indicator, stated: _Crossings, drawn: _Crossings) -> BreakEven:
    point = None if np.isnan(stated.at[0]) else float(stated.at[0])
    crosses = ~np.isnan(drawn.at)
    equal = (drawn.count == 0) & (drawn.end == 0)
    several = float((drawn.count > 1).mean())
    if not crosses.any():
        ahead = float((drawn.end > 0).mean())
        return BreakEven(indicator, point, None, None, None, ahead, 1 - ahead - float(equal.mean()), float(equal.mean()), several, None)
    overtakes = bool((drawn.start[crosses] < 0).mean() >= 0.5)
    waiting = drawn.end == (-1.0 if overtakes else 1.0)
    at = np.where(crosses, drawn.at, np.where(waiting, np.inf, -np.inf))
    low, middle, high = (_quantile(np.sort(at[~equal]), q) for q in (0.05, 0.5, 0.95))
    shares = (float((at == -np.inf)[~equal].sum() / at.size), float((at == np.inf)[~equal].sum() / at.size), float(equal.mean()))
    return BreakEven(indicator, point, middle, low, high, *shares, several, overtakes)


def _quantile(ordered: Array, q: float) -> float:
    """Return a quantile on a straight line between two values, infinite where one of them is."""
    place = q * (ordered.size - 1)
    below, above = ordered[int(np.floor(place))], ordered[int(np.ceil(place))]
    if np.isinf(below) or np.isinf(above):
        return float(below if np.isinf(below) else above)
    return float(below + (above - below) * (place - np.floor(place)))
