"""What the user wrote: shape and its errors with places, files on top of files, variants, settings, and reading again what was printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import BASE

from lca_ml.engine import run
from lca_ml.errors import InputError, LcaError, UsageError, WorldError
from lca_ml.exporters import yaml_text
from lca_ml.model import link
from lca_ml.scenario import STANDARD_STAGES, json_schema, load, read_document

SMALL = """\
lca_ml: 1
title: Ten lines
functional_unit: 1 request
region: FR
indicators: [electricity_use]
parameters:
  used: 10 kWh
stages:
  training:
    flows: {electricity: used}
"""
"""By hand: 10 kWh of electricity, per request."""


def errors_of(text, **more):
    """What a text is refused with: code, line, column, message."""
    with pytest.raises(LcaError) as caught:
        link(load("study.yaml", text=text, **more))
    return [(f.code, f.place.line if f.place else 0, f.place.column if f.place else 0, f"{f.message} {f.hint}") for f in caught.value.findings]


def used(path, *variants, settings=()):
    """The electricity of a study, in kWh."""
    return run(link(load(path, variants, settings)), 2).of("electricity_use").point


# --- shape

SHAPE = {
    "unknown key": ("title: Ten lines", "title: Ten lines\ntitel: x", "unknown-key", (3, 1), "title"),
    "list for the flows": ("    flows: {electricity: used}", "    flows: []", "shape", (10, 12), "list"),
    "unknown key of a stage": ("    flows: {electricity: used}", "    flows: {electricity: used}\n    regoin: FR", "unknown-key", (11, 13), "region"),
    "missing key": ("title: Ten lines\n", "", "missing-key", (1, 1), "title"),
    "list for a mapping": ("parameters:\n  used: 10 kWh", "parameters: [10 kWh]", "shape", (6, 13), "mapping"),
    "mapping for a text": ("title: Ten lines", "title: {en: Ten lines}", "shape", (2, 8), "text"),
    "nothing for a mapping": ("parameters:\n  used: 10 kWh", "parameters:", "shape", (6, 12), "empty"),
    "nothing for a value": ("  used: 10 kWh", "  used:", "value-empty", (7, 8), "empty"),
    "text for a list": ("indicators: [electricity_use]", "indicators: electricity_use", "shape", (5, 13), "list"),
    "no stage": ("stages:\n  training:\n    flows: {electricity: used}", "stages: {}", "stages-empty", (8, 9), "stage"),
    "other version": ("lca_ml: 1", "lca_ml: 2", "version", (1, 9), "1"),
    "name of a parameter": ("  used: 10 kWh", "  énergie: 10 kWh\n  used: 10 kWh", "name", (7, 3), "energie"),
    "name of a function": ("  used: 10 kWh", "  max: 10 kWh\n  used: 10 kWh", "name-reserved", (7, 3), "max"),
    "name of a stage": ("  training:", "  my-training:", "name", (9, 3), "my_training"),
    "name twice": ("  used: 10 kWh", "  training: 10 kWh\n  used: 10 kWh", "name-twice", (10, 3), "training"),
    "duplicate key": ("  used: 10 kWh", "  used: 10 kWh\n  used: 11 kWh", "duplicate-key", (8, 3), "line 7"),
    "tab": ("  used: 10 kWh", "\tused: 10 kWh", "yaml", (7, 1), "tab"),
    "decimal comma": ("10 kWh", "10,5 kWh", "number", (7, 9), "comma"),
    "number with a unit in a formula": ("electricity: used", "electricity: 4 kWh + used", "unit-in-formula", (10, 26), "name"),
    "function unit of zero": ("1 request", "0 request", "functional-unit", (3, 18), "above zero"),
    "not a year": ("region: FR", "region: FR\nyear: 24", "year", (5, 7), "2024"),
    "merge key": ("title: Ten lines", "<<: {title: Ten lines}", "yaml-merge", (2, 1), "extends"),
    "excluded without a reason": ("stages:", "excluded: {end_of_life: ''}\nstages:", "excluded", (8, 25), "reason"),
    "excluded and modelled": ("stages:", "excluded: {training: too far}\nstages:", "excluded", (8, 12), "training"),
}


@pytest.mark.parametrize("what", SHAPE)
def test_an_error_of_shape_stands_at_its_place(what):
    """Line and column of the guilty part, and the word that helps, for each way of writing a study wrongly."""
    old, new, code, place, word = SHAPE[what]
    assert SMALL.count(old) == 1
    found = errors_of(SMALL.replace(old, new))

    assert (code, *place) in [f[:3] for f in found], found
    assert any(word in f[3] for f in found if f[0] == code), found


def test_all_mistakes_are_told_together():
    """Three mistakes of three kinds in one file: three findings, in the order of the file."""
    found = errors_of(SMALL.replace("10 kWh", "10 kWhh").replace("region: FR", "region: Frankreich").replace("electricity: used", "electricity: usd"))

    assert [(f[0], f[1]) for f in found] == [("region", 4), ("unit", 7), ("undefined", 10)]


def test_a_name_in_a_region_is_explained():
    """Frankreich is refused; France is answered with its code."""
    assert any("FR" in f[3] for f in errors_of(SMALL.replace("region: FR", "region: France")))


def test_the_schema_knows_the_keys_of_a_study():
    """The JSON Schema for editors lists the keys that are required and every section of the language."""
    schema = json_schema()

    assert set(schema["required"]) == {"lca_ml", "title", "functional_unit", "stages"}
    assert {"extends", "variants", "factors", "expect", "limits", "processes"} <= set(schema["properties"])


def test_standard_stages_are_those_of_the_language():
    """Twelve names, data first and end of life last."""
    assert len(STANDARD_STAGES) == 12
    assert (STANDARD_STAGES[0], STANDARD_STAGES[-1]) == ("data_collection", "end_of_life")


# --- one file from another


def test_a_file_on_top_of_another_keeps_what_it_does_not_say(study):
    """The base says 10 kWh and PUE 1; the top says 12 kWh: 12, with everything else of the base."""
    path = study("extends: base.yaml\ntitle: On top\nparameters: {used: 12 kWh}\n", **{"base.yaml": SMALL})
    scenario = load(path)

    assert used(path) == 12.0
    assert scenario.title == "On top"
    assert scenario.shape.functional_unit.value == "1 request"


def test_a_list_replaces_a_list(study):
    """Indicators of the top are the indicators: nothing of the base's list is left."""
    path = study("extends: base.yaml\nindicators: [climate_change]\n", **{"base.yaml": SMALL})

    assert [i.id for i in link(load(path)).indicators] == ["climate_change"]


