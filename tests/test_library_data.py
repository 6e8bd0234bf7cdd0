"""The library as data: a changed byte is seen, a moved figure is named, and changing place or machine changes only what it should."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from lca_ml.catalogue import moved
from lca_ml.data import folder
from lca_ml.engine import run
from lca_ml.factors import Library, load

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "factors" / "derivations" / "lock.py"


def test_every_file_is_the_one_that_was_locked():
    """`factors/lock.csv` holds the SHA-256 of every file; a changed byte fails here."""
    done = subprocess.run([sys.executable, str(LOCK), "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_changed_byte_is_seen(tmp_path):
    """One digit of one factor changed: the lock differs, and so does the hash in a result's provenance."""
    copy = tmp_path / "factors"
    shutil.copytree(ROOT / "factors", copy)
    target = copy / "nvidia-pcf-2025.csv"
    target.write_text(target.read_text().replace(",164,", ",165,"))
    done = subprocess.run([sys.executable, str(copy / "derivations" / "lock.py"), "--check"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "out of date" in done.stderr
    assert Library(copy).publications["nvidia-pcf-2025"].sha256 != load(folder("factors")).publications["nvidia-pcf-2025"].sha256


def test_diff_names_the_figure_that_moved(tmp_path):
    """164 to 205 kgCO2e per H100 is the one row that differs, by +25 %."""
    copy = tmp_path / "factors"
    shutil.copytree(ROOT / "factors", copy)
    target = copy / "nvidia-pcf-2025.csv"
    target.write_text(target.read_text().replace("nvidia-h100-sxm,GLO,,climate_change,164,", "nvidia-h100-sxm,GLO,,climate_change,205,"))
    (row,) = moved(load(folder("factors")), Library(copy))

    assert (row["change"], row["flow"], row["old"], row["new"], row["ratio"]) == ("moved", "nvidia-h100-sxm", "164 kgCO2e/GPU", "205 kgCO2e/GPU", 1.25)


def test_identical_libraries_do_not_differ():
    """The library against itself: nothing."""
    assert moved(load(folder("factors")), load(folder("factors"))) == []


STUDY = """\
lca_ml: 1
title: a training
functional_unit: 1 model
region: REGION
year: 2024
stages:
  training: {process: compute, device: DEVICE, device_hours: 1000 GPU*h}
"""


def _draws(model_of, region, device):
    results = run(model_of(STUDY.replace("REGION", region).replace("DEVICE", device)), 256)
    names = [i.id for i in results.indicators]
    return {
        (f.flow if f.phase == "use" else f.name.rpartition(".")[2], name): results.values[i, k]
        for i, f in enumerate(results.model.flows)
        for k, name in enumerate(names)
    }


def test_studies_that_differ_only_in_region_differ_only_in_electricity(model_of):
    """FR and PL: same manufacture, same water on site, same kilowatt-hours, draw by draw; the impacts of electricity differ."""
    france, poland = _draws(model_of, "FR", "nvidia-h100-sxm"), _draws(model_of, "PL", "nvidia-h100-sxm")
    differing = {key for key in france if (france[key] != poland[key]).any()}

    assert differing == {("electricity", i) for i in ("climate_change", "primary_energy", "resource_depletion", "water_use")}


def test_studies_that_differ_only_in_device_share_all_else(model_of):
    """H100 and A100: the server's manufacture is the same draw by draw; electricity, water on site and the card differ."""
    h100, a100 = _draws(model_of, "FR", "nvidia-h100-sxm"), _draws(model_of, "FR", "nvidia-a100-sxm4-80gb")
    same = {key for key in h100 if (h100[key] == a100[key]).all() and h100[key].any()}

    assert ("servers", "climate_change") in same
    assert ("accelerators", "climate_change") not in same
    assert ("electricity", "climate_change") not in same


PROJECTED = """\
lca_ml: 1
title: a service that lasts
functional_unit: 1 model
region: XX
year: YEARS
factors: {regions: {XX: PL}}
parameters: {energy: 100 MWh}
stages:
  inference: {region: PL, flows: {electricity: energy}}
"""


def test_years_are_spread_evenly_and_follow_the_trend_only_when_asked(model_of):
    """2024..2027 in Poland: a quarter of the energy each, each later year (1 + rate) of the one before; 2027 alone takes the latest figure as it is."""
    path = ROOT / "factors" / "trends" / "ember-2025.csv"
    rate = next(float(line.split(",")[1]) for line in path.read_text().splitlines() if line.startswith("PL,"))
    spread = run(model_of(PROJECTED.replace("YEARS", "2024..2027")), 64)
    k = [i.id for i in spread.indicators].index("climate_change")
    by_year = {f.year: spread.points[i, k] for i, f in enumerate(spread.model.flows)}
    alone = run(model_of(PROJECTED.replace("YEARS", "2027")), 64)

    assert set(by_year) == {"2024", "2025", "2026", "2027"}
    assert by_year["2027"] / by_year["2026"] == (1 + rate) ** 2 / (1 + rate)
    assert alone.points[0, k] == 4 * by_year["2025"]
    assert any(w.code == "trajectory" for w in spread.model.warnings)
    assert not any(w.code == "trajectory" for w in alone.model.warnings)


def test_what_a_result_used_is_in_its_provenance(model_of):
    """Publications by id with version, licence and 64 digits of SHA-256: those used and no others."""
    model = model_of(STUDY.replace("REGION", "FR").replace("DEVICE", "nvidia-h100-sxm"))
    used = {p["id"]: p for p in model.provenance}

    assert {"ember-2025", "definitions", "nvidia-pcf-2025", "lca-ml-2026"} <= set(used)
    assert "seagate-2025" not in used
    assert all(len(p["sha256"]) == 64 and p["version"] and p["licence"] for p in used.values())
    assert json.dumps(model.provenance)
