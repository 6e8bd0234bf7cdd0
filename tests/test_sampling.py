"""Random numbers that compose: sample i of a name depends on the seed, the name and i, and on nothing else."""

from __future__ import annotations

import hashlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator, Philox
from scipy.special import ndtr
from scipy.stats import qmc

from lca_ml.distributions import FARTHEST
from lca_ml.normal import quantile
from lca_ml.sampling import SAMPLERS, SMALLEST, SobolUniforms, Stream, Uniforms, cholesky, uniforms

LONG = uniforms(42, "pue", 0, 20_000)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def distance(drawn: np.ndarray) -> float:
    """Return Kolmogorov's and Smirnov's distance between a sample and the uniform distribution."""
    ordered, n = np.sort(drawn), len(drawn)
    return float(max(np.max(np.arange(1, n + 1) / n - ordered), np.max(ordered - np.arange(n) / n)))


def test_the_first_numbers_are_these():
    """Seed 42 and the name pue: these six, to the last bit, on every machine and in every release, or CHANGELOG says so."""
    expected = ["0x1.25721b6974119p-1", "0x1.ea86444cf27b3p-1", "0x1.c1da9d8c676acp-2", "0x1.f3ebcad9f4b11p-1", "0x1.06ef10e737e80p-5", "0x1.bea44de23fb58p-1"]

    assert [float(u).hex() for u in uniforms(42, "pue", 0, 6)] == expected


def test_numbers_far_out_and_of_foreign_names_are_these():
    """Numbers 10^12 and 10^12 + 1 of énergie with seed 7, read without drawing those before."""
    assert uniforms(7, "énergie", 10**12, 2).tolist() == [0.5055419358857011, 0.11744355334174017]


def test_the_sequence_is_philox_keyed_by_the_hash_of_seed_and_name():
    """SHA-256 of `42/pue`, its first 16 bytes as the key of NumPy's own Philox: the published definition, worked out here."""
    key = int.from_bytes(hashlib.sha256(b"42/pue").digest()[:16], "little")

    assert np.array_equal(Generator(Philox(key=key)).random(20_000), LONG)


def test_every_number_lies_in_the_open_interval():
    """Neither 0 nor 1 among a million: their quantiles would be infinite."""
    many = uniforms(1, "x", 0, 1_000_000)

    assert 0 < many.min() < 1e-5
    assert 1 - 1e-5 < many.max() < 1


@given(st.integers(1, 20_000))
@settings(deadline=None, max_examples=60)
def test_the_first_n_of_more_are_the_n(n: int):
    """Draw n, then 20,000: the first n are the same bytes."""
    assert uniforms(42, "pue", 0, n).tobytes() == LONG[:n].tobytes()


@given(st.integers(0, 19_000), st.integers(0, 1_000))
@settings(deadline=None, max_examples=100)
def test_any_stretch_can_be_read_alone(start: int, count: int):
    """Numbers start to start + count are those of the whole sequence, wherever the cut is."""
    assert uniforms(42, "pue", start, count).tobytes() == LONG[start : start + count].tobytes()


@given(st.lists(st.integers(1, 3_000), min_size=1, max_size=8))
@settings(deadline=None, max_examples=60)
def test_any_cutting_into_blocks_gives_the_same_bytes(sizes: list[int]):
    """One stream read block after block, of whatever sizes, is the sequence."""
    stream, ends = Stream(42, "pue"), [0, *itertools.accumulate(sizes)]
    blocks = [stream.uniforms(start, size) for start, size in zip(ends, sizes, strict=False)]

    assert np.concatenate(blocks).tobytes() == uniforms(42, "pue", 0, ends[-1]).tobytes()


@given(st.lists(st.tuples(st.integers(0, 19_000), st.integers(0, 1_000)), min_size=1, max_size=8))
@settings(deadline=None, max_examples=60)
def test_a_stream_may_be_read_in_any_order(stretches: list[tuple[int, int]]):
    """Forward, backward, twice: a stream remembers nothing that changes what it gives."""
    stream = Stream(42, "pue")

    for start, count in stretches:
        assert stream.uniforms(start, count).tobytes() == LONG[start : start + count].tobytes()


def test_what_is_drawn_belongs_to_who_drew_it():
    """Changing an array that was drawn changes no array drawn later."""
    stream = Stream(42, "pue")
    stream.uniforms(0, 100)[:] = 0.0

    assert np.array_equal(stream.uniforms(0, 100), LONG[:100])


NAMES = ["pue", "pue2", "PUE", "peu", "parameters.pue", "", "énergie", "gpu_power", "electricity/FR/2024/climate_change"]


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations(NAMES, 2)))
def test_two_names_are_independent(a: str, b: str):
    """At 4,096 samples the correlation of independent numbers has a standard deviation of 1/64; here it is below 0.05, also one step apart."""
    x, y = uniforms(42, a, 0, 4_097), uniforms(42, b, 0, 4_097)

    assert abs(correlation(x[:-1], y[:-1])) < 0.05
    assert abs(correlation(x[1:], y[:-1])) < 0.05


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations([0, 1, 2, 42, 43, 2**32, -1], 2)))
def test_two_seeds_are_independent(a: int, b: int):
    """Neighbouring seeds too: the correlation at 4,096 samples is below 0.05."""
    assert abs(correlation(uniforms(a, "pue", 0, 4_096), uniforms(b, "pue", 0, 4_096))) < 0.05


