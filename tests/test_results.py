"""Results: any group-by sums to the total, unknown is not zero, the statistics are those of the samples."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import BASE, documents
from hypothesis import given

from lca_ml.engine import point, run
from lca_ml.errors import UsageError
from lca_ml.results import STATISTICS, VIEWS, in_unit

GROUPINGS = (("stage",), ("stage", "activity"), ("flow",), ("phase",), ("region",), ("year",), ("team",), ("process",), ("stage", "activity", "flow", "phase"))
SAMPLES = 64


def close(a, b):
    """Whether two arrays agree to 1e-12, relative."""
    np.testing.assert_allclose(a, b, rtol=1e-12, atol=0)


@given(documents())
def test_every_group_by_sums_to_the_total(model_of, document):
    """Nothing is lost and nothing counted twice: each grouping, each sample, each indicator, both views, to 1e-12."""
    model = model_of(document)
    results = run(model, SAMPLES)
    tagged = any(f.tags for f in model.flows)
    for view in VIEWS:
        total = results.draws(range(len(model.flows)), view)
        for labels in GROUPINGS:
            if labels == ("team",) and not tagged:
                continue
            groups = results.groups(labels)
            assert sorted(i for flows in groups.values() for i in flows) == list(range(len(model.flows)))
            close(sum(results.draws(flows, view) for flows in groups.values()), total)


@given(documents())
def test_stated_values_and_means_of_groups_sum_to_those_of_the_total(model_of, document):
    """The point value and the mean are linear: what the rows of a grouping show adds up to the row of the total."""
    results = run(model_of(document), SAMPLES)
    for labels in GROUPINGS[:2]:
        for whole in results.by():
            parts = [s for s in results.by(*labels) if s.indicator == whole.indicator and s.point is not None]
            if whole.point is not None:
                close(sum(s.point for s in parts), whole.point)
                close(sum(s.mean for s in parts), whole.mean)


@given(documents())
def test_rows_show_the_statistics_numpy_computes(model_of, document):
    """Mean, median and 5 and 95 % quantiles of a row are NumPy's of the samples of its flows; the point is that of `point`."""
    model = model_of(document)
    results = run(model, SAMPLES)
    stated = point(model)
    for (stage,), flows in results.groups(["stage"]).items():
        for k, indicator in enumerate(model.indicators):
            row = next(s for s in results.by("stage") if s.labels["stage"] == stage and s.indicator == indicator)
            if row.point is None:
                continue
            samples = results.values[flows, k].sum(axis=0)
            close([row.mean, row.median, row.p5, row.p95], [samples.mean(), np.median(samples), np.quantile(samples, 0.05), np.quantile(samples, 0.95)])
            close(row.point, stated.impacts[flows, k, 0].sum())


@given(documents())
def test_the_functional_unit_view_divides_each_sample(model_of, document):
    """Per functional unit is impact over units delivered, sample by sample, and not a ratio of means."""
    results = run(model_of(document), SAMPLES)
    for whole, per_unit in zip(results.by("phase"), results.by("phase", view="functional_unit"), strict=True):
        if whole.point is None:
            assert per_unit.point is None
            continue
        flows = results.groups(["phase"])[(whole.labels["phase"],)]
        k = results.indicators.index(whole.indicator)
        close(per_unit.point, whole.point / results.reference_point)
        close(per_unit.mean, (results.values[flows, k].sum(axis=0) / results.reference).mean())


def test_the_functional_unit_view_by_hand(model_of):
    """6 million requests in three years are 6,000 functional units of 1000: 20 kg of wood × 1.5 kgCO2e/kg = 30 kg, 0.005 kg each."""
    storage = next(s for s in run(model_of(BASE), 16).by("stage", view="functional_unit") if s.labels["stage"] == "storage")

    assert storage.point == pytest.approx(30 / 6000, rel=1e-14)


def test_impacts_of_the_small_study_by_hand(model_of):
    """Runs: 500 kWh × 1.25 / 80 % × 0.05 kg = 39.0625 kg; on site 500 × 0.5 L / 80 % and 781.25 kWh × 2 L make 1.875 m³; tests: 50 kWh."""
    results = run(model_of(BASE), 16)
    shown = {(s.labels["activity"], s.indicator.id): s.point for s in results.by("activity")}

    assert shown["training.runs", "climate_change"] == pytest.approx(39.0625, rel=1e-14)
    assert shown["training.runs", "electricity_use"] == pytest.approx(781.25, rel=1e-14)
    assert shown["training.runs", "water_use"] == pytest.approx((500 * 0.5 / 0.8 + 781.25 * 2) / 1000, rel=1e-14)
    assert shown["training.tests", "climate_change"] == pytest.approx(2.5, rel=1e-14)
    assert shown["inference", "electricity_use"] == pytest.approx(6e6 * (0.2 * 0.6) ** 0.5 * 1.25 / 1000, rel=1e-14)


