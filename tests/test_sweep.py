"""Sweeps: the same bytes as `--set`, grids, break-even against closed forms, maps, and the dominance flip."""

from __future__ import annotations

import csv
import io
import json
import math

import numpy as np
import pytest
from click.testing import CliRunner
from conftest import BASE

from lca_ml.cli import cli
from lca_ml.comparison import Axis, Draws, Level, Swept, break_even, cells, curve, read_axis
from lca_ml.data import folder
from lca_ml.documents import Text
from lca_ml.engine import Program, run
from lca_ml.errors import InputError, Place, UsageError
from lca_ml.model import load_model
from lca_ml.words import speak

SAMPLES = 500
FLIP = str(folder("scenarios") / "dominance-flip.yaml")

LINEAR = """\
lca_ml: 1
title: Two stages
functional_unit: 1 model
region: here
indicators: [climate_change]
parameters:
  requests: {value: 1e6 request, kind: assumed}
  per_request: {value: "lognormal(0.4, 1.5) Wh/request", kind: assumed}
  run: {value: "normal(500, 50) kWh", kind: assumed}
  none: {value: 0 request, kind: assumed}
factors: {values: [{flow: electricity, region: here, climate_change: "lognormal(300, 1.5) gCO2e/kWh"}]}
stages:
  training: {flows: {electricity: run}}
  inference: {flows: {electricity: requests * per_request}}
variants:
  frugal: {parameters.run: 800 kWh, parameters.per_request: 0.2 Wh/request}
  plain: {parameters.run: 500 kWh, parameters.per_request: 0.4 Wh/request}
sweeps:
  traffic: {requests: "1e5..1e7:9:log"}
  both: {requests: "1e5..1e7:3:log", run: "100,500 kWh"}
"""
"""By hand: training 500 kWh, inference requests × 0.4 Wh; they are equal at 500,000 Wh / 0.4 Wh = 1.25 million requests."""


def axis(path: str, written: str, usual: str = "") -> Axis:
    return read_axis(path, Text(written, Place("sweep", 1, 1, len(written), written)), usual)


@pytest.fixture(autouse=True)
def english():
    """Messages in English, whatever a test before has spoken."""
    speak("en")


def lca_ml(*arguments: str) -> str:
    """What a command line prints; errors of a user's making are raised."""
    return CliRunner().invoke(cli, list(arguments), standalone_mode=False, catch_exceptions=False).output


# --- grids


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("1.0..2.0:3", ("1", "1.5", "2")),
        ("1..2:11", ("1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "2")),
        ("1e5..1e9:5:log", ("100000", "1000000", "10000000", "100000000", "1000000000")),
        ("1e5..1e7:2 request/year", ("100000 request/year", "10000000 request/year")),
        ("1..100:3:log kWh", ("1 kWh", "10 kWh", "100 kWh")),
        ("-5..5:3", ("-5", "0", "5")),
        ("0.1,0.2", ("0.1", "0.2")),
        ("0.1, 0.2 Wh", ("0.1 Wh", "0.2 Wh")),
        ("FR,US,PL", ("FR", "US", "PL")),
        ("FR", ("FR",)),
        ("uniform(1, 2) kWh, 3 to 4 kWh", ("uniform(1, 2) kWh", "3 to 4 kWh")),
    ],
)
def test_grids(written, texts):
    """A linear range, a logarithmic one, a list of numbers, of names, of distributions; the unit stands once, at the end."""
    assert axis("x", written).texts == texts


def test_the_unit_is_that_of_the_file_where_none_is_given():
    """1..2:2 beside a value in kWh is 1 kWh and 2 kWh; a unit that is given goes before."""
    assert axis("x", "1..2:2", "kWh").texts == ("1 kWh", "2 kWh")
    assert axis("x", "1..2:2 MWh", "kWh").bases == (1e6, 2e6)


@pytest.mark.parametrize(
    "written", ["1..2", "2..1:3", "1..2:1", "0..2:3:log", "1..2:3:sqrt", "a..b:3", "1,5..2:3", "", "1..2:1001", "01..2:3", "1..2:3 kwattt", "1 Wh,2 kWh"]
)
def test_a_wrong_grid_is_refused_at_its_place(written):
    """No count, falling, one value, a logarithm of zero, an unknown scale, a comma, nothing, too many, a zero ahead, an unknown unit, two units."""
    with pytest.raises(InputError) as refused:
        axis("x", written)
    assert refused.value.findings[0].place.file == "sweep"


