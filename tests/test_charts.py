"""Figures: nothing overlaps or leaves the canvas, numbers are those of the documents, names are text, bytes are the same."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.transforms import Affine2D

from lca_ml import engine
from lca_ml.charts import CHARTS, MEDIA, THEMES, Canvas, Named, Subject, Sweeping, draw, of_study, stage_colours
from lca_ml.charts.canvas import luminance, on
from lca_ml.charts.sheet import Box, Scale, Sheet
from lca_ml.cli import cli
from lca_ml.colours import STAGE_COLOURS
from lca_ml.comparison import Alternative, Draws, Level, Swept, break_even, cells, compare, curve, read_axis
from lca_ml.data import folder
from lca_ml.documents import Text
from lca_ml.errors import Place, UsageError
from lca_ml.exporters import document
from lca_ml.factors import equivalents
from lca_ml.scenario import STANDARD_STAGES
from lca_ml.sensitivity.documents import index_rows

SAMPLES = 400
SVG = "{http://www.w3.org/2000/svg}"
FINE = 10
HEAD = """\
lca_ml: 1
title: {title}
functional_unit: {unit}
region: here
indicators: [climate_change, electricity_use, water_use]
parameters:
  {energy}: {{value: '{value}', kind: assumed}}
  price: {{value: 'uniform(0.5, 1.5)', kind: assumed}}
factors:
  values:
    - {{flow: electricity, region: here, climate_change: 50 gCO2e/kWh, water_use: 2 L/kWh, source: meter}}
    - {{flow: wood, climate_change: {{value: 1.5 kgCO2e/kg, uncertainty: lognormal(gsd=1.3)}}, source: meter}}
