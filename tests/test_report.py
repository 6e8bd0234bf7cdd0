"""The report: well-formed, complete, harmless, the same every time, its numbers those of the result."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from markdown_it import MarkdownIt
from pylatexenc.latexwalker import LatexEnvironmentNode, LatexWalker

from lca_ml import charts, report, words
from lca_ml.engine import run
from lca_ml.errors import WorldError
from lca_ml.exporters import document
from lca_ml.model import load_model
from lca_ml.notation import figure
from lca_ml.profiles import filled, ids
from lca_ml.report import as_pdf
from lca_ml.report.content import Subject
from lca_ml.report.content import document as content
from lca_ml.report.content.checklist import tally
from lca_ml.scenario import stage_title
from lca_ml.streaming import stream
from lca_ml.units import unit
from lca_ml.words import speak

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
BLOOM = SCENARIOS / "published" / "bloom-176b.yaml"
FLIP = SCENARIOS / "dominance-flip.yaml"
SHOWN = [*sorted(SCENARIOS.glob("*.yaml")), BLOOM]
STUDIES = [*SHOWN, *sorted((SCENARIOS / "templates").glob("*.yaml")), SCENARIOS / "published" / "boavizta-r740-components.yaml"]

HARMLESS = """\
lca_ml: 1
title: A plain title
about: A plain sentence.
functional_unit: 1 model
region: FR
year: 2024
goal: {application: choosing, audience: people, reasons: none}
sources:
  paper: {title: A paper, authors: Doe, year: 2020, licence: free}
parameters:
  energy: {value: "uniform(90, 110) kWh", source: paper, note: a note, kind: measured}
  mass: {value: 3 kg, source: a log}
factors:
  values: [{flow: wood, climate_change: 1.5 kgCO2e/kg, source: a table}]
stages:
  training: {process: metered, energy_it: energy, pue: 1.2, tags: {team: search}, note: a word}
  my_stage: {flows: {wood: mass}}
excluded: {inference: a reason, end_of_life: another}
"""
HOSTILE = {
    "A plain title": '"<script>alert(1)</script> $$x$$ \'q\' \\"d\\" </style> & {b} 50% #1 _a_ ^ ~ \\\\ | `c` [l](javascript:alert(1)) ]]> <!-- 日本 🙂"',
    "A plain sentence.": '"# a heading </p><b>bold</b> \\\\input{/etc/passwd} $\\\\frac{1}{2}$"',
    "choosing": '"<img src=x onerror=alert(1)>"',
    "people": '"- item"',
    "reasons: none": 'reasons: "</td></table>"',
    "title: A paper": 'title: "A {title} } { \\\\end @misc{x, % <b>"',
    "authors: Doe": 'authors: "O\'Brien & <i>"',
    "licence: free": 'licence: "</code><i>"',
    "note: a note": 'note: "</small><script>"',
    "source: a log": "source: \"=cmd|'/c calc'!A1 \\\\end{document} %\"",
    "flow: wood": 'flow: "wood<b>"',
    "{wood: mass}": '{"wood<b>": mass}',
    "source: a table": 'source: "a \\\\source{} $ % #"',
    "search": '"<u>x</u>"',
    "note: a word": 'note: "**b** | pipe"',
    "inference: a reason": 'inference: "<reason> & {why} | \\\\ %"',
    "end_of_life: another": 'end_of_life: "$$"',
}
"""Each harmless text, and what stands in its place."""


@dataclass
class Study:
    """A study read, computed and drawn."""

    scenario: Any
    model: Any
    results: Any
    charts: list[Any] = field(default_factory=list)

    def write(self, form: str = "html", template: str = "", drawn: bool = True) -> str:
        return report.written(form, self.scenario, self.model, self.results, self.charts if drawn else [], template).decode()


def computed(path: Path | str, samples: int = 500, drawn: bool = False, variants: tuple[str, ...] = ()) -> Study:
    scenario, model = load_model(str(path), variants)
    results = run(model, samples)
    return Study(scenario, model, results, charts.of_study(results, charts.Canvas("web"), report.first_indicator(results)) if drawn else [])


def parsed(page: str) -> Any:
    """Return the tree of a page; html5lib refuses the first thing HTML does not allow."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def bloom() -> Study:
    return computed(BLOOM, 2000, drawn=True)


