"""Monte Carlo against closed forms: mean, spread and quantiles within four standard errors, at fixed seeds.

The life cycle is `flows: {effort: …}` of an own flow whose factor is 1 kgCO2e/kWh, so that the result is the formula.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from lca_ml.engine import point, run
from lca_ml.model import link
from lca_ml.sampling import uniforms
from lca_ml.scenario import load

SAMPLES = 20_000
LIMIT = 4.0


@pytest.fixture(scope="module")
def samples_of(model_of):
    """Return a function from parameters and a formula in kWh to the samples of its impact, in kgCO2e."""

    def samples(parameters, formula, samples=SAMPLES, seed=42):
        document = {
            "lca_ml": 1,
            "title": "A closed form",
            "functional_unit": "1 request",
            "indicators": ["climate_change"],
            "parameters": parameters,
            "factors": {"values": [{"flow": "effort", "climate_change": "1 kgCO2e/kWh"}]},
            "stages": {"training": {"flows": {"effort": formula}}},
        }
        return run(model_of(document), samples, seed).values[0, 0]

    return samples


def within_four_standard_errors(samples, law):
    """Mean, standard deviation and five quantiles against a law of SciPy: each within four of its own standard errors."""
    n = samples.size
    mean, variance, kurtosis = (float(x) for x in law.stats("mvk"))
    assert abs(samples.mean() - mean) <= LIMIT * math.sqrt(variance / n)
    assert abs(samples.var() - variance) <= LIMIT * variance * math.sqrt((kurtosis + 2) / n)
    for p in (0.025, 0.05, 0.5, 0.95, 0.975):
        x = float(law.ppf(p))
        assert abs(np.quantile(samples, p) - x) <= LIMIT * math.sqrt(p * (1 - p) / n) / float(law.pdf(x)), p


LAWS = {
    "normal(10, 2)": stats.norm(10, 2),
    "uniform(3, 8)": stats.uniform(3, 5),
    "triangular(1, 2, 6)": stats.triang(0.2, 1, 5),
    "pert(1, 2, 6)": stats.beta(1 + 4 / 5, 1 + 16 / 5, 1, 5),
    "lognormal(3, 1.4)": stats.lognorm(math.log(1.4), scale=3),
    "loguniform(1, 100)": stats.loguniform(1, 100),
    "beta(0.3, 0.1)": stats.beta(0.3 * 20, 0.7 * 20),  # mean (1 − mean) / sd² − 1 = 0.21 / 0.01 − 1 = 20
    "0.2 to 0.6": stats.lognorm(math.log(3) / 2 / stats.norm.ppf(0.95), scale=math.sqrt(0.12)),
    "-2 to 6": stats.norm(2, 4 / stats.norm.ppf(0.95)),
    "normal(1, 2, min=0, max=4)": stats.truncnorm(-0.5, 1.5, 1, 2),
}


@pytest.mark.parametrize("text", LAWS)
def test_one_uncertain_value_has_the_law_it_is_given(samples_of, text):
    """Mean, variance and quantiles of 20,000 samples of each distribution, against SciPy's of the same law."""
    within_four_standard_errors(samples_of({"x": f"{text} kWh"}, "x"), LAWS[text])


