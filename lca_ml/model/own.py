"""The factors a scenario brings: its own figures, files, places and preferences, on top of the library."""

from __future__ import annotations

from lca_ml.documents import Mapping, Text, confined
from lca_ml.errors import Findings, InputError, did_you_mean, shown
from lca_ml.factors import WORLD, Indicator, Library, Publication, Region, Row, own_publication, per_flow
from lca_ml.labels import check_label
from lca_ml.limits import MOST_FACTOR_FILES, no_year, within, year_in
from lca_ml.model.own_figures import WORDS, check_files, check_names, check_shadowed, check_words
from lca_ml.scenario import Scenario
from lca_ml.shapes import Stated
from lca_ml.units import Quantity
from lca_ml.values import Drawn, read
from lca_ml.words import _


def own_factors(scenario: Scenario, library: Library, findings: Findings) -> Library:
    """Return the library with what a scenario brings: preferences, files, figures, places."""
    own = scenario.shape.factors
    document = scenario.document.get("factors")
    rows: list[Row] = []
    for i, entry in enumerate(own.values):
        rows += _own_rows(entry, i, scenario, library, findings)
    _check_twice(rows, findings)
    regions = [Region(code, "site", {"en": code, "fr": code}, parent.value) for code, parent in own.regions.items()]
    regions += [
        Region(r.region, "site", {"en": r.region, "fr": r.region}, WORLD) for r in rows if r.region not in library.regions and r.region not in own.regions
    ]
    for region, parent in own.regions.items():
        check_label(Text(region, scenario.place("factors", "regions", region)), _("a place"), findings, reserved=True)
        if region in library.regions:
            message = _("{region} is a region already: {name}").format(region=region, name=library.regions[region].names["en"])
            findings.error("region", message, parent.place, _("Give the place another name."))
        if _loops(region, {k: v.value for k, v in own.regions.items()}):
            findings.error("region", _("{region} lies in itself (a cycle of regions)").format(region=region), parent.place)
        if parent.value not in library.regions and parent.value not in own.regions:
            findings.error(
                "region",
                _("{region}: its parent {parent} is an unknown region").format(region=region, parent=shown(parent.value, 30)),
                parent.place,
                library.region_hint(parent.value),
            )
    files = []
    if not within(len(own.files), MOST_FACTOR_FILES, _("files of factors"), scenario.place("factors", "files"), findings):
        findings.stop()
    for written in own.files:
        try:
            files.append((written, confined(written, scenario.folder, scenario.folder)))
        except InputError as wrong:
            findings.take(wrong)
    check_files(files, library, findings)
    paths = list(dict.fromkeys(path for _written, path in files))
    for wanted in own.prefer:
        if wanted.value not in library.publications and wanted.value not in {p.stem for p in paths}:
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
    if not isinstance(document, Mapping):
        return library  # nothing is brought, or what is no mapping has been reported
    try:
        whole = library.extended(
            prefer=[p.value for p in own.prefer], files=paths, rows=rows, regions=regions, substitute={k: v.value for k, v in own.substitute.items()}
        )
        own_paths = {str(p) for p in paths}
        for row in (r for found in whole.rows.values() for r in found if r.publication.path in own_paths):
            check_names(Text(row.flow, row.value.place), Text(row.region, row.value.place), library, findings)
            if row.region not in whole.regions:
                findings.error(
                    "region", _("{region} is an unknown region").format(region=shown(row.region, 30)), row.value.place, whole.region_hint(row.region)
                )
        check_shadowed(whole, paths, findings)
        return whole
    except InputError as wrong:
        findings.take(wrong)
        return library


def _own_rows(entry: dict[str, Stated], position: int, scenario: Scenario, library: Library, findings: Findings) -> list[Row]:
    """Return the rows of one entry of `factors: {values: [...]}`: a flow, perhaps a region and a year, and a figure per indicator."""
    place = scenario.place("factors", "values", position)
    if "flow" not in entry:
        findings.error("missing-key", _("the key {key} is missing").format(key="flow"), place)
        return []
    words = {k: entry[k].value.value for k in WORDS if k in entry}
    check_words(entry, findings)
    check_names(entry["flow"].value, entry["region"].value if "region" in entry else None, library, findings)
    publication = own_publication(f"scenario-{position}", scenario.file)
    if "region" not in words:
        publication = Publication(publication.id, publication.path, publication.headers | {"applies": "everywhere"})
    close = {code.casefold(): code for code in library.regions}.get(words.get("region", "").casefold())
    if close is not None and close != words["region"]:
        findings.error(
            "region",
            _("{region} is an unknown region").format(region=words["region"]),
            entry["region"].value.place,
            _("Did you mean {names}?").format(names=close),
        )
    year = year_in(words.get("year", ""))
    if "year" in words and year is None:
        findings.error("year", no_year(words["year"]), entry["year"].value.place, _("Write year: 2024, for example."))
    out = []
    for key, stated in entry.items():
        if key in WORDS:
            continue
        if key not in library.indicators:
            hint = did_you_mean(key, (*library.indicators, *WORDS))
            findings.error("indicator", _("{name} is an unknown indicator").format(name=shown(key, 30)), stated.value.place, hint)
            continue
        _check_unit(stated, library.indicators[key], findings)
        sourced = stated.model_copy(update={"source": stated.source or (entry["source"].value if "source" in entry else None)})
        out.append(Row(words["flow"], words.get("region", WORLD), year, key, stated.value, stated.uncertainty, "", words.get("note", ""), publication, sourced))
    return out


def _check_unit(stated: Stated, indicator: Indicator, findings: Findings) -> None:
    """Report a figure whose unit is not the indicator's per unit of a flow; a formula is proved later."""
    try:
        given = read(stated.value)
        if isinstance(given, (Quantity, Drawn)):
            per_flow(given.unit.text, indicator, stated.value.place)
    except InputError as wrong:
        findings.take(wrong)


def _check_twice(rows: list[Row], findings: Findings) -> None:
    seen: dict[tuple[str, str, int | None, str], Row] = {}
    for row in rows:
        key = (row.flow, row.region, row.year, row.indicator)
        if key in seen:
            line = seen[key].value.place.line
            findings.error("factor-twice", _("this factor is a duplicate: line {line} gives it already").format(line=line), row.value.place)
        seen.setdefault(key, row)


def _loops(region: str, parents: dict[str, str]) -> bool:
    here, steps = parents.get(region), 0
    while here in parents and here != region and steps <= len(parents):
        here, steps = parents[here], steps + 1
    return here == region
