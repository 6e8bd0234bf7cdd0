"""Sensitivity: the estimators against functions whose indices are known, the closed form against brute force, SALib and quadrature."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, qmc

from lca_ml.engine import run
from lca_ml.errors import UsageError
from lca_ml.model import link
from lca_ml.scenario import load
from lca_ml.sensitivity import (
    NotSeparable,
    Output,
    elasticity,
    exact,
    from_draws,
    interactions,
    parameters,
    ranking,
    sampled,
    shares,
    sobol_pairs,
    tornado,
    totals,
)
from lca_ml.sensitivity.sampled import Problem, estimate
from lca_ml.sensitivity.screening import screened

SEEDS = range(10)


def sobol_design(names, seed, scramble=True):
    """Pairs of scrambled Sobol' points, in twice as many dimensions as parameters."""
    points = qmc.Sobol(2 * len(names), scramble=scramble, rng=np.random.default_rng(seed)).random(8192)
    points = np.clip(points, 1e-15, 1 - 1e-15)

    def pairs(start, count):
        rows = points[start : start + count]
        d = len(names)
        return {n: rows[:, i] for i, n in enumerate(names)}, {n: rows[:, d + i] for i, n in enumerate(names)}

    return pairs


def estimated(names, transform, function, seed, base=8192):
    """S1 and ST of a plain function."""
    problem = Problem({n: (n,) for n in names}, lambda u: {n: transform[n](u[n]) for n in names}, lambda x, _start: function(x)[None, :])
    found = estimate(problem, sobol_design(names, seed), base).indices(0, Output(0), tuple(names))
    return found.s1, found.st


ISHIGAMI = (["x1", "x2", "x3"], [0.3139051911, 0.4424111448, 0.0], [0.5575888552, 0.4424111448, 0.2436836641])
G = (
    [f"x{i}" for i in range(8)],
    [0.71619217, 0.17904804, 0.023675774, 0.0071619217, *[7.16e-5] * 4],
    [0.78714413, 0.24219819, 0.03431691, 0.010460387, *[1.0494905e-4] * 4],
)


@pytest.mark.parametrize("seed", SEEDS)
def test_ishigami(seed):
    """Sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1 on (−π, π): the indices of Ishigami and Homma within 0.005."""
    names, s1, st = ISHIGAMI
    stretch = dict.fromkeys(names, lambda u: -math.pi + 2 * math.pi * u)
    found = estimated(names, stretch, lambda x: np.sin(x["x1"]) + 7 * np.sin(x["x2"]) ** 2 + 0.1 * x["x3"] ** 4 * np.sin(x["x1"]), seed)

    assert np.abs(found[0] - s1).max() < 0.005
    assert np.abs(found[1] - st).max() < 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_g_function(seed):
    """Sobol's G with a = 0, 1, 4.5, 9, 99 × 4: within 0.005."""
    names, s1, st = G
    a = dict(zip(names, [0, 1, 4.5, 9, 99, 99, 99, 99], strict=True))
    found = estimated(names, dict.fromkeys(names, lambda u: u), lambda x: np.prod([(np.abs(4 * x[n] - 2) + a[n]) / (1 + a[n]) for n in names], axis=0), seed)

    assert np.abs(found[0] - s1).max() < 0.005
    assert np.abs(found[1] - st).max() < 0.005


@pytest.mark.parametrize("seed", SEEDS)
def test_linear_and_product_of_normals(seed):
    """2a + 3b − c with standard deviations 1, 2, 3, and the product of N(10, 1) and N(5, 2): within 0.005."""
    linear = estimated(
        ["a", "b", "c"],
        {"a": norm(0, 1).ppf, "b": norm(0, 2).ppf, "c": norm(0, 3).ppf},
        lambda x: 2 * x["a"] + 3 * x["b"] - x["c"],
        seed,
    )
    product = estimated(["a", "b"], {"a": norm(10, 1).ppf, "b": norm(5, 2).ppf}, lambda x: x["a"] * x["b"], seed)

    for found in linear:
        assert np.abs(found - [0.0816326531, 0.7346938776, 0.1836734694]).max() < 0.005
    assert np.abs(product[0] - [0.0582750583, 0.9324009324]).max() < 0.005
    assert np.abs(product[1] - [0.0675990676, 0.9417249417]).max() < 0.005


