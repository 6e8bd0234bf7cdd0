"""Quantities while a model is being linked: read, but their names not yet resolved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lca_ml.distributions import Distribution, outside, warnings
from lca_ml.documents import Text, confined, read_bytes
from lca_ml.errors import Finding, Findings, InputError, Place, did_you_mean, shown
from lca_ml.expressions import Name, Tree
from lca_ml.shapes import Stated
from lca_ml.tables import LARGEST_TABLE, number_in, read_table
from lca_ml.units import Quantity, Unit
from lca_ml.values import Drawn, read, relative
from lca_ml.words import _


@dataclass
class Scope:
    """Where a formula stands, and so which names it may use.

    prefix      what stands before a plain name: empty in the scenario, the activity's id in a process page
    names       plain names that exist here
    texts       names that stand for a device or another text; `device.power` reads a property
    inner       sub-activities of a process page, whose quantities are reached with a dot
    absolute    whether dotted names of other activities may be used (in the scenario)
    """

    prefix: str
    names: Iterable[str]
    texts: dict[str, Text] = field(default_factory=dict)
    inner: Iterable[str] = ()
    absolute: bool = False

    def full(self, name: str) -> str:
        """Return a local name as it stands in the model."""
        return f"{self.prefix}.{name}" if self.prefix else name


@dataclass
class Draft:
    """A quantity as it was read: one of number, distribution (both in base units) and tree."""

    name: str
    text: Text
    scope: Scope
    unit: Unit | None = None
    number: float | None = None
    distribution: Distribution | None = None
    tree: Tree | None = None
    wanted: Unit | None = None
    plausible: tuple[float, float, str] | None = None
    positive: bool = False
    stream: str = ""
    source: str = ""
    kind: str = ""
    title: str = ""
    given: bool = False
    times: tuple[str, ...] = ()
    problem: Finding | None = None
    spread: str = ""

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.text.place


class Drafts(dict[str, Draft]):
    """All quantities of a model by name. Every one comes in through `add`, so that none silently takes the place of another.

    Most names made by the linker are none a user can write (`lca_ml.model.internal`); the others could meet a user's.
    """

    def add(self, made: Draft, findings: Findings) -> Draft:
        """Return a draft after keeping it under its name; a name that stands for another quantity already is reported."""
        kept = self.setdefault(made.name, made)
        if kept.text is not made.text:
            report_taken(made.name, kept.place, findings)
        self[made.name] = made
        return made


def report_taken(name: str, place: Place | None, findings: Findings) -> None:
    """Report a name that stands for two quantities of a model."""
    message = _("{name} stands for two quantities of this model").format(name=shown(name, 80))
    findings.error("name-reserved", message, place, _("Rename the stage, the activity or the flow."))


def draft(name: str, stated: Stated, scope: Scope, findings: Findings, column: Callable[[Text, str, str], list[float]] | None = None) -> Draft:
    """Return a quantity as it was written; what is wrong with it is reported and leaves it empty."""
    out = Draft(name, stated.value, scope, source=_text(stated.source), kind=_text(stated.kind), title=_text(stated.title))
    try:
        given = read(stated.value, column)
        if stated.uncertainty is not None:
            _with_uncertainty(out, given, stated.uncertainty, column)
        elif isinstance(given, Quantity):
            out.unit, out.number = given.unit, given.base
        elif isinstance(given, Drawn):
            if given.labels:
                raise InputError(Finding("choice", _("a choice among names is for a region; a number is wanted here"), stated.value.place))
            out.unit, out.distribution = given.unit, given.in_base()
            out.number = out.distribution.point
        else:
            out.tree = given
    except InputError as wrong:
        findings.take(wrong)
        return out
    if isinstance(given, (Quantity, Drawn)) and re.search(r"/[^/(]*[^*/(]\*(?!\*)", given.unit.text):
        message = _("{unit}: only what follows the / directly is below it").format(unit=shown(given.unit.text, 30))
        findings.warn("unit-order", message, stated.value.place, _("Put all that stands below the / in brackets, as in kg/(kWh*h)."))
    if stated.uncertainty is not None and out.distribution is not None and out.number is not None:
        warn_outside(stated, out.distribution, out.number, findings)
    if out.distribution is not None:
        for message in warnings(given.distribution if isinstance(given, Drawn) else out.distribution):
            findings.warn("distribution", message, stated.value.place)
    return out


def warn_outside(stated: Stated, distribution: Distribution, number: float, findings: Findings) -> None:
    """Warn of a stated value that its own uncertainty leaves out."""
    if stated.uncertainty is not None and outside(distribution, number):
        message = _("the value {value} lies outside its uncertainty {spread}")
        text = message.format(value=shown(stated.value.value.strip(), 40), spread=shown(stated.uncertainty.value.strip(), 60))
        hint = _("An uncertainty relative to the value reads uniform(-10 %, +10 %) or lognormal(gsd=1.2).")
        findings.warn("uncertainty", text, stated.uncertainty.place, hint)


def unknown_name(name: Name, where: Draft, known: Iterable[str], findings: Findings) -> None:
    """Report a name that is not defined."""
    listed = list(known)
    place = where.text.at(*name.span)
    hint = did_you_mean(name.name, listed)
    if not hint:
        hint = _("Names here are {names}.").format(names=shown(", ".join(sorted(listed)[:12]), 160)) if listed else _("Declare it under `parameters:`.")
    findings.error("undefined", _("{name} is not defined (unknown name)").format(name=shown(name.name, 40)), place, hint)


def columns_of(folder: Path) -> Callable[[Text, str, str], list[float]]:
    """Return how `empirical(file, column)` is read: a CSV file inside the scenario's folder."""

    def column(text: Text, file: str, name: str) -> list[float]:
        target = confined(Text(file, text.place), folder, folder)
        table = read_table(file, read_bytes(target, LARGEST_TABLE))
        table.require(name, text.place)
        out = []
        for row, place in table.rows:
            try:
                out.append(number_in(row[name]))
            except ValueError as wrong:
                raise InputError(Finding("number", f"{shown(name, 40)}: {wrong}", place)) from None
        return out

    return column


def _with_uncertainty(out: Draft, given: Quantity | Drawn | Tree, uncertainty: Text, column: Callable[[Text, str, str], list[float]] | None) -> None:
    if isinstance(given, Quantity):
        drawn = relative(uncertainty, given, column)
        out.unit, out.number, out.distribution, out.spread = given.unit, given.base, drawn.in_base(), uncertainty.value
        return
    if isinstance(given, Drawn):
        raise InputError(Finding("uncertainty", _("the value is a distribution already; give one or the other"), uncertainty.place))
    raise InputError(
        Finding("uncertainty", _("a formula takes its uncertainty from the names in it"), uncertainty.place, _("Give the names their uncertainty."))
    )


def _text(given: Text | None) -> str:
    return given.value if given is not None else ""
