"""The what-if page in a real browser, with the network off: its numbers are those of Python, its address is a scenario, everybody can use it.

Chromium is looked for where systems put it; without one these tests are skipped. Each page is opened from a file.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import documents, written
from hypothesis import given, settings

from lca_ml import distributions as d
from lca_ml.data import folder
from lca_ml.documents import Text
from lca_ml.engine import run
from lca_ml.errors import Place
from lca_ml.explore import page
from lca_ml.explore.page import HERE
from lca_ml.explore.tables import quantile_of
from lca_ml.expressions import javascript, parse, value
from lca_ml.model import Model, load_model
from lca_ml.normal import CENTRAL, FAR, MIDDLE
from lca_ml.sampling import Stream, Uniforms, uniforms
from lca_ml.sensitivity import elasticity, from_draws, totals

DRAWS, SEED = 2000, 42

DRAWN = """\
lca_ml: 1
title: Every kind of draw
functional_unit: 10 request
delivers: requests
region: choice(FR=0.6, PL=0.4)
year: 2023..2025
parameters:
  requests: {value: 'pert(1e5, 2e5, 4e5) request', kind: assumed}
  energy: {value: 'normal(0.4, 0.2, min=0.05, max=0.9) Wh/request', kind: assumed}
  peak: {value: 'lognormal(1.5, 1.6, max=4)', kind: assumed}
  success: {value: 'beta(0.3, 0.1)', kind: assumed}
  repeats: {value: 'choice(1=0.5, 2=0.3, 3=0.2)', kind: assumed}
  metered: {value: 'empirical(measured.csv, energy) kWh', kind: measured, source: meter}
  wide: {value: 'loguniform(0.1, 10)', kind: assumed}
  tri: {value: 'triangular(1, 2, 5, min=1.5) kWh', kind: assumed}
  plus: {value: '-1 to 3 kWh', kind: assumed}
  intensity: {value: 40 to 80 gCO2e/kWh, kind: assumed}
  twice: {value: 2, kind: assumed}
groups: {together: [wide, tri]}
correlations: [{between: [energy, peak], rank: 0.7}, {between: [peak, success], rank: -0.4}]
factors:
  regions: {site-a: FR}
  values:
    - {flow: electricity, region: site-a, climate_change: intensity}
    - {flow: edge-camera, climate_change: 20 to 60 kgCO2e/device, source: us}
stages:
  inference:
    process: metered
    energy_it: requests * energy * peak / max(success, 0.01)
    times: repeats
  training:
    flows: {electricity: "metered * wide ** 0.5 + tri * twice - min(plus, 1 * plus) * log10(wide + 10)"}
    region: site-a
    year: 2024
  hardware:
    cameras:
      flows: {manufacture: {factor: edge-camera, amount: 3 device, phase: embodied}}
      share: 0.25
    drive: {process: storage, data: 5 TB, medium: ssd, duration: 2 year, region: DE, year: 2024}
excluded: {end_of_life: no data}
variants:
  known: {parameters.repeats: 2, region: SE, year: 2024}
  market: {factors.substitute: {electricity: electricity_market}, stages.training.region: FR, region: US}
limits: {climate_change: 3 gCO2e}
"""
HOSTILE = """\
lca_ml: 1
title: "</script><script>alert(1)</script> $$x$$ \\"quotes\\" 'n' \\u05e9\\u05dc\\u05d5\\u05dd <b>bold</b>"
functional_unit: 1 model
region: "<img src=x onerror=alert(2)>"
year: 2024
parameters:
  energy: {value: 10 to 20 kWh, kind: assumed, title: "<script>alert(3)</script> ${x} `tick` \\u0645\\u0631\\u062d\\u0628\\u0627"}
  second: {value: 3 kWh, kind: assumed, title: "a very long name that goes on and on and on and on and on and on and on and on and on and on and on"}
  constructor: {value: 2 kWh, kind: assumed}
factors:
  regions: {"<img src=x onerror=alert(2)>": FR}
  values:
    - {flow: "$$", climate_change: 20 to 60 kgCO2e/device, source: "http://evil.example/"}
    - {flow: electricity, region: "<img src=x onerror=alert(2)>", climate_change: 57 to 90 gCO2e/kWh}
