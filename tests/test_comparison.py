"""Comparison: paired draws, closed forms, exact cancellation, what explains a difference, which inputs differ, and what is refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import BASE, documents
from hypothesis import given
from hypothesis import strategies as st

from lca_ml.cli import cli
from lca_ml.comparison import Alternative, compare, inputs_that_differ
from lca_ml.engine import run
from lca_ml.errors import UsageError
from lca_ml.words import speak

GRID = "lognormal(300, 1.5) gCO2e/kWh"
SAMPLES = 4096


def study(parameters: str, electricity: str, **more: str) -> str:
    """A study of one training run that draws electricity from an uncertain grid."""
    given_ = {"functional_unit": "1 model", "indicators": "[climate_change]", "grid": GRID, "stage": "training", "excluded": "{}"} | more
    return f"""\
    lca_ml: 1
    title: One run
    functional_unit: {given_["functional_unit"]}
    region: here
    indicators: {given_["indicators"]}
    parameters: {{{parameters}}}
    factors: {{values: [{{flow: electricity, region: here, climate_change: "{given_["grid"]}", water_use: 2 L/kWh}}]}}
    stages: {{{given_["stage"]}: {{flows: {{electricity: {electricity}}}}}}}
    excluded: {given_["excluded"]}
    """


@pytest.fixture
def compared(model_of):
    """Return a function from the texts of studies to their comparison; the alternatives are called a, b, c."""

    def made(*texts, samples=SAMPLES, **more):
        return compare([Alternative(name, model_of(text)) for name, text in zip("abc", texts, strict=False)], samples, **more)

    return made


def phi(z):
    """The standard normal distribution function."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def test_two_independent_lognormals_against_the_closed_form(compared):
    """With x ~ (100, 1.3), y ~ (120, 1.2): ln(y/x) is normal with mean ln 1.2 and sd √(ln² 1.3 + ln² 1.2) = 0.3195; P(y < x) = Φ(−0.5707) = 28.4 %."""
    found = compared(study("x: 'lognormal(100, 1.3) kWh'", "x"), study("y: 'lognormal(120, 1.2) kWh'", "y"), samples=40_000).differences()[0]
    sd = math.hypot(math.log(1.3), math.log(1.2))

    assert phi(-math.log(1.2) / sd) == pytest.approx(0.284, abs=5e-4)
    assert found.below == pytest.approx(phi(-math.log(1.2) / sd), abs=4 * math.sqrt(0.284 * 0.716 / 40_000))
    assert found.clearly_below == pytest.approx(phi(math.log(0.9 / 1.2) / sd), abs=4 * math.sqrt(0.184 * 0.816 / 40_000))
    assert found.clearly_above == pytest.approx(1 - phi(math.log(1.1 / 1.2) / sd), abs=4 * math.sqrt(0.607 * 0.393 / 40_000))
    assert found.ratio.point == pytest.approx(1.2, rel=1e-14)
    assert found.ratio.median == pytest.approx(1.2, rel=0.01)
    assert found.ratio.p5 == pytest.approx(1.2 * math.exp(-1.6448536 * sd), rel=0.015)
    assert found.ratio.p95 == pytest.approx(1.2 * math.exp(1.6448536 * sd), rel=0.015)
    assert found.difference.point == pytest.approx(20 * 0.3, rel=1e-14)  # kWh × kgCO2e/kWh


def test_two_independent_normals_against_the_closed_form(compared):
    """With x ~ (500, 50), y ~ (520, 40) on a grid that is known: y − x is normal with mean 20 and sd √4100 = 64.03 kWh, × 0.3 kg."""
    grid = {"grid": "300 gCO2e/kWh"}
    found = compared(study("x: 'normal(500, 50) kWh'", "x", **grid), study("y: 'normal(520, 40) kWh'", "y", **grid), samples=40_000).differences()[0]

    assert found.below == pytest.approx(phi(-20 / math.sqrt(4100)), abs=4 * math.sqrt(0.377 * 0.623 / 40_000))
    assert found.difference.median == pytest.approx(20 * 0.3, abs=4 * 1.2533 * 64.03 * 0.3 / 200)
    assert found.difference.p95 - found.difference.p5 == pytest.approx(2 * 1.6448536 * math.sqrt(4100) * 0.3, rel=0.03)