LOGNORMALS = """\
lca_ml: 1
title: a product of three lognormals
functional_unit: 1 model
region: FR
indicators: [electricity_use]
parameters:
  a: lognormal(1, 1.1051709180756477) kWh
  b: lognormal(1, 1.3498588075760032)
  c: lognormal(1, 1.6487212707001282)
stages:
  training: {flows: {electricity: a * b * c}}
"""


def test_closed_form_of_a_product_of_lognormals(model_of):
    """σ = 0.1, 0.3, 0.5: S1ᵢ = (exp σᵢ² − 1)/(exp Σσ² − 1), exact to 1e-9."""
    model = model_of(LOGNORMALS)
    (found,) = exact(model, totals(model))

    assert dict(zip(found.parameters, found.s1, strict=True)) == pytest.approx({"a": 0.0239822127, "b": 0.2247233985, "c": 0.6777556927}, abs=1e-9)
    assert dict(zip(found.parameters, found.st, strict=True)) == pytest.approx({"a": 0.0336937519, "b": 0.2914505366, "c": 0.7490358811}, abs=1e-9)
    assert found.mean == pytest.approx(1.19124621661, rel=1e-10)
    assert found.method == "exact"


LINEAR = """\
lca_ml: 1
title: 2a + 3b + c
functional_unit: 1 model
region: FR
indicators: [electricity_use]
parameters:
  a: normal(50, 1) kWh
  b: normal(50, 2) kWh
  c: normal(50, 3) kWh
  unused: 1 to 2 kWh
stages:
  training: {flows: {electricity: 2 * a + 3 * b}}
  storage: {flows: {electricity: c}}
"""


def test_closed_form_of_a_linear_model(model_of):
    """Variances 4, 36 and 9 of 49: S1 = ST, and they sum to 1; nothing comes from what is not used."""
    model = model_of(LINEAR)
    (found,) = exact(model, totals(model))
    s1 = dict(zip(found.parameters, found.s1, strict=True))

    assert s1 == pytest.approx({"a": 4 / 49, "b": 36 / 49, "c": 9 / 49, "unused": 0.0}, abs=1e-10)
    assert found.st == pytest.approx(found.s1, abs=1e-10)
    assert found.variance == pytest.approx(49e-0, rel=1e-10)


MIXED = """\
lca_ml: 1
title: sums of products, quotients and powers
functional_unit: 10 request
delivers: traffic * life
region: FR
indicators: [climate_change, electricity_use]
parameters:
  traffic: triangular(80, 100, 150) request/year
  life: uniform(2, 5) year
  energy: 0.5 to 2 Wh/request
  fixed: normal(3, 0.4) kWh
  loss: uniform(0.05, 0.3)
  pue: pert(1.1, 1.2, 1.6)
  k: choice(1=0.25, 2=0.75)
  share: beta(0.3, 0.1)
factors:
  values:
    - {flow: electricity, region: FR, climate_change: "lognormal(60, 1.3) gCO2e/kWh"}
stages:
  inference: {flows: {electricity: traffic * life * energy * pue / (1 - loss)}}
  training: {flows: {electricity: fixed * k ** 2 * share * pue}}
"""


@pytest.mark.parametrize("view", ["total", "functional_unit"])
def test_closed_form_agrees_with_brute_force(model_of, view):
    """Every kind of distribution, quotients, powers and both views: Saltelli and Jansen at 2^16 Sobol' points agree within 0.01."""
    model = model_of(MIXED)
    outputs = totals(model, stages=True, views=(view,))
    for a, b in zip(exact(model, outputs), sampled(model, outputs, 2**16, 7, pairs=sobol_pairs(model, 7)), strict=True):
        assert a.mean == pytest.approx(b.mean, rel=2e-3)
        assert np.abs(a.s1 - b.s1).max() < 0.01
        assert np.abs(a.st - b.st).max() < 0.01


def test_indices_follow_the_names_not_the_order(model_of):
    """Written in another order, the parameters have the same exact indices."""
    forward = model_of(LINEAR)
    lines = LINEAR.splitlines()
    at = lines.index("  a: normal(50, 1) kWh")
    backward = model_of("\n".join([*lines[:at], *reversed(lines[at : at + 4]), *lines[at + 4 :]]) + "\n")
    (a,), (b,) = exact(forward, totals(forward)), exact(backward, totals(backward))

    assert dict(zip(a.parameters, a.s1, strict=True)) == pytest.approx(dict(zip(b.parameters, b.s1, strict=True)), abs=1e-12)