stages:
  training: {process: metered, energy_it: energy + second + constructor}
  toString: {flows: {x: {factor: "$$", amount: 2 device}}}
excluded: {"</style>": "--> <!-- ]]> https://evil.example/"}
variants: {option: {parameters.second: 4 kWh}}
"""
CERTAIN = """\
lca_ml: 1
title: Nothing uncertain
functional_unit: 1 model
indicators: [climate_change]
parameters: {wood: 4 kg, of: 2}
factors: {values: [{flow: wood, climate_change: 3 kgCO2e/kg}]}
stages: {storage: {flows: {wood: wood / of}}}
"""


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The scenarios shown, and those written to be difficult, by name."""
    here = tmp_path_factory.mktemp("studies")
    (here / "measured.csv").write_text("energy\n1.2\n1.5\n2.5\n2.2\n4.0\n1.1\n", encoding="utf-8")
    for name, text in {"drawn": DRAWN, "hostile": HOSTILE, "certain": CERTAIN}.items():
        (here / f"{name}.yaml").write_text(text, encoding="utf-8")
    shown = folder("scenarios")
    paths = [*sorted((shown / "templates").glob("*.yaml")), shown / "published" / "bloom-176b.yaml", *shown.glob("town-hall.yaml"), *here.glob("*.yaml")]
    return {path.stem: str(path) for path in paths}


