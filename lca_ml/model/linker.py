"""From a scenario to a model: activities laid out, names resolved, factors looked up.

link(scenario, library)   -> Model
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from lca_ml.data import folder
from lca_ml.distributions import Affine, Choice, LogNormal
from lca_ml.documents import Mapping, Text
from lca_ml.errors import Finding, Findings, InputError, did_you_mean, shown
from lca_ml.expressions import Name, Operation
from lca_ml.factors import WORLD, Factor, Indicator, Library, Publication, Region, Row, load, own_publication, per_flow
from lca_ml.model.drafts import Draft, Scope, columns_of, draft, interval, unknown_name
from lca_ml.model.outcome import expectations, limits
from lca_ml.model.parts import Flow, Model, Node
from lca_ml.model.proof import prove, vanishing
from lca_ml.processes import COMMON_KEYS, ActivityShape, FlowShape, Page, PageParameter
from lca_ml.scenario import STANDARD_STAGES, Scenario
from lca_ml.shapes import Stated
from lca_ml.units import ONE, Quantity, Unit, quantity, read_unit
from lca_ml.values import Drawn, read, relative
from lca_ml.words import _

RESERVED_NAMES = ("delivers", "functional_unit", "total", "factor", "device")


@dataclass(frozen=True)
class _Context:
    """What an activity hands down to its flows and its sub-activities."""

    stage: str
    activity: str
    id: str
    region: Text | None
    year: Text | None
    times: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    process: str = ""


def link(scenario: Scenario, library: Library | None = None) -> Model:
    """Return the model of a scenario: names resolved, order found, units proved, every factor looked up.

    library   the factors; None takes those of the package, with what the scenario brings on top
    Raises InputError with every mistake of the file at once.
    """
    findings = Findings()
    return _Linker(scenario, library or load(folder("factors")), findings).model()


class _Linker:
    def __init__(self, scenario: Scenario, library: Library, findings: Findings) -> None:
        self.scenario, self.shape, self.findings = scenario, scenario.shape, findings
        self.library = _own_factors(scenario, library, findings)
        self.drafts: dict[str, Draft] = {}
        self.flows: list[Flow] = []
        self.factors: dict[str, Node] = {}
        self.used: dict[str, Publication] = {}
        self.told: dict[tuple[str, str, str], list[str]] = {}
        self.column = columns_of(scenario.folder)
        self.indicators = self._indicators()
        self.top = Scope("", self.shape.parameters.keys(), absolute=True)

    def model(self) -> Model:
        shape = self.shape
        for name, stated in shape.parameters.items():
            if name in RESERVED_NAMES:
                self.findings.error("name-reserved", _("{name} is reserved").format(name=name), stated.value.place, _("Choose another name."))
            self._draft(name, stated, self.top)
        unit_of_function = self._functional_unit()
        for stage, inner in shape.stages.items():
            activities = {stage: inner.activity} if inner.activity else {f"{stage}.{a}": shape_ for a, shape_ in inner.activities.items()}
            if not activities:
                self.findings.error("stage-empty", _("the stage {stage} is empty").format(stage=stage), self.scenario.place("stages", stage))
            for name, activity in activities.items():
                context = _Context(stage, name, name, shape.region, shape.year, (), ())
                self._activity(activity, context, self.top)
        self._check_excluded()
        nodes = prove(self.drafts, self._resolve, self.findings, self._needed())
        zero = vanishing(nodes)
        self.flows = [replace(f, zero=f.amount in zero) for f in self.flows]
        self._tell_fallbacks()
        self._check_sources()
        expected = expectations(shape, self.flows, {n.name: n for n in nodes}, self.library.indicators, self.findings)
        budget = limits(shape, self.library.indicators, self.findings)
        self.findings.stop()
        order = [s for s in STANDARD_STAGES if any(f.stage == s for f in self.flows)]
        order += [s for s in dict.fromkeys(f.stage for f in self.flows) if s not in order]
        return Model(
            title=scenario_title(self.scenario),
            functional_unit=unit_of_function,
            reference="reference_flows",
            nodes=(*nodes, *self.factors.values()),
            flows=tuple(self.flows),
            indicators=self.indicators,
            excluded={k: v.value for k, v in shape.excluded.items()},
            stages=tuple(order),
            expectations=expected,
            limits=budget,
            warnings=self.findings.warnings,
            provenance=tuple(p.provenance() for _id, p in sorted(self.used.items()) if p.sha256),
            scenario={"title": self.scenario.title, "file": self.scenario.file, "variant": ",".join(self.scenario.variants) or None},
            flow_titles={f.flow: {lang: self.library.title(f.flow, lang) for lang in ("en", "fr")} for f in self.flows},
        )

    # --- what a scenario says of itself

    def _indicators(self) -> tuple[Indicator, ...]:
        known = self.library.indicators
        if self.shape.indicators is None:
            return tuple(known.values())
        for asked in self.shape.indicators:
            if asked.value not in known:
                hint = did_you_mean(asked.value, known)
                self.findings.error("indicator", _("{name} is an unknown indicator").format(name=shown(asked.value, 30)), asked.place, hint)
        return tuple(known[a.value] for a in self.shape.indicators if a.value in known)

    def _functional_unit(self) -> Quantity:
        stated = Stated(value=self.shape.functional_unit)
        try:
            found = quantity(self.shape.functional_unit)
        except InputError as wrong:
            for f in wrong.findings:
                self.findings.error(f.code, f.message, f.place, f.hint or _("For example: functional_unit: 1000 request"))
            found = Quantity(1.0, ONE)
        if found.number <= 0:
            self.findings.error("functional-unit", _("the functional unit must be above zero"), self.shape.functional_unit.place)
        self.drafts["functional_unit"] = Draft("functional_unit", stated.value, self.top, unit=found.unit, number=found.base or 1.0, given=True)
        delivers = self.shape.delivers or stated
        self._draft("delivers", delivers, self.top).wanted = found.unit
        whole = Operation("/", Name("delivers"), Name("functional_unit"))
        self.drafts["reference_flows"] = Draft(
            "reference_flows", delivers.value, Scope("", ("delivers", "functional_unit")), tree=whole, wanted=ONE, given=True
        )
        return found

    def _check_excluded(self) -> None:
        for name, reason in self.shape.excluded.items():
            if name in self.shape.stages:
                self.findings.error("excluded", _("{name} is both modelled and excluded").format(name=name), self.scenario.place("excluded", name))
            elif not reason.value.strip():
                self.findings.error("excluded", _("an exclusion needs its reason (ISO 14044, 4.2.3.3)"), reason.place)

    # --- activities

    def _activity(self, shape: ActivityShape, context: _Context, outer: Scope) -> None:
        path = tuple(context.id.split("."))
        place = self.scenario.place("stages", *path)
        multipliers = list(context.times)
        for key in ("times", "share"):
            stated = getattr(shape, key)
            if stated is not None:
                name = f"{context.id}.{key}"
                made = self._draft(name, stated, outer)
                made.wanted, made.given = ONE, True
                made.plausible = (0.0, 1.0, "share") if key == "share" else None
                multipliers.append(name)
        tags = (*context.tags, *((k, v.value) for k, v in (shape.tags or {}).items()))
        context = _Context(
            context.stage,
            context.activity,
            context.id,
            shape.region or context.region,
            shape.year or context.year,
            tuple(multipliers),
            tags,
            shape.process.value if shape.process else "",
        )
        if shape.process is not None and shape.flows is not None:
            self.findings.error("activity", _("an activity has a process or flows of its own, not both"), shape.process.place)
        elif shape.process is not None:
            page = self.scenario.page(shape.process, self.findings)
            if page is not None:
                self._process(page, shape, context, outer, place)
        elif shape.flows is not None:
            for key, stated in shape.arguments.items():
                self.findings.error("unknown-key", _("{key} is an unknown key").format(key=shown(key, 40)), stated.value.place, did_you_mean(key, COMMON_KEYS))
            for key, flow in shape.flows.items():
                self._flow(key, flow, context, outer, {})
        else:
            known = (*COMMON_KEYS,)
            hint = did_you_mean(next(iter(shape.arguments), ""), known) or _("Write `process:` and its arguments, or `flows:`.")
            self.findings.error("activity", _("the activity {name} has neither a process nor flows").format(name=context.id), place, hint)

    def _process(self, page: Page, shape: ActivityShape, context: _Context, outer: Scope, place: object) -> None:
        self._check_arguments(page, shape, context)
        texts = {}
        for name, parameter in page.parameters.items():
            if parameter.is_text:
                given = shape.arguments[name].value if name in shape.arguments else parameter.default
                if given is not None:
                    texts[name] = outer.texts.get(given.value, given) if outer.prefix else given
        inside = Scope(context.id, [*(k for k, p in page.parameters.items() if not p.is_text), *page.formulas], texts, page.activities)
        beside = Scope(outer.prefix, outer.names, outer.texts | texts if not outer.prefix else outer.texts, outer.inner, outer.absolute)
        for name, parameter in page.parameters.items():
            if parameter.is_text:
                continue
            if name in shape.arguments:
                made = self._draft(f"{context.id}.{name}", shape.arguments[name], beside)
                made.given = True
            elif parameter.default is not None:
                default = Stated.model_construct(
                    value=parameter.default, uncertainty=parameter.uncertainty, source=parameter.source, kind=None, note=None, title=None
                )
                made = self._draft(f"{context.id}.{name}", default, inside)
                made.source = made.source or _("default of the process {process}").format(process=context.process)
            else:
                continue
            made.title = made.title or parameter.about.value
            self._demand(made, parameter)
        for name, formula in page.formulas.items():
            self._draft(f"{context.id}.{name}", formula, inside)
        for key, flow in page.flows.items():
            self._flow(key, flow, context, inside, texts)
        for key, activity in page.activities.items():
            below = _Context(context.stage, context.activity, f"{context.id}.{key}", context.region, context.year, context.times, context.tags)
            self._activity(activity, below, inside)

    def _demand(self, made: Draft, parameter: PageParameter) -> None:
        """Note the unit an argument must have, and what would be plausible."""
        try:
            if parameter.unit is not None:
                made.wanted = read_unit(parameter.unit.value, parameter.unit.place)
            if parameter.range is not None and made.given:
                made.plausible = interval(parameter.range)
        except InputError as wrong:
            for f in wrong.findings:
                self.findings.error(f.code, f.message, f.place, f.hint)

    def _check_arguments(self, page: Page, shape: ActivityShape, context: _Context) -> None:
        path = ("stages", *context.id.split("."))
        given = set(shape.arguments)
        known = (*page.parameters, *COMMON_KEYS)
        for key in shape.arguments:
            if key not in page.parameters:
                hint = did_you_mean(key, known) or _("Arguments of {process} are {names}.").format(process=context.process, names=", ".join(page.parameters))
                place = self.scenario.place(*path, key)
                self.findings.error(
                    "unknown-key", _("{key} is an unknown argument of the process {process}").format(key=shown(key, 40), process=context.process), place, hint
                )
        choices = {n.value for group in page.one_of for n in group}
        for name, parameter in page.parameters.items():
            if parameter.default is None and name not in given and name not in choices and parameter.optional is None:
                example = f" [{parameter.unit.value}]" if parameter.unit else ""
                message = _("the process {process} needs {name}{unit}: {about}").format(
                    process=context.process, name=name, unit=example, about=shown(parameter.about.value, 120)
                )
                self.findings.error("missing-key", message, self.scenario.place(*path))
        for group in page.one_of:
            names = [n.value for n in group]
            if len(given.intersection(names)) != 1:
                message = _("the process {process} needs exactly one of {names}").format(process=context.process, names=", ".join(names))
                self.findings.error("one-of", message, self.scenario.place(*path))
        for conflict in page.conflicts:
            names = [n.value for n in conflict.given]
            if given.issuperset(names):
                joined = f" {_('and')} ".join(names)
                message = _("{names} must not be given together: {why}").format(names=joined, why=conflict.because.value)
                self.findings.error("conflict", message, self.scenario.place(*path, names[0]))

    # --- flows and factors

    def _flow(self, key: str, shape: FlowShape, context: _Context, scope: Scope, texts: dict[str, Text]) -> None:
        name = f"{context.id}.{key}"
        flow = texts[shape.factor.value].value if shape.factor and shape.factor.value in texts else shape.factor.value if shape.factor else key
        if name in self.drafts:
            name = f"{name}_flow"
        made = self._draft(name, Stated.model_construct(value=shape.amount, uncertainty=None, source=None, kind=None, note=None, title=None), scope)
        made.times = context.times
        elementary = self.library.indicators.get(flow)
        made.wanted = elementary.unit if elementary else self.library.flow_unit(flow)
        where = shape.factor or shape.amount
        if made.wanted is None and not self._known_flow(flow, where):
            return
        labels = partial(
            Flow,
            stage=shape.stage.value if shape.stage else context.stage,
            activity=context.activity,
            flow=flow,
            phase=shape.phase.value if shape.phase else "use",
            process=context.process,
            tags=context.tags,
            characterises=flow if elementary else "",
            place=shape.amount.place,
        )
        year = self._year(shape.year or context.year)
        for region, amount in self._regions(shape.region or context.region, name, context, flow):
            self.flows.append(
                labels(
                    name=amount,
                    amount=amount,
                    region=region,
                    year="" if year is None else str(year),
                    factors=self._factors_of(flow, region, year, shape.amount),
                )
            )

    def _known_flow(self, flow: str, where: Text) -> bool:
        """Whether a flow without any factor may stand: a device of the catalogue whose manufacture nobody has published."""
        if flow in self.library.devices:
            return True
        known = (*self.library.rows, *self.library.indicators, *self.library.devices)
        message = _("{flow} is an unknown flow: no factor is known for it").format(flow=shown(flow, 40))
        self.findings.error(
            "factor",
            message,
            where.place,
            did_you_mean(flow, known) or _("`lca-ml factors list` shows the flows; a factor of your own goes under `factors: {values: [...]}`."),
        )
        return False

    def _year(self, text: Text | None) -> int | None:
        if text is None:
            return None
        if text.value.isdigit() and len(text.value) == 4:
            return int(text.value)
        self.findings.error("year", _("{year} is not a year").format(year=shown(text.value, 20)), text.place, _("For example: year: 2024"))
        return None

    def _regions(self, text: Text | None, amount: str, context: _Context, flow: str) -> list[tuple[str, str]]:
        """Return the regions of a flow, each with the node of its amount: one, or several where the region itself is uncertain."""
        if text is None:
            if flow in self.library.rows and not all(r.publication.everywhere for r in self.library.rows[flow]):
                self.findings.warn(
                    "region-missing", _("no region is given: the world's figures are used"), self.scenario.place(), _("Write region: FR, for example.")
                )
            return [(WORLD, amount)]
        if not text.value.startswith("choice"):
            return [(self._region(text.value, text), amount)]
        try:
            drawn = read(text)
        except InputError as wrong:
            for f in wrong.findings:
                self.findings.error(f.code, f.message, f.place, f.hint)
            return []
        assert isinstance(drawn, Drawn) and isinstance(drawn.distribution, Choice)
        stream = "region" if text is self.shape.region else f"{context.activity}.region"
        out = []
        for i, code in enumerate(drawn.labels):
            chosen = Choice(tuple(float(i == j) for j in range(len(drawn.labels))), drawn.distribution.weights)
            switch, part = f"{stream}.{code}", f"{amount}.{code}"
            self.drafts[switch] = Draft(switch, text, self.top, unit=ONE, number=chosen.point, distribution=chosen, stream=stream, given=True)
            self.drafts[part] = Draft(part, text, Scope("", (amount, switch)), tree=Operation("*", Name(amount), Name(switch)), given=True)
            out.append((self._region(code, text), part))
        return out

    def _region(self, code: str, text: Text) -> str:
        if code not in self.library.regions:
            self.findings.error("region", _("{region} is an unknown region").format(region=shown(code, 40)), text.place, self.library.region_hint(code))
        return code

    def _factors_of(self, flow: str, region: str, year: int | None, where: Text) -> tuple[str | None, ...]:
        if flow in self.library.indicators:
            return tuple(self._identity(i) if i.id == flow else None for i in self.indicators)
        return tuple(self._factor(flow, region, year, indicator, where) for indicator in self.indicators)

    def _identity(self, indicator: Indicator) -> str:
        name = f"factor.{indicator.id}"
        self.factors.setdefault(
            name, Node(name, indicator.unit, number=1.0 / indicator.unit.scale, written="1", source=_("an elementary flow counts as itself"))
        )
        return name

    def _factor(self, flow: str, region: str, year: int | None, indicator: Indicator, where: Text) -> str | None:
        found = self.library.find(flow, region, year, indicator.id)
        if found is None:
            return None
        row = found.row
        figure = _factor_name(row.flow, row.region, row.year, indicator)
        if figure not in self.factors:
            node = self._factor_node(figure, found, indicator)
            if node is None:
                return None
            self.factors[figure] = node
            self.used[row.publication.id] = row.publication
        gsd = self.library.widened(found)
        if gsd == 1.0:
            return figure
        self._note_fallback(flow, region, year, indicator, found)
        return self._carried(figure, _factor_name(row.flow, region, year, indicator), gsd)

    def _factor_node(self, name: str, found: Factor, indicator: Indicator) -> Node | None:
        stated = found.row.as_stated()
        try:
            given = read(stated.value, self.column)
            if isinstance(given, Quantity):
                number, unit, distribution = given.number, given.unit, relative(stated.uncertainty, given).distribution if stated.uncertainty else None
            elif isinstance(given, Drawn):
                number, unit, distribution = given.distribution.point, given.unit, given.distribution
            else:
                self.findings.error("factor-value", _("a factor is a number or a distribution with its unit, not a formula"), stated.value.place)
                return None
            scale, below = per_flow(unit.text, indicator, stated.value.place)
        except InputError as wrong:
            for f in wrong.findings:
                self.findings.error(f.code, f.message, f.place, f.hint)
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
            source=source,
            title=self.library.title(found.row.flow),
        )

    def _carried(self, figure: str, asked: str, gsd: float) -> str:
        """Return the node of a factor looked up elsewhere: the figure times an uncertain 1, drawn apart from the figure itself."""
        if asked not in self.factors:
            stated, distance = self.factors[figure], f"{asked}.fallback"
            source = _("distance of the look-up (factors/fallback.csv)")
            self.factors[distance] = Node(
                distance, ONE, stated.place, number=1.0, distribution=LogNormal(1.0, gsd), written=f"lognormal(1, {gsd:.3g})", source=source, title=stated.title
            )
            self.factors[asked] = replace(stated, name=asked, tree=Operation("*", Name(figure), Name(distance)), distribution=None)
        return asked

    def _note_fallback(self, flow: str, region: str, year: int | None, indicator: Indicator, found: Factor) -> None:
        if found.steps:
            text = _("{flow}: no figure for {region}; that of {other} is used, its uncertainty widened (gsd × {gsd:.2g})")
        else:
            text = _("{flow} in {region}: no figure for {year}; that of {found} is used, its uncertainty widened (gsd × {gsd:.2g})")
        message = text.format(
            flow=self.library.title(flow), region=region, other=found.region, year=year, found=found.row.year, gsd=self.library.widened(found)
        )
        self.told.setdefault((flow, region, message), []).append(indicator.title())

    def _tell_fallbacks(self) -> None:
        counted = [f for f in self.flows if not f.zero and not f.characterises]
        for (flow, region, message), indicators in self.told.items():
            if any(f.flow == flow and f.region == region for f in counted):
                self.findings.warn("fallback", f"{message}: {', '.join(dict.fromkeys(indicators))}")
        for flow in dict.fromkeys(f.flow for f in counted):
            missing = [i.title() for k, i in enumerate(self.indicators) if all(f.factors[k] is None for f in counted if f.flow == flow)]
            if missing:
                message = _("{flow}: no factor for {indicators}; counted as unknown, not as zero")
                self.findings.warn(
                    "factor-missing",
                    message.format(
                        flow=self.library.title(flow), indicators=_("any indicator") if len(missing) == len(self.indicators) else ", ".join(missing)
                    ),
                )

    # --- names

    def _draft(self, name: str, stated: Stated, scope: Scope) -> Draft:
        self.drafts[name] = draft(name, stated, scope, self.findings, self.column)
        return self.drafts[name]

    def _resolve(self, name: Name, where: Draft) -> str:
        """Return the full name a name in a formula stands for; a name that stands for nothing is reported."""
        scope = where.scope
        head, dot, rest = name.name.partition(".")
        if not dot and head in scope.names or not scope.prefix and name.name in scope.names:
            return scope.full(name.name)
        if dot and head in scope.texts:
            return self._property(scope.texts[head], rest, name, where)
        if dot and head in scope.inner and scope.full(name.name) in self.drafts:
            return scope.full(name.name)
        if scope.absolute and name.name in self.drafts:
            return name.name
        known = list(scope.names)
        if scope.absolute and dot:
            known = [n for n in self.drafts if "." in n]
        unknown_name(name, where, known, self.findings)
        return name.name

    def _property(self, device: Text, wanted: str, name: Name, where: Draft) -> str:
        """Return the node of a device's property, made when it is first named."""
        full = f"device.{device.value}.{wanted}"
        if full in self.drafts:
            return full
        catalogue = self.library.devices
        place = device.place if where.scope.prefix else where.text.at(*name.span)
        if device.value not in catalogue:
            hint = did_you_mean(device.value, catalogue) or _("`lca-ml factors search {name}` looks for it.").format(name=shown(device.value, 20))
            self._lacking(full, device, Finding("device", _("{device} is an unknown device").format(device=shown(device.value, 40)), device.place, hint))
            return full
        if wanted not in catalogue[device.value]:
            known = catalogue[device.value]
            message = _("the catalogue gives no {property} for {device}").format(property=wanted, device=device.value)
            local = where.name.rpartition(".")[2]
            hint = did_you_mean(wanted, known) if not where.scope.prefix else _("Give the argument {name} yourself, or another device.").format(name=local)
            self._lacking(full, device, Finding("device-property", message, place, hint or _("It gives {names}.").format(names=", ".join(known))))
            return full
        stated, source = catalogue[device.value][wanted]
        made = self._draft(full, stated, Scope("", ()))
        made.source = source
        return full

    def _lacking(self, full: str, device: Text, problem: Finding) -> None:
        """Keep an unknown property as a quantity without a value: a mistake only if a result depends on it."""
        self.drafts[full] = Draft(full, device, Scope("", ()), problem=problem)

    def _needed(self) -> tuple[str, ...]:
        """The nodes results are made of, and those a figure is expected of."""
        return ("reference_flows", *(f.amount for f in self.flows))

    def _check_sources(self) -> None:
        """Warn of figures without a source, and of parameters nothing depends on."""
        for name, stated in self.shape.parameters.items():
            made = self.drafts[name]
            if made.tree is None and stated.source is None and (stated.kind is None or stated.kind.value != "assumed"):
                self.findings.warn(
                    "no-source", _("{name} has no source").format(name=name), stated.value.place, _("Write `{{value: …, source: …}}`, or `kind: assumed`.")
                )
            if stated.kind is not None and stated.kind.value not in ("measured", "sourced", "modelled", "assumed"):
                self.findings.error(
                    "kind", _("{kind} is not a kind: measured, sourced, modelled or assumed").format(kind=shown(stated.kind.value)), stated.kind.place
                )


