"""Measured runs as a scenario: what was metered, by place and year."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from lca_ml.cli import cli
from lca_ml.cli.start import import_
from lca_ml.data import folder
from lca_ml.engine import point
from lca_ml.errors import Findings, InputError
from lca_ml.factors import load
from lca_ml.importers import KINDS, check_stage, runs_of, scenario_text
from lca_ml.model import load_model
from lca_ml.tables import read_table

RUNS = "timestamp,run_id,duration_s,energy_kwh,country\n"
CARBON = "timestamp,project_name,run_id,duration,emissions,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,pue\n"


def imported(kind: str, text: str) -> tuple[str, Findings]:
    findings = Findings()
    runs = runs_of(kind, read_table("runs.csv", text.encode()), load(folder("factors")), findings)
    findings.stop()
    return scenario_text(runs, "runs.csv", "training"), findings


def refused(kind: str, text: str) -> list[tuple[int, str]]:
    with pytest.raises(InputError) as caught:
        imported(kind, text)
    return [(f.place.line if f.place else 0, f.message) for f in caught.value.findings]


def test_runs_of_one_place_and_year_are_added_up():
    """1.5 + 2.5 kWh in France in 2024, 4 in Germany: two activities, three runs; the scenario is right and consumes 8 kWh × PUE."""
    rows = "2024-01-01T00:00:00Z,r1,3600,1.5,FR\n2024-06-01T12:00:00+02:00,r2,7200,2.5,FR\n2024-01-02T00:00:00Z,r3,1800,4,DE\n"
    text, _findings = imported("runs", RUNS + rows)
    _scenario, model = load_model("s.yaml", text=text, settings=["stages.training.fr_2024.pue=1", "stages.training.de_2024.pue=1"])
    electricity = [i.id for i in model.indicators].index("electricity_use")

    assert [(n.name, n.number) for n in model.nodes if n.name.startswith("energy_")] == [("energy_fr_2024", 4000.0), ("energy_de_2024", 4000.0)]  # Wh
    assert point(model).impacts[:, electricity, 0].sum() == pytest.approx(8.0)
    assert model.functional_unit.number == 1 and "delivers: 3 run" in text
    assert "2 runs, 3 h" in text and "1 run, 0.5 h" in text


def test_a_year_is_that_of_the_run():
    """The last minute of 2023 and the first of 2024 are charged with two grids."""
    text, _findings = imported("runs", RUNS + "2023-12-31T23:59:00Z,a,60,1,FR\n2024-01-01T00:00:00Z,b,60,1,FR\n")

    assert "fr_2023:" in text and "fr_2024:" in text


def test_codecarbon_is_read_by_country_and_cloud_region():
    """Three letters are those of a country; a cloud region lca-ml knows comes before it, one it does not know does not."""
    rows = (
        "2024-03-01T10:00:00,p,a,3600,0.1,0.5,France,FRA,bretagne,,,1.0\n"
        "2024-03-01T11:00:00.123456,p,b,3600,0.1,0.25,Ireland,IRL,,aws,eu-west-1,1.0\n"
        "2024-03-01T12:00:00,p,c,3600,0.1,0.75,Ireland,IRL,,aws,mars-1,1\n"
    )
    text, _findings = imported("codecarbon", CARBON + rows)

    assert 'region: "FR"' in text and 'region: "aws:eu-west-1"' in text and 'region: "IE"' in text
    assert "energy_facility" not in text
    load_model("s.yaml", text=text)


def test_an_energy_that_holds_the_pue_is_that_of_the_facility():
    """CodeCarbon multiplies by its PUE: with 1.3 no other is applied again."""
    text, _findings = imported("codecarbon", CARBON + "2024-03-01T10:00:00,p,a,3600,0.1,1.3,France,FRA,,,,1.3\n")
    _scenario, model = load_model("s.yaml", text=text)
    electricity = [i.id for i in model.indicators].index("electricity_use")

    assert "energy_facility: energy_fr_2024_facility" in text
    assert point(model).impacts[:, electricity, 0].sum() == pytest.approx(1.3)


def test_the_older_columns_of_codecarbon_are_read_too():
    """Before version 2 a run was told by its experiment_id, and there was no PUE."""
    head = "timestamp,experiment_id,project_name,duration,emissions,energy_consumed,country_name,country_iso_code,region,on_cloud,cloud_provider,cloud_region\n"
    text, _findings = imported("codecarbon", head + "2021-10-27T22:34:13,e1,codecarbon,857.1,0.05,0.088,USA,USA,Iowa,Y,gcp,us-central1\n")

    assert 'region: "gcp:us-central1"' in text


def test_every_mistake_of_a_table_is_told():
    """One row after another, each at its line."""
    rows = "yesterday,r1,3600,1,FR\n2024-01-01T00:00:00Z,r2,-1,1,FR\n2024-01-01T00:00:00Z,r3,3600,x,FR\n2024-01-01T00:00:00Z,r4,3600,1,Deutschland\n"
    found = refused("runs", RUNS + rows)

    assert [line for line, _message in found] == [2, 3, 4, 5]
    for (_line, message), words in zip(found, ("yesterday is no moment", "duration_s is negative", "energy_kwh: x", "country Deutschland"), strict=True):
        assert words in message


@pytest.mark.parametrize(
    ("kind", "row", "words"),
    [
        ("runs", "2024-01-01T00:00:00,r1,3600,1,FR", "names no time zone"),
        ("runs", "2024-13-01T00:00:00Z,r1,3600,1,FR", "no day or time there is"),
        ("runs", "timestamp,run_id,duration_s,energy_kwh,country", "the header stands among the rows"),
        ("runs", "2024-01-01T00:00:00Z,r1,,1,FR", "duration_s is missing"),
        ("codecarbon", "2024-03-01T10:00:00,p,a,3600,0.1,1,France,FRX,,,,1", "country_iso_code FRX is an unknown region"),
        ("codecarbon", "2024-03-01T10:00:00,p,a,3600,0.1,1,France,,,,,1", "country_iso_code is missing"),
        ("runs", "2024-01-01T00:00:00Z,r1,3600,1,", "country is missing"),
        ("runs", "2024-01-01T00:00:00Z,,3600,1,FR", "run_id is missing"),
        ("runs", "2024-01-01T00:00:00+14:99,r1,3600,1,FR", "is no moment"),
        ("runs", "2024-01-01T00:00:00+15:00,r1,3600,1,FR", "is no moment"),
        ("runs", "２０２４-01-01T00:00:00Z,r1,3600,1,FR", "the digits 0 to 9 alone"),
        ("codecarbon", "2024-03-01T10:00:00,p,a,3600,0.1,1,France,FRA,,,,0", "pue is below 1: 0"),
        ("codecarbon", "2024-03-01T10:00:00,p,a,3600,0.1,1,France,FRA,,,,0.5", "pue is below 1: 0.5"),
        ("codecarbon", "2024-03-01T10:00:00,p,a,3600,0.1,-1,France,FRA,,,,1", "energy_consumed is negative"),
        ("codecarbon", "2024-03-01T10:00:00,p,a,3600,0.1,1,France,FRA,,,,x", "pue: x"),
    ],
)
def test_a_row_that_is_wrong_is_refused(kind, row, words):
    """With the column and what stands in it."""
    assert words in refused(kind, (RUNS if kind == "runs" else CARBON) + row + "\n")[0][1]


def test_a_run_that_stands_twice_is_refused():
    """It would count twice; both lines are named."""
    row = "2024-01-01T00:00:00Z,r1,3600,1,FR\n"

    assert refused("runs", RUNS + row + row) == [(3, "run_id r1 is a duplicate: line 2 holds this run already")]


@pytest.mark.parametrize(("energy", "warned"), [("1e6", 0), ("1.1e6", 1)])
def test_a_power_no_run_has_is_doubted(energy, warned):
    """Above a gigawatt for an hour the unit is probably another."""
    _text, findings = imported("runs", RUNS + f"2024-01-01T00:00:00Z,r1,3600,{energy},FR\n")

    assert len(findings.warnings) == warned


def test_a_column_that_is_missing_is_named():
    """For each column that is read."""
    for column in ("timestamp", "run_id", "duration_s", "energy_kwh", "country"):
        head = RUNS.strip().replace(column, "other")
        assert f"no column {column}" in refused("runs", f"{head}\n")[0][1]


def test_the_command_prints_or_writes_a_scenario(tmp_path, monkeypatch):
    """Printed without -o; written to a new file with it; never over a file there is."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs.csv").write_text(RUNS + "2024-01-01T00:00:00Z,r1,3600,1.5,FR\n")
    printed = CliRunner().invoke(cli, ["import", "runs", "runs.csv", "--stage", "inference"])
    written = CliRunner().invoke(cli, ["import", "runs", "runs.csv", "--stage", "inference", "-o", "s.yaml"])
    again = CliRunner().invoke(cli, ["import", "runs", "runs.csv", "-o", "s.yaml"])

    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert "stages:\n  inference:\n" in printed.stdout
    assert (tmp_path / "s.yaml").read_text(encoding="utf-8") == printed.stdout
    assert "exists already" in str(again.exception)
    load_model("s.yaml")


