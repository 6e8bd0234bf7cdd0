"""What alternatives must have in common before they are compared: functional unit, indicators, boundary.

A comparison across any of these is refused, with what differs, unless it is asked for by name. Source: ISO 14044:2006, 4.2.3.7.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from lca_ml.errors import Finding, Findings, UsageError, shown
from lca_ml.factors import Indicator
from lca_ml.model import Model
from lca_ml.notation import plain, trimmed
from lca_ml.titles import stage_title
from lca_ml.units import spoken
from lca_ml.words import _, current, set_apart

ALIGNMENTS = ("functional_unit", "indicators", "boundary")


@dataclass(frozen=True)
class Alternative:
    """One of the things compared: its name in the tables, and its model."""

    name: str
    model: Model


@dataclass(frozen=True)
class Common:
    """What is compared: in which view, over which indicators, and what must be said beside it."""

    view: str
    indicators: tuple[Indicator, ...]
    notes: tuple[Finding, ...]


def common(alternatives: Sequence[Alternative], view: str, align: Collection[str] = ()) -> Common:
    """Return what all alternatives have in common. Raises UsageError with all that differs and is not told to be aligned.

    view    "functional_unit" or "total"
    align   of `functional_unit` (then the view is "total"), `indicators` (then the common ones), `boundary` (then it is only said)
    """
    findings = Findings()
    first, *others = alternatives
    for other in others:
        for what, differs in (("functional_unit", _functional_units), ("indicators", _indicators), ("boundary", _boundaries)):
            message, hint = differs(first, other)
            if message and what in align:
                findings.warn(f"compare-{what}", message)
            elif message:
                findings.error(f"compare-{what}", message, None, f"{hint} --align {what}")
    findings.stop(UsageError)
    indicators = tuple(i for i in first.model.indicators if all(i.id in {j.id for j in o.model.indicators} for o in others))
    if not indicators:
        raise UsageError(Finding("compare-indicators", _("the alternatives have no indicator in common")))
    if any(f.code == "compare-functional_unit" for f in findings.warnings):
        view = "total"
    for other in others:
        _note_delivered(first, other, view, findings)
        _note_unknown(first, other, indicators, findings)
        if set(first.model.correlations) != set(other.model.correlations):
            message = _("{first} and {other} correlate their inputs differently: what is correlated is not drawn alike")
            findings.warn("compare-correlations", message.format(first=first.name, other=other.name))
    return Common(view, indicators, findings.warnings)


def _functional_units(first: Alternative, other: Alternative) -> tuple[str, str]:
    a, b = first.model.functional_unit, other.model.functional_unit
    if a.unit.same(b.unit) and a.base == b.base:
        return "", ""
    message = _("the functional units differ: {a} ({first}), {b} ({other})")
    written = [f"{plain(q.number, current())} {spoken(q.unit, q.number)}" for q in (a, b)]
    said = message.format(a=written[0], b=written[1], first=shown(first.name, 40), other=shown(other.name, 40))
    return said, _("Give both the same, or compare the whole life cycles:")


def _indicators(first: Alternative, other: Alternative) -> tuple[str, str]:
    a, b = ([i.id for i in x.model.indicators] for x in (first, other))
    if set(a) == set(b):
        return "", ""
    message = _("the indicators differ: {difference}").format(difference=_difference(first, other, set(a), set(b)))
    return message, _("Give both the same under `indicators:`, or compare those they have in common:")


def _boundaries(first: Alternative, other: Alternative) -> tuple[str, str]:
    a, b = first.model, other.model
    parts = []
    if set(a.stages) != set(b.stages):
        parts.append(_("modelled: {difference}").format(difference=_difference(first, other, set(a.stages), set(b.stages), stage_title)))
    if set(a.excluded) != set(b.excluded):
        parts.append(_("excluded: {difference}").format(difference=_difference(first, other, set(a.excluded), set(b.excluded), stage_title)))
    message = _("the boundaries differ: {difference}").format(difference=" · ".join(parts)) if parts else ""
    return message, _("Model or exclude the same stages in both, or go on as they are:")


def _difference(first: Alternative, other: Alternative, a: set[str], b: set[str], say: Callable[[str], str] = str) -> str:
    sides = [(x.name, sorted(only)) for x, only in ((first, a - b), (other, b - a)) if only]
    return set_apart(_("{names} in {name} alone").format(names=", ".join(map(say, only)), name=shown(name, 40)) for name, only in sides)


def _note_delivered(first: Alternative, other: Alternative, view: str, findings: Findings) -> None:
    """Say that two whole life cycles deliver different amounts, where they are compared in total."""
    a, b = (x.model.node(x.model.reference).number for x in (first, other))
    if view == "total" and a != b and a is not None and b is not None:
        message = _("in total, {first} delivers {a} functional units and {other} {b}")
        findings.warn("compare-delivered", message.format(first=first.name, a=trimmed(a, 6, current()), other=other.name, b=trimmed(b, 6, current())))


def _note_unknown(first: Alternative, other: Alternative, indicators: Sequence[Indicator], findings: Findings) -> None:
    """Say where a flow counts in one alternative and is unknown in the other: such a difference is not one of impacts."""
    for indicator in indicators:
        a, b = (_without_factor(x.model, indicator) for x in (first, other))
        if a != b:
            message = _("{indicator}: no factor, and so not compared, for {difference}")
            findings.warn("compare-unknown", message.format(indicator=indicator.title(current()), difference=_difference(first, other, a, b)))


def _without_factor(model: Model, indicator: Indicator) -> set[str]:
    k = [i.id for i in model.indicators].index(indicator.id)
    return {f.flow for f in model.flows if f.factors[k] is None and not f.silent[k]}