def _factor_name(flow: str, region: str, year: int | None, indicator: Indicator) -> str:
    return ".".join(("factor", flow, region, *([str(year)] if year else []), indicator.id))


def scenario_title(scenario: Scenario) -> str:
    """Return the title, with the variants that are applied."""
    return scenario.title + (f" ({', '.join(scenario.variants)})" if scenario.variants else "")


def _own_factors(scenario: Scenario, library: Library, findings: Findings) -> Library:
    """Return the library with what a scenario brings: preferences, files, figures, places."""
    from lca_ml.documents import confined

    own = scenario.shape.factors
    document = scenario.document.get("factors")
    rows: list[Row] = []
    for i, entry in enumerate(own.values):
        rows += _own_rows(entry, i, scenario, library, findings)
    regions = [Region(code, "site", {"en": code, "fr": code}, parent.value) for code, parent in own.regions.items()]
    regions += [
        Region(r.region, "site", {"en": r.region, "fr": r.region}, WORLD) for r in rows if r.region not in library.regions and r.region not in own.regions
    ]
    for region, parent in own.regions.items():
        if parent.value not in library.regions and parent.value not in own.regions:
            findings.error(
                "region",
                _("{region}: its parent {parent} is an unknown region").format(region=region, parent=shown(parent.value, 30)),
                parent.place,
                library.region_hint(parent.value),
            )
    files = []
    for written in own.files:
        try:
            files.append(confined(written, scenario.folder, scenario.folder))
        except InputError as wrong:
            for f in wrong.findings:
                findings.error(f.code, f.message, f.place, f.hint)
    for wanted in own.prefer:
        if wanted.value not in library.publications and wanted.value not in {f.stem for f in files}:
            findings.error(
                "publication",
                _("{name} is an unknown publication").format(name=shown(wanted.value, 40)),
                wanted.place,
                did_you_mean(wanted.value, library.publications),
            )
    for flow, other in own.substitute.items():
        if other.value not in library.rows and other.value not in {r.flow for r in rows}:
            findings.error("factor", _("{flow} is an unknown flow").format(flow=shown(other.value, 40)), other.place, did_you_mean(other.value, library.rows))
        elif flow not in library.rows:
            findings.error("factor", _("{flow} is an unknown flow").format(flow=shown(flow, 40)), other.place, did_you_mean(flow, library.rows))
    if document is None:
        return library
    assert isinstance(document, Mapping)
    try:
        return library.extended(
            prefer=[p.value for p in own.prefer], files=files, rows=rows, regions=regions, substitute={k: v.value for k, v in own.substitute.items()}
        )
    except InputError as wrong:
        for f in wrong.findings:
            findings.error(f.code, f.message, f.place, f.hint)
        return library


