"""The studies to start from: complete, sourced, composable, right by hand, and beside what others published."""

from __future__ import annotations

import json
import re
from math import sqrt
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from lca_ml.cli import cli
from lca_ml.cli.start import templates
from lca_ml.data import folder
from lca_ml.engine import point, run
from lca_ml.model import Model, load_model
from lca_ml.profiles import missing
from lca_ml.scenario import STANDARD_STAGES

STUDIES = ("town-hall", "mairie", "fine-tuned-local", "vision-edge", "large-pretraining")
HOURS = 8760
"""A year."""
FR, US = 0.0441791, 0.383549
"""Grid electricity of 2024, kgCO2e/kWh (ember-2025.csv)."""
HOST, AI_SERVER = 1200 / 8, 2500 / 8
"""The part of an eight-card server that falls to a card: its power in W, its manufacture in kgCO2e."""
MODEL_LIVES = 1 / (4 * HOURS * 0.85)
"""Lives of a card in an hour of work: four years, 85 % of the time."""


def path(study: str) -> str:
    return str(folder("scenarios") / f"{study}.yaml")


def model(study: str, *variants: str, **settings: str) -> Model:
    return load_model(path(study), variants, [f"{k}={v}" for k, v in settings.items()])[1]


def written(study: str) -> dict:
    """Return a study as the mapping it is written as."""
    return yaml.safe_load(Path(path(study)).read_text(encoding="utf-8"))


def impact(of: Model, indicator: str = "climate_change", **labels: str) -> float:
    """Return the stated impact over the whole life cycle, of the flows that bear some labels; in kgCO2e, or kWh of electricity."""
    at = [i.id for i in of.indicators].index(indicator)
    chosen = [i for i, flow in enumerate(of.flows) if all(flow.label(name) == value for name, value in labels.items())]
    return float(point(of).impacts[chosen, at, 0].sum())


def shares(of: Model) -> dict[str, float]:
    """Return the share of each stage in the stated climate change."""
    return {stage: impact(of, stage=stage) / impact(of) for stage in of.stages}


def leader(of: Model) -> str:
    found = shares(of)
    return max(found, key=found.__getitem__)


def quantity(of: Model, name: str) -> float:
    """Return a stated quantity in base units."""
    found = of.node(name).number
    assert found is not None, name
    return found


# --- what each study states


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_has_no_warning_but_about_the_library(study):
    """What is left says which factor was taken from another year, or is not in the library: nothing the author could write."""
    assert {w.code for w in model(study).warnings} <= {"fallback", "factor-missing"}


@pytest.mark.parametrize("study", STUDIES)
def test_a_parameter_says_what_it_is_where_it_comes_from_and_why_its_range(study):
    """A title of at most 34 letters, the room of a chart, a kind, and a source or a note; a formula needs none. No two titles are alike."""
    parameters = {name: p for name, p in written(study)["parameters"].items() if isinstance(p, dict)}
    assert len(parameters) >= 15

    for name, stated in parameters.items():
        assert 3 <= len(stated["title"]) <= 34, name
        assert stated["kind"] in ("measured", "sourced", "modelled", "assumed"), name
        assert "source" in stated if stated["kind"] != "assumed" else "note" in stated, name
    assert len({p["title"] for p in parameters.values()}) == len(parameters)


@pytest.mark.parametrize("study", STUDIES)
def test_each_source_is_cited_and_can_be_found(study):
    """A source has a title, authors and an address, and something in the file names it; a cited name is a source."""
    document = written(study)
    cited = re.findall(r"source: \"?([a-z_0-9]+)", Path(path(study)).read_text(encoding="utf-8").partition("\nparameters:")[2])
    elsewhere = json.dumps({k: v for k, v in document.items() if k != "sources"})

    for name, source in document["sources"].items():
        assert {"title", "authors", "url"} <= set(source), name
        assert name in elsewhere, f"{name} is never cited"
    assert {c for c in cited if c != "definition"} <= set(document["sources"])


