"""What a study rests on: every source once, with its licence, in forms others can read."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pybtex.database
import pytest

from lca_ml.bibliography import bibtex, csl, listed, references, tool
from lca_ml.bibliography.writing import _people
from lca_ml.data import folder
from lca_ml.factors import load as load_factors
from lca_ml.markup import latex
from lca_ml.model import load_model

ROOT = Path(__file__).parent.parent
SCENARIOS = [p for p in sorted((ROOT / "scenarios").glob("**/*.yaml")) if "bases" not in p.parts and (p.parent.name != "published" or p.stem[0] in "bg")]

STUDY = """\
lca_ml: 1
title: t
functional_unit: 1 model
region: FR
year: 2024
indicators: [climate_change]
sources:
  meter: {title: Readings of the meter, year: 2024, licence: CC0-1.0}
  paper: {title: A paper, authors: "Doe, Roe et al.", year: 2020, doi: 10.1000/182}
  unused: {title: Never named}
  published: {title: What is expected}
parameters:
  energy: {value: 100 kWh, source: "meter, reading of May"}
  hours: {value: 10 GPU*h, source: a log of our own}
  power: {value: 300 W/GPU, source: "see paper, table 3"}
stages:
  training: {process: compute, device: nvidia-h100-sxm, device_hours: hours, power: power, utilisation: 0.9}
  storage: {process: metered, energy_it: energy, pue: 1.2}
expect: {climate_change: {value: 1 kgCO2e, source: published, reproduces: no, reason: an example}}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study with sources named, written in words, listed and not used."""

    def read(text=STUDY, name="study.yaml"):
        path = tmp_path_factory.mktemp("study") / name
        path.write_text(text, encoding="utf-8")
        return references(*load_model(str(path)))

    return read


def keys(found, kind):
    return [r.key for r in found if r.kind == kind]


def test_sources_a_value_names_are_cited_and_others_are_not(study):
    """`meter` and `paper` are named within a longer text, one source is in words; what only `expect:` names is no input."""
    assert keys(study(), "scenario") == ["meter", "a-log-of-our-own", "paper"]


def test_lca_ml_comes_first_as_its_own_file_says():
    """Title, version and licence are those of CITATION.cff."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    assert all(part in text for part in (tool().title, tool().version, tool().licence))


def test_every_publication_used_is_cited(study):
    """The files of factors of the model, each by the name of its file."""
    _scenario, model = load_model(str(ROOT / "scenarios/published/bloom-176b.yaml"))

    found = references(_scenario, model)
    assert {p.headers["title"] for p in model.publications} <= {r.title for r in found}
    assert {r.key for r in found if r.kind == "factors"} == {p.id for p in model.publications}


def test_a_default_that_was_overridden_is_not_cited(study):
    """`utilisation` of compute rests on luccioni2023: cited where it is left, not where 0.9 is given."""
    given = STUDY.replace("{process: metered, energy_it: energy, pue: 1.2}", "{flows: {electricity: energy}}")

    assert "luccioni2023" in keys(study(given.replace(", utilisation: 0.9", "")), "process")
    assert "luccioni2023" not in [r.key for r in study(given)]


def test_the_device_catalogue_is_cited_by_what_it_was_read_in(study):
    """The power of the host server comes from EcoLogits, the PUE of compute from an operator's page; the board power was given, so Epoch AI is not used."""
    found = {r.key: r for r in study() if r.kind == "device"}

    assert {"ecologits-0.11.3", "amazon2025"} <= set(found)
    assert "epoch2026" not in found
    assert all(r.licence for r in found.values())


def test_every_source_of_the_device_catalogue_is_described():
    """Each text in the source column of devices.csv has its row in sources.csv, and no row is left over."""
    rows = csv.DictReader(line for line in (folder("factors") / "devices.csv").read_text(encoding="utf-8").splitlines() if not line.startswith("#"))

    assert {r["source"] for r in rows} == set(load_factors(folder("factors")).sources)


def test_one_work_under_two_names_is_cited_once(study):
    """The scenario's own name stays, and what it does not say is taken from the other: here the address."""
    text = STUDY.replace("  meter: {title", "  bloom: {title: 'Estimating the carbon footprint of BLOOM, a 176B parameter language model'}\n  meter: {title")
    found = study(text.replace("source: a log of our own", "source: bloom").replace(", utilisation: 0.9", ""))
    (one,) = [r for r in found if "BLOOM" in r.title]

    assert (one.key, one.kind, one.url) == ("bloom", "scenario", "https://arxiv.org/abs/2211.02001")


