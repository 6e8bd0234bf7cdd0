"""French: every message has its translation, and a French user reads no English."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import click
import pytest
from babel.messages.catalog import Catalog

from lca_ml import titles
from lca_ml.cli import COMMANDS, cli, imported
from lca_ml.cli.language import choose, in_language
from lca_ml.errors import LcaError
from lca_ml.units import spoken, unit
from lca_ml.words import LOCALE, grouped, speak

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "lca_ml"
DOMAINS = ("lca_ml", "click")
NARROW, NO_BREAK = "\u202f", "\u00a0"
MARKS = {"_", "later", "count"}
CODE = re.compile(r"`[^`]*`|\{[^{}\s][^{}]*: [^{}]*\}|\w+\([^)]*\)|\{\{.*\}\}")
"""What in a message is no prose but a piece of a scenario or a command: it keeps its ASCII signs."""


def translate() -> ModuleType:
    """Return docs/translate.py as a module."""
    spec = importlib.util.spec_from_file_location("translate", ROOT / "docs" / "translate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["translate"] = module
    spec.loader.exec_module(module)
    return module


TRANSLATE = translate()


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    speak("en")


def catalogue(domain: str) -> Catalog:
    return TRANSLATE.read(LOCALE / "fr" / "LC_MESSAGES" / f"{domain}.po", "fr")


def first(message: str | tuple[str, ...]) -> str:
    """Return a message, of one that counts its singular."""
    return message if isinstance(message, str) else message[0]


def pairs(domain: str) -> Iterator[tuple[str, str]]:
    """Yield each message with its translation, singular and plural apart."""
    for message in catalogue(domain):
        if message.id:
            ids, strings = ((x,) if isinstance(x, str) else tuple(x) for x in (message.id, message.string))
            yield from zip(ids, strings, strict=True)


# --- the catalogues


def test_every_message_of_the_package_is_in_the_catalogue():
    """What `python docs/translate.py` collects now is what the catalogue holds, no more and no less."""
    wanted = {(first(message), context) for _file, message, context in TRANSLATE.own_messages()}
    held = {(first(m.id), m.context) for m in catalogue("lca_ml") if m.id}

    assert held == wanted, "run: python docs/translate.py, and translate what it asks for"


@pytest.mark.skipif(version("click") != "8.5.1", reason="the messages of click 8.5.1 are translated; others keep what they share with it")
def test_every_message_of_click_is_in_its_catalogue():
    """Those of the version the catalogue was made with."""
    wanted = {first(message) for _file, message, _context in TRANSLATE.messages_of_click()}

    assert wanted <= {first(m.id) for m in catalogue("click") if m.id}


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_has_a_translation(domain):
    """None is empty, none is fuzzy, each plural has both its forms."""
    assert not [m.id for m in TRANSLATE.untranslated(catalogue(domain))]


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_read_is_what_was_translated(domain):
    """The .mo is, byte for byte, what the .po compiles to."""
    path = LOCALE / "fr" / "LC_MESSAGES" / f"{domain}.po"
    made = TRANSLATE.merged(path, "fr", iter(()), keep=True)

    assert path.with_suffix(".mo").read_bytes() == TRANSLATE.as_mo(made), "run: python docs/translate.py"


def test_a_catalogue_is_made_the_same_twice(tmp_path):
    """Collected, merged and written again: the same bytes, without a date; a new message is left empty, one that is gone is dropped."""
    path = tmp_path / "lca_ml.po"
    found = [("a.py", "one", None), ("a.py", ("{n} zebra", "{n} zebras"), None), ("b.py", "gone", None)]
    catalogue = TRANSLATE.merged(path, "fr", iter(found))
    catalogue["one"].string = "un"
    path.write_bytes(TRANSLATE.as_po(catalogue))
    again = TRANSLATE.merged(path, "fr", iter([*found[:2], ("c.py", "new", None)]))

    assert TRANSLATE.as_po(TRANSLATE.merged(path, "fr", iter(found))) == path.read_bytes()
    assert b"Date" not in path.read_bytes()
    assert again["one"].string == "un"
    assert "gone" not in again
    assert [m.id for m in TRANSLATE.untranslated(again)] == [("{n} zebra", "{n} zebras"), "new"]


# --- the translations


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_are_those_of_the_message(domain):
    """{name}, its format and its doubled braces: each as often in the translation; a singular may leave its number out."""
    placeholders = re.compile(r"\{\{|\}\}|\{\w*(?:![rsa])?(?::[^{}\s]*)?\}|%\(\w+\)s")
    for message, translation in pairs(domain):
        assert sorted(placeholders.findall(translation)) == sorted(placeholders.findall(message)), message


@pytest.mark.parametrize("domain", DOMAINS)
def test_french_is_set_as_french_is(domain):
    """A narrow no-break space before ; : ! ? and inside « », a no-break space before %, ’ and not '."""
    for _message, translation in pairs(domain):
        prose = CODE.sub("", translation)
        assert not re.search(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]", prose), translation
        assert not re.search(r" [;:!?»]|\d %|[^\W\d_][;!?](?= |$)|«(?!\u202f)|\d%", prose), translation


