"""A study as the page's script evaluates it: its flows, menus and levers, and its variants as far as they share them.

studies(scenario, model, page)   -> the study of a scenario with its variants; those that are made otherwise stand apart
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from lca_ml.documents import Mapping, Sequence, Text
from lca_ml.documents import Node as Written
from lca_ml.errors import InputError, UsageError
from lca_ml.explore.levers import Lever, levers
from lca_ml.explore.menus import REGION, Menu, menus, stated
from lca_ml.explore.tables import Table
from lca_ml.explore.texts import in_each
from lca_ml.explore.wiring import PICK, WiredFlow, property_of, wired
from lca_ml.expressions import Tree, names
from lca_ml.factors import WORLD
from lca_ml.model import Model, Node, link
from lca_ml.model.alternatives import Alternatives
from lca_ml.scenario import Scenario, changed
from lca_ml.titles import property_title
from lca_ml.units import Unit

UNKNOWN, SILENT = -1, -2
"""What stands for the row of a factor where there is none: the impact is unknown, or known to be nothing."""


class Page:
    """The document of a page while it is put together: what studies share is written once."""

    def __init__(self, seed: int) -> None:
        self.table = Table(seed)
        self.units: dict[str, tuple[int, str, float]] = {}
        self.regions: dict[str, list[str]] = {}
        self.flows: dict[str, list[str]] = {}
        self.stages: dict[str, None] = {}

    def unit(self, measure: Unit) -> int:
        """Return the number of a unit in the page's list: text, as printed, scale."""
        text = "" if measure.text == "1" else measure.text
        return self.units.setdefault(f"{text}\n{measure.scale!r}", (len(self.units), text, measure.scale))[0]


