"""How much a study may hold: at each limit it is read, one beyond it is refused, with the limit and how much there is."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from lca_ml import limits
from lca_ml.cli import cli
from lca_ml.cli.options import MOST_SAMPLES
from lca_ml.comparison import MOST_POINTS, Swept, read_axis
from lca_ml.comparison.grids import MOST_CELLS as MOST_CELLS_OF_A_MAP
from lca_ml.documents import DEEPEST, LARGEST_FILE, LONGEST_KEY, LONGEST_TEXT, MOST_ANCHORS, MOST_NODES, Text, parse, read_bytes
from lca_ml.engine import LARGEST_RESULT, fits
from lca_ml.errors import MOST_ERRORS, Findings, InputError, LcaError, Place, UsageError
from lca_ml.expressions import parse as formula
from lca_ml.expressions.parser import DEEPEST as DEEPEST_FORMULA
from lca_ml.expressions.parser import LONGEST as LONGEST_FORMULA
from lca_ml.labels import LONGEST_FILE_NAME, LONGEST_LABEL, check_file_names, check_label
from lca_ml.model import load_model
from lca_ml.model.variations import MOST_LINKED
from lca_ml.scenario.composition import DEEPEST_EXTENDS
from lca_ml.sensitivity.screening import screened
from lca_ml.shapes import LONGEST_NAME, check_name
from lca_ml.tables import LARGEST_TABLE, MOST_CELLS, MOST_COLUMNS, read_table
from lca_ml.units import unit
from lca_ml.units.vocabulary import LARGEST_EXPONENT, LONGEST_UNIT

DOCS = Path(__file__).parent.parent / "docs"
HEAD = "lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\nindicators: [electricity_use]\n"
STAGE = "stages: {training: {flows: {electricity: 5 kWh}}}\n"
HERE = Place("s.yaml", 1, 1, 1, "x")


def read(text: str) -> None:
    load_model("s.yaml", text=text)


def text_of(value: str) -> Text:
    return Text(value, HERE)


def named(name: str) -> None:
    findings = Findings()
    check_name(text_of(name), "a parameter", findings)
    findings.stop()


def labelled(name: str) -> None:
    findings = Findings()
    check_label(text_of(name), "the title", findings)
    findings.stop()


def filed(name: str) -> None:
    findings = Findings()
    check_file_names(parse(f"{name}: 1", "s.yaml"), "a variant", findings)
    findings.stop()


def parameters(n: int) -> str:
    return HEAD + "parameters:\n" + "".join(f"  p{i}: 1\n" for i in range(n)) + STAGE


def activities(n: int) -> str:
    return HEAD + "stages:\n  training:\n" + "".join(f"    a{i}: {{flows: {{electricity: 5 kWh}}}}\n" for i in range(n))


def flows(n: int) -> str:
    """Return a study of n flows: activities of 100 years each, and one of the years that are left."""
    whole, rest = divmod(n, limits.MOST_YEARS)
    years = [limits.MOST_YEARS] * whole + ([rest] if rest else [])
    return HEAD + "stages:\n  training:\n" + "".join(f"    a{i}: {{year: 2000..{1999 + y}, flows: {{electricity: 5 kWh}}}}\n" for i, y in enumerate(years))


def processes(n: int) -> str:
    page = "{title: A, about: a, parameters: {kwh: {unit: kWh, about: energy}}, flows: {electricity: kwh}}"
    return HEAD + "processes:\n" + "".join(f"  p{i}: {page}\n" for i in range(n)) + STAGE


def nested_processes(n: int) -> str:
    """Return a study of n processes, each built on the next."""
    pages = [
        f"  p{i}: {{title: A, about: a, parameters: {{kwh: {{unit: kWh, about: energy}}}}, activities: {{x: {{process: p{i + 1}, kwh: kwh}}}}}}\n"
        for i in range(n)
    ]
    last = f"  p{n}: {{title: A, about: a, parameters: {{kwh: {{unit: kWh, about: energy}}}}, flows: {{electricity: kwh}}}}\n"
    return HEAD + "processes:\n" + "".join(pages) + last + "stages: {training: {process: p0, kwh: 5 kWh}}\n"


def variants(n: int) -> str:
    return HEAD + STAGE + "variants:\n" + "".join(f"  v{i}: {{region: DE}}\n" for i in range(n))


def correlated(n: int) -> str:
    """Return a study of n values, each correlated with the first."""
    values = "".join(f"  p{i}: {{value: 'uniform(1, 2) kWh', kind: assumed}}\n" for i in range(n))
    pairs = "".join(f"  - {{between: [p0, p{i}], rank: 0.001}}\n" for i in range(1, n))
    return HEAD + "parameters:\n" + values + "stages: {training: {flows: {electricity: p0}}}\ncorrelations:\n" + pairs


def factor_files(n: int) -> str:
    return HEAD + STAGE + f"factors: {{files: [{', '.join(f'f{i}.csv' for i in range(n))}]}}\n"


LIMITS: list[tuple[str, int, Callable[[int], None], str]] = [
    ("characters of a text", LONGEST_TEXT, lambda n: parse(f"a: {'x' * n}\n", "s.yaml") and None, "{limit}"),
    ("characters of a key", LONGEST_KEY, lambda n: parse(f"{'x' * n}: 1\n", "s.yaml") and None, "{limit}"),
    ("levels", DEEPEST, lambda n: parse("a: " + "[" * (n - 1) + "]" * (n - 1) + "\n", "s.yaml") and None, "{limit}"),
    ("anchors", MOST_ANCHORS, lambda n: parse("".join(f"a{i}: &x{i} 1\n" for i in range(n)), "s.yaml") and None, "{limit}"),
    ("values, aliases expanded", MOST_NODES, lambda n: parse(f"a: [{','.join('x' * (n - 2))}]\n", "s.yaml") and None, "{limit}"),
    ("characters of a name", LONGEST_NAME, lambda n: named("a" * n), "{n} characters; the limit is {limit}"),
    ("characters of a title", LONGEST_LABEL, lambda n: labelled("a" * n), "{n} characters; the limit is {limit}"),
    ("bytes of a name of a file", LONGEST_FILE_NAME, lambda n: filed("a" * n), "{n} bytes; the limit is {limit}"),
    ("characters of a formula", LONGEST_FORMULA, lambda n: formula(text_of("a".ljust(n))) and None, "{limit}"),
    ("brackets of a formula", DEEPEST_FORMULA, lambda n: formula(text_of("(" * n + "a" + ")" * n)) and None, "{limit}"),
    ("characters of a unit", LONGEST_UNIT, lambda n: unit("GPU*h*" * 16 + {100: "km*m", 101: "km*cm"}[n]) and None, "{limit}"),
    ("an exponent of a unit", LARGEST_EXPONENT, lambda n: unit(f"m**{n}") and None, "{limit}"),
    (
        "columns of a table",
        MOST_COLUMNS,
        lambda n: read_table("t.csv", ",".join(f"c{i}" for i in range(n)).encode()) and None,
        "{n} columns; the limit is {limit}",
    ),
    ("cells of a table", MOST_CELLS, lambda n: read_table("t.csv", b"a\n" + b"1\n" * n) and None, "the limit is {limit}"),
    ("parameters", limits.MOST_PARAMETERS, lambda n: read(parameters(n)), "{n} parameters are too many; the limit is {limit}"),
    ("activities", limits.MOST_ACTIVITIES, lambda n: read(activities(n)), "{n} activities are too many; the limit is {limit}"),
    ("flows", limits.MOST_FLOWS, lambda n: read(flows(n)), "{n} flows.*the limit is {limit}"),
    ("processes", limits.MOST_PROCESSES, lambda n: read(processes(n)), "{n} processes.*the limit is {limit}"),
    ("processes on each other", limits.DEEPEST_PROCESS, lambda n: read(nested_processes(n)), "the limit is {limit}"),
    ("variants", limits.MOST_VARIANTS, lambda n: read(variants(n)), "{n} variants.*the limit is {limit}"),
    ("correlated values", limits.MOST_CORRELATED, lambda n: read(correlated(n)), "{n} correlated values.*the limit is {limit}"),
    ("values of a sweep", MOST_POINTS, lambda n: read_axis("pue", text_of(f"1.0..2.0:{n}")) and None, "{n} values are too many; the limit is {limit}"),
]


@pytest.mark.parametrize(("limit", "attempt", "said"), [case[1:] for case in LIMITS], ids=[case[0].replace(" ", "-") for case in LIMITS])
def test_a_limit_is_the_last_that_is_let_in(limit: int, attempt: Callable[[int], None], said: str):
    """So many are read; one more is refused, with the limit in the message."""
    attempt(limit)
    with pytest.raises((LcaError, ValueError)) as refused:
        attempt(limit + 1)

    wanted = said.replace("{limit}", f"{limit:,}").replace("{n}", f"{limit + 1:,}").replace(",", ",?")  # grouped or not
    assert re.search(wanted, str(refused.value))


def test_a_file_of_a_mebibyte_is_read(tmp_path):
    """1,048,576 bytes are, one more is not; a table may have sixteen times as many."""
    file = tmp_path / "s.yaml"
    file.write_bytes(b"#" * LARGEST_FILE)
    assert len(read_bytes(file)) == LARGEST_FILE
    file.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(InputError, match="1,048,577 bytes; the limit is 1,048,576"):
        read_bytes(file)
    assert len(read_bytes(file, LARGEST_TABLE)) == LARGEST_FILE + 1
    assert LARGEST_TABLE == 16 * LARGEST_FILE


def test_files_of_factors_are_counted_before_they_are_read(tmp_path):
    """Of 50 files that are not there each is missed; of 51 none is looked for."""
    for n, words in ((limits.MOST_FACTOR_FILES, "file not found"), (limits.MOST_FACTOR_FILES + 1, "51 files of factors are too many; the limit is 50")):
        with pytest.raises(InputError, match=words) as refused:
            read(factor_files(n))
        assert len(refused.value.findings) == (50 if n == 50 else 1)


def test_files_that_lie_on_top_of_each_other_are_counted(tmp_path):
    """Twenty below the first are read, twenty-one are not."""
    for n in (DEEPEST_EXTENDS, DEEPEST_EXTENDS + 1):
        for i in range(n):
            (tmp_path / f"s{i}.yaml").write_text(f"extends: s{i + 1}.yaml\n")
        (tmp_path / f"s{n}.yaml").write_text(HEAD + STAGE)
        if n == DEEPEST_EXTENDS:
            load_model(str(tmp_path / "s0.yaml"))
            continue
        with pytest.raises(InputError, match=f"the limit is {DEEPEST_EXTENDS} files") as refused:
            load_model(str(tmp_path / "s0.yaml"))
        assert [Path(f.place.file).name for f in refused.value.findings] == ["s20.yaml", "s0.yaml"]  # where it stops, and where it begins


def test_a_process_built_on_itself_is_refused():
    """It would go on for ever; the message asks whether that is it."""
    page = "{title: A, about: a, parameters: {kwh: {unit: kWh, about: energy}}, activities: {x: {process: a, kwh: kwh}}}"
    with pytest.raises(InputError, match="Is one built on itself"):
        read(HEAD + f"processes: {{a: {page}}}\nstages: {{training: {{process: a, kwh: 5 kWh}}}}\n")


def test_processes_that_double_are_counted_as_they_are_laid_out():
    """Fifteen processes, each built twice on the next: 2 + 4 + 8 + … = 32,766 activities, of which 2,000 are laid out."""
    twice = "activities: {{l: {{process: p{0}, kwh: kwh}}, r: {{process: p{0}, kwh: kwh}}}}"
    pages = [f"  p{i}: {{title: A, about: a, parameters: {{kwh: {{unit: kWh, about: energy}}}}, {twice.format(i + 1)}}}\n" for i in range(15)]
    last = "  p15: {title: A, about: a, parameters: {kwh: {unit: kWh, about: energy}}, flows: {electricity: kwh}}\n"
    with pytest.raises(InputError, match="2,001 activities, with those they are built on"):
        read(HEAD + "processes:\n" + "".join(pages) + last + "stages: {training: {process: p0, kwh: 5 kWh}}\n")


def test_after_fifty_mistakes_the_rest_is_not_looked_for():
    """3,000 names that are nearly right: 50 are told with their suggestion, at once; each suggestion looks through all 3,000."""
    wrong = HEAD + "parameters:\n" + "".join(f"  parameter_{i}: parametre_{i} * 2\n" for i in range(3_000)) + STAGE
    started = time.process_time()
    with pytest.raises(InputError) as refused:
        read(wrong)

    assert [f.code for f in refused.value.findings] == ["undefined"] * MOST_ERRORS + ["limit"]
    assert refused.value.findings[0].hint.startswith("Did you mean parameter_0,")
    assert time.process_time() - started < 10  # 0.9 s where this was written; without the limit 13 s


def test_all_of_fifty_mistakes_are_told():
    """At the limit nothing is kept back."""
    with pytest.raises(InputError) as refused:
        read(HEAD + "parameters:\n" + "".join(f"  parameter_{i}: parametre_{i} * 2\n" for i in range(MOST_ERRORS)) + STAGE)

    assert [f.code for f in refused.value.findings] == ["undefined"] * MOST_ERRORS


def test_samples_that_do_not_fit_are_counted_in_gigabytes():
    """4,000,000,000 bytes are 500 million numbers: 50,000,000 samples of 10 results fit, one more does not."""
    assert LARGEST_RESULT == 10 * 50_000_000 * 8
    fits(10, 50_000_000)
    with pytest.raises(UsageError, match=r"50,000,001 samples of 10 results need 4 GB of memory; the limit is 4 GB") as refused:
        fits(10, 50_000_001)
    assert refused.value.findings[0].hint == "Ask for 50,000,000 at most."


@pytest.mark.parametrize(("method", "most"), [("morris", 4_000_000_000 // (8 * 4 * 10) - 1), ("pawn", 4_000_000_000 // (8 * 10))])
def test_points_of_a_screening_that_do_not_fit_are_refused_before_they_are_made(method, most, model_of):
    """Three parameters and seven quantities; Morris takes four points a trajectory."""
    model = model_of(
        HEAD + "parameters: {a: {value: 'uniform(1, 2) kWh', kind: assumed}, b: {value: 'uniform(1, 2) kWh', kind: assumed},"
        " c: {value: 'uniform(1, 2) kWh', kind: assumed}}\nstages: {training: {flows: {electricity: a + b + c}}}\n"
    )
    assert len(model.nodes) < 10
    with pytest.raises(UsageError, match="GB of memory; the limit is 4 GB"):
        screened(model, [], method, 2 * most)


@pytest.mark.parametrize(("command", "line"), [("run", []), ("compare", ["--variant", "v"]), ("sweep", ["region=FR,DE"])])
def test_a_thousand_million_draws_are_the_most(command, line, study):
    """One more is refused by the command line, with the limit."""
    file = study(HEAD + STAGE + "variants: {v: {region: DE}}\n")
    answer = CliRunner().invoke(cli, [command, file, *line, "--samples", str(MOST_SAMPLES + 1)])

    assert answer.exit_code == 2
    assert "1000000001 is too large: the limit is 1,000,000,000" in answer.stderr


def test_a_map_has_ten_thousand_cells_at_most(study):
    """100 × 100 values are let in, 100 × 101 are not."""
    file = study(HEAD + "parameters: {a: {value: 5 kWh, kind: assumed}, b: {value: 1, kind: assumed}}\nstages: {training: {flows: {electricity: a * b}}}\n")
    first = read_axis("a", text_of("1..2:100 kWh"))
    assert len(Swept(file, [first, read_axis("b", text_of("1..2:100"))]).grid) == MOST_CELLS_OF_A_MAP == 10_000
    with pytest.raises(UsageError, match="a map of 100 × 101 values has 10,100 cells; the limit is 10,000"):
        Swept(file, [first, read_axis("b", text_of("1..2:101"))])


@pytest.mark.parametrize("what", [case[0] for case in LIMITS])
def test_the_page_of_limits_says_each(what):
    """docs/limits.md holds every limit with its number."""
    page = (DOCS / "limits.md").read_text(encoding="utf-8")
    limit = next(case[1] for case in LIMITS if case[0] == what)

    assert re.search(rf"(?<![\d,]){limit:,}(?!,?\d)", page)


def test_the_page_of_limits_says_the_others_too():
    """Files, errors, draws, memory, years, maps, files on top of each other."""
    page = (DOCS / "limits.md").read_text(encoding="utf-8")
    for number in (
        "1 MiB",
        "16 MiB",
        f"{MOST_ERRORS}",
        f"{MOST_SAMPLES:,}",
        "4 GB",
        f"{limits.MOST_YEARS}",
        f"{MOST_CELLS_OF_A_MAP:,}",
        f"{DEEPEST_EXTENDS}",
        f"{limits.MOST_FACTOR_FILES}",
        f"{MOST_LINKED:,}",
    ):
        assert re.search(rf"(?<![\d,]){number}(?!,?\d)", page), number