# --- the same as --set


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("pue", "1.05..1.95:4"),
        ("parameters.energy", "0.1,0.7 MWh"),
        ("per_request", "0,0.1,0.6 Wh/request"),
        ("training.runs.wue", "0..3:3 L/kWh"),
        ("stages.training.runs.times", "1,2"),
        ("stages.training.tests.share", "0.25,1"),
        ("functional_unit", "10,1000 request"),
        ("delivers", "1e6..1e9:3:log request"),
        ("year", "2022..2024:3"),
        ("energy", "normal(300, 30) kWh,400 kWh"),
        ("parameters.crates.value", "1..3:2 kg"),
    ],
)
def test_each_value_gives_the_bytes_of_a_run_with_set(study, path, written):
    """A parameter, an argument, one with a default, a multiplier, a zero, a key of the scenario, a distribution: as if the scenario said so."""
    file = study(BASE)
    swept = Swept(file, [axis(path, written)])
    draws = Draws(SAMPLES, 7)

    for (i,), text in zip(swept.grid, swept.axes[0].texts, strict=True):
        found, alone = swept.results((i,), draws), run(load_model(file, settings=[f"{path}={text}"])[1], SAMPLES, 7)
        for name in ("values", "points", "reference"):
            assert getattr(found, name).tobytes() == getattr(alone, name).tobytes(), text
        assert found.rows() == alone.rows()
        assert found.model.functional_unit.number == alone.model.functional_unit.number


def test_names_are_linked_anew_and_give_the_bytes_of_a_run(study):
    """Regions and devices."""
    for path, values in (("region", "FR,US"), ("stages.experimentation.device", "nvidia-h100-sxm,nvidia-a100-sxm4-80gb")):
        swept = Swept(FLIP, [axis(path, values)])
        for (i,), text in zip(swept.grid, swept.axes[0].texts, strict=True):
            assert swept.results((i,), Draws(64)).rows() == run(load_model(FLIP, settings=[f"{path}={text}"])[1], 64).rows()


def test_a_plain_number_is_linked_at_both_ends_alone(study, monkeypatch):
    """101 values of a parameter: two models, and the results of 101."""
    from lca_ml.comparison import sweeping

    linked = []
    monkeypatch.setattr(sweeping, "load_model", lambda *a, **k: linked.append(a) or load_model(*a, **k))
    points = list(curve(Swept(study(BASE), [axis("pue", "1..2:101")]), Draws(50)))

    assert len(points) == 101
    assert len(linked) == 2


def test_a_value_of_zero_is_linked_anew(study):
    """Of no crates the impact is known to be nothing, which only the linker sees: the water of storage is 0 there, unknown elsewhere."""
    zero, one = curve(Swept(study(BASE), [axis("crates", "0..1:2 kg")]), Draws(50), labels=("stage",))
    water = [next(s.point for s in p.summaries if s.indicator.id == "water_use" and s.labels.get("stage") == "storage") for p in (zero, one)]

    assert water == [0.0, None]


def test_a_value_the_linker_refuses_is_refused_though_others_are_not_linked(study):
    """A share of 1.5 at the end of the range."""
    with pytest.raises(InputError, match="a share lies between 0 and 1"):
        Swept(study(BASE), [axis("training.tests.share", "0.5..1.5:11")])


def test_two_paths_give_each_cell_the_values_of_both(study):
    """Stated values of a map are those of two settings, plain numbers, zeros and names alike."""
    for first, second in ((("pue", "1,2"), ("energy", "0..300:3 kWh")), (("region", "here,FR"), ("energy", "100,300 kWh"))):
        file = study(BASE)
        swept = Swept(file, [axis(*first), axis(*second)])
        for cell in cells(swept, "total"):
            settings = [f"{a.path}={a.texts[i]}" for a, i in zip(swept.axes, cell.at, strict=True)]
            expected = run(load_model(file, settings=settings)[1], 1).of(cell.indicator.id).point
            assert cell.value == pytest.approx(expected, rel=1e-14)


# --- break-even


@pytest.fixture
def linear(study):
    return study(LINEAR)


