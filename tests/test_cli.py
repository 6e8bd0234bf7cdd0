"""The command line: what it prints, where, and with which exit status."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOOM = str(ROOT / "scenarios" / "published" / "bloom-176b.yaml")
TEMPLATES = sorted((ROOT / "scenarios" / "templates").glob("*.yaml"))


def lca(*arguments, cwd=None, stdin="", **environment):
    """Run lca-ml in a process of its own: exit status, stdout, stderr."""
    clean = {k: v for k, v in os.environ.items() if k not in ("LCA_ML_LANG", "LANG", "LC_ALL", "LC_MESSAGES")}
    done = subprocess.run(
        [sys.executable, "-m", "lca_ml", *map(str, arguments)],
        capture_output=True,
        input=stdin,
        text=True,
        cwd=cwd,
        env=clean | environment,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


SMALL = """\
lca_ml: 1
title: A small study
functional_unit: 1 model
region: FR
year: 2024
parameters:
  energy: {value: "uniform(90, 110) kWh", source: a meter}
stages:
  training: {process: metered, energy_it: energy, pue: 1.2}
limits: {climate_change: 100 kgCO2e}
"""


@pytest.fixture
def small(tmp_path):
    """A small valid study in a file."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_bloom_is_reproduced_within_its_printed_digits():
    """Luccioni et al. 2023: 24.69 t of dynamic consumption, 11.2 t of manufacture, 14.6 t idle, 50.5 t in all."""
    status, out, _err = lca("verify", BLOOM, "--json")
    rows = {(r["quantity"], r["of"]): r for r in json.loads(out)}

    assert status == 0
    for of, published, half in (("training.dynamic.electricity", 24.69, 0.005), ("hardware", 11.2, 0.05), ("training.idle", 14.6, 0.05), (None, 50.5, 0.05)):
        row = rows["climate_change", of]
        assert row["published"] == published
        assert abs(row["recomputed"] - published) <= half
        assert row["verdict"] == "reproduced"


def test_run_prints_the_table_of_bloom():
    """Results on stdout: the total, the stages with their shares, what is not modelled, and nothing on stderr."""
    status, out, err = lca("run", BLOOM)

    assert (status, err) == (0, "")
    assert "BLOOM 176B" in out
    assert "50.53 tCO₂e" in out
    assert "39.32" in out and "11.21" in out
    assert "not modelled: reported apart in the paper" in out
    assert "10,000 draws · seed 42" in out


def test_two_runs_agree_to_the_byte(small):
    """The same scenario and the same seed give the same document; another seed does not."""
    first, second = lca("run", small, "--json"), lca("run", small, "--json")

    assert first == second
    assert lca("run", small, "--json", "--seed", "7")[1] != first[1]


def test_the_result_document(small):
    """Schema lca-ml/result@1: rows with null for what is summed over, and the factor files used with their hashes."""
    status, out, _err = lca("run", small, "--json", "--set", "energy=100 kWh")
    whole = json.loads(out)
    total = [r for r in whole["rows"] if r["indicator"] == "electricity_use" and r["stage"] is None and r["phase"] is None and r["view"] == "total"]

    assert status == 0
    assert whole["schema"] == "lca-ml/result@1"
    assert set(whole) == {"schema", "scenario", "provenance", "rows", "quantiles", "warnings"}
    assert {tuple(r) for r in whole["rows"]} == {("indicator", "stage", "activity", "flow", "phase", "view", "statistic", "value", "unit")}
    assert {r["statistic"]: r["value"] for r in total} == pytest.approx(dict.fromkeys(("point", "mean", "median", "p5", "p95"), 120.0))
    assert whole["scenario"]["settings"] == "energy=100 kWh"
    assert {f["id"] for f in whole["provenance"]["factors"]} >= {"ember-2025", "definitions"}
    assert all(len(f["sha256"]) == 64 for f in whole["provenance"]["factors"])


