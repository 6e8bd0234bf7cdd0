"""The factor library: every row reads and is plausible, and the look-up takes the nearest figure and says what it took."""

from __future__ import annotations

import hashlib
import math
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lca_ml.data import folder
from lca_ml.engine import point, run
from lca_ml.errors import Findings, InputError
from lca_ml.factors import WORLD, Library, check, read_row
from lca_ml.model import link
from lca_ml.scenario import load
from lca_ml.units import quantity, unit

FOLDER = folder("factors")
HEADER = "# title: Our supplier\n# url: https://example.org/\n# licence: CC0-1.0\n# version: 1\n# retrieved: 2026-01-31\n"
COLUMNS = "flow,region,year,indicator,value,unit,uncertainty,locator,note\n"


def rows_of(library, flow=None, indicator=None):
    """The rows of the library, of one flow, of one indicator."""
    flows = [flow] if flow else list(library.rows)
    return [r for f in flows for r in library.rows[f] if indicator in (None, r.indicator)]


def scenario(amount="1 kWh", flow="electricity", region="FR", year="2024", factors="", indicators="climate_change"):
    """A study of one flow."""
    return f"""\
lca_ml: 1
title: One flow
functional_unit: 1 request
{f"region: {region}" if region else ""}
{f"year: {year}" if year else ""}
indicators: [{indicators}]
parameters: {{used: {amount}}}
{f"factors: {factors}" if factors else ""}
stages: {{training: {{flows: {{{flow}: used}}}}}}
"""


def activities(**places):
    """A study of 10 kWh in each of several activities, whose region is given."""
    inner = ", ".join(f"{name}: {{{place}flows: {{electricity: used}}}}" for name, place in places.items())
    return scenario("10 kWh").replace("flows: {electricity: used}", inner)


# --- the data


def test_every_row_of_the_library_reads(library):
    """No unit of the wrong family, no unknown indicator or region, no impossible uncertainty: nothing is found."""
    findings = Findings()
    check(library, findings)

    assert [str(f) for f in findings] == []
    assert sum(len(r) for r in library.rows.values()) >= 700


def test_indicators_have_the_units_of_the_standard(library):
    """Five indicators, each with a title and a line of explanation in both languages."""
    assert {i.id: i.unit.text for i in library.indicators.values()} == {
        "climate_change": "kgCO2e",
        "electricity_use": "kWh",
        "primary_energy": "MJ",
        "resource_depletion": "kgSbe",
        "water_use": "m3",
    }
    assert all(t[lang] for i in library.indicators.values() for t in (i.titles, i.about) for lang in ("en", "fr"))


def test_all_factors_of_a_flow_are_per_the_same_unit(library):
    """A flow is measured one way: kWh of electricity, GPU, TB, whatever the indicator and the publication."""
    for flow, rows in library.rows.items():
        assert {read_row(r, library.indicators)[1].dimension for r in rows} == {library.flow_unit(flow).dimension}, flow


@pytest.mark.parametrize(
    ("indicator", "low", "high"),
    [("climate_change", 0, 1.310), ("primary_energy", 3.6, 20), ("resource_depletion", 1e-9, 1e-6), ("electricity_use", 1, 1), ("water_use", 0, 0.020)],
)
def test_factors_of_electricity_lie_in_their_range(library, indicator, low, high):
    """Per kWh: 0 to 1,310 gCO2e (Turkmenistan is really 1,306), 3.6 to 20 MJ, 1e-9 to 1e-6 kgSbe, 1 kWh, 0 to 20 L."""
    for row in rows_of(library, "electricity", indicator):
        value, per = read_row(row, library.indicators)
        assert low <= value / per.scale * 1000 <= high, (row.region, row.year, row.publication.id)  # per Wh → per kWh


def test_electricity_of_the_extremes_is_what_ember_says(library):
    """Lesotho 20.8 and Turkmenistan 1306.3 gCO2e/kWh; France lies between Norway and Germany."""
    found = {r: library.find("electricity", r, None, "climate_change").row for r in ("TM", "LS", "FR", "DE", "NO", "PL")}
    grams = {region: read_row(row, library.indicators)[0] * 1000 for region, row in found.items()}

    assert grams["TM"] == pytest.approx(1306.3)
    assert grams["LS"] == pytest.approx(20.8333)
    assert grams["LS"] < grams["NO"] < grams["FR"] < grams["DE"] < grams["PL"] < grams["TM"]