def test_messages_are_marked_where_a_user_reads_them():
    """No text of two words goes into an error, a warning or the terminal without passing through `_`."""
    told = {"Finding", "error", "warn", "echo", "fail", "BadParameter", "NotSeparable", "ClickException"}
    unmarked = []
    for file in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n.func) in told):
            texts = (text for argument in call.args for text in _texts(argument))
            unmarked += [f"{file.name}:{text.lineno}: {text.value}" for text in texts if re.search(r"[A-Za-z]{2} [A-Za-z]", text.value)]

    assert not unmarked


def test_what_is_translated_can_be_collected():
    """`_`, `later` and `count` are given texts, or what a table of texts marked by `later` holds: nothing put together on the spot."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKS:
                assert isinstance(call.args[0], ast.Constant | ast.Name | ast.Subscript | ast.Attribute), f"{file.name}:{call.lineno}: {ast.unparse(call)}"


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def _texts(node: ast.expr) -> Iterator[ast.Constant]:
    """Yield the texts in an expression that pass through no mark."""
    if isinstance(node, ast.Call) and _name(node.func) in MARKS:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.expr):
            yield from _texts(inner)


# --- names


def test_stages_phases_labels_and_steps_have_french_names():
    """The standard ones by their French names; one of the user's own as it is written, `_` a blank."""
    speak("fr")

    assert titles.stage_title("data_collection") == "collecte des données"
    assert titles.stage_title("ma_propre_etape") == "ma propre etape"
    assert titles.stage_in_sentence("training") == "l’entraînement"
    assert titles.stage_in_sentence("ma_propre_etape") == "ma propre etape"
    assert [titles.phase_title(p) for p in (*titles.PHASES, "other")] == ["utilisation", "fabrication", "fin de vie", "other"]
    assert [titles.label_title(x) for x in ("stage", "flow", "team")] == ["étape", "flux", "team"]
    assert (titles.kind_title("measured"), titles.step_title("subregion")) == ("mesuré", "sous-région")
    assert [titles.property_title(p) for p in ("power", "peak_bf16", "odd_one")] == ["puissance", "crête bf16", "odd one"]


@pytest.mark.parametrize(
    ("written", "n", "english", "french"),
    [
        ("request", 1000, "requests", "requêtes"),
        ("requests", 1, "request", "requête"),
        ("model", 1, "model", "modèle"),
        ("year", 3, "years", "années"),
        ("kWh", 2, "kWh", "kWh"),
        ("GPU*h", 2, "GPU·h", "GPU·h"),
    ],
)
def test_a_unit_that_is_a_word_is_said_with_its_number(written, n, english, french):
    """One request, a thousand requests; what is no word stays as it is printed."""
    assert spoken(unit(written), n) == english
    speak("fr")
    assert spoken(unit(written), n) == french


def test_whole_numbers_in_messages_have_their_thousands_apart():
    assert grouped(1_048_576) == "1,048,576"
    speak("fr")
    assert grouped(1_048_576) == f"1{NARROW}048{NARROW}576"


# --- the command line


STUDY = """\
lca_ml: 1
title: Un assistant pour une mairie
functional_unit: 1000 request
delivers: trafic * duree
region: FR
year: 2024
sources: {compteur: {title: Relevés du compteur}}
parameters:
  trafic: {value: 2e6 request/year, source: compteur}
  duree: {value: 'triangular(2, 3, 5) year', source: compteur}
  par_requete: {value: 0.2 to 0.6 Wh/request, source: compteur}
  inutile: 3 kg
stages:
  storage: {process: storage, data: 2 TB, medium: ssd, duration: duree}
  training: {process: compute, device: nvidia-h100-sxm, device_hours: 2000 GPU*h}
  inference:
    process: metered
    energy_it: trafic * duree * par_requete
excluded: {end_of_life: aucune donnée}
variants:
  pologne: {region: PL}
limits: {climate_change: 1 gCO2e}
expect: {climate_change: {value: 1 tCO2e, source: compteur}}
"""
ENGLISH = re.compile(
    r"\b(the|of|is|are|and|with|without|from|per|in|stated|draws?|unknown|next|interval|shares?|error|warnings?|commands?|print|file|name|value|by|"
    r"stage|flow|use|embodied|end|mean|lower|higher|than|no|not|none|default of|this|that|which|seed|written|list of)\b",
    re.IGNORECASE,
)


