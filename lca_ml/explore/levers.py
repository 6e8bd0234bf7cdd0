"""The numbers of a study that can be moved: what `--set path=value` would change, and the nodes that then become that number.

levers(scenario, model)   -> the levers, in the order of the file, then the defaults of the library
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lca_ml.documents import Text
from lca_ml.errors import InputError, UsageError
from lca_ml.explore.menus import activities
from lca_ml.expressions import Name
from lca_ml.model import Model, Node, link
from lca_ml.processes import ActivityShape, Page, interval
from lca_ml.program import Program
from lca_ml.scenario import SETTING, Scenario, ScenarioShape, changed
from lca_ml.shapes import node_at
from lca_ml.units import Unit

MOST_REFUSALS = 4


@dataclass(frozen=True)
class Lever:
    """A number, or one default of the library in all activities that leave it at that.

    paths    what is set, all to the same value
    nodes    what then is that number
    stated   the nodes whose value it has where nothing is set: its own, or the property of a device it is read from
    unit     the unit values are written in
    origin   `parameter` and `argument` of the scenario, or `default` of the library
    range    what is plausible, in base units; None where nothing is said
    """

    paths: tuple[str, ...]
    nodes: tuple[str, ...]
    stated: str
    unit: Unit
    origin: str
    name: str
    about: str = ""
    activities: tuple[str, ...] = ()
    range: tuple[float, float] | None = None

    def settings(self, value: float) -> list[str]:
        """Return what `--set` takes for a value in the lever's unit."""
        return [f"{path}={written(value, self.unit)}" for path in self.paths]


def written(value: float, unit: Unit) -> str:
    """Return a value as a scenario writes it."""
    return f"{value!r} {unit.text}" if unit.text not in ("", "1") else repr(value)


def levers(scenario: Scenario, model: Model) -> list[Lever]:
    """Return the levers a result depends on, after making sure that all of them can be set, alone or together.

    What linking the scenario with all of them set refuses, or what would then change more than the number itself, is left out.
    """
    needed = Program(model).needed
    found = [lever for lever in _joined(_candidates(scenario, model)) if needed.intersection(lever.nodes)]
    for _attempt in range(MOST_REFUSALS):
        settings = [(i, s) for i, lever in enumerate(found) for s in lever.settings(model.node(lever.stated).number / lever.unit.scale)]  # type: ignore[operator]
        try:
            probe = link(changed(scenario, settings=[s for _i, s in settings]))
        except (InputError, UsageError) as wrong:
            first = len(scenario.settings) + 1
            lines = {f.place.line - first for f in wrong.findings if f.place is not None and f.place.file == SETTING}
            refused = {settings[line][0] for line in lines if 0 <= line < len(settings)}
            if not refused:
                return []
            found = [lever for i, lever in enumerate(found) if i not in refused]
            continue
        return [lever for lever in found if _alone(lever, model, probe)]
    return []


def _alone(lever: Lever, model: Model, probe: Model) -> bool:
    """Whether each node of a lever, once set, is a plain number in the lever's unit."""
    for name in lever.nodes:
        node = probe.node(name)
        if node.tree is not None or node.uncertain or node.place is None or node.place.file != SETTING:
            return False
    return all(model.node(name).unit.same(lever.unit) for name in lever.nodes)


def _joined(candidates: Iterable[tuple[object, Lever]]) -> list[Lever]:
    """Return the candidates, those that share a key made one: the same default, wherever it is left."""
    found: dict[object, Lever] = {}
    for key, lever in candidates:
        before = found.get(key)
        found[key] = (
            lever
            if before is None
            else replace(before, paths=before.paths + lever.paths, nodes=before.nodes + lever.nodes, activities=before.activities + lever.activities)
        )
    return list(found.values())


def _candidates(scenario: Scenario, model: Model) -> Iterator[tuple[object, Lever]]:
    shape = scenario.shape
    nodes = {n.name: n for n in model.nodes}
    plausible: dict[str, tuple[float, float] | None] = {}
    listed = list(activities(scenario))
    for identifier, activity, page in listed:
        for name, stated in activity.arguments.items():
            node = nodes.get(f"{identifier}.{name}")
            if page is not None and node is not None and isinstance(node.tree, Name) and node.tree.name in shape.parameters:
                plausible[stated.value.value.strip()] = _range(page, name)
    for name, stated in shape.parameters.items():
        node = nodes[name]
        if _plain(node):
            path = name if name not in ScenarioShape.model_fields else f"parameters.{name}"
            title = stated.title.value if stated.title else name
            yield path, Lever((path,), (name,), name, node.unit, "parameter", title, range=plausible.get(name))
    for identifier, activity, page in listed:
        yield from _given(scenario, identifier, activity, page, nodes)
    for identifier, activity, page in listed:
        if page is not None and activity.process is not None:
            yield from _defaults(identifier, activity, page, activity.process.value, nodes)


def _given(scenario: Scenario, identifier: str, activity: ActivityShape, page: Page | None, nodes: dict[str, Node]) -> Iterator[tuple[object, Lever]]:
    """Yield the numbers written in an activity: arguments, `times`, `share`, amounts of its own flows."""
    arguments = [k for k in activity.arguments if page is not None and k in page.parameters and not page.parameters[k].is_text]
    for name in [*(k for k in ("times", "share") if getattr(activity, k) is not None), *arguments]:
        node = nodes.get(f"{identifier}.{name}")
        if _plain(node):
            assert node is not None
            path = f"stages.{identifier}.{name}"
            limits = (0.0, 1.0) if name == "share" else _range(page, name) if page is not None else None
            about = page.parameters[name].about.value if page is not None and name in page.parameters else ""
            yield path, Lever((path,), (node.name,), node.name, node.unit, "argument", name, about, (identifier,), limits)
    for name in activity.flows or {}:
        node = nodes.get(f"{identifier}.{name}.once") or nodes.get(f"{identifier}.{name}")
        if _plain(node):
            assert node is not None
            short = isinstance(node_at(scenario.document, ("stages", *identifier.split("."), "flows", name)), Text)
            path = f"stages.{identifier}.flows.{name}{'' if short else '.amount'}"
            yield path, Lever((path,), (node.name,), node.name, node.unit, "argument", name, "", (identifier,))


def _defaults(identifier: str, activity: ActivityShape, page: Page, process: str, nodes: dict[str, Node]) -> Iterator[tuple[object, Lever]]:
    """Yield the defaults an activity leaves as they are: numbers of the page, and properties of its devices taken as they stand."""
    alternatives = {n.value for group in page.one_of for n in group}
    for name, parameter in page.parameters.items():
        node = nodes.get(f"{identifier}.{name}")
        if node is None or parameter.is_text or name in activity.arguments or name in alternatives:
            continue
        stated = nodes.get(node.tree.name) if isinstance(node.tree, Name) and node.tree.name.startswith("device.") else node
        if _plain(stated):
            assert stated is not None
            key = (process, name) if stated is node else stated.name
            about = parameter.about.value
            yield key, Lever((f"stages.{identifier}.{name}",), (node.name,), stated.name, node.unit, "default", name, about, (identifier,), _range(page, name))


def _plain(node: Node | None) -> bool:
    return node is not None and node.tree is None and node.number is not None


def _range(page: Page, name: str) -> tuple[float, float] | None:
    """Return what the page of a process holds for plausible, in base units."""
    parameter = page.parameters.get(name)
    if parameter is None or parameter.range is None:
        return None
    low, high, _written = interval(parameter.range)
    return low, high