def test_at_least_sixty_countries_have_climate_change_of_electricity(library):
    """Countries of their own figure, not by the world's."""
    countries = {r.region for r in rows_of(library, "electricity", "climate_change") if library.regions[r.region].kind == "country"}

    assert len(countries) >= 60
    assert {"FR", "DE", "US", "CN", "IN", "GB", "SE", "NO", "PL", "BR", "JP", "CA"} <= countries


def test_every_publication_says_where_it_comes_from(library):
    """Title, licence, version, an address, and the day it was retrieved."""
    for publication in library.publications.values():
        h = publication.headers
        assert all(h.get(k) for k in ("title", "licence", "version")), publication.id
        assert (h.get("url") or "https://doi.org/" + h["doi"]).startswith("https://"), publication.id
        assert date.fromisoformat(h["retrieved"]).year >= 2024, publication.id


def test_preference_lists_each_file_once_and_no_other(library):
    """The order of preference and the files of the folder are the same publications."""
    assert sorted(library.preference) == sorted(library.publications)
    assert len(set(library.preference)) == len(library.preference)
    assert library.preference[0] == "definitions"


def test_no_publication_gives_a_figure_twice(library):
    """Flow, region, year and indicator together are a key within a publication."""
    keys = [(r.publication.id, r.flow, r.region, r.year, r.indicator) for r in rows_of(library)]

    assert len(keys) == len(set(keys))


def test_regions_are_one_tree_rooted_at_the_world(library):
    """From every region the way up ends at GLO; parents exist; only GLO has none."""
    for code, region in library.regions.items():
        assert [c for c, _steps in library.chain(code)][-1] == WORLD, code
        assert (region.parent in library.regions) != (code == WORLD), code
        assert region.names["en"] and region.names["fr"], code


def test_every_region_a_factor_names_is_in_the_tree(library):
    """No row whose region no look-up could reach."""
    assert {r.region for r in rows_of(library)} <= set(library.regions)


def test_each_step_of_a_look_up_has_its_widening(library):
    """The kinds of region below the world, a site and a year each widen by a stated gsd of at least 1."""
    assert {r.kind for r in library.regions.values()} - {"world"} | {"site", "year"} == set(library.widening)
    assert all(1 <= gsd <= 3 for gsd in library.widening.values())


def test_flows_have_titles_and_titles_have_flows(library):
    """`flows.csv` names in both languages exactly the flows that have factors."""
    assert set(library.titles) == set(library.rows)
    assert all(t["en"] and t["fr"] for t in library.titles.values())


ACCELERATORS = {
    "nvidia-h100-sxm": 700,
    "nvidia-a100-sxm4-80gb": 400,
    "nvidia-a100-sxm4-40gb": 400,
    "nvidia-v100-sxm2-32gb": 300,
    "nvidia-t4": 70,
    "nvidia-l4": 72,
    "nvidia-a10": 150,
    "nvidia-h200-sxm": 700,
    "nvidia-b200": 1000,
    "google-tpu-v4": None,
}
"""The ten most used, with the maximum board power of the data sheet in W where the maker gives one."""


@pytest.mark.parametrize("device", ACCELERATORS)
def test_the_most_used_accelerators_have_power_and_peak(library, device):
    """Board power as in the data sheet, and the peak throughput of at least one precision, both with a source."""
    found = library.devices[device]
    power, source = found["power"]

    assert power.value.value.endswith(" W/GPU")
    assert ACCELERATORS[device] in (None, float(power.value.value.split()[0]))
    assert source and any(p.startswith("peak_") for p in found)


@pytest.mark.parametrize("device", [d for d in ACCELERATORS if d != "google-tpu-v4"])
def test_the_most_used_accelerators_have_a_manufacture(library, device):
    """The catalogue has the manufacture of all of them but the TPU: 20 to 1,500 kgCO2e per card."""
    value, per = read_row(library.find(device, "FR", 2024, "climate_change").row, library.indicators)

    assert per.text == "GPU"
    assert 20 <= value <= 1500


