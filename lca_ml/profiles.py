"""What a standard wants stated, beyond what lca-ml needs to compute: the profiles of `lca-ml check`.

A profile is a table of elements; each is looked for in the scenario, and what is missing is said with the clause that asks for it.
It helps to prepare a report and claims no conformity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lca_ml.errors import Finding
from lca_ml.model import Model
from lca_ml.scenario import STANDARD_STAGES, Scenario
from lca_ml.words import _, later


@dataclass(frozen=True, slots=True)
class Element:
    """One thing a standard asks for: its clause, what to state, and whether a scenario states it."""

    clause: str
    asks: str
    stated: Callable[[Scenario, Model], bool]
    hint: str


def missing(scenario: Scenario, model: Model, profile: str) -> tuple[Finding, ...]:
    """Return a warning for each element of a profile the scenario does not state, and a last one that counts. Profiles: see `PROFILES`."""
    elements = PROFILES[profile]
    lacking = [e for e in elements if not e.stated(scenario, model)]
    found = [Finding("profile", f"{e.clause}: {_(e.asks)}", scenario.place(), _(e.hint), "warning") for e in lacking]
    if lacking:
        text = _("{profile}: {stated} of {all} elements stated").format(profile=profile, stated=len(elements) - len(lacking), all=len(elements))
        found.append(Finding("profile", text, None, "", "warning"))
    return tuple(found)


def _goal(key: str) -> Callable[[Scenario, Model], bool]:
    return lambda scenario, _model: key in scenario.shape.goal


def _boundary_complete(scenario: Scenario, model: Model) -> bool:
    """Whether every standard stage is modelled or excluded with a reason."""
    return set(STANDARD_STAGES) <= {*model.stages, *scenario.shape.stages, *scenario.shape.excluded}


def _sourced(_scenario: Scenario, model: Model) -> bool:
    return not any(w.code == "no-source" for w in model.warnings)


def _uncertain(_scenario: Scenario, model: Model) -> bool:
    return bool(model.uncertain)


def _phase(phase: str) -> Callable[[Scenario, Model], bool]:
    return lambda _scenario, model: any(f.phase == phase for f in model.flows)


def _indicator(indicator: str) -> Callable[[Scenario, Model], bool]:
    return lambda _scenario, model: any(i.id == indicator for i in model.indicators)


def _several_indicators(_scenario: Scenario, model: Model) -> bool:
    return len(model.indicators) > 1


def _region_and_year(scenario: Scenario, _model: Model) -> bool:
    return scenario.shape.region is not None and scenario.shape.year is not None


def _stage(*stages: str) -> Callable[[Scenario, Model], bool]:
    return lambda scenario, model: all(s in model.stages or s in scenario.shape.excluded for s in stages)


_SCI = (
    Element("SCI (ISO/IEC 21031:2024) R", later("the functional unit"), lambda s, _m: bool(s.shape.functional_unit.value), later("Write functional_unit:.")),
    Element("SCI E", later("the energy the software consumes"), _phase("use"), later("Model the use of electricity.")),
    Element("SCI I", later("the region and year of the grid intensity"), _region_and_year, later("Write region: and year:.")),
    Element("SCI M", later("the embodied emissions of the hardware"), _phase("embodied"), later("Use the processes compute or hardware.")),
    Element(
        "SCI, software boundary",
        later("what is inside and outside the boundary"),
        lambda s, m: bool(s.shape.excluded) or _boundary_complete(s, m),
        later("Name what is left out under excluded:, with the reason."),
    ),
)

PROFILES: dict[str, tuple[Element, ...]] = {
    "iso14044": (
        Element("ISO 14044:2006, 4.2.2", later("the intended application (goal: application)"), _goal("application"), later("Write goal: {application: …}.")),
        Element("ISO 14044:2006, 4.2.2", later("the reasons for the study (goal: reasons)"), _goal("reasons"), later("Write goal: {reasons: …}.")),
        Element("ISO 14044:2006, 4.2.2", later("the intended audience (goal: audience)"), _goal("audience"), later("Write goal: {audience: …}.")),
        Element(
            "ISO 14044:2006, 4.2.3.2",
            later("the reference flow: what the life cycle delivers (delivers:)"),
            lambda s, _m: s.shape.delivers is not None,
            later("Write delivers:, in the unit of the functional unit."),
        ),
        Element(
            "ISO 14044:2006, 4.2.3.3",
            later("every life-cycle stage, modelled or excluded with its reason"),
            _boundary_complete,
            later("Name the others under excluded:."),
        ),
        Element("ISO 14044:2006, 4.2.3.5", later("the source of every figure"), _sourced, later("Give each parameter a source:, or kind: assumed.")),
        Element("ISO 14044:2006, 4.2.3.6.2", later("the geography and the year the data stand for"), _region_and_year, later("Write region: and year:.")),
        Element("ISO 14044:2006, 4.4.2.2", later("more than one impact category"), _several_indicators, later("Leave out indicators:, or name several.")),
        Element("ISO 14044:2006, 4.5.3.3", later("the uncertainty of the data"), _uncertain, later("Give uncertain parameters a distribution.")),
    ),
    "sci": _SCI,
    "sci-ai": (
        *_SCI,
        Element(
            "SCI for AI, provider",
            later("data collection, data preparation and training, modelled or excluded"),
            _stage("data_collection", "data_preparation", "training"),
            later("Name them under stages: or excluded:."),
        ),
        Element("SCI for AI, consumer", later("inference, modelled or excluded"), _stage("inference"), later("Name it under stages: or excluded:.")),
        Element("SCI for AI, carbon", later("climate change among the indicators"), _indicator("climate_change"), later("Add climate_change to indicators:.")),
    ),
}
