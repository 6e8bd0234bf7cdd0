"""What a scenario would be made of in another region or with another device, looked up without linking it anew."""

from __future__ import annotations

from lca_ml.data import folder
from lca_ml.errors import Findings
from lca_ml.factors import Indicator, Library, Row, load
from lca_ml.model.characterisation import Characterisation
from lca_ml.model.drafts import Drafts, Scope, columns_of, draft
from lca_ml.model.own import own_factors
from lca_ml.model.parts import Flow, Node
from lca_ml.scenario import Scenario


class Alternatives:
    """The library as a scenario sees it, its own figures on top; `nodes` are those of the factors looked up so far, as the linker makes them."""

    def __init__(self, scenario: Scenario, indicators: tuple[Indicator, ...], library: Library | None = None) -> None:
        findings = Findings()
        self.library = own_factors(scenario, library or load(folder("factors")), findings)
        self._column = columns_of(scenario.folder)
        self._characterised = Characterisation(self.library, indicators, findings, self._column, Drafts(), Scope("", ()))
        self._factors: dict[tuple[str, str, str, str, bool], tuple[tuple[str | None, ...], tuple[bool, ...]]] = {}
        self._figures: dict[tuple[str, str, str, str], Row | None] = {}

    @property
    def nodes(self) -> dict[str, Node]:
        """The nodes of the factors looked up so far, by name."""
        return self._characterised.nodes

    def factors(self, like: Flow, flow: str, region: str) -> tuple[tuple[str | None, ...], tuple[bool, ...]]:
        """Return the factors a flow would have if it were of another kind or elsewhere, and where it would be silent; see `Flow`."""
        several = bool(like.year) and like.amount.endswith(f".{like.year}")  # one of the years an activity is spread over
        key = (flow, like.phase, region, like.year, several)
        if key not in self._factors:
            self._factors[key] = self._characterised.of(flow, like.phase, region, int(like.year) if like.year else None, projected=several)
        return self._factors[key]

    def figure(self, flow: str, region: str, year: str, indicator: str) -> Row | None:
        """Return the row of the library a factor is made of; None where it holds none, and for an elementary flow."""
        key = (flow, region, year, indicator)
        if key not in self._figures:
            found = self.library.find(flow, region, int(year) if year else None, indicator) if flow not in self.library.indicators else None
            self._figures[key] = found.row if found else None
        return self._figures[key]

    def property(self, device: str, name: str) -> Node | None:
        """Return the node of a device's property as a formula that names it gets it; None where the catalogue gives none."""
        stated, _source = self.library.devices.get(device, {}).get(name, (None, ""))
        if stated is None:
            return None
        made = draft(f"device.{device}.{name}", stated, Scope("", ()), Findings(), self._column)
        return None if made.unit is None else Node(made.name, made.unit, made.place, number=made.number, distribution=made.distribution)