@pytest.mark.parametrize("study", STUDIES)
def test_every_stage_of_the_life_cycle_is_modelled_or_left_out_with_a_reason(study):
    """The twelve standard stages, hardware by what processes report under it; none is both."""
    found, document = model(study), written(study)

    assert set(STANDARD_STAGES) == set(found.stages) | set(found.excluded)
    assert not set(document["stages"]) & set(document["excluded"])
    assert all(len(reason) > 40 for reason in found.excluded.values())


OF_NOBODY = {"iso14044": 7, "sci": 0, "sci-ai": 1}
"""Elements an example cannot state: who commissioned, made and reviewed it and when; the training of a model whose maker publishes none."""


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("profile", OF_NOBODY)
def test_a_study_states_what_a_profile_asks_for_but_for_what_only_a_commissioned_one_has(study, profile):
    scenario, found = load_model(path(study))
    lacking = [f.message for f in missing(scenario, found, profile)][:-1]  # the last one counts

    assert len(lacking) <= OF_NOBODY[profile]
    words = ("commissioned", "who made", "date of the report", "statement", "in public", "cut-off", "critical review", "parameters of the model")
    assert all(any(w in message for w in words) for message in lacking)


@pytest.mark.parametrize("study", STUDIES)
def test_each_variant_changes_the_result_and_all_compose_with_each_other(study):
    """At least five; the later of two is laid on top of the earlier, and both are felt unless they set the same value."""
    base, names = impact(model(study)), list(written(study)["variants"])
    assert len(names) >= 5

    for name in names:
        assert impact(model(study, name)) != pytest.approx(base, rel=1e-3), name
        for other in names:
            assert impact(model(study, name, other)) > 0


@pytest.mark.parametrize("study", STUDIES)
def test_each_sweep_runs(study):
    for name in written(study)["sweeps"]:
        result = CliRunner().invoke(cli, ["sweep", path(study), "--name", name, "--samples", "64", "--quiet"])
        assert result.exit_code == 0, f"{name}: {result.output}"


@pytest.mark.parametrize(
    ("study", "variants"),
    [
        ("town-hall", ["reasoning_model"]),
        ("town-hall", ["few_questions"]),
        ("fine-tuned-local", ["poland"]),
        ("vision-edge", ["poland"]),
        ("large-pretraining", ["united_states"]),
    ],
)
def test_the_budget_is_kept_as_it_stands_and_not_in_a_variant(study, variants):
    """`run` answers 0 for the study and 1 for the variant."""
    run_it = ["run", path(study), "--samples", "100", "--quiet"]

    assert CliRunner().invoke(cli, run_it, standalone_mode=False).return_value in (0, None)
    assert CliRunner().invoke(cli, [*run_it, "--variant", ",".join(variants)], standalone_mode=False).return_value == 1


@pytest.mark.parametrize("template", templates())
def test_a_template_names_its_parameters_for_charts(template):
    document = yaml.safe_load(templates()[template].read_text(encoding="utf-8"))

    assert all(3 <= len(p["title"]) <= 34 for p in document["parameters"].values())


# --- the totals, worked out by hand (stated values, kgCO2e over the whole life cycle)


def median(low: float, high: float) -> float:
    """The middle of `low to high`: lognormal, so the root of the product."""
    return sqrt(low * high)


def made(hours: float, card: float) -> float:
    """The manufacture of cards and their part of a server, by the hour of work."""
    return hours * MODEL_LIVES * (card + AI_SERVER)


def at_a_desk(hours: float) -> float:
    """A laptop of 75 W and a screen of 55 W; 181 kg over 4 years and 64.7 kg over 6.6, of 1607 hours of work each."""
    return hours * ((75 + 55) / 1000 * FR + 181 / (4 * 1607) + 64.7 / (6.6 * 1607))