sources: {{meter: {{title: Meter readings}}}}
"""
LONG = "the_energy_of_a_very_long_name_that_goes_on_and_on_indeed"


def study(stages, title="A small study", value="200 to 600 kWh", energy="energy", unit="1000 request", more=""):
    """The text of a scenario with stages of so many times the energy each, wood in the last."""
    text = HEAD.format(title=title, energy=energy, value=value, unit=unit) + more + "stages:\n"
    for name, share in stages.items():
        text += f"  {name}: {{flows: {{electricity: {energy} * price * {share}}}}}\n"
    return text


SHAPES = {
    "usual": study({"storage": 0.2, "training": 1, "inference": 3}, more="excluded: {end_of_life: no data}\n"),
    "one": study({"training": 1}),
    "twelve": study({s: 1 + i for i, s in enumerate(STANDARD_STAGES)}),
    "dominant": study({"storage": 0.0001, "transfer": 0.001, "inference": 1000}),
    "tiny": study({"storage": 1, "inference": 2}, value="2e-9 to 6e-9 Wh"),
    "wide": study({"storage": 1, "inference": 2}, value="1 to 400 kWh"),
    "long": study(
        {LONG.replace("energy", "stage"): 1, "a_second_stage_whose_name_does_not_end_before_the_line_does": 2, "inference": 1},
        title="A study whose title goes on and on, as titles of projects do that were agreed upon by a consortium of many partners",
        energy=LONG,
        unit="1000 request",
        more="excluded: {"
        + ", ".join(f"{s}: no data" for s in ("data_collection", "data_preparation", "storage", "transfer", "experimentation", "fine_tuning", "deployment"))
        + "}\n",
    ),
}
HOSTILE = ['<script>alert("1")</script>', "$$x^2$$ \\frac{1}{2}", "a & b < c > 'd'", "مرحبا", "模型", "]]>", "%s {0} {name}", "=1+1"]


@pytest.fixture(scope="module")
def results_of(model_of):
    found = {}

    def of(text):
        if text not in found:
            found[text] = engine.run(model_of(text), SAMPLES)
        return found[text]

    return of


@pytest.fixture(scope="module")
def all_charts(model_of, results_of, tmp_path_factory):
    """A function from a shape and a canvas to every kind of chart that can be drawn of it."""
    place = tmp_path_factory.mktemp("charts")
    prepared = {}

    def prepare(name):
        if name in prepared:
            return prepared[name]
        text = SHAPES[name]
        energy = LONG if name == "long" else "energy"
        (place / f"{name}.yaml").write_text(text)
        file = str(place / f"{name}.yaml")
        other = model_of(text.replace("uniform(0.5, 1.5)", "uniform(0.4, 1.1)").replace("50 gCO2e", "70 gCO2e"))
        third = model_of(text.replace("uniform(0.5, 1.5)", "uniform(0.1, 0.6)"))
        pair = compare([Alternative("base", model_of(text)), Alternative("another_host_in_a_country_far_away", other)], SAMPLES)
        steps = compare([Alternative("base", model_of(text)), Alternative("boundary", other), Alternative("boundary,grid", third)], SAMPLES)
        axis = read_axis("price", Text("0.2..2:6", Place("x")))
        swept, draws = Swept(file, [axis]), Draws(SAMPLES)
        flat = Swept(file, [axis], (), [f"{energy}=1e-3 kWh"])
        levels = [Level(s) for s in (swept, flat)]
        even = break_even(*levels, draws, swept.model.indicators[:1])[0]
        curves = [("base", list(curve(swept, draws))), ("the other one with a longer name", list(curve(flat, draws)))]
        grid = Swept(file, [axis, read_axis(energy, Text("1,20,300,4000 kWh", Place("x")), "kWh")])
        one = Subject([Named("base", results_of(text))], references=equivalents(folder("factors")))
        prepared[name] = {
            **dict.fromkeys((k for k, v in CHARTS.items() if v.needs in ("results", "references")), one),
            **dict.fromkeys(("compare", "waterfall"), Subject(compared=pair)),
            "reconcile": Subject(compared=steps),
            "sweep": Subject(sweeping=Sweeping(swept, draws, curves, even)),
            "map": Subject(sweeping=Sweeping(grid, draws, cells=list(cells(grid)), budget=20.0)),
            "stages of two": Subject([Named(a.name, r) for a, r in zip(pair.alternatives, pair.results, strict=True)]),
        }
        return prepared[name]

    def charts(name, canvas):
        return {k: draw(k.split()[0], subject, canvas) for k, subject in prepare(name).items()}

    return charts


def texts_of(figure):
    """Each text of a figure and the box it fills, in points."""
    figure.set_dpi(72 * FINE)  # at 72 dots per inch, hinting makes small type wider than it is printed
    renderer = RendererAgg(10, 10, 72 * FINE)
    return [(t, t.get_window_extent(renderer).transformed(Affine2D().scale(1 / FINE))) for t in figure.axes[0].texts if t.get_text()]


CANVASES = [Canvas(m, t, lang) for m, t, lang in itertools.product(MEDIA, THEMES, ("en", "fr")) if t == "light" or (m, lang) == ("slide", "en")]


@pytest.mark.parametrize("canvas", CANVASES, ids=lambda c: f"{c.medium}-{c.theme}-{c.language}")
@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_texts_overlap_and_none_leaves_the_canvas(shape, canvas, all_charts):
    """Every chart, on every medium, in both languages; a quarter of a line of slack for what hangs below the line."""
    for name, chart in all_charts(shape, canvas).items():
        wide, high = canvas.sizes.width, canvas.sizes.height
        boxes = texts_of(chart.figure)
        assert len(boxes) > 3
        for text, box in boxes:
            where = f"{name}: {text.get_text()!r}"
            assert box.x0 >= -0.5 and box.x1 <= wide + 0.5, where
            assert box.y0 >= -0.5 and box.y1 <= high + 0.5, where
        for (a, box), (b, other) in itertools.combinations(boxes, 2):
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across <= 0.5 or up <= 0.27 * min(a.get_fontsize(), b.get_fontsize()), f"{name}: {a.get_text()!r} and {b.get_text()!r}"


@pytest.mark.parametrize("shape", ["usual", "long", "twelve"])
def test_nothing_on_a_slide_is_smaller_than_twenty_points(shape, all_charts):
    """A slide is 13.33 by 7.5 inches, 1920 by 1080 pixels, and its smallest type is 20 pt."""
    for name, chart in all_charts(shape, Canvas("slide")).items():
        assert min(t.get_fontsize() for t in chart.figure.axes[0].texts) >= 20, name
        assert tuple(chart.figure.get_size_inches() * chart.canvas.sizes.dpi) == pytest.approx((1920, 1080))


def test_a_png_of_a_slide_has_1920_by_1080_pixels(all_charts):
    """Width and height stand in bytes 16 to 24 of a PNG."""
    png = all_charts("usual", Canvas("slide"))["stages"].png()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (1920, 1080)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_its_background(theme):
    """Contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3) of ink and muted ink, and of what is written on a stage."""
    colours = THEMES[theme]
    for ink in (colours.ink, colours.muted):
        assert contrast(ink, colours.paper) >= 4.5
    for colour in STAGE_COLOURS.values():
        assert contrast(on(colour), colour) >= 4.5
        assert contrast(colour, colours.paper) >= (1.15 if colour == STAGE_COLOURS["transfer"] else 1.9)


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_standard_stage_has_one_colour_in_every_study():
    """Training is blue (#0072B2) wherever it stands; own stages take colours no other stage has, for as many as there are."""
    assert stage_colours(["inference", "training"])["training"] == stage_colours(["training"])["training"] == "#0072B2"
    own = stage_colours(["training", "a", "b", "c", "hardware"])
    assert len(set(own.values())) == 5
    assert set(STANDARD_STAGES) == set(STAGE_COLOURS)
    assert len(set(STAGE_COLOURS.values())) == len(STAGE_COLOURS)


@pytest.mark.parametrize("kind", [k for k, v in CHARTS.items() if v.needs in ("results", "references")])
def test_svg_is_well_formed_and_says_what_it_shows(kind, all_charts):
    """Title and alternative text stand inside as <title> and <desc>, text is text, and no address leads outside."""
    chart = all_charts("usual", Canvas("web"))[kind]
    root = ET.fromstring(chart.svg())
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == chart.title
    assert root.findtext(f"{SVG}desc") == chart.alt
    shown = [t.text or "" for t in root.iter(f"{SVG}text")]
    assert any(chart.title.split()[0] in t for t in shown)
    assert set(re.findall(r"https?://[^\"' ]+", chart.svg())) <= {"http://www.w3.org/2000/svg"}
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(i.startswith(f"{kind}-") for i in ids)


def test_the_same_input_gives_the_same_bytes(all_charts, results_of):
    """SVG, PNG and PDF, drawn twice from results computed twice."""
    first = {c.kind: c.files() for c in of_study(results_of(SHAPES["usual"]), Canvas("slide"))}
    second = {c.kind: c.files() for c in of_study(engine.run(results_of(SHAPES["usual"]).model, SAMPLES), Canvas("slide"))}
    assert first == second
    assert set(first["stages"]) == {"stages.svg", "stages.png", "stages.pdf", "stages.csv", "stages.txt"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_whatever_it_holds(name, model_of):
    """Markup, dollar signs, quotes, right-to-left letters and overrides: the SVG keeps its elements, and the name stands in it as text."""
    plain = engine.run(model_of(study({"training": 1, "inference": 2}, title="Plain")), SAMPLES)
    other = engine.run(model_of(study({"training": 1, "inference": 2}, title=json.dumps(name))), SAMPLES)
    for a, b in zip(of_study(plain, Canvas("web")), of_study(other, Canvas("web")), strict=True):
        trees = [[e.tag for e in ET.fromstring(c.svg()).iter()] for c in (a, b)]
        assert trees[0] == trees[1], a.kind
        assert b.png()[:4] == b"\x89PNG"
    said = "".join(ET.fromstring(b.svg()).itertext())
    assert "\u202e" not in said
    if name.isascii():
        assert name in said


def test_charts_are_group_bys_of_one_result(results_of):
    """Each number of each chart's CSV is a number of the result document, or of the sensitivity document of the same run."""
    results = results_of(SHAPES["usual"])
    model = results.model
    whole = document(results)
    rows = [*whole["rows"], *whole["quantiles"]]
    known = {(r["indicator"], r["view"], r["statistic"], r.get("stage"), r.get("flow"), r.get("phase"), r["value"]) for r in rows}
    for chart in of_study(results, Canvas("web")):
        if chart.kind in ("sobol", "elasticity", "tornado"):
            continue
        for row in csv.DictReader(io.StringIO(chart.csv())):
            value = float(row["value"]) if row["value"] else None
            key = (row["indicator"], row["view"], row["statistic"], *(row.get(k) or None for k in ("stage", "flow", "phase")), value)
            assert key in known, (chart.kind, row)
    from lca_ml.charts.dominance import indices

    listed = {r["parameter"]: r for r in index_rows(model, [indices(results, model.indicators[0], "functional_unit")])}
    charts = {c.kind: list(csv.DictReader(io.StringIO(c.csv()))) for c in of_study(results, Canvas("web"))}
    assert {r["parameter"]: float(r["ST"]) for r in charts["sobol"]} == {k: r["ST"] for k, r in listed.items()}
    for row in charts["tornado"]:
        assert float(row["value"]) == listed[row["parameter"]][row["statistic"]]
    for row in charts["elasticity"]:
        if row["parameter"] in listed:
            assert float(row["value"]) == listed[row["parameter"]]["elasticity"]


def test_what_has_no_bar_is_told_in_the_unit_of_the_bars(model_of):
    """Twelve inputs of equal weight: eight have a bar, and those without are worth what these are, of elasticity 1/12 as of variance."""
    inputs = [f"part_{i}" for i in range(12)]
    head = HEAD.format(title="Twelve parts", energy="energy", value="1 kWh", unit="1 model").replace(
        "[climate_change, electricity_use, water_use]", "[climate_change]"
    )
    text = head.replace("factors:", "".join(f"  {n}: {{value: 'uniform(9, 11) kWh', kind: assumed}}\n" for n in inputs) + "factors:")
    text += f"stages: {{training: {{flows: {{electricity: {' + '.join(inputs)}}}}}}}\n"
    drawn = of_study(engine.run(model_of(text), SAMPLES), Canvas("web"))
    lines = {c.kind: [e.text.replace("\u00a0", " ") for e in ET.fromstring(c.svg()).iter(f"{SVG}text") if e.text] for c in drawn}
    assert lines["elasticity"].count("+0.083 %") == 7  # the eighth bar is that of the factor: 1 %
    assert "and 5 more inputs, each at most 0.083 %" in lines["elasticity"]
    assert lines["sobol"].count("8 %") == 8
    assert "and 5 more inputs, each at most 8 %" in lines["sobol"]  # the factor is one of them: it is certain


def test_alternatives_draw_the_numbers_of_compare(all_charts, model_of):
    """Waterfall and histogram hold rows of the comparison's document; the steps of a waterfall sum to the difference, and all draws are counted."""
    charts = all_charts("usual", Canvas("web"))
    text = SHAPES["usual"]
    other = model_of(text.replace("uniform(0.5, 1.5)", "uniform(0.4, 1.1)").replace("50 gCO2e", "70 gCO2e"))
    pair = compare([Alternative("base", model_of(text)), Alternative("another_host_in_a_country_far_away", other)], SAMPLES)
    known = {(r["indicator"], r["alternative"], r["group"], r["statistic"], r["value"]) for r in pair.rows()}
    fall = charts["waterfall"].rows
    for row in fall:
        assert (row["indicator"], row["alternative"], row["group"], row["statistic"], row["value"]) in known
    ends = [r["value"] for r in fall if r["group"] is None]
    assert sum(r["value"] for r in fall if r["group"] is not None) == pytest.approx(ends[1] - ends[0], rel=1e-12)
    histogram = charts["compare"].rows
    assert sum(r["value"] for r in histogram if r["statistic"] == "draws") == SAMPLES
    for row in histogram:
        if row["statistic"] != "draws":
            assert (row["indicator"], row["alternative"], None, row["statistic"], row["value"]) in known


def test_the_title_is_the_answer(results_of):
    """Training 1 of 4.2, inference 3 of 4.2: 71 %; storage 0.2 of 4.2 is 5 %."""
    chart = draw("stages", Subject([Named("base", results_of(SHAPES["usual"]))]), Canvas("slide"))
    assert chart.title == "Inference makes 71 % of the total"
    assert "inference 71 %, training 24 %, storage 5 %" in chart.alt
    assert "Not modelled: end of life" in chart.alt


def test_a_title_does_not_say_more_than_the_draws(model_of):
    """Two stages of the same size, each uncertain on its own: neither is said to outweigh the other."""
    text = (
        study({"training": 1})
        .replace("stages:\n", "stages:\n  inference: {flows: {wood: 12 * mass}}\n")
        .replace("parameters:\n", "parameters:\n  mass: {value: 'uniform(0.5, 1.5) kg', kind: assumed}\n")
    )
    chart = draw("stages", Subject([Named("base", engine.run(model_of(text), SAMPLES))]), Canvas("slide"))
    assert chart.title.endswith("too close to call")


def test_what_cannot_be_shown_is_refused(model_of, results_of):
    """Nothing uncertain: no Sobol, no tornado, no distribution; no alternative: no comparison; each says what to do."""
    certain = engine.run(model_of(study({"training": 1}, value="5 kWh").replace("uniform(0.5, 1.5)", "1")), SAMPLES)
    subject = Subject([Named("base", certain)])
    for kind in ("sobol", "tornado", "distribution"):
        with pytest.raises(UsageError, match="uncertain"):
            draw(kind, subject)
    for kind in ("compare", "waterfall", "reconcile", "sweep", "map"):
        with pytest.raises(UsageError):
            draw(kind, Subject([Named("base", results_of(SHAPES["usual"]))]))
    with pytest.raises(UsageError, match="Did you mean stages"):
        draw("stage", subject)
    with pytest.raises(UsageError, match="slide"):
        Canvas("slides")
    assert [c.kind for c in of_study(certain)] == ["stages", "indicators", "elasticity", "flow"]


def test_ticks_are_round_and_few():
    """0 to 7 in at most five ticks: 0, 2, 4, 6; a logarithmic scale over four decades has powers of ten."""
    assert Scale(0, 7, 0, 100).ticks(5) == [0, 2, 4, 6]
    assert Scale(0, 7, 0, 70)(3.5) == 35
    log = Scale(0.01, 100, 0, 400, log=True)
    assert log.ticks(5) == pytest.approx([0.01, 0.1, 1, 10, 100])
    assert log(1.0) == pytest.approx(200)


def test_texts_are_wrapped_by_their_width():
    """No line is wider than its room, no word is lost, and a text cut short ends in an ellipsis."""
    sheet = Sheet(Canvas("slide"), "Title", "Subtitle", "Footer")
    words = "a sentence of some length that does not fit into one line of a slide"
    lines = sheet.wrapped(words, 200, most=9)
    assert " ".join(lines) == words
    assert all(sheet.width(line) <= 200 for line in lines)
    assert sheet.wrapped(words, 200, most=2)[-1].endswith("…")
    assert sheet.width(sheet.cut(words, 120)) <= 120
    assert sheet.apart([10, 11], [6, 6], Box(0, 0, 100, 100)) == [10, 16]
    assert sheet.apart([99, 99], [6, 6], Box(0, 0, 100, 100)) == [91, 97]


def run(*words):
    return CliRunner().invoke(cli, list(words), standalone_mode=False)


def test_the_command_writes_every_format(tmp_path, monkeypatch):
    """SVG, PNG, PDF, CSV and the alternative text; one alone where the name says so; SVG on standard output."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SHAPES["usual"] + "variants:\n  cheap: {price: 'uniform(0.2, 0.4)'}\n")
    assert run("chart", "s.yaml", "stages", "--samples", "100", "-q").exception is None
    assert {p.name for p in tmp_path.iterdir()} == {"s.yaml", "stages.svg", "stages.png", "stages.pdf", "stages.csv", "stages.txt"}
    assert run("chart", "s.yaml", "compare", "--variant", "cheap", "--samples", "100", "-o", "x.png", "-q").exception is None
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"
    assert run("chart", "s.yaml", "flow", "--samples", "100", "-o", "-").stdout.startswith("<svg")
    printed = run("chart", "s.yaml", "sweep", "price=0.1..2:4", "--break-even", "training", "inference", "--samples", "100", "--csv").stdout
    assert {r["curve"] for r in csv.DictReader(io.StringIO(printed))} == {"training", "inference", ""}
    assert run("chart", "s.yaml", "map", "price=0.1,0.5", "energy=1,100 kWh", "--budget", "1 kgCO2e", "--samples", "100", "-o", "m.svg").exception is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("stage",), "Did you mean stages"),
        (("stages", "-o", "x.jpg"), r"\.jpg"),
        (("stages", "price=1..2:3"), "no path and values"),
        (("sweep",), "a path and its values"),
        (("map", "price=1..2:3"), "2 paths"),
        (("compare",), "nothing to compare"),
        (("sobol", "--indicator", "climat"), "climate_change"),
    ],
)
def test_a_command_that_cannot_be_drawn_says_why(words, said, tmp_path, monkeypatch):
    """Nothing is written, and the message names what to write instead."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SHAPES["usual"])
    found = run("chart", "s.yaml", *words, "--samples", "100")
    assert isinstance(found.exception, UsageError)
    assert re.search(said, str(found.exception))
    assert [p.name for p in tmp_path.iterdir()] == ["s.yaml"]


def test_sweeps_and_reconciliations_draw_the_numbers_of_their_commands(tmp_path, monkeypatch):
    """Curve and map hold rows of `sweep --json`, a reconciliation those of `compare --json`."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s.yaml").write_text(SHAPES["usual"] + "variants:\n  cheap: {price: 'uniform(0.2, 0.4)'}\n  less: {energy: 100 kWh}\n")
    common = ("--samples", "100", "--indicator", "climate_change")
    for kind, grid in (("sweep", ["price=0.1..2:4"]), ("map", ["price=0.1,0.5", "energy=1,100 kWh"])):
        drawn = list(csv.DictReader(io.StringIO(run("chart", "s.yaml", kind, *grid, *common, "--csv").stdout)))
        printed = json.loads(run("sweep", "s.yaml", *grid, *common, "--json").stdout)["rows"]
        known = {(r["x"], r.get("y"), r["indicator"], r["group"], r["statistic"], r["value"]) for r in printed}
        for r in drawn:
            key = (float(r["x"]), float(r["y"]) if "y" in r else None, r["indicator"], r["group"] or None, r["statistic"], float(r["value"]))
            assert key in known
        assert len(drawn) >= 8
    variants = ("--variant", "cheap", "--variant", "cheap,less")
    drawn = list(csv.DictReader(io.StringIO(run("chart", "s.yaml", "reconcile", *variants, *common, "--csv").stdout)))
    printed = json.loads(run("compare", "s.yaml", *variants, *common, "--json").stdout)["rows"]
    known = {(r["alternative"], r["statistic"], r["value"]) for r in printed if r["indicator"] == "climate_change"}
    assert len(drawn) == 3
    assert all((r["alternative"], r["statistic"], float(r["value"])) in known for r in drawn)