def even(file, written, first="inference", second="training", samples=SAMPLES, path="requests", variants=()):
    swept = Swept(file, [axis(path, written, "request")], variants)
    draws = Draws(samples)
    (found,) = break_even(Level(swept, first), Level(swept, second), draws, swept.model.indicators)
    return found, draws, swept


def quotient_of(swept, draws):
    """Run over per_request in each draw: the requests at which the two stages are equal."""
    values = draws.of(Program(swept.model))
    return values["run"] / values["per_request"]


@pytest.mark.parametrize("grid", ["1e4..1e8:9:log", "1e4..1e8:2", "2e5..7e6:40", "1e5,2e6,9e5,8e7"])
def test_break_even_of_linear_stages_by_hand(linear, grid):
    """500 kWh over 0.4 Wh/request is 1.25 million requests, whatever the grid; the shared grid factor cancels."""
    found, _draws, _swept = even(linear, grid)

    assert found.point == pytest.approx(1.25e6, rel=1e-12)
    assert found.overtakes is True


def test_break_even_is_solved_in_each_draw(linear):
    """In each draw it is run / per_request: quantiles of that quotient, to 1e-12."""
    found, draws, swept = even(linear, "1e4..1e8:9:log")
    quotient = quotient_of(swept, draws)

    assert (found.p5, found.median, found.p95) == pytest.approx(tuple(np.percentile(quotient, (5, 50, 95))), rel=1e-12)
    assert (found.without, found.several) == (0, 0)


def test_break_even_the_other_way_round(linear):
    """Training is overtaken where inference overtakes: the same value, the other direction."""
    found, _draws, _swept = even(linear, "1e4..1e8:9:log", "training", "inference")

    assert found.point == pytest.approx(1.25e6, rel=1e-12)
    assert found.overtakes is False


def test_draws_without_a_crossing_count_as_beyond_the_range(linear):
    """Up to 1.25 million requests half of the draws have crossed: the median is there, the upper end lies beyond, nothing before."""
    found, draws, swept = even(linear, "1e4..1.25e6:5")
    quotient = quotient_of(swept, draws)

    assert found.beyond == pytest.approx((quotient > 1.25e6).mean(), abs=1e-12)
    assert found.before == 0
    assert found.p5 == pytest.approx(np.percentile(quotient, 5), rel=1e-12)
    assert found.p95 == math.inf
    assert found.without == found.beyond


def test_draws_that_begin_above_count_as_before_the_range(linear):
    """From 1.25 million on, half of the draws have crossed already."""
    found, _draws, _swept = even(linear, "1.25e6..1e8:5")

    assert found.p5 == -math.inf
    assert found.before > 0.4
    assert found.beyond == 0


def test_no_draw_crosses(linear):
    """Below 10,000 requests inference is below training in each draw."""
    found, _draws, _swept = even(linear, "1..10000:3")

    assert (found.point, found.median, found.overtakes) == (None, None, None)
    assert (found.before, found.beyond) == (0, 1)


def test_two_that_are_always_equal_never_cross(linear):
    """A stage against itself."""
    found, _draws, _swept = even(linear, "1e5..1e7:3", "training", "training")

    assert (found.point, found.median, found.equal, found.without) == (None, None, 1, 1)


def test_a_crossing_on_a_value_of_the_grid_is_found_once(linear):
    """1.25 million is in the list: the variant without uncertainty crosses exactly there."""
    found, _draws, _swept = even(linear, "1e6,1.25e6,2e6", variants=["plain"])

    assert (found.point, found.median, found.p5, found.p95) == pytest.approx((1.25e6,) * 4, rel=1e-12)
    assert (found.several, found.without) == (0, 0)


def test_a_curve_is_solved_between_the_values_of_the_grid(study):
    """run² / 1 kWh against 500 kWh: √500 = 22.36 kWh, though the straight line between 1 and 1,000 crosses far from there."""
    text = LINEAR.replace("electricity: requests * per_request", "electricity: run ** 2 / run_one").replace(
        "  run:", "  run_one: 1 kWh\n  limit: 500 kWh\n  run:"
    )
    text = text.replace("training: {flows: {electricity: run}}", "training: {flows: {electricity: limit}}")
    found, _draws, _swept = even(study(text), "1..1000:4 kWh", path="run")

    assert (found.point, found.median) == pytest.approx((500**0.5,) * 2, rel=1e-12)


