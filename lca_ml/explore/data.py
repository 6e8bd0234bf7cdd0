"""What the page knows, as one document: rows, studies, names in every language, the scenario itself.

document(scenario, model, samples, seed)   -> the document, and the table whose shapes are its formulas
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from lca_ml import __version__
from lca_ml.colours import stage_colours
from lca_ml.documents import Text
from lca_ml.explore.studies import Page, Study, encoded, studies
from lca_ml.explore.tables import Table
from lca_ml.explore.texts import in_each, texts
from lca_ml.exporters import yaml_text
from lca_ml.factors import WORLD
from lca_ml.model import Model
from lca_ml.scenario import STANDARD_STAGES, Scenario, stage_title
from lca_ml.sensitivity import label
from lca_ml.units import Unit, family, pretty, spoken
from lca_ml.units import unit as measure
from lca_ml.wording import functional_unit
from lca_ml.words import LANGUAGES, current


def document(scenario: Scenario, model: Model, samples: int, seed: int) -> tuple[dict[str, Any], Table]:
    """Return all the page knows, and the table whose shapes are its formulas.

    samples   how many draws the page makes in the browser
    """
    page = Page(seed)
    found = studies(scenario, model, page)
    listed = [study.data() for study in found]
    shared = {kind: _shared(listed, kind) for kind in ("flows", "menus", "levers", "sites")}
    variants = [v | {"study": i} for i, study in enumerate(found) for v in study.variants(scenario.document)]
    order = ["", *scenario.shape.variants]
    table, language = page.table, current()
    stages = [s for s in STANDARD_STAGES if s in page.stages] + [s for s in page.stages if s not in STANDARD_STAGES]
    colours = stage_colours(stages)
    named = dict.fromkeys((*scenario.shape.stages, *(e for study in found for e in study.model.excluded)))
    whole = {
        "title": scenario.title,
        "file": Path(scenario.file).name,
        "beside": _beside(scenario),
        "language": language,
        "version": __version__,
        "samples": samples,
        "seed": seed,
        "functionalUnit": in_each(lambda lang: functional_unit(model, lang)),
        "indicators": [{"id": i.id, "title": i.titles, "family": _family(i.unit)} for i in model.indicators],
        "stages": [{"id": s, "title": _stage(s), "order": stages.index(s), "colour": colours[s]} for s in page.stages],
        "stageTitles": {s: _stage(s) for s in named},
        "units": [[text, scale, _said(text)] for _i, text, scale in page.units.values()],
        "regions": page.regions,
        "goods": page.flows,
        "streams": table.keys(),
        "streamTitles": [_stream_title(name, page, found) for name in table.streams],
        "rows": table.rows,
        **shared,
        "studies": listed,
        "variants": sorted(variants, key=lambda v: order.index(v["name"])),
        "document": encoded(scenario.document),
        "texts": texts(),
    }
    return whole, table


def _shared(studies: list[dict[str, Any]], kind: str) -> list[Any]:
    """Return what all studies have of a kind, each item once, after putting its number in its place in each of them."""
    numbers: dict[str, int] = {}
    items: list[Any] = []
    for study in studies:
        for position, item in enumerate(study[kind]):
            key = json.dumps(item)
            if key not in numbers:
                numbers[key] = len(items)
                items.append(item)
            study[kind][position] = numbers[key]
    return items


def _stream_title(name: str, page: Page, found: list[Study]) -> list[Any] | str:
    """Return what people call a stream: a text in each language, or `2|FR 2024`, a flow and where it holds, with ~ for the distance of a look-up."""
    stated = found[0].versions[0].scenario.shape.parameters.get(name)
    if stated is not None:
        return [stated.title.value if stated.title else name.replace("_", " ")] * len(LANGUAGES)
    kind, _dot, rest = name.partition(".")
    flow = next((f for f in page.flows if kind == "factor" and rest.startswith(f"{f}.")), None)
    if flow is not None:
        region, *more = rest.removeprefix(f"{flow}.").split(".")
        where = [region] * (region != WORLD) + [word for word in more if word.isdigit()]
        return f"{list(page.flows).index(flow)}{'~' if more[-1] == 'fallback' else '|'}{' '.join(where)}"
    return in_each(lambda language: label(found[0].model, name, language).replace("_", " "))


def _stage(name: str) -> list[str]:
    return in_each(lambda _language: stage_title(name))


def _said(text: str) -> str | list[list[str]]:
    """Return a unit as it is printed; in each language with one of it and with several, where that is a word."""
    one, several = in_each(lambda _language: spoken(measure(text), 1)), in_each(lambda _language: spoken(measure(text), 2))
    return pretty(text) if {*one, *several} == {pretty(text)} else [list(pair) for pair in zip(one, several, strict=True)]


def _family(unit: Unit) -> list[list[Any]]:
    """Return the units a result may be shown in, smallest first: what one is in the given unit, and its name."""
    return [[measure(name).scale / unit.scale, pretty(name)] for name in family(unit) or (unit.text,)]


def _beside(scenario: Scenario) -> list[str]:
    """Return the files a scenario needs beside it: factors, processes, measurements."""
    files = [written.value for written in scenario.shape.factors.files]
    files += [written.value for written in scenario.shape.processes.values() if isinstance(written, Text)]
    files += [match[1].strip() for match in re.finditer(r"empirical\(([^,()]+),", yaml_text(scenario.document, origins=False))]
    return list(dict.fromkeys(files))