def test_the_manufacture_of_a_tpu_is_unknown_and_not_zero(library, model_of):
    """Nobody has published it: the look-up finds nothing, the result of its hardware is None, and a warning says so."""
    assert library.find("google-tpu-v4", "FR", 2024, "climate_change") is None
    model = model_of("""\
        {lca_ml: 1, title: A TPU, functional_unit: 1 model, region: FR, indicators: [climate_change], parameters: {hours: 100 GPU*h, host: 50 W/GPU},
        stages: {training: {process: compute, device: google-tpu-v4, device_hours: hours, host_power: host}}}""")
    flow = next(f for f in model.flows if f.flow == "google-tpu-v4")

    assert flow.factors == (None,)
    assert any(w.code == "factor-missing" and "google tpu v4" in w.message.lower().replace("-", " ") for w in model.warnings)


def test_device_properties_read_and_are_positive(library):
    """Every property of every device is a quantity above zero; powers are per accelerator, peaks operations per time."""
    wanted = {"memory": "GB/GPU", "released": ""}
    for device, properties in library.devices.items():
        for name, (stated, source) in properties.items():
            found = quantity(stated.value)
            assert found.base >= 0 and source, (device, name)
            if name.startswith("peak_"):
                assert found.unit.same(unit("TFLOP/(GPU*s)")), (device, name)
            if name in wanted:
                assert found.unit.same(unit(wanted[name])), (device, name)


# --- the look-up


def test_a_country_of_its_own_is_taken_without_a_step(library):
    """France in a year the publication has: no step, no widening."""
    found = library.find("electricity", "FR", 2024, "climate_change")

    assert (found.row.region, found.row.year, found.steps, found.years_off) == ("FR", 2024, (), 0)
    assert library.widened(found) == 1.0


def test_a_cloud_region_is_on_the_grid_of_its_country(library):
    """aws:eu-west-3 is Paris: the figure of France, and nothing widened."""
    found = library.find("electricity", "aws:eu-west-3", 2024, "climate_change")

    assert (found.row.region, found.steps) == ("FR", ("cloud",))
    assert library.widened(found) == 1.0


def test_a_sub_region_falls_back_to_its_country_with_a_warning_and_a_wider_spread(library, model_of):
    """US-CAMX has no life-cycle figure: that of the US, gsd × 1.5, told in a warning; the stated figure stays."""
    assert library.find("electricity", "US-CAMX", 2024, "climate_change").steps == ("subregion",)
    here, country = model_of(scenario(region="US-CAMX")), model_of(scenario(region="US"))
    (warning,) = [w for w in here.warnings if w.code == "fallback"]

    assert "US-CAMX" in warning.message and "1.5" in warning.message
    assert point(here).impacts.tobytes() == point(country).impacts.tobytes()
    spread = [np.log(run(m, 20_000).values[0, 0]).std() for m in (here, country)]
    assert spread[1] == pytest.approx(math.log(1.1), rel=0.03)  # the publication's own
    assert spread[0] == pytest.approx(math.hypot(math.log(1.1), math.log(1.5)), rel=0.03)


def test_the_year_asked_is_taken_else_the_nearest_earlier_else_the_nearest(study):
    """Figures of 2019, 2021 and 2024: 2021 is itself, 2023 is 2021, 2030 is 2024, 2010 is 2019; without a year the latest."""
    file = HEADER + COLUMNS + "".join(f"steam,FR,{y},climate_change,{g},gCO2e/kWh,,,\n" for y, g in ((2019, 10), (2021, 20), (2024, 40)))
    for year, grams, distance in ((2021, 20, 0), (2023, 20, 2), (2030, 40, 6), (2010, 10, 9), ("", 40, 0)):
        model = link(load(study(scenario(flow="steam", year=year, factors="{files: [ours.csv]}"), **{"ours.csv": file})))

        assert point(model).impacts[0, 0, 0] == pytest.approx(grams / 1000, rel=1e-15)
        assert [w.code for w in model.warnings if w.code == "fallback"] == ["fallback"] * (distance > 0)
        spread = [n.distribution.quantile(np.array([0.8413447460685429]))[0] for n in model.nodes if n.name.endswith(".fallback")]
        assert spread == [pytest.approx(1.02**distance, rel=1e-9)] * (distance > 0)


