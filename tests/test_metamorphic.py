"""Metamorphic relations: how results must change, or stay, when a study is changed in a known way.

`same` is byte for byte; `close` is 1e-12, relative. The relations are those of the design (numbers.md, section 4).
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from conftest import VALUES, documents, written
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lca_ml.engine import blocks, point, run
from lca_ml.errors import InputError
from lca_ml.exporters import csv_text, document, json_text, yaml_text
from lca_ml.model import link
from lca_ml.scenario import load, read_document

SAMPLES = 60
POSITIVE = st.floats(0.01, 100).map(lambda x: float(f"{x:.6g}"))


def rows(model, samples=SAMPLES, seed=42):
    """The rows of the result as JSON, in the order of their labels: what `same` compares."""
    return sorted(json.dumps(r, sort_keys=True) for r in run(model, samples, seed).rows())


def totals(model, samples=SAMPLES, seed=42):
    """The samples of all flows together, (indicators, samples)."""
    return run(model, samples, seed).values.sum(axis=0)


def same(a, b):
    """Byte for byte."""
    assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


def close(a, b, rtol=1e-12):
    """To 1e-12, relative."""
    np.testing.assert_allclose(a, b, rtol=rtol, atol=0)


def activities_of(document):
    """Every activity of a study, whether its stage is one or holds several."""
    for stage in document["stages"].values():
        yield from [stage] if "process" in stage or "flows" in stage else stage.values()


def shuffled(node: Any, order: random.Random) -> Any:
    """The same mapping with the keys of every mapping in another order; lists keep theirs."""
    if isinstance(node, dict):
        keys = list(node)
        order.shuffle(keys)
        return {k: shuffled(node[k], order) for k in keys}
    return [shuffled(v, order) for v in node] if isinstance(node, list) else node


# --- structure


@given(documents(), st.randoms(use_true_random=False))
def test_permuting_stages_and_keys_changes_no_flow(model_of, document, order):
    """Stages, activities, parameters and keys in any order: the samples of every flow are the same bytes, the totals equal to 1e-12."""
    before, after = run(model_of(document), SAMPLES), run(model_of(shuffled(document, order)), SAMPLES)
    named = {f.name: i for i, f in enumerate(after.model.flows)}

    same(before.values, after.values[[named[f.name] for f in before.model.flows]])
    close(before.values.sum(axis=0), after.values.sum(axis=0))


@given(documents())
def test_renaming_a_stage_keeps_the_totals(model_of, document):
    """A stage under a name of one's own: the totals are the same bytes."""
    renamed = copy.deepcopy(document)
    first = next(iter(renamed["stages"]))
    renamed["stages"] = {("rehearsal" if k == first else k): v for k, v in renamed["stages"].items()}

    same(totals(model_of(document)), totals(model_of(renamed)))


@given(documents(), st.sampled_from(("comments", "crlf", "bom", "double", "single", "flow", "blank")))
def test_spelling_changes_nothing(model_of, document, spelling):
    """Comments, CRLF, a byte-order mark, quotes, flow or block style, blank lines: the same bytes."""
    text = written(document)
    respelt = {
        "comments": "# a study\n" + text.replace("\n", "  # said\n"),
        "crlf": text.replace("\n", "\r\n"),
        "bom": "\ufeff" + text,
        "double": yaml.safe_dump(document, sort_keys=False, default_style='"'),
        "single": yaml.safe_dump(document, sort_keys=False, default_style="'"),
        "flow": yaml.safe_dump(document, sort_keys=False, default_flow_style=True),
        "blank": text.replace("\n", "\n\n"),
    }[spelling]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_bytes(respelt.encode())
        assert rows(link(load(str(path)))) == rows(model_of(document))


@given(documents(), st.sampled_from(("energy * pue", "power * duration + energy", "(energy + power * duration) / pue")))
def test_inlining_a_formula_keeps_results(model_of, document, formula):
    """A formula with a name, and the same formula in its place."""
    named, inlined = copy.deepcopy(document), copy.deepcopy(document)
    named["parameters"]["bought"] = formula
    for text, changed in (("2 * bought", named), (f"2 * ({formula})", inlined)):
        changed["stages"]["deployment"] = {"flows": {"electricity": text}}

    close(totals(model_of(named)), totals(model_of(inlined)))


