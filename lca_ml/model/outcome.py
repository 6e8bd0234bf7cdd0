"""What a scenario says its results should be: published figures (`expect:`) and budgets (`limits:`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lca_ml.documents import Text
from lca_ml.errors import Finding, Findings, InputError, did_you_mean, shown
from lca_ml.factors import Indicator
from lca_ml.model.parts import Expectation, Flow, Limit, Node
from lca_ml.scenario import ExpectedShape, Scenario, ScenarioShape
from lca_ml.units import NUMBER, Quantity, quantity
from lca_ml.words import _

TRUTHS = {"true": True, "yes": True, "false": False, "no": False}

PER = "functional_unit"


def last_digit(written: str) -> float:
    """Return half a unit of the last printed digit of a number: 24.69 → 0.005, 552 → 0.5, 3.4e2 → 5."""
    found = re.match(NUMBER, written.strip())
    assert found
    mantissa, _e, exponent = found[0].lower().replace("_", "").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals)


def expectations(
    scenario: Scenario, flows: list[Flow], nodes: dict[str, Node], indicators: dict[str, Indicator], findings: Findings
) -> tuple[Expectation, ...]:
    """Return the published figures of a scenario, each with its tolerance; what cannot be compared is reported."""
    out = []
    for quantity_name, figures in scenario.shape.expect.items():
        if not figures:
            message = _("no figure is expected of {name}: the list is empty").format(name=shown(quantity_name, 60))
            findings.error("expect", message, scenario.place("expect", quantity_name), _("For example: {example}").format(example="{value: 18 kgCO2e}"))
        for figure in figures:
            try:
                out.append(_expectation(quantity_name, figure, flows, nodes, indicators))
            except InputError as wrong:
                findings.take(wrong)
    return tuple(out)


def limits(shape: ScenarioShape, indicators: dict[str, Indicator], computed: Sequence[Indicator], findings: Findings) -> tuple[Limit, ...]:
    """Return the budgets of a scenario, per functional unit.

    computed   the indicators the scenario computes: a budget of another would never be judged, and is reported
    """
    out = []
    for name, written in shape.limits.items():
        try:
            if name not in indicators:
                raise InputError(
                    Finding("indicator", _("{name} is an unknown indicator").format(name=shown(name, 30)), written.place, did_you_mean(name, indicators))
                )
            if indicators[name] not in computed:
                message = _("{name} has a limit, and is not under `indicators:`: it would never be judged").format(name=name)
                raise InputError(Finding("limits", message, written.place, _("Add it to `indicators:`.")))
            found = in_indicator(quantity(written), indicators[name], written)
            if found < 0:
                raise InputError(Finding("limits", _("a limit is not negative: {text}").format(text=shown(written.value, 30)), written.place))
            out.append(Limit(indicators[name], found, quantity(written).unit, written.value))
        except InputError as wrong:
            findings.take(wrong)
    return tuple(out)


def in_indicator(given: Quantity, indicator: Indicator, written: Text) -> float:
    """Return a quantity in the indicator's unit. Raises InputError where it measures something else."""
    if not given.unit.same(indicator.unit):
        message = _("{indicator} is in {unit}, not in {given} (another dimension)").format(indicator=indicator.id, unit=indicator.unit, given=given.unit)
        raise InputError(Finding("dimension", message, written.place))
    return given.base / indicator.unit.scale


def chosen(flows: Sequence[Flow], of: str) -> list[int]:
    """Return which flows `of:` names, by position: those of a stage, else of an activity, a phase, a kind of flow, else one flow by its name.

    The first of these that fits decides: what a process reports under another stage (hardware) belongs to that stage, not to the one it stands in.
    """
    if not of:
        return list(range(len(flows)))
    readings: tuple[Callable[[Flow], bool], ...] = (
        lambda f: f.stage == of,
        lambda f: f.activity == of,
        lambda f: f.phase == of,
        lambda f: f.flow == of,
        lambda f: f.name == of or f.name.startswith(f"{of}."),
    )
    return next((found for fits in readings if (found := [i for i, f in enumerate(flows) if fits(f)])), [])