@dataclass(frozen=True)
class Version:
    """A scenario, or a variant of it: its model, and what it says where the menus stand."""

    scenario: Scenario
    model: Model
    said: tuple[str, ...]

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes by name."""
        return {n.name: n for n in self.model.nodes}


class Study:
    """A scenario, and the variants that have the same flows made of the same quantities, whatever these are."""

    def __init__(self, page: Page, scenario: Scenario, model: Model) -> None:
        self.page, self.model = page, model
        self.alternatives = Alternatives(scenario, model.indicators)
        self.wiring = wired(scenario, model, menus(scenario, model, self.alternatives))
        self.menus = list(self.wiring.menus)
        self.levers = levers(scenario, model)
        self.versions = [Version(scenario, model, tuple(m.choices[0] for m in self.menus))]
        self._rows: dict[str, int] = {}
        self._factors: dict[tuple[str, ...], int] = {}
        self._sites: dict[tuple[str, str, int], dict[int, Unit]] = {}

    # --- variants

    def take(self, scenario: Scenario, model: Model) -> bool:
        """Add a variant if it differs in numbers, formulas and choices of menus alone; return whether it does."""
        said = tuple(stated(m, scenario) for m in self.menus)
        version = Version(scenario, model, tuple(s or "" for s in said))
        if None in said or not self._alike(version):
            return False
        self.versions.append(version)
        self.menus = [m if s in m.choices else replace(m, choices=(*m.choices, s)) for m, s in zip(self.menus, version.said, strict=True)]
        return True

    def _alike(self, version: Version) -> bool:
        base = self.versions[0]
        if _frame(base) != _frame(version) or len(base.model.flows) != len(version.model.flows):
            return False
        for wired_flow, other in zip(self.wiring.flows, version.model.flows, strict=False):
            flow = wired_flow.flow
            region = flow.region if wired_flow.region is None else version.said[wired_flow.region] or WORLD
            kind = flow.flow if wired_flow.kind is None else version.said[wired_flow.kind]
            if replace(flow, region=region, flow=kind, factors=(), silent=(), place=None) != replace(other, factors=(), silent=(), place=None):
                return False
        return all(self._same_reach(node, version.nodes.get(name), version) for name, node in base.nodes.items() if not name.startswith(("device.", "factor.")))

    def _same_reach(self, node: Node, other: Node | None, version: Version) -> bool:
        """Whether a quantity is there in a variant too, and reads no device by itself that the scenario does not."""
        if other is None:
            return False
        own, its = (_devices(self.wiring.tree(n, v.said)) for n, v in ((node, self.versions[0]), (other, version)))
        return not {name for name in its - own if property_of(name)[0] in version.said}

    # --- rows

    def row(self, name: str) -> int:
        """Return the row of a name, those it depends on before it. Raises KeyError where it stands for nothing."""
        if name not in self._rows:
            self._rows[name] = self._made(name)
        return self._rows[name]

    def _made(self, name: str) -> int:
        if name.startswith(PICK):
            menu, _slash, wanted = name.removeprefix(PICK).partition("/")
            return self.page.table.picked(int(menu), [self._property(device, wanted) for device in self.menus[int(menu)].choices])
        nodes = [v.nodes[name] for v in self.versions if name in v.nodes] or [self.wiring.nodes.get(name) or self.alternatives.nodes[name]]
        if len(nodes) < len(self.versions):
            return self._single(nodes[0], self.wiring.tree(nodes[0], self.versions[0].said))
        trees = [self.wiring.tree(n, v.said) for n, v in zip(nodes, self.versions, strict=True)]
        first = _content(nodes[0], trees[0])
        if all(_content(n, t) == first for n, t in zip(nodes[1:], trees[1:], strict=True)):
            return self._single(nodes[0], trees[0])
        return self.page.table.picked(len(self.menus), [self._single(n, t) for n, t in zip(nodes, trees, strict=True)])

    def _single(self, node: Node, tree: Tree | None) -> int:
        if tree is not None:
            return self.page.table.formula(node.name, tree, self.row)
        return self.page.table.drawn(node) if node.uncertain else self.page.table.constant(node)

    def _property(self, device: str, wanted: str) -> int:
        name = f"device.{device}.{wanted}"
        node = self.wiring.nodes.get(name) or self.alternatives.property(device, wanted)
        if node is None:
            raise KeyError(name)
        return self._single(node, None)

    # --- flows and their factors

    def flow(self, wired_flow: WiredFlow) -> list[Any]:
        """Return a flow as [stage, row of the amount, a factor for each indicator, menu that decides whether it exists, whether in its first choice]."""
        flow = wired_flow.flow
        self.page.stages.setdefault(flow.stage)
        kinds = self.menus[wired_flow.kind].choices if wired_flow.kind is not None else (flow.flow,)
        factors = []
        for k in range(len(self.model.indicators)):
            rows = [self._factors_of(wired_flow, kind, k) for kind in kinds]
            factors.append(rows[0] if wired_flow.kind is None else self.page.table.picked(wired_flow.kind, rows))
        stage = list(self.page.stages).index(flow.stage)
        return [stage, self.row(flow.amount), factors, *([] if wired_flow.only is None else [wired_flow.only, int(wired_flow.first)])]

    def _factors_of(self, wired_flow: WiredFlow, kind: str, k: int) -> int:
        """Return the row of a flow's factor in one indicator, wherever its menu puts it."""
        flow, menu = wired_flow.flow, wired_flow.region
        key = (kind, flow.phase, flow.year, str(flow.amount.endswith(f".{flow.year}")), str(menu), flow.region if menu is None else "", str(k))
        if key not in self._factors:
            places = (flow.region,) if menu is None else self.menus[menu].choices
            rows = [self._factor(wired_flow, kind, place, k) for place in places]
            self._factors[key] = rows[0] if menu is None else self.page.table.picked(menu, rows)
        return self._factors[key]

    def _factor(self, wired_flow: WiredFlow, kind: str, place: str, k: int) -> int:
        flow, indicator = wired_flow.flow, self.model.indicators[k]
        if place not in self.alternatives.library.regions and place:
            return UNKNOWN  # a choice of regions, whose flows are others
        region = place or WORLD
        factors, silent = self.alternatives.factors(flow, kind, region)
        name = factors[k]
        if name is None:
            return SILENT if silent[k] else UNKNOWN
        found = self.row(name)
        figure = self.alternatives.figure(kind, region, flow.year, indicator.id)
        if figure is not None:
            self.page.flows.setdefault(figure.flow, [self.alternatives.library.title(figure.flow, language) for language in ("en", "fr")])
            where = "" if figure.publication.everywhere else region
            unit = (self.wiring.nodes.get(name) or self.alternatives.nodes[name]).unit
            self._sites.setdefault((figure.flow, where, k), {})[found] = unit
        return found

    # --- the whole

    def data(self) -> dict[str, Any]:
        """Return the study as the page's script reads it."""
        model, streams = self.model, self.page.table.streams
        flows = [self.flow(w) for w in self.wiring.flows]
        reference, own = self.row(model.reference), [self._lever(lever) for lever in self.levers]
        pairs = [(a, b, rank) for a, b, rank in model.correlations if a in streams and b in streams]
        return {
            "reference": reference,
            "flows": flows,
            "menus": [self._menu(m) for m in self.menus],
            "levers": own,
            "sites": [self._site(*key, rows) for key, rows in self._sites.items()],
            "excluded": [[name, reason] for name, reason in model.excluded.items()],
            "limits": [[model.indicators.index(limit.indicator), limit.value] for limit in model.limits],
            "correlations": [[streams[a], streams[b], rank] for a, b, rank in pairs],
            "joint": [streams[name] for name in sorted({name for a, b, _rank in pairs for name in (a, b)})],
        }

    def variants(self, document: Mapping) -> list[dict[str, Any]]:
        """Return the versions: their names, the choice each states in each menu, and what differs from a document."""
        return [
            {
                "name": "" if v.scenario.document is document else v.scenario.variants[-1],
                "at": position,
                "stated": [m.choices.index(s) for m, s in zip(self.menus, v.said, strict=True)],
                "changes": list(difference(document, v.scenario.document)),
            }
            for position, v in enumerate(self.versions)
        ]

    def _menu(self, menu: Menu) -> list[Any]:
        """Return a menu as [kind, what it is called, paths, choices, activities]."""
        if menu.kind == REGION:
            for code in menu.choices:
                self._note_region(code)
        return [menu.kind, menu.role, menu.paths, menu.choices, menu.activities]

    def _note_region(self, code: str) -> None:
        regions = self.alternatives.library.regions
        while code in regions and code not in self.page.regions:
            region = regions[code]
            self.page.regions[code] = [region.names["en"], region.names["fr"], region.parent]
            code = region.parent

    def _lever(self, lever: Lever) -> list[Any]:
        """Return a lever: paths, rows, unit, p(arameter) a(rgument) or d(efault), name, about, activities, range, tied names, whether it counts things."""
        number = self.model.node(lever.stated)
        whole = lever.unit.counts and not lever.unit.pure and not number.uncertain and float(number.number or 0).is_integer()
        tied = [n for n in lever.nodes if n in self._tied]
        rows = [self.row(name) for name in lever.nodes]
        called = in_each(lambda _language: property_title(lever.name))
        name = lever.name if lever.origin == "parameter" or len(set(called)) == 1 else called
        return [lever.paths, rows, self.page.unit(lever.unit), lever.origin[0], name, lever.about, lever.activities, lever.range, tied, int(whole)]

    @cached_property
    def _tied(self) -> set[str]:
        """The names under `groups:` and `correlations:`, which a number that is known has no place in."""
        shape = self.versions[0].scenario.shape
        return {m.value for members in shape.groups.values() for m in members} | {m.value for c in shape.correlations for m in c.between}

    def _site(self, flow: str, region: str, k: int, rows: dict[int, Unit]) -> list[Any]:
        if region:
            self._note_region(region)
        unit = next(iter(rows.values()))
        return [list(self.page.flows).index(flow), region, k, self.page.unit(unit), list(rows)]