def test_a_shared_factor_cancels_in_the_ratio(compared):
    """Both run on the same uncertain grid: 80 kWh over 100 kWh is 0.8 in each draw, although each varies by a factor of four."""
    result = compared(study("x: 100 kWh", "x"), study("x: 80 kWh", "x"))
    found = result.differences()[0]
    ratio = result.draws(1, result.indicators[0]) / result.draws(0, result.indicators[0])

    assert np.abs(ratio - 0.8).max() <= 2 * np.spacing(0.8)
    assert (found.ratio.p5, found.ratio.p95) == pytest.approx((0.8, 0.8), rel=1e-15)
    assert found.below == 1.0
    assert found.clearly_below == 1.0
    first = result.summaries(0)[0]
    assert first.p95 / first.p5 == pytest.approx(1.5 ** (2 * 1.6448536), rel=0.05)


def test_what_bears_the_same_name_is_drawn_alike(compared):
    """normal(500, 50) and normal(600, 50) under one name differ by 100 kWh in each draw, on a known grid by 30 kg."""
    texts = [study(f"x: 'normal({mean}, 50) kWh'", "x", grid="300 gCO2e/kWh") for mean in (500, 600)]
    found = compared(*texts).differences()[0]

    assert (found.difference.p5, found.difference.median, found.difference.p95) == pytest.approx((30, 30, 30), rel=1e-12)


@given(documents())
def test_what_is_compared_with_itself_does_not_differ(model_of, document):
    """The difference is exactly 0, the ratio exactly 1, each is below the other in half of the draws; no input differs."""
    model = model_of(document)
    result = compare([Alternative("a", model), Alternative("b", model)], 64)

    for d in result.differences():
        if d.difference is None:
            continue
        assert (d.difference.point, d.difference.median, d.difference.p5, d.difference.p95) == (0, 0, 0, 0)
        assert (d.below, d.clearly_below, d.clearly_above) == (0.5, 0, 0)
        assert d.ratio is None or (d.ratio.point, d.ratio.median, d.ratio.p5, d.ratio.p95) == (1, 1, 1, 1)
    assert inputs_that_differ(model, model) == []


@given(documents(), st.integers(min_value=1, max_value=9000))
def test_alternatives_have_the_draws_of_run(model_of, document, samples):
    """What is compared is what `run` gives of each alternative, to the byte, in blocks or not."""
    model = model_of(document)
    alone = run(model, samples, 7)
    (shared, _other) = compare([Alternative("a", model), Alternative("b", model)], samples, 7).results

    for name in ("values", "points", "reference"):
        assert getattr(shared, name).tobytes() == getattr(alone, name).tobytes()


CORRELATED = BASE + "correlations: [{between: [energy, pue], rank: 0.8}]\n"


def test_correlated_inputs_have_the_draws_of_run(model_of):
    """The copula is that of `run`, to the byte; where the other alternative correlates nothing, it is said, and the rest is still drawn alike."""
    pair = [Alternative("a", model_of(CORRELATED)), Alternative("b", model_of(BASE))]
    result = compare(pair, 9000)

    for alternative, results in zip(pair, result.results, strict=True):
        assert results.values.tobytes() == run(alternative.model, 9000).values.tobytes()
    assert "compare-correlations" in [n.code for n in result.notes]
    assert {c.label: c.difference.p95 for c in result.causes() if c.indicator.id == "climate_change"}["storage"] == 0