@pytest.fixture(scope="module")
def flip() -> Study:
    return computed(FLIP, 2000, drawn=True, variants=("us",))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Study:
    path = tmp_path_factory.mktemp("plain") / "study.yaml"
    path.write_text(HARMLESS, encoding="utf-8")
    return computed(path)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Study:
    text = HARMLESS
    for harmless, other in HOSTILE.items():
        assert harmless in text
        text = text.replace(harmless, other)
    path = tmp_path_factory.mktemp("hostile") / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return computed(path)


# --- structure


@pytest.mark.parametrize("path", STUDIES, ids=lambda p: p.stem)
def test_a_page_is_correct_html(path):
    """No parse error; one h1; every table has a caption and heads with a scope; no identifier twice; contents lead to sections that are there."""
    page = parsed(computed(path).write(template="iso14044"))
    identifiers = [e.get("id") for e in page.iter() if e.get("id")]

    assert page.get("lang") == "en"
    assert len(page.findall(".//h1")) == 1
    assert len(identifiers) == len(set(identifiers))
    for table in page.iter("table"):
        assert text_of(table.find("caption"))
        assert all(th.get("scope") in ("col", "row", "rowgroup") for th in table.iter("th"))
        widths = {sum(int(c.get("colspan", 1)) for c in row) for row in table.iter("tr")}
        assert len(widths) == 1, text_of(table.find("caption"))
    links = [a.get("href")[1:] for a in page.find(".//nav").iter("a")]
    assert links == [s.get("id") for s in page.iter("section")]
    assert {e.tag for e in page.find("body")} >= {"a", "header", "nav", "main", "footer"}


def test_sections_come_in_the_order_a_reader_needs(bloom):
    """The answer, then the scope, the boundary, figures, results, what dominates, the checklist, inputs, formulas, warnings, sources, methods, command."""
    page = parsed(bloom.write(template="sci-ai"))

    assert [s.get("id") for s in page.iter("section")] == [
        "answer",
        "scope",
        "boundary",
        "figures",
        "results",
        "dominance",
        "checklist",
        "inputs",
        "formulas",
        "warnings",
        "sources",
        "methods",
        "reproduce",
    ]


def test_figures_stand_in_the_page_with_their_data(bloom):
    """Each chart is an SVG with title and description, its texts are texts, and its data is a table below it."""
    page = parsed(bloom.write())
    figures = list(page.iter("figure"))

    assert len(figures) == len(bloom.charts) > 0
    for one, chart in zip(figures, bloom.charts, strict=True):
        drawing = one.find("{http://www.w3.org/2000/svg}svg")
        assert drawing.get("role") == "img"
        assert text_of(drawing.find("{http://www.w3.org/2000/svg}title")) == " ".join(chart.title.split())
        assert text_of(drawing.find("{http://www.w3.org/2000/svg}desc")) == " ".join(chart.alt.split())
        assert one.find("details").find(".//table") is not None
    identifiers = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.parametrize("path", SHOWN, ids=lambda p: p.stem)