def test_the_town_hall_by_hand():
    """60 000 × 4 × 3 is 720 000 questions; one takes 0.448 Wh of machines, 0.225 g with their making; all in all 501.7 kg."""
    asked = 60_000 * median(2, 8) * 3
    question = (median(200, 600) * median(1, 6) + median(1000, 4000) * median(0.04, 0.2)) * 1.57 / 3.6e6
    assert asked == pytest.approx(720_000)
    assert question == pytest.approx(0.448e-3, rel=1e-3), "kWh"

    card_hours = question / ((0.75 * 700 + HOST) / 1000)
    answered = question * 1.15 * US + made(card_hours, 164)
    treated = card_hours * MODEL_LIVES / 8 * 15
    model_ = answered * (asked + median(5_000, 50_000)) + treated * asked

    hours = asked * median(30, 120) / 3600
    phones = 0.55 * hours * (0.001 * FR + (84 + 0.2) / (2.5 * HOURS * 0.3))
    computers = 0.45 * hours * (0.075 * FR + (181 + 2.8) / (4 * HOURS * 0.3))

    web = median(11, 18) / 1000 * 3 * HOURS * 1.15 * FR + 3660 * 3 / 4 * 0.042
    terabytes = 3 * median(20, 200) / 1000
    kept = terabytes * (1.2 / 1000 * 3 * HOURS * 1.15 * FR + 31.7 * 3 / 6)
    read_again = 60_000 * 3 * 0.164e-3 * (0.03 + median(0.0003, 0.055) * 1.15) * FR
    moved = asked * median(0.2, 2) / 1000 * (0.45 * 0.03 + 0.55 * 0.14) * FR

    total = model_ + phones + computers + web + kept + read_again + moved + at_a_desk(median(150, 600))
    assert total == pytest.approx(501.7, rel=1e-3)
    assert impact(model("town-hall")) == pytest.approx(total, rel=1e-9)


def test_the_local_server_by_hand():
    """980 000 letters; a server and two cards make 3846 kg, waiting 546 kg, writing 72 kg; all in all 4.51 t."""
    letters = median(150_000, 400_000) * 4
    waiting = median(150, 350) / 1000 * 1.54 * FR
    writing = median(200, 500) / 1000 * median(6, 25) / 3600 * letters * 1.54 * FR
    machine = 3660 + 2 * 93.1623

    tuned = median(2, 12) * (15 + 1)
    rented = tuned * (0.8 * 400 + HOST) / 1000 * 1.15 * FR + made(tuned, 151.037)

    terabytes = 3 * median(100, 500) / 1000
    kept = terabytes * (1.2 / 1000 * 4 * HOURS * 1.54 * FR + 31.7 * 4 / 6)
    fetched = median(50, 200) * 0.03 * FR
    corrected = at_a_desk(median(2000, 6000) / median(6, 15))

    total = waiting * HOURS * (4 + 1 / 12) + writing + machine + rented + kept + fetched + corrected
    assert total == pytest.approx(4510, rel=1e-3)
    assert impact(model("fine-tuned-local")) == pytest.approx(total, rel=1e-9)


def test_the_cameras_by_hand():
    """200 cameras: making them 14.5 t, six years of electricity 2.0 t, driving out 1.7 t, and the training less than a kilogram."""
    phones = median(0.5, 1.5) * 200
    making, thrown_away = phones * 84, phones * 0.2
    running = median(3, 6) / 1000 * HOURS * 200 * 6 * FR
    driving = median(20, 80) * 200 * 0.2176

    mobile = 0.14 * FR * (1000 * median(0.5, 2) + median(0.2, 2) * 200 * 6 + median(20, 100) / 1000 * 200)
    terabytes = 3 * median(0.5, 2)
    kept = terabytes * (0.65 / 1000 * 6 * HOURS * 1.54 * FR + 1.4 * 6 / 4)
    one = median(10, 40) * (0.8 * 450 + HOST) / 1000 * 1.54 * FR + made(median(10, 40), 81.8433)
    assert one < 1

    total = making + thrown_away + running + driving + mobile + kept + one * (12.5 + 1) + at_a_desk(20_000 / median(60, 180))
    assert total == pytest.approx(18_340, rel=1e-3)
    assert impact(model("vision-edge")) == pytest.approx(total, rel=1e-9)