def test_files_are_written_whole_and_read_back(small, tmp_path):
    """-o writes JSON and CSV with the same numbers, and replaces only what lca-ml wrote before."""
    folder = tmp_path / "results"
    assert lca("run", small, "-o", folder)[0] == 0
    rows = json.loads((folder / "result.json").read_text())["rows"]
    table = list(csv.DictReader(io.StringIO((folder / "result.csv").read_text())))
    assert [float(r["value"]) if r["value"] else None for r in table] == [r["value"] for r in rows]

    assert lca("run", small, "-o", folder, "--seed", "1")[0] == 0
    (folder / "mine.txt").write_text("keep me")
    status, _out, err = lca("run", small, "-o", folder)
    assert status == 4
    assert "mine.txt" in err
    assert (folder / "mine.txt").read_text() == "keep me"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["results", "small.yaml"]


SEVEN = """\
lca_ml: 1
title: Seven mistakes
functional_unit: 1000 request
regionn: FR
region: FRANCE
parameters:
  traffic: 1,5 request/year
  hours: 10 GPU*h
  a: b + 1
  b: a * 2
stages:
  training:
    process: compute
    device: nvidia-h100
    device_hours: huors
  storage:
    process: storage
    data: 5 kWh
    duration: 2 year
  inference:
    process: metred
"""


def test_check_names_all_mistakes_of_a_file(tmp_path):
    """Unknown key, region, comma, loop, device, name, dimension, process: each with line, column and a useful hint, exit 3."""
    path = tmp_path / "seven.yaml"
    path.write_text(SEVEN)
    status, out, _err = lca("check", path, "--json")
    found = {(f["line"], f["column"]): f for f in json.loads(out)}

    assert status == 3
    for place, code, hint in (
        ((4, 1), "unknown-key", "region"),
        ((5, 9), "region", "FR"),
        ((7, 12), "number", None),
        ((9, 6), "cycle", "value of its own"),
        ((14, 13), "device", "nvidia-h100-"),
        ((15, 19), "undefined", "hours"),
        ((18, 11), "dimension", None),
        ((21, 14), "process", "metered"),
    ):
        assert found[place]["code"] == code
        assert hint is None or hint in found[place]["hint"]
    assert "write 1.5" in found[7, 12]["message"]
    assert set(found[4, 1]) == {"file", "line", "column", "code", "severity", "message", "hint"}


def test_an_error_shows_line_caret_and_remedy(tmp_path):
    """`file:line:col: error: what`, the line, a caret under the guilty part, what to try."""
    path = tmp_path / "bert.yaml"
    path.write_text(SMALL.replace("energy_it: energy,", "energy_it: enrgy,"))
    _status, _out, err = lca("check", "bert.yaml", cwd=tmp_path)
    lines = err.splitlines()

    assert lines[0] == "bert.yaml:9:43: error: enrgy is not defined (unknown name)"
    assert lines[1].index("enrgy") == lines[2].index("^^^^^")
    assert lines[3] == "Did you mean energy?"