def test_each_value_remembers_the_file_it_comes_from(study):
    """Used of the top at top line 2, region of the base at base line 4."""
    path = study("extends: base.yaml\nparameters: {used: 12 kWh}\n", **{"base.yaml": SMALL})
    shape = load(path).shape

    assert [(Path(t.place.file).name, t.place.line) for t in (shape.parameters["used"].value, shape.region)] == [("study.yaml", 2), ("base.yaml", 4)]


def test_three_files_deep_the_topmost_wins(study):
    """10, 20 and 30 kWh in a chain of three files: 30."""
    path = study(
        "extends: middle.yaml\nparameters: {used: 30 kWh}\n",
        **{"middle.yaml": "extends: base.yaml\nparameters: {used: 20 kWh, other: 1 kWh}\n", "base.yaml": SMALL},
    )

    assert used(path) == 30.0
    assert next(w.message for w in link(load(path)).warnings if w.code == "unused").startswith("the parameter other")


def test_a_mistake_below_is_placed_in_the_file_below(study):
    """A misspelt unit in the base: base.yaml, line 7."""
    path = study("extends: base.yaml\ntitle: On top\n", **{"base.yaml": SMALL.replace("10 kWh", "10 kWhh")})
    with pytest.raises(InputError) as caught:
        link(load(path))

    assert [(Path(f.place.file).name, f.place.line) for f in caught.value.findings] == [("base.yaml", 7)]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"study": "extends: study.yaml\n"}, "extends-cycle"),
        ({"study": "extends: other.yaml\n", "other.yaml": "extends: study.yaml\n"}, "extends-cycle"),
        ({"study": "extends: nowhere.yaml\n"}, "file-missing"),
        ({"study": "extends: ../../etc/passwd\n"}, "path-outside"),
        ({"study": "extends: /etc/passwd\n"}, "path-absolute"),
        ({"study": "extends: https://example.org/a.yaml\n"}, "path-remote"),
        ({"study": "extends: [a.yaml, b.yaml]\n"}, "extends"),
    ],
)
def test_a_file_that_cannot_be_extended_is_refused(study, files, code):
    """Itself, another that leads back, one that is missing, outside or remote, two at once."""
    rest = {k: v for k, v in files.items() if k != "study"}
    with pytest.raises(InputError) as caught:
        load(study(files["study"], **rest))

    assert code in [f.code for f in caught.value.findings]