@given(documents(), st.data())
def test_splitting_a_file_with_extends_changes_nothing(model_of, document, data):
    """Some keys in a base file, the others on top of it, one stage split between both: the same bytes as one file."""
    below = data.draw(st.lists(st.sampled_from([k for k in document if k != "stages"]), unique=True))
    stages = list(document["stages"])
    cut = data.draw(st.integers(0, len(stages)))
    base = {**{k: document[k] for k in below}, "stages": {k: document["stages"][k] for k in stages[:cut]}}
    top = {"extends": "base.yaml", **{k: v for k, v in document.items() if k not in below}, "stages": {k: document["stages"][k] for k in stages[cut:]}}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "base.yaml").write_text(written(base))
        (Path(folder) / "top.yaml").write_text(written(top))
        assert rows(link(load(str(Path(folder) / "top.yaml")))) == rows(model_of(document))


@given(documents(), st.sampled_from(VALUES["energy"]))
def test_an_unused_parameter_changes_nothing_and_is_warned_of(model_of, document, value):
    """Results are the same bytes; there is one warning more, and it names the parameter."""
    more = copy.deepcopy(document)
    more["parameters"]["forgotten"] = {"value": value, "kind": "assumed"}
    before, after = model_of(document), model_of(more)

    assert rows(before) == rows(after)
    fresh = [w for w in after.warnings if w.message not in {x.message for x in before.warnings}]
    assert [w.code for w in fresh] == ["unused"]
    assert "forgotten" in fresh[0].message


@given(documents(), st.integers(1, 99), st.data())
def test_splitting_an_activity_into_shares_keeps_totals(model_of, document, percent, data):
    """An activity, or s % and (100 − s) % of it side by side."""
    whole = {"flows": {"electricity": data.draw(st.sampled_from(("energy", "energy * pue"))), "wood": "mass"}, "times": "3"}
    one, two = copy.deepcopy(document), copy.deepcopy(document)
    one["stages"]["deployment"] = whole
    two["stages"]["deployment"] = {"a": whole | {"share": f"{percent} %"}, "b": whole | {"share": f"{100 - percent} %"}}

    close(totals(model_of(one)), totals(model_of(two)))


@given(documents(), st.sampled_from(("nothing", "0 * energy", "nothing * pue / 3", "-nothing")))
def test_an_activity_of_amount_zero_changes_nothing(model_of, document, amount):
    """Nothing of a flow: it counts 0, known, in each indicator; all other flows and the totals keep their bytes."""
    document["parameters"]["nothing"] = {"value": "0 kWh", "kind": "assumed"}
    more = copy.deepcopy(document)
    more["stages"]["deployment"] = {"flows": {"electricity": amount}}
    before, after = run(model_of(document), SAMPLES), run(model_of(more), SAMPLES)

    same(before.values, after.values[:-1])
    same(before.values.sum(axis=0), after.values.sum(axis=0))
    assert [s.mean for s in after.by("stage") if s.labels["stage"] == "deployment"] == [0.0] * 4


