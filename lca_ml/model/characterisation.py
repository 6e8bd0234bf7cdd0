"""The factors of flows, looked up once each: figures become nodes, what is missing or far away is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lca_ml.distributions import Z90, Affine, LogNormal, Normal
from lca_ml.errors import Findings, InputError
from lca_ml.expressions import Name, Number, Operation, names, value
from lca_ml.factors import Factor, Indicator, Library, Publication, Trend, per_flow
from lca_ml.model.drafts import Drafts, Scope, draft, report_taken, warn_outside
from lca_ml.model.parts import Flow, Node
from lca_ml.notation import signed, trimmed
from lca_ml.shapes import Stated
from lca_ml.units import ONE, Quantity, Unit
from lca_ml.values import Column, Drawn, read, relative
from lca_ml.words import _, current, set_apart


class Characterisation:
    """The factors a model needs so far: `nodes` by name, and the publications `used`."""

    def __init__(self, library: Library, indicators: tuple[Indicator, ...], findings: Findings, column: Column, drafts: Drafts, top: Scope) -> None:
        self.library, self.indicators, self.findings, self.column = library, indicators, findings, column
        self.drafts, self.top = drafts, top
        self.nodes: dict[str, Node] = {}
        self.used: dict[str, Publication] = {}
        self._named: dict[str, str] = {}
        self._told: dict[tuple[str, str], dict[str, tuple[tuple[str, ...], float]]] = {}

    def of(self, flow: str, phase: str, region: str, year: int | None, projected: bool = False) -> tuple[tuple[str | None, ...], tuple[bool, ...]]:
        """Return for each indicator the factor's node, None where there is none, and whether the flow is then known to have no impact.

        projected   whether a year without a figure takes the nearest one along its region's trend, instead of as it is

        An elementary flow counts as itself and in no other indicator; an indicator that counts some phases alone misses no factor in others.
        """
        if flow in self.library.indicators:
            return tuple(self._identity(i) if i.id == flow else None for i in self.indicators), tuple(i.id != flow for i in self.indicators)
        factors = tuple(self._factor(flow, region, year, i, projected) for i in self.indicators)
        return factors, tuple(f is None and bool(i.phases) and phase not in i.phases for i, f in zip(self.indicators, factors, strict=True))

    def tell(self, flows: Iterable[Flow]) -> None:
        """Warn of figures that were looked up elsewhere and of those that are missing, for the flows that count."""
        counted = [f for f in flows if not all(f.silent)]
        for (flow, region), found in self._told.items():
            if any(f.flow == flow and f.region == region for f in counted):
                elsewhere = set_apart(f"{title} {', '.join(where)} (gsd × {trimmed(gsd, 3, current())})" for title, (where, gsd) in found.items())
                message = _("{flow}, {region}: looked up elsewhere, the uncertainty widened: {elsewhere}")
                title = self.library.title(self.library.substitutes.get(flow, flow), current())
                self.findings.warn("fallback", message.format(flow=title, region=region, elsewhere=elsewhere))
        missing: dict[tuple[str, ...], list[str]] = {}
        for flow in dict.fromkeys(f.flow for f in counted):
            lacking = tuple(
                i.title(current()) for k, i in enumerate(self.indicators) if all(f.factors[k] is None and not f.silent[k] for f in counted if f.flow == flow)
            )
            if lacking:
                missing.setdefault(lacking, []).append(self.library.title(flow, current()))
        for lacking, titles in missing.items():
            named = _("any indicator") if len(lacking) == len(self.indicators) else set_apart(lacking)
            message = _("no factor for {indicators}: {flows}; counted as unknown, not as zero")
            self.findings.warn("factor-missing", message.format(indicators=named, flows=set_apart(titles)))

    def _identity(self, indicator: Indicator) -> str:
        name = f"factor.{indicator.id}"
        scale, source = 1.0 / indicator.unit.scale, _("an elementary flow counts as itself")
        self.nodes.setdefault(name, Node(name, Unit(scale, (), ""), number=scale, written="1", source=source))
        return name

    def _factor(self, flow: str, region: str, year: int | None, indicator: Indicator, projected: bool) -> str | None:
        found = self.library.find(flow, region, year, indicator.id)
        if found is None:
            return None
        row = found.row
        figure = _factor_name(row.flow, row.region, row.year, indicator)
        if figure not in self._named:
            node = self._factor_node(figure, found, indicator)
            if node is None:
                return None
            self.nodes[node.name] = node
            self._named[figure] = node.name
            self.used[row.publication.id] = row.publication
        figure = self._named[figure]
        asked = _factor_name(row.flow, region, year, indicator)
        trend = self.library.trends.get((row.flow, found.region, indicator.id)) if projected and found.years_off and year and row.year else None
        if trend is not None and year and row.year:
            figure = self._projected(figure, f"{asked}.projected", found.region, row.year, year, trend)
        gsd = self.library.widened(found, years=trend is None)
        if gsd == 1.0:
            return figure
        self._note_fallback(flow, region, indicator, found, gsd)
        return self._carried(figure, asked, gsd)

    def _factor_node(self, name: str, found: Factor, indicator: Indicator) -> Node | None:
        stated = found.row.as_stated()
        try:
            given = read(stated.value, self.column)
            if isinstance(given, Quantity):
                number, unit, distribution = given.number, given.unit, relative(stated.uncertainty, given).distribution if stated.uncertainty else None
            elif isinstance(given, Drawn):
                number, unit, distribution = given.distribution.point, given.unit, given.distribution
            else:
                return self._formula(name, stated, found.row.flow, indicator)
            if distribution is not None:
                warn_outside(stated, distribution, number, self.findings)
            scale, below = per_flow(unit.text, indicator, stated.value.place)
        except InputError as wrong:
            self.findings.take(wrong)
            return None
        wanted = self.library.flow_unit(found.row.flow)
        if wanted is not None and not below.same(wanted):
            message = _("the factor is per {a}, the flow {flow} is in {b} (another dimension)").format(a=below, flow=found.row.flow, b=wanted)
            self.findings.error("factor-unit", message, stated.value.place)
        source = (
            found.row.publication.headers.get("title", "")
            if found.row.stated is None
            else (stated.source.value if stated.source else _("stated in the scenario"))
        )
        per_base = Unit(scale / below.scale, (), unit.text)
        drawn = Affine(distribution, per_base.scale) if distribution is not None and per_base.scale != 1 else distribution
        return Node(
            name,
            per_base,
            stated.value.place,
            number=number * per_base.scale,
            distribution=drawn,
            written=stated.value.value,
            spread=stated.uncertainty.value if stated.uncertainty else "",
            source=source,
            title=self.library.title(found.row.flow, current()),
        )

    def _formula(self, name: str, stated: Stated, flow: str, indicator: Indicator) -> Node | None:
        """Return a factor given as a formula over the scenario's parameters, whose unit is proved with all others."""
        below = self.library.flow_unit(flow)
        if below is None:
            self.findings.error("factor-value", _("a factor of a flow of one's own is a number or a distribution with its unit"), stated.value.place)
            return None
        made = self.drafts.add(draft(name, stated, self.top, self.findings), self.findings)
        made.wanted = indicator.unit / below
        tree = Operation("*", Name(name), Number(1.0 / indicator.unit.scale))
        per_base = Unit(1.0 / below.scale, (), f"{indicator.unit.text}/{below.text}")
        title = self.library.title(flow, current())
        return Node(f"{name}.factor", per_base, stated.value.place, tree=tree, written=stated.value.value, source=made.source, title=title)

    def check_names(self) -> None:
        """Report factors that bear the name of another quantity."""
        for name in sorted(self.nodes.keys() & self.drafts.keys()):
            report_taken(name, self.drafts[name].place, self.findings)

    def settle(self, nodes: Iterable[Node]) -> None:
        """Compute the stated value of factors that are formulas, from those of the nodes they are made of."""
        points = {n.name: n.number for n in (*nodes, *self.nodes.values()) if n.number is not None}
        for name, node in self.nodes.items():
            if node.number is None and node.tree is not None and all(w.name in points for w in names(node.tree)):
                points[name] = float(value(node.tree, points.__getitem__))
                self.nodes[name] = replace(node, number=points[name])

    def _carried(self, figure: str, asked: str, gsd: float) -> str:
        """Return the node of a factor looked up elsewhere: the figure times an uncertain 1, drawn apart from the figure itself."""
        if asked not in self.nodes:
            stated, distance = self.nodes[figure], f"{asked}.fallback"
            source = _("distance of the look-up (factors/fallback.csv)")
            self.nodes[distance] = Node(
                distance, ONE, stated.place, number=1.0, distribution=LogNormal(1.0, gsd), written=f"lognormal(1, {gsd:.3g})", source=source, title=stated.title
            )
            self.nodes[asked] = replace(stated, name=asked, tree=Operation("*", Name(figure), Name(distance)), distribution=None)
        return asked

    def _projected(self, figure: str, asked: str, region: str, start: int, year: int, trend: Trend) -> str:
        """Return the node of a factor carried along a trend: the figure times (1 + rate) to the power of the years between."""
        if asked not in self.nodes:
            rate, stated = f"trend.{region}", self.nodes[figure]
            source = trend.publication.headers["title"]
            spread = Normal(trend.rate, (trend.high - trend.low) / (2 * Z90))
            written = f"{trend.rate:.4g} per year ({trend.low:.4g} to {trend.high:.4g})"
            self.nodes.setdefault(rate, Node(rate, ONE, trend.place, number=trend.rate, distribution=spread, written=written, source=source))
            growth = Operation("**", Operation("+", Number(1.0), Name(rate)), Number(float(year - start)))
            number = None if stated.number is None else stated.number * (1 + trend.rate) ** (year - start)
            self.nodes[asked] = replace(stated, name=asked, tree=Operation("*", Name(figure), growth), distribution=None, number=number)
            self.used[trend.publication.id] = trend.publication
            message = _("{title}, {region}: years after {start} follow its trend of {rate} % a year ({source})")
            yearly = signed(100 * trend.rate, 1, current())
            self.findings.warn("trajectory", message.format(title=stated.title, region=region, start=start, rate=yearly, source=source))
        return asked

    def _note_fallback(self, flow: str, region: str, indicator: Indicator, found: Factor, gsd: float) -> None:
        where = " ".join(str(x) for x in ((found.region if found.steps else ""), (found.row.year if found.years_off else "")) if x)
        before, widest = self._told.setdefault((flow, region), {}).get(indicator.title(current()), ((), 1.0))
        self._told[flow, region][indicator.title(current())] = (tuple(dict.fromkeys((*before, where))), max(gsd, widest))


def _factor_name(flow: str, region: str, year: int | None, indicator: Indicator) -> str:
    return ".".join(("factor", flow, region, *([str(year)] if year else []), indicator.id))