def test_keys_do_not_depend_on_the_order_of_the_file(study):
    """Parameters the other way round: the same keys for the same works."""
    lines = STUDY.splitlines()
    at = lines.index("parameters:")
    turned = "\n".join([*lines[: at + 1], *reversed(lines[at + 1 : at + 4]), *lines[at + 4 :]])

    assert {(r.key, r.title) for r in study(turned)} == {(r.key, r.title) for r in study()}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda p: p.stem)
def test_bibtex_is_read_by_others(path):
    """Pybtex reads as many entries as there are references, each with title, note and a key of its own."""
    found = references(*load_model(str(path)))
    read = pybtex.database.parse_string(bibtex(found), "bibtex")

    assert list(read.entries) == [r.key for r in found]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", r.key) for r in found)
    assert all(entry.fields["title"] == f"{{{latex(r.title)}}}" for entry, r in zip(read.entries.values(), found, strict=True))
    assert all("licence: " in entry.fields["note"] for entry in read.entries.values())


def test_bibtex_survives_hostile_sources(study):
    """Braces that do not match, commands, an address that is none: one entry each, no field torn."""
    text = STUDY.replace("{title: A paper, authors", '{title: "} { \\\\end @misc{x, % $ & \\"q\\"", authors').replace("10.1000/182", '"10.1/a{b}\\\\c"')
    text = text.replace("year: 2024, licence: CC0-1.0", 'year: 2024, url: "javascript:alert(1)", licence: "}"')
    found = study(text)
    read = pybtex.database.parse_string(bibtex(found), "bibtex")

    assert list(read.entries) == [r.key for r in found]
    assert "url" not in read.entries["meter"].fields
    assert read.entries["paper"].fields["doi"] == "10.1/abc"


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Luccioni, Viguier, Ligozat", ["Luccioni", "Viguier", "Ligozat"]),
        ("Gupta et al.", ["Gupta", "others"]),
        ("Doe, Roe et al.", ["Doe", "Roe", "others"]),
        ("Morand, Névéol, Ligozat", ["Morand", "Névéol", "Ligozat"]),
        ("A. Luccioni and A.-L. Ligozat", ["A. Luccioni", "A.-L. Ligozat"]),
        ("Reig, Luo (World Resources Institute)", ["Reig", "Luo"]),
        ("US Environmental Protection Agency", ["US Environmental Protection Agency"]),
        ("Ember; processed by Our World in Data", ["Ember; processed by Our World in Data"]),
        ("lca-ml", ["lca-ml"]),
        ("", []),
    ],
)
def test_authors_are_people_or_one_organisation(authors, names):
    """Surnames parted by commas are people; anything else stays whole."""
    assert _people(authors) == names


def test_names_of_organisations_keep_their_form_in_bibtex(study):
    """An organisation stands in braces of its own; surnames are joined with and."""
    read = pybtex.database.parse_string(bibtex(study()), "bibtex").entries

    assert read["paper"].persons["author"][0].last_names == ["Doe"]
    assert [str(p) for p in read["paper"].persons["author"]] == ["Doe", "Roe", "others"]
    assert read["ember-2025"].persons["author"][0].last_names == ["{Ember; processed by Our World in Data}"]


def test_csl_is_what_zotero_and_pandoc_read(study):
    """Items with id, type, title; authors as family or literal, the year as date-parts, address and DOI."""
    items = {i["id"]: i for i in json.loads(json.dumps(csl(study())))}

    assert items["lca-ml"]["type"] == "software"
    assert items["ember-2025"]["type"] == "dataset"
    assert items["paper"]["author"] == [{"family": "Doe"}, {"family": "Roe"}, {"literal": "et al."}]
    assert items["paper"]["issued"] == {"date-parts": [[2020]]}
    assert (items["paper"]["DOI"], items["paper"]["URL"]) == ("10.1000/182", "https://doi.org/10.1000/182")
    assert "CC0-1.0" in items["meter"]["note"]


def test_the_list_says_the_licence_of_each(study):
    """One line each; a licence that is not known is said to be not stated."""
    lines = listed(study())

    assert all("Licence: " in line for line in lines)
    assert "[meter] Readings of the meter (2024). Licence: CC0-1.0." in lines
    assert any(line.startswith("[paper] Doe, Roe et al. (2020). A paper. https://doi.org/10.1000/182. Licence: not stated.") for line in lines)