def test_break_even_of_variants_by_hand(linear):
    """500 kWh + 0.4 Wh × n against 800 kWh + 0.2 Wh × n: equal at 300,000 / 0.2 = 1.5 million requests, on any grid and in any draw."""
    swept = [Swept(linear, [axis("requests", "1e5..1e7:5:log", "request")], [name]) for name in ("plain", "frugal")]
    (found,) = break_even(Level(swept[0]), Level(swept[1]), Draws(SAMPLES), swept[0].model.indicators)

    assert (found.point, found.p5, found.p95) == pytest.approx((1.5e6,) * 3, rel=1e-9)
    assert found.overtakes is True


def test_break_even_where_values_are_linked_anew_lies_on_a_straight_line(study):
    """`run.value` keeps its uncertainty of 10 %, so each value is linked: 1e6 × 0.4 Wh = 400 kWh, and in each draw the quotient of the two."""
    text = LINEAR.replace('{value: "normal(500, 50) kWh", kind: assumed}', '{value: 500 kWh, uncertainty: "normal(sd=10 %)", kind: assumed}')
    swept = Swept(study(text), [axis("run.value", "100..900:3 kWh")])
    draws = Draws(SAMPLES)
    (found,) = break_even(Level(swept, "training"), Level(swept, "inference"), draws, swept.model.indicators)
    values = draws.of(Program(swept.model))
    quotient = 1e6 * values["per_request"] / (values["run"] / swept.model.node("run").number) / 1000

    assert swept.movable() is None
    assert found.point == pytest.approx(400, rel=1e-12)
    assert found.median == pytest.approx(np.median(quotient), rel=1e-9)


# --- maps


def test_the_dominance_flip():
    """The same cluster: on the grid of the United States its electricity weighs most, on the French grid its manufacture."""
    (us,), (fr,) = ([c for c in cells(Swept(FLIP, [axis("region", r), axis("pue", "1.2")])) if c.indicator.id == "climate_change"] for r in ("US", "FR"))

    assert us.dominant[0] == "experimentation"
    assert fr.dominant[0] == "hardware"
    assert us.value * (1 - us.dominant[1]) == pytest.approx(fr.value * fr.dominant[1], rel=1e-12)  # the same manufacture


def test_the_variants_of_the_flip_say_the_same():
    """In more than 95 % of the draws use outweighs manufacture in the US; in France it does not in most."""
    for variant, low, high in (("us", 0.95, 1.0), ("fr", 0.0, 0.5)):
        results = run(load_model(FLIP, [variant])[1], 4000)
        flows = results.model.flows
        use, made = (results.draws([i for i, f in enumerate(flows) if f.phase == p])[0] for p in ("use", "embodied"))
        assert low <= (use > made).mean() <= high


def test_a_map_as_text_and_rows():
    """Two tables: values, and the stage that weighs most; as rows each cell has both."""
    out = lca_ml("sweep", FLIP, "occupancy=0.3,0.6", "region=FR,US")
    rows = json.loads(lca_ml("sweep", FLIP, "occupancy=0.3,0.6", "region=FR,US", "--json"))["rows"]

    assert "weighs most" in out
    assert [line.split()[0] for line in out.splitlines() if "hardware" in line][:1] == ["0.3"]
    mine = [r for r in rows if r["indicator"] == "climate_change"]
    assert [(r["x"], r["y"], r["statistic"]) for r in mine][:2] == [(0.3, "FR", "point"), (0.3, "FR", "dominant_share")]
    assert len(mine) == 8


# --- the command


def test_the_curve_as_text(linear):
    """A line for each value, the bar, and the sentence of the break-even."""
    out = lca_ml("sweep", linear, "requests=1e5..1e7:3:log", "--break-even", "inference", "training", "--samples", "500")

    assert "requests [request]" in out
    assert "inference overtakes training at requests = 1,250,000 request (stated)" in out
    assert "no crossing" not in out
    assert [line.split()[0] for line in out.splitlines() if "█" in line] == ["100,000", "1,000,000", "10,000,000"]


