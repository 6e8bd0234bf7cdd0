"""What the tests of the calculation share: a small study, random studies, and the way from a text to a model."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lca_ml.cli.language import choose
from lca_ml.data import folder
from lca_ml.engine import point
from lca_ml.errors import Finding, InputError
from lca_ml.factors import Library
from lca_ml.factors import load as load_factors
from lca_ml.model import Model, link
from lca_ml.scenario import load
from lca_ml.words import speaking

for _name in ("SIGINT", "SIGHUP"):  # ignored in jobs of a script and under nohup, and passed on to programs: the tests of signals send them
    if signal.getsignal(_number := getattr(signal, _name)) == signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)

settings.register_profile("lca-ml", deadline=None, max_examples=25, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lca-ml")

BASE = """\
lca_ml: 1
title: A small study
functional_unit: 1000 request
delivers: traffic * service_life
region: here
year: 2024
indicators: [climate_change, electricity_use, water_use]
sources: {meter: {title: Meter readings}}
parameters:
  traffic: {value: 2e6 request/year, source: meter}
  service_life: {value: 'triangular(2, 3, 5) year', source: meter}
  energy: {value: 'normal(500, 50) kWh', source: meter}
  per_request: {value: 0.2 to 0.6 Wh/request, source: meter}
  pue: {value: 'uniform(1.1, 1.4)', source: meter}
  success: {value: 80 %, kind: assumed}
  crates: {value: 20 kg, kind: assumed}
factors:
  values:
    - {flow: electricity, region: here, climate_change: 50 gCO2e/kWh, water_use: 2 L/kWh, source: meter}
    - {flow: wood, climate_change: {value: 1.5 kgCO2e/kg, uncertainty: lognormal(gsd=1.3)}, source: meter}
stages:
  storage:
    flows: {wood: {amount: crates, phase: embodied}}
  training:
    runs: {process: metered, energy_it: energy, pue: pue, wue: 0.5 L/kWh, times: 1 / success}
    tests: {flows: {electricity: energy * 0.1}, tags: {team: search}}
  inference:
    flows: {electricity: traffic * service_life * per_request * pue}
"""
"""By hand, stated values: service_life 3, energy 500, pue 1.25, per_request sqrt(0.2 × 0.6) = 0.3464."""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test begins in English, whichever language the one before it spoke; click's own messages too."""
    with speaking("en"):
        choose("en")
        yield


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The machine's own Chromium, driven by Playwright; skipped where either is not there.

    Its fonts are those matplotlib brings: without any, Chromium 156 ends on a page with text.
    """
    from matplotlib import get_data_path  # only where a browser is wanted: most tests need no matplotlib

    playwright = pytest.importorskip("playwright.sync_api")
    chromium = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    fonts = tmp_path_factory.mktemp("fonts")
    ours = f"<fontconfig><dir>{get_data_path()}/fonts/ttf</dir><cachedir>{fonts}/cache</cachedir></fontconfig>"
    (fonts / "fonts.conf").write_text(ours, encoding="utf-8")
    switches = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"]
    with playwright.sync_playwright() as engine:
        found = engine.chromium.launch(
            executable_path=chromium,
            args=[f"--{switch}" for switch in switches],
            env=os.environ | {"FONTCONFIG_FILE": str(fonts / "fonts.conf")},
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def base() -> str:
    return BASE


@pytest.fixture(scope="session")
def library() -> Library:
    return load_factors(folder("factors"))


@pytest.fixture(scope="session")
def model_of() -> Callable[..., Model]:
    """Return a function from the text of a scenario (or its mapping) to its model."""

    def model(text: str | dict[str, Any], **more: Any) -> Model:
        return link(load("study.yaml", text=text if isinstance(text, str) else written(text), **more))

    return model


@pytest.fixture(scope="session")
def refused(model_of: Callable[..., Model]) -> Callable[..., tuple[Finding, ...]]:
    """Return a function from the text of a scenario to the errors it is refused with."""

    def errors(text: str | dict[str, Any], **more: Any) -> tuple[Finding, ...]:
        with pytest.raises(InputError) as caught:
            model_of(text, **more)
        return caught.value.findings

    return errors


@pytest.fixture(scope="session")
def stated() -> Callable[..., dict[str, float]]:
    """Return a function from a model to the stated total of each indicator, over the whole life cycle or of the flows whose name begins so."""

    def totals(model: Model, of: str = "") -> dict[str, float]:
        impacts = point(model).impacts
        chosen = [i for i, f in enumerate(model.flows) if f.name.startswith(of)]
        return {indicator.id: float(impacts[chosen, k, 0].sum()) for k, indicator in enumerate(model.indicators)}

    return totals


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes a scenario, and files beside it by name, and returns the scenario's path."""

    def write(text: str | dict[str, Any], **files: str) -> str:
        for name, content in files.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        (tmp_path / "study.yaml").write_text(text if isinstance(text, str) else written(text), encoding="utf-8")
        return str(tmp_path / "study.yaml")

    return write


