"""Regions and devices as menus: which texts of a scenario name them, and what each choice would put in place.

menus(scenario, model, alternatives)   -> the menus, each with its choices; the first is what the scenario says
stated(menu, scenario)                 -> what another version of the scenario says there
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lca_ml.errors import Findings
from lca_ml.expressions import names
from lca_ml.factors import WORLD
from lca_ml.model import Model
from lca_ml.model.alternatives import Alternatives
from lca_ml.processes import ActivityShape, Page
from lca_ml.program import Program
from lca_ml.scenario import Scenario

REGION, DEVICE = "region", "device"


@dataclass(frozen=True)
class Menu:
    """A name that stands in one or several places of a scenario, and what may stand there instead.

    paths     what is set
    kind      `region` or `device`
    choices   names; the first is the one the scenario gives, empty where it gives none
    role      what the name is called there: `region`, `device`, `datacenter` …
    """

    paths: tuple[str, ...]
    kind: str
    choices: tuple[str, ...]
    role: str
    activities: tuple[str, ...] = ()

    def settings(self, choice: str) -> list[str]:
        """Return what `--set` takes for a choice."""
        return [f"{path}={choice}" for path in self.paths]


@dataclass(frozen=True, slots=True)
class _Place:
    """One text of a scenario that names a region or a device."""

    path: str
    kind: str
    value: str
    role: str
    activity: str = ""


@cache
def offered() -> dict[str, tuple[str, ...]]:
    """Return the names that may stand for one another, by menu (`choices.csv`)."""
    lines = (Path(__file__).parent / "choices.csv").read_text(encoding="utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        found.setdefault(row["menu"], []).append(row["id"])
    return {menu: tuple(ids) for menu, ids in found.items()}


def menus(scenario: Scenario, model: Model, alternatives: Alternatives) -> list[Menu]:
    """Return the menus of a scenario: one for each region and each device it names, with the choices its formulas could work with."""
    groups: dict[tuple[str, str], list[_Place]] = {}
    for place in _places(scenario):
        groups.setdefault((place.kind, place.value), []).append(place)
    needed, found = Program(model).needed, []
    for (kind, value), places in groups.items():
        others = _regions(value, groups, alternatives) if kind == REGION else _devices(value, model, needed, alternatives)
        if others:
            roles = tuple(dict.fromkeys(p.role for p in places))
            where = tuple(dict.fromkeys(p.activity for p in places)) if places[0].activity else ()
            found.append(Menu(tuple(p.path for p in places), kind, (value, *others), roles[0] if len(roles) == 1 else DEVICE, where))
    return found


def stated(menu: Menu, scenario: Scenario) -> str | None:
    """Return what a scenario says where a menu stands; None where it says several things, or has no such place."""
    said = {p.path: p.value for p in _places(scenario)}
    values = {said.get(path) for path in menu.paths}
    return values.pop() if len(values) == 1 else None


def activities(scenario: Scenario) -> Iterator[tuple[str, ActivityShape, Page | None]]:
    """Yield the activities of a scenario, each with its name in the model and the page of its process."""
    for stage, inner in scenario.shape.stages.items():
        several = {stage: inner.activity} if inner.activity else {f"{stage}.{a}": shape for a, shape in inner.activities.items()}
        for identifier, activity in several.items():
            yield identifier, activity, scenario.page(activity.process, Findings()) if activity.process is not None else None


def _places(scenario: Scenario) -> Iterator[_Place]:
    """Yield every text that names a region or a device, the region of the whole first."""
    yield _Place("region", REGION, scenario.shape.region.value if scenario.shape.region is not None else "", REGION)
    for identifier, activity, page in activities(scenario):
        if activity.region is not None:
            yield _Place(f"stages.{identifier}.region", REGION, activity.region.value, REGION, identifier)
        for name, parameter in (page.parameters if page is not None else {}).items():
            given = activity.arguments[name].value if name in activity.arguments else parameter.default
            if parameter.is_text and given is not None:
                yield _Place(f"stages.{identifier}.{name}", DEVICE, given.value, name, identifier)


def _regions(value: str, groups: dict[tuple[str, str], list[_Place]], alternatives: Alternatives) -> list[str]:
    """Return what regions to offer beside one: those the scenario names elsewhere, and well-known ones."""
    own = [region for kind, region in groups if kind == REGION]
    known = dict.fromkeys(r for r in (*own, *offered()[REGION]) if r in alternatives.library.regions)
    return [r for r in known if r != (value or WORLD)]


def _devices(device: str, model: Model, needed: set[str], alternatives: Alternatives) -> list[str]:
    """Return what may stand for a device: the fitting ones of its own group, else of the group of which most fit."""
    head = f"device.{device}."
    reading = (n.tree for n in model.nodes if n.tree is not None and n.name in needed)
    properties = {w.name.removeprefix(head) for tree in reading for w in names(tree) if w.name.startswith(head)}
    if not properties and not any(f.flow == device and not all(f.silent) for f in model.flows):
        return []
    groups = [group for menu, group in offered().items() if menu != REGION]
    own = [group for group in groups if device in group] or (groups if properties else [])
    return max(([d for d in group if d != device and _fits(d, device, properties, alternatives)] for group in own), key=len, default=[])


def _fits(other: str, device: str, properties: set[str], alternatives: Alternatives) -> bool:
    """Whether another device has what formulas ask of one, measured alike."""
    for name in properties:
        own, its = alternatives.property(device, name), alternatives.property(other, name)
        if own is None or its is None or not its.unit.same(own.unit):
            return False
    return other in alternatives.library.devices