def test_the_document(linear):
    """Schema, axes, rows of each value, break-even with its shares."""
    swept = ("requests=1e5..1e7:3:log", "--break-even", "inference", "training")
    found = json.loads(lca_ml("sweep", linear, *swept, "--set", "run=500 kWh", "--json", "--samples", "500"))

    assert found["scenario"]["settings"] == "run=500 kWh"
    assert found["schema"] == "lca-ml/sweep@1"
    assert found["axes"] == [{"path": "requests", "unit": "request", "scale": "log", "values": [1e5, 1e6, 1e7]}]
    assert {r["statistic"] for r in found["rows"]} == {"point", "mean", "median", "p5", "p95", "dominant_share"}
    assert found["break_even"][0]["point"] == pytest.approx(1.25e6, rel=1e-12)
    assert found["break_even"][0]["share_without"] == 0


def test_ends_outside_the_range_are_null_in_the_document(linear):
    """JSON knows no infinity: the end is null, the shares say on which side it lies."""
    found = json.loads(lca_ml("sweep", linear, "requests=1e4..1.25e6:3", "--break-even", "inference", "training", "--json", "--samples", "500"))["break_even"][
        0
    ]

    assert found["p95"] is None
    assert found["share_beyond"] > 0.05


def test_rows_as_csv_are_those_of_runs_with_set(linear):
    """Each number of the table is that of `run --set`, digit by digit."""
    rows = list(csv.DictReader(io.StringIO(lca_ml("sweep", linear, "requests=1e5..1e7:3:log", "--by", "stage", "--csv", "--samples", "500"))))

    for text in ("100000", "1000000", "10000000"):
        alone = list(csv.DictReader(io.StringIO(lca_ml("run", linear, "--set", f"requests={text} request", "--csv", "--samples", "500"))))
        for stage in ("", "training"):
            mine = {r["statistic"]: r["value"] for r in rows if float(r["x"]) == float(text) and r["group"] == stage and r["statistic"] != "dominant_share"}
            other = {
                r["statistic"]: r["value"] for r in alone if r["stage"] == stage and not r["activity"] and not r["phase"] and r["view"] == "functional_unit"
            }
            assert mine == other


def test_sweeps_of_the_file(linear):
    """By its name; the unit is that of the value in the file. Two paths make a map."""
    assert lca_ml("sweep", linear, "--name", "traffic", "--csv") == lca_ml("sweep", linear, "requests=1e5..1e7:9:log", "--csv")
    assert "run [kWh] →" in lca_ml("sweep", linear, "--name", "both")


def test_break_even_of_variants_on_the_command_line(linear):
    """`base` names the file as it stands."""
    out = lca_ml("sweep", linear, "requests=1e5..1e7:5:log", "--break-even-variants", "plain", "frugal", "--samples", "100")
    other = lca_ml("sweep", linear, "requests=1e5..1e7:5:log", "--break-even-variants", "base", "frugal", "--samples", "100")

    assert "plain overtakes frugal at requests = 1,500,000 request (stated)" in out
    assert "base overtakes frugal at requests = 1,500,000 request (stated)" in other


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Sweeps of this file are traffic, both"),
        (("--name", "trafic"), "Did you mean traffic"),
        (("requests",), "PATH=VALUES is wanted"),
        (("requests=1e5..1e6",), "is not a range of values"),
        (("requests=1,2", "run=1,2", "per_request=1,2"), "one path, or two for a map"),
        (("requests=1,2", "--name", "traffic"), "not both"),
        (("requests=1,2", "--break-even", "trainng", "inference"), "Did you mean training"),
        (("region=here,FR", "--break-even", "training", "inference"), "one path whose values are numbers"),
        (("requests=1,2", "--indicator", "water"), "climate_change"),
    ],
)
def test_a_wrong_command_line_is_told_what_to_try(linear, arguments, said):
    """No path, a misspelt sweep, no values, three paths, a break-even of names."""
    with pytest.raises(UsageError, match=said):
        lca_ml("sweep", linear, *arguments)


@pytest.mark.parametrize(("block", "said"), [("sweeps: {a: 3}", "a must be a mapping"), ("sweeps: {a: {requests: 1..2}}", "is not a range of values")])
def test_a_wrong_sweep_of_the_file_is_refused_at_its_place(study, block, said):
    """The place is the file's."""
    with pytest.raises(InputError, match=said) as refused:
        lca_ml("sweep", study(LINEAR.partition("sweeps:")[0] + block + "\n"), "--name", "a")
    assert refused.value.findings[0].place.file.endswith("study.yaml")
