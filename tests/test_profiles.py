"""Profiles: pages of elements, each answered from a scenario or said to be missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from lca_ml.engine import run
from lca_ml.model import load_model
from lca_ml.profiles import filled, ids, missing, pasted, profile
from lca_ml.profiles.facts import FACTS
from lca_ml.scenario import STANDARD_STAGES

ROOT = Path(__file__).parent.parent / "scenarios"

STUDY = """\
lca_ml: 1
title: t
functional_unit: 1000 token
delivers: 1e9 token
region: FR
year: 2024
indicators: [climate_change, electricity_use, water_use]
factors:
  values:
    - {flow: electricity, region: FR, climate_change: 50 gCO2e/kWh, water_use: 2 L/kWh}
    - {flow: box, climate_change: 100 kgCO2e/server}
stages:
  training: {flows: {electricity: learning, box: {amount: boxes, stage: hardware, phase: embodied}}}
  fine_tuning: {flows: {electricity: tuning}}
  inference: {flows: {electricity: answering}}
parameters: {learning: 1000 kWh, tuning: 200 kWh, answering: 3000 kWh, boxes: 0.5 server}
"""
"""By hand: training 50 kg in use and 50 kg embodied, fine-tuning 10 kg, inference 150 kg; 4,200 kWh in all."""


@pytest.fixture
def study(tmp_path):
    def read(text=STUDY):
        path = tmp_path / "study.yaml"
        path.write_text(text, encoding="utf-8")
        return load_model(str(path))

    return read


def answers(study, name):
    return {a.clause.partition(", ")[2]: a.text for a in filled(*study, name)}


@pytest.mark.parametrize("name", ids())
def test_a_page_names_facts_there_are_and_speaks_both_languages(name):
    """Every fact is in the table; every text is in English and in French; an element that can be missing says what to write."""
    page = profile(name)

    assert {"en", "fr"} == set(page.title) == set(page.about)
    for element in page.elements:
        assert {"en", "fr"} == set(element.asks)
        assert {f.value.partition(" ")[0] for f in element.facts} <= set(FACTS)


def test_every_fact_is_asked_for():
    """No fact that no page names."""
    assert {f.value.partition(" ")[0] for name in ids() for e in profile(name).elements for f in e.facts} == set(FACTS)


@pytest.mark.parametrize("name", ids())
def test_what_is_missing_has_advice(name, study):
    """An element without an answer says what to write, one with an answer says nothing."""
    for answer in filled(*study(), name):
        assert bool(answer.text) != bool(answer.hint)


def test_answers_are_the_numbers_of_the_study(study):
    """The card of a model, by hand: 60 kg in use and 50 kg embodied for training and fine-tuning, 1.2 MWh, 150 kg for inference, 8.4 m³ of water."""
    found = answers(study(), "model-card")

    assert found["carbon emitted"] == "60.00 kgCO₂e in use, 50.00 kgCO₂e embodied"
    assert found["energy"] == "1.2 MWh"
    assert found["use"] == "150.0 kgCO₂e in use"
    assert found["embodied"] == "50.00 kgCO₂e"
    assert found["water"] == "8.400 m³"
    assert found["compute region"] == "FR"
    assert found["training type"] == "pre-training, fine-tuning"
    assert found["cloud provider"] == ""


def test_what_is_pasted_is_yaml_with_the_same_numbers(study):
    """The metadata of the Hub: 60,000 g in use, the region, and null where nothing is stated."""
    text, language = pasted(*study(), "model-card")
    card = yaml.safe_load(text)["co2_eq_emissions"]

    assert language == "yaml"
    assert card["emissions"] == 60_000
    assert card["geographical_location"] == "FR"
    assert card["hardware_used"] is None


def test_what_is_pasted_stays_yaml_whatever_is_written(study):
    """A hostile answer is a quoted text."""
    text, _language = pasted(*study(STUDY + 'goal: {hardware: "x\\"\\n: {evil}: - #"}\n'), "model-card")

    assert yaml.safe_load(text)["co2_eq_emissions"]["hardware_used"].startswith('x"')


def test_missing_elements_are_counted(study):
    """Two elements of SCI are missing of five where place and exclusions are not stated."""
    scenario, model = study(STUDY.replace("year: 2024\n", ""))
    found = missing(scenario, model, "sci")

    assert [f.message.rpartition(": ")[0] for f in found[:-1]] == ["ISO/IEC 21031:2024, I", "ISO/IEC 21031:2024, software boundary"]
    assert found[-1].message == "sci: 3 of 5 elements stated"


def test_a_complete_study_lacks_nothing(study):
    """Every stage modelled or excluded, place and year, energy and manufacture: SCI is answered in full."""
    rest = [s for s in STANDARD_STAGES if s not in ("training", "fine_tuning", "inference", "hardware")]
    text = STUDY + "excluded: {" + ", ".join(f"{s}: none" for s in rest) + "}\n"

    assert missing(*study(text), "sci") == ()
    assert "modelled: " in answers(study(text), "iso14044")["4.2.3.3, 5.2 c"]


def test_goal_answers_what_only_people_know(study):
    """`goal:` takes any key: who commissioned the study, the review."""
    goal = "goal: {commissioner: the city, practitioner: A. Doe, critical_review: none}\n"
    elements = [a for a in filled(*study(STUDY + goal), "iso14044") if a.text in ("the city", "A. Doe", "none")]

    assert len(elements) == 3


def test_consumer_and_provider_share_out_the_standard_stages():
    """No stage is in both scores, and each standard stage but the hardware, which goes with its activity, is in one."""
    consumer, provider = (({s.value for s in score.stages}) for score in profile("sci-ai").scores.values())

    assert not consumer & provider
    assert consumer | provider | {"hardware"} == set(STANDARD_STAGES)


def test_scores_apart_add_up_to_the_whole(study):
    """Consumer 150 kg, provider 110 kg with the manufacture its training causes: 260 kg in all."""
    _scenario, model = study()
    results = run(model, 100)
    of = {
        name: results.over([i for i, f in enumerate(model.flows) if f.activity.partition(".")[0] in {s.value for s in score.stages}])[0].point
        for name, score in profile("sci-ai").scores.items()
    }

    assert of == {"consumer": pytest.approx(150), "provider": pytest.approx(110)}
    assert sum(of.values()) == pytest.approx(results.by()[0].point)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("*.yaml")), ids=lambda p: p.stem)
def test_profiles_answer_every_template(path):
    """Each page is filled from each starter scenario, and what is pasted is one YAML document."""
    scenario, model = load_model(str(path))
    for name in ids():
        assert len(filled(scenario, model, name)) == len(profile(name).elements)
    json.dumps(yaml.safe_load(pasted(scenario, model, "model-card")[0]))
