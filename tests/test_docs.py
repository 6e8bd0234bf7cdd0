"""The documentation: every scenario in it is correct, every command is run, everything the package has is mentioned, every link leads somewhere."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from lca_ml import processes
from lca_ml.charts import CHARTS, MEDIA
from lca_ml.cli import COMMANDS
from lca_ml.cli.start import templates
from lca_ml.data import folder
from lca_ml.errors import LcaError
from lca_ml.factors import load as load_factors
from lca_ml.model import LABELS, load_model
from lca_ml.processes import ActivityShape, Conflict, FlowShape, Page, PageParameter
from lca_ml.profiles import ids as profile_ids
from lca_ml.results import STATISTICS, VIEWS
from lca_ml.scenario import STANDARD_STAGES, ExpectedShape, ScenarioShape
from lca_ml.scenario.shape import FactorsShape
from lca_ml.shapes import KINDS, Source, Stated
from lca_ml.units import vocabulary
from lca_ml.values import DISTRIBUTIONS

DOCS = Path(__file__).parent.parent / "docs"
READMES = [DOCS.parent / "README.md", DOCS.parent / "README.fr.md"]
PAGES = sorted(DOCS.rglob("*.md"))
WRITTEN_BY_HAND = [*(p for p in PAGES if p.parent == DOCS), *READMES]
FRENCH = [p for p in [*PAGES, *READMES] if p.name.endswith(".fr.md")]
REFUSED = "wrong"
"""A scenario of this name shows mistakes, and is meant to be refused."""


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """Return docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec and spec.loader
    sys.path.insert(0, str(DOCS))
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    """Return all that is written in each language."""
    listed = {"en": [p for p in PAGES if p not in FRENCH], "fr": [p for p in FRENCH if p in PAGES]}
    return {language: "\n".join(page.read_text(encoding="utf-8") for page in pages) for language, pages in listed.items()}


def test_what_is_made_from_the_package_is_up_to_date(generator):
    """Each page, each made part and what stands under each command is what `python docs/generate.py` would write now."""
    for path, text in generator.documents():
        assert path.exists() and path.read_text(encoding="utf-8").splitlines() == text.splitlines(), "run: python docs/generate.py"


def test_no_page_is_left_of_what_is_gone(generator):
    """Each page in docs/processes is that of a process, or the list of them."""
    assert {p.stem for p in (DOCS / "processes").glob("*.md")} == {"index", *processes.ids()}


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=lambda p: p.stem)
def test_every_scenario_shown_is_correct(page, generator, tmp_path):
    """A ```yaml block with a file's name passes `check` beside the files shown before it; one named `wrong` is refused."""
    for template, path in templates().items():
        names = ("study", "etude") if template == "training" else (template,)
        for name in names:
            (tmp_path / f"{name}.yaml").write_bytes(path.read_bytes())
    for block in generator.FENCE.finditer(page.read_text(encoding="utf-8")):
        name = generator.file_of(block)
        if not name:
            assert block["kind"] != "yaml" or "lca_ml: 1" not in block["body"], "a whole scenario begins with a line `# NAME.yaml`"
            continue
        file = tmp_path / name
        file.write_text(block["body"], encoding="utf-8")
        if file.stem.startswith(REFUSED):
            with pytest.raises(LcaError):
                load_model(str(file))
        elif file.suffix == ".yaml":
            load_model(str(file))


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=lambda p: p.stem)
def test_every_variant_shown_is_correct(page, generator, tmp_path):
    """Each variant of a scenario in the documentation can be applied."""
    for name in ("study", "etude"):
        (tmp_path / f"{name}.yaml").write_bytes(templates()["training"].read_bytes())
    for block in generator.FENCE.finditer(page.read_text(encoding="utf-8")):
        name = generator.file_of(block)
        if name:
            (tmp_path / name).write_text(block["body"], encoding="utf-8")
        for variant in re.findall(r"^  (\w+): \{.*\..*|^  (\w+): \{region", _variants(block["body"]), re.MULTILINE):
            load_model(str(tmp_path / name), [next(v for v in variant if v)])


