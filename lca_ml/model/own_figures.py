"""What must be said of the names and the files of a scenario's own factors."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lca_ml.documents import Mapping, Node, Sequence, Text
from lca_ml.errors import Findings, asked, shown
from lca_ml.factors import Library, Row
from lca_ml.labels import check_label
from lca_ml.model.parts import Flow
from lca_ml.scenario import Scenario
from lca_ml.shapes import Stated, is_nothing
from lca_ml.words import _

WORDS = ("flow", "region", "year", "source", "note")
"""Keys of a figure that hold a word; each other key is an indicator."""


def check_words(entry: dict[str, Stated], findings: Findings) -> None:
    """Report words of a figure that hold more than a word, and one that holds no figure."""
    for key in WORDS:
        stated = entry.get(key)
        for beside in () if stated is None else (stated.uncertainty, stated.source, stated.kind, stated.note, stated.title):
            if beside is not None:
                findings.error("shape", _("{key} is one word here, without anything beside it").format(key=key), beside.place)
        if stated is not None and is_nothing(stated.value):
            findings.error("shape", _("{key} is empty (null)").format(key=key), stated.value.place, _("Leave it out."))
    if not entry.keys() - {*WORDS}:
        hint = _("For example: {example}").format(example="climate_change: 57 gCO2e/kWh")
        findings.error("factor-value", _("no figure is given for this flow"), entry["flow"].value.place, hint)


def check_names(flow: Text, region: Text | None, library: Library, findings: Findings) -> None:
    """Report a flow or a place no table could hold, one that a spreadsheet would compute, a choice of places, and a known flow in other letters."""
    for name, what in ((flow, _("a flow")), *(((region, _("a place")),) if region is not None else ())):
        check_label(name, what, findings, reserved=True)
        if name.value.startswith(("=", "+", "@", "-")):
            findings.error("label", _("{name} begins as a formula of a spreadsheet does").format(name=shown(name.value, 40)), name.place)
    if flow.value not in library.rows and (close := [known for known in library.rows if known.casefold() == flow.value.casefold()]):
        message = _("{name} differs from the flow {flow} in case only").format(name=shown(flow.value, 40), flow=close[0])
        findings.error("factor", message, flow.place, asked(close))
    if region is not None and region.value.lstrip().startswith("choice("):
        message = _("{region} is not the name of one place").format(region=shown(region.value, 40))
        findings.error("region", message, region.place, _("A figure holds in one place; several places take a figure each."))


def check_files(files: Iterable[tuple[Text, Path]], library: Library, findings: Findings) -> None:
    """Report a file of factors that is named twice, and one that bears the name of another, or of a publication of the library."""
    known: dict[str, Path] = {}
    for written, path in files:
        if known.get(path.stem) == path:
            findings.error("factor-file", _("this file of factors stands twice in the list"), written.place)
        elif path.stem in known:
            message = _("two files of factors are called {name}: a publication is known by the name of its file").format(name=shown(path.stem, 40))
            findings.error("factor-file", message, written.place, _("Rename one of the two."))
        elif path.stem in library.publications:
            message = _("{name} is a publication of the library: a file of one's own needs another name").format(name=shown(path.stem, 40))
            findings.error("factor-file", message, written.place, _("Rename the file."))
        known.setdefault(path.stem, path)


def check_shadowed(library: Library, files: Iterable[Path], findings: Findings) -> None:
    """Warn where two files of one's own give different values for a figure: the file that is named first in the list is taken."""
    order = {str(path): position for position, path in enumerate(files)}
    own = sorted((r for rows in library.rows.values() for r in rows if r.publication.path in order), key=lambda r: order[r.publication.path])
    first: dict[tuple[str, str, int | None, str], Row] = {}
    pairs: dict[tuple[str, str], list[tuple[Row, Row]]] = {}
    for row in own:
        taken = first.setdefault((row.flow, row.region, row.year, row.indicator), row)
        if (taken.value.value, taken.uncertainty) != (row.value.value, row.uncertainty):
            pairs.setdefault((taken.publication.id, row.publication.id), []).append((taken, row))
    for (here, there), found in pairs.items():
        taken, row = found[0]
        figure = ", ".join(str(part) for part in (row.flow, row.region, row.year, row.indicator) if part)
        message = _("{there} and {here} give different values for {figure}: {value} of {here} is taken, as of the file named first ({n} such in all)")
        text = message.format(there=shown(there, 40), here=shown(here, 40), figure=shown(figure, 80), value=shown(taken.value.value, 40), n=len(found))
        findings.warn("factor-twice", text, row.value.place, _("Order the files under `factors: {files: […]}` as they are to be preferred."))


def check_places(scenario: Scenario, library: Library, flows: Iterable[Flow], findings: Findings) -> None:
    """Warn of a place only a figure of the scenario names: a misspelt one makes a figure nobody uses."""
    used = {f.region for f in flows}
    elsewhere = [*_texts(scenario.document.get("variants")), *_texts(scenario.document.get("sweeps"))]
    for entry in scenario.shape.factors.values:
        if "region" not in entry:
            continue
        place = entry["region"].value
        inside = {code for code in used for code, _steps in library.chain(code)} | set(scenario.shape.factors.regions)
        if place.value not in inside and library.regions[place.value].kind == "site" and not any(place.value in text for text in elsewhere):
            message = _("nothing takes place in {region}: this figure is used by nobody").format(region=shown(place.value, 40))
            findings.warn("region-unused", message, place.place, library.region_hint(place.value))


def _texts(node: Node | None) -> list[str]:
    match node:
        case Mapping():
            return [text for key in node for text in _texts(node[key])]
        case Sequence():
            return [text for item in node for text in _texts(item)]
        case Text(value):
            return [value]
    return []