@given(documents(), documents(), st.sampled_from(("stage", "phase", "flow", "region")))
def test_causes_sum_to_the_difference(model_of, document, other, label):
    """Group by group, stated values add up to the stated difference, however the two studies are cut."""
    pair = [Alternative(name, model_of(d)) for name, d in (("a", document), ("b", other))]
    result = compare(pair, 16, align=("boundary", "functional_unit"))
    causes = result.causes(label)

    for d in result.differences():
        parts = [c.difference for c in causes if c.indicator == d.indicator]
        if d.difference is not None and None not in parts:
            scale = max(abs(s.point) for i in (0, 1) for s in result.summaries(i) if s.indicator == d.indicator)
            assert sum(p.point for p in parts) == pytest.approx(d.difference.point, rel=1e-9, abs=1e-12 * scale)


def test_causes_by_hand(compared):
    """Training grows from 100 to 150 kWh × 0.3 kg = +15 kg; storage, 20 kg of wood × 1.5 kg, is the same in each draw."""
    other = BASE.replace("'normal(500, 50) kWh'", "'normal(600, 50) kWh'")
    causes = {c.label: c.difference for c in compared(BASE, other, view="total").causes() if c.indicator.id == "climate_change"}

    assert causes["training"].point == pytest.approx(100 * (1.25 / 0.8 + 0.1) * 0.05, rel=1e-12)
    assert (causes["storage"].point, causes["storage"].p5, causes["storage"].p95) == (0, 0, 0)


def test_a_stage_in_one_alternative_alone_counts_whole(compared):
    """Inference is modelled in the second alone: its impact is the difference, the other stages give none."""
    without = BASE.partition("  inference:")[0]
    result = compared(without, BASE, align=("boundary",))
    causes = {c.label: c.difference.point for c in result.causes() if c.indicator.id == "climate_change"}

    assert causes["inference"] == pytest.approx(result.differences()[0].difference.point, rel=1e-12)
    assert causes["training"] == 0.0


def test_unknown_in_one_is_unknown_in_the_difference(compared):
    """Nobody knows the water of sand: the difference of water is None, not that of nothing, and it is said."""
    sand = study("x: 3 kg", "0 * x", indicators="[climate_change, water_use]").replace("electricity: 0 * x", "sand: x")
    sand = sand.replace("values: [", "values: [{flow: sand, climate_change: 1 kgCO2e/kg}, ")
    result = compared(study("x: 100 kWh", "x", indicators="[climate_change, water_use]"), sand)
    climate, water = result.differences()

    assert climate.difference is not None
    assert (water.difference, water.ratio, water.below) == (None, None, None)
    assert "sand in b alone" in next(n.message for n in result.notes if n.code == "compare-unknown")
    assert {r["value"] for r in result.rows() if r["indicator"] == "water_use" and r["alternative"] == "b"} == {None}


def test_a_ratio_to_something_of_either_sign_has_no_meaning(compared):
    """normal(0, 1) kWh is below zero in half of the draws: the difference is told, the ratio is None."""
    grid = {"grid": "300 gCO2e/kWh"}
    found = compared(study("x: 'normal(1, 5) kWh'", "x", **grid), study("x: 2 kWh", "x", **grid)).differences()[0]

    assert found.ratio is None
    assert found.difference.point == pytest.approx(0.3, rel=1e-14)


def test_each_alternative_is_compared_with_the_first(compared):
    """Of 100, 80 and 50 kWh, the second and the third are 20 % and 50 % below the first."""
    found = compared(*(study(f"x: {x} kWh", "x") for x in (100, 80, 50))).differences()

    assert [(d.alternative, d.against) for d in found] == [("b", "a"), ("c", "a")]
    assert [d.ratio.median for d in found] == pytest.approx([0.8, 0.5], rel=1e-15)


# --- refusals


def test_different_functional_units_are_refused(compared):
    """1 model and 1000 request: refused, both are named; told to align, the whole life cycles are compared."""
    texts = (study("x: 1 kWh", "x"), study("x: 2 kWh", "x", functional_unit="1000 request"))
    with pytest.raises(UsageError) as refused:
        compared(*texts)
    (finding,) = refused.value.findings

    assert "1 model (a), 1,000 requests (b)" in finding.message
    assert finding.hint.endswith("--align functional_unit")
    result = compared(*texts, align=("functional_unit",))
    assert result.view == "total"
    assert result.differences()[0].ratio.point == pytest.approx(2, rel=1e-15)