def test_the_large_training_by_hand():
    """6 × 70e9 × 15e12 operations at 38 % of 989.4 TFLOP/s are 4.65 million card-hours; with trials, failures and tuning 9.1; 523 t."""
    once = 6 * 70e9 * 15e12 / (989.4e12 * 0.38) / 3600
    assert once == pytest.approx(4.65e6, rel=1e-3)
    hours = once * (1.15 * (1 + median(0.3, 1.5)) + median(0.02, 0.15))
    filtered = median(6_000, 60_000)

    answers = median(1e5, 1e7) * 18 / 12 * 365
    energy = answers * median(200, 600) * median(0.4, 2) * 1.57 / 3.6e6
    serving = energy / ((0.75 * 700 + HOST) / 1000)

    computed = ((hours + filtered) * (0.8 * 700 + HOST) / 1000 + energy) * 1.2 * FR
    machines = made(hours + filtered + serving, 164) + (hours + serving) * MODEL_LIVES / 8 * 15

    terabytes = 3000 * median(2, 10)
    kept = terabytes * (0.65 / 1000 * 2 * HOURS * 1.2 * FR + 1.4 * 2 / 4)
    moved = (1e6 * median(20, 40) + 44e3 + 140 * median(1e5, 1e6)) * 0.001 * FR

    total = computed + machines + kept + moved + at_a_desk(median(20_000, 100_000))
    assert total == pytest.approx(523_170, rel=1e-3)
    assert impact(model("large-pretraining")) == pytest.approx(total, rel=1e-9)


# --- what each study is there to show


def test_where_it_stands_decides_what_weighs_most():
    """In France the making of the machines, in Poland their electricity; for the large training the making falls from a third to 3 %."""
    assert (leader(model("fine-tuned-local")), leader(model("fine-tuned-local", "poland"))) == ("hardware", "inference")
    assert (leader(model("vision-edge")), leader(model("vision-edge", "poland"))) == ("hardware", "inference")
    assert shares(model("large-pretraining"))["hardware"] == pytest.approx(0.31, abs=0.01)
    assert shares(model("large-pretraining", "poland"))["hardware"] == pytest.approx(0.03, abs=0.01)


def test_what_is_asked_of_it_decides_too():
    """A model that reasons makes the model outweigh the devices, unless its host is in France; video makes the network outweigh the cameras."""
    assert leader(model("town-hall")) == "hardware"
    assert leader(model("town-hall", "reasoning_model")) == "inference"
    assert leader(model("town-hall", "reasoning_model", "french_host")) == "hardware"
    assert leader(model("vision-edge", "video_to_the_cloud")) == "transfer"


def test_several_stages_matter_in_two_studies():
    """Three stages above 20 % in the large training, two above 25 % in the town hall."""
    large, town = shares(model("large-pretraining")), shares(model("town-hall"))

    assert {s for s, share in large.items() if share > 0.2} == {"experimentation", "training", "hardware"}
    assert {s for s, share in town.items() if share > 0.25} == {"inference", "hardware"}


@pytest.mark.parametrize(
    ("study", "dominant"),
    [
        ("town-hall", {"energy_written", "time_asking"}),
        ("fine-tuned-local", {"letters", "factor.generic-server.GLO.climate_change"}),
        ("vision-edge", {"phones_worth", "factor.smartphone.GLO.climate_change"}),
        ("large-pretraining", {"trials", "share_of_peak"}),
    ],
)
def test_the_parameters_that_dominate_make_sense(study, dominant):
    """The two largest total-order indices of climate change per functional unit."""
    out = json.loads(CliRunner().invoke(cli, ["sensitivity", path(study), "--indicator", "climate_change", "--json", "--quiet"]).stdout)
    rows = [r for r in out if r["ST"] is not None and r["stage"] is None]

    assert {r["parameter"] for r in sorted(rows, key=lambda r: -r["ST"])[:2]} == dominant


# --- beside what others published


