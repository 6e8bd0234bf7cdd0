"""Factors that are derived: the committed files are what their scripts give, and a few are worked out by hand."""

from __future__ import annotations

import csv
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lca_ml.factors import load

FACTORS = Path(__file__).parent.parent / "factors"
DERIVATIONS = FACTORS / "derivations"


def script(name: str) -> ModuleType:
    """Return a derivation as a module."""
    path = DERIVATIONS / f"{name}.py"
    module = ModuleType(name)
    module.__file__ = str(path)
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), module.__dict__)  # no import: nothing is written beside the data
    return module


def table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file below its `#` lines."""
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.fixture(scope="module")
def primary_energy() -> Any:
    return script("primary_energy")


@pytest.fixture(scope="module")
def accelerators() -> Any:
    return script("parametric_accelerators")


@pytest.mark.parametrize("name", ["primary_energy", "parametric_accelerators"])
def test_a_derived_file_is_what_its_script_gives(name: str):
    """Byte for byte; `python factors/derivations/NAME.py --write` writes it again."""
    made = script(name)

    assert made.file() == made.TARGET.read_text(encoding="utf-8")


# --- primary energy


def test_the_primary_energy_of_the_french_mix_by_hand(primary_energy: Any):
    """TWh of 2023: 335.65 nuclear at 3.6/0.33, 2.16 coal and 9.5 biofuel at 10,689 Btu, 31.43 gas at 7,740, 9.71 oil at 11,166, 125.66 else at 3.6.

    335.65 × 10.9091 + 11.66 × 11.2775 + 31.43 × 8.1661 + 9.71 × 11.7808 + 125.66 × 3.6 = 4616.6 PJ over 514.11 TWh: 8.98 MJ/kWh.
    """
    else_ = 53.19 + 48.61 + 23.26 + 0.6  # hydro, wind, solar, other
    by_hand = (335.65 * 10.9091 + (2.16 + 9.5) * 11.2775 + 31.43 * 8.1661 + 9.71 * 11.7808 + else_ * 3.6) / 514.11
    row = next(r for r in table(FACTORS / "primary-energy-2026.csv") if r["region"] == "FR")

    assert else_ == pytest.approx(125.66)
    assert by_hand == pytest.approx(8.98, abs=0.005)
    assert float(row["value"]) == pytest.approx(by_hand, abs=0.001)


def test_a_kilowatt_hour_from_each_source(primary_energy: Any):
    """A Btu is 1055.056 J: coal 10,689 Btu are 11.277 MJ; nuclear 3.6/0.33 is 10.909; what is not burnt 3.6."""
    factors = primary_energy.conversion()

    assert factors["coal"] == pytest.approx(11.277, abs=0.001)
    assert factors["gas"] == pytest.approx(8.166, abs=0.001)
    assert factors["nuclear"] == pytest.approx(10.909, abs=0.001)
    assert [factors[s] for s in ("hydro", "wind", "solar", "other_renewable")] == pytest.approx([3.6] * 4)


def test_no_primary_energy_lies_outside_what_plants_can_do(primary_energy: Any):
    """Between the electricity itself, 3.6 MJ, and an oil plant, 11.8 MJ."""
    values = {r["region"]: float(r["value"]) for r in table(FACTORS / "primary-energy-2026.csv")}

    assert len(values) == 200
    assert min(values.values()) == pytest.approx(3.6)
    assert max(values.values()) < 11.8


def test_the_mixes_agree_with_their_published_carbon_intensity(primary_energy: Any):
    """Technology medians (IPCC) over the mix, within a factor of 1.4 of Ember's intensity of the same year, for the 37 countries above 100 TWh.

    The medians are of new plants, so that old gas and coal plants lie above them (Iran 0.74, Emirates 0.73), nuclear countries below (France 1.18).
    """
    medians = {r["generation"]: float(r["value"]) for r in table(DERIVATIONS / "technology-medians.csv")}
    mixes = primary_energy.generation()
    ratios = {
        r["region"]: primary_energy.of_mix(mixes[r["region"]], medians) / float(r["carbon_intensity"])
        for r in table(DERIVATIONS / "generation-by-source.csv")
        if sum(mixes[r["region"]].values()) > 100
    }

    assert len(ratios) == 37
    assert {region: ratio for region, ratio in ratios.items() if not 1 / 1.4 < ratio < 1.4} == {}
    assert ratios["FR"] == pytest.approx(1.18, abs=0.01)


# --- accelerators


def test_the_coefficients_are_those_of_the_hgx_h100(accelerators: Any):
    """Eight cards of 8.14 cm², 80 GB, 700 W: 332 kg / 65.12 cm² = 5.1; 546 / 640 GB = 0.853; 230 / 5600 W = 0.0411; 83.8 / 8 = 10.5; 1312 / 1191.8 = 1.10."""
    parts = {r["component"]: float(r["kgCO2e"]) for r in table(DERIVATIONS / "hgx-h100-components.csv")}
    rest = sum(parts[name] for name in ("electromechanical", "common", "circuit boards", "interconnect", "mechanical"))

    assert parts["integrated circuits"] / (8 * 8.14) == pytest.approx(accelerators.DIE, abs=0.005)
    assert parts["memory"] / 640 == pytest.approx(accelerators.MEMORY["HBM"], abs=0.0005)
    assert parts["cooling"] / (8 * 700) == pytest.approx(accelerators.COOLING, abs=0.00005)
    assert rest / 8 == pytest.approx(accelerators.REST, abs=0.05)
    assert 1312 / sum(parts.values()) == pytest.approx(accelerators.ASSEMBLY, abs=0.005)


def test_one_card_by_hand():
    """NVIDIA T4: 5.45 cm², 16 GB of GDDR, 70 W: 1.10 × (5.1 × 5.45 + 0.6 × 16 + 0.0411 × 70 + 10.5) = 1.10 × 50.772 = 55.849 kg."""
    row = next(r for r in table(FACTORS / "parametric-accelerators-2026.csv") if r["flow"] == "nvidia-t4")

    assert float(row["value"]) == pytest.approx(55.849, abs=0.001)


def test_the_h100_the_estimate_was_fitted_to_comes_out(accelerators: Any):
    """164 kg, an eighth of the baseboard."""
    card = {"device": "nvidia-h100-sxm", "released": "2022", "chips": "1", "die_area_mm2": "814", "memory_gb": "80", "memory_type": "HBM", "power_w": "700"}

    assert accelerators.estimate(card) == pytest.approx(164, rel=0.005)


def test_a_card_with_two_chips_counts_both():
    """The second die of a Tesla K80 is 1.10 × 5.1 × 5.61 = 31.47 kg."""
    row = next(r for r in table(FACTORS / "parametric-accelerators-2026.csv") if r["flow"] == "nvidia-k80")

    assert float(row["value"]) - 1.10 * (5.1 * 5.61 + 0.6 * 24 + 0.0411 * 300 + 10.5) == pytest.approx(31.47, abs=0.01)


def test_the_estimate_against_dismantled_cards(accelerators: Any):
    """The root mean square log error is 0.15 over six assessments of five cards, as the file says; each lies within a factor of 1.3."""
    ratios = [accelerators.estimate(card) / float(card["kgCO2e"]) for card in table(DERIVATIONS / "dismantled.csv")]

    assert accelerators.log_error() == pytest.approx(0.15, abs=0.005)
    assert "root mean square log error 0.15" in accelerators.HEADER
    assert len(ratios) == 6 and all(1 / 1.3 < r < 1.3 for r in ratios)


def test_dismantled_cards_are_quoted_as_the_library_has_them():
    """Each figure stands in the file of its publication."""
    for card in table(DERIVATIONS / "dismantled.csv"):
        rows = table(FACTORS / f"{card['source']}.csv")
        assert [float(r["value"]) for r in rows if (r["flow"], r["indicator"]) == (card["device"], "climate_change")] == [float(card["kgCO2e"])]


# --- the catalogue of devices, and what lies beside the factors


def test_a_cloud_region_is_a_data_centre():
    """Every entry `provider:region` is a region of the tree and has a PUE between 1 and 1.5 and a WUE."""
    library = load(FACTORS)
    clouds = {name: p for name, p in library.devices.items() if ":" in name}

    assert len(clouds) == 58
    for name, properties in clouds.items():
        assert name in library.regions
        assert 1 < float(properties["pue"][0].value.value) < 1.5
        assert set(properties) == {"pue", "wue"}


def test_processors_have_power_and_thirty_have_their_cores():
    """Every processor of the catalogue has a power per socket; thirty of the thirty-six also have their cores."""
    library = load(FACTORS)
    processors = {n: p for n, p in library.devices.items() if "power" in p and p["power"][0].value.value.endswith("W/CPU")}

    assert len(processors) == 36
    assert sum("cores" in p for p in processors.values()) == 30


@pytest.mark.parametrize("path", sorted([*FACTORS.glob("equivalents/*.csv"), *FACTORS.glob("normalisation/*.csv")]), ids=lambda p: p.stem)
def test_equivalents_and_norms_have_their_columns_and_sources(path: Path):
    """A row names its source, where it stands there and its licence, and is the only one of its id."""
    rows = table(path)

    assert list(rows[0]) == ["id", "value", "unit", "low", "high", "source", "locator", "licence", "note"]
    assert all(r["source"] and r["locator"] and r["licence"] and r["unit"] and float(r["value"]) > 0 for r in rows)
    assert len({r["id"] for r in rows}) == len(rows)
    assert all(float(r["low"]) <= float(r["value"]) <= float(r["high"]) for r in rows if r["low"])


def test_trends_of_electricity():
    """214 regions, each known, the rate inside its interval; the world's intensity falls by 1.3 % a year."""
    rows = table(FACTORS / "trends" / "ember-2025.csv")
    regions = load(FACTORS).regions

    assert len(rows) == 214
    assert all(r["region"] in regions and float(r["low"]) <= float(r["rate"]) <= float(r["high"]) for r in rows)
    assert float(rows[0]["rate"]) == pytest.approx(-0.0132, abs=0.0001)
