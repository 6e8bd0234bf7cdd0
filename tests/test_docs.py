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
PAGES = sorted(DOCS.rglob("*.md"))
REFUSED = "wrong"
"""A scenario of this name shows mistakes, and is meant to be refused."""


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """Return docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written() -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


def test_what_is_made_from_the_package_is_up_to_date(generator):
    """Each page, each made part and what stands under each command is what `python docs/generate.py` would write now."""
    stale = [path.name for path, text in generator.documents() if not path.exists() or path.read_text(encoding="utf-8") != text]

    assert not stale, "run: python docs/generate.py"


def test_no_page_is_left_of_what_is_gone(generator):
    """Each page in docs/processes is that of a process, or the list of them."""
    assert {p.stem for p in (DOCS / "processes").glob("*.md")} == {"index", *processes.ids()}


@pytest.mark.parametrize("page", [p for p in PAGES if p.parent == DOCS], ids=lambda p: p.stem)
def test_every_scenario_shown_is_correct(page, generator, tmp_path):
    """A ```yaml block with a file's name passes `check` beside the files shown before it; one named `wrong` is refused."""
    for template, path in templates().items():
        (tmp_path / ("study.yaml" if template == "training" else f"{template}.yaml")).write_bytes(path.read_bytes())
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


@pytest.mark.parametrize("page", [p for p in PAGES if p.parent == DOCS], ids=lambda p: p.stem)
def test_every_variant_shown_is_correct(page, generator, tmp_path):
    """Each variant of a scenario in the documentation can be applied."""
    (tmp_path / "study.yaml").write_bytes(templates()["training"].read_bytes())
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
    for page in (p for p in PAGES if p.parent == DOCS):
        for block in generator.FENCE.finditer(page.read_text(encoding="utf-8")):
            if block["kind"] == "console":
                assert block["body"].startswith("$ lca-ml "), page.name
                assert "\nerror: " not in block["body"], f"{page.name}: {block['body'][:200]}"
                assert ": error: " not in block["body"] or "echo $?" in block["body"], f"{page.name}: {block['body'][:200]}"


def _mentioned() -> Iterator[tuple[str, str]]:
    library = load_factors(folder("factors"))
    shapes = (ScenarioShape, ActivityShape, FlowShape, Stated, Source, FactorsShape, ExpectedShape, Page, PageParameter, Conflict)
    kinds = {
        "command": COMMANDS,
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


@pytest.mark.parametrize("kind", sorted({kind for kind, _name in _mentioned()}))
def test_everything_is_mentioned(kind, written):
    """Each command, process, indicator, distribution, label, key … stands somewhere in the documentation, as code."""
    missing = [
        name for k, name in _mentioned() if k == kind and not re.search(rf"`[^`\n]*(?<![\w-]){re.escape(name)}(?![\w-])[^`\n]*`|^ *{name} ", written, re.M)
    ]

    assert not missing


def test_links_lead_somewhere():
    """Each link between pages names a page that exists, and a heading that is in it."""
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if "://" in target:
                continue
            file, _hash, anchor = target.partition("#")
            other = (page.parent / file).resolve() if file else page
            assert other.is_file(), f"{page.name}: {target}"
            assert not anchor or anchor in _anchors(other), f"{page.name}: {target}"


def test_every_page_can_be_reached():
    """From the index, links lead to every page."""
    seen: set[Path] = set()
    waiting = [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
        waiting += [(page.parent / link).resolve() for link in links if "://" not in link]

    assert set(PAGES) <= seen


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_opens_with_what_it_is_for(page):
    """The first heading is followed by a sentence, and there is one heading of the first rank."""
    text = re.sub(r"<!--.*?-->|```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL).strip().split("\n\n")

    assert text[0].startswith("# ")
    assert not text[1].startswith(("#", "|", "-"))
    assert sum(part.startswith("# ") for part in text) == 1


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def _variants(body: str) -> str:
    return body.partition("\nvariants:\n")[2]