def test_the_choices_of_the_command_are_the_kinds_there_are():
    """One table, one list."""
    kinds = next(p for p in import_.params if p.name == "kind")

    assert list(kinds.type.choices) == list(KINDS)


def test_the_case_of_a_cloud_provider_does_not_matter():
    """AWS and EU-WEST-3 are aws:eu-west-3."""
    text, findings = imported("codecarbon", CARBON + "2024-03-01T10:00:00,p,a,3600,0.1,1,France,FRA,,AWS,EU-WEST-3,1\n")

    assert 'region: "aws:eu-west-3"' in text
    assert findings.warnings == ()


def test_an_unknown_cloud_region_is_told_once_and_charged_in_its_country():
    """Two runs of aws:eu-west-33: one warning, at the first."""
    rows = "".join(f"2024-03-01T10:00:00,p,{run},3600,0.1,1,France,FRA,,aws,eu-west-33,1\n" for run in "ab")
    text, findings = imported("codecarbon", CARBON + rows)
    (warning,) = findings.warnings

    assert 'region: "FR"' in text
    assert (warning.place.line, "aws:eu-west-33 is unknown here" in warning.message, "aws:eu-west-3 (" in warning.hint) == (2, True, True)


@pytest.mark.parametrize("stage", ["null", "no", "True", "energy_fr_2024"])
def test_a_stage_that_check_would_refuse_is_refused(stage):
    """A word of YAML, and the name the import gives to what was consumed."""
    findings = Findings()
    runs = runs_of("runs", read_table("runs.csv", (RUNS + "2024-01-01T00:00:00Z,r1,3600,1,FR\n").encode()), load(folder("factors")), findings)
    check_stage(stage, runs, findings)

    assert len(findings.errors) == 1


@pytest.mark.parametrize("name", ["a\nb.csv", "\u202ea.csv", "x" * 250 + ".csv"])
def test_the_title_made_of_a_files_name_can_be_read(name):
    """An odd or a long name of a file is shown, and the scenario checks."""
    table = read_table("runs.csv", (RUNS + "2024-01-01T00:00:00Z,r1,3600,1,FR\n").encode())

    load_model("s.yaml", text=scenario_text(runs_of("runs", table, load(folder("factors")), Findings()), name, "training"))