def test_a_missing_scenario_is_the_machines_refusal(tmp_path):
    """A file that is not there, and a folder: WorldError, exit status 4."""
    for path, code in ((tmp_path / "none.yaml", "file-missing"), (tmp_path, "file-folder")):
        with pytest.raises(WorldError) as caught:
            load(str(path))
        assert ([f.code for f in caught.value.findings], caught.value.exit_status) == ([code], 4)


# --- variants and settings

VARIED = (
    SMALL
    + """\
variants:
  double: {parameters.used: 20 kWh}
  triple: {parameters.used: 30 kWh}
  abroad: {region: DE}
  thirds: {stages.training.share: 1 / 3}
  own: {parameters: {used: 7 kWh}}
"""
)


def test_a_variant_changes_what_it_names(study):
    """10 kWh, 20 in the variant, a third of 10 in another; the title says which."""
    path = study(VARIED)

    assert (used(path), used(path, "double"), used(path, "own")) == (10.0, 20.0, 7.0)
    assert used(path, "thirds") == pytest.approx(10 / 3, rel=1e-15)
    assert link(load(path, ["double"])).title == "Ten lines (double)"


def test_variants_compose_from_left_to_right(study):
    """The last one that names a value gives it; those that name others add up."""
    path = study(VARIED)

    assert (used(path, "double", "triple"), used(path, "triple", "double")) == (30.0, 20.0)
    assert used(path, "double", "thirds") == pytest.approx(20 / 3, rel=1e-15)
    assert [f.region for f in link(load(path, ["double", "abroad"])).flows] == ["DE"]


def test_a_setting_comes_after_the_variants(study):
    """--set on top of all, short for a parameter, by its path for anything else, last one last."""
    path = study(VARIED)

    assert used(path, "double", settings=["used=40 kWh"]) == 40.0
    assert used(path, "double", settings=["parameters.used=50 kWh"]) == 50.0
    assert used(path, settings=["stages.training.times=3"]) == 30.0
    assert used(path, settings=["training.times=3", "used=1 kWh"]) == 3.0
    assert used(path, settings=["used=1 kWh", "used=2 kWh"]) == 2.0


def test_a_setting_may_be_a_mapping(study):
    """{value: …, kind: …} in one argument."""
    assert used(study(VARIED), settings=["used={value: 4 kWh, kind: assumed}"]) == 4.0


MISSING_PATHS = {"usd=1 kWh": "used", "parameters.usd=1 kWh": "used", "stages.trainng.times=2": "training", "used.value.more=1": "used"}


@pytest.mark.parametrize(("setting", "word"), MISSING_PATHS.items())
def test_a_path_that_does_not_exist_is_refused_with_the_nearest(study, setting, word):
    """A parameter, a stage and something below a text that are not there."""
    with pytest.raises(LcaError) as caught:
        load(study(VARIED), settings=[setting])

    assert any(word in f"{f.message} {f.hint}" for f in caught.value.findings)
    assert caught.value.findings[0].place.file == "--set"


def test_an_unknown_path_of_a_variant_is_refused_at_its_line(study):
    """The variant says parameters.usd: refused at that key of the file."""
    with pytest.raises(InputError) as caught:
        load(study(VARIED.replace("double: {parameters.used", "double: {parameters.usd")), ["double"])
    (error,) = caught.value.findings

    assert (error.code, error.place.line, error.place.column) == ("path", 12, 12)


@pytest.mark.parametrize(("variants", "settings"), [(["doubel"], []), ([], ["used"]), ([], ["=3"])])
def test_a_wrong_command_is_a_usage_error(study, variants, settings):
    """A variant that is not there, a setting without = or without a path: exit status 2."""
    with pytest.raises(UsageError) as caught:
        load(study(VARIED), variants, settings)

    assert caught.value.exit_status == 2