@pytest.mark.parametrize("process", processes.ids())
def test_the_example_of_a_process_runs(process, tmp_path):
    """The example at the foot of a process page is an activity as it stands."""
    text = (DOCS / "processes" / f"{process}.md").read_text(encoding="utf-8")
    example = text.rpartition("```yaml\n")[2].partition("```")[0]
    assert example.strip(), "the page has an example"
    study = tmp_path / "study.yaml"
    body = "".join(f"    {line}\n" for line in example.splitlines())
    study.write_text(f"lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\nstages:\n  training:\n{body}", encoding="utf-8")

    assert load_model(str(study))[1].flows


def test_commands_shown_succeed_unless_a_page_says_otherwise(generator):
    """A command answers 0, but where `echo $?` after it shows what it answers."""
    for page in WRITTEN_BY_HAND:
        for block in generator.FENCE.finditer(page.read_text(encoding="utf-8")):
            if block["kind"] == "console":
                where = f"{page.name}: {block['body'][:200]}"
                assert block["body"].startswith("$ lca-ml "), page.name
                assert not re.search(r"^(error: |erreur\s: )", block["body"], re.MULTILINE), where
                assert not re.search(r": (error: |erreur\s: )", block["body"]) or "echo $?" in block["body"], where


def test_commands_of_a_french_page_answer_in_french(generator):
    """Each command whose answer depends on the language says --lang fr."""
    for page in FRENCH:
        for block in generator.FENCE.finditer(page.read_text(encoding="utf-8")):
            for line in block["body"].splitlines() if block["kind"] == "console" else ():
                assert not line.startswith("$ lca-ml ") or "--lang fr" in line, f"{page.name}: {line}"


def _mentioned() -> Iterator[tuple[str, str]]:
    library = load_factors(folder("factors"))
    shapes = (ScenarioShape, ActivityShape, FlowShape, Stated, Source, FactorsShape, ExpectedShape, Page, PageParameter, Conflict)
    kinds = {
        "command": COMMANDS,
        "chart": CHARTS,
        "medium": MEDIA,
        "process": processes.ids(),
        "indicator": library.indicators,
        "publication": library.publications,
        "step of the look-up": library.widening,
        "distribution": DISTRIBUTIONS,
        "label": LABELS,
        "kind of value": KINDS,
        "stage": STANDARD_STAGES,
        "profile": profile_ids(),
        "statistic": STATISTICS,
        "view": VIEWS,
        "unit": vocabulary().names,
        "template": templates(),
        "key": (key for shape in shapes for key in shape.model_fields),
    }
    for kind, names in kinds.items():
        for name in names:
            yield kind, name


ENGLISH_ONLY = {"publication", "unit"}
"""Kinds whose lists stand on pages that are made, in English alone."""


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", sorted({kind for kind, _name in _mentioned()}))
def test_everything_is_mentioned(kind, language, written):
    """Each command, process, indicator, chart, distribution, label, key … stands somewhere in the documentation of each language, as code."""
    if language == "fr" and kind in ENGLISH_ONLY:
        return
    names = (name for k, name in _mentioned() if k == kind)
    pattern = r"`[^`\n]*(?<![\w-]){0}(?![\w-])[^`\n]*`|^ *{0} |^\$ lca-ml {0} "
    missing = [name for name in names if not re.search(pattern.format(re.escape(name)), written[language], re.MULTILINE)]

    assert not missing


def test_links_lead_somewhere():
    """Each link between pages names a page that exists, and a heading that is in it."""
    for page in [*PAGES, *READMES]:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if "://" in target:
                continue
            file, _hash, anchor = target.partition("#")
            other = (page.parent / file).resolve() if file else page
            assert other.is_file(), f"{page.name}: {target}"
            assert not anchor or anchor in _anchors(other), f"{page.name}: {target}"


@pytest.mark.parametrize(("start", "wanted"), [("index.md", set(PAGES)), ("index.fr.md", {p for p in FRENCH if p in PAGES})])
def test_every_page_can_be_reached(start, wanted):
    """From the index, links lead to every page; from the French one, links between French pages lead to every French page."""
    seen: set[Path] = set()
    waiting = [DOCS / start]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
        found = [(page.parent / link).resolve() for link in links if "://" not in link]
        waiting += [p for p in found if start == "index.md" or p.name.endswith(".fr.md")]

    assert wanted <= seen