def test_a_functional_unit_in_another_spelling_is_the_same(compared):
    """1000 Wh is 1 kWh."""
    texts = (study("x: 1 kWh", "x", functional_unit="1 kWh"), study("x: 1 kWh", "x", functional_unit="1000 Wh"))

    assert compared(*texts).differences()[0].below == 0.5


def test_different_indicators_are_refused(compared):
    """Climate and water against climate alone: refused; told to align, what both have is compared."""
    texts = (study("x: 1 kWh", "x", indicators="[water_use, climate_change]"), study("x: 2 kWh", "x"))
    with pytest.raises(UsageError, match="water_use in a alone"):
        compared(*texts)

    assert [i.id for i in compared(*texts, align=("indicators",)).indicators] == ["climate_change"]


def test_no_indicator_in_common_is_refused_even_so(compared):
    """There is nothing to align."""
    texts = (study("x: 1 kWh", "x", indicators="[water_use]"), study("x: 2 kWh", "x"))
    with pytest.raises(UsageError, match="no indicator in common"):
        compared(*texts, align=("indicators",))


@pytest.mark.parametrize(
    ("more", "said"),
    [({"stage": "inference"}, "training in a alone; inference in b alone"), ({"excluded": "{end_of_life: no data}"}, "excluded: end of life in b alone")],
)
def test_different_boundaries_are_refused(compared, more, said):
    """Another set of stages, modelled or excluded: refused, the stages are named; told to align, it is said and the comparison goes on."""
    texts = (study("x: 1 kWh", "x"), study("x: 2 kWh", "x", **more))
    with pytest.raises(UsageError, match=said):
        compared(*texts)
    result = compared(*texts, align=("boundary",))

    assert [said in n.message for n in result.notes] == [True]
    assert result.differences()[0].ratio.point == pytest.approx(2, rel=1e-15)


def test_all_that_differs_is_told_at_once(compared):
    """Functional unit, indicators and boundary: three findings."""
    other = study("x: 2 kWh", "x", functional_unit="1 image", indicators="[water_use]", stage="inference")
    with pytest.raises(UsageError) as refused:
        compared(study("x: 1 kWh", "x"), other)

    assert [f.code for f in refused.value.findings] == ["compare-functional_unit", "compare-indicators", "compare-boundary"]


def test_in_total_different_amounts_delivered_are_said(compared):
    """6 and 12 million requests in all: the totals differ because of it, and it is said."""
    result = compared(BASE, BASE.replace("2e6 request/year", "4e6 request/year"), view="total")

    assert "a delivers 6,000 functional units and b 12,000" in next(n.message for n in result.notes if n.code == "compare-delivered")


# --- inputs that differ


def differing(model_of, first, other):
    return [(i.kind, i.row()) for i in inputs_that_differ(model_of(first), model_of(other))]


def test_parameters_that_differ_are_listed_with_value_unit_and_source(model_of):
    """2e6 and 3e6 requests a year: one input, both values in the unit they are written in, the source of each."""
    other = BASE.replace("{value: 2e6 request/year, source: meter}", "{value: 3e6 request/year, source: forecast}")
    ((kind, row),) = differing(model_of, BASE, other)

    assert (kind, row["name"]) == ("parameter", "traffic")
    assert (row["first"]["value"], row["first"]["unit"], row["first"]["source"]) == (2e6, "request/year", "meter")
    assert (row["other"]["value"], row["other"]["unit"], row["other"]["source"]) == (3e6, "request/year", "forecast")
    assert row["first"]["place"] == "study.yaml:10"


def test_a_number_in_another_unit_is_the_same_input(model_of):
    """20 kg and 20000 g do not differ; a source alone makes no other number."""
    assert differing(model_of, BASE, BASE.replace("20 kg, kind: assumed", "0.02 t, source: scales")) == []