def test_a_page_stands_alone(path):
    """No script, no frame, no form, nothing loaded: an address is what a reader may click, and a policy forbids the rest. Between 70 and 250 kB."""
    page = computed(path, drawn=True).write()
    tree = parsed(page)

    assert 70_000 < len(page.encode()) < 250_000
    assert not {e.tag for e in tree.iter()} & {"script", "iframe", "object", "embed", "link", "form", "input", "img", "base", "video", "audio"}
    for element in tree.iter():
        for name, value in element.attrib.items():
            local = str(name).rpartition("}")[2]
            assert not local.startswith("on") and local not in ("src", "srcset", "action", "formaction", "poster", "background"), (element.tag, name)
            if local == "href" and element.tag != "a":
                assert value.startswith("#")
            assert "url(" not in value or re.search(r"url\(#", value)
    style = text_of(tree.find(".//style"))
    assert "@import" not in style and "url(" not in style and "http" not in style
    assert len(tree.findall(".//style")) == 1
    (policy,) = [m.get("content") for m in tree.iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "http" not in policy and "unsafe-eval" not in policy and "script-src" not in policy


def test_drawings_take_the_colours_of_the_page(bloom):
    """No neutral colour of the light theme is left but in letters on coloured bars: the page gives them, light or dark."""
    page = bloom.write()
    light = charts.THEMES["light"]

    assert f"--ink:{light.ink}" in page and f"--paper:{charts.THEMES['dark'].paper}" in page
    body = page[page.index("<body>") :]
    assert not re.search(rf"{light.ink}|{light.muted}|{light.grid}", body)
    assert all(m.startswith("<text") for m in re.findall(rf"<[^>]*{light.paper}[^>]*>", body))
    assert "var(--ink)" in body


# --- numbers


def rows_of(page: Any, caption: str) -> dict[str, list[str]]:
    """Return the rows of a table by their heads."""
    (table,) = [t for t in page.iter("table") if text_of(t.find("caption")) == caption]
    return {text_of(row[0]).removesuffix(" *"): [text_of(c) for c in row[1:]] for row in table.iter("tr") if row[0].get("scope") == "row"}


def values_of(results: Any, **wanted: Any) -> dict[str, float]:
    """Return the statistics of one group from the rows of the JSON document."""
    wanted = {"stage": None, "activity": None, "flow": None, "phase": None} | wanted
    return {r["statistic"]: r["value"] for r in document(results)["rows"] if all(r[k] == v for k, v in wanted.items())}


@pytest.mark.parametrize("name", ["bloom", "flip"])
def test_totals_are_those_of_the_json(name, request):
    """Each indicator per functional unit and in all: the point, the interval, median and mean of the document, rounded as `run` rounds them."""
    study = request.getfixturevalue(name)
    rows = rows_of(parsed(study.write()), "Results, stated values")
    for indicator in study.model.indicators:
        v = values_of(study.results, indicator=indicator.id, view="functional_unit")
        shown = figure(v["point"], v["p5"], v["p95"], indicator.unit)
        cells = rows[indicator.title()]
        assert cells[0] == f"{shown.point} {shown.unit}"
        assert cells[1] == shown.interval
        whole = values_of(study.results, indicator=indicator.id, view="total")
        if study.results.reference_point != 1:
            all_ = figure(whole["point"], whole["p5"], whole["p95"], indicator.unit)
            assert cells[4:] == [f"{all_.point} {all_.unit}", all_.interval]


def test_stages_are_those_of_the_json(bloom):
    """Stage by stage, climate change in tCO2e: point and interval of the document."""
    page = parsed(bloom.write())
    rows = rows_of(page, "By life-cycle stage")
    indicator = bloom.model.indicators[0]
    for stage in bloom.model.stages:
        v = values_of(bloom.results, indicator="climate_change", view="total", stage=stage)
        shown = figure(v["point"], v["p5"], v["p95"], indicator.unit, name="tCO2e")
        title = stage_title(stage)
        assert rows[title[:1].upper() + title[1:]][0] == " ".join(f"{shown.point}{shown.interval}".split())
    assert unit("tCO2e").same(indicator.unit)


def test_the_headline_is_the_answer(flip):
    """One sentence: value, functional unit, interval, and the value in all."""
    v = values_of(flip.results, indicator="climate_change", view="functional_unit")
    shown = figure(v["point"], v["p5"], v["p95"], flip.model.indicators[0].unit)
    (lead,) = [p for p in parsed(flip.write()).iter("p") if p.get("class") == "lead"]

    assert text_of(lead).startswith(f"Climate change amounts to {shown.point} {shown.unit} per GPU·h (90 % interval {shown.interval} {shown.unit}), and to ")


def test_figures_data_are_those_of_the_chart(bloom):
    """The stages of the first figure: the stated values of its rows, with four digits."""
    from lca_ml.notation import number

    (chart,) = [c for c in bloom.charts if c.kind == "stages"]
    (one,) = [f for f in parsed(bloom.write()).iter("figure") if chart.title in text_of(f.find(".//summary"))]
    shown = {text_of(row[0]): [text_of(c) for c in row[1:]] for row in one.iter("tr") if row[0].get("scope") == "row"}
    stated = {r["stage"]: r["value"] for r in chart.rows if r["statistic"] == "point"}

    assert shown
    assert {k: v[0] for k, v in shown.items()} == {stage_title(s) if s else "in all": number(v, 4) for s, v in stated.items()}


def test_what_has_no_factor_is_unknown_and_not_zero(plain):
    """Wood has no factor of water: `no factor` in its cell, and its name in the boundary."""
    page = parsed(plain.write())

    assert rows_of(page, "By life-cycle stage")["My stage"][-1] == "no factor"
    assert list(rows_of(page, "No factor is known for")) == ["Wood"]
    assert rows_of(page, "Excluded") == {"Inference": ["a reason"], "End of life": ["another"]}


def test_a_study_nothing_is_known_of_has_a_report(tmp_path):
    """A flow without any factor, nothing uncertain: every format says so and none fails."""
    path = tmp_path / "study.yaml"
    path.write_text(
        "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nindicators: [water_use]\nparameters: {n: {value: 2 GPU, kind: assumed}}\n"
        "stages: {training: {flows: {nvidia-h100-sxm: {amount: n, phase: embodied}}}}\n",
        encoding="utf-8",
    )
    study = computed(path, drawn=True)

    assert "its impacts are unknown" in study.write()
    for form in ("markdown", "latex"):
        assert "unknown" in study.write(form)


def test_streamed_results_have_a_report(plain):
    """Results without samples: totals and stages, and no failure."""
    streamed = stream(plain.model, 20_000, labels=[("stage",), ("phase",)])
    page = parsed(report.html(plain.scenario, plain.model, streamed))

    assert rows_of(page, "Results, stated values")["Climate change"][0].endswith("kgCO₂e")


# --- hostile texts


def shape(element: Any) -> list[Any]:
    """Return the tags and the names of attributes of a tree, without its texts; where a long name may break (wbr, lines of a figure) is no matter."""
    if element.tag == "svg":
        return [element.tag, sorted({child.tag for child in element.iter()})]
    attributes = [] if element.tag == "pre" else sorted(map(str, element.attrib))  # a long formula is set smaller
    return [element.tag, attributes, [shape(child) for child in element if child.tag != "wbr"]]


def test_hostile_names_make_the_same_tree(plain, hostile):
    """Scripts, closing tags, comments, mathematics, quotes in every text a user writes: the same elements as for harmless ones."""
    assert shape(parsed(hostile.write(template="iso14044"))) == shape(parsed(plain.write(template="iso14044")))


def test_hostile_names_are_shown(hostile):
    """The title and a reason are read as they were written."""
    page = parsed(hostile.write())

    assert text_of(page.find(".//h1")) == " ".join(hostile.model.title.split())
    assert rows_of(page, "Excluded")["Inference"] == ["<reason> & {why} | \\ %"]


def test_what_is_not_seen_is_shown(plain):
    """A right-to-left override in a title is written out, in every format."""
    odd = Study(plain.scenario, replaced(plain.model, title="a\u202eb\u2028c"), plain.results)
    odd.results = run(odd.model, 100)

    assert "a&lt;U+202E&gt;b&lt;U+2028&gt;c" in odd.write()
    for form in ("html", "markdown", "latex"):
        assert not set("\u202e\u2028\u2066\x07") & set(odd.write(form))


def replaced(model: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(model, **changes)


# --- Markdown and LaTeX


@pytest.mark.parametrize("name", ["bloom", "hostile", "plain"])
def test_markdown_is_read_as_what_it_is(name, request):
    """A CommonMark parser finds the headings of the document, whole tables, and no HTML, no image, no link but to sources."""
    study = request.getfixturevalue(name)
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(study.write("markdown", "iso14044"))
    headings = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h2"]
    inner = [c for t in tokens for c in t.children or []]

    assert len(headings) == len(content(Subject(study.scenario, study.model, study.results, tuple(study.charts), "iso14044")).sections)
    assert not {t.type for t in [*tokens, *inner]} & {"html_block", "html_inline", "image"}
    assert all(c.attrs["href"].startswith("http") for c in inner if c.type == "link_open")
    heads = 0
    for i, t in enumerate(tokens):
        if t.type == "tr_open":
            cells = sum(x.type in ("td_open", "th_open") for x in tokens[i : next(k for k in range(i, len(tokens)) if tokens[k].type == "tr_close")])
            heads = cells if tokens[i - 1].type == "thead_open" else heads
            assert cells == heads


def test_markdown_of_hostile_names_has_the_same_tokens(plain, hostile):
    """The same kinds of block and of text, in the same order, whatever the names."""
    parser = MarkdownIt("commonmark").enable("table")
    kinds = [[t.type for t in parser.parse(s.write("markdown", "iso14044")) if t.type != "fence"] for s in (plain, hostile)]

    assert kinds[0] == kinds[1]


@pytest.mark.parametrize("name", ["bloom", "flip", "hostile"])
def test_latex_is_read_as_what_it_is(name, request):
    """A LaTeX parser reads it to its end: every group and environment is closed, the document ends once."""
    text = request.getfixturevalue(name).write("latex", "sci-ai")
    nodes, _at, _length = LatexWalker(text, tolerant_parsing=False).get_latex_nodes()

    assert [n.environmentname for n in nodes if isinstance(n, LatexEnvironmentNode)] == ["document"]
    assert text.count(r"\end{document}") == 1
    assert not re.search(r"(?<!\\)\\(input|include|write18|openin|catcode|csname|def)\b", text[text.index(r"\begin{document}") :])


def test_latex_of_hostile_names_has_the_same_commands(plain, hostile):
    """Sections, headings, tables and formulas are those of harmless names."""
    wanted = re.compile(r"\\(?:section|heading|begin|end|item|formula|toprule|url|href)\b(?:\{(?:longtable|itemize|description|document|quote)\})?")

    assert wanted.findall(hostile.write("latex")) == wanted.findall(plain.write("latex"))


def test_characters_pdftex_does_not_know_are_declared(hostile):
    """Chinese and emoji are set as their numbers by pdfTeX, as themselves by the others."""
    text = hostile.write("latex")

    assert r"\DeclareUnicodeCharacter{65E5}{[U+65E5]}" in text
    assert r"\DeclareUnicodeCharacter{1F642}{[U+1F642]}" in text


# --- templates


@pytest.mark.parametrize("template", ids())
def test_a_template_says_how_much_is_filled(template, bloom):
    """As many rows as elements, `missing` in those without an answer, the count in a sentence, and no claim."""
    page = parsed(bloom.write(template=template, drawn=False))
    answers = filled(bloom.scenario, bloom.model, template)
    (section,) = [s for s in page.iter("section") if s.get("id") == "checklist"]
    (table,) = [t for t in section.iter("table") if text_of(t.find("caption")).startswith("What is asked for")]
    stated = [text_of(row[2]) for row in table.iter("tr") if row[0].get("scope") == "row"]

    assert len(stated) == len(answers)
    assert sum(s.startswith("missing") for s in stated) == sum(not a.text for a in answers)
    assert text_of(section.find(".//p[@class='notice']")) == " ".join(tally(answers).split())
    assert "no claim of conformity" in text_of(section)


def test_without_a_template_there_is_no_checklist(bloom):
    """No section of that name."""
    assert 'id="checklist"' not in bloom.write(drawn=False)


# --- languages


@pytest.fixture
def marked_language(monkeypatch, tmp_path):
    """A French catalogue in which every message of the package is set in ⟦ ⟧."""
    catalogue = Catalog(locale="fr")
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(ROOT / "lca_ml"), method_map=[("**.py", "python")], keywords={"_": None, "later": None, "count": (1, 2)}
    ):
        single = message[0] if isinstance(message, tuple) else message
        catalogue.add(message, tuple(f"⟦{m}⟧" for m in message) if isinstance(message, tuple) else f"⟦{single}⟧")
    target = tmp_path / "fr" / "LC_MESSAGES" / "lca_ml.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as out:
        write_mo(out, catalogue)
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    speak("fr")
    yield
    speak("en")


def test_every_text_of_the_page_can_be_translated(marked_language, tmp_path):
    """Headings, captions, heads of columns, terms, labels of folds: each holds a message of the catalogue, in HTML as in Markdown and LaTeX."""
    path = tmp_path / "study.yaml"
    path.write_text(HARMLESS, encoding="utf-8")
    study = computed(path)
    page = parsed(study.write(template="model-card"))

    assert page.get("lang") == "fr"
    own = {"SHA-256", "English", "Français"}
    for tag in ("h2", "h3", "caption", "summary", "dt", "p[@class='notice']", "p[@class='kind']", "footer/p", "p[@class='lead']"):
        for element in page.findall(f".//{tag}"):
            said = text_of(element)
            assert "⟦" in said or said in own or element.get("class") == "data" or said.startswith(("Volet", "Changement")), (tag, said)
    heads = [text_of(th) for th in page.iter("th") if th.get("scope") == "col"]
    names = {i.titles["fr"] for i in study.model.indicators}
    assert all("⟦" in h or h in own or any(n.lower() in h.lower() for n in names) or h in ("kgCO₂e",) for h in heads), heads
    for form in ("markdown", "latex"):
        lines = [line for line in study.write(form).splitlines() if line.startswith(("## ", "### ", r"\section"))]
        assert lines
        assert all("⟦" in line or "English" in line or "Français" in line or "Volet" in line for line in lines)


def test_methods_are_given_in_both_languages(marked_language, tmp_path):
    """A French report holds the paragraph in French, then in English, each marked with its language."""
    path = tmp_path / "study.yaml"
    path.write_text(HARMLESS, encoding="utf-8")
    quotes = list(parsed(computed(path).write()).iter("blockquote"))

    assert [q.get("lang") for q in quotes] == ["fr", "en"]
    assert "⟦" in text_of(quotes[0]) and "⟦" not in text_of(quotes[1])


def test_in_english_alone_methods_stand_once(plain, monkeypatch, tmp_path):
    """Without a French catalogue there is one paragraph."""
    monkeypatch.setattr(words, "LOCALE", tmp_path)

    assert [q.get("lang") for q in parsed(plain.write()).iter("blockquote")] == ["en"]


# --- files


def lca(*arguments: Any, cwd: Path | None = None, **environment: str) -> tuple[int, str, str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("LCA_ML_LANG", "LANG", "LC_ALL", "LC_MESSAGES")}
    done = subprocess.run(
        [sys.executable, "-m", "lca_ml", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=clean | environment,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_same_input_gives_the_same_bytes(tmp_path):
    """Two processes with other hash seeds, time zones and homes: the same file."""
    for name, more in {"a": {"PYTHONHASHSEED": "1", "TZ": "UTC"}, "b": {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "HOME": str(tmp_path)}}.items():
        status, _out, err = lca("report", FLIP, "--variant", "fr", "--samples", "500", "-o", tmp_path / f"{name}.html", **more)
        assert status == 0, err

    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_the_command_writes_a_file_and_says_so(tmp_path):
    """The ending tells the format, standard output stays empty, the size and the tally of the template stand on standard error."""
    out = tmp_path / "report.md"
    status, stdout, err = lca("report", FLIP, "--samples", "200", "-o", out, "--template", "iso14044")

    assert (status, stdout) == (0, "")
    assert out.read_text(encoding="utf-8").startswith("# A GPU cluster")
    assert re.search(r"^\d+ of 28 elements filled; missing: ", err)
    assert f"written: {out} (" in err


def test_without_a_file_the_report_goes_to_standard_output():
    """HTML where nothing else is asked for; -q says nothing beside."""
    status, out, err = lca("report", FLIP, "--samples", "200", "-q")

    assert (status, err) == (0, "")
    assert out.startswith("<!doctype html>")


@pytest.mark.parametrize(("name", "status", "said"), [("report.docx", 2, "tells no format"), ("nowhere/report.html", 4, "cannot be written")])
def test_what_cannot_be_written_is_said(name, status, said, tmp_path):
    """An ending that tells no format, a folder that is not there: one message, the right status, nothing written."""
    found, out, err = lca("report", FLIP, "--samples", "200", "-o", tmp_path / name)

    assert (found, out) == (status, "")
    assert said in err and "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_script_gets_the_same_report(tmp_path):
    """`Study.report` is what the command writes."""
    import lca_ml

    study = lca_ml.load(str(FLIP))
    lca("report", FLIP, "--samples", "300", "-o", tmp_path / "report.html")

    assert study.report(study.run(samples=300)) == (tmp_path / "report.html").read_text(encoding="utf-8")


# --- PDF


def test_a_pdf_without_weasyprint_says_how_to_install_it(plain, monkeypatch):
    """WorldError, status 4, with the command to type."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(WorldError) as refused:
        report.pdf(plain.scenario, plain.model, plain.results)

    assert refused.value.exit_status == 4
    assert "pip install 'lca-ml[pdf]'" in str(refused.value)


def test_a_pdf_is_tagged_and_the_same_every_time(plain):
    """Marked as tagged PDF/UA with its language and its title; nothing is fetched; the same bytes twice."""
    pytest.importorskip("weasyprint", exc_type=ImportError)
    reader = pytest.importorskip("pypdf")
    one, two = (report.pdf(plain.scenario, plain.model, plain.results) for _ in range(2))

    catalog = reader.PdfReader(io.BytesIO(one)).trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert "/StructTreeRoot" in catalog
    assert one == two
    with pytest.raises(ValueError, match="example"):
        as_pdf._nothing("https://example.org/x.css")