@pytest.mark.parametrize("page", FRENCH, ids=lambda p: p.stem)
def test_a_page_and_its_french_twin_link_to_each_other(page):
    """Under the title of each stands the link to the other, which the site replaces by that of its side bar."""
    other = page.with_name(page.name.replace(".fr.md", ".md"))

    assert f"\n\n*[In English]({other.name})*\n\n" in page.read_text(encoding="utf-8")
    assert f"\n\n*[En français]({page.name})*\n\n" in other.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", FRENCH, ids=lambda p: p.stem)
def test_french_is_set_the_french_way(page):
    """No-break blanks stand before double punctuation and within « », apostrophes are curved; links lead to the twin where there is one."""
    text = page.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```|<!-- made:.*?<!-- end -->|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|https?://\S+|<!--.*?-->", "", text, flags=re.DOTALL)

    assert not re.findall(r".{0,20} [;:!?»](?=\s|$)|« .{0,20}|\w'\w", prose)
    links = {link for link in re.findall(r"\]\(([\w./-]+\.md)", prose) if (page.parent / link.replace(".md", ".fr.md")).exists()}
    assert links <= {page.name.replace(".fr.md", ".md")}
    assert set(re.findall(r"\[In English\]\(([^)]*)\)", prose)) == {page.name.replace(".fr.md", ".md")}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_opens_with_what_it_is_for(page):
    """The first heading is followed by a sentence, and there is one heading of the first rank."""
    text = re.sub(r"<!--.*?-->|```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL).strip().split("\n\n")

    assert text[0].startswith("# ")
    assert not text[1].startswith(("#", "|", "-"))
    assert sum(part.startswith("# ") for part in text) == 1


def test_each_figure_of_the_gallery_is_shown_and_each_kind_is_in_both_languages(generator):
    """Files, list and pages agree; every kind of chart is drawn in English and in French."""
    figures = sys.modules["making.figures"].FIGURES
    shown = {name for page in PAGES for name in re.findall(r"<!-- made: figure ([\w-]+) -->", page.read_text(encoding="utf-8"))}

    assert {f.name for f in figures} == shown == {p.stem for p in (DOCS / "gallery").glob("*.svg")}
    for french in (False, True):
        assert {f.kind for f in figures if ("--lang fr" in f.words) == french} == set(CHARTS)


@pytest.mark.parametrize("name", ["town-hall-stages", "mairie-waterfall", "vision-edge-waterfall"])
def test_a_figure_of_the_gallery_is_what_its_command_draws(name, generator):
    """Byte for byte; `python docs/gallery.py --check` compares them all."""
    figure = next(f for f in sys.modules["making.figures"].FIGURES if f.name == name)

    assert sys.modules["making.replay"].drawn(figure.command) == (DOCS / "gallery" / f"{name}.svg").read_text(encoding="utf-8"), "run: python docs/gallery.py"


def test_a_site_that_fetches_from_outside_is_found(generator, tmp_path):
    """A script, a style, a picture or a font from another place is named; a link to follow is not."""
    pytest.importorskip("sphinx", reason="the site is built with the extra docs")
    from build import fetched_from_outside

    (tmp_path / "good.html").write_text('<a href="https://example.org">there</a><img src="x.svg"><link rel="alternate" href="../fr/x.html">')
    (tmp_path / "bad.html").write_text('<script async src="https://cdn.example.org/x.js"></script><link rel="stylesheet" href="//example.org/x.css">')
    (tmp_path / "bad.css").write_text("@font-face { src: url('https://example.org/font.woff2') }")

    assert [str(p) for p, _what in fetched_from_outside(tmp_path)] == ["bad.css", "bad.html", "bad.html"]


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def _variants(body: str) -> str:
    return re.split(r"\n(?=\w)", body.partition("\nvariants:\n")[2])[0]
