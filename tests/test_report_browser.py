"""The report in a browser without a network: no error, accessible, readable at every width, printable.

Driven by Playwright through the machine's own Chromium; judged by axe-core, which `axe-playwright-python` brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lca_ml import charts, report
from lca_ml.engine import run
from lca_ml.model import load_model

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

SCENARIOS = Path(__file__).parent.parent / "scenarios"
STUDIES = {"flip": (SCENARIOS / "dominance-flip.yaml", ["us"]), "api": (SCENARIOS / "templates" / "llm-api.yaml", [])}


@pytest.fixture(scope="module", params=sorted(STUDIES))
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, variants = STUDIES[request.param]
    scenario, model = load_model(str(path), variants)
    results = run(model, 1000)
    out = tmp_path_factory.mktemp("report") / "report.html"
    out.write_text(report.html(scenario, model, results, charts.of_study(results, charts.Canvas("web")), "iso14044"), encoding="utf-8")
    return out


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[Any]:
    """Return a function that opens the report from its file, offline, and collects what the browser complains of."""
    contexts = []

    def open_page(scheme: str = "light", width: int = 1200) -> Any:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text))
        page.on("pageerror", lambda e: page.complaints.append(str(e)))
        page.on("requestfailed", lambda r: page.complaints.append(r.url))
        page.asked = []
        page.on("request", lambda r: page.asked.append(r.url))
        page.goto(page_file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_offline_without_a_complaint(opened, page_file, scheme):
    """Nothing on the console, nothing asked for but the file itself."""
    page = opened(scheme)

    assert page.complaints == []
    assert page.asked == [page_file.as_uri()]
    assert page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened, scheme):
    """No violation of axe-core's rules (WCAG 2 A and AA, best practices), with all folds open."""
    page = opened(scheme)
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")
    found = axe.Axe().run(page).response["violations"]

    assert [(v["id"], v["nodes"][0]["target"]) for v in found] == []


def test_axe_can_find_something(opened):
    """The same check fails on a page with a grey that is too light and a figure without a name."""
    page = opened()
    page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<p style=\"color:#ccc\">faint</p>')")
    page.eval_on_selector("svg", "s => { s.removeAttribute('aria-labelledby'); s.querySelector('title').remove() }")

    assert {v["id"] for v in axe.Axe().run(page).response["violations"]} >= {"color-contrast", "svg-img-alt"}


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_it_fits_every_width(opened, width):
    """The page never scrolls sideways (WCAG 2.2, 1.4.10): wide tables do within themselves, and the keyboard reaches those."""
    page = opened("light", width)
    page.eval_on_selector_all("details", "all => all.forEach(d => d.open = true)")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    unreachable = page.eval_on_selector_all(".table", "all => all.filter(t => t.scrollWidth > t.clientWidth + 1 && t.tabIndex < 0).length")
    assert unreachable == 0


def test_figures_change_with_the_colours_of_the_machine(opened):
    """Letters of a figure are dark on light paper and light on dark."""
    ink = "[...document.querySelectorAll('svg text')].map(t => getComputedStyle(t).fill)[0]"
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light, dark = opened("light"), opened("dark")

    assert light.evaluate(ink) == _rgb(charts.THEMES["light"].ink)
    assert dark.evaluate(ink) == _rgb(charts.THEMES["dark"].ink)
    assert dark.evaluate(paper) == _rgb(charts.THEMES["dark"].paper)


def test_formulas_are_set_as_mathematics(opened):
    """MathML is laid out: a fraction is higher than its numerator is."""
    page = opened()
    widths = page.eval_on_selector_all("math", "all => all.map(m => m.getBoundingClientRect().width)")
    heights = page.eval_on_selector_all("mfrac", "all => all.map(m => [m.getBoundingClientRect().height, m.firstElementChild.getBoundingClientRect().height])")

    assert widths and min(widths) > 5
    assert heights and all(whole > 1.5 * above for whole, above in heights)


def test_the_keyboard_reaches_the_report_first(opened):
    """The first stop of the Tab key is the link over the contents, and it becomes visible."""
    page = opened()
    page.keyboard.press("Tab")
    box = page.evaluate("(() => { const r = document.activeElement.getBoundingClientRect(); return [document.activeElement.className, r.left, r.top] })()")

    assert box == ["skip", 0, 0]


def test_it_prints_on_a4_with_folds_open(opened):
    """On paper: no contents, no data of figures; what is folded on screen is open; no figure wider than the page; pages of A4."""
    page = opened()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 960})

    assert not page.is_visible("nav")
    assert page.eval_on_selector_all("details.data", "all => all.every(d => getComputedStyle(d).display === 'none')")
    assert page.eval_on_selector_all("details.captioned table", "all => all.every(t => t.getBoundingClientRect().height > 0)")
    assert page.eval_on_selector_all("svg", "all => all.every(s => s.getBoundingClientRect().right <= 680)")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert b"/MediaBox [0 0 594.9" in pdf or b"/MediaBox [0 0 595" in pdf


def test_printed_on_a_dark_machine_it_is_dark_on_light(opened):
    """Paper is white whatever the screen is."""
    page = opened("dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == _rgb(charts.THEMES["light"].paper)


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"