@given(documents(), st.booleans())
def test_what_resolve_prints_is_a_fixed_point(model_of, document, origins):
    """The final scenario read again: the same results, and the same text printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.yaml"
        path.write_text(written(document))
        final = yaml_text(read_document(str(path)), origins)
        path.write_text(final)
        again = yaml_text(read_document(str(path)), False)

    assert rows(model_of(final)) == rows(model_of(document))
    assert again == yaml_text(read_document("study.yaml", text=final), False)
    assert yaml_text(read_document("study.yaml", text=again), False) == again


# --- scale


@given(documents(), POSITIVE)
def test_amounts_times_k_are_impacts_times_k(model_of, document, k):
    """`times: k` on every activity multiplies every impact by k."""
    scaled = copy.deepcopy(document)
    for activity in activities_of(scaled):
        activity["times"] = f"({activity['times']}) * {k!r}" if "times" in activity else f"{k!r}"

    close(totals(model_of(scaled)), totals(model_of(document)) * k)


@given(documents(), st.integers(2, 1000))
def test_a_functional_unit_k_times_as_large_has_impacts_k_times_as_large(model_of, document, k):
    """What is delivered is fixed, so k times the unit is 1/k as many units: the total stays, the impact per unit is × k."""
    larger = {**document, "functional_unit": f"{10 * k} kWh"}
    before, after = run(model_of(document), SAMPLES), run(model_of(larger), SAMPLES)
    everything = range(len(before.model.flows))

    same(before.draws(everything), after.draws(everything))
    close(after.reference, before.reference / k)
    close(after.draws(everything, "functional_unit"), before.draws(everything, "functional_unit") * k)


OTHER_UNITS = {
    "energy": ("kWh", (("0.5 MWh", "500 kWh", "1800 MJ", "500000 Wh"), ("uniform(300, 600) kWh", "uniform(0.3, 0.6) MWh", "uniform(1080, 2160) MJ"))),
    "power": ("W", (("350 W", "0.35 kW", "350000 mW"), ("lognormal(400, 1.2) W", "lognormal(0.4, 1.2) kW"))),
    "duration": ("day", (("90 day", "2160 h", "129600 min"), ("triangular(30, 60, 90) day", "triangular(720, 1440, 2160) h"))),
    "pue": ("", (("1.2", "120 %"), ("uniform(1.1, 1.4)", "uniform(110, 140) %"))),
    "mass": ("kg", (("20 kg", "0.02 t", "20000 g"), ("10 to 30 kg", "0.01 to 0.03 t", "10000 to 30000 g"))),
}


@given(documents(), st.sampled_from(list(OTHER_UNITS)), st.data())
def test_another_unit_of_the_same_dimension_changes_nothing(model_of, document, name, data):
    """500 kWh, 0.5 MWh or 1800 MJ, certain or not: the same results to 1e-12."""
    spellings = data.draw(st.sampled_from(OTHER_UNITS[name][1]))
    models = []
    for text in spellings:
        document["parameters"][name] = {"value": text, "kind": "assumed"}
        models.append(totals(model_of(document)))

    for other in models[1:]:
        close(other, models[0])


@given(documents(), POSITIVE)
def test_impacts_are_linear_in_the_factors(model_of, document, k):
    """All own factors × k: what they characterise × k; electricity use, which is by definition 1, stays."""
    scaled = copy.deepcopy(document)
    for row in scaled["factors"]["values"]:
        for indicator, given_ in row.items():
            if indicator in ("climate_change", "water_use"):
                row[indicator] = _times(given_, k)
    before, after = totals(model_of(document)), totals(model_of(scaled))

    close(after[0], before[0] * k)
    same(after[1], before[1])
    close(after[2], before[2] * k)


def _times(stated: Any, k: float) -> Any:
    """A factor k times as large, whatever way it is stated."""
    if isinstance(stated, dict):
        return stated | {"value": _times(stated["value"], k)}
    if stated.startswith("lognormal("):
        median, rest = stated.removeprefix("lognormal(").split(",")
        return f"lognormal({float(median) * k!r},{rest}"
    number, unit = stated.split(" ")
    return f"{float(number) * k!r} {unit}"


@given(documents())
def test_zero_factors_give_zero(model_of, document):
    """All own factors zero: climate change and water are exactly 0 in every sample, and known."""
    for row in document["factors"]["values"]:
        row |= {
            k: f"0 {'kgCO2e' if k == 'climate_change' else 'm3'}/{'kWh' if row['flow'] == 'electricity' else 'kg'}"
            for k in row
            if k in ("climate_change", "water_use")
        }
    results = run(model_of(document), SAMPLES)

    assert np.count_nonzero(results.values[:, [0, 2]]) == 0
    assert results.of("climate_change").mean == 0.0


# --- Monte Carlo


NARROW = {
    "energy": ("normal(500, 0) kWh", "uniform(500, 500) kWh"),
    "power": ("triangular(350, 350, 350) W", "pert(350, 350, 350) W"),
    "duration": ("lognormal(90, 1) day", "loguniform(90, 90) day"),
    "pue": ("uniform(1.2, 1.2)",),
    "mass": ("normal(20, 0) kg",),
}


@given(documents(), st.data())
def test_a_spread_of_zero_gives_the_stated_result(model_of, document, data):
    """Every distribution with no width: each sample is the stated result to 1e-12."""
    document["parameters"] = {name: {"value": data.draw(st.sampled_from(texts)), "kind": "assumed"} for name, texts in NARROW.items()}
    for row in document["factors"]["values"]:
        row |= {"climate_change": "0.1 kgCO2e/" + ("kWh" if row["flow"] == "electricity" else "kg")}
    document["indicators"] = ["climate_change", "electricity_use", "water_use"]
    model = model_of(document)
    stated = point(model)
    results = run(model, 50)

    close(results.values, np.broadcast_to(stated.impacts, results.values.shape))
    close(results.reference, np.broadcast_to(stated.reference, results.reference.shape))


@given(documents(), st.sampled_from((1e-3, 1e-6, 1e-9)))
def test_a_spread_that_shrinks_approaches_the_stated_result(model_of, document, spread):
    """Relative sd s on energy alone: no sample lies further than 6 s from the stated total, which is linear in it."""
    document["parameters"] = {name: {"value": texts[0], "kind": "assumed"} for name, texts in VALUES.items()}
    document["parameters"]["energy"] = {"value": f"normal(500, {500 * spread!r}) kWh", "kind": "assumed"}
    document["indicators"] = ["electricity_use"]
    model = model_of(document)

    close(totals(model, 1000), np.broadcast_to(point(model).impacts.sum(axis=0), (1, 1000)), rtol=6 * spread + 1e-12)


@given(documents(), st.integers(1, 3000))
def test_the_first_n_of_2n_samples_are_the_n_samples(model_of, document, n):
    """Asking for twice as many changes none of the first half: the same bytes."""
    model = model_of(document)
    few, many = run(model, n), run(model, 2 * n)

    same(few.values, many.values[:, :, :n])
    same(few.reference, many.reference[:n])


@given(documents(), st.integers(1, 500), st.integers(0, 10_000))
@settings(max_examples=25)
def test_blocks_of_any_size_give_the_same_bytes(model_of, document, size, start):
    """600 samples in blocks of any size, from any start: the same bytes as at once."""
    model = model_of(document)
    whole = next(blocks(model, 600, 7, size=600, start=start))
    parts = list(blocks(model, 600, 7, size=size, start=start))

    assert [b.start for b in parts] == list(range(start, start + 600, size))
    same(np.concatenate([b.impacts for b in parts], axis=2), whole.impacts)
    same(np.concatenate([b.reference for b in parts]), whole.reference)


@given(documents(), st.integers(0, 999), st.integers(1, 50))
def test_samples_can_be_read_from_anywhere(model_of, document, start, count):
    """Samples 371 to 390, say, computed alone: the same bytes as among the 1,049 from the beginning."""
    model = model_of(document)
    alone = next(blocks(model, count, 7, start=start))
    whole = run(model, 1049, 7)

    same(alone.impacts, whole.values[:, :, start : start + count])
    same(alone.reference, whole.reference[start : start + count])


@given(documents(), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_bytes(model_of, document, seed):
    """Twice the same run, from a model linked anew."""
    assert rows(model_of(document), 50, seed) == rows(model_of(document), 50, seed)


@given(documents(), st.integers(0, 10_000))
@settings(max_examples=15)
def test_another_seed_gives_means_within_four_standard_errors(model_of, document, seed):
    """20,000 samples of two seeds: the means differ by less than 4 √2 standard errors, and the samples are not the same."""
    model = model_of(document)
    assume(any(n.uncertain for n in model.nodes))
    one, two = (totals(model, 20_000, s) for s in (seed, seed + 1))
    for a, b in zip(one, two, strict=True):
        standard_error = np.sqrt((a.var() + b.var()) / a.size)
        assert abs(a.mean() - b.mean()) <= 4 * standard_error + 1e-12 * abs(a.mean())


@given(documents())
def test_adding_an_uncertain_parameter_leaves_the_draws_of_others(model_of, document):
    """A new stage with an uncertain amount of its own: the samples of the flows that were there are the same bytes."""
    more = copy.deepcopy(document)
    more["parameters"] = {"extra": {"value": "uniform(1, 2) kWh", "kind": "assumed"}} | more["parameters"]
    more["stages"]["deployment"] = {"flows": {"electricity": "extra"}}
    before, after = run(model_of(document), SAMPLES), run(model_of(more), SAMPLES)

    same(before.values, after.values[: len(before.model.flows)])


@given(documents(), st.sampled_from(list(VALUES)), st.sampled_from(("uniform(1, 3)", "normal(2, 0.1)", "1 to 4", "lognormal(2, 1.5)")))
def test_a_quantity_less_itself_is_exactly_zero_and_over_itself_one(model_of, document, name, spread):
    """Drawn once per sample however often it is used: a − a is 0 and a / a is 1, with no rounding."""
    unit = OTHER_UNITS[name][0]
    document["parameters"]["pair"] = {"value": f"{spread} {unit}".strip(), "kind": "assumed"}
    document["parameters"]["steady"] = {"value": "5 kWh", "kind": "assumed"}
    document["stages"]["deployment"] = {
        "less": {"flows": {"electricity": "(pair - pair) / pair * steady"}},
        "over": {"flows": {"electricity": "pair / pair * steady"}},
    }
    results = run(model_of(document), SAMPLES)
    k = [i.id for i in results.indicators].index("electricity_use")
    less, over = ([i for i, f in enumerate(results.model.flows) if f.activity == f"deployment.{a}"] for a in ("less", "over"))

    same(results.values[less, k], np.zeros((1, SAMPLES)))
    same(results.values[over, k], np.full((1, SAMPLES), 5.0))


# --- refusal

FOREIGN = {
    "energy": ("5 kg", "uniform(1, 2) W", "3"),
    "power": ("5 kWh", "3 GPU", "1 to 2 kg"),
    "duration": ("4 kWh", "2"),
    "pue": ("3 kWh", "1 to 2 h"),
    "mass": ("5 kWh", "2 kgCO2e", "7 %"),
}


@given(documents(), st.sampled_from(list(FOREIGN)), st.data())
def test_a_unit_of_another_dimension_is_always_refused(refused, document, name, data):
    """Energy in kg, power in kWh, mass in kgCO2e: refused before anything is drawn, wherever the quantity is used."""
    document["parameters"][name] = {"value": data.draw(st.sampled_from(FOREIGN[name])), "kind": "assumed"}
    document["stages"]["deployment"] = {"flows": {"electricity": "pue * (energy + power * duration)", "wood": "mass"}}

    assert {f.code for f in refused(document)} & {"dimension", "unit-missing"}


@given(documents(), st.sampled_from(("lca_ml", "title", "functional_unit", "stages")))
def test_a_required_key_that_is_missing_is_refused_by_its_name(refused, document, key):
    """Each of the four keys a study cannot do without."""
    del document[key]
    errors = refused(document)

    assert [(f.code, key in f.message) for f in errors] == [("missing-key", True)]


@given(documents())
def test_a_required_argument_that_is_missing_is_refused_by_its_name(refused, document):
    """The page of the scenario needs heat."""
    document["stages"]["deployment"] = {"process": "shed"}

    assert [(f.code, "heat" in f.message) for f in refused(document)] == [("missing-key", True)]


MISSPELT = {
    "key": lambda d: d.update(functional_units=d.pop("functional_unit")),
    "section": lambda d: d.update(paramaters={}),
    "name in a formula": lambda d: d["stages"].update(deployment={"flows": {"electricity": "enrgy"}}),
    "process": lambda d: d["stages"].update(deployment={"process": "shd", "heat": "energy"}),
    "argument": lambda d: d["stages"].update(deployment={"process": "shed", "heat": "energy", "lss": "0.2"}),
    "flow": lambda d: d["stages"].update(deployment={"flows": {"electricty": "energy"}}),
    "indicator": lambda d: d.update(indicators=["climate_chang"]),
    "factor indicator": lambda d: d["factors"]["values"][0].update(climate_chang="1 kgCO2e/kWh"),
    "region": lambda d: d["stages"].update(deployment={"flows": {"electricity": "energy"}, "region": "FRR"}),
    "common key": lambda d: d["stages"].update(deployment={"flows": {"electricity": "energy"}, "regoin": "FR"}),
    "flow key": lambda d: d["stages"].update(deployment={"flows": {"electricity": {"amount": "energy", "phse": "use"}}}),
    "unit": lambda d: d["parameters"].update(energy={"value": "5 kWhh", "kind": "assumed"}),
    "distribution": lambda d: d["parameters"].update(energy={"value": "unifrm(1, 2) kWh", "kind": "assumed"}),
    "function": lambda d: d["stages"].update(deployment={"flows": {"electricity": "energy * sqr(pue)"}}),
}
NEAREST = dict.fromkeys(MISSPELT, "") | {
    "key": "functional_unit",
    "section": "parameters",
    "name in a formula": "energy",
    "process": "shed",
    "argument": "loss",
    "flow": "electricity",
    "indicator": "climate_change",
    "factor indicator": "climate_change",
    "region": "FR",
    "common key": "region",
    "flow key": "phase",
    "unit": "kWh",
    "distribution": "uniform",
    "function": "sqrt",
}


@pytest.mark.parametrize("what", MISSPELT)
@given(document=documents())
@settings(max_examples=8)
def test_a_misspelt_name_is_refused_with_its_place_and_the_nearest_name(refused, what, document):
    """Any name, one letter off: an error with a line and a column, and the right spelling somewhere in what it says."""
    MISSPELT[what](document)
    errors = refused(document)

    assert any(NEAREST[what] in f.message + f.hint for f in errors), errors
    assert all(f.place is not None and f.place.line for f in errors), errors


@given(documents(), st.randoms(use_true_random=False))
def test_a_duplicate_key_is_refused_with_both_places(refused, document, order):
    """A line of the file written twice: the error stands at the second and names the line of the first."""
    lines = written(document).splitlines()
    keys = [i for i, line in enumerate(lines) if line.partition(": ")[2] and not line.lstrip().startswith("- ")]
    at = order.choice(keys)
    lines.insert(at + 1, lines[at])
    (error,) = refused("\n".join(lines))

    assert error.code == "duplicate-key"
    assert error.place.line == at + 2
    assert f"line {at + 1}" in error.message
    assert lines[at].split(":")[0].strip() in error.message


@given(documents(), st.integers(1, 40), st.sampled_from(list(MISSPELT)))
def test_blank_lines_above_move_the_place_by_as_many(refused, document, n, what):
    """N blank lines above the study: each place is n lines further down, its column the same."""
    MISSPELT[what](document)
    text = written(document)
    before, after = refused(text), refused("\n" * n + text)

    assert [(f.message.partition(" line ")[0], f.place.line + n, f.place.column) for f in before] == [
        (f.message.partition(" line ")[0], f.place.line, f.place.column) for f in after
    ]


@given(documents(), st.sampled_from([w for w in MISSPELT if w != "key"]))
def test_a_mistake_in_an_extended_file_is_placed_in_that_file(refused, document, what):
    """The study wrapped in `extends:`: the same errors, at the same line and column of base.yaml."""
    MISSPELT[what](document)
    alone = refused(document)
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "base.yaml").write_text(written(document))
        (Path(folder) / "top.yaml").write_text("extends: base.yaml\ntitle: On top\n")
        with pytest.raises(InputError) as caught:
            link(load(str(Path(folder) / "top.yaml")))
    wrapped = caught.value.findings

    assert [(f.code, f.place.line, f.place.column) for f in wrapped] == [(f.code, f.place.line, f.place.column) for f in alone]
    assert {Path(f.place.file).name for f in wrapped} == {"base.yaml"}


# --- outputs


@given(documents())
def test_json_reads_back_to_the_same_numbers(model_of, study_):
    """Every number of the JSON, read again, is the float it was."""
    results = run(model_of(study_), SAMPLES)
    whole = document(results)

    assert json.loads(json_text(whole)) == whole
    assert [r["value"] for r in json.loads(json_text(whole))["rows"]] == [r["value"] for r in results.rows()]


@given(documents())
def test_csv_reads_back_to_the_same_numbers(model_of, study_):
    """Every number of the CSV, read again, is the float it was; an empty cell is what is unknown or summed over."""
    expected = run(model_of(study_), SAMPLES).rows()
    found = list(csv.DictReader(io.StringIO(csv_text(expected))))

    assert [{k: None if v == "" else float(v) if k == "value" else v for k, v in row.items()} for row in found] == expected