@pytest.fixture(scope="module")
def files(scenarios: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of each scenario, in a file."""
    here = tmp_path_factory.mktemp("pages")
    for name, path in scenarios.items():
        (here / f"{name}.html").write_text(page(*load_model(path)), encoding="utf-8")
    return {name: here / f"{name}.html" for name in scenarios}


@pytest.fixture
def opened(browser: Any, files: dict[str, Path]) -> Iterator[Any]:
    """Return a function that opens a page from its file, offline; in the end nothing was asked for, no error was said, no dialog shown."""
    said: list[str] = []
    asked: list[str] = []
    contexts = []

    def open_page(name: str, address: str = "", **more: Any) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}} | more)
        contexts.append(context)
        context.set_offline(True)
        tab = context.new_page()
        tab.on("console", lambda m: said.append(f"{m.type}: {m.text}"))
        tab.on("pageerror", lambda e: said.append(f"error: {e}"))
        tab.on("dialog", lambda box: (said.append(f"dialog: {box.message}"), box.dismiss()))
        tab.on("request", lambda r: asked.append(r.url))
        tab.goto(files[name].as_uri() + address)
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert said == []
    assert {url.partition("#")[0] for url in asked} <= {path.as_uri() for path in files.values()} | {u for u in asked if u.startswith("blob:")}


def soon(tab: Any, script: str) -> None:
    """Wait until a script answers true; the page's policy forbids what Playwright would wait with."""
    for _try in range(100):
        if tab.evaluate(script):
            return
        tab.wait_for_timeout(50)
    raise AssertionError(script)


MOVE = """seed => {
  let x = seed;
  const random = () => { x = (x * 1103515245 + 12345) % 2147483648; return x / 2147483648; };
  const pick = (list) => list[Math.floor(random() * list.length)];
  whatIf.reset();
  const { variants } = whatIf.state();
  if (variants.length > 1 && random() < 0.4) {
    const menu = document.getElementById('variant');
    menu.value = String(Math.floor(random() * variants.length));
    menu.dispatchEvent(new Event('change'));
  }
  const menus = whatIf.state().menus.map((_, i) => i).filter(() => random() < 0.4);
  for (const i of menus) {
    const menu = document.getElementById(`menu-${i}`);
    menu.value = pick([...menu.options]).value;
    menu.dispatchEvent(new Event('change'));
  }
  for (const slider of document.querySelectorAll('input[type=range]')) {
    if (random() < 0.7) continue;
    slider.value = String(Math.round(random() * 200));
    slider.dispatchEvent(new Event('input'));
  }
  for (const number of document.querySelectorAll('.entry input')) {
    if (random() < 0.85 || !(Number(number.value.replace(/,/g, '')) > 0)) continue;
    number.value = String(Number(number.value.replace(/,/g, '')) * (0.6 + 0.399 * random()));
    number.dispatchEvent(new Event('change'));
  }
  for (const { key, stated, slider } of whatIf.state().levers) {
    if (random() < 0.9) continue;
    const [low, high] = slider ? [slider.low, slider.high] : [stated / 2, stated * 2];
    whatIf.set(key, low + (high - low) * random());
  }
  return { results: whatIf.results(), yaml: whatIf.scenario(), settings: whatIf.settings(), address: whatIf.state().address };
}"""


def expected(model: Model) -> list[dict[str, Any]]:
    """Return what Python answers, as `whatIf.results()` does."""
    results = run(model, DRAWS, SEED)
    out = []
    for view in ("total", "functional_unit"):
        stages: dict[str, dict[str, Any]] = {}
        for summary in results.by("stage", view=view):
            stages.setdefault(summary.indicator.id, {})[summary.labels["stage"]] = _numbers(summary)
        out += [{"view": view, "indicator": s.indicator.id, "total": _numbers(s), "stages": stages[s.indicator.id]} for s in results.by(view=view)]
    return out


def _numbers(summary: Any) -> dict[str, float] | None:
    names = ("point", "mean", "median", "p5", "p95")
    return None if summary.point is None else {name: getattr(summary, name) for name in names}


def same(found: Any, wanted: Any, where: str) -> None:
    """Hold that numbers agree in 12 significant digits, and that what is unknown to one is unknown to the other."""
    if isinstance(wanted, dict):
        assert set(wanted) <= set(found), where
        for name, inner in wanted.items():
            same(found[name], inner, f"{where}/{name}")
    elif wanted is None or isinstance(wanted, str):
        assert found == wanted, where
    else:
        assert found == pytest.approx(wanted, rel=1e-12, abs=0), where


def recomputed(scenarios: dict[str, str], name: str, move: dict[str, Any], by_yaml: bool) -> Model:
    """Return the model of what was moved: from the YAML the page gives, or from the file with what `--set` takes.

    A factor is set among others of the scenario's own, not by a path; and BLOOM compares figures of the accelerator that `--set` takes away.
    """
    if by_yaml or not move["settings"]["whole"] or name.startswith("bloom"):
        target = Path(scenarios["drawn"]).parent / "what-if.yaml"  # beside the measurements one study needs
        target.write_text(move["yaml"], encoding="utf-8")
        return load_model(str(target))[1]
    variant = move["settings"]["variant"]
    return load_model(scenarios[name], [variant] if variant else [], move["settings"]["list"])[1]


NAMES = ("bloom-176b", "certain", "drawn", "fine-tuning", "hostile", "llm-api", "minimal", "rag", "training", "vision-edge", "town-hall")
TRIES = {"minimal": 8, "certain": 8, "drawn": 32, "town-hall": 24}


@pytest.mark.parametrize("name", NAMES)
def test_a_move_gives_the_numbers_of_python(name, opened, scenarios):
    """Sliders, typed numbers, menus and variants moved at random, 20 times a study and more than 200 in all.

    Totals and stages of every indicator in both views: stated value, mean, median and both ends of the interval, each as `lca-ml run` has it to 12
    significant digits; half of them from the YAML the page gives, half from the settings as `--set` takes them. What is unknown is unknown to both.
    """
    if name not in scenarios:
        pytest.skip("this scenario is not among those lca-ml brings")
    tab = opened(name)
    for seed in range(TRIES.get(name, 20)):
        move = tab.evaluate(MOVE, 1000 * seed + 17)
        for found, wanted in zip(move["results"], expected(recomputed(scenarios, name, move, by_yaml=seed % 2 == 0)), strict=True):
            same(found, wanted, f"{name} #{move['address']}")


@settings(max_examples=6)
@given(documents())
def test_a_random_study_gives_the_numbers_of_python(browser, document):
    """Pages of the scenario's own, shares, multipliers, tags: whatever the language has."""
    scenario, model = load_model("study.yaml", text=written(document))
    tab = browser.new_page()
    try:
        tab.set_content(page(scenario, model))
        for seed in (3, 4):
            move = tab.evaluate(MOVE, seed)
            for found, wanted in zip(move["results"], expected(load_model("what-if.yaml", text=move["yaml"])[1]), strict=True):
                same(found, wanted, move["address"])
    finally:
        tab.close()


def test_shares_of_the_variance_are_those_of_sensitivity(opened, scenarios):
    """`lca-ml sensitivity --method draws` of as many draws: the same estimator on the same numbers, so the same shares."""
    model = load_model(scenarios["training"])[1]
    found = opened("training").evaluate("() => ({ results: whatIf.results(), names: JSON.parse(document.getElementById('data').textContent).streams })")
    output = totals(model, views=("functional_unit",))[0]
    wanted = from_draws(run(model, DRAWS, SEED), [output])[0]
    keys = {base64.b64encode(Stream(SEED, name).key).decode().rstrip("="): name for name in wanted.parameters}
    shares = {keys[found["names"][22 * stream : 22 * stream + 22]]: share for stream, share in found["results"][len(model.indicators)]["shares"]}

    for name, share in zip(wanted.parameters, wanted.s1, strict=True):
        if name in shares:
            assert shares[name] == pytest.approx(share, abs=1e-9)
        else:  # it is drawn for another indicator, or less than nothing
            assert share < 0.02
    assert {"runs_before", "utilisation_of_peak", "factor.electricity.FR.2024.climate_change"} <= set(shares)
    assert not any("water_use" in name for name in shares)


def test_elasticities_are_those_of_sensitivity(opened, scenarios):
    """The MFU: −1.0 % of the result for 1 % more; the size of the model 1.0 %; the grid of France what `lca-ml sensitivity` says."""
    model = load_model(scenarios["training"])[1]
    output = totals(model, views=("functional_unit",))[0]
    wanted = elasticity(model, [output])[output]
    shown = opened("training").evaluate("whatIf.elasticities()")

    assert shown["utilisation_of_peak"] == pytest.approx(wanted["utilisation_of_peak"], rel=1e-9) == pytest.approx(-1.0, abs=0.01)
    assert shown["factor.electricity.FR.climate_change"] == pytest.approx(wanted["factor.electricity.FR.2024.climate_change"], rel=1e-9)


# --- what the numbers are made of


@pytest.fixture(scope="module")
def draws_script(browser: Any) -> Iterator[Any]:
    tab = browser.new_page()
    script = (HERE / "draws.js").read_text(encoding="utf-8")
    given = json.dumps([CENTRAL, MIDDLE, FAR])
    tab.evaluate(f"{{const NORMAL = {given};\n{script}\nwindow.draws = {{uniforms, quantileOf, correlate}};}}")
    yield tab
    tab.close()


def test_random_numbers_are_those_of_numpy(draws_script):
    """Bit for bit: Philox4x64-10 keyed by SHA-256 of seed and name, 53 bits of each number."""
    for seed, name in ((42, "energy"), (0, ""), (2**63 - 1, "factor.electricity.FR.2024.climate_change"), (7, "é")):
        key = base64.b64encode(Stream(seed, name).key).decode()

        assert draws_script.evaluate("key => Array.from(draws.uniforms(key, 1003))", key) == uniforms(seed, name, 0, 1003).tolist()


DISTRIBUTIONS = (
    *(d.Uniform(-1, 3), d.LogUniform(1e-3, 1e4), d.Triangular(1, 2, 5), d.Triangular(1, 1, 5), d.Triangular(2, 2, 2), d.Normal(5, 2), d.LogNormal(3, 1.7)),
    *(d.Pert(1, 2, 6), d.Pert(0, 0, 1), d.Beta(0.3, 0.1), d.Beta(0.02, 0.05), d.Beta(0.9, 0.001), d.Beta(0.999, 0.02), d.Beta(0.4, 0.3)),
    *(d.Choice((1.0, 2.0, 3.0), (0.2, 0.5, 0.3)), d.Empirical((1.0, 2.0, 2.0, 5.0, 7.5)), d.Affine(d.LogNormal(2, 3), 1e-7)),
    *(d.Truncated(d.Normal(1, 1), 0.0, None), d.Truncated(d.Normal(0, 1), 0.0, 2.0), d.Truncated(d.Normal(0, 1), 5.0, None)),
    *(d.Truncated(d.LogNormal(1, 2), 0.5, 4.0), d.Truncated(d.Triangular(0, 1, 3), 0.5, None), d.Truncated(d.Pert(0, 1, 3), 0.5, 2.0)),
    d.Truncated(d.LogUniform(1, 1e3), None, 100.0),
)


def test_quantiles_are_those_of_python(draws_script):
    """Each kind of distribution at 2,000 random probabilities and near both ends: 1e-13, relative."""
    p = np.concatenate([uniforms(42, "x", 0, 2000), [1e-9, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-9]])
    for distribution in DISTRIBUTIONS:
        found = draws_script.evaluate("([given, p]) => p.map(draws.quantileOf(given))", [quantile_of(distribution), p.tolist()])

        np.testing.assert_allclose(found, distribution.quantile(p), rtol=1e-12 if isinstance(distribution, d.Beta) else 1e-13, err_msg=str(distribution))


def test_correlated_numbers_are_those_of_python(draws_script):
    """Three names of which two pairs are correlated: the copula of `lca_ml.sampling`, to 1e-13."""
    pairs = [("a", "b", 0.7), ("b", "c", -0.3)]
    wanted = Uniforms(SEED, "abc", pairs).block(0, 1000)
    keys = [base64.b64encode(Stream(SEED, name).key).decode() for name in "abc"]
    script = "([keys, pairs]) => draws.correlate(keys.map(k => draws.uniforms(k, 1000)), pairs).map(u => Array.from(u))"
    found = draws_script.evaluate(script, [keys, [[0, 1, 0.7], [1, 2, -0.3]]])

    for name, numbers in zip("abc", found, strict=True):
        np.testing.assert_allclose(numbers, wanted[name], rtol=1e-13)


FORMULAS = (
    *("a + b * c", "(a + b) * c", "a - (b - c)", "a / b / c", "a ** b ** c", "(a ** b) ** c", "-a ** 2", "(-a) ** 2", "a - -b", "-(-a)", "2 ** -a"),
    *("1e-7 * a + 3e20", "min(a, b, c) + max(a, 2) - ceil(b)", "sqrt(a) * exp(-b) + log(c) - log2(a) / log10(b + 10)", "0.1 + 0.2 * a"),
)


@pytest.mark.parametrize("source", FORMULAS)
def test_javascript_means_what_the_formula_means(source, draws_script):
    """The reading of a tree as JavaScript, against its value in Python: precedence, signs, powers, every function."""
    values = {"a": 1.7, "b": 0.6, "c": 2.3}
    tree = parse(Text(source, Place("x")))
    found = draws_script.evaluate(f"({{a, b, c}}) => {javascript(tree, str)}", values)

    assert found == pytest.approx(float(value(tree, lambda n: np.float64(values[n]))), rel=1e-14)


# --- the address, the file to take away


def test_the_address_restores_what_was_moved(opened):
    """A number, a region, a device, a factor, the indicator, the view and the language: all in the link, and back from it."""
    tab = opened("llm-api")
    tab.evaluate("""() => {
      whatIf.set('energy_per_request', 0.3); whatIf.choose('region', 'PL'); whatIf.choose('stages.end_user.device', 'smartphone');
      whatIf.set('factor.electricity.PL.climate_change', 500);
    }""")
    tab.locator("input[value=water_use]").check()
    tab.locator("input[name=view][value=total]").check()
    tab.locator("[data-language=fr]").click()
    soon(tab, "location.hash.includes('lang=fr') && location.hash.includes('view=total')")
    before, address = tab.evaluate("whatIf.results()"), tab.evaluate("location.hash")
    again = opened("llm-api", address)

    assert again.evaluate("whatIf.results()") == before
    assert again.evaluate("document.documentElement.lang") == "fr"
    assert again.locator("input[value=water_use]").is_checked()
    assert again.locator("input[name=view][value=total]").is_checked()
    assert "set=energy_per_request%3D0.3+Wh%2Frequest" in address
    again.evaluate("location.hash = '#set=traffic%3D1e6+request%2Fyear'")
    soon(again, "document.documentElement.lang === 'en' && whatIf.state().address === 'set=traffic%3D1000000+request%2Fyear'")


NONSENSE = (
    *("#", "#results", "#%", "#%E0%A4%A", "#set=pue", "#set=size=NaN+param", "#set=size=1e400+param", "#set=size=7e9+kg", "#set=__proto__=1"),
    *("#set=constructor=1", "#variant=nothing&indicator=nothing&view=nothing&lang=xx", "#set=region=%3Cscript%3E", "#set=" + "x" * 30_000),
    *("#set=stages.training.device=%22", "#lang=__proto__"),
)


@pytest.mark.parametrize("address", NONSENSE, ids=lambda a: a[:30])
def test_an_address_that_makes_no_sense_is_passed_over(address, opened):
    """The page shows the file's own values and says nothing; what it does not know never becomes part of it."""
    tab = opened("training", address)

    assert tab.evaluate("whatIf.state().address") == ""
    assert tab.locator("[data-at=value]").inner_text() == "4.8"


def test_the_yaml_that_is_downloaded_runs(opened, scenarios, tmp_path):
    """The button gives a file; `lca-ml run` on it gives the page's numbers; what it says at its head is how."""
    tab = opened("training")
    tab.evaluate("() => { whatIf.set('utilisation_of_peak', 0.4); whatIf.set('factor.electricity.FR.climate_change', 20); }")
    tab.evaluate("whatIf.choose('stages.experimentation.device', 'nvidia-b200')")
    with tab.expect_download() as waiting:
        tab.locator("#download").click()
    target = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(target)
    text = target.read_text(encoding="utf-8")

    assert target.name == "training-what-if.yaml"
    assert "lca-ml run FILE --samples 2000 --seed 42" in text.splitlines()[1]
    for found, wanted in zip(tab.evaluate("whatIf.results()"), expected(load_model(str(target))[1]), strict=True):
        same(found, wanted, "download")


def test_what_is_said_stays_true_after_reset(opened):
    """Each value alone, then all: back to the distribution, to the digit."""
    tab = opened("training")
    before = tab.evaluate("whatIf.results()")
    slider = tab.get_by_role("slider", name="computing before the final run")
    slider.focus()
    slider.press("ArrowRight")
    moved = tab.locator(".lever.moved")
    assert moved.count() == 1
    assert "known here; in the file" in moved.locator(".note").inner_text()
    moved.get_by_role("button").click()
    assert tab.evaluate("whatIf.results()") == before
    tab.locator("#variant").select_option("2")
    tab.evaluate("whatIf.set('keeping', 5)")
    tab.locator("#reset-all").click()
    assert tab.evaluate("whatIf.results()") == before
    assert tab.locator("#reset-all").is_disabled()


# --- what is shown


def test_moving_narrows_the_interval_and_says_what_changed(opened):
    """With what was computed before the final run known, the interval of the training narrows; halving it makes the result lower in most draws."""
    tab = opened("training")
    wide = tab.locator("[data-at=interval]").inner_text()
    tab.evaluate("whatIf.set('runs_before', 0.25)")

    assert tab.locator("[data-at=interval]").inner_text() != wide
    assert re.fullmatch(r"−1\d\u202f% against the file", tab.locator("[data-at=change]").inner_text())
    assert re.match(r"lower in 9\d\u202f% of draws \(−\d\d\u202f% … −\d\u202f%\)", tab.locator("[data-at=sure]").inner_text())
    assert "computing before" not in tab.locator("[data-at=uncertainty]").inner_text()


def test_what_is_not_modelled_is_said_and_never_zero(opened):
    """An excluded stage with its reason, hatched; an indicator without any factor is unknown, a stage without one too."""
    tab = opened("hostile")
    row = tab.locator("tr.hatched", has_text="</style>")

    assert "not modelled: --> <!-- ]]> https://evil.example/" in row.inner_text()
    tab.locator("input[value=electricity_use]").check()
    assert "unknown: no factor" in tab.locator("tbody tr", has_text="toString").inner_text()


def test_names_of_users_are_shown_as_texts(opened):
    """Scripts, markup, `$$`, quotes, right-to-left letters: in title, sliders, menus, stages, variants; nothing of it becomes an element."""
    tab = opened("hostile")

    assert tab.locator("h1").inner_text() == "</script><script>alert(1)</script> $$x$$ \"quotes\" 'n' שלום <b>bold</b>"
    assert tab.locator(".lever label").first.inner_text() == "<script>alert(3)</script> ${x} `tick` مرحبا"
    assert "<img src=x onerror=alert(2)>" in tab.locator("#menus").inner_text()
    assert tab.locator("img, b, main script, iframe").count() == 0


def test_a_value_that_gives_no_result_is_said(opened):
    """Four kilograms by nothing: no finite result, as `lca-ml run` refuses it; a word, and a share above one, are no numbers to take."""
    tab = opened("certain")
    field = tab.locator(".entry input").nth(1)
    field.fill("0")
    field.press("Enter")
    assert tab.locator("[data-at=value]").inner_text() == "–"
    assert tab.locator("[data-at=interval]").inner_text() == "These values give no finite result"
    field.fill("two")
    field.press("Enter")
    assert "two is no number this value can take" in tab.locator(".note.wrong").inner_text()
    field.fill("4")
    field.press("Enter")
    assert tab.locator("[data-at=value]").inner_text() == "3.000"
    assert tab.locator("[data-at=interval]").inner_text() == "Nothing uncertain is left in it"


def test_numbers_are_written_in_the_language(opened):
    """1,234.5 in English is 1 234,5 in French, with U+202F and U+2212; what is typed is read in the language that is shown."""
    tab = opened("llm-api")
    tab.evaluate("whatIf.set('traffic', 1234.5); whatIf.set('energy_per_request', 0.1)")
    assert tab.locator("#lever-0").input_value() == "1,234.5"
    tab.locator("[data-language=fr]").click()
    assert tab.locator("#lever-0").input_value() == "1\u202f234,5"
    assert "−" in tab.locator("[data-at=change]").inner_text() or "+" in tab.locator("[data-at=change]").inner_text()
    tab.locator("#lever-2").fill("0,25")
    tab.locator("#lever-2").press("Enter")
    assert "set=energy_per_request%3D0.25+Wh" in tab.evaluate("whatIf.state().address")
    assert tab.evaluate("document.documentElement.lang") == "fr"
    assert tab.locator("[data-language=fr]").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("value", ["1e-200", "1e120"])
def test_numbers_nobody_could_read_are_powers_of_ten(value, opened):
    """Of a result of 1e-200 or 1e120 the page shows the digits there are, as the command line does."""
    tab = opened("llm-api")
    tab.evaluate(f"whatIf.set('energy_per_request', {value})")
    shown = tab.locator("body").inner_text()

    assert not re.search(r"[0-9,]{22}", shown)
    assert re.search(r"\de[+\u2212]\d\d", shown)


# --- for everybody


THREE_SLIDERS = """() => {
  for (const slider of [...document.querySelectorAll('input[type=range]')].slice(0, 3)) { slider.value = '40'; slider.dispatchEvent(new Event('input')); }
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_axe_finds_nothing(scheme, width, opened):
    """WCAG 2.2 A and AA and best practices, as axe-core checks them: light and dark, projector and phone, at rest and after moves."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for name in ("llm-api", "hostile"):
        tab = opened(name, color_scheme=scheme, viewport={"width": width, "height": 720}, reduced_motion="reduce")
        tab.evaluate(THREE_SLIDERS)
        tab.locator("details").evaluate_all("all => all.forEach(d => { d.open = true; })")
        found = axe.run(tab)

        assert found.violations_count == 0, found.generate_report()


def test_everything_is_reached_by_keyboard(opened):
    """From the top: a link past the controls, then buttons, menus, sliders with their numbers; the focus is seen; a move is told to a screen reader."""
    tab = opened("training")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.id") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "results"
    assert tab.evaluate("location.hash") == ""
    slider = tab.get_by_role("slider", name="years the corpus is kept")
    slider.focus()
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    slider.press("End")
    assert slider.get_attribute("aria-valuetext") == "20 years"
    soon(tab, "document.getElementById('announce').textContent.startsWith('Climate change, per model: ')")
    tab.locator("#menu-0").focus()
    tab.locator("#menu-0").select_option("PL")
    assert tab.evaluate("document.activeElement.id") == "menu-0"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (360, 740)])
def test_nothing_is_wider_than_the_screen(width, height, opened):
    """A projector, a large screen, a phone; in large type too: no scrolling sideways."""
    for name in ("llm-api", "hostile"):
        tab = opened(name, viewport={"width": width, "height": height})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        if width > 400:
            tab.locator("#talk").click()
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
