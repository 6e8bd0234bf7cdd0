"""What a linked model is made of: nodes in the order they are computed, and flows with their factors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lca_ml import titles
from lca_ml.distributions import Distribution
from lca_ml.errors import Finding, Place
from lca_ml.expressions import Tree
from lca_ml.factors import Indicator, Publication
from lca_ml.units import Quantity, Unit


@dataclass(frozen=True, slots=True)
class Node:
    """One named quantity: a number, an uncertain number or a formula over nodes before it. All in base units.

    `unit` is the unit it is shown in; `stream` names the random numbers it is drawn with, where that is not its own name.
    `written` is the text of the value, `spread` that of an uncertainty stated beside it.
    """

    name: str
    unit: Unit
    place: Place | None = field(default=None, repr=False)
    tree: Tree | None = None
    number: float | None = None
    distribution: Distribution | None = None
    stream: str = ""
    written: str = ""
    spread: str = ""
    source: str = ""
    kind: str = ""
    title: str = ""

    @property
    def uncertain(self) -> bool:
        """Whether it is drawn."""
        return self.distribution is not None


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount, and the factor for each indicator; the labels are what results can be grouped by.

    `amount` and `factors` name nodes. A factor is None where the library holds none: the impact is unknown, not zero.
    `silent` says for each indicator that the impact is known to be nothing without a factor: an elementary flow counts in one
    indicator alone, an indicator may count some phases alone, and a flow of which there is none has no impact.
    """

    name: str
    amount: str
    stage: str
    activity: str
    flow: str
    phase: str
    region: str
    year: str
    process: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    factors: tuple[str | None, ...] = ()
    silent: tuple[bool, ...] = ()
    place: Place | None = field(default=None, repr=False)

    def label(self, name: str) -> str:
        """Return a label by its name: stage, activity, flow, phase, region, year, process, or a tag; empty where it has none."""
        if name in LABELS:
            return str(getattr(self, name))
        return dict(self.tags).get(name, "")


LABELS = tuple(titles.LABELS)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A published figure: what it is of, its value and tolerance in base units, and whether it is known to reproduce."""

    quantity: str
    indicator: Indicator | None
    of: str
    per_functional_unit: bool
    value: float
    tolerance: float
    unit: Unit
    written: str
    source: str
    reproduces: bool
    reason: str
    place: Place


@dataclass(frozen=True, slots=True)
class Limit:
    """A budget per functional unit, in the indicator's unit."""

    indicator: Indicator
    value: float
    unit: Unit
    written: str


@dataclass(frozen=True)
class Model:
    """A scenario, process pages and factors linked: names resolved, order found, units proved. Immutable, picklable."""

    title: str
    functional_unit: Quantity
    reference: str
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    indicators: tuple[Indicator, ...]
    excluded: dict[str, str]
    stages: tuple[str, ...]
    expectations: tuple[Expectation, ...] = ()
    limits: tuple[Limit, ...] = ()
    correlations: tuple[tuple[str, str, float], ...] = ()
    warnings: tuple[Finding, ...] = ()
    publications: tuple[Publication, ...] = ()
    scenario: dict[str, str | None] = field(default_factory=dict)
    flow_titles: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    @property
    def uncertain(self) -> tuple[Node, ...]:
        """The nodes that are drawn: parameters and factors."""
        return tuple(n for n in self.nodes if n.uncertain)

    @property
    def provenance(self) -> tuple[dict[str, str], ...]:
        """The files of factors that were used: id, title, version, licence and SHA-256 of each."""
        return tuple(p.provenance() for p in self.publications)

    def knows(self, flows: Iterable[int], indicator: int) -> bool:
        """Whether the impact of some flows together is known in an indicator, at least in part: unknown is not zero.

        Silent flows alone are known to be nothing; beside one whose factor is missing they make nothing known.
        """
        together = [self.flows[i] for i in flows]
        counted = [f for f in together if not f.silent[indicator]]
        return any(f.factors[indicator] is not None for f in counted) or not counted

    def node(self, name: str) -> Node:
        """Return a node by its name. Raises KeyError."""
        return self._by_name()[name]

    def _by_name(self) -> dict[str, Node]:
        found: dict[str, Node] | None = self.__dict__.get("_nodes")
        if found is None:
            found = {n.name: n for n in self.nodes}
            object.__setattr__(self, "_nodes", found)
        return found