def test_the_same_estimator_as_salib(model_of):
    """On SALib's own design the streamed sums give SALib's S1 and ST to 1e-10."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from SALib.analyze import sobol as salib
        from SALib.sample import sobol as design

        model = model_of(MIXED)
        names = list(parameters(model))
        problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
        base, d = 256, len(names)
        points = np.clip(design.sample(problem, base, calc_second_order=False, seed=3), 2.0**-54, 1 - 2.0**-53)
        rows = points.reshape(base, d + 2, d)

        def pairs(start, count):
            here = slice(start, start + count)
            return {n: rows[here, 0, i] for i, n in enumerate(names)}, {n: rows[here, -1, i] for i, n in enumerate(names)}

        (ours,) = sampled(model, totals(model)[:1], base, pairs=pairs, estimator="saltelli")
        from lca_ml.engine import Program, draw

        block = Program(model).block(draw(model.uncertain, {n: points[:, i] for i, n in enumerate(names)}), 0, len(points))
        theirs = salib.analyze(problem, totals(model)[0].of(model, block), calc_second_order=False, num_resamples=10, seed=1)

    assert ours.s1 == pytest.approx(theirs["S1"], abs=1e-10)
    assert ours.st == pytest.approx(theirs["ST"], abs=1e-10)


def test_what_cannot_be_expanded_is_sampled(model_of):
    """A quotient by a sum of two uncertain values has no closed form: it is said, and `sobol` samples instead."""
    text = LINEAR.replace("2 * a + 3 * b}", "a * a / (a + b)}")
    model = model_of(text)
    with pytest.raises(NotSeparable):
        exact(model, totals(model))

    assert ranking(run(model, 100))[0].method == "sampled"


def test_a_kink_is_no_closed_form(model_of):
    """Max of an uncertain value has a kink that quadrature does not see."""
    model = model_of(LINEAR.replace("electricity: c}", "electricity: 'max(c, b)'}"))
    with pytest.raises(NotSeparable):
        exact(model, totals(model))


def test_first_order_from_the_draws_of_a_run(model_of):
    """The 10,000 draws made anyway give S1 within 0.03 of the exact ones."""
    model = model_of(MIXED)
    outputs = totals(model)
    for a, b in zip(exact(model, outputs), from_draws(run(model), outputs), strict=True):
        assert np.abs(a.s1 - b.s1).max() < 0.03
        assert b.st is None


def test_elasticity_of_a_power_law_is_its_exponent(model_of):
    """A * b² / c: 1, 2 and −1; per functional unit what is delivered counts with −1."""
    text = LOGNORMALS.replace("a * b * c", "a * b ** 2 / c")
    model = model_of(text)
    (output,) = totals(model)
    found = elasticity(model, [output])[output]

    assert {n: found[n] for n in "abc"} == pytest.approx({"a": 1.0, "b": 2.0, "c": -1.0}, abs=1e-7)


def test_tornado_moves_one_at_a_time(model_of):
    """normal(50, 3) at its P5 and P95: 50 ± 4.9346 kWh beside 250 of the others."""
    model = model_of(LINEAR)
    (output,) = totals(model)
    swing = {s.parameter: s for s in tornado(model, [output])[output]}["c"]

    assert (swing.low, swing.base, swing.high) == pytest.approx((300 - 3 * 1.6448536269514722, 300.0, 300 + 3 * 1.6448536269514722))


def test_shares_are_of_the_flows_that_depend_on_a_parameter(model_of):
    """2 · 50 + 3 · 50 kWh of 300 depend on a, 50 on c."""
    model = model_of(LINEAR)
    (output,) = totals(model)
    found = shares(model, [output])[output]

    assert found["a"] == pytest.approx(250 / 300)
    assert found["c"] == pytest.approx(50 / 300)


def test_parameters_drawn_together_are_one(model_of):
    """B and c in a group: their standard deviations add, (3·2 + 3)² = 81 of 81 + 4."""
    model = model_of(LINEAR.replace("stages:", "groups: {both: [b, c]}\nstages:"))
    (found,) = exact(model, totals(model))

    assert dict(zip(found.parameters, found.s1, strict=True))["both"] == pytest.approx(81 / 85, abs=1e-9)


def test_correlated_parameters_are_not_shared_out(model_of):
    """Methods that need independence refuse; `ranking` takes the draws instead, and the variance has the covariance in it."""
    text = LINEAR.replace("stages:", "correlations: [{between: [a, c], rank: 0.5}]\nstages:")
    model = model_of(text)
    with pytest.raises(UsageError, match="correlated"):
        sampled(model, totals(model), 64)
    results = run(model, 200_000)
    rho = 2 * math.sin(math.pi * 0.5 / 6)

    assert ranking(results)[0].method == "from draws"
    assert results.draws([0, 1])[0].var() == pytest.approx(49 + 2 * 2 * 3 * rho, rel=0.01)


def test_a_constant_output_has_no_indices(model_of):
    """Nothing uncertain in it: variance 0, and no number for any parameter rather than zeros."""
    model = model_of(LINEAR.replace("2 * a + 3 * b", "fixed").replace("electricity: c}", "electricity: fixed}").replace("  unused", "  fixed: 1 kWh\n  unused"))
    (found,) = exact(model, totals(model))

    assert found.variance == 0.0
    assert np.isnan(found.s1).all()
    (drawn,) = sampled(model, totals(model), 64)
    assert drawn.variance == 0.0
    assert np.isnan(drawn.st).all()


def test_an_output_of_no_flow_has_no_indices(model_of):
    """An impact known for one indicator only: the others have no term at all, and no number for any parameter."""
    model = model_of(
        "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nparameters: {gas: {value: 'normal(5, 1) kgCO2e', kind: assumed}}\n"
        "stages: {hardware: {flows: {climate_change: gas}}}\n"
    )
    known, *others = exact(model, [Output(k) for k in range(len(model.indicators))])

    assert known.st == pytest.approx([1.0])
    assert len(others) == 4
    assert all(o.variance == 0.0 and np.isnan(o.st).all() for o in others)


PARAMETER = st.sampled_from(
    ["uniform(1, 2)", "triangular(1, 1.5, 3)", "1 to 3", "lognormal(2, 1.3)", "normal(5, 0.5)", "loguniform(1, 4)", "choice(1=0.5, 3=0.5)", "pert(1, 2, 4)"]
)


@given(
    st.lists(PARAMETER, min_size=4, max_size=4),
    st.sampled_from(["a * b + c / d", "a * (b + c) * d", "(a + b) * c ** 2 / d", "a / (2 + b) + c * d * a", "a * b * c - b * d / 7"]),
)
@settings(max_examples=25)
def test_closed_form_agrees_with_brute_force_on_any_such_model(drawn, formula):
    """Four parameters of any kind in sums, products, quotients and powers: exact indices within 0.03 of 2^13 sampled ones."""
    lines = "".join(f"  {name}: {text}\n" for name, text in zip("abcd", drawn, strict=True))
    text = LINEAR[: LINEAR.index("  a:")] + lines + "  unit: 1 kWh\nstages:\n  training: {flows: {electricity: '(" + formula + ") * unit'}}\n"
    model = link(load("study.yaml", text=text))
    outputs = totals(model)
    (a,), (b,) = exact(model, outputs), sampled(model, outputs, 2**13, 1, pairs=sobol_pairs(model, 1))

    assert np.abs(a.s1 - b.s1).max() < 0.03
    assert np.abs(a.st - b.st).max() < 0.03
    assert a.s1.sum() <= 1 + 1e-9 <= a.st.sum() + 2e-9


def test_indices_do_not_change_under_a_linear_map(model_of):
    """3 Y + 7 kWh has the indices of Y."""
    plain, mapped = (
        model_of(LINEAR),
        model_of(
            LINEAR.replace("2 * a + 3 * b}", "6 * a + 9 * b + 7 * one}")
            .replace("electricity: c}", "electricity: 3 * c}")
            .replace("  unused", "  one: 1 kWh\n  unused")
        ),
    )
    (a,), (b,) = exact(plain, totals(plain)), exact(mapped, totals(mapped))

    assert b.s1 == pytest.approx(a.s1, abs=1e-9)


def test_equal_inputs_have_equal_indices(model_of):
    """A · b with both lognormal(1, 1.3): the same S1 and ST."""
    model = model_of(LOGNORMALS.replace("1.3498588075760032", "1.1051709180756477"))
    (found,) = exact(model, totals(model))

    assert found.s1[0] == pytest.approx(found.s1[1], rel=1e-12)
    assert found.st[0] == pytest.approx(found.st[1], rel=1e-12)


def test_where_there_are_no_threads_one_gives_the_same_bytes(model_of, monkeypatch):
    """A system that gives no more threads (ulimit -u) is no mistake of the study."""
    model = model_of(MIXED)
    expected = run(model, 5_000).values.tobytes()

    def refused(_thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refused)

    assert run(model, 5_000, workers=4).values.tobytes() == expected


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_any_number_of_workers_gives_the_same_bytes(model_of, workers):
    """20,001 draws shared out to 1, 2, 3 and 8 threads."""
    model = model_of(MIXED)

    assert run(model, 20_001, workers=workers).values.tobytes() == run(model, 20_001).values.tobytes()


def test_interactions_of_a_product(model_of):
    """A · b · c lognormal: S2 of b and c is (e^0.09 − 1)(e^0.25 − 1)/(e^0.35 − 1), and S1, S2 and the one S3 sum to 1."""
    model = model_of(LOGNORMALS)
    (output,) = totals(model)
    pairs = interactions(model, output)
    va, vb, vc = (math.exp(s * s) - 1 for s in (0.1, 0.3, 0.5))
    whole = math.exp(0.35) - 1

    assert pairs["b", "c"] == pytest.approx(vb * vc / whole, abs=1e-9)
    assert sum(pairs.values()) + sum(exact(model, [output])[0].s1) + va * vb * vc / whole == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("by", ["1e300", "1e160", "1", "1e-160", "1e-300"])
def test_shares_of_the_variance_do_not_depend_on_the_magnitude(model_of, by):
    """Times any number, 2a + 3b has the same shares: with deviations 1 and 2 they are 2² and 6² of 40, though no number holds the squares."""
    a, b = ("{value: 'normal(10, 1)', kind: assumed}", "{value: 'normal(10, 2)', kind: assumed}")
    head = "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nindicators: [climate_change]\n"
    text = (
        f"{head}parameters: {{a: {a}, b: {b}, k: {{value: {by} kgCO2e, kind: assumed}}}}\nstages: {{use: {{flows: {{climate_change: k * (2 * a + 3 * b)}}}}}}\n"
    )
    model = model_of(text)
    (closed,) = exact(model, totals(model))
    (drawn,) = sampled(model, totals(model), 4096)
    results = run(model, 20_000)
    (first,) = from_draws(results, totals(model))
    ((_output, morris),) = screened(model, totals(model), "morris", 50)

    assert closed.s1 == pytest.approx([0.1, 0.9], rel=1e-12)
    assert closed.st == pytest.approx([0.1, 0.9], rel=1e-12)
    assert drawn.st == pytest.approx([0.1, 0.9], abs=0.02)
    assert first.s1 == pytest.approx([0.1, 0.9], abs=0.02)
    assert closed.mean == pytest.approx(50 * float(by), rel=1e-12)
    assert closed.variance > 0
    assert morris["mu_star"][1] / morris["mu_star"][0] == pytest.approx(3, rel=0.3)
    assert sum(interactions(model, totals(model)[0]).values()) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("method", ["fast", "rbd-fast", "pawn", "delta"])
def test_every_method_of_salib_on_a_sum_of_normals(model_of, method):
    """2a + 3b with shares 1/10 and 9/10 of the variance; Borgonovo's δ of each is half the mean distance between N(0, 1) and N(ρx, 1 − ρ²)."""
    a, b = ("{value: 'normal(10, 1)', kind: assumed}", "{value: 'normal(10, 2)', kind: assumed}")
    head = "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nindicators: [climate_change]\n"
    parameters = f"parameters: {{a: {a}, b: {b}, k: {{value: 1 kgCO2e, kind: assumed}}}}\n"
    model = model_of(f"{head}{parameters}stages: {{use: {{flows: {{climate_change: k * (2 * a + 3 * b)}}}}}}\n")
    ((_output, found),) = screened(model, totals(model), method, 4096)

    if "S1" in found:
        assert found["S1"] == pytest.approx([0.1, 0.9], abs=0.05)
    if method == "delta":
        y, x = np.linspace(-8, 8, 2001), np.linspace(-5, 5, 401)
        for i, share in enumerate((0.1, 0.9)):
            conditional = np.exp(-((y - share**0.5 * x[:, None]) ** 2) / (2 * (1 - share))) / np.sqrt(2 * np.pi * (1 - share))
            distance = np.abs(conditional - np.exp(-(y**2) / 2) / np.sqrt(2 * np.pi)).sum(axis=1) * (y[1] - y[0])
            expected = (distance * np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)).sum() * (x[1] - x[0]) / 2
            assert found["delta"][i] == pytest.approx(expected, abs=0.05)
    if method == "pawn":
        assert found["median"][1] > 2 * found["median"][0]