def test_triangular_by_hand(samples_of):
    """Triangular (1, 2, 6): mean 9 / 3 = 3, variance (1 + 4 + 36 − 2 − 6 − 12) / 18 = 7 / 6."""
    x = samples_of({"x": "triangular(1, 2, 6) kWh"}, "x")

    assert abs(x.mean() - 3) <= LIMIT * math.sqrt(7 / 6 / SAMPLES)
    assert abs(x.var() - 7 / 6) <= LIMIT * 7 / 6 * math.sqrt(1.4 / SAMPLES)  # kurtosis of a triangular: 2.4


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_of_normals_is_normal(samples_of, seed):
    """2a + 3b − c with sd 1, 2, 3: mean 2 × 5 + 3 × 7 − 4 = 27, sd √(4 + 36 + 9) = 7."""
    parameters = {"a": "normal(5, 1) kWh", "b": "normal(7, 2) kWh", "c": "normal(4, 3) kWh"}

    within_four_standard_errors(samples_of(parameters, "2 * a + 3 * b - c", seed=seed), stats.norm(27, 7))


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_of_uniforms_has_the_sum_of_means_and_variances(samples_of, seed):
    """Twelve uniforms on (0, 1) less 6: mean 0, variance 1, kurtosis 3 − 1.2 / 12 = 2.9 (Irwin–Hall)."""
    names = [f"u{i}" for i in range(12)]
    x = samples_of(dict.fromkeys(names, "uniform(0, 1) kWh") | {"six": "6 kWh"}, " + ".join(names) + " - six", seed=seed)

    assert abs(x.mean()) <= LIMIT / math.sqrt(SAMPLES)
    assert abs(x.var() - 1) <= LIMIT * math.sqrt(1.9 / SAMPLES)
    assert abs(((x - x.mean()) ** 3).mean()) <= LIMIT * math.sqrt(6 / SAMPLES)


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_of_two_uniforms_is_triangular(samples_of, seed):
    """U(1, 3) + U(2, 4) is triangular (3, 5, 7)."""
    within_four_standard_errors(samples_of({"a": "uniform(1, 3) kWh", "b": "uniform(2, 4) kWh"}, "a + b", seed=seed), stats.triang(0.5, 3, 4))


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_of_triangulars_has_the_sum_of_means_and_variances(samples_of, seed):
    """Triangular (1, 2, 6) + triangular (0, 3, 3): means 3 + 2, variances 7/6 + 1/2."""
    x = samples_of({"a": "triangular(1, 2, 6) kWh", "b": "triangular(0, 3, 3) kWh"}, "a + b", seed=seed)

    assert abs(x.mean() - 5) <= LIMIT * math.sqrt(5 / 3 / SAMPLES)
    assert abs(x.var() - 5 / 3) <= LIMIT * 5 / 3 * math.sqrt(2 / SAMPLES)


@pytest.mark.parametrize("seed", range(5))
def test_a_product_of_lognormals_is_lognormal(samples_of, seed):
    """σ 0.1, 0.3, 0.5 and medians 1: mean e^(0.35 / 2) = 1.19124621661, gsd e^√0.35 = 1.80689152308, P97.5 3.18843541338."""
    parameters = {"a": "lognormal(1, 1.10517091808)", "b": "lognormal(1, 1.34985880758)", "c": "lognormal(1, 1.6487212707) kWh"}
    x = samples_of(parameters, "a * b * c", seed=seed)
    sigma2 = 0.35

    assert abs(x.mean() - 1.19124621661) <= LIMIT * 1.19124621661 * math.sqrt((math.exp(sigma2) - 1) / SAMPLES)
    assert abs(np.log(x).std() - math.log(1.80689152308)) <= LIMIT * math.sqrt(sigma2 / 2 / SAMPLES)
    law = stats.lognorm(math.sqrt(sigma2))
    assert law.ppf(0.975) == pytest.approx(3.18843541338, rel=1e-10)
    assert abs(np.quantile(x, 0.975) - 3.18843541338) <= LIMIT * math.sqrt(0.975 * 0.025 / SAMPLES) / law.pdf(3.18843541338)


def test_a_quotient_of_lognormals_is_lognormal(samples_of):
    """Medians 6 / 2 = 3, gsd e^√(ln² 1.5 + ln² 1.2)."""
    sigma = math.hypot(math.log(1.5), math.log(1.2))

    within_four_standard_errors(samples_of({"a": "lognormal(6, 1.5) kWh", "b": "lognormal(2, 1.2)"}, "a / b"), stats.lognorm(sigma, scale=3))


def test_an_interval_holds_nine_tenths(samples_of):
    """`400 to 600` is a central 90 % interval: 5 % of the samples lie below 400, 5 % above 600."""
    x = samples_of({"x": "400 to 600 kWh"}, "x")

    for part in ((x < 400).mean(), (x > 600).mean()):
        assert abs(part - 0.05) <= LIMIT * math.sqrt(0.05 * 0.95 / SAMPLES)


