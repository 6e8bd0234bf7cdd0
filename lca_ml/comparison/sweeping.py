"""A scenario at each value of a path, on the same draws: a curve with its band, or a map of two paths.

A path that is a plain number is changed in the linked model, which gives the very numbers `--set path=value` would; a path that
is a name (a region, a device), a distribution or a key that shapes the model is linked anew for each value.

    swept = Swept("town-hall.yaml", [axis])
    curve(swept, Draws())        -> a point for each value
    cells(swept)                 -> the stated values of a map
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lca_ml.comparison.draws import Draws
from lca_ml.comparison.grids import MOST_CELLS, Axis
from lca_ml.engine import Block, Program, Values, fits
from lca_ml.errors import Finding, UsageError
from lca_ml.factors import Indicator
from lca_ml.model import Model, load_model
from lca_ml.results import Results, Summary
from lca_ml.scenario import SETTING
from lca_ml.words import _, grouped

At = tuple[int, ...]
"""Which value of each axis, by position."""


@dataclass(frozen=True)
class Linked:
    """A model linked with values for all axes, and for each axis the node that alone holds its value, None where there is none."""

    program: Program
    nodes: tuple[str | None, ...]


class Swept:
    """A scenario some of whose values come from axes; linked as seldom as possible, checked at both ends of each axis."""

    def __init__(self, file: str, axes: Sequence[Axis], variants: Iterable[str] = (), settings: Iterable[str] = (), text: str | None = None) -> None:
        self.file, self.axes, self.variants, self.settings, self.text = file, tuple(axes), tuple(variants), tuple(settings), text
        cells_ = math.prod(len(a) for a in self.axes)
        if len(self.axes) > 1 and cells_ > MOST_CELLS:
            message = _("a map of {axes} values has {n} cells; the limit is {limit}").format(
                axes=" × ".join(grouped(len(a)) for a in self.axes), n=grouped(cells_), limit=grouped(MOST_CELLS)
            )
            raise UsageError(Finding("grid", message))
        self._linked: dict[tuple[str, ...], Linked] = {}
        self._anchor = tuple(next((i for i, v in enumerate(a.numbers) if v), 0) for a in self.axes)
        for i, axis in enumerate(self.axes):
            ends = (int(np.argmin(axis.numbers)), int(np.argmax(axis.numbers))) if axis.numbers else ()
            for end in ends:
                self._link((*self._anchor[:i], end, *self._anchor[i + 1 :]))

    @property
    def model(self) -> Model:
        """The model at one value of each axis: what all cells have in common can be read from it."""
        return self._link(self._anchor).program.model

    @property
    def grid(self) -> list[At]:
        """All cells, the last axis fastest."""
        return list(itertools.product(*(range(len(a)) for a in self.axes)))

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the linker warned of, wherever it linked, each once."""
        return tuple({str(w): w for found in self._linked.values() for w in found.program.model.warnings}.values())

    def cell(self, at: At) -> tuple[Program, Values]:
        """Return the program of a cell, and the nodes to be held at other values than its model gives them."""
        anchor = self._link(self._anchor)
        own = tuple(anchor.nodes[i] is None or not axis.numbers[at[i]] for i, axis in enumerate(self.axes))
        found = self._link(tuple(p if o else a for p, o, a in zip(at, own, self._anchor, strict=True)))
        held: Values = {}
        for i, axis in enumerate(self.axes):
            name = found.nodes[i]
            if own[i]:
                continue
            if name is None:  # another value of the other axis has taken the node away
                return self._link(at).program, {}
            held[name] = np.float64(axis.bases[at[i]])
        return found.program, held

    def results(self, at: At, draws: Draws) -> Results:
        """Return the results of a cell: the same bytes as `run` with `--set`."""
        program, held = self.cell(at)
        return draws.results(program, held)

    def movable(self) -> tuple[Program, str] | None:
        """Return the program and the node that holds the one axis, which may then take any value but zero; None where it is no plain number."""
        found = self._link(self._anchor)
        return (found.program, found.nodes[0]) if found.nodes[0] is not None else None

    def _link(self, at: At) -> Linked:
        texts = tuple(a.texts[i] for a, i in zip(self.axes, at, strict=True))
        if texts not in self._linked:
            settings = [*self.settings, *(f"{a.path}={t}" for a, t in zip(self.axes, texts, strict=True))]
            _scenario, model = load_model(self.file, self.variants, settings, self.text)
            nodes = tuple(_node(model, len(self.settings) + i + 1) if axis.numbers else None for i, axis in enumerate(self.axes))
            self._linked[texts] = Linked(Program(model), nodes)
        return self._linked[texts]