def studies(scenario: Scenario, model: Model, page: Page) -> list[Study]:
    """Return the study of a scenario with its variants, and one more for each variant that is made otherwise; one that cannot be linked is left out."""
    found = [Study(page, scenario, model)]
    for name in scenario.shape.variants:
        try:
            other = changed(scenario, variants=[name])
            linked = link(other)
        except (InputError, UsageError):
            continue  # what is wrong with it is told where it is asked for
        if not any(study.take(other, linked) for study in found):
            found.append(Study(page, other, linked))
    return found


def encoded(node: Written) -> Any:
    """Return a YAML document as JSON: a text as itself, behind a quotation mark where it was quoted; a list under `s`, a mapping as pairs under `m`."""
    match node:
        case Text(value, _place, quoted):
            return f'"{value}' if quoted or value.startswith('"') else value
        case Sequence(items):
            return {"s": [encoded(item) for item in items]}
        case Mapping():
            return {"m": [[key, encoded(node[key])] for key in node]}
    raise AssertionError(node)


def difference(base: Mapping, other: Mapping, path: tuple[str, ...] = ()) -> Iterator[list[Any]]:
    """Yield what of a document differs from another: the path, and what stands there instead."""
    for key in other:
        here, there = base.get(key), other[key]
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            yield from difference(here, there, (*path, key))
        elif here is None or encoded(here) != encoded(there):
            yield [[*path, key], encoded(there)]


def _frame(version: Version) -> tuple[object, ...]:
    """Return what two versions must have in common to be shown by the same rows, beside their flows."""
    model, factors = version.model, version.scenario.document.get("factors")
    limits = [(limit.indicator.id, limit.value) for limit in model.limits]
    return (model.functional_unit.base, model.indicators, model.excluded, limits, model.correlations, encoded(factors) if factors is not None else None)


def _devices(tree: Tree | None) -> set[str]:
    return {w.name for w in names(tree) if w.name.startswith("device.")} if tree is not None else set()


def _content(node: Node, tree: Tree | None) -> tuple[object, ...]:
    return (tree, node.stream) if tree is not None else (node.number, node.distribution, node.stream)