def _expectation(name: str, figure: ExpectedShape, flows: list[Flow], nodes: dict[str, Node], indicators: dict[str, Indicator]) -> Expectation:
    given = quantity(figure.value)
    indicator = indicators.get(name)
    if indicator is None and name not in nodes:
        known = (*indicators, *nodes)
        message = _("{name} is neither an indicator nor a quantity of this scenario").format(name=shown(name, 60))
        raise InputError(Finding("expect", message, figure.value.place, did_you_mean(name, known)))
    if indicator is not None:
        _check_part(figure, flows)
        value, to_base = in_indicator(given, indicator, figure.value), 1.0 / indicator.unit.scale
    else:
        value, to_base = _of_quantity(nodes[name], figure, given), 1.0
    reproduces = _reproduces(figure)
    return Expectation(
        quantity=name,
        indicator=indicator,
        of=figure.of.value if figure.of else "",
        per_functional_unit=figure.per is not None,
        value=value,
        tolerance=_tolerance(figure, given, value, to_base),
        unit=given.unit,
        written=figure.value.value,
        source=figure.source.value if figure.source else "",
        reproduces=reproduces,
        reason=figure.reason.value if figure.reason else "",
        place=figure.value.place,
    )


def _check_part(figure: ExpectedShape, flows: list[Flow]) -> None:
    """Raise InputError where `of:` names no part of the life cycle, or `per:` nothing a figure can be per."""
    if figure.of is not None and not (figure.of.value and chosen(flows, figure.of.value)):
        near = sorted({x for f in flows for x in (f.stage, f.activity, f.phase, f.flow)})
        message = _("{of} is no stage, activity, phase or flow here").format(of=shown(figure.of.value) or "—")
        raise InputError(Finding("expect", message, figure.of.place, did_you_mean(figure.of.value, near)))
    if figure.per is not None and figure.per.value != PER:
        message = _("{per} is nothing a published figure can be per").format(per=shown(figure.per.value, 40) or "—")
        hint = did_you_mean(figure.per.value, [PER]) or _("Write per: functional_unit, or leave it out for the whole life cycle.")
        raise InputError(Finding("expect", message, figure.per.place, hint))


def _of_quantity(node: Node, figure: ExpectedShape, given: Quantity) -> float:
    """Return the value expected of a quantity, in base units. Raises InputError where it measures something else, or a part of it is asked for."""
    for key, text in (("of", figure.of), ("per", figure.per)):
        if text is not None:
            message = _("{key} belongs to a figure of an indicator; {name} is a quantity, compared as it stands").format(key=key, name=node.name)
            raise InputError(Finding("expect", message, text.place, _("Leave it out.")))
    if not given.unit.same(node.unit):
        message = _("{name} is in {unit}, not in {given} (another dimension)").format(name=node.name, unit=node.unit, given=given.unit)
        raise InputError(Finding("dimension", message, figure.value.place))
    return given.base


def _tolerance(figure: ExpectedShape, given: Quantity, value: float, to_base: float) -> float:
    """Return how far a result may lie from the value expected, in the unit of the value. Raises InputError for another dimension, or less than nothing."""
    if figure.within is None:
        return last_digit(figure.value.value) * given.unit.scale * to_base
    within = quantity(figure.within)
    if not within.unit.same(given.unit) and not within.unit.pure:
        raise InputError(Finding("dimension", _("the tolerance must be in {unit} or in %").format(unit=given.unit), figure.within.place))
    if within.number < 0:
        raise InputError(Finding("expect", _("a tolerance is not negative: {text}").format(text=shown(figure.within.value, 30)), figure.within.place))
    return abs(value) * within.base if within.unit.pure and not given.unit.pure else within.base * to_base


def _reproduces(figure: ExpectedShape) -> bool:
    """Return whether a figure is expected to come out. Raises InputError for a word that says neither, or where a reason is missing."""
    if figure.reproduces is None:
        return True
    said = figure.reproduces.value
    if said not in TRUTHS:
        message = _("reproduces is yes or no, not {text}").format(text=shown(said, 30) or "—")
        raise InputError(Finding("expect", message, figure.reproduces.place, did_you_mean(said, TRUTHS)))
    if not TRUTHS[said] and figure.reason is None:
        raise InputError(Finding("expect", _("a figure that does not reproduce needs its reason"), figure.value.place))
    return TRUTHS[said]