def test_a_wrong_value_of_a_setting_is_placed_in_the_setting(study):
    """--set used=5 kWhh: the error is in --set and not in the file."""
    with pytest.raises(InputError) as caught:
        link(load(study(VARIED), settings=["used=5 kWhh"]))

    assert [(f.code, f.place.file) for f in caught.value.findings] == [("unit", "--set")]


def test_a_variant_on_an_extended_file_patches_the_whole(study):
    """The variant stands in the base and changes what the top says: the variant comes last."""
    path = study("extends: base.yaml\nparameters: {used: 12 kWh}\n", **{"base.yaml": VARIED})

    assert (used(path), used(path, "double")) == (12.0, 20.0)


# --- reading again


@pytest.mark.parametrize("origins", [True, False])
@pytest.mark.parametrize("text", [BASE, SMALL, VARIED], ids=["base", "small", "varied"])
def test_the_final_scenario_reads_back_to_itself(study, text, origins):
    """What resolve prints, read and printed again, is the same text without its comments; results have the same bytes."""
    document = read_document(study(text))
    printed = yaml_text(document, origins)
    again = read_document("study.yaml", text=printed)

    assert yaml_text(again, origins=False) == yaml_text(document, origins=False)
    assert run(link(load("study.yaml", text=printed)), 50).values.tobytes() == run(link(load("study.yaml", text=text)), 50).values.tobytes()


def test_the_final_scenario_says_where_each_value_comes_from(study):
    """A value of the top, one of the base and one of a setting, each with file and line in a comment."""
    path = study("extends: base.yaml\ntitle: On top\n", **{"base.yaml": SMALL})
    lines = yaml_text(read_document(path, settings=["used=11 kWh"])).splitlines()

    assert "title: On top  # study.yaml:2" in lines
    assert "region: FR  # base.yaml:4" in lines
    assert any(line.startswith("  used: 11 kWh") and "--set" in line for line in lines)
    assert not any(line.startswith("extends") for line in lines)


HOSTILE = (
    'quotes " and \\ backslash',
    "a # no comment",
    "colon: here",
    "  blanks around  ",
    "- dash",
    "",
    "yes",
    "é ü 中",
    "{brace",
    "*star",
    "1_000",
    "two\nlines",
)


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_texts_survive_reading_again(title):
    """A title of any characters is the same title after resolve."""
    document = read_document("study.yaml", text=SMALL.replace("Ten lines", json.dumps(title)))
    again = read_document("study.yaml", text=yaml_text(document))

    assert again["title"].value == title


SPELLINGS = {
    "as it is": lambda t: t.encode(),
    "byte-order mark": lambda t: b"\xef\xbb\xbf" + t.encode(),
    "UTF-16": lambda t: t.encode("utf-16"),
    "CRLF": lambda t: t.replace("\n", "\r\n").encode(),
    "CR": lambda t: t.replace("\n", "\r").encode(),
    "double quotes": lambda t: t.replace("used: 10 kWh", 'used: "10 kWh"').encode(),
    "single quotes": lambda t: t.replace("used: 10 kWh", "'used': '10 kWh'").encode(),
    "flow style": lambda t: t.replace("parameters:\n  used: 10 kWh", "parameters: {used: 10 kWh}").encode(),
    "folded": lambda t: t.replace("used: 10 kWh", "used: >-\n    10\n    kWh").encode(),
    "anchors": lambda t: t.replace("used: 10 kWh", "used: &ten 10 kWh\n  again: *ten").encode(),
    "comments": lambda t: ("# first\n" + t.replace("\n", " # said\n")).encode(),
    "document marks": lambda t: ("---\n" + t + "...\n").encode(),
    "no last line break": lambda t: t.rstrip("\n").encode(),
    "1e1": lambda t: t.replace("10 kWh", "1e1 kWh").encode(),
    "underscore": lambda t: t.replace("10 kWh", "10_000 Wh").encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_the_same_study_are_the_same_study(tmp_path, spelling):
    """Encodings, line ends, quotes, styles, comments, anchors: 10 kWh, exactly."""
    path = tmp_path / "study.yaml"
    path.write_bytes(SPELLINGS[spelling](SMALL))

    assert used(str(path)) == 10.0


def test_norway_is_a_region_and_not_false():
    """Region: NO is Norway."""
    model = link(load("study.yaml", text=SMALL.replace("region: FR", "region: NO")))

    assert [f.region for f in model.flows] == ["NO"]
