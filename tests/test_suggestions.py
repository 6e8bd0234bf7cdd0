"""Did you mean …? For a word that is refused, the first name suggested is the one that was meant."""

from __future__ import annotations

import re

import pytest

from lca_ml.errors import InputError, did_you_mean, misspelt, nearest
from lca_ml.model import link, load_model
from lca_ml.scenario import STANDARD_STAGES, load

STUDY = """\
lca_ml: 1
title: A study
functional_unit: 1 model
region: {region}
{key}: A text
parameters: {{energy: {{value: 5 {unit}, kind: assumed}}}}
stages:
  training: {{process: {process}, energy_it: energy, {argument}: 1}}
  hardware: {{process: compute, device: {device}, device_hours: 8 GPU*h}}
"""
RIGHT = {"region": "FR", "key": "about", "unit": "kWh", "process": "metered", "argument": "times", "device": "nvidia-t4"}

KEYS = {
    "titel": "title",
    "functional_units": "functional_unit",
    "paramters": "parameters",
    "extend": "extends",
    "location": "region",
    "country": "region",
    "titre": "title",
    "scénario": "title",
    "unite_fonctionnelle": "functional_unit",
    "étapes": "stages",
}
ARGUMENTS = {
    "PUE": "pue",
    "energie": "energy_it",
    "facility_energy": "energy_facility",
    "multiplier": "times",
    "allocation": "share",
    "data_center": "datacenter",
}
UNITS = {
    "kwh": "kWh",
    "KWH": "kWh",
    "Mwh": "MWh",
    "Go": "GB",
    "hrs": "h",
    "jours": "day",
    "ans": "year",
    "kgco2e": "kgCO2e",
    "gco2": "gCO2e",
    "GPUh": "GPU*h",
}
PROCESSES = {
    "computes": "compute",
    "metred": "metered",
    "measured": "metered",
    "inferance": "inference",
    "storge": "storage",
    "transfert": "transfer",
    "labeling": "annotation",
    "scraping": "crawl",
    "endoflife": "end_of_life",
    "entrainement": "training",
}
DEVICES = {
    "nvidia-h100-smx": "nvidia-h100-sxm",
    "NVIDIA H100": "nvidia-h100-sxm",
    "h100": "nvidia-h100-sxm",
    "A100-80GB": "nvidia-a100-sxm4-80gb",
    "rtx4090": "nvidia-rtx-4090",
    "T4": "nvidia-t4",
    "tpu-v4": "google-tpu-v4",
    "mi300x": "amd-mi300x",
    "nvida-l40s": "nvidia-l40s",
    "phone": "smartphone",
}
REGIONS = {
    "UK": "GB",
    "USA": "US",
    "Frence": "FR",
    "Germany": "DE",
    "Suede": "SE",
    "Etats-Unis": "US",
    "EU": "EU27",
    "world": "GLO",
    "eu-west-3": "aws:eu-west-3",
    "California": "US-CAMX",
}
CASES = [
    (kind, word, right)
    for kind, cases in (("key", KEYS), ("argument", ARGUMENTS), ("unit", UNITS), ("process", PROCESSES), ("device", DEVICES), ("region", REGIONS))
    for word, right in cases.items()
]


def first_suggestion(**wrong: str) -> str:
    """Return the first name the errors of a study suggest where one word of it is wrong."""
    with pytest.raises(InputError) as refused:
        link(load("study.yaml", text=STUDY.format(**RIGHT | wrong)))
    (finding,) = refused.value.findings
    found = re.search(r"Did you mean (.+?)(?: \(.*?\))?(?:, .*| or .*)?\?", f"{finding.message} {finding.hint}")
    return found[1] if found else ""


@pytest.mark.parametrize(("kind", "word", "right"), CASES, ids=[f"{k}-{w}" for k, w, _r in CASES])
def test_the_first_suggestion_is_the_right_one(kind: str, word: str, right: str):
    """Misspelt, in other words, in French: ten of each of keys, units, processes, devices and regions, and some arguments."""
    assert first_suggestion(**{kind: word}) == right


def test_the_study_is_right_without_a_wrong_word():
    """What is refused above is refused for the one word."""
    link(load("study.yaml", text=STUDY.format(**RIGHT)))


@pytest.mark.parametrize(
    ("stage", "meant"),
    [("trainning", "training"), ("entrainement", "training"), ("finetuning", "fine_tuning"), ("stockage", "storage"), ("inferance", "inference")],
)
def test_a_stage_nearly_named_as_a_standard_one_is_asked_about(stage: str, meant: str):
    """Any stage is allowed; one that looks like a slip is warned of, as charts would set it apart."""
    _scenario, model = load_model("study.yaml", text=STUDY.format(**RIGHT).replace("  training:", f"  {stage}:"))

    (warning,) = [w for w in model.warnings if w.code == "stage-name"]
    assert warning.hint == f"Did you mean {meant}?"


@pytest.mark.parametrize("stage", ["retraining", "pre_training", "monitoring", "data_cleaning", "inference_edge", "audit"])
def test_a_stage_of_ones_own_is_not_asked_about(stage: str):
    """A name that contains a standard one, or is far from all, is meant."""
    assert misspelt(stage, STANDARD_STAGES) == ""


def test_synonyms_are_only_asked_about_where_the_name_is_known():
    """`location` is the region of a scenario; among other names it is a word like any other."""
    assert nearest("location", ["region", "relocation"]) == ["region"]
    assert nearest("location", ["relocation"]) == ["relocation"]
    assert did_you_mean("pays", ["title"]) == ""


def test_case_and_accents_come_before_synonyms():
    """`GPU` is a unit in another case before it is a device."""
    assert nearest("gpu", ["device", "GPU"])[0] == "GPU"
    assert nearest("Genève", ["geneve", "genova"])[0] == "geneve"
