"""From a distribution as it is written to one that can be drawn."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lca_ml import distributions as d
from lca_ml.documents import Text
from lca_ml.errors import Finding, InputError, shown
from lca_ml.units import NUMBER, ONE, Unit, read_unit
from lca_ml.values.written import (
    INTERVAL,
    Arguments,
    Call,
    Column,
    argument_in,
    arguments_of,
    called,
    guarded,
    in_reach,
    made_of,
    misread,
    number_in,
    pieces_of,
)
from lca_ml.words import _


@dataclass(frozen=True, slots=True)
class Drawn:
    """An uncertain value: a distribution over numbers in `unit`; `labels` where a choice is among names (regions)."""

    distribution: d.Distribution
    unit: Unit
    labels: tuple[str, ...] = ()

    def in_base(self) -> d.Distribution:
        """Return the distribution of the value in base units."""
        return self.distribution if self.unit.scale == 1 else d.Affine(self.distribution, self.unit.scale)


def read_interval(text: Text) -> Drawn:
    """Return `low to high unit` as the distribution that `distributions.central` makes of it."""
    found = INTERVAL.match(text.value)
    assert found
    unit = read_unit(found["unit"] or "", text.at(found.start("unit"), len(found["unit"] or "")))
    low, high = (number_in(text, found[end], found.start(end), unit) for end in ("low", "high"))
    return Drawn(in_reach(text, guarded(text, found.start("low"), lambda: d.central(low, high)), unit), unit)


def read_distribution(text: Text, column: Column | None) -> Drawn:
    """Return a distribution as written. Raises InputError at the guilty part."""
    call = called(text.value)
    if not call:
        misread(text)
    unit = read_unit(call.unit, text.at(call.unit_start, len(call.unit))) if call.unit else ONE
    if call.kind == "choice":
        return _choice(text, call, unit)
    arguments = arguments_of(text, call)
    if call.kind == "empirical":
        return Drawn(in_reach(text, _empirical(text, call, arguments, column), unit), unit)
    return Drawn(made_of(text, call.kind, arguments, unit), unit)


def _choice(text: Text, call: Call, unit: Unit) -> Drawn:
    names, weights = _named_weights(text, call)
    start = call.start
    if not all(re.fullmatch(NUMBER, name) for name, _at in names):
        labels = tuple(name for name, _at in names)
        _refuse_twice(text, names, labels)
        return Drawn(guarded(text, start, lambda: d.Choice(tuple(float(i) for i in range(len(labels))), weights)), unit, labels)
    amounts = tuple(number_in(text, name, at, unit) for name, at in names)
    _refuse_twice(text, names, amounts)
    rising = sorted(zip(amounts, weights, strict=True))  # so that the quantile rises, as correlations need it
    return Drawn(guarded(text, start, lambda: d.Choice(tuple(a for a, _w in rising), tuple(w for _a, w in rising))), unit)


def _refuse_twice(text: Text, names: list[tuple[str, int]], values: tuple[str, ...] | tuple[float, ...]) -> None:
    for i, (name, at) in enumerate(names):
        if values[i] in values[:i]:
            raise InputError(Finding("distribution", _("{key} is given twice in {kind}").format(key=shown(name, 30), kind="choice"), text.at(at, len(name))))


def _named_weights(text: Text, call: Call) -> tuple[list[tuple[str, int]], tuple[float, ...]]:
    """Return the names of a choice, each with where it stands, and their weights."""
    names, weights = [], []
    at = call.start
    for piece in pieces_of(call):
        name, equals, weight = piece.rpartition("=")
        if not equals:
            hint = _("Write choice(FR=0.7, DE=0.3).")
            raise InputError(Finding("distribution", _("a weight is missing: {text}").format(text=shown(piece.strip(), 30)), text.at(at, len(piece)), hint))
        if not name.strip():
            hint = _("Write choice(FR=0.7, DE=0.3).")
            raise InputError(Finding("distribution", _("a name is missing: {text}").format(text=shown(piece.strip(), 30)), text.at(at, len(piece)), hint))
        names.append((name.strip(), at + len(name) - len(name.lstrip())))
        weights.append(argument_in(text, "weight", weight.strip(), at + len(name) + 1))
        at += len(piece) + 1
    return names, tuple(weights)


def _empirical(text: Text, call: Call, arguments: Arguments, column: Column | None) -> d.Distribution:
    if set(arguments) != {"file", "column"}:
        raise InputError(Finding("distribution", _("empirical takes a file and a column"), text.place, _("Write empirical(measurements.csv, energy) kWh.")))
    if column is None:
        raise InputError(Finding("distribution", _("measured values cannot be read here"), text.place))
    values = column(Text(arguments["file"][0], text.at(arguments["file"][1], len(arguments["file"][0]))), arguments["file"][0], arguments["column"][0])
    if not all(math.isfinite(v) for v in values):
        raise InputError(Finding("distribution", _("a value of the column is not finite"), text.place))
    return guarded(text, call.start, lambda: d.Empirical(tuple(sorted(values))))