def test_means_of_linear_models_are_calibrated(samples_of):
    """240 model–seed pairs of 1,000 samples: every |z| of the mean ≤ 4, and the z themselves have mean 0 and sd 1 (0.9 to 1.1)."""
    choose = np.random.default_rng(1)
    scores = []
    for _model in range(24):
        means, sds, weights = choose.uniform(5, 50, 4), choose.uniform(0.5, 5, 4), choose.uniform(-3, 3, 4).round(2)
        mean, variance = float(weights @ means), float(weights**2 @ sds**2)
        laws = (
            lambda m, s: f"normal({m}, {s}) kWh",
            lambda m, s: f"uniform({m - s * 3**0.5}, {m + s * 3**0.5}) kWh",
            lambda m, s: f"triangular({m - s * 6**0.5}, {m}, {m + s * 6**0.5}) kWh",
            lambda m, s: f"normal({m}, {s}) kWh",
        )
        parameters = {f"p{i}": law(float(m), float(s)) for i, (law, m, s) in enumerate(zip(laws, means, sds, strict=True))}
        formula = " + ".join(f"({w}) * p{i}" for i, w in enumerate(weights))
        scores += [(samples_of(parameters, formula, 1000, seed).mean() - mean) / math.sqrt(variance / 1000) for seed in range(10)]

    assert len(scores) == 240
    assert np.abs(scores).max() <= 4
    assert 0.9 <= np.std(scores, ddof=1) <= 1.1
    assert abs(np.mean(scores)) <= 4 / math.sqrt(240)


@pytest.mark.parametrize(
    "text", ["normal(5, 0)", "uniform(5, 5)", "triangular(5, 5, 5)", "pert(5, 5, 5)", "lognormal(5, 1)", "loguniform(5, 5)", "choice(5=1)"]
)
def test_no_spread_gives_the_stated_value(samples_of, text):
    """A distribution of no width is its value: 5, in every sample."""
    np.testing.assert_allclose(samples_of({"x": f"{text} kWh"}, "x", 100), 5.0, rtol=1e-14)


@pytest.mark.parametrize("text", ["normal(5, 1)", "uniform(1, 5)", "triangular(1, 2, 6)", "lognormal(3, 1.4)", "1 to 4", "beta(0.3, 0.1)"])
def test_a_quantity_less_itself_is_exactly_zero(samples_of, text):
    """One name is drawn once: a − a has no sample that is not 0, though a itself spreads."""
    parameters = {"a": f"{text} kWh"}

    assert np.unique(samples_of(parameters, "a", 1000)).size > 990
    assert np.count_nonzero(samples_of(parameters, "a - a", 1000)) == 0


def test_two_quantities_of_the_same_law_are_drawn_apart(samples_of):
    """A − b of two normals (5, 1) has sd √2 and correlation 0: they share a law, not a draw."""
    within_four_standard_errors(samples_of({"a": "normal(5, 1) kWh", "b": "normal(5, 1) kWh"}, "a - b"), stats.norm(0, math.sqrt(2)))


def test_draws_of_different_names_and_seeds_are_uncorrelated():
    """Correlations of 20 streams two by two: all 190 within 4.5 standard errors, their sd 0.85 to 1.15 of one."""
    streams = np.array([uniforms(seed, name, 0, SAMPLES) for seed in (1, 2) for name in "abcdefghij"])
    scores = np.corrcoef(streams)[np.triu_indices(20, 1)] * math.sqrt(SAMPLES)

    assert np.abs(scores).max() <= 4.5
    assert 0.85 <= scores.std() <= 1.15


def test_an_uncertain_share_of_time_by_hand(samples_of):
    """choice(1=0.25, 3=0.75): mean 2.5, variance 0.75, and only the two values."""
    x = samples_of({"x": "choice(1=0.25, 3=0.75) kWh"}, "x")

    assert set(np.unique(x)) == {1.0, 3.0}
    assert abs((x == 1).mean() - 0.25) <= LIMIT * math.sqrt(0.25 * 0.75 / SAMPLES)


