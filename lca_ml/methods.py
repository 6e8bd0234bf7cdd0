"""The paragraph on methods, ready to be pasted into a paper: each sentence is read off the model, so that none says what was not done."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from lca_ml import __version__
from lca_ml.bibliography import Reference, key_of, references
from lca_ml.data import folder
from lca_ml.factors import Publication, load
from lca_ml.model import Model
from lca_ml.notation import plain
from lca_ml.scenario import STANDARD_STAGES, Scenario, stage_title
from lca_ml.units import pretty
from lca_ml.wording import counted, delivered, indicator_title
from lca_ml.words import _, count, current, set_apart

MOST_PLACES = 6


def paragraph(scenario: Scenario, model: Model, samples: int, seed: int, sampler: str = "random") -> str:
    """Return what was assessed and how, in the language in force: functional unit, boundary, factors with versions, uncertainty, draws, software.

    samples, seed, sampler   with which the results beside it were computed
    """
    sentences = [
        _subject(model),
        _unit(scenario, model),
        *_boundary(scenario, model),
        *_electricity(model),
        *_factors(model, references(scenario, model)),
        *_uncertainty(model, samples, seed, sampler),
    ]
    return " ".join(sentences)


def enumerated(items: Iterable[str]) -> str:
    """Return items as a sentence lists them: `a, b and c`."""
    listed = list(items)
    return ", ".join(listed[:-1]) + " " + _("and") + " " + listed[-1] if len(listed) > 1 else "".join(listed)


def unmentioned(scenario: Scenario, model: Model) -> list[str]:
    """Return the standard life-cycle stages a study neither models nor excludes with a reason."""
    return [s for s in STANDARD_STAGES if s not in {*model.stages, *scenario.shape.stages, *scenario.shape.excluded}]


def missing_factors(model: Model) -> list[tuple[str, list[int]]]:
    """Return the kinds of flow that count and have no factor, each with the indicators (by position) it has none for."""
    found = []
    for kind in dict.fromkeys(f.flow for f in model.flows):
        flows = [f for f in model.flows if f.flow == kind]
        lacking = [k for k in range(len(model.indicators)) if any(f.factors[k] is None and not f.silent[k] for f in flows)]
        if lacking:
            found.append((kind, lacking))
    return found


def _subject(model: Model) -> str:
    text = _("The impacts of “{title}” over its life cycle were computed with lca-ml {version}.").format(title=model.title, version=__version__)
    changed = model.scenario.get("settings")
    return text + (" " + _("Values changed for this run: {settings}.").format(settings=changed) if changed else "")


def _unit(scenario: Scenario, model: Model) -> str:
    given = model.functional_unit
    text = _("The functional unit is {unit}.").format(unit=counted(given.number, given.unit, current()))
    if scenario.shape.delivers is None:
        return text
    return text + " " + _("The life cycle delivers {amount} in all (stated value).").format(amount=delivered(model, current()))


def _boundary(scenario: Scenario, model: Model) -> list[str]:
    inside = _("The system boundary comprises {stages}.").format(stages=enumerated(stage_title(s) for s in model.stages))
    reasons = [f"{stage_title(s)} ({reason.strip().rstrip('.')})" for s, reason in model.excluded.items()]
    excluded = [_("Excluded, with the reason: {excluded}.").format(excluded=set_apart(reasons))] if reasons else []
    rest = [_("Other stages of the life cycle are outside the boundary.")] if unmentioned(scenario, model) else []
    return [inside, *excluded, *rest]


def _electricity(model: Model) -> list[str]:
    regions = load(folder("factors")).regions
    supplies: dict[str, list[str]] = {}
    for flow in model.flows:
        if flow.flow.startswith("electricity") and flow.flow in model.flow_titles and not all(flow.silent):
            region = regions[flow.region].names[current()] if flow.region in regions else flow.region
            supplies.setdefault(model.flow_titles[flow.flow][current()], []).append(f"{region} {flow.year}".strip())
    listed = [f"{title} ({_places(dict.fromkeys(places))})" for title, places in supplies.items()]
    return [_("Electricity is supplied as {supplies}.").format(supplies=enumerated(listed))] if listed else []


def _places(places: Collection[str]) -> str:
    return ", ".join(places) if len(places) <= MOST_PLACES else _("{n} combinations of place and year").format(n=len(places))


def _factors(model: Model, cited: Collection[Reference]) -> list[str]:
    known = [i for k, i in enumerate(model.indicators) if any(f.factors[k] is not None for f in model.flows)]
    named = enumerated(f"{indicator_title(i, current())} ({pretty(i.unit.text)})" for i in known)
    out = [_("The indicators are {indicators}.").format(indicators=named)] if known else []
    sources = [_publication(p, cited) for p in model.publications]
    if any(n.name.startswith("factor.") and n.place is not None and not n.place.file.endswith(".csv") for n in model.nodes):
        sources.append(_("figures the study itself states"))
    if sources:
        out.append(_("Characterisation factors come from {sources}.").format(sources=set_apart(sources)))
    if any(w.code == "fallback" for w in model.warnings):
        out.append(_("Where no factor is known for a place or a year, that of the larger region or the nearest year is taken and its uncertainty widened."))
    gaps = sum(len(lacking) for _kind, lacking in missing_factors(model))
    if gaps:
        out.append(
            count(
                "{n} pair of flow and indicator has no factor; it counts as unknown, not as zero.",
                "{n} pairs of flow and indicator have no factor; they count as unknown, not as zero.",
                gaps,
            )
        )
    return out


def _publication(publication: Publication, cited: Collection[Reference]) -> str:
    """Return a publication as it stands in a sentence: who, when, which version, and its key in the bibliography."""
    said = publication.headers
    who = re.sub(r"\s*\([^()]*\)$", "", (said.get("authors") or said["title"]).split(";")[0])
    version = said.get("version", "").split(";")[0]
    year = said.get("year", "")
    parts = [who, year, _("version {version}").format(version=version) if version and version != year else ""]
    return f"{', '.join(p for p in parts if p)} [{key_of(said['title'], cited)}]"


def _uncertainty(model: Model, samples: int, seed: int, sampler: str) -> list[str]:
    drawn = len({n.stream or n.name for n in model.uncertain})
    if not drawn:
        return [_("Nothing in the study is uncertain: results are single figures.")]
    how = {"random": _("random draws"), "sobol": _("scrambled Sobol points")}[sampler]
    text = count(
        "{n} uncertain quantity is described by a probability distribution",
        "{n} uncertain quantities are described by probability distributions",
        drawn,
    )
    out = [
        text
        + _(" and propagated by Monte Carlo simulation with {samples} {how} (seed {seed}); intervals are the 5th to the 95th percentile.").format(
            samples=plain(samples, current()), how=how, seed=seed
        )
    ]
    if model.correlations:
        out.append(_("Rank correlations between them are imposed through a Gaussian copula."))
    out.append(_("Stated values take each uncertain quantity at its stated value, else at its mode where one is given, else at its median."))
    return out