BAD = {
    "a wrong unit": ("energy_it: energy", "energy_it: 5 GB", 3, r"small.yaml:9:\d+: error: energy_it is in GB; kWh is wanted"),
    "an unknown name": ("energy_it: energy", "energy_it: nope", 3, r"small.yaml:9:\d+: error: nope is not defined"),
    "a loop": ("energy: {", "x: y * 1\n  y: x * 1\n  energy: {", 3, r"small.yaml:7:\d+: error: a cycle"),
    "a duplicate key": ("year: 2024", "year: 2024\nyear: 2025", 3, r"small.yaml:6:1: error: duplicate key year: it is already written at line 5"),
    "a decimal comma": ('"uniform(90, 110) kWh"', '"1,5 kg"', 3, r"small.yaml:7:\d+: error: 1,5 kg: a decimal comma"),
    "a thousands blank": ('"uniform(90, 110) kWh"', "1 000 kWh", 3, r"small.yaml:7:\d+: error: 1 000 kWh: a blank is no thousands separator; write 10_000"),
    "a knot": ('"uniform(90, 110) kWh"', "5 kt", 3, r"small.yaml:7:\d+: error: kt is not a unit: kt is a knot"),
    "a tower of powers": ("energy_it: energy", "energy_it: energy * 9**9**9", 3, r"small.yaml:9:\d+: error: an exponent of an exponent"),
    "a way out": ("energy_it: energy", "energy_it: \"__import__('os').system('touch PWNED')\"", 3, r"small.yaml:9:\d+: error: .*not allowed"),
    "a boolean": ("energy: {", "flag: NO\n  energy: {", 3, r"small.yaml:7:\d+: error: NO is not defined"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_clear_located_error(what, tmp_path):
    """One error with its place, the right exit status, nothing written, no traceback."""
    old, new, wanted, pattern = BAD[what]
    assert SMALL.count(old) == 1
    (tmp_path / "small.yaml").write_text(SMALL.replace(old, new))
    status, out, err = lca("run", "small.yaml", "-o", "out", cwd=tmp_path)

    assert status == wanted
    assert out == ""
    assert __import__("re").match(pattern, err), err
    assert err.count(": error: ") == 1
    assert "Traceback" not in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small.yaml"]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(f"{n}: &{n} [{','.join([f'*{m}'] * 10)}]\n" for m, n in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [(BOMB, "aliases are expanded"), ("a: " + "[" * 100_000, "nested too deep"), ("", "empty"), ("# nothing\n", "empty")],
    ids=["bomb", "brackets", "empty", "comment"],
)
def test_hostile_and_empty_files(text, words, tmp_path):
    """A YAML bomb, 100,000 brackets, an empty file: refused at once, exit 3."""
    (tmp_path / "x.yaml").write_text(text)
    status, out, err = lca("run", "x.yaml", cwd=tmp_path)

    assert (status, out) == (3, "")
    assert err.startswith("x.yaml")
    assert words in err


def test_norway_is_a_country(tmp_path):
    """`region: NO` is Norway, whatever YAML 1.1 thinks of it."""
    (tmp_path / "no.yaml").write_text(SMALL.replace("region: FR", "region: NO"))
    status, out, _err = lca("run", "no.yaml", "--json", "--by", "region", cwd=tmp_path)

    assert status == 0
    assert lca("factors", "show", "electricity", "--region", "NO")[1].startswith("grid electricity (Norway)")
    assert json.loads(out)["scenario"]["file"] == "no.yaml"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["run", "missing.yaml"], 4, "missing.yaml: error: file not found"),
        (["run", "."], 4, "folder"),
        (["run", "small.yaml", "--samples", "abc"], 2, "samples"),
        (["run", "small.yaml", "--samples", "1"], 2, "at least 2"),
        (["run", "small.yaml", "--smaples", "10"], 2, "--samples"),
        (["rum", "small.yaml"], 2, "Did you mean run?"),
        (["run", "small.yaml", "--set", "enrgy=5 kWh"], 3, "does not exist"),
        (["run", "small.yaml", "--variant", "x"], 2, "no variants"),
        (["run", "small.yaml", "--by", "stagee"], 2, "Did you mean stage?"),
        (["run", "small.yaml", "--indicator", "water"], 2, "water_use"),
        (["explain", "small.yaml", "training.energy"], 2, "training.energy_it"),
        (["factors", "show", "h100"], 2, "nvidia-h100-sxm"),
        (["processes", "show", "computing"], 2, "compute"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_exit_statuses_and_suggestions(arguments, status, words, small):
    """2 the command line, 3 the scenario, 4 the world; a misspelt word gets a suggestion."""
    answered, out, err = lca(*arguments, cwd=small.parent)

    assert (answered, out) == (status, "")
    assert words in err


@pytest.mark.parametrize(("language", "word"), [("en", "error: "), ("fr", "erreur\u202f: ")])
def test_a_mistake_of_the_command_line_begins_as_all_others_do(small, language, word):
    """`--samples 0` is answered by click's own message, in small letters like ours."""
    status, _out, err = lca("run", small, "--samples", "0", "--lang", language)

    assert status == 2
    assert err.splitlines()[-1].startswith(word)


def test_a_limit_exceeded_answers_1(small):
    """120 kWh in France stay below 100 kgCO2e; in Poland they do not, and the status says so."""
    assert lca("run", small)[0] == 0
    status, out, _err = lca("run", small, "--set", "limits.climate_change=1 gCO2e")
    assert status == 1
    assert "limit of climate change exceeded" in out


def test_standard_input_and_settings(small):
    """`-` reads the scenario from standard input; --set comes on top."""
    status, out, _err = lca("run", "-", "--json", "--set", "energy=200 kWh", stdin=SMALL)
    value = next(r["value"] for r in json.loads(out)["rows"] if r["indicator"] == "electricity_use" and r["statistic"] == "point")

    assert status == 0
    assert value == pytest.approx(240.0)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.stem)
def test_templates_check_and_run(path):
    """Every template `new` prints has no error, names its sources, and runs."""
    assert lca("new", path.stem)[1] == path.read_text(encoding="utf-8")
    status, out, _err = lca("check", path, "--json")
    assert status == 0
    assert not [f for f in json.loads(out) if f["code"] in ("no-source", "unused")]
    assert lca("run", path, "--samples", "100")[0] in (0, 1)


def test_every_published_scenario_is_as_announced():
    """`verify --all`: at least 80 cases, none off by more than its printed digits unless it says so."""
    status, out, _err = lca("verify", "--all", "--json")
    rows = json.loads(out)

    assert status == 0
    assert len({r["case"] for r in rows}) >= 80
    assert all(r["passed"] for r in rows)
    assert sum(r["verdict"] == "reproduced" for r in rows) >= 150


def test_explain_opens_a_number_to_its_sources():
    """The electricity of BLOOM's training: formula, numbers, place and source; in LaTeX and Mermaid too."""
    _status, out, _err = lca("explain", BLOOM, "training.dynamic.energy_it")
    assert "= training.dynamic.device_hours * (training.dynamic.power + training.dynamic.host_power)" in out
    assert "= 1,082,990 GPU·h * (400 W/GPU + 0 W/GPU)" in out
    assert "source: luccioni2023 · measured" in out
    assert lca("explain", BLOOM, "training.dynamic.energy_it", "--format", "latex")[1].startswith("\\begin{align*}")
    assert lca("explain", BLOOM, "training.dynamic.energy_it", "--format", "mermaid")[1].startswith("flowchart LR")


def test_schema_accepts_the_shipped_scenarios():
    """The JSON Schema printed for editors is one, and the templates and BLOOM are valid against it."""
    import jsonschema
    import yaml

    schema = json.loads(lca("schema")[1])
    jsonschema.Draft202012Validator.check_schema(schema)
    for path in [*TEMPLATES, Path(BLOOM)]:
        jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


def test_found_from_a_wheel_an_editable_install_and_a_checkout(tmp_path):
    """Factors, scenarios and compiled translations travel in the wheel; without installation they are found beside the package."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "from lca_ml.data import folder; import lca_ml; print(folder('factors'));"
        "print(lca_ml.load(str(folder('scenarios') / 'published' / 'bloom-176b.yaml')).run(10).total['climate_change'].magnitude)"
    )
    assert {p.name for p in (tmp_path / "site" / "lca_ml" / "locale" / "fr" / "LC_MESSAGES").iterdir()} == {"lca_ml.mo", "click.mo"}
    found = {}
    for name, path in (("wheel", tmp_path / "site"), ("checkout", ROOT)):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(path)}, check=True
        )
        found[name] = done.stdout.split()
    editable = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True).stdout.split()

    assert found["wheel"][0] == str(tmp_path / "site" / "lca_ml" / "_shared" / "factors")
    assert found["checkout"][0] == editable[0] == str(ROOT / "factors")
    assert found["wheel"][1] == found["checkout"][1] == editable[1] == "50532.44701727997"