def french(*arguments: str, cwd: Path, **variables: str) -> tuple[int, str, str]:
    """Return the exit status, the output and the errors of a command of a French user."""
    environment = {k: v for k, v in os.environ.items() if k not in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "LCA_ML_LANG")}
    environment |= (variables or {"LCA_ML_LANG": "fr"}) | {"COLUMNS": "120"}
    done = subprocess.run([sys.executable, "-m", "lca_ml", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def mairie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A French study in the folder where commands run."""
    (tmp_path / "mairie.yaml").write_text(STUDY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Return a function that gives the exit status, the output and the errors of a command of a French user, in this process."""
    monkeypatch.setenv("LANGUAGE", "")

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            answered = in_language(cli).main([*arguments], prog_name="lca-ml", standalone_mode=False, terminal_width=200)
            status = answered if isinstance(answered, int) else 0
        except LcaError as wrong:
            click.echo(str(wrong), err=True)
            status = wrong.exit_status
        except click.ClickException as wrong:
            wrong.show()
            status = 2
        return status, *capsys.readouterr()

    choose("fr")
    yield run
    choose("en")


@pytest.mark.parametrize("variables", [{"LCA_ML_LANG": "fr"}, {"LANG": "fr_FR.UTF-8"}, {"LC_ALL": "fr_CA", "LANG": "en_US.UTF-8"}])
def test_the_environment_asks_for_french(variables, tmp_path):
    """LCA_ML_LANG=fr, or the language of the session: lca-ml and click both answer in French."""
    status, out, _err = french("--help", cwd=tmp_path, **variables)

    assert status == 0
    assert out.startswith(f"Utilisation{NARROW}: ")
    assert f"Commandes{NARROW}:" in out
    assert "Affiche cette aide et quitte." in out


@pytest.mark.parametrize("line", [["run", "--lang", "fr", "--help"], ["run", "--help", "--lang=fr"], ["--lang", "fr", "run", "--help"]])
def test_an_option_asks_for_french(line, tmp_path):
    """--lang anywhere on the line, whatever the environment says; and --lang en the other way round."""
    assert "Calcule les impacts d’un scénario" in french(*line, cwd=tmp_path, LANG="en_GB.UTF-8")[1]
    assert "Compute the impacts of a scenario" in french("run", "--lang", "en", "--help", cwd=tmp_path)[1]


def every_command() -> Iterator[tuple[str, ...]]:
    for name in COMMANDS:
        command = imported(name)
        yield (name,)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.commands)


def test_every_help_is_french(answer):
    """Of each command and subcommand: usage, what it does, options. What stands in capitals, `…` or is an option's name or choice is no prose."""
    for line in every_command():
        status, out, _err = answer(*line, "--help")
        out = out.replace("Show this message and exit.", "")  # click keeps this line in the language of the first command of a process
        prose = re.sub(r"`[^`]*`|\[[^\]]*\]|--?[\w-]+|\b[A-Z]{2,}\b|climate_change|result\.\w+|\w+\.yaml|lca-ml [a-z]+|\"[^\"]*\"", "", out)
        for choices in re.findall(r"(?:stages, indicators|stage, activity)[^.)]*", prose):
            prose = prose.replace(choices, "")

        assert status == 0
        assert prose.startswith(f"Utilisation{NARROW}:")
        assert not ENGLISH.search(re.sub(r"^  (list|show|search|diff)\b", "", prose, flags=re.MULTILINE)), (line, ENGLISH.findall(prose), prose)


def test_every_argument_and_option_of_every_command_says_what_it_takes():
    """A metavariable is written where one is shown, so that it can be translated."""
    for line in every_command():
        command = imported(line[0])
        for name in line[1:]:
            command = command.commands[name]
        for parameter in command.params:
            shown = not (isinstance(parameter, click.Option) and parameter.is_flag) and not isinstance(parameter.type, click.Choice)
            assert not shown or parameter.metavar, f"{' '.join(line)}: {parameter.name}"
            assert not isinstance(parameter, click.Option) or parameter.help, f"{' '.join(line)}: {parameter.name}"


@pytest.mark.parametrize(
    "line",
    [
        "check mairie.yaml",
        "check --profile iso14044 mairie.yaml",
        "check --profile sci-ai mairie.yaml",
        "run mairie.yaml",
        "run mairie.yaml -v --by phase,activity --indicator water_use",
        "sensitivity mairie.yaml",
        "sensitivity mairie.yaml --method morris",
        "compare mairie.yaml --variant pologne",
        "sweep mairie.yaml duree=1..5:5 --break-even hardware inference",
        "sweep mairie.yaml region=FR,PL duree=1..5:3",
        "explain mairie.yaml trafic",
        "verify mairie.yaml",
        "factors show electricity --region US-CAMX",
        "chart mairie.yaml stages -o figure.txt",
        "chart mairie.yaml sobol -o figure.txt",
        "chart mairie.yaml tornado -o figure.txt",
        "chart mairie.yaml elasticity -o figure.txt",
        "chart mairie.yaml indicators -o figure.txt",
        "chart mairie.yaml flow -o figure.txt",
        "chart mairie.yaml distribution -o figure.txt",
        "chart mairie.yaml scale -o figure.txt",
        "chart mairie.yaml compare --variant pologne -o figure.txt",
        "chart mairie.yaml waterfall --variant pologne -o figure.txt",
        "chart mairie.yaml sweep duree=1..5:5 -o figure.txt",
        "chart mairie.yaml map region=FR,PL duree=1..5:3 -o figure.txt",
        "cite mairie.yaml --methods",
        "explore mairie.yaml -o page.html",
        "run mairie.yaml --samples beaucoup",
        "run mairie.yaml --sampler dice",
        "run mairie.yaml --sampels 3",
        "run",
        "rnu",
        "run perdu.yaml",
        "run mairie.yaml --set pue=1.2",
        "run mairie.yaml --set parameters.trafic=2,5",
        "run mairie.yaml --set parameters.trafic=2_kWh",
        "run mairie.yaml --variant chine",
        "new inconnu",
    ],
)
def test_what_a_command_says_is_french(line, mairie, answer):
    """A French study in French: no English word but identifiers of the language and titles of sources."""
    status, out, err = answer(*line.split())
    said = out + err
    if (mairie / "figure.txt").exists():
        said += (mairie / "figure.txt").read_text(encoding="utf-8")
    prose = re.sub(r"`[^`]*`|'[^']*'|^ +\d+ \|.*$|lca-ml [a-z]+[^·\n]*|\b\w+\.yaml|\w+_\w+|--[\w-]+", "", said, flags=re.MULTILINE)
    prose = re.sub(
        r"^ {9}.*$|\w+:|[\w.]+ = .*|SCI for AI, \w+|\(valeur par défaut de \w+\)|(gabarits|variantes) sont .*|proviennent de.*\]\.",
        "",
        prose,
        flags=re.MULTILINE,
    )

    assert status in (0, 1, 2, 3, 4), said
    assert re.search(r"[éèêàç’\u202f]", said), said
    assert not ENGLISH.search(prose), (ENGLISH.findall(prose), said)


def test_a_report_is_french(mairie, answer):
    """Its headings, captions and heads of columns: no English word but the heading of the paragraph on methods in English."""
    status, _out, _err = answer("report", "mairie.yaml", "-o", "rapport.md", "--samples", "500")
    lines = (mairie / "rapport.md").read_text(encoding="utf-8").split("\n")
    heads = [a for a, b in pairwise(lines) if a.startswith(("#", "**")) or b.startswith("| ---")]

    assert status == 0
    assert len(heads) > 30
    assert not [h for h in heads if ENGLISH.search(h)]


def test_numbers_are_french_throughout(mairie, answer):
    """1 234,5 with a narrow no-break space, − for the minus, a no-break space before %: no point between digits, no plain space before %."""
    for line in (
        "run mairie.yaml",
        "sensitivity mairie.yaml",
        "compare mairie.yaml --variant pologne",
        "sweep mairie.yaml duree=0.5..5:5",
        "verify mairie.yaml",
    ):
        _status, out, _err = answer(*line.split())
        shown = re.sub(r"lca-ml \d\S*|\S+\.yaml", "", out)
        assert re.search(r"\d,\d", shown), line
        assert not re.search(r"\d\.\d|\d %|(?<![\w])-\d", shown), shown


def test_french_help_is_light(tmp_path):
    """Translating costs no library: the same modules as in English, but for what reads the catalogue."""
    code = "import sys; sys.argv = ['lca-ml', '--help']\nimport lca_ml.cli as c\nc._leave = lambda _: sys.stderr.write(chr(10).join(sys.modules))\nc.main()"
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | {"LCA_ML_LANG": "fr"}, capture_output=True, text=True, check=False)

    assert "Utilisation" in done.stdout
    assert not set(done.stderr.split("\n")) & {"numpy", "pydantic", "pint", "yaml", "babel", "matplotlib", "pandas"}
