"""Any number of draws in the same memory, and how many are enough."""

import numpy as np
import pytest

from lca_ml.convergence import enough
from lca_ml.engine import run
from lca_ml.streaming import Histogram, stream

STUDY = """\
lca_ml: 1
title: a service
functional_unit: 10 request
delivers: traffic
region: FR
year: 2024
parameters:
  traffic: lognormal(1000, 1.4) request
  energy: lognormal(3, 1.6) Wh/request
stages:
  inference: {process: metered, energy_it: traffic * energy}
  storage: {process: storage, data: 2 TB, duration: 1 year}
"""


def test_quantiles_of_a_histogram_are_right_to_one_part_in_five_thousand():
    """A million lognormal values, negative ones and zeros among them, against NumPy's sort."""
    values = np.random.default_rng(1).lognormal(2, 1.5, 300_000)
    values[:30_000] *= -1
    values[30_000:60_000] = 0
    found = Histogram()
    for block in np.array_split(values, 7):
        found.add(block)

    for p in (0.01, 0.05, 0.15, 0.5, 0.95, 0.999):
        assert found.quantile(p) == pytest.approx(np.quantile(values, p), rel=2e-4)
    assert found.sum / found.count == pytest.approx(values.mean(), rel=1e-12)
    assert found.above(10.0) == pytest.approx((values > 10).mean(), abs=1e-4)


def test_streamed_tables_are_those_of_the_samples(model_of):
    """Totals and stages of 20,000 draws, streamed and kept: the same stated values and means; quantiles to 1e-3, which is how far neighbours lie apart."""
    model = model_of(STUDY)
    kept, streamed = run(model, 20_000, 5), stream(model, 20_000, 5, [("stage",)])

    assert streamed.samples == 20_000
    for labels in ((), ("stage",)):
        for view in ("total", "functional_unit"):
            for a, b in zip(kept.by(*labels, view=view), streamed.by(*labels, view=view), strict=True):
                assert (a.indicator, a.labels, a.point) == (b.indicator, b.labels, b.point)
                if a.mean is not None:
                    assert (b.mean, b.median, b.p5, b.p95) == pytest.approx((a.mean, a.median, a.p5, a.p95), rel=1e-3)
    assert streamed.above(0, 0.5) == pytest.approx(kept.above(0, 0.5), abs=2e-4)


def test_streaming_keeps_no_samples(model_of):
    """The array of samples is empty, whatever their number."""
    assert stream(model_of(STUDY), 30_000).values.size == 0


def test_enough_draws_are_those_whose_digits_stand_still(model_of):
    """One digit takes at least ten blocks of 10,000; two digits more; then the interval of fresh draws agrees to that digit."""
    model = model_of(STUDY)
    one, two = enough(model, 1), enough(model, 2)

    assert one.settled and two.settled
    assert 100_000 <= one.samples < two.samples
    assert (two.error <= two.tolerance[:, None]).all()
    first, second = (run(model, two.samples, seed).of("climate_change", view="functional_unit") for seed in (42, 43))
    assert first.p95 == pytest.approx(second.p95, abs=2 * two.tolerance[0])
