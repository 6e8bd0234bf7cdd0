"""Which sources a study uses, and what is known of each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace

import yaml

from lca_ml import processes
from lca_ml.data import file, folder
from lca_ml.factors import Publication, load
from lca_ml.model import Model
from lca_ml.processes import ActivityShape, Page
from lca_ml.scenario import Scenario
from lca_ml.shapes import Source, Stated

KINDS = ("software", "scenario", "factors", "process", "device")
_URL = re.compile(r"https?://[^\s;,]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """One source: `kind` says what it is of (see `KINDS`), `licence` under which terms its figures are given; empty where nothing is known."""

    key: str
    title: str
    authors: str = ""
    year: str = ""
    url: str = ""
    doi: str = ""
    licence: str = ""
    version: str = ""
    note: str = ""
    kind: str = "scenario"


def references(scenario: Scenario, model: Model) -> tuple[Reference, ...]:
    """Return every source a study uses, each once, with a key of its own: lca-ml, then by `KINDS`.

    Of a scenario's `sources:` those a value names, and every source written in words; of a process those of the defaults in force and of its
    formulas. One that is met under two names keeps the scenario's.
    """
    found = (
        tool(),
        *_of_scenario(scenario),
        *(_of_publication(p) for p in model.publications),
        *_of_processes(scenario),
        *_of_devices(model),
    )
    return tuple(_keyed(_merged(found)))


def key_of(title: str, found: Iterable[Reference]) -> str:
    """Return the key of a work in a bibliography, empty where it is not in it."""
    return next((r.key for r in found if _work(r.title) == _work(title)), "")


def tool() -> Reference:
    """Return lca-ml itself, as CITATION.cff describes it."""
    cff = yaml.safe_load(file("CITATION.cff").read_text(encoding="utf-8"))
    authors = " and ".join(a["name"] for a in cff["authors"])
    year = str(cff["date-released"])[:4]
    return Reference("lca-ml", cff["title"], authors, year, cff.get("url", ""), cff.get("doi", ""), cff["license"], str(cff["version"]), kind="software")


def _of_scenario(scenario: Scenario) -> Iterator[Reference]:
    known = scenario.shape.sources
    for text in dict.fromkeys(_written(scenario)):
        named = _named(text, known)
        for key in named:
            yield _of_source(key, known[key], "scenario")
        if not named:
            yield Reference(_slug(text), text, url=_address(text))


def _written(scenario: Scenario) -> Iterator[str]:
    """Yield the text of each source a scenario gives for a value, an activity or a factor of its own."""
    shape = scenario.shape
    stated: list[Stated | None] = [*shape.parameters.values(), shape.delivers]
    for _process, activity in _activities(scenario):
        stated += [*activity.arguments.values(), activity.times, activity.share]
        if activity.source is not None:
            yield activity.source.value
    for row in shape.factors.values:
        stated += [value for key, value in row.items() if key != "source"]
        if "source" in row:
            yield row["source"].value.value
    for one in stated:
        if one is not None and one.source is not None:
            yield one.source.value


def _of_publication(publication: Publication) -> Reference:
    said = publication.headers
    more = {name: said.get(name, "") for name in ("authors", "year", "url", "doi", "licence", "version")}
    return Reference(publication.id, said["title"], **more, kind="factors")


def _of_processes(scenario: Scenario) -> Iterator[Reference]:
    """Yield what the processes used rest on: the sources named by a default in force, and those no default names, which are of the formulas."""
    for process, activity in _activities(scenario):
        page = _page(scenario, process)
        if page is None:
            continue
        given = {name: _named(p.source.value, page.sources) if p.source else [] for name, p in page.parameters.items()}
        of_defaults = {key for keys in given.values() for key in keys}
        in_force = {key for name, keys in given.items() if name not in activity.arguments for key in keys}
        for key, source in page.sources.items():
            if key in in_force or key not in of_defaults:
                yield _of_source(key, source, "process")


def _of_devices(model: Model) -> Iterator[Reference]:
    library = load(folder("factors"))
    for node in model.nodes:
        kind, _dot, rest = node.name.partition(".")
        device, _dot, wanted = rest.rpartition(".")
        if kind == "device" and wanted in library.devices.get(device, {}):
            stated, _source = library.devices[device][wanted]
            row = library.sources.get(stated.source.value if stated.source else "")
            if row is not None:
                yield Reference(row["key"], row["title"], row["authors"], row["year"], row["url"], licence=row["licence"], kind="device")


def _activities(scenario: Scenario) -> Iterator[tuple[str, ActivityShape]]:
    """Yield each activity with its process, those within process pages as well; the process is empty where it has flows of its own."""
    for stage in scenario.shape.stages.values():
        for activity in [*([stage.activity] if stage.activity else []), *stage.activities.values()]:
            yield from _opened(scenario, activity, ())


def _opened(scenario: Scenario, activity: ActivityShape, above: tuple[str, ...]) -> Iterator[tuple[str, ActivityShape]]:
    process = activity.process.value if activity.process else ""
    yield process, activity
    page = _page(scenario, process)
    for inner in page.activities.values() if page is not None and process not in above else ():
        yield from _opened(scenario, inner, (*above, process))


def _page(scenario: Scenario, process: str) -> Page | None:
    return scenario.pages.get(process) or (processes.page(process) if process in processes.ids() else None)


def _of_source(key: str, source: Source, kind: str) -> Reference:
    said = {f: getattr(source, f).value for f in ("title", "authors", "year", "url", "doi", "licence") if getattr(source, f) is not None}
    return Reference(key, **said, note=source.locator.value if source.locator is not None else "", kind=kind)


def _named(text: str, known: Iterable[str]) -> list[str]:
    """Return the keys of known sources that stand in a text as whole words, in the order of the text."""
    found = {at.start(): key for key in known if (at := re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text))}
    return [found[start] for start in sorted(found)]


def _merged(found: Iterable[Reference]) -> list[Reference]:
    """Return references with each work once, by its title: the first that was met, what it lacks filled in from the others."""
    works: dict[str, Reference] = {}
    for one in found:
        work = _work(one.title)
        if work not in works:
            works[work] = one
            continue
        first = works[work]
        lacking = {f.name: getattr(one, f.name) for f in fields(first) if not getattr(first, f.name) and f.name != "note"}
        works[work] = replace(first, **lacking)
    return sorted(works.values(), key=lambda r: KINDS.index(r.kind))


def _work(title: str) -> str:
    return re.sub(r"\W+", " ", title.casefold()).strip()


def _keyed(found: Iterable[Reference]) -> Iterator[Reference]:
    """Yield references with keys BibTeX takes, no two alike: a second one of a name gets -2."""
    taken: dict[str, int] = {}
    for one in found:
        key = _slug(one.key)
        taken[key] = taken.get(key, 0) + 1
        yield replace(one, key=key if taken[key] == 1 else f"{key}-{taken[key]}")


def _slug(text: str) -> str:
    """Return a text as a key: ASCII letters, digits and `-_.`, at most the first words of it."""
    plain = unicodedata.normalize("NFKD", _URL.sub("", text)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9_.]+", "-", plain).strip("-.")
    return (words if len(words) <= 40 else words[:41].rpartition("-")[0] or words[:40]) or "source"


def _address(text: str) -> str:
    found = _URL.search(text)
    return found[0].rstrip(".)") if found else ""