@pytest.mark.parametrize("flow", ["electricity_market", "electricity_direct"])
def test_a_look_up_never_crosses_from_one_flow_to_another(library, model_of, flow):
    """Market-based and stack emissions of France are not here: unknown, with a warning, and never the location-based figure in their place."""
    assert library.find(flow, "FR", 2024, "climate_change") is None
    model = model_of(scenario(flow=flow))

    assert model.flows[0].factors == (None,)
    assert run(model, 2).of("climate_change").point is None
    assert [w.code for w in model.warnings if w.code == "factor-missing"] == ["factor-missing"]


def test_a_flow_the_library_does_not_know_is_refused_with_the_nearest(refused):
    """`electricity_markt` is no flow: refused at once, and not looked up elsewhere."""
    (error,) = refused(scenario(flow="electricity_markt"))

    assert error.code == "factor"
    assert "electricity_market" in error.hint


def test_the_preferred_publication_wins_and_the_others_are_alternatives(library):
    """Of the publications of an A100's manufacture the first of the list is taken."""
    found = library.find("nvidia-a100-sxm4-40gb", "FR", 2024, "climate_change")
    offered = {r.publication.id for r in rows_of(library, "nvidia-a100-sxm4-40gb", "climate_change")}

    assert found.row.publication.id == min(offered, key=library.preference.index) == "falk-2025"
    assert {r.publication.id for r in found.alternatives} == offered - {"falk-2025"}


def test_a_scenario_may_prefer_another_publication(library, model_of, stated):
    """The SSD of Tannu and Nair is 160 kgCO2e/TB, that of the defaults 31.7: the one preferred is taken."""
    text = scenario("2 TB", "ssd")

    assert stated(model_of(text))["climate_change"] == pytest.approx(2 * 31.7, rel=1e-14)
    preferring = model_of(scenario("2 TB", "ssd", factors="{prefer: [tannu-nair-2022]}"))
    assert stated(preferring)["climate_change"] == pytest.approx(2 * 160, rel=1e-14)
    assert [p["id"] for p in preferring.provenance] == ["tannu-nair-2022"]


def test_own_figures_come_before_own_files_and_those_before_the_library(study, stated, library):
    """France: 56 g of the library at most, 30 g of the file, 20 g of the scenario."""
    file = {"ours.csv": HEADER + COLUMNS + "electricity,FR,2024,climate_change,30,gCO2e/kWh,,,\n"}
    choices = ("", "{files: [ours.csv]}", "{files: [ours.csv], values: [{flow: electricity, region: FR, climate_change: 20 gCO2e/kWh}]}")
    grams = [stated(link(load(study(scenario(factors=factors), **file))))["climate_change"] * 1000 for factors in choices]

    library_says = read_row(library.find("electricity", "FR", 2024, "climate_change").row, library.indicators)[0] * 1000
    assert grams == [pytest.approx(library_says), pytest.approx(30), pytest.approx(20)]
    assert library_says not in (20, 30)


def test_a_place_of_ones_own_is_a_region(model_of, stated):
    """jean-zay with a climate figure of 57 g, its water that of its parent France, widened by the step of a site."""
    factors = "{regions: {jean-zay: FR}, values: [{flow: electricity, region: jean-zay, climate_change: 57 gCO2e/kWh}]}"
    model = model_of(scenario(region="jean-zay", year="2020", factors=factors, indicators="climate_change, water_use"))
    france = stated(model_of(scenario(year="2020", indicators="water_use")))

    assert stated(model) == {"climate_change": pytest.approx(0.057, rel=1e-15), "water_use": france["water_use"]}
    (warning,) = [w for w in model.warnings if w.code == "fallback"]
    assert "jean-zay" in warning.message and "1.1" in warning.message


def test_substitute_computes_the_same_study_with_another_flow(model_of, stated):
    """Market-based in a variant: 10 kWh at 12 g instead of 300 g, and electricity itself is left alone elsewhere."""
    values = "values: [{flow: electricity, region: FR, climate_change: 300 gCO2e/kWh}, {flow: electricity_market, region: FR, climate_change: 12 gCO2e/kWh}]"
    plain, market = (model_of(scenario("10 kWh", factors=f"{{{values}{more}}}")) for more in ("", ", substitute: {electricity: electricity_market}"))

    assert stated(plain)["climate_change"] == pytest.approx(3.0, rel=1e-15)
    assert stated(market)["climate_change"] == pytest.approx(0.12, rel=1e-15)