@pytest.mark.parametrize("lag", [1, 2, 3, 4, 5, 64, 4_096])
def test_a_sequence_does_not_repeat_itself(lag: int):
    """Numbers a lag apart have a correlation below 0.05: the four numbers of a step of the counter, and blocks, included."""
    assert abs(correlation(LONG[:-lag], LONG[lag:])) < 0.05


def test_seed_and_name_are_not_confused():
    """Seed 1 with the name 2/x is not seed 12 with x, nor seed 1 with 2x."""
    drawn = [uniforms(seed, name, 0, 4).tolist() for seed, name in ((1, "2/x"), (12, "x"), (1, "2x"), (1, "x"))]

    assert all(a != b for a, b in itertools.combinations(drawn, 2))


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_uniform(name: str):
    """Kolmogorov–Smirnov at 10,000 samples: the distance stays below 1.95 / 100, which chance passes once in a thousand."""
    assert distance(uniforms(42, name, 0, 10_000)) < 0.0195


def test_mean_and_variance_are_those_of_uniform_numbers():
    """Mean 1/2 and variance 1/12 over a million, each within four standard errors (1/√12 and 1/√180, over 1000)."""
    many = uniforms(42, "x", 0, 1_000_000)

    assert many.mean() == pytest.approx(1 / 2, abs=4 / np.sqrt(12) / 1000)
    assert many.var() == pytest.approx(1 / 12, abs=4 / np.sqrt(180) / 1000)


def test_correlated_numbers_do_not_depend_on_the_block():
    """Three correlated names read at once, one by one and in sevens: the same bytes."""
    correlated = Uniforms(3, "abcd", [("a", "b", 0.6), ("b", "d", -0.3)])
    whole = correlated.block(0, 50)
    for size in (1, 7):
        parts = [correlated.block(start, min(size, 50 - start)) for start in range(0, 50, size)]
        for name in "abcd":
            assert np.concatenate([p[name] for p in parts]).tobytes() == whole[name].tobytes()


def test_a_zero_among_the_numbers_drawn_becomes_half_of_the_smallest_step(monkeypatch: pytest.MonkeyPatch):
    """0 comes once in 2^53 numbers; no quantile exists there, so 2^-54 stands for it and the others stay."""

    class Zeros:
        def random(self, count: int) -> np.ndarray:
            return np.array([0.0, 0.25, 0.0])[:count]

    stream = Stream(1, "x")
    monkeypatch.setattr(stream, "_generator", Zeros())

    assert stream.uniforms(0, 3).tolist() == [2.0**-54, 0.25, 2.0**-54]


def test_nothing_is_drawn_outside_what_distributions_are_checked_for():
    """The farthest probabilities at which a distribution is checked are those the samplers can give."""
    assert FARTHEST == (SMALLEST, 1 - 2.0**-53)


@pytest.mark.parametrize("kind", SAMPLERS)
def test_every_way_to_draw_gives_the_same_numbers_in_any_blocks(kind: str):
    """16 numbers of two names at once, or 5 and 11, or the last 11 before the first 5."""
    whole = SAMPLERS[kind](3, ("a", "b")).block(0, 16)
    cut, late = SAMPLERS[kind](3, ("a", "b")), SAMPLERS[kind](3, ("a", "b"))
    pieces = [cut.block(0, 5), cut.block(5, 11)]
    backwards = [late.block(5, 11), late.block(0, 5)]

    for name in ("a", "b"):
        assert np.array_equal(np.concatenate([p[name] for p in pieces]), whole[name])
        assert np.array_equal(np.concatenate([p[name] for p in reversed(backwards)]), whole[name])


def test_sobol_points_fill_the_interval_evenly():
    """Of 64 scrambled points of each name, exactly one lies in each 64th of (0, 1): they are a (0, 6, 1)-net."""
    drawn = SobolUniforms(42, ("a", "b", "c")).block(0, 64)

    for name in ("a", "b", "c"):
        assert np.sort(np.floor(drawn[name] * 64)).tolist() == list(range(64))


def test_sobol_points_of_no_name_are_none():
    """A study without uncertain values: nothing is drawn, and that is no mistake."""
    assert SobolUniforms(42, ()).block(0, 8) == {}


def test_correlations_become_those_of_a_copula():
    """Spearman's 0.5 is 2 sin(π / 12) = 0.5176 between normal numbers; the factor times itself gives it back, with ones beside it."""
    factor = cholesky(("a", "b"), [("a", "b", 0.5)])

    assert factor @ factor.T == pytest.approx(np.array([[1.0, 0.5176380902050415], [0.5176380902050415, 1.0]]), rel=1e-15)
    assert factor[0, 1] == 0


