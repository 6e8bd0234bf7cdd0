"""The house: rooms import only from below, the door is light, one place for one fact."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "lca_ml"

FLOORS = (
    (
        "words",
        "synonyms",
        "errors",
        "data",
        "documents",
        "units",
        "tables",
        "expressions",
        "normal",
        "distributions",
        "values",
        "notation",
        "writing",
        "markup",
    ),
    ("titles", "shapes", "labels", "limits", "factors", "processes", "scenario", "model", "wording", "profiles", "catalogue"),
    ("magnitude", "quadrature", "results", "sampling", "program", "engine", "verification", "convergence", "streaming", "sensitivity", "comparison", "budgets"),
    ("exporters", "importers", "explain", "pages", "colours", "charts", "bibliography", "methods", "report", "explore"),
    ("bundle", "study", "cli", "__main__"),
)
"""The rooms, floor by floor; within a floor each may use those listed before it."""

ORDER = [room for floor in FLOORS for room in floor]


def rooms_imported(file):
    """The rooms of lca_ml a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lca_ml"):
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [a.name for a in node.names if a.name != "__version__"]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("lca_ml."))


def files():
    return [f for f in sorted(PACKAGE.rglob("*.py")) if f.name != "__init__.py" or f.parent != PACKAGE]


def room_of(file):
    inside = file.relative_to(PACKAGE)
    return inside.parts[0].removesuffix(".py")


def test_every_room_has_a_floor():
    """Each module of the package is listed on a floor, and nothing else is."""
    assert {room_of(f) for f in files()} == set(ORDER)


@pytest.mark.parametrize("file", files(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_rooms_import_from_below(file):
    """A module imports from the floors below, or from a module listed before it on its own floor."""
    own = room_of(file)
    for room in rooms_imported(file):
        assert room == own or ORDER.index(room) < ORDER.index(own), f"{own} must not import {room}"


@pytest.mark.parametrize("file", files(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_rooms_stay_small(file):
    """No module is longer than a reader can hold: 400 lines, folders with one face beyond that."""
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("file", files(), ids=lambda f: str(f.relative_to(PACKAGE)))
def test_nothing_is_evaluated_by_python(file):
    """No eval, exec, compile, pickle, subprocess or socket anywhere in the package."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert not called & {"eval", "exec", "compile", "__import__"}
    imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    imported |= {n.module.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module not in (None, "urllib.parse")}  # text alone
    assert not imported & {"pickle", "subprocess", "socket", "urllib", "http", "shelve", "marshal"}


def imported_by(*command):
    """The modules a command of lca-ml has imported when it ends."""
    code = (
        "import sys; sys.argv = ['lca-ml', *%r]\n"
        "import lca_ml.cli as c\n"
        "leave = c._leave\n"
        "def told(status):\n    sys.stderr.write(chr(10).join(sys.modules)); leave(status)\n"
        "c._leave = told\n"
        "c.main()"
    )
    done = subprocess.run([sys.executable, "-c", code % (list(command),)], capture_output=True, text=True, check=False)
    return done, set(done.stderr.split("\n"))


HEAVY = {"pandas", "SALib", "scipy.stats", "scipy.special", "matplotlib"}  # pint itself imports the bare name scipy


@pytest.mark.parametrize("name", ["published/bloom-176b.yaml", "templates/training.yaml"])
def test_check_is_light(name):
    """`check` imports neither pandas, SALib, scipy.stats nor matplotlib."""
    done, modules = imported_by("check", str(PACKAGE.parent / "scenarios" / name))
    assert done.returncode == 0
    assert "lca_ml.model.linker" in modules
    assert not modules & HEAVY


def test_check_is_light_where_it_refuses(tmp_path):
    """The same when the scenario is wrong."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nstages: {training: {process: computes}}\n")
    done, modules = imported_by("check", str(wrong))
    assert done.returncode == 3
    assert not modules & HEAVY


def test_help_is_light():
    """`--help` imports neither numpy, pydantic, pint nor yaml."""
    done, modules = imported_by("--help")
    assert done.returncode == 0
    assert "lca_ml.cli" in modules
    assert not modules & (HEAVY | {"numpy", "pydantic", "pint", "yaml"})


def test_a_broken_rule_is_seen(tmp_path):
    """The floor test can fail: an import from above is recognised, also inside a function."""
    bad = tmp_path / "units.py"
    bad.write_text("def f():\n    from lca_ml.engine import run\n    import lca_ml.results\n")
    assert list(rooms_imported(bad)) == ["engine", "results"]