def test_one_figure_is_drawn_once_wherever_it_is_used(model_of):
    """Two stages on the grid of France share the draw in every sample; Germany's is another."""
    text = activities(a="", b="", c="region: DE, ")
    one, two, other = run(model_of(text), 1000).values[:, 0]

    assert one.tobytes() == two.tobytes()
    assert abs(np.corrcoef(one, other)[0, 1]) <= 4 / math.sqrt(1000)


def test_two_places_on_the_same_grid_share_its_figure_but_not_their_distance(model_of):
    """Two US sub-regions take the figure of the US, each with a distance of its own: correlated, not equal."""
    text = activities(a="region: US-CAMX, ", b="region: US-ERCT, ")
    one, two = np.log(run(model_of(text), 20_000).values[:, 0])
    expected = math.log(1.1) ** 2 / (math.log(1.1) ** 2 + math.log(1.5) ** 2)

    assert np.corrcoef(one, two)[0, 1] == pytest.approx(expected, abs=4 / math.sqrt(20_000))


# --- provenance and files of one's own


def test_the_provenance_holds_the_sha256_of_each_file_used(model_of):
    """Electricity of France in climate change alone comes from one file, named with the digest of its bytes."""
    (used,) = model_of(scenario()).provenance

    assert used["id"] == "ember-2025"
    assert used["sha256"] == hashlib.sha256((FOLDER / "ember-2025.csv").read_bytes()).hexdigest()
    assert used["licence"] == "CC-BY-4.0"


def test_a_changed_byte_changes_the_digest_in_the_provenance(tmp_path):
    """A blank more in a note of the library's file: another SHA-256, the same figure."""
    shutil.copytree(FOLDER, tmp_path / "factors")
    file = tmp_path / "factors" / "ember-2025.csv"
    file.write_bytes(file.read_bytes().replace(b"# note: ", b"# note:  ", 1))
    one, two = (link(load("study.yaml", text=scenario()), Library(root)) for root in (FOLDER, tmp_path / "factors"))

    assert one.provenance[0]["sha256"] != two.provenance[0]["sha256"]
    assert one.provenance[0] | {"sha256": ""} == two.provenance[0] | {"sha256": ""}
    assert point(one).impacts.tobytes() == point(two).impacts.tobytes()


def test_a_file_of_ones_own_is_used_and_named(study, stated):
    """3 kg of paint at 4 kgCO2e/kg ± 10 %, 2 L of water per kg: 12 kg, 6 L; the file is in the provenance."""
    file = HEADER + COLUMNS + 'paint,GLO,,climate_change,4,kgCO2e/kg,"uniform(-10 %, +10 %)",p. 3,\npaint,GLO,,water_use,2,L/kg,,,\n'
    path = study(scenario("3 kg", "paint", factors="{files: [ours.csv]}", region="GLO", indicators="climate_change, water_use"), **{"ours.csv": file})
    model = link(load(path))

    assert stated(model) == {"climate_change": 12.0, "water_use": pytest.approx(0.006, rel=1e-15)}
    samples = run(model, 2000).values[0, 0]
    assert (round(samples.min(), 1), round(samples.max(), 1)) == (10.8, 13.2)
    (used,) = model.provenance
    assert (used["id"], used["title"], used["sha256"]) == ("ours", "Our supplier", hashlib.sha256(file.encode()).hexdigest())


