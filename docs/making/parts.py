"""The parts of hand-written pages that are made from the package, each in the language of its page."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Callable

from making.figures import FIGURES, GALLERY
from making.tables import table

from lca_ml import processes
from lca_ml.data import folder
from lca_ml.engine import run
from lca_ml.expressions import latex, parse
from lca_ml.factors import Library, load
from lca_ml.model import load_model
from lca_ml.notation import figure as shown
from lca_ml.wording import functional_unit
from lca_ml.words import current

NAMED = re.compile(r"<title[^>]*>(?P<title>.*?)</title>\s*<desc[^>]*>(?P<alt>.*?)</desc>", re.DOTALL)


def in_language(english: str, french: str) -> str:
    """Return the one of two texts that is in the language of the page."""
    return french if current() == "fr" else english


def head(*titles: tuple[str, str]) -> tuple[str, ...]:
    """Return the head of a table, from its titles in English and in French."""
    return tuple(in_language(*title) for title in titles)


def _library() -> Library:
    return load(folder("factors"))


def publications() -> str:
    """Return the table of publications, in the order of preference."""
    library = _library()
    figures = Counter(row.publication.id for rows in library.rows.values() for row in rows)
    ranked = sorted(library.publications.values(), key=lambda p: (library.preference.index(p.id) if p.id in library.preference else 999, p.id))
    rows = [(f"`{p.id}`", p.headers["title"], p.headers["licence"], p.headers["version"], figures[p.id]) for p in ranked]
    return table(("publication", "title", "licence", "version", "figures"), rows)


def widening() -> str:
    """Return the table of how far the steps of a look-up widen a factor."""
    lines = (folder("factors") / "fallback.csv").read_text(encoding="utf-8")
    return table(("step from", "gsd", "basis"), [(f"`{r['step']}`", r["gsd"], r["basis"]) for r in csv.DictReader(io.StringIO(lines))])


def indicators() -> str:
    """Return the table of indicators."""
    found = _library().indicators.values()
    if current() == "fr":
        return table(("indicateur", "unité", "titre", "ce qu’il additionne"), [(f"`{i.id}`", f"`{i.unit.text}`", i.titles["fr"], i.about["fr"]) for i in found])
    rows = [(f"`{i.id}`", f"`{i.unit.text}`", i.titles["en"], i.titles["fr"], i.about["en"]) for i in found]
    return table(("indicator", "unit", "title", "en français", "what it adds up"), rows)


def flows() -> str:
    """Return the table of flows that are no accelerators: those a scenario names."""
    library = _library()
    rows = []
    for name, found in sorted(library.rows.items()):
        below = library.flow_unit(name)
        if below is not None and below.text != "GPU":
            known = ", ".join(i for i in library.indicators if any(r.indicator == i for r in found))
            rows.append((f"`{name}`", f"`{below.text}`", library.title(name), known, len(found)))
    cards = sum(1 for name in library.rows if (u := library.flow_unit(name)) is not None and u.text == "GPU")
    return table(("flow", "per", "title", "indicators", "figures"), rows) + f"\nBeside these, the manufacture of {cards} accelerators, per `GPU`.\n"


def devices() -> str:
    """Return the table of devices that are no accelerators, with their properties."""
    catalogue = _library().devices
    rows = [(f"`{name}`", ", ".join(f"`{p}`" for p in properties)) for name, properties in catalogue.items() if "peak_bf16" not in properties]
    plain_ones = [r for r in rows if "`memory`" not in r[1] and "`released`" not in r[1]]
    rest = len(catalogue) - len(plain_ones)
    return table(("device", "properties"), plain_ones) + f"\nBeside these, {rest} accelerators with `power`, `peak_…`, `memory`, `released` as far as known.\n"


def process_titles() -> str:
    """Return the list of processes with their titles, each with a link to its page."""
    titles = [(name, processes.page(name)) for name in processes.ids()]
    rows = [(f"[`{name}`](processes/{name}.md)", in_language(p.title.value, p.title_fr.value if p.title_fr else p.title.value)) for name, p in titles]
    return table(head(("process", "processus"), ("what it models", "ce qu’il modélise")), rows)


def formulas() -> str:
    """Return the formulas of each process, read from its page as mathematics."""
    blocks = []
    for name in processes.ids():
        page = processes.page(name)
        lines = [rf"{_symbol(quantity)} &= {latex(parse(stated.value), _symbol)}" for quantity, stated in page.formulas.items()]
        lines += [rf"{_symbol(key)} &= {latex(parse(flow.amount), _symbol)}" for key, flow in page.flows.items()]
        body = " \\\\\n".join(lines)
        blocks += [f"[`{name}`](processes/{name}.md):", f"$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$"] if lines else []
    return "\n\n".join(["", *blocks, ""]) + "\n"


def _symbol(name: str) -> str:
    return rf"\text{{{name.replace('_', ' ')}}}"


STUDIES = {
    "town-hall": ("the model is a quarter of it; devices and an idle web server are the rest", ""),
    "mairie": ("", "le modèle en fait un quart ; les appareils et un serveur web qui attend font le reste"),
    "fine-tuned-local": (
        "manufacture comes first in France, electricity in Poland",
        "la fabrication vient en premier en France, l’électricité en Pologne",
    ),
    "vision-edge": (
        "the training is a speck beside two hundred cameras",
        "l’entraînement est une poussière à côté de deux cents caméras",
    ),
    "large-pretraining": (
        "the place decides; trials and machines weigh as much as the training",
        "le lieu décide ; essais et machines pèsent autant que l’entraînement",
    ),
}
"""The studies to start from, each with what it shows, in English and in French; a study without a text is not in the table of that language."""
FRENCH_TITLES = {
    "fine-tuned-local": "Un modèle affiné sur le serveur de l’hôpital",
    "vision-edge": "Compter les cyclistes avec des caméras",
    "large-pretraining": "Entraîner un grand modèle ouvert",
}


def studies() -> str:
    """Return the table of the studies to start from, with the climate change of each per functional unit."""
    rows = []
    for name, texts in STUDIES.items():
        if not in_language(*texts):
            continue
        model = load_model(str(folder("scenarios") / f"{name}.yaml"))[1]
        found = run(model).of("climate_change", view="functional_unit")
        assert found.point is not None and found.p5 is not None and found.p95 is not None
        value = shown(found.point, found.p5, found.p95, found.indicator.unit, current())
        title = FRENCH_TITLES.get(name, model.title) if current() == "fr" else model.title
        anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        per = functional_unit(model, current())
        rows.append((f"[{title}](#{anchor})", f"`scenarios/{name}.yaml`", per, f"{value.point} {value.unit} ({value.low} – {value.high})", in_language(*texts)))
    titles = (
        ("study", "étude"),
        ("file", "fichier"),
        ("per", "par"),
        ("climate change, stated (90 % interval)", "changement climatique, valeur retenue (intervalle à 90 %)"),
        ("what it shows", "ce qu’elle montre"),
    )
    return table(head(*titles), rows)


def figure(name: str) -> str:
    """Return a figure of the gallery with its alternative text, which is inside it, and the command that draws it."""
    found = next(f for f in FIGURES if f.name == name)
    named = NAMED.search((GALLERY / f"{name}.svg").read_text(encoding="utf-8"))
    assert named, "an SVG of ours has a title and a description"
    alt = html.unescape(f"{named['title']}. {named['alt']}").replace("[", "(").replace("]", ")")
    return f"![{alt}](gallery/{name}.svg)\n\n```sh\n{found.command}\n```\n"


PARTS: dict[str, Callable[..., str]] = {
    "publications": publications,
    "widening": widening,
    "indicators": indicators,
    "flows": flows,
    "devices": devices,
    "processes": process_titles,
    "formulas": formulas,
    "studies": studies,
    "figure": figure,
}
"""Parts of pages, by the first word in their `<!-- made: NAME -->`; what follows it is handed on."""