def test_measured_values_are_drawn_between_their_ends(study):
    """Empirical of 1, 2, 4, 8 kWh: thirds of probability between neighbours, so the mean is (1.5 + 3 + 6) / 3 = 3.5 kg."""
    document = {
        "lca_ml": 1,
        "title": "Readings",
        "functional_unit": "1 request",
        "indicators": ["climate_change"],
        "parameters": {"x": "empirical(readings.csv, energy) kWh"},
        "factors": {"values": [{"flow": "effort", "climate_change": "1 kgCO2e/kWh"}]},
        "stages": {"training": {"flows": {"effort": "x"}}},
    }
    x = run(link(load(study(document, **{"readings.csv": "day,energy\n1,4\n2,1\n3,8\n4,2\n"}))), SAMPLES).values[0, 0]

    assert (x.min() >= 1, x.max() <= 8) == (True, True)
    assert abs(x.mean() - 3.5) <= LIMIT * x.std() / math.sqrt(SAMPLES)
    assert abs(np.quantile(x, 1 / 3) - 2) <= LIMIT * math.sqrt(2 / 9 / SAMPLES) * 6  # the density above 2 is 1/3 over a width of 2


REGIONS = """\
lca_ml: 1
title: Where the job will run
functional_unit: 1 request
region: choice(FR=0.7, DE=0.3)
indicators: [climate_change]
parameters: {used: 1 kWh}
factors:
  values:
    - {flow: electricity, region: FR, climate_change: 50 gCO2e/kWh}
    - {flow: electricity, region: DE, climate_change: 350 gCO2e/kWh}
stages: {training: {flows: {electricity: used}}, inference: {flows: {electricity: 2 * used}}}
"""


def test_an_uncertain_region_is_one_of_them_in_each_sample(model_of):
    """choice(FR=0.7, DE=0.3): 0.05 kg with 70 %, 0.35 kg with 30 %, nothing between; the mean is 0.14 kg, stated FR."""
    model = model_of(REGIONS)
    x = run(model, SAMPLES).values[[i for i, f in enumerate(model.flows) if f.stage == "training"], 0].sum(axis=0)

    assert set(x.round(12)) == {0.05, 0.35}
    assert abs((x > 0.2).mean() - 0.3) <= LIMIT * math.sqrt(0.21 / SAMPLES)
    assert point(model).impacts[:, 0, 0].sum() == pytest.approx(3 * 0.05, rel=1e-14)


def test_the_region_of_a_study_is_drawn_once_for_all_its_activities(model_of):
    """Training and inference run in the same place in each sample: 0.15 or 1.05 kg in all, never a mixture."""
    assert set(run(model_of(REGIONS), 2000).values[:, 0].sum(axis=0).round(12)) == {0.15, 1.05}


def test_regions_of_two_activities_are_drawn_apart(model_of):
    """Each activity with a choice of its own: the four combinations occur, 3 kWh in DE with 9 %."""
    text = REGIONS.replace("region: choice(FR=0.7, DE=0.3)\n", "region: FR\n").replace("{flows:", "{region: 'choice(FR=0.7, DE=0.3)', flows:")
    x = run(model_of(text), SAMPLES).values[:, 0].sum(axis=0).round(12)

    assert set(x) == {0.15, 0.45, 0.75, 1.05}
    assert abs((x == 1.05).mean() - 0.09) <= LIMIT * math.sqrt(0.09 * 0.91 / SAMPLES)


def test_a_correlated_use_of_one_factor_widens_the_sum(model_of):
    """Two stages use the same uncertain factor, so their impacts add up in every sample: gsd 1.5 in all, not less."""
    text = """\
    lca_ml: 1
    title: One grid
    functional_unit: 1 request
    region: FR
    indicators: [climate_change]
    parameters: {used: 10 kWh}
    factors: {values: [{flow: electricity, region: FR, climate_change: "lognormal(0.1, 1.5) kgCO2e/kWh"}]}
    stages: {training: {flows: {electricity: used}}, inference: {flows: {electricity: used}}}
    """
    values = run(model_of(text), SAMPLES).values[:, 0]

    assert values[0].tobytes() == values[1].tobytes()
    within_four_standard_errors(values.sum(axis=0), stats.lognorm(math.log(1.5), scale=2))