WRONG_FILES = {
    "duplicate row": ("paint,GLO,,climate_change,4,kgCO2e/kg,,,\npaint,GLO,,climate_change,5,kgCO2e/kg,,,\n", "factor-twice", 8),
    "missing unit": ("paint,GLO,,climate_change,4,,,,\n", "factor-unit", 7),
    "wrong numerator": ("paint,GLO,,climate_change,4,kg/kg,,,\n", "factor-unit", 7),
    "unknown unit": ("paint,GLO,,climate_change,4,kgCO2e/kgg,,,\n", "unit", 7),
    "surplus field": ("paint,GLO,,climate_change,4,kgCO2e/kg,,,,surplus\n", "csv-fields", 7),
    "missing field": ("paint,GLO,,climate_change,4,kgCO2e/kg,,\n", "csv-fields", 7),
    "decimal comma": ('paint,GLO,,climate_change,"4,5",kgCO2e/kg,,,\n', "number", 7),
    "no number": ("paint,GLO,,climate_change,high,kgCO2e/kg,,,\n", "number", 7),
    "unknown indicator": ("paint,GLO,,climat_change,4,kgCO2e/kg,,,\n", "indicator", 7),
    "no year": ("paint,GLO,24,climate_change,4,kgCO2e/kg,,,\n", "factor-year", 7),
    "impossible uncertainty": ("paint,GLO,,climate_change,4,kgCO2e/kg,lognormal(gsd=0.5),,\n", "distribution", 7),
}


@pytest.mark.parametrize("what", WRONG_FILES)
def test_a_wrong_row_of_a_file_of_ones_own_is_refused_with_its_line(study, what):
    """Five headers and the columns above: the first row is line 7 of ours.csv."""
    rows, code, line = WRONG_FILES[what]
    path = study(scenario("3 kg", "paint", factors="{files: [ours.csv]}"), **{"ours.csv": HEADER + COLUMNS + rows})
    with pytest.raises(InputError) as caught:
        link(load(path))
    found = [(f.code, Path(f.place.file).name, f.place.line) for f in caught.value.findings]

    assert (code, "ours.csv", line) in found


def test_a_factor_in_the_dimension_of_another_flow_is_refused(study):
    """Steel per kWh among electricity: the file says kgCO2e/kg where the flow is in kWh."""
    file = HEADER + COLUMNS + "electricity,FR,2024,climate_change,4,kgCO2e/kg,,,\n"
    with pytest.raises(InputError) as caught:
        link(load(study(scenario(factors="{files: [ours.csv]}"), **{"ours.csv": file})))

    assert "factor-unit" in [f.code for f in caught.value.findings]


@pytest.mark.parametrize("header", ["title", "licence", "version", "retrieved", "url"])
def test_a_file_without_its_source_is_not_loaded(study, header):
    """No source, no load: each of the five headers is missed by its name."""
    lines = "".join(line + "\n" for line in HEADER.splitlines() if not line.startswith(f"# {header}:"))
    path = study(scenario("3 kg", "paint", factors="{files: [ours.csv]}"), **{"ours.csv": lines + COLUMNS + "paint,GLO,,climate_change,4,kgCO2e/kg,,,\n"})
    with pytest.raises(InputError) as caught:
        link(load(path))

    assert ("factor-source", True) in [(f.code, header in f.message) for f in caught.value.findings]


@pytest.mark.parametrize("name", ["../ours.csv", "/etc/passwd", "https://example.org/ours.csv", "nowhere.csv"])
def test_a_file_outside_the_folder_is_refused(study, name):
    """Only files inside the scenario's folder, and nothing from a network."""
    with pytest.raises(InputError) as caught:
        link(load(study(scenario(factors=f"{{files: ['{name}']}}"))))

    assert any(f.code.startswith(("path-", "file-")) and name in f.message for f in caught.value.findings)


@pytest.mark.parametrize(
    ("factors", "code"),
    [
        ("{prefer: [ember-2024]}", "publication"),
        ("{values: [{region: FR, climate_change: 5 gCO2e/kWh}]}", "missing-key"),
        ("{values: [{flow: electricity, region: FR, climate_chang: 5 gCO2e/kWh}]}", "indicator"),
        ("{values: [{flow: electricity, region: FR, climate_change: 5 kg/kWh}]}", "factor-unit"),
        ("{values: [{flow: electricity, region: FR, climate_change: 5 gCO2e/kg}]}", "factor-unit"),
        ("{regions: {here: Narnia}}", "region"),
        ("{substitute: {electricity: electricity_markt}}", "factor"),
    ],
)
def test_wrong_factors_of_a_scenario_are_refused(refused, factors, code):
    """A publication, an indicator, a unit, a parent or a flow that does not fit: each by its own kind of error."""
    assert code in [f.code for f in refused(scenario(factors=factors))]