def test_unknown_is_none_and_not_zero(model_of):
    """Nobody gave the water of wood: its rows hold None in every statistic, and the total is that of what is known."""
    results = run(model_of(BASE), 16)
    rows = [r for r in results.rows() if r["stage"] == "storage" and r["indicator"] == "water_use"]

    assert len(rows) == 5 * len(VIEWS) * len(STATISTICS)  # stage; with activity, flow, phase; finest
    assert {r["value"] for r in rows} == {None}
    assert results.of("water_use", "storage").point is None
    assert results.of("water_use").point == pytest.approx(results.of("water_use", "training").point + results.of("water_use", "inference").point, rel=1e-12)


def test_a_known_zero_is_zero(model_of):
    """A factor of zero and an amount of zero give 0.0, which is not None."""
    text = """\
    lca_ml: 1
    title: Nothing
    functional_unit: 1 kg
    indicators: [climate_change, water_use]
    parameters: {none: 0 kg, some: 3 kg}
    factors: {values: [{flow: sand, climate_change: 0 kgCO2e/kg}]}
    stages: {training: {flows: {sand: some}}, inference: {flows: {sand: none}}}
    """
    results = run(model_of(text), 4)

    assert results.of("climate_change", "training").point == 0.0
    assert results.of("water_use", "training").point is None
    assert results.of("water_use", "inference").point == 0.0


def test_known_says_where_a_factor_is(model_of):
    """Embodied wood uses no electricity of the grid, its water is unknown; electricity has all three; water on site is water alone."""
    results = run(model_of(BASE), 8)
    table = {f.name: list(row) for f, row in zip(results.model.flows, results.known, strict=True)}

    assert table["storage.wood"] == [True, True, False]
    assert table["training.runs.electricity"] == [True, True, True]
    assert table["training.runs.water_on_site"] == [True, True, True]


def test_values_are_zero_where_unknown(model_of):
    """Where `known` is False the samples hold 0, so that a sum over flows is the sum of what is known."""
    results = run(model_of(BASE), 8)

    assert np.count_nonzero(results.values[~results.known]) == 0
    assert np.count_nonzero(results.values[0, 0]) == 8


def test_of_reads_a_stage_an_activity_a_phase_and_a_flow(model_of):
    """39.0625 kg of runs and 2.5 kg of tests are 41.5625 kg of training; the 30 kg of wood are all that is embodied."""
    results = run(model_of(BASE), 8)
    stated = {where: results.of("climate_change", where).point for where in ("training", "training.runs", "embodied", "wood", "training.tests.electricity", "")}

    assert stated["training"] == pytest.approx(41.5625, rel=1e-14)
    assert stated["training.runs"] == pytest.approx(39.0625, rel=1e-14)
    assert stated["embodied"] == stated["wood"] == 30.0
    assert stated["training.tests.electricity"] == pytest.approx(2.5, rel=1e-14)
    assert stated[""] == pytest.approx(71.5625 + results.of("climate_change", "inference").point, rel=1e-14)


def test_stages_come_in_the_order_of_the_life_cycle(model_of):
    """Written inference, audit, storage, training: shown storage, training, inference, then the name the standard does not know."""
    stages = ", ".join(f"{s}: {{flows: {{electricity: used}}}}" for s in ("inference", "audit", "storage", "training"))
    text = f"{{lca_ml: 1, title: t, functional_unit: 1 kWh, region: FR, parameters: {{used: 1 kWh}}, stages: {{{stages}}}}}"

    assert list(run(model_of(text), 2).groups(["stage"])) == [("storage",), ("training",), ("inference",), ("audit",)]


def test_a_tag_is_a_label_and_what_has_none_is_grouped_together(model_of):
    """The tests are of team search, everything else of none: 2.5 kg and the rest."""
    shown = {s.labels["team"]: s.point for s in run(model_of(BASE), 2).by("team") if s.indicator.id == "climate_change"}

    assert set(shown) == {"search", ""}
    assert shown["search"] == pytest.approx(2.5, rel=1e-14)


def test_an_unknown_label_is_refused_with_the_nearest(model_of):
    """Grouping by stages suggests stage."""
    with pytest.raises(UsageError, match="stage"):
        run(model_of(BASE), 2).by("stages")


def test_the_frame_holds_the_rows(model_of):
    """The pandas table is the rows: as many, and the stated total of climate change once per view."""
    results = run(model_of(BASE), 8)
    frame = results.frame
    total = frame[frame.stage.isna() & frame.phase.isna() & (frame.indicator == "climate_change") & (frame.statistic == "point")]

    assert len(frame) == len(results.rows())
    assert list(total["view"]) == list(VIEWS)
    close(total["value"].to_numpy(), [results.of("climate_change", view=v).point for v in VIEWS])


def test_an_indicator_is_converted_to_another_unit_of_its_family(model_of):
    """30 kgCO2e are 0.03 tCO2e and 30,000 gCO2e; the pint total says the same."""
    results = run(model_of(BASE), 2)
    climate = results.indicators[0]

    assert in_unit(30.0, climate, "tCO2e") == pytest.approx(0.03, rel=1e-15)
    assert results.total["climate_change"].to("gCO2e").magnitude == pytest.approx(in_unit(results.of("climate_change").point, climate, "gCO2e"), rel=1e-12)