def test_correlations_that_contradict_each_other_are_refused():
    """A with b and b with c as strongly as can be, a against c: no numbers are so."""
    with pytest.raises(ValueError, match=r"^$"):
        cholesky(("a", "b", "c"), [("a", "b", 0.95), ("b", "c", 0.95), ("a", "c", -0.95)])


def test_sobol_points_are_those_of_scipy_scrambled_from_the_seed():
    """Names in their order are the dimensions; wherever reading begins, forwards and backwards, point i is point i."""
    expected = qmc.Sobol(2, scramble=True, rng=np.random.default_rng(42)).random(64)
    points = SobolUniforms(42, ("b", "a"))
    for start, count in ((0, 2), (5, 11), (20, 4), (3, 4), (3, 1), (0, 64)):
        drawn = points.block(start, count)
        assert np.array_equal(np.column_stack([drawn["b"], drawn["a"]]), expected[start : start + count])


def test_sobol_points_on_the_border_are_moved_inside(monkeypatch: pytest.MonkeyPatch):
    """0 becomes 2^-54 and 1 the largest number below it."""
    points = SobolUniforms(1, ("a",))
    monkeypatch.setattr(points._points, "random", lambda _count: np.array([[0.0], [0.5], [1.0]]))

    assert points.block(0, 3)["a"].tolist() == [2.0**-54, 0.5, 1 - 2.0**-53]


@pytest.mark.parametrize("kind", SAMPLERS)
def test_a_correlation_is_drawn_by_every_way_to_draw(kind: str):
    """A rank correlation of 0.8 among 4,096: its standard error is (1 - 0.64) / 64 = 0.006; a third name stays what it was."""
    alone = SAMPLERS[kind](5, ("a", "b", "c")).block(0, 4096)
    drawn = SAMPLERS[kind](5, ("a", "b", "c"), [("a", "b", 0.8)]).block(0, 4096)
    ranks = {name: drawn[name].argsort().argsort() for name in drawn}

    assert correlation(ranks["a"], ranks["b"]) == pytest.approx(0.8, abs=0.025)
    assert np.array_equal(drawn["c"], alone["c"])


@pytest.mark.parametrize("pair", [("a", "elsewhere"), ("elsewhere", "a"), ("elsewhere", "nowhere")])
def test_a_correlation_with_a_name_that_is_not_drawn_is_none(pair: tuple[str, str]):
    """A name that nothing depends on is not drawn: the other stays as it is alone."""
    drawn = Uniforms(9, ("a", "b"), [(*pair, 0.9)]).block(0, 8)

    assert set(drawn) == {"a", "b"}
    assert np.array_equal(drawn["a"], uniforms(9, "a", 0, 8))


def test_numbers_beyond_those_a_float_can_count_are_these():
    """Number 4 (2^60 + 1) is the first of step 2^60 + 1 of the generator, which no float holds."""
    key = int.from_bytes(hashlib.sha256(b"42/x").digest()[:16], "little")
    expected = Generator(Philox(key=key, counter=2**60 + 1)).random(3)

    assert np.array_equal(uniforms(42, "x", 4 * (2**60 + 1), 3), expected)


def test_a_stream_read_on_is_not_begun_anew(monkeypatch: pytest.MonkeyPatch):
    """One generator for blocks that follow each other, however many; another where they do not."""
    made: list[int] = []

    def counted(*, key: int, counter: int) -> Philox:
        made.append(counter)
        return Philox(key=key, counter=counter)

    monkeypatch.setattr("lca_ml.sampling.Philox", counted)
    stream = Stream(1, "x")
    for start, count in ((0, 5), (5, 3), (8, 8), (4, 4)):
        stream.uniforms(start, count)

    assert made == [0, 1]


@pytest.mark.parametrize(("z", "expected"), [(40.0, 1 - 2.0**-53), (-40.0, 2.0**-54), (0.0, 0.5)])
def test_correlated_numbers_stay_in_the_open_interval(z: float, expected: float, monkeypatch: pytest.MonkeyPatch):
    """Forty standard deviations out, the normal probability is 1 or 0 to every digit; neither is drawn."""
    monkeypatch.setattr("lca_ml.sampling.quantile", lambda p: np.full_like(p, z))
    drawn = Uniforms(1, ("a", "b"), [("a", "b", 1e-12)]).block(0, 2)

    assert drawn["a"].tolist() == [expected, expected]


def test_three_correlated_names_are_the_lower_factor_times_independent_ones():
    """Row by row: the third is 0.5176 of the first, and what is left of itself after the second."""
    names, pairs = ("a", "b", "c"), [("a", "b", 0.5), ("a", "c", 0.5), ("b", "c", 0.5)]
    z = np.array([quantile(uniforms(3, name, 0, 6)) for name in names])
    drawn = Uniforms(3, names, pairs).block(0, 6)

    for name, expected in zip(names, ndtr(cholesky(names, pairs) @ z), strict=True):
        assert drawn[name] == pytest.approx(expected, rel=1e-12)