def written(document: dict[str, Any]) -> str:
    """Return a mapping as YAML in block style, keys in their order."""
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=10_000)


ENERGY = ("energy", "energy * pue", "power * duration", "energy + power * duration / 2", "pue * (energy + power * duration)")
MASS = ("mass", "2 * mass", "mass * pue")
VALUES = {
    "energy": ("500 kWh", "normal(500, 50) kWh", "400 to 600 kWh", "uniform(300, 600) kWh", "0.5 MWh"),
    "power": ("350 W", "triangular(300, 350, 500) W", "0.4 kW", "lognormal(400, 1.2) W"),
    "duration": ("90 day", "pert(80, 90, 130) day", "2000 h", "loguniform(1000, 3000) h"),
    "pue": ("1.2", "uniform(1.1, 1.4)", "triangular(1.05, 1.2, 1.6)", "120 %"),
    "mass": ("20 kg", "10 to 30 kg", "0.02 t", "normal(20, 2, min=0) kg"),
}
FACTORS = (
    {"flow": "electricity", "region": "FR", "climate_change": "56 gCO2e/kWh", "water_use": "2.1 L/kWh"},
    {"flow": "electricity", "region": "here", "climate_change": "lognormal(300, 1.2) gCO2e/kWh", "water_use": "1.3 L/kWh"},
    {"flow": "wood", "climate_change": {"value": "1.5 kgCO2e/kg", "uncertainty": "uniform(-20 %, +20 %)"}},
    {"flow": "steel", "climate_change": "2.2 kgCO2e/kg", "resource_depletion": "1e-6 kgSbe/kg"},
)
STAGES = ("storage", "training", "inference", "end_of_life")
PAGE = {
    "title": "Heating a shed",
    "about": "A page of the scenario's own.",
    "parameters": {"heat": {"unit": "kWh", "about": "Heat wanted."}, "loss": {"unit": "1", "about": "Lost.", "default": "0.1", "source": "a guess"}},
    "formulas": {"bought": "heat * (1 + loss)"},
    "flows": {"electricity": "bought", "steel": {"amount": "mass_per_heat * heat", "stage": "hardware", "phase": "embodied"}},
}
PAGE["parameters"]["mass_per_heat"] = {"unit": "kg/kWh", "about": "Stove.", "default": "0.01 kg/kWh", "source": "a guess"}


@st.composite
def activities(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an activity: flows of its own, or the page of the scenario."""
    out: dict[str, Any] = {}
    if draw(st.booleans()):
        out["flows"] = {"electricity": draw(st.sampled_from(ENERGY))}
        for good in draw(st.lists(st.sampled_from(("wood", "steel")), unique=True)):
            out["flows"][good] = {"amount": draw(st.sampled_from(MASS)), "phase": draw(st.sampled_from(("use", "embodied", "end_of_life")))}
    else:
        out |= {"process": "shed", "heat": draw(st.sampled_from(ENERGY))}
    common = {"region": st.sampled_from(("FR", "here")), "times": st.sampled_from(("3", "1 / pue")), "share": st.sampled_from(("25 %", "0.5"))}
    common |= {"tags": st.fixed_dictionaries({"team": st.sampled_from(("search", "vision"))})}
    for key in draw(st.lists(st.sampled_from(tuple(common)), unique=True)):
        out[key] = draw(common[key])
    return out


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a study: one to four stages of one to three activities, some values uncertain, factors of its own."""
    stages: dict[str, Any] = {}
    for stage in draw(st.lists(st.sampled_from(STAGES), min_size=1, max_size=4, unique=True)):
        names = draw(st.lists(st.sampled_from(("one", "two", "three")), min_size=0, max_size=3, unique=True))
        stages[stage] = {name: draw(activities()) for name in names} if names else draw(activities())
    return {
        "lca_ml": "1",
        "title": "A random study",
        "functional_unit": "10 kWh",
        "delivers": draw(st.sampled_from(("energy", "energy * 3"))),
        "region": "FR",
        "indicators": ["climate_change", "electricity_use", "water_use", "resource_depletion"],
        "parameters": {name: {"value": draw(st.sampled_from(texts)), "kind": "assumed"} for name, texts in VALUES.items()},
        "processes": {"shed": PAGE},
        "factors": {"values": [dict(f) for f in FACTORS]},
        "stages": stages,
    }
