"""What a scenario and its model can answer: a line for each fact in the table at the foot, which the pages name.

A fact returns its answer in the language in force, empty where the scenario states none. Amounts are those of the stated values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from lca_ml import __version__
from lca_ml.factors import Indicator
from lca_ml.model import Flow, Model, Node
from lca_ml.notation import figure, trimmed
from lca_ml.scenario import STANDARD_STAGES, Scenario
from lca_ml.titles import KINDS, kind_title, stage_title
from lca_ml.units import pretty, scaled, unit
from lca_ml.wording import counted, delivered, functional_unit, indicator_title
from lca_ml.words import _, count, current, later, set_apart

Fact = Callable[[Scenario, Model, str], str]


def grams(model: Model, stages: Iterable[str]) -> float | None:
    """Return the emissions of some stages in use, in gCO2e of the stated values; None where none is known."""
    found = _impact(model, "climate_change", [f for f in _within(model, stages) if f.phase == "use"])
    return None if found is None else float(f"{found[0] * found[1].unit.scale / unit('gCO2e').scale:.6g}")


def _goal(scenario: Scenario, _model: Model, key: str) -> str:
    text = scenario.shape.goal.get(key)
    return text.value.strip() if text is not None else ""


def _about(scenario: Scenario, _model: Model, _argument: str) -> str:
    return " ".join(scenario.shape.about.value.split()) if scenario.shape.about is not None else ""


def _functional_unit(_scenario: Scenario, model: Model, _argument: str) -> str:
    return functional_unit(model, current())


def _delivers(scenario: Scenario, model: Model, _argument: str) -> str:
    return delivered(model, current()) if scenario.shape.delivers is not None else ""


def _boundary(scenario: Scenario, model: Model, _argument: str) -> str:
    """Answer where every standard stage is modelled or excluded with a reason."""
    if not set(STANDARD_STAGES) <= {*model.stages, *scenario.shape.stages, *scenario.shape.excluded}:
        return ""
    return set_apart([_("modelled: {stages}").format(stages=", ".join(stage_title(s) for s in model.stages)), _exclusions(scenario, model, "")])


def _exclusions(scenario: Scenario, _model: Model, _argument: str) -> str:
    if not scenario.shape.excluded:
        return ""
    return _("excluded: {stages}").format(stages=", ".join(stage_title(s) for s in scenario.shape.excluded))


def _stages(scenario: Scenario, model: Model, argument: str) -> str:
    asked = _listed(argument)
    modelled = {*model.stages, *scenario.shape.stages}
    if not all(s in modelled or s in scenario.shape.excluded for s in asked):
        return ""
    words = {True: _("modelled"), False: _("excluded")}
    return ", ".join(_("{name}: {value}").format(name=stage_title(s), value=words[s in modelled]) for s in asked)


def _place(scenario: Scenario, _model: Model, _argument: str) -> str:
    region, year = scenario.shape.region, scenario.shape.year
    return f"{region.value}, {year.value}" if region is not None and year is not None else ""


def _region(_scenario: Scenario, model: Model, argument: str) -> str:
    flows = [f for f in _within(model, _listed(argument)) if f.flow.startswith("electricity")]
    return ", ".join(dict.fromkeys(f.region for f in flows))


def _electricity_mix(_scenario: Scenario, model: Model, _argument: str) -> str:
    flows = [f for f in model.flows if f.flow.startswith("electricity") and f.flow in model.flow_titles]
    return ", ".join(dict.fromkeys(f"{model.flow_titles[f.flow][current()]} {f.region} {f.year}".strip() for f in flows))


def _kinds(scenario: Scenario, _model: Model, _argument: str) -> str:
    kinds = [p.kind.value for p in scenario.shape.parameters.values() if p.kind is not None]
    return ", ".join(f"{kinds.count(kind)} {kind_title(kind)}" for kind in KINDS if kind in kinds)


def _processes(_scenario: Scenario, model: Model, _argument: str) -> str:
    named = ", ".join(dict.fromkeys(f.process for f in model.flows if f.process))
    return named or count("{n} flow of the scenario's own", "{n} flows of the scenario's own", len(model.flows))


def _sources(scenario: Scenario, model: Model, _argument: str) -> str:
    if any(w.code == "no-source" for w in model.warnings):
        return ""
    n = len(scenario.shape.parameters)
    return count("{n} parameter with its source, or marked as assumed", "{n} parameters with their source, or marked as assumed", n)


def _software(_scenario: Scenario, _model: Model, _argument: str) -> str:
    return f"lca-ml {__version__}"


def _gaps(_scenario: Scenario, model: Model, _argument: str) -> str:
    lacking = len({(f.flow, k) for f in model.flows for k, n in enumerate(f.factors) if n is None and not f.silent[k]})
    return count(
        "{n} pair of flow and indicator without a factor, counted as unknown",
        "{n} pairs of flow and indicator without a factor, counted as unknown",
        lacking,
    )


def _quantity(_scenario: Scenario, model: Model, argument: str) -> str:
    """Answer with the quantities of activities that bear one of some names: `device_hours in training, fine_tuning`."""
    names, _in, stages = argument.partition(" in ")
    found = {n.name: n for n in model.nodes if n.name.rpartition(".")[2] in _listed(names) and n.number is not None and n.name.count(".") > 0}
    outer = [n for n in found.values() if not any(_within_it(n.name, other) for other in found)]
    chosen = [n for n in outer if not _of_library(n) and (not stages or n.name.partition(".")[0] in _listed(stages))]
    return set_apart(f"{n.name} {_shown(n)}" for n in sorted(chosen, key=lambda n: n.name))


def _devices(scenario: Scenario, _model: Model, argument: str) -> str:
    found = []
    for stage in _listed(argument):
        shape = scenario.shape.stages.get(stage)
        for activity in () if shape is None else [*([shape.activity] if shape.activity else []), *shape.activities.values()]:
            found += [activity.arguments["device"].value.value] if "device" in activity.arguments else []
    return ", ".join(dict.fromkeys(found))


def _training_type(_scenario: Scenario, model: Model, _argument: str) -> str:
    stages = {f.activity.partition(".")[0] for f in model.flows}
    words = {"training": _("pre-training"), "fine_tuning": _("fine-tuning")}
    return ", ".join(word for stage, word in words.items() if stage in stages)


def _electricity(_scenario: Scenario, model: Model, argument: str) -> str:
    flows = [f for f in _within(model, _listed(argument)) if f.flow.startswith("electricity")]
    amounts = [model.node(f.amount) for f in flows]
    if not amounts:
        return ""
    kwh = unit("kWh")
    value, name = scaled(sum(n.number or 0.0 for n in amounts) / kwh.scale, kwh)
    return f"{trimmed(value, 4, current())} {pretty(name)}"


def _energy_method(scenario: Scenario, model: Model, argument: str) -> str:
    named = ", ".join(dict.fromkeys(f.process for f in _within(model, _listed(argument)) if f.process and f.flow.startswith("electricity")))
    return _("process {names} of lca-ml").format(names=named) if named else ""


def _emissions(_scenario: Scenario, model: Model, argument: str) -> str:
    flows = list(_within(model, _listed(argument)))
    parts = []
    for phase, word in {"use": _("in use"), "embodied": _("embodied"), "end_of_life": _("end of life")}.items():
        found = _impact(model, "climate_change", [f for f in flows if f.phase == phase])
        if found is not None:
            shown = figure(found[0], found[0], found[0], found[1].unit, current())
            parts.append(f"{shown.point} {shown.unit} {word}")
    return ", ".join(parts)


def _phase(_scenario: Scenario, model: Model, phase: str) -> str:
    found = _impact(model, "climate_change", [f for f in model.flows if f.phase == phase])
    if found is None:
        return ", ".join(dict.fromkeys(model.flow_titles[f.flow][current()] for f in model.flows if f.phase == phase))
    shown = figure(found[0], found[0], found[0], found[1].unit, current())
    return f"{shown.point} {shown.unit}"


def _indicator(_scenario: Scenario, model: Model, wanted: str) -> str:
    found = _impact(model, wanted, model.flows)
    if found is None:
        return ""
    shown = figure(found[0], found[0], found[0], found[1].unit, current())
    return f"{shown.point} {shown.unit}"


def _indicators(_scenario: Scenario, model: Model, _argument: str) -> str:
    return ", ".join(indicator_title(i, current()) for i in model.indicators) if len(model.indicators) > 1 else ""


def _factors(_scenario: Scenario, model: Model, _argument: str) -> str:
    return count("{n} publication, with version and SHA-256", "{n} publications, with version and SHA-256", len(model.publications))


def _value_choices(_scenario: Scenario, _model: Model, _argument: str) -> str:
    return _("none: results are neither normalised, nor grouped, nor weighted")


def _relative(_scenario: Scenario, _model: Model, _argument: str) -> str:
    return _("results are per functional unit; they foresee no damage, no threshold crossed, no margin of safety and no risk")


def _uncertainty(_scenario: Scenario, model: Model, _argument: str) -> str:
    drawn = len({n.stream or n.name for n in model.uncertain})
    return count("{n} uncertain quantity, with intervals and ranking", "{n} uncertain quantities, with intervals and ranking", drawn) if drawn else ""


def _within(model: Model, stages: Iterable[str]) -> Iterator[Flow]:
    """Yield the flows of the activities of some stages, the manufacture they cause included; of all where none is named."""
    wanted = set(stages)
    return (f for f in model.flows if not wanted or f.activity.partition(".")[0] in wanted)


def _impact(model: Model, wanted: str, flows: Iterable[Flow]) -> tuple[float, Indicator] | None:
    """Return the stated impact of some flows in the indicator's unit, None where no factor is known."""
    k = next((k for k, i in enumerate(model.indicators) if i.id == wanted), None)
    known = [] if k is None else [(model.node(f.amount).number, model.node(name).number) for f in flows if (name := f.factors[k]) is not None]
    if k is None or not known:
        return None
    return sum((amount or 0.0) * (factor or 0.0) for amount, factor in known), model.indicators[k]


