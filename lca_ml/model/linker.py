"""From a scenario to a model: activities laid out, names resolved, factors looked up.

link(scenario, library)   -> Model
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import partial

from lca_ml.data import folder
from lca_ml.documents import Mapping, Text
from lca_ml.errors import Finding, Findings, InputError, did_you_mean, shown
from lca_ml.expressions import Name, Operation
from lca_ml.factors import Indicator, Library, load
from lca_ml.labels import check_label
from lca_ml.limits import DEEPEST_PROCESS, MOST_ACTIVITIES, MOST_FLOWS, within
from lca_ml.model.arguments import check_arguments
from lca_ml.model.characterisation import Characterisation
from lca_ml.model.dependence import correlated, grouped
from lca_ml.model.drafts import Draft, Drafts, Scope, columns_of, draft
from lca_ml.model.internal import REFERENCE, default_stream, flow_name
from lca_ml.model.naming import Naming
from lca_ml.model.outcome import expectations, limits
from lca_ml.model.own import own_factors
from lca_ml.model.own_figures import check_places
from lca_ml.model.parts import LABELS, Flow, Model
from lca_ml.model.placing import Placing
from lca_ml.model.proof import leaves, prove, vanishing
from lca_ml.processes import COMMON_KEYS, PHASES, ActivityShape, FlowShape, Page, PageParameter, interval
from lca_ml.scenario import STANDARD_STAGES, Scenario
from lca_ml.shapes import Stated, check_name, node_at
from lca_ml.units import ONE, Quantity, quantity, read_unit
from lca_ml.words import _

OF_EVERY_MODEL = ("delivers", "functional_unit")
RESERVED_NAMES = (*OF_EVERY_MODEL, "total", "factor", "device")


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


def link(scenario: Scenario, library: Library | None = None, findings: Findings | None = None) -> Model:
    """Return the model of a scenario: names resolved, order found, units proved, every factor looked up.

    library    the factors; None takes those of the package, with what the scenario brings on top
    findings   what was found wrong before, to be raised with what is found here
    Raises InputError with every mistake of the file at once.
    """
    return _Linker(scenario, library or load(folder("factors")), findings or Findings()).model()


class _Linker:
    def __init__(self, scenario: Scenario, library: Library, findings: Findings) -> None:
        self.scenario, self.shape, self.findings = scenario, scenario.shape, findings
        self.library = own_factors(scenario, library, findings)
        self.drafts = Drafts()
        self.flows: list[Flow] = []
        self.activities = 0
        self.placing = Placing(self.library, self.drafts, findings, self.shape.region, scenario.place())
        self.naming = Naming(self.library, self.drafts, findings)
        self.column = columns_of(scenario.folder)
        self.indicators = self._indicators()
        self.top = Scope("", self.shape.parameters.keys(), absolute=True)
        self.factors = Characterisation(self.library, self.indicators, findings, self.column, self.drafts, self.top)

    def model(self) -> Model:
        shape = self.shape
        for name, stated in shape.parameters.items():
            if name in RESERVED_NAMES:
                self.findings.error("name-reserved", _("{name} is reserved").format(name=name), stated.value.place, _("Choose another name."))
            if name not in OF_EVERY_MODEL:
                self._draft(name, stated, self.top)
        unit_of_function = self._functional_unit()
        for stage, inner in shape.stages.items():
            activities = {stage: inner.activity} if inner.activity else {f"{stage}.{a}": shape_ for a, shape_ in inner.activities.items()}
            written = node_at(self.scenario.document, ("stages", stage))
            if not activities and not (isinstance(written, Mapping) and written.entries):  # what was wrong in it is reported, and left out
                self.findings.error("stage-empty", _("the stage {stage} is empty").format(stage=stage), self.scenario.place("stages", stage))
            for name, activity in activities.items():
                context = _Context(stage, name, name, shape.region, shape.year, (), ())
                self._activity(activity, context, self.top)
        self._check_excluded()
        if shape.region is not None and not shape.region.value.startswith("choice"):
            self.placing.region(shape.region.value, shape.region)
        self.placing.years(shape.year)
        nodes = prove(self.drafts, self.naming.resolve, self.findings, self._needed())
        zero = vanishing(nodes)
        self.flows = [replace(f, silent=(True,) * len(self.indicators)) if f.amount in zero else f for f in self.flows]
        nodes = grouped(shape.groups, nodes, self.factors.nodes, self.findings)
        self.factors.check_names()
        self.factors.settle(nodes)
        delivered = next((n.number for n in nodes if n.name == REFERENCE), None)
        nothing = delivered is not None and (delivered <= 0 or leaves(self.drafts["delivers"], self.drafts, math.ulp(0.0), math.inf))
        if nothing and shape.delivers is not None:
            message, hint = _("what the life cycle delivers must be above zero, whatever is drawn"), _("Use a lognormal, or cut it off: min=1.")
            self.findings.error("delivers", message, shape.delivers.value.place, hint if delivered is not None and delivered > 0 else "")
        self.factors.tell(self.flows)
        check_places(self.scenario, self.library, self.flows, self.findings)
        self._check_sources()
        expected = expectations(self.scenario, self.flows, {n.name: n for n in nodes}, self.library.indicators, self.findings)
        together = correlated(shape.correlations, nodes, self.findings)
        budget = limits(shape, self.library.indicators, self.indicators, self.findings)
        self.findings.stop()
        order = [s for s in STANDARD_STAGES if any(f.stage == s for f in self.flows)]
        order += [s for s in dict.fromkeys(f.stage for f in self.flows) if s not in order]
        return Model(
            title=scenario_title(self.scenario),
            functional_unit=unit_of_function,
            reference=REFERENCE,
            nodes=(*nodes, *self.factors.nodes.values()),
            flows=tuple(self.flows),
            indicators=self.indicators,
            excluded={k: v.value for k, v in shape.excluded.items()},
            stages=tuple(order),
            expectations=expected,
            limits=budget,
            correlations=together,
            warnings=self.findings.warnings,
            publications=tuple(p for _id, p in sorted(self.factors.used.items()) if p.sha256),
            scenario=self._described(),
            flow_titles={f.flow: {lang: self.library.title(f.flow, lang) for lang in ("en", "fr")} for f in self.flows},
        )

    # --- what a scenario says of itself

    def _described(self) -> dict[str, str | None]:
        s = self.scenario
        return {"title": s.title, "file": s.file, "variant": ",".join(s.variants) or None, "settings": "; ".join(s.settings) or None}

    def _indicators(self) -> tuple[Indicator, ...]:
        known = self.library.indicators
        if self.shape.indicators is None:
            return tuple(known.values())
        if not self.shape.indicators:
            self.findings.error("indicator", _("indicators: names none"), self.scenario.place("indicators"), _("Leave the key out for all of them."))
        for asked in self.shape.indicators:
            if asked.value not in known:
                hint = did_you_mean(asked.value, known)
                self.findings.error("indicator", _("{name} is an unknown indicator").format(name=shown(asked.value, 30)), asked.place, hint)
        listed = [a.value for a in self.shape.indicators if a.value in known]
        for i, asked in enumerate(self.shape.indicators):
            if asked.value in (a.value for a in self.shape.indicators[:i]):
                self.findings.error("indicator", _("{name} stands twice under indicators").format(name=shown(asked.value, 30)), asked.place)
        return tuple(known[i] for i in dict.fromkeys(listed))

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
        self._add(Draft("functional_unit", stated.value, self.top, unit=found.unit, number=found.base or 1.0, given=True))
        delivers = self.shape.delivers or stated
        self._draft("delivers", delivers, self.top).wanted = found.unit
        whole = Operation("/", Name("delivers"), Name("functional_unit"))
        self._add(Draft(REFERENCE, delivers.value, Scope("", ("delivers", "functional_unit")), tree=whole, wanted=ONE, given=True))
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
        self.activities += 1
        if context.id.count(".") - context.activity.count(".") > DEEPEST_PROCESS:
            message = _("processes are built on each other too deep: the limit is {limit}. Is one built on itself?").format(limit=DEEPEST_PROCESS)
            raise InputError(Finding("limit", message, place))
        if not within(self.activities, MOST_ACTIVITIES, _("activities, with those they are built on"), place, self.findings):
            self.findings.stop()
        multipliers = list(context.times)
        for key in ("times", "share"):
            stated = getattr(shape, key)
            if stated is not None:
                name = f"{context.id}.{key}"
                made = self._draft(name, stated, outer)
                made.wanted, made.given = ONE, True
                made.plausible = (0.0, 1.0, "share") if key == "share" else None
                multipliers.append(name)
        for tag, text in (shape.tags or {}).items():
            check_label(text, _("the tag {name}").format(name=shown(tag, 40)), self.findings, reserved=True)
            if tag in LABELS:
                self.findings.error("tag", _("{name} is a label every flow has; a tag needs another name").format(name=tag), text.place)
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
                self._process(page, shape, context, outer)
        elif shape.flows is not None:
            if not shape.flows:
                self.findings.error("activity", _("the activity {name} has no flow (flows: is empty)").format(name=context.id), place)
            for key, stated in shape.arguments.items():
                self.findings.error("unknown-key", _("{key} is an unknown key").format(key=shown(key, 40)), stated.value.place, did_you_mean(key, COMMON_KEYS))
            for key, flow in shape.flows.items():
                self._flow(key, flow, context, outer, {})
        else:
            known = (*COMMON_KEYS,)
            hint = did_you_mean(next(iter(shape.arguments), ""), known) or _("Write `process:` and its arguments, or `flows:`.")
            self.findings.error("activity", _("the activity {name} has neither a process nor flows").format(name=context.id), place, hint)

    def _process(self, page: Page, shape: ActivityShape, context: _Context, outer: Scope) -> None:
        check_arguments(self.scenario, page, shape, context.process, context.id, self.findings)
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
                made.stream = default_stream(context.process, name)
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
        """Note the unit an argument must have, what would be plausible, and whether it may lie below zero: only where the page's range does."""
        try:
            if parameter.unit is not None:
                made.wanted = read_unit(parameter.unit.value, parameter.unit.place)
            if parameter.range is not None and made.given:
                made.plausible = interval(parameter.range)
            made.positive = made.given and (made.plausible is None or made.plausible[0] >= 0)
        except InputError as wrong:
            self.findings.take(wrong)

    # --- flows and factors

    def _flow(self, key: str, shape: FlowShape, context: _Context, scope: Scope, texts: dict[str, Text]) -> None:
        name = f"{context.id}.{key}"
        flow = texts[shape.factor.value].value if shape.factor and shape.factor.value in texts else shape.factor.value if shape.factor else key
        if name in self.drafts:
            name = flow_name(name)
        made = self._draft(name, Stated.model_construct(value=shape.amount, uncertainty=None, source=None, kind=None, note=None, title=None), scope)
        made.times = context.times
        elementary = self.library.indicators.get(flow)
        made.wanted = elementary.unit if elementary else self.library.flow_unit(flow)
        stage = shape.stage.value if shape.stage else context.stage
        phase = shape.phase.value if shape.phase else "use"
        if stage != context.stage and stage in self.shape.excluded:
            return  # a process reports under a stage the study leaves out: said there, with the reason
        if shape.stage is not None:
            check_name(shape.stage, _("a stage"), self.findings, frozenset())
        if phase not in PHASES and shape.phase is not None:
            hint = did_you_mean(phase, PHASES)
            self.findings.error("phase", _("{phase} is not a phase: use, embodied or end_of_life").format(phase=shown(phase, 30)), shape.phase.place, hint)
        device = texts.get(shape.factor.value) if shape.factor else None
        if made.wanted is None and not self._known_flow(flow, shape.factor or shape.amount, device):
            return
        labels = partial(
            Flow,
            stage=stage,
            activity=context.activity,
            flow=flow,
            phase=phase,
            process=context.process,
            tags=context.tags,
            place=shape.amount.place,
        )
        years = self.placing.years(shape.year or context.year)
        regions = self.placing.regions(shape.region or context.region, name, name if shape.region else context.activity, flow)
        if not within(len(self.flows) + len(regions) * len(years), MOST_FLOWS, _("flows, each place and year counted"), shape.amount.place, self.findings):
            self.findings.stop()
        for region, amount in regions:
            for year, part in self.placing.yearly(years, amount, shape.amount):
                factors, silent = self.factors.of(flow, phase, region, year, projected=len(years) > 1)
                when = "" if year is None else str(year)
                self.flows.append(labels(name=part, amount=part, region=region, year=when, factors=factors, silent=silent))

    def _known_flow(self, flow: str, where: Text, device: Text | None) -> bool:
        """Whether a flow without any factor may stand: a device of the catalogue whose manufacture nobody has published."""
        if flow in self.library.devices:
            return True
        if device is not None:
            self.findings.error("device", _("{device} is an unknown device").format(device=shown(flow, 40)), device.place, self.naming.device_hint(flow))
            return False
        known = (*self.library.rows, *self.library.indicators, *self.library.devices)
        hint = did_you_mean(flow, known) or _("`lca-ml factors list` shows the flows; a factor of your own goes under `factors: {values: [...]}`.")
        self.findings.error("factor", _("{flow} is an unknown flow: no factor is known for it").format(flow=shown(flow, 40)), where.place, hint)
        return False

    # --- names

    def _draft(self, name: str, stated: Stated, scope: Scope) -> Draft:
        return self._add(draft(name, stated, scope, self.findings, self.column))

    def _add(self, made: Draft) -> Draft:
        return self.drafts.add(made, self.findings)

    def _needed(self) -> tuple[str, ...]:
        """The nodes results are made of, and those a figure is expected of."""
        expected = (name for name in self.shape.expect if name in self.drafts)
        formulas = (name for name in self.drafts if name.startswith("factor."))
        return (REFERENCE, *(f.amount for f in self.flows), *formulas, *expected)

    def _check_sources(self) -> None:
        """Warn of figures without a source, and of parameters nothing depends on."""
        for name, stated in self.shape.parameters.items():
            made = self.drafts[name]
            if made.tree is None and stated.source is None and (stated.kind is None or stated.kind.value != "assumed"):
                self.findings.warn(
                    "no-source",
                    _("{name} has no source").format(name=name),
                    stated.value.place,
                    _("Write `{{value: …, source: …}}`, or `kind: assumed`.").format(),
                )
            if (
                stated.source is not None
                and self.shape.sources
                and re.fullmatch(r"[\w-]+", stated.source.value)
                and stated.source.value not in self.shape.sources
            ):
                message = _("the source {name} is not under `sources:`").format(name=shown(stated.source.value, 40))
                self.findings.warn("source", message, stated.source.place, did_you_mean(stated.source.value, self.shape.sources))
            if stated.kind is not None and stated.kind.value not in ("measured", "sourced", "modelled", "assumed"):
                self.findings.error(
                    "kind", _("{kind} is not a kind: measured, sourced, modelled or assumed").format(kind=shown(stated.kind.value)), stated.kind.place
                )


def scenario_title(scenario: Scenario) -> str:
    """Return the title, with the variants that are applied."""
    return scenario.title + (f" ({', '.join(scenario.variants)})" if scenario.variants else "")