def test_a_question_to_the_town_hall_takes_what_a_prompt_is_said_to_take():
    """0.52 Wh with the building. Gemini's median prompt: 0.24 (Elsworth 2025), ChatGPT: 0.3 (You 2025), both shorter; BLOOM in 2022: 3.96."""
    found = model("town-hall")
    energy = impact(found, "electricity_use", stage="inference") / 720_000 * 1000
    made_ = impact(found, activity="inference", stage="hardware") / 720_000 * 1000

    assert energy == pytest.approx(0.515, rel=0.01)
    assert 2 * 0.24 < energy < 3.96 / 5
    assert made_ == pytest.approx(0.010, rel=0.1), "g: Elsworth 2025, manufacture and scope 1 of a prompt"
    assert (impact(found, stage="inference") / 720) + made_ == pytest.approx(1.14 / 5.5, rel=0.02), "g: Mistral 2025, 400 tokens of a larger model in France"


def test_a_waiting_server_takes_what_blooms_servers_took():
    """115 W per card against 914 kWh / 18 days / 16 cards = 132 W (Luccioni 2023); 14.7 Wh a letter against 3.96 Wh a request.

    A card answered 33 requests an hour there, and 14 here: it waits longer for each.
    """
    found = model("fine-tuned-local")
    per_letter = impact(found, "electricity_use") / quantity(found, "drafted") * 1000
    an_hour, at_bloom = 244_949 / HOURS / 2, 230_768 / (18 * 24) / 16

    assert quantity(found, "waiting_power") / 2 == pytest.approx(914_000 / (18 * 24) / 16, rel=0.15)
    assert per_letter == pytest.approx(14.7, rel=0.01)
    assert per_letter / 1.54 == pytest.approx(3.96 * at_bloom / an_hour, rel=0.1), "before the building's PUE, which BLOOM's figure leaves out"


def test_a_camera_stands_between_what_was_measured_of_small_computers():
    """4.2 W: a Raspberry Pi 4 takes 1.6 W at rest and 7.2 W at work (Geerling 2023); 73 kg of manufacture, 12 a year."""
    found = model("vision-edge")

    assert 1.6 < quantity(found, "camera_power") < 7.2
    assert impact(found, stage="hardware") / 200 == pytest.approx(72.8, rel=0.01)


def test_the_large_training_is_the_one_its_size_was_taken_from():
    """Llama 3.1 70B: 7.0 million hours and 2,040 t on the grid of the United States. Here 5.3 million, 1,750 t; by the hour 0.33 against 0.29 kg."""
    there = model("large-pretraining", "united_states")
    hours = quantity(there, "training.device_hours") * quantity(there, "failures")
    tonnes = impact(there, stage="training") / 1000

    assert hours == pytest.approx(5.35e6, rel=0.01)
    assert 0.7 < hours / 7.0e6 < 1
    assert tonnes == pytest.approx(1749, rel=0.01)
    assert 0.8 < tonnes / 2040 < 1
    assert tonnes * 1000 / hours == pytest.approx(2040e3 / 7.0e6, rel=0.15)


def test_the_large_training_in_france_has_the_shares_of_bloom():
    """Manufacture: 31 % here, 11.2 of 50.5 t for BLOOM (Luccioni 2023); trials: 0.67 of the training, 196 / 157 for OLMo 2 7B (Morrison 2025)."""
    found = model("large-pretraining")

    assert 0.22 < shares(found)["hardware"] < 0.35
    assert quantity(found, "trials") < 196 / 157