def test_distributions_that_differ_are_listed_though_the_stated_value_is_the_same(model_of):
    """normal(500, 50) and normal(500, 90): both 500, but as uncertain as not."""
    ((_kind, row),) = differing(model_of, BASE, BASE.replace("normal(500, 50)", "normal(500, 90)"))

    assert row["first"]["value"] == row["other"]["value"] == 500
    assert row["other"]["written"] == "normal(500, 90) kWh"


def test_another_region_shows_as_another_factor_of_the_same_flow(model_of):
    """FR to US: three factors of the electricity, each beside the other, and nothing else."""
    text = "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\nindicators: [climate_change]\nparameters: {x: 5 kWh}\n"
    text += "stages: {training: {flows: {electricity: x}}, inference: {flows: {electricity: x}}}"
    ((kind, row),) = differing(model_of, text, text.replace("region: FR", "region: US"))

    assert (kind, row["indicator"]) == ("factor", "climate_change")
    assert row["first"]["name"] == "factor.electricity.FR.2024.climate_change"
    assert row["other"]["name"] == "factor.electricity.US.2024.climate_change"
    assert row["first"]["value"] < row["other"]["value"]


def test_another_device_shows_as_its_properties_and_its_manufacture(model_of):
    """An A100 for an H100: board power and manufacture stand side by side; what a formula makes of them is not listed."""
    text = "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\nindicators: [climate_change]\nparameters: {hours: 5 GPU*h}\n"
    text += "stages: {training: {process: compute, device: nvidia-h100-sxm, device_hours: hours}}"
    found = differing(model_of, text, text.replace("nvidia-h100-sxm", "nvidia-a100-sxm4-80gb"))

    assert [(kind, row["first"]["name"], row["other"]["name"]) for kind, row in found if kind != "factor"] == [
        ("device", "device.nvidia-h100-sxm.power", "device.nvidia-a100-sxm4-80gb.power")
    ]
    assert [row["other"]["name"] for kind, row in found if kind == "factor"] == ["factor.nvidia-a100-sxm4-80gb.GLO.climate_change"]


def test_formulas_that_are_written_differently_come_last(model_of):
    """An amount of energy × 0.1 and energy × 0.2: no number with a name differs, the formula does."""
    other = BASE.replace("energy * 0.1", "energy * 0.2").replace("20 kg", "25 kg")

    assert [(kind, row["name"]) for kind, row in differing(model_of, BASE, other)] == [("parameter", "crates"), ("formula", "training.tests.electricity")]


def test_what_stands_in_one_alone_has_no_other_side(model_of):
    """Without inference nothing needs per_request."""
    found = differing(model_of, BASE, BASE.partition("  inference:")[0])

    assert [(row["name"], row["other"]) for kind, row in found if kind == "parameter"] == [("per_request", None)]


# --- the command

VARIANTS = BASE + 'variants:\n  more: {parameters.energy: "normal(600, 50) kWh"}\n  less: {parameters.energy: "normal(300, 50) kWh"}\n'


@pytest.fixture(autouse=True)
def english():
    """Messages in English, whatever a test before has spoken."""
    speak("en")


def lca_ml(*arguments):
    """The result of a command line: output, answer; errors of a user's making are raised."""
    done = CliRunner().invoke(cli, list(arguments), standalone_mode=False, catch_exceptions=False)
    return done.output, done.return_value


def test_variants_are_compared_with_the_file_as_it_stands(study_file):
    """`base` is the first; each variant has its row, its causes and the input that differs."""
    out, answer = lca_ml("compare", study_file, "--variant", "more", "--variant", "less", "--samples", "500")

    assert answer == 0
    assert out.startswith("more, less against base — per 1,000 requests")
    assert "the same in every draw: storage, inference" in out
    assert "500 kWh ~ normal(500, 50) kWh  600 kWh ~ normal(600, 50) kWh" in out
    assert "drawn alike: 5 uncertain inputs; in one alone: 0 and 0" in out


@pytest.fixture
def study_file(study):
    return study(VARIANTS)


