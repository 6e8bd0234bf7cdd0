"""What a scenario says its results should be: published figures (`expect:`) and budgets (`limits:`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lca_ml.documents import Text
from lca_ml.errors import Finding, Findings, InputError, did_you_mean, shown
from lca_ml.factors import Indicator
from lca_ml.model.parts import Expectation, Flow, Limit, Node
from lca_ml.scenario import ExpectedShape, ScenarioShape
from lca_ml.units import NUMBER, Quantity, Unit, quantity
from lca_ml.words import _


def last_digit(written: str) -> float:
    """Return half a unit of the last printed digit of a number: 24.69 → 0.005, 552 → 0.5, 3.4e2 → 5."""
    found = re.match(NUMBER, written.strip())
    assert found
    mantissa, _e, exponent = found[0].lower().replace("_", "").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals)


def expectations(
    shape: ScenarioShape, flows: list[Flow], nodes: dict[str, Node], indicators: dict[str, Indicator], findings: Findings
) -> tuple[Expectation, ...]:
    """Return the published figures of a scenario, each with its tolerance; what cannot be compared is reported."""
    out = []
    for quantity_name, figures in shape.expect.items():
        for figure in figures:
            try:
                out.append(_expectation(quantity_name, figure, flows, nodes, indicators))
            except InputError as wrong:
                findings.take(wrong)
    return tuple(out)


def limits(shape: ScenarioShape, indicators: dict[str, Indicator], findings: Findings) -> tuple[Limit, ...]:
    """Return the budgets of a scenario, per functional unit."""
    out = []
    for name, written in shape.limits.items():
        try:
            if name not in indicators:
                raise InputError(
                    Finding("indicator", _("{name} is an unknown indicator").format(name=shown(name, 30)), written.place, did_you_mean(name, indicators))
                )
            found = in_indicator(quantity(written), indicators[name], written)
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
    of = figure.of.value if figure.of else ""
    indicator = indicators.get(name)
    if indicator is None and name not in nodes:
        known = (*indicators, *nodes)
        message = _("{name} is neither an indicator nor a quantity of this scenario").format(name=shown(name, 60))
        raise InputError(Finding("expect", message, figure.value.place, did_you_mean(name, known)))
    unit: Unit = given.unit
    if indicator is not None:
        value = in_indicator(given, indicator, figure.value)
        to_base = 1.0 / indicator.unit.scale
        if of and not chosen(flows, of):
            near = sorted({x for f in flows for x in (f.stage, f.activity, f.phase, f.flow)})
            assert figure.of
            raise InputError(
                Finding("expect", _("{of} is no stage, activity, phase or flow here").format(of=shown(of)), figure.of.place, did_you_mean(of, near))
            )
    else:
        node = nodes[name]
        if not given.unit.same(node.unit):
            message = _("{name} is in {unit}, not in {given} (another dimension)").format(name=name, unit=node.unit, given=given.unit)
            raise InputError(Finding("dimension", message, figure.value.place))
        value, to_base = given.base, 1.0
    tolerance = last_digit(figure.value.value) * given.unit.scale * to_base
    if figure.within is not None:
        within = quantity(figure.within)
        if not within.unit.same(given.unit) and not within.unit.pure:
            raise InputError(Finding("dimension", _("the tolerance must be in {unit} or in %").format(unit=given.unit), figure.within.place))
        tolerance = abs(value) * within.base if within.unit.pure and not given.unit.pure else within.base * to_base
    reproduces = not (figure.reproduces is not None and figure.reproduces.value in ("false", "no"))
    if not reproduces and figure.reason is None:
        raise InputError(Finding("expect", _("a figure that does not reproduce needs its reason"), figure.value.place))
    return Expectation(
        quantity=name,
        indicator=indicator,
        of=of,
        per_functional_unit=figure.per is not None and figure.per.value == "functional_unit",
        value=value,
        tolerance=tolerance,
        unit=unit,
        written=figure.value.value,
        source=figure.source.value if figure.source else "",
        reproduces=reproduces,
        reason=figure.reason.value if figure.reason else "",
        place=figure.value.place,
    )