PROSE = (
    ("0.52 Wh", lambda: 1000 * impact(model("town-hall"), "electricity_use", stage="inference") / 720_000, 0.52),
    ("0.011 g", lambda: model_alone("town-hall")[1], 0.011),
    ("0.21 gCO₂e", lambda: sum(model_alone("town-hall")), 0.21),
    ("0.033 g in France", lambda: sum(model_alone("town-hall", "french_host")), 0.033),
    ("a sixth of it goes into the passages", lambda: 2000 * median(0.04, 0.2) / (2000 * median(0.04, 0.2) + median(200, 600) * median(1, 6)), 1 / 6),
    ("thirteen times as much per question", lambda: rate("town-hall", questions="0.1 request/(user*year)") / rate("town-hall"), 13),
    ("over seven times the electricity of writing", lambda: flow("fine-tuned-local", "inference.waiting") / flow("fine-tuned-local", "inference.writing"), 7.6),
    ("ninety times this study", lambda: 420_000 / impact(model("fine-tuned-local")), 93),
    ("2.6 kWh for 8 billion", lambda: impact(model("fine-tuned-local"), "electricity_use", stage="fine_tuning"), 2.6),
    ("one part in twenty thousand", lambda: impact(model("vision-edge")) / impact(model("vision-edge"), activity="training"), 19_100),
    ("6.2 g, its electricity", lambda: 0.14 * FR * 1000, 6.2),
    ("73 kg", lambda: impact(model("vision-edge"), stage="hardware") / 200, 73),
    ("0.33 kg an hour", lambda: impact(model("large-pretraining", "united_states"), stage="training") / 5.35e6, 0.33),
    ("23 % here with `six_years`", lambda: 100 * shares(model("large-pretraining", "six_years"))["hardware"], 23),
    ("5.2 kt in Poland", lambda: impact(model("large-pretraining", "poland")) / 1e6, 5.2),
    ("28 billion", lambda: 51.4e6 * 18 / 12 * 365 / 1e9, 28),
    ("a thirtieth of the electricity", lambda: impact(model("large-pretraining"), "electricity_use", stage="training") / 157e3, 29),
)
"""What docs/studies.md says in its prose and tables, and how it comes about."""


def model_alone(*study: str) -> tuple[float, float]:
    """Return what the hosted model weighs per question: its electricity, and its manufacture, in gCO2e."""
    found = model(*study)
    return impact(found, stage="inference") / 720, impact(found, activity="inference", stage="hardware") / 720


def rate(study: str, **settings: str) -> float:
    """Return the stated climate change per unit of what a study delivers."""
    block = point(model(study, **settings))
    return float(block.impacts[:, 0, 0].sum() / block.reference[0])


def flow(study: str, activity: str) -> float:
    return impact(model(study), "electricity_use", activity=activity)


@pytest.mark.parametrize(("text", "found", "value"), PROSE, ids=[p[0] for p in PROSE])
def test_a_figure_of_the_page_is_that_of_the_studies(text, found, value):
    """Each stands in docs/studies.md, and is within 5 % of what the study gives."""
    page = " ".join((Path(__file__).parent.parent / "docs" / "studies.md").read_text(encoding="utf-8").split())

    assert text in page
    assert found() == pytest.approx(value, rel=0.05)


# --- the French twin


def twins() -> list[tuple[str, str]]:
    return [("", ""), *zip(written("town-hall")["variants"], written("mairie")["variants"], strict=True)]


@pytest.mark.parametrize(("english", "french"), twins())
def test_the_french_twin_gives_the_same_numbers(english, french):
    """Every draw of every flow and indicator, of the study and of each variant, variant by variant in the order of the files."""
    ours, theirs = run(model("town-hall", *filter(None, [english])), 200), run(model("mairie", *filter(None, [french])), 200)

    assert (ours.values == theirs.values).all()
    assert (ours.points == theirs.points).all()


def test_the_french_twin_is_french():
    """The same keys, values, sources, budget and grids; every title, note and reason is another text."""
    ours, theirs = written("town-hall"), written("mairie")

    assert list(ours["parameters"]) == list(theirs["parameters"])
    for name, stated in ours["parameters"].items():
        if isinstance(stated, dict):
            other = theirs["parameters"][name]
            assert {k: v for k, v in stated.items() if k not in ("title", "note")} == {k: v for k, v in other.items() if k not in ("title", "note")}
            assert stated["title"] != other["title"] or name == "questions", name
            assert stated["note"] != other["note"], name
    assert ours["limits"] == theirs["limits"]
    assert list(ours["sweeps"].values()) == list(theirs["sweeps"].values())
    assert all(ours["goal"][k] != theirs["goal"][k] for k in ours["goal"])
    assert all(ours["excluded"][k] != theirs["excluded"][k] for k in ours["excluded"])
    assert set(ours["sources"]) == set(theirs["sources"])