def test_the_document_holds_all_of_it(study_file):
    """Schema, alternatives, rows of totals, of differences and of causes, the whole list of inputs, strictly JSON."""
    found = json.loads(lca_ml("compare", study_file, "--variant", "more", "--json", "--samples", "500")[0])

    assert found["schema"] == "lca-ml/comparison@1"
    assert [(a["name"], a["variant"]) for a in found["alternatives"]] == [("base", None), ("more", "more")]
    assert found["alternatives"][1]["uncertain_inputs"] == {"shared": 5, "first_alone": 0, "alone": 0}
    assert [i["name"] for i in found["differing_inputs"][0]["inputs"]] == ["energy"]
    statistics = {r["statistic"] for r in found["rows"] if r["against"] == "base" and r["group"] is None}
    assert statistics >= {"difference_median", "ratio_p95", "share_below", "share_clearly_below"}
    training = [r["value"] for r in found["rows"] if r["group"] == "training" and r["statistic"] == "difference_point" and r["indicator"] == "electricity_use"]
    assert training == pytest.approx([100 * (1.25 / 0.8 + 0.1) / 6000], rel=1e-12)


def test_rows_as_csv_are_those_of_the_document(study_file):
    """As many lines as rows, and a header."""
    rows = json.loads(lca_ml("compare", study_file, "--variant", "more", "--json", "--samples", "100")[0])["rows"]
    lines = lca_ml("compare", study_file, "--variant", "more", "--csv", "--samples", "100")[0].splitlines()

    assert lines[0] == "indicator,alternative,against,label,group,view,statistic,value,unit"
    assert len(lines) == len(rows) + 1


def test_without_base_compares_variants_with_each_other(study_file):
    """300 kWh of `less` against 600 kWh of `more`."""
    out, _answer = lca_ml("compare", study_file, "--variant", "more", "--variant", "less", "--without-base", "--samples", "100")

    assert out.startswith("less against more")


def test_files_are_named_by_their_stems(study, tmp_path):
    """Two files; the same file twice is numbered."""
    path = study(BASE, **{"other.yaml": BASE})

    assert lca_ml("compare", path, str(tmp_path / "other.yaml"), "--samples", "50")[0].startswith("other against study")
    assert lca_ml("compare", path, path, "--samples", "50")[0].startswith("study (2) against study (1)")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Variants of this file are more, less"),
        (("--variant", "moer"), "Variants of this file|Did you mean more"),
        (("--variant", "more", "--indicator", "climat_change"), "Did you mean climate_change"),
        (("--variant", "more", "--by", "stag"), "Did you mean stage"),
    ],
)
def test_a_wrong_command_line_is_told_what_to_try(study_file, arguments, said):
    """One alternative, an unknown variant, indicator or label."""
    with pytest.raises(UsageError, match=said):
        lca_ml("compare", study_file, *arguments)


def test_many_alternatives_are_told_in_short(study):
    """Five variants: the table of totals alone, and where the rest is."""
    variants = "".join(f"  v{i}: {{parameters.energy: {i}00 kWh}}\n" for i in range(1, 6))
    out, _answer = lca_ml("compare", study(BASE + "variants:\n" + variants), *(x for i in range(1, 6) for x in ("--variant", f"v{i}")), "--samples", "50")

    assert "inputs that differ" not in out.replace("which inputs differ", "")
    assert "-v, or fewer alternatives" in out


def test_no_share_of_draws_that_misses_some_reads_100_percent():
    """999 of 1,000 draws are not all of them."""
    from lca_ml.cli.alternatives import draws_share

    assert [draws_share(s, "en") for s in (0.5, 0.994, 0.999, 1.0, 0.0)] == ["50 %", "99 %", "> 99 %", "100 %", "0 %"]


def test_an_interval_below_zero_does_not_run_its_minus_into_the_dash():
    """−260 to −82, and 52 – 110."""
    from lca_ml.cli.alternatives import between

    assert (between("\u2212260", "\u221282"), between("52", "110"), between("", "")) == ("\u2212260 to \u221282", "52 – 110", "")
