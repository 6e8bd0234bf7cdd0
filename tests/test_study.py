"""For scripts: what the command line does, a script can do."""

import xml.etree.ElementTree as ET

import pytest
from conftest import BASE

import lca_ml
from lca_ml.errors import UsageError


@pytest.fixture
def study_(study):
    return lca_ml.load(study(BASE + "variants:\n  twice: {energy: 'normal(1000, 100) kWh'}\n"))


def test_a_figure_of_a_result(study_):
    """The chart of a result is that of its numbers: the stated total of climate change stands in its rows."""
    results = study_.run(200)
    chart = results.chart("stages", medium="web", language="en")
    total = next(r["value"] for r in chart.rows if r["statistic"] == "point" and r.get("stage") is None)

    assert total == results.of("climate_change", view="functional_unit").point
    assert ET.fromstring(chart.svg()).tag.endswith("svg")
    assert results.chart("distribution", indicator="water_use").rows[0]["indicator"] == "water_use"
    with pytest.raises(UsageError, match="Did you mean climate_change"):
        results.chart("stages", indicator="climate")
    with pytest.raises(UsageError, match="Did you mean stages"):
        results.chart("stage")


def test_sensitivity_as_a_table(study_):
    """A row for each indicator and parameter; first-order shares of an indicator sum to at most 1."""
    table = study_.run(200).sensitivity()

    assert {"parameter", "indicator", "S1", "ST", "elasticity", "at_p5", "at_p95"} <= set(table.columns)
    assert set(table["indicator"]) == {"climate_change", "electricity_use", "water_use"}
    for _indicator, rows in table.groupby("indicator"):
        assert rows["S1"].sum() <= 1 + 1e-9
        assert (rows["ST"] >= rows["S1"] - 1e-9).all()


def test_two_studies_on_the_same_draws(study_, study, tmp_path):
    """Twice the energy of the training, all else drawn alike: never lower."""
    other = lca_ml.load(str(tmp_path / "study.yaml"), ["twice"])
    found = study_.run(200).compare(other.run(200))
    difference = next(d for d in found.differences() if d.indicator.id == "electricity_use")

    assert difference.below == 0.0
    assert difference.difference.point > 0


def test_a_notebook_shows_the_totals(study_):
    """One row for each indicator, as text: markup in a title does not get through."""
    html = study_.run(50)._repr_html_()

    assert html.count("<tr") == 4
    assert "climate_change" in html
