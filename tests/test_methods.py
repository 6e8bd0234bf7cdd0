"""The paragraph on methods: every statement in it is true of the model it speaks of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lca_ml import __version__
from lca_ml.bibliography import references
from lca_ml.methods import enumerated, missing_factors, paragraph, unmentioned
from lca_ml.model import load_model
from lca_ml.scenario import STANDARD_STAGES, stage_title

ROOT = Path(__file__).parent.parent / "scenarios"
STUDIES = [
    *sorted(ROOT.glob("*.yaml")),
    *sorted((ROOT / "templates").glob("*.yaml")),
    *sorted((ROOT / "article").glob("*.yaml")),
    *sorted((ROOT / "published").glob("b*.yaml")),
]


@pytest.mark.parametrize("path", STUDIES, ids=lambda p: p.stem)
def test_every_statement_is_true(path):
    """Title, version, functional unit, stages in and out, indicators, factors with their keys, gaps, draws and seed, read back from the paragraph."""
    scenario, model = load_model(str(path))
    text = paragraph(scenario, model, 12_345, 7)

    assert f"“{model.title}”" in text
    assert f"lca-ml {__version__}." in text
    (inside,) = re.findall(r"The system boundary comprises (.*?)\. (?=Excluded|Other|Electricity|The indicators)", text)
    assert inside == enumerated(stage_title(s) for s in model.stages)
    assert ("Excluded, with the reason" in text) == bool(model.excluded)
    assert all(f"{stage_title(s)} ({reason.strip().rstrip('.')})" in text for s, reason in model.excluded.items())
    everything = set(STANDARD_STAGES) <= {*model.stages, *scenario.shape.stages, *model.excluded}
    assert ("Other stages of the life cycle are outside the boundary." in text) == (not everything)
    keys = set(re.findall(r"\[([\w.-]+)\]", text))
    assert len(keys) == len(model.publications)
    assert keys <= {r.key for r in references(scenario, model)}
    uncertain = {n.stream or n.name for n in model.uncertain}
    if uncertain:
        noun, verb = ("quantity", "is") if len(uncertain) == 1 else ("quantities", "are")
        assert f"{len(uncertain)} uncertain {noun} {verb} described" in text
        assert "with 12,345 random draws (seed 7)" in text
    else:
        assert "Nothing in the study is uncertain" in text
        assert "12,345" not in text
    assert ("widened" in text) == any(w.code == "fallback" for w in model.warnings)
    assert ("delivers" in text) == (scenario.shape.delivers is not None)


def test_gaps_are_counted_one_by_one(model_of):
    """Wood has a factor of climate change alone, electricity here none of primary energy: 2 + 1 pairs of three indicators and two flows."""
    model = model_of(
        {
            "lca_ml": "1",
            "title": "t",
            "functional_unit": "1 model",
            "region": "here",
            "indicators": ["climate_change", "water_use", "primary_energy"],
            "factors": {
                "regions": {"here": "GLO"},
                "values": [
                    {"flow": "wood", "climate_change": "1.5 kgCO2e/kg"},
                    {"flow": "electricity", "region": "here", "climate_change": "50 gCO2e/kWh", "water_use": "2 L/kWh", "primary_energy": "9 MJ/kWh"},
                ],
            },
            "stages": {"training": {"flows": {"wood": "mass", "electricity": "energy"}}},
            "parameters": {"mass": "3 kg", "energy": "3 kWh"},
        }
    )

    assert missing_factors(model) == [("wood", [1, 2])]


@pytest.mark.parametrize(
    ("change", "said", "silent"),
    [
        ("parameters: {energy: 100 kWh, other: 1 kWh}", "The life cycle delivers", True),
        ("correlations: [{between: [energy, other], rank: 0.5}]", "Rank correlations between them are imposed through a Gaussian copula.", False),
        ("", "Rank correlations", True),
    ],
)
def test_what_was_not_done_is_not_said(tmp_path, change, said, silent):
    """Deliveries, correlations: named where they are, and only there."""
    text = (
        "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\n"
        'parameters: {energy: "uniform(90, 110) kWh", other: "uniform(1, 2) kWh"}\n'
        "stages: {training: {flows: {electricity: energy + other}}}\n"
    )
    if change.startswith("parameters"):
        text = re.sub(r"parameters: .*", change, text)
        change = ""
    path = tmp_path / "study.yaml"
    path.write_text(text + change + "\n", encoding="utf-8")

    assert (said not in paragraph(*load_model(str(path)), 1000, 42)) == silent


def test_variants_and_settings_are_named():
    """The title carries the variant, the second sentence the values changed on the command line."""
    path = str(ROOT / "dominance-flip.yaml")
    text = paragraph(*load_model(path, ["fr"], ["pue=1.3"]), 1000, 42, "sobol")

    assert "(fr)”" in text
    assert "Values changed for this run: pue=1.3." in text
    assert "1,000 scrambled Sobol points" in text
    assert "grid electricity (France 2024)" in text


def test_a_stage_excluded_or_modelled_is_mentioned():
    """What is neither is listed, in the standard order."""
    scenario, model = load_model(str(ROOT / "published" / "bloom-176b.yaml"))

    assert unmentioned(scenario, model) == ["data_preparation", "storage", "transfer", "experimentation", "fine_tuning", "deployment", "end_user"]
