"""Adding by data alone: a process, a stage, an indicator, a factor, a device. No line of code, and each of them runs."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from lca_ml.data import folder
from lca_ml.engine import run
from lca_ml.errors import InputError
from lca_ml.factors import Library
from lca_ml.model import link
from lca_ml.results import STATISTICS
from lca_ml.scenario import load

PAGE = """\
title: Driving samples to the laboratory
about: Diesel of a van, by distance.
parameters:
  distance: {unit: km, about: Way there and back.}
  per_km: {unit: L/km, about: Diesel per kilometre., default: "triangular(0.06, 0.08, 0.12) L/km", source: a guess}
formulas:
  burnt: distance * per_km
flows:
  diesel: burnt
"""

STUDY = """\
lca_ml: 1
title: Samples of soil
functional_unit: 100 sample
region: FR
indicators: [climate_change]
parameters: {way: 50 km, nights: 10 kWh}
factors: {values: [{flow: diesel, climate_change: 3.2 kgCO2e/L}]}
PROCESSES
stages:
  data_collection: {process: van, distance: 2 * way}
"""


def with_pages(block):
    return STUDY.replace("PROCESSES", block)


def indented(page):
    return "".join(f"    {line}\n" for line in page.splitlines())


def test_a_process_under_processes_runs(model_of, stated):
    """100 km × 0.08 L/km × 3.2 kgCO2e/L is 25.6 kg; its default is uncertain, so the samples spread from 19.2 to 38.4."""
    model = model_of(with_pages("processes:\n  van:\n" + indented(PAGE)))
    samples = run(model, 2000).values[0, 0]

    assert stated(model)["climate_change"] == pytest.approx(25.6, rel=1e-14)
    assert (samples.min() >= 19.2, samples.max() <= 38.4, np.unique(samples).size) == (True, True, 2000)
    assert model.flows[0].process == "van"


def test_a_process_in_a_file_of_its_own_runs_and_gives_the_same_bytes(study, model_of):
    """The page beside the scenario instead of inside it: the same samples."""
    inside = model_of(with_pages("processes:\n  van:\n" + indented(PAGE)))
    beside = link(load(study(with_pages("processes: {van: van.yaml}"), **{"van.yaml": PAGE})))

    assert run(inside, 500).values.tobytes() == run(beside, 500).values.tobytes()


def test_a_process_may_be_built_on_one_of_the_package(model_of, stated):
    """A page whose activity is `metered`: 200 kWh of IT × PUE 1.5 is 300 kWh of electricity of the same stage and activity."""
    page = """\
title: Nights in the laboratory
about: A freezer.
parameters:
  energy: {unit: kWh, about: What it takes.}
activities:
  freezer: {process: metered, energy_it: energy * 20, pue: 1.5, wue: 0 L/kWh}
"""
    text = with_pages("processes:\n  lab:\n" + indented(page)).replace("{process: van, distance: 2 * way}", "{process: lab, energy: nights}")
    model = model_of(text.replace("[climate_change]", "[electricity_use]"))

    assert stated(model)["electricity_use"] == pytest.approx(300, rel=1e-14)
    assert {(f.stage, f.activity) for f in model.flows} == {("data_collection", "data_collection")}


def test_a_page_of_ones_own_takes_the_place_of_the_packages(model_of, stated):
    """A page named `transfer` in the scenario is used instead of the library's: 100 km × 0.08 L × 3.2 kg."""
    text = with_pages("processes:\n  transfer:\n" + indented(PAGE)).replace("process: van", "process: transfer")

    assert stated(model_of(text))["climate_change"] == pytest.approx(25.6, rel=1e-14)


def test_a_stage_with_a_new_name_runs_and_comes_after_the_standard_ones(model_of):
    """`field_work` before `training` in the file: the results group by it, after training."""
    text = with_pages("").replace(
        "  data_collection: {process: van, distance: 2 * way}", "  field_work: {flows: {electricity: nights}}\n  training: {flows: {electricity: nights}}"
    )
    results = run(model_of(text.replace("[climate_change]", "[electricity_use]")), 4)

    assert [(s.labels["stage"], s.point) for s in results.by("stage")] == [("training", 10.0), ("field_work", 10.0)]


@pytest.fixture
def own_library(tmp_path):
    """Return the folder of a copy of the library, to add rows to."""
    shutil.copytree(folder("factors"), tmp_path / "factors")
    return tmp_path / "factors"