@dataclass(frozen=True)
class Point:
    """One value of a sweep: a summary for each indicator and group, and the stage that weighs most in each indicator, with its share."""

    at: At
    summaries: tuple[Summary, ...]
    dominant: dict[str, tuple[str, float]]


@dataclass(frozen=True)
class Cell:
    """One cell of a map: the stated value of an indicator, None where unknown, and the stage that weighs most in it."""

    at: At
    indicator: Indicator
    value: float | None
    dominant: tuple[str, float] | None


def curve(swept: Swept, draws: Draws, view: str = "functional_unit", labels: tuple[str, ...] = ()) -> Iterator[Point]:
    """Yield each point of a sweep of one path, in the order of its values.

    labels   what the summaries are grouped by, after those of the total
    Raises InputError where a value makes no model or a sample is not finite, UsageError where the samples do not fit in memory.
    """
    fits(len(swept.model.flows) * len(swept.model.indicators), draws.samples)
    for at in swept.grid:
        results = swept.results(at, draws)
        summaries = [*results.by(view=view), *(results.by(*labels, view=view) if labels else ())]
        yield Point(at, tuple(summaries), _dominant(results))


def cells(swept: Swept, view: str = "functional_unit") -> Iterator[Cell]:
    """Yield the cells of a map, stated values alone."""
    for at in swept.grid:
        program, held = swept.cell(at)
        block = program.block({n.name: np.array([n.number]) for n in program.drawn} | held, 0, 1)
        results = of_block(program.model, block)
        dominant = _dominant(results)
        for k, indicator in enumerate(results.indicators):
            whole = float(results.points[:, k].sum()) / (results.reference_point if view == "functional_unit" else 1.0)
            known = results.model.knows(range(len(results.model.flows)), k)
            yield Cell(at, indicator, whole if known else None, dominant.get(indicator.id))


def of_block(model: Model, block: Block) -> Results:
    """Return the results of one block, the first of its samples standing for the stated values."""
    return Results(model, 0, block.impacts, block.impacts[:, :, 0], block.reference, float(block.reference[0]))


def stated_alone(results: Results) -> Results:
    """Return results of one sample, the stated values."""
    return Results(results.model, results.seed, results.points[:, :, None], results.points, np.array([results.reference_point]), results.reference_point)


def _dominant(results: Results) -> dict[str, tuple[str, float]]:
    """Return for each indicator the stage with the largest stated impact, and its share of what is known."""
    groups = results.groups(("stage",))
    found = {}
    for k, indicator in enumerate(results.indicators):
        sums = {key[0]: float(results.points[flows, k].sum()) for key, flows in groups.items() if results.model.knows(flows, k)}
        whole = sum(sums.values())
        if sums and whole > 0:
            stage = max(sums, key=sums.__getitem__)
            found[indicator.id] = (stage, sums[stage] / whole)
    return found


def _node(model: Model, setting: int) -> str | None:
    """Return the one node a setting has made a plain number; None where it made more, another thing, or what the model's units hang on."""
    made = [n for n in model.nodes if n.place is not None and n.place.file == SETTING and n.place.line == setting]
    if len(made) != 1 or made[0].tree is not None or made[0].uncertain or made[0].name == "functional_unit":
        return None
    return made[0].name