def _own_rows(entry: dict[str, Stated], position: int, scenario: Scenario, library: Library, findings: Findings) -> list[Row]:
    """Return the rows of one entry of `factors: {values: [...]}`: a flow, perhaps a region and a year, and a figure per indicator."""
    place = scenario.place("factors", "values", position)
    if "flow" not in entry:
        findings.error("missing-key", _("the key {key} is missing").format(key="flow"), place)
        return []
    words = {k: entry[k].value.value for k in ("flow", "region", "year", "source", "note") if k in entry}
    publication = own_publication(f"scenario-{position}", scenario.file)
    if "region" not in words:
        publication = Publication(publication.id, publication.path, publication.headers | {"applies": "everywhere"})
    year = int(words["year"]) if words.get("year", "").isdigit() else None
    out = []
    for key, stated in entry.items():
        if key in ("flow", "region", "year", "source", "note"):
            continue
        if key not in library.indicators:
            hint = did_you_mean(key, (*library.indicators, "flow", "region", "year", "source", "note"))
            findings.error("indicator", _("{name} is an unknown indicator").format(name=shown(key, 30)), stated.value.place, hint)
            continue
        sourced = stated.model_copy(update={"source": stated.source or (entry["source"].value if "source" in entry else None)})
        out.append(Row(words["flow"], words.get("region", WORLD), year, key, stated.value, stated.uncertainty, "", words.get("note", ""), publication, sourced))
    return out