def append(path, *rows):
    """Add rows to a file of the library, the columns at the end that are not given left empty."""
    columns = next(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")).count(",")
    with path.open("a", encoding="utf-8") as file:
        file.writelines(row + "," * (columns - row.count(",")) + "\n" for row in rows)


def test_an_indicator_added_as_rows_is_computed(own_library, stated):
    """One row in indicators.csv, one factor: 10 kWh × 0.5 m2/kWh of land is 5 m², with all its statistics."""
    append(own_library / "indicators.csv", "land_use,m2,Land use,Occupation des sols,Land kept from other uses.,Terres soustraites à d’autres usages.")
    append(own_library / "lca-ml-2026.csv", "electricity,GLO,,land_use,0.5,m2/kWh,lognormal(gsd=1.2),a test,")
    library = Library(own_library)
    text = with_pages("").replace("process: van, distance: 2 * way", "flows: {electricity: nights}").replace("indicators: [climate_change]\n", "")
    model = link(load("study.yaml", text=text), library)
    results = run(model, 500)

    assert [i.id for i in model.indicators] == ["climate_change", "electricity_use", "primary_energy", "resource_depletion", "water_use", "land_use"]
    assert stated(model)["land_use"] == pytest.approx(5.0, rel=1e-15)
    assert {r["statistic"] for r in results.rows() if r["indicator"] == "land_use" and r["value"] is not None and r["unit"] == "m2"} == set(STATISTICS)
    assert np.log(results.values[0, 5]).std() == pytest.approx(np.log(1.2), rel=4 / np.sqrt(2 * 500))


def test_an_indicator_added_as_rows_can_be_asked_for_and_limited(own_library):
    """Its id stands under `indicators:`, `limits:` and in factors of a scenario like any other."""
    append(own_library / "indicators.csv", "land_use,m2,Land use,Occupation des sols,Land.,Terres.")
    text = (
        with_pages("").replace("[climate_change]", "[land_use]").replace("{flow: diesel, climate_change: 3.2 kgCO2e/L}", "{flow: nettles, land_use: 2 m2/kWh}")
    )
    text = text.replace("process: van, distance: 2 * way", "flows: {nettles: nights}") + "limits: {land_use: 15 m2}\n"
    model = link(load("study.yaml", text=text), Library(own_library))

    assert run(model, 2).of("land_use").point == 20.0
    assert [(limit.indicator.id, limit.value) for limit in model.limits] == [("land_use", 15.0)]


def test_a_device_added_as_rows_computes(own_library, stated):
    """Two rows: 1 kW per card and 12 kgCO2e of manufacture; 876 GPU·h of a life of 8,760 h are a tenth of a card, 1.2 kg, and 876 kWh."""
    append(own_library / "devices.csv", "abacus,power,1000,W/GPU,,a test,,", "abacus,peak_bf16,3,TFLOP/(GPU*s),,a test,,")
    append(own_library / "lca-ml-2026.csv", "abacus,GLO,,climate_change,12,kgCO2e/GPU,,a test,")
    text = """\
lca_ml: 1
title: Beads
functional_unit: 1 model
region: FR
indicators: [climate_change, electricity_use]
parameters: {hours: 876 GPU*h}
stages:
  training:
    {process: compute, device: abacus, device_hours: hours, power_fraction: 1, host_power: 0 W/GPU, pue: 1, wue: 0 L/kWh, lifetime: 1 year, utilisation: 1}
"""
    model = link(load("study.yaml", text=text), Library(own_library))

    assert stated(model, "training.accelerators")["climate_change"] == pytest.approx(1.2, rel=1e-14)
    assert stated(model, "training.electricity")["electricity_use"] == pytest.approx(876, rel=1e-14)


def test_a_factor_in_a_csv_of_ones_own_is_used(study, stated):
    """Diesel of the own file, 2.5 kgCO2e/L: 100 km × 0.08 L/km × 2.5 = 20 kg."""
    file = "# title: Pump\n# url: https://example.org/\n# licence: CC0-1.0\n# version: 1\n# retrieved: 2026-01-31\n"
    file += "flow,region,year,indicator,value,unit,uncertainty,locator,note\ndiesel,GLO,,climate_change,2.5,kgCO2e/L,,,\n"
    text = (
        with_pages("processes: {van: van.yaml}")
        .replace("{values: [{flow: diesel, climate_change: 3.2 kgCO2e/L}]}", "{files: [pump.csv]}")
        .replace("region: FR", "region: GLO")
    )
    model = link(load(study(text, **{"van.yaml": PAGE, "pump.csv": file})))

    assert stated(model)["climate_change"] == pytest.approx(20.0, rel=1e-14)
    assert [p["id"] for p in model.provenance] == ["pump"]


@pytest.mark.parametrize(
    ("wrong", "code", "names"),
    [
        (PAGE.replace("distance: {unit: km, about", "distance: {about"), "page-parameter", "distance"),
        (PAGE.replace("unit: km", "unit: kmm"), "unit", "kmm"),
        (PAGE.replace("title: Driving", "titel: Driving"), "unknown-key", "titel"),
        (PAGE.replace("distance * per_km", "distance * per_klm"), "undefined", "per_klm"),
        (PAGE.replace("distance * per_km", "distance + per_km"), "dimension", "km"),
        (PAGE.replace("diesel: burnt", "diesel: {amount: burnt, phase: usage}"), "phase", "usage"),
        (PAGE.replace("  distance:", "  region: {unit: km, about: x}\n  distance:"), "name-reserved", "region"),
    ],
)
def test_a_wrong_page_is_refused_at_its_place_in_its_file(study, wrong, code, names):
    """A parameter without a unit, a unit, a key, a name, a dimension, a phase, a name every activity has: in van.yaml."""
    with pytest.raises(InputError) as caught:
        link(load(study(with_pages("processes: {van: van.yaml}"), **{"van.yaml": wrong})))
    found = [f for f in caught.value.findings if f.code == code]

    assert found and found[0].place.file.endswith("van.yaml") and found[0].place.line
    assert names in found[0].message