def _listed(argument: str) -> list[str]:
    return [part.strip() for part in argument.split(",") if part.strip()]


def _within_it(inner: str, outer: str) -> bool:
    """Whether a quantity is handed down from one of the same name: `training.run.device_hours` from `training.device_hours`."""
    above, _dot, name = outer.rpartition(".")
    return inner != outer and inner.startswith(f"{above}.") and inner.endswith(f".{name}")


def _of_library(node: Node) -> bool:
    """Whether a quantity is a device's property, a factor or a trend, and not of the study."""
    return node.name.startswith(("device.", "factor.", "trend."))


def _shown(node: Node) -> str:
    assert node.number is not None
    value = float(f"{node.number / node.unit.scale:.6g}")
    if node.unit.counts and value == round(value):
        return counted(value, node.unit, current())
    number, name = scaled(value, node.unit) if node.tree is not None else (value, node.unit.text)
    return f"{trimmed(number, 4, current())} {pretty(name)}".strip()


FACTS: dict[str, tuple[Fact, str]] = {
    "goal": (_goal, later("Write goal: {{{argument}: …}}.")),
    "about": (_about, later("Write about:.")),
    "functional_unit": (_functional_unit, later("Write functional_unit:.")),
    "delivers": (_delivers, later("Write delivers:, in the unit of the functional unit.")),
    "boundary": (_boundary, later("Name the others under excluded:.")),
    "exclusions": (_exclusions, later("Name what is left out under excluded:, with the reason.")),
    "stages": (_stages, later("Name them under stages: or excluded:.")),
    "place": (_place, later("Write region: and year:.")),
    "region": (_region, later("Model their use of electricity.")),
    "electricity_mix": (_electricity_mix, later("Model the use of electricity.")),
    "kinds": (_kinds, later("Give parameters a kind: measured, sourced, modelled or assumed.")),
    "processes": (_processes, ""),
    "sources": (_sources, later("Give each parameter a source:, or kind: assumed.")),
    "software": (_software, ""),
    "gaps": (_gaps, ""),
    "quantity": (_quantity, later("Give an activity one of {argument}.")),
    "devices": (_devices, later("Name the device of these activities.")),
    "training_type": (_training_type, later("Name the stage training or fine_tuning.")),
    "electricity": (_electricity, later("Model the use of electricity.")),
    "energy_method": (_energy_method, later("Use a process, or say it under goal:.")),
    "emissions": (_emissions, later("Model these stages: {argument}.")),
    "phase": (_phase, later("Use the processes compute or hardware.")),
    "indicator": (_indicator, later("Add {argument} to indicators:.")),
    "indicators": (_indicators, later("Leave out indicators:, or name several.")),
    "factors": (_factors, ""),
    "value_choices": (_value_choices, ""),
    "relative": (_relative, ""),
    "uncertainty": (_uncertainty, later("Give uncertain parameters a distribution.")),
}
"""Each fact: what answers it, and what to write where there is no answer."""
