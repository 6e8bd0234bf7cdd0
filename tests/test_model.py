"""A scenario linked: dimensions proved and mended, names resolved, what an activity may and must say, what a flow becomes."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from conftest import BASE

from lca_ml.engine import Program, draw, point, run
from lca_ml.errors import InputError
from lca_ml.expressions import names
from lca_ml.sampling import Uniforms
from lca_ml.verification import verify


def study(parameters="used: 10 kWh", stages="training: {flows: {electricity: used}}", more=""):
    """A study of a few lines, in France in 2024, in climate change, electricity and water."""
    return f"""\
lca_ml: 1
title: A few lines
functional_unit: 1 request
region: FR
year: 2024
indicators: [climate_change, electricity_use, water_use]
{more}
parameters: {{{parameters}}}
stages: {{{stages}}}
"""


def said(findings, code):
    """Message and hint of the only finding of a code."""
    (one,) = [f for f in findings if f.code == code]
    return f"{one.message} {one.hint}"


# --- units


def test_a_dimension_error_names_the_factor_that_would_mend_it(refused):
    """GPU·h where kWh is wanted: multiplying by card_power (W/GPU) would do."""
    errors = refused(study("hours: 100 GPU*h, card_power: 400 W/GPU", "training: {flows: {electricity: hours}}"))

    assert "ultiplying by card_power" in said(errors, "dimension")


def test_a_dimension_error_names_the_divisor_that_would_mend_it(refused):
    """Wh where W is wanted in a sum: dividing by time would do, and the sum is where the error stands."""
    errors = refused(study("energy: 5 kWh, time: 10 h, power: 3 W", "training: {flows: {electricity: (energy + power) * time}}"))
    (one,) = [f for f in errors if f.code == "dimension"]

    assert "ividing by time" in one.hint or "ultiplying by time" in one.hint
    assert one.place.excerpt[one.place.column - 1 : one.place.column - 1 + one.place.width] == "energy + power"


def test_a_dimension_error_without_a_remedy_in_scope_names_the_unit_of_one(refused):
    """KWh of a flow given in GB: a quantity in kWh per byte would do, though none has a name."""
    text = said(refused(study("volume: 5 GB", "training: {flows: {electricity: volume}}")), "dimension")

    assert "A quantity in" in text
    assert "GB" in text


def test_a_pure_number_where_a_unit_is_wanted_is_refused_with_an_example(refused):
    """`power: 300` of a process that wants W/GPU: write 300 W/GPU."""
    stages = "training: {process: compute, device: nvidia-h100-sxm, device_hours: hours, power: 300}"

    assert "300 W/GPU" in said(refused(study("hours: 5 GPU*h", stages)), "unit-missing")


@pytest.mark.parametrize("formula", ["exp(used)", "log(used)", "2 ** used", "used ** pure", "sqrt(used)", "min(used, pure)", "used - pure", "ceil(used)"])
def test_a_function_of_the_wrong_dimension_is_refused(refused, formula):
    """Logarithms and exponents take pure numbers; a comparison and a difference take the same dimension on both sides."""
    codes = {f.code for f in refused(study("used: 10 kWh, pure: 3", f"training: {{flows: {{electricity: '{formula}'}}}}"))}

    assert codes <= {"dimension", "exponent", "function-unit"} and codes


def test_units_of_one_dimension_are_joined_without_a_word(model_of, stated):
    """1 kWh + 3.6 MJ + 1000 W × 60 min is 3 kWh."""
    model = model_of(study("a: 1 kWh, b: 3.6 MJ, c: 1000 W, d: 60 min", "training: {flows: {electricity: a + b + c * d}}"))

    assert stated(model)["electricity_use"] == pytest.approx(3.0, rel=1e-15)


# --- names


def test_an_undefined_name_is_refused_with_the_nearest(refused):
    """`energi` is not defined; energy is."""
    text = said(refused(study("energy: 5 kWh", "training: {flows: {electricity: energi}}")), "undefined")

    assert "energi " in text and "energy?" in text


def test_an_undefined_dotted_name_is_refused_with_the_nearest(refused):
    """`training.runs.energy_itt` stands for nothing; training.runs.energy_it does."""
    stages = "training: {runs: {process: metered, energy_it: used}}, inference: {flows: {electricity: training.runs.energy_itt}}"

    assert "training.runs.energy_it?" in said(refused(study(stages=stages)), "undefined").replace(",", "?").replace(" or", "?")


def test_a_loop_is_refused_and_spelled_out(refused):
    """A needs b, b needs c, c needs a: the chain is written from the first in the file back to it."""
    text = said(refused(study("a: 2 * b, b: 3 * c, c: a / 4, used: a", "training: {flows: {electricity: used}}")), "cycle")

    assert "a → b → c → a" in text


def test_a_loop_between_activities_is_refused_and_spelled_out(refused):
    """Each takes the other's energy."""
    stages = "training: {process: metered, energy_it: inference.energy_it * 2}, inference: {process: metered, energy_it: training.energy_it / 2}"
    text = said(refused(study("spare: 1 kWh", stages)), "cycle")

    assert "training.energy_it → inference.energy_it → training.energy_it" in text


def test_a_parameter_of_itself_is_a_loop(refused):
    """used: used * 2."""
    assert "used → used" in said(refused(study("used: used * 2")), "cycle")


def test_the_order_of_the_file_is_not_the_order_of_the_calculation(model_of, stated):
    """A of b of c, written a first: 2 × 3 × 4 kWh = 24 kWh."""
    assert stated(model_of(study("a: 2 * b, b: 3 * c, c: 4 kWh", "training: {flows: {electricity: a}}")))["electricity_use"] == pytest.approx(24, rel=1e-15)


def test_an_unused_parameter_is_warned_of_once_and_where_it_stands(model_of):
    """Nothing depends on spare, not even the parameter that is unused with it."""
    warnings = [w for w in model_of(study("used: 10 kWh, spare: 3 kWh, more: spare * 2")).warnings if w.code == "unused"]

    assert [w.message.split()[2] for w in warnings] == ["spare", "more"]
    assert {w.place.line for w in warnings} == {8}


def test_a_dotted_name_reads_a_quantity_of_another_activity(model_of, stated):
    """Inference takes a tenth of the energy of the training's runs, 500 kWh: 50 kWh."""
    stages = "training: {runs: {process: metered, energy_it: used, pue: 1, wue: 0 L/kWh}}, inference: {flows: {electricity: training.runs.energy_it / 10}}"

    assert stated(model_of(study("used: 500 kWh", stages)), "inference")["electricity_use"] == pytest.approx(50, rel=1e-15)


def test_a_dotted_name_reads_a_formula_of_a_page(model_of, stated):
    """training.device_lives of compute: 876 GPU·h over a life of a year at full use is a tenth of a card, × 10 kWh/GPU is 1 kWh."""
    compute = "{process: compute, device: nvidia-h100-sxm, device_hours: hours, lifetime: 1 year, utilisation: 1}"
    stages = f"training: {compute}, end_of_life: {{flows: {{electricity: training.device_lives * shredding}}}}"

    assert stated(model_of(study("hours: 876 GPU*h, shredding: 10 kWh/GPU", stages)), "end_of_life")["electricity_use"] == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("name", ["delivers", "functional_unit", "total", "factor", "device"])
def test_names_the_model_uses_are_reserved(refused, name):
    """A parameter cannot take the name of what every model has."""
    assert name in said(refused(study(f"{name}: 5 kWh, used: 1 kWh")), "name-reserved")


# --- processes


def test_a_missing_argument_is_named_with_its_unit(refused):
    """`compute` needs device_hours, in GPU*h."""
    text = said(refused(study("spare: 1", "training: {process: compute, device: nvidia-h100-sxm}")), "missing-key")

    assert "device_hours" in text and "GPU*h" in text


@pytest.mark.parametrize("given", ["pue: 1.2", "energy_it: used, energy_facility: used"])
def test_exactly_one_of_two_arguments_is_needed(refused, given):
    """`metered` needs energy at the computers or at the door: neither and both are refused."""
    text = said(refused(study(stages=f"training: {{process: metered, {given}}}, inference: {{flows: {{electricity: used}}}}")), "one-of")

    assert "energy_it" in text and "energy_facility" in text


CONFLICTS = {"energy_facility: used, pue: 1.2": "PUE", "energy_facility: used, overhead: 0.3": "overhead", "energy_it: used, pue: 1.2, overhead: 0.3": "PUE"}


@pytest.mark.parametrize(("given", "why"), CONFLICTS.items())
def test_arguments_that_contradict_each_other_are_refused_with_the_reason(refused, given, why):
    """PUE with facility energy would count the cooling twice, and so would PUE with an overhead that contains it."""
    assert why in said(refused(study(stages=f"training: {{process: metered, {given}}}")), "conflict")


def test_facility_energy_is_taken_as_it_is_and_it_energy_is_multiplied_once(model_of, stated):
    """120 kWh at the door, or 100 kWh at the computers × PUE 1.2: both 120 kWh; water on site is IT energy × WUE, 100 × 0.5 L."""
    door = "inference: {process: metered, energy_facility: outside, wue: 0 L/kWh}"
    stages = "training: {process: metered, energy_it: used, pue: 1.2, wue: 0.5 L/kWh}, " + door
    model = model_of(study("used: 100 kWh, outside: 120 kWh", stages))

    assert stated(model, "training")["electricity_use"] == pytest.approx(120, rel=1e-14)
    assert stated(model, "inference")["electricity_use"] == pytest.approx(120, rel=1e-14)
    assert stated(model, "training.water_on_site")["water_use"] == pytest.approx(0.050, rel=1e-14)


def test_water_on_site_of_facility_energy_is_of_the_it_energy_behind_it(model_of, stated):
    """At PUE p of a hyperscale centre, 120 kWh at the door are 120 / p kWh of IT: × 1 L/kWh."""
    model = model_of(study("outside: 120 kWh", "training: {process: metered, energy_facility: outside, wue: 1 L/kWh}"))
    pue = model.node("training.pue").number

    assert stated(model, "training.water_on_site")["water_use"] == pytest.approx(0.120 / pue, rel=1e-14)


def test_an_unknown_argument_is_refused_with_the_nearest(refused):
    """`pues` of metered."""
    text = said(refused(study(stages="training: {process: metered, energy_it: used, pues: 1.2}")), "unknown-key")

    assert "Did you mean pue" in text


def test_an_activity_has_a_process_or_flows_and_not_both_or_neither(refused):
    """Both, and neither: refused."""
    both = "training: {process: metered, energy_it: used, flows: {electricity: used}}"
    neither = "training: {a: {region: FR}}, inference: {flows: {electricity: used}}"
    for stages in (both, neither):
        assert "process" in said(refused(study(stages=stages)), "activity")


def test_an_unknown_device_is_refused_with_the_nearest(refused):
    """nvidia-h100-smx."""
    errors = refused(study("hours: 5 GPU*h", "training: {process: compute, device: nvidia-h100-smx, device_hours: hours}"))

    assert any("nvidia-h100-sxm" in f.hint for f in errors)


def test_a_property_no_result_depends_on_may_be_missing(model_of, refused, library):
    """The V100 has no bf16 peak: training refuses it, unless the peak is given, for then its default is not needed."""
    assert "peak_bf16" not in library.devices["nvidia-v100-sxm2-32gb"]
    text = "training: {process: training, device: nvidia-v100-sxm2-32gb, flop: work, mfu: 0.3, MORE}"
    parameters = "work: 1e20 FLOP, fp16: 125 TFLOP/(GPU*s)"

    assert "peak_bf16" in said(refused(study(parameters, text.replace(", MORE", ""))), "device-property")
    model = model_of(study(parameters, text.replace("MORE", "peak: fp16")))
    # 1e20 / (125e12 × 0.3) s are 2,666,667 GPU·s = 740.74 GPU·h
    assert model.node("training.device_hours").number == pytest.approx(1e20 / (125e12 * 0.3) / 3600, rel=1e-14)


def test_an_implausible_argument_is_warned_of_and_computed(model_of, stated):
    """A PUE of 4 is outside 1 to 3: a warning, and 40 kWh all the same."""
    model = model_of(study(stages="training: {process: metered, energy_it: used, pue: 4, wue: 0 L/kWh}"))

    assert "1 to 3" in said(model.warnings, "magnitude")
    assert stated(model)["electricity_use"] == pytest.approx(40, rel=1e-15)


# --- times, share, stage, region


def test_times_and_share_multiply_every_flow_of_an_activity(model_of, stated):
    """10 kWh × 1 / 20 % × a quarter is 12.5 kWh, and so is the wood beside it."""
    model = model_of(
        study(
            "used: 10 kWh, planks: 2 kg, success: 20 %",
            "training: {times: 1 / success, share: 25 %, flows: {electricity: used, wood: planks}}",
            "factors: {values: [{flow: wood, climate_change: 1 kgCO2e/kg}]}",
        )
    )

    assert stated(model, "training.electricity")["electricity_use"] == pytest.approx(12.5, rel=1e-15)
    assert stated(model, "training.wood")["climate_change"] == pytest.approx(2.5, rel=1e-15)


def test_times_of_an_activity_reaches_the_activities_of_its_page(model_of, stated):
    """Storage runs `metered` inside: × 3 on the outside is × 3 on every flow of both."""
    once, thrice = (
        model_of(study("kept: 10 TB, time: 1 year", f"storage: {{process: storage, data: kept, duration: time{more}}}")) for more in ("", ", times: 3")
    )
    for name in ("storage.drives", "storage.running.electricity", "storage.running.water_on_site"):
        for indicator, value in stated(once, name).items():
            assert stated(thrice, name)[indicator] == pytest.approx(3 * value, rel=1e-14)


@pytest.mark.parametrize("share", ["1.2", "150 %", "-0.1", "half * 3"])
def test_a_share_outside_zero_to_one_is_refused(refused, share):
    """More than all and less than nothing of an activity cannot be allocated."""
    said(refused(study("used: 10 kWh, half: 0.5", f"training: {{share: {share}, flows: {{electricity: used}}}}")), "share")


@pytest.mark.parametrize("share", ["0", "1", "100 %", "0.5"])
def test_a_share_from_zero_to_one_is_taken(model_of, stated, share):
    """Nothing, all and half of 10 kWh."""
    expected = {"0": 0.0, "1": 10.0, "100 %": 10.0, "0.5": 5.0}[share]

    assert stated(model_of(study(stages=f"training: {{share: {share}, flows: {{electricity: used}}}}")))["electricity_use"] == expected


def test_times_must_be_a_pure_number(refused):
    """`times: 3 h` is no multiplier."""
    errors = refused(study("used: 10 kWh, time: 3 h", "training: {times: time, flows: {electricity: used}}"))

    assert any(f.code == "dimension" and f.message.startswith("times is in h") for f in errors)


def test_manufacture_of_a_computing_process_is_reported_under_hardware(model_of):
    """Training's cards and servers are stage hardware, phase embodied; the activity stays training."""
    model = model_of(study("hours: 5 GPU*h", "training: {process: compute, device: nvidia-h100-sxm, device_hours: hours}"))
    labels = {f.name: (f.stage, f.activity, f.phase) for f in model.flows}

    assert labels["training.accelerators"] == labels["training.servers"] == ("hardware", "training", "embodied")
    assert labels["training.electricity"] == ("training", "training", "use")
    assert model.stages == ("training", "hardware")
    shown = {(s.labels["stage"], s.labels["activity"]) for s in run(model, 2).by("stage", "activity")}
    assert shown == {("training", "training"), ("hardware", "training")}


def test_compute_by_hand(model_of, stated):
    """1000 GPU·h × (700 × 0.5 + 50) W × PUE 1.25 = 500 kWh; 1000 / (2 × 8760 × 0.5) lives of a card of 100 kg = 11.4155 kg."""
    activity = "{process: compute, device: nvidia-h100-sxm, device_hours: hours, power_fraction: 0.5, host_power: host, pue: 1.25"
    activity += ", wue: 0 L/kWh, lifetime: life, utilisation: 0.5}"
    factors = "factors: {values: [{flow: nvidia-h100-sxm, climate_change: 100 kgCO2e/GPU}, {flow: electricity, region: FR, climate_change: 40 gCO2e/kWh}]}"
    model = model_of(study("hours: 1000 GPU*h, host: 50 W/GPU, life: 2 year", f"training: {activity}", factors))

    assert stated(model, "training.electricity")["electricity_use"] == pytest.approx(500, rel=1e-14)
    assert stated(model, "training.electricity")["climate_change"] == pytest.approx(20, rel=1e-14)
    assert stated(model, "training.accelerators")["climate_change"] == pytest.approx(1000 / (2 * 8760 * 0.5) * 100, rel=1e-14)


def test_region_and_year_of_an_activity_and_of_a_flow_go_before_those_of_the_study(model_of):
    """The study is in FR in 2024, the activity in DE, one flow of it in PL in 2020."""
    flows = "{electricity: used, water_use: {amount: wet}, more: {factor: electricity, amount: used, region: PL, year: 2020}}"
    model = model_of(study("used: 10 kWh, wet: 3 L", f"training: {{region: DE, flows: {flows}}}, inference: {{flows: {{electricity: used}}}}"))

    assert {f.name: (f.region, f.year) for f in model.flows} == {
        "training.electricity": ("DE", "2024"),
        "training.water_use": ("DE", "2024"),
        "training.more": ("PL", "2020"),
        "inference.electricity": ("FR", "2024"),
    }


def test_an_elementary_flow_counts_as_itself_and_nothing_else(model_of, stated):
    """3 L of water are 0.003 m³ of water use, no CO2; 5 kgCO2e released on site are 5 kgCO2e."""
    model = model_of(study("wet: 3 L, leak: 5 kgCO2e", "training: {flows: {water_use: wet, climate_change: leak}}"))

    assert stated(model) == {"climate_change": 5.0, "electricity_use": 0.0, "water_use": pytest.approx(0.003, rel=1e-15)}
    assert run(model, 2).known.all()


def test_an_unknown_region_is_refused_with_what_was_meant(refused):
    """Germany is DE."""
    assert "DE" in said(refused(study(stages="training: {region: Germany, flows: {electricity: used}}")), "region")


def test_without_a_region_the_world_is_taken_and_said(model_of):
    """No region anywhere: GLO, with a warning."""
    model = model_of(study().replace("region: FR\n", ""))

    assert [f.region for f in model.flows] == ["GLO"]
    assert "region" in said(model.warnings, "region-missing")


# --- flows of nothing, figures that cannot be


def test_a_flow_of_nothing_is_known_to_be_zero(model_of):
    """0 of a device nobody has a factor of: known, zero, and no warning that it is missed."""
    stages = "training: {process: hardware, duration: time, servers: some, accelerator: google-tpu-v4}"
    model = model_of(study("time: 1 year, some: 1 server", stages))
    zero = {f.name for f in model.flows if all(f.silent)}

    assert zero == {"training.accelerator_manufacture", "training.device_manufacture"}
    assert not any("tpu" in w.message.lower() for w in model.warnings)
    assert run(model, 2).known[[i for i, f in enumerate(model.flows) if f.name in zero]].all()


def test_a_difference_that_happens_to_vanish_is_not_zero_whatever_is_drawn(model_of):
    """A − b with equal stated values: 0 at the stated values, but not zero for every draw."""
    model = model_of(study("a: 'uniform(1, 3) kWh', b: 2 kWh", "training: {flows: {electricity: a - b}}"))

    assert not any(model.flows[0].silent)
    assert point(model).impacts[0, 0, 0] == 0.0


NOT_FINITE = {"used / none": "zero", "used * log(none)": "log", "used * sqrt(none - 1)": "sqrt", "used * exp(big)": "large"}


@pytest.mark.parametrize(("formula", "word"), NOT_FINITE.items())
def test_a_stated_value_that_is_not_finite_is_refused_with_the_reason(refused, formula, word):
    """Division by zero, logarithm of zero, root of −1, overflow: refused at the formula, before anything is drawn."""
    assert word in said(refused(study("used: 10 kWh, none: 0, big: 1000", f"training: {{flows: {{electricity: {formula}}}}}")), "not-finite")


def test_a_sample_that_is_not_finite_stops_the_run_with_its_values(model_of):
    """1 / x where a sample of x can be 0: the first bad sample is named with the value that was put in."""
    model = model_of(study("used: 10 kWh, x: 'choice(1=0.9, 0=0.1)'", "training: {flows: {electricity: used / x}}"))
    with pytest.raises(InputError) as caught:
        run(model, 1000)

    assert caught.value.findings[0].code == "not-finite"
    assert "x = 0" in caught.value.findings[0].hint


def test_delivering_nothing_is_refused(model_of):
    """Impacts per functional unit of a life cycle that delivers 0 have no meaning."""
    with pytest.raises(InputError, match="must be above zero"):
        run(model_of(study("used: 10 kWh, none: 0 request", more="delivers: none")), 10)


# --- the model itself


def test_a_pickled_model_gives_the_same_bytes(model_of):
    """Sent to another process and back: the same nodes, the same samples."""
    model = model_of(BASE)
    again = pickle.loads(pickle.dumps(model))

    assert again.nodes == model.nodes
    assert run(again, 500).values.tobytes() == run(model, 500).values.tobytes()


def test_a_model_cannot_be_changed(model_of):
    """Immutable: a field cannot be set."""
    with pytest.raises(FrozenInstanceError):
        model_of(BASE).title = "another"


def test_nodes_stand_in_an_order_in_which_each_can_be_computed(model_of):
    """Every name in a formula is that of a node before it."""
    seen = set()
    for node in model_of(BASE).nodes:
        assert node.tree is None or {n.name for n in names(node.tree)} <= seen, node.name
        seen.add(node.name)


def test_a_program_computes_only_what_results_depend_on(model_of):
    """A parameter nothing depends on is neither drawn nor computed, unless it is asked for."""
    model = model_of(study("used: 10 kWh, spare: 'uniform(1, 2) kWh', more: spare * 2"))

    assert "spare" not in {n.name for n in Program(model).drawn}
    assert {"spare"} <= {n.name for n in Program(model, ("more",)).drawn}


def test_where_each_quantity_stands_is_remembered(model_of):
    """Energy of the small study stands in line 12, at its value."""
    node = model_of(BASE).node("energy")

    assert (node.place.file, node.place.line) == ("study.yaml", BASE.splitlines().index("  energy: {value: 'normal(500, 50) kWh', source: meter}") + 1)
    assert (node.written, node.source) == ("normal(500, 50) kWh", "meter")


def test_point_value_is_the_stated_one_else_the_mode_else_the_median(model_of):
    """Stated 500; triangular mode 3; uniform 1.25; 0.2 to 0.6 has median √0.12; pert mode 2; choice the likeliest."""
    model = model_of(
        study(
            "a: {value: 500 kWh, uncertainty: 'uniform(100, 600)'}, b: 'triangular(2, 3, 5) kWh', c: 'uniform(1.1, 1.4) kWh', d: 0.2 to 0.6 kWh,"
            " f: 'pert(1, 2, 6) kWh', g: 'choice(3=0.2, 4=0.5, 5=0.3) kWh'",
            "training: {flows: {electricity: a + b + c + d + f + g}}",
        )
    )
    stated = {name: model.node(name).number / model.node(name).unit.scale for name in "abcdfg"}

    assert stated == {"a": 500.0, "b": 3.0, "c": pytest.approx(1.25), "d": pytest.approx(0.12**0.5), "f": 2.0, "g": 4.0}


def test_an_uncertainty_may_be_relative_to_its_value(model_of):
    """500 kWh uniform(−10 %, +20 %) is drawn between 450 and 600; lognormal(gsd=1.2) has median 500."""
    text = "a: {value: 500 kWh, uncertainty: 'uniform(-10 %, +20 %)'}, b: {value: 500 kWh, uncertainty: lognormal(gsd=1.2)}"
    model = model_of(study(text, "training: {flows: {electricity: a + b}}"))
    ends = model.node("a").distribution.quantile(np.array([1e-12, 1 - 1e-12])) / 1000
    middle = model.node("b").distribution.quantile(np.array([0.5])) / 1000

    assert ends == pytest.approx([450, 600], rel=1e-9)
    assert middle == pytest.approx(500, rel=1e-12)


# --- expectations and limits


def test_published_figures_are_recomputed_to_half_their_last_digit(model_of):
    """10 kWh: 10.0 is reproduced, 10.4 differs by −4 %, 10 within 1 % is reproduced, a figure said not to reproduce stands as such."""
    figures = """[{value: 10.0 kWh}, {value: 10.4 kWh}, {value: 10.4 kWh, within: 5 %}, {value: 12 kWh, reproduces: false, reason: another grid},
      {value: 10 kWh, reproduces: false, reason: wrongly so}]"""
    checks = verify(model_of(study(more=f"expect: {{electricity_use: {figures}, used: {{value: 10_000 Wh}}}}")))

    assert [c.verdict for c in checks] == ["reproduced", "differs", "reproduced", "known not to reproduce", "reproduces after all", "reproduced"]
    assert [c.passed for c in checks] == [True, False, True, True, False, True]
    assert checks[1].deviation == pytest.approx(10 / 10.4 - 1, rel=1e-12)


def test_published_figures_of_a_part_and_per_functional_unit(model_of):
    """Training 10 kWh of 40; 20 requests delivered: 2 kWh per request in all."""
    more = (
        "delivers: served\nexpect: {electricity_use: [{of: training, value: 10 kWh}, {per: functional_unit, value: 2.0 kWh}, {of: inference, value: 30 kWh}]}"
    )
    stages = "training: {flows: {electricity: used}}, inference: {flows: {electricity: 3 * used}}"

    assert [c.passed for c in verify(model_of(study("used: 10 kWh, served: 20 request", stages, more)))] == [True, True, True]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("expect: {electricity_us: {value: 10 kWh}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, of: trainng}}", "expect"),
        ("expect: {electricity_use: {value: 10 kg}}", "dimension"),
        ("expect: {used: {value: 10 h}}", "dimension"),
        ("expect: {electricity_use: {value: 10 kWh, within: 1 kg}}", "dimension"),
        ("expect: {electricity_use: {value: 10 kWh, reproduces: false}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, of: ''}}", "expect"),
        ("expect: {electricity_use: []}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, within: -5 %}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, per: total}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, per: ''}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, per: null}}", "shape"),
        ("expect: {electricity_use: {value: 10 kWh, reproduces: maybe}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, reproduces: 0}}", "expect"),
        ("expect: {electricity_use: {value: 10 kWh, reproduces: ''}}", "expect"),
        ("expect: {used: {value: 10 kWh, of: training}}", "expect"),
        ("expect: {used: {value: 10 kWh, per: functional_unit}}", "expect"),
        ("limits: {climate_change: -1 gCO2e}", "limits"),
        ("limits: {primary_energy: 1 MJ}", "limits"),
        ("limits: {climat_change: 5 kgCO2e}", "indicator"),
        ("limits: {climate_change: 5 kg}", "dimension"),
    ],
)
def test_an_expectation_or_limit_that_cannot_be_compared_is_refused(refused, more, code):
    """An indicator or a part that is not there, another dimension, a reason that is missing, a word that says nothing, a figure nobody would judge."""
    assert code in [f.code for f in refused(study(more=more))]


@pytest.mark.parametrize("written", ["functional-unit", "function_unit", "Functional_Unit"])
def test_a_misspelt_view_of_an_expectation_is_suggested(refused, written):
    """`per: functional-unit` does not silently compare with the total."""
    (found,) = refused(study(more=f"expect: {{electricity_use: {{value: 10 kWh, per: {written}}}}}"))

    assert (found.code, found.hint) == ("expect", "Did you mean functional_unit?")


def test_limits_are_read_in_the_unit_of_the_indicator(model_of):
    """500 gCO2e are 0.5 kgCO2e per functional unit."""
    (limit,) = model_of(study(more="limits: {climate_change: 500 gCO2e}")).limits

    assert (limit.indicator.id, limit.value) == ("climate_change", 0.5)


@pytest.mark.parametrize(("block", "place"), [("stages: {training: {flows: {electricity: used}}, inference: none}", "inference"), ("factors: none", "factors")])
def test_a_block_that_is_a_text_is_reported_and_the_rest_is_read(refused, block, place):
    """A text where a mapping is wanted: one error that names it, and no other."""
    base = study("used: 10 kWh", "training: {flows: {electricity: used}}")
    lines = [line for line in base.splitlines() if not (block.startswith("stages") and line.startswith(("stages", " training", "  training")))]
    (found,) = refused("\n".join([*lines, block]) + "\n")

    assert found.code == "shape"
    assert found.message.startswith(f"{place} must be")


# --- names made by the linker


def test_a_parameter_may_be_called_as_what_the_study_delivers(model_of, stated):
    """5 × 1 kWh are 5 kWh: `reference_flows` is the user's, not the 1 of one request delivered."""
    model = model_of(study("reference_flows: 5, k: 1 kWh", "inference: {flows: {electricity: k * reference_flows}}"))

    assert stated(model)["electricity_use"] == pytest.approx(5, rel=1e-14)


@pytest.mark.parametrize("key", ["share", "times"])
@pytest.mark.parametrize("turned", [False, True])
def test_two_flows_and_a_multiplier_of_nearly_one_name_all_count(model_of, stated, key, turned):
    """100 kWh and 1 kWh are 101 kWh in either order, though the activity has a multiplier of the name of one."""
    flows = [f"{key}_flow: {{factor: electricity, amount: 100 kWh}}", f"{key}: {{factor: electricity, amount: 1 kWh}}"]
    text = ", ".join(flows[::-1] if turned else flows)

    assert stated(model_of(study(stages=f"inference: {{{key}: 1, flows: {{{text}}}}}")))["electricity_use"] == pytest.approx(101, rel=1e-14)


@pytest.mark.parametrize(("name", "more"), [("region", ""), ("other", "groups: {region: [other]}"), ("used", "groups: {inference.region: [used]}")])
def test_an_uncertain_region_is_drawn_apart_from_whatever_bears_its_name(model_of, name, more):
    """Independent draws: the correlation of 20,000 of them is within 4 / √20,000 of zero."""
    uncertain = "region: 'choice(FR=0.5, DE=0.5)'"
    of_activity, of_study = (f"{uncertain}, ", "region: FR") if name == "used" else ("", uncertain)
    text = study(f"{name}: 1 to 2 kWh", f"inference: {{{of_activity}flows: {{electricity: {name}}}}}", more)
    model = model_of(text.replace("region: FR", of_study))
    drawn = draw(model.uncertain, Uniforms(42, [n.stream or n.name for n in model.uncertain]).block(0, 20_000))
    (france,) = [n for n in drawn if n.endswith(".FR")]

    assert abs(np.corrcoef(drawn[name], drawn[france])[0, 1]) < 4 / 20_000**0.5


def test_a_group_has_the_name_of_no_stream_and_of_no_factor(refused):
    """Neither that of a default nor that of the study's region, nor that of a figure of the library."""
    for group in ("default/metered/pue", "/region"):
        assert "holds /" in said(refused(study("used: 1 to 2 kWh", more=f"groups: {{{group}: [used]}}")), "group")
    factor = "factor.electricity.FR.2024.electricity_use"
    own = "factors: {values: [{flow: electricity, region: FR, year: 2024, electricity_use: 1 to 2 kWh/kWh}]}"
    assert "a quantity" in said(refused(study("used: 1 to 2 kWh", more=f"groups: {{{factor}: [used]}}\n{own}")), "group")


def test_a_name_of_two_quantities_is_refused(refused, model_of, stated):
    """A stage called `factor` is fine until what is in it has the name of a factor."""
    assert stated(model_of(study(stages="factor: {flows: {electricity: 5 kWh}}")))["electricity_use"] == 5
    assert "climate_change" in said(refused(study(stages="factor: {flows: {climate_change: 5 kgCO2e}}")), "name-reserved")


def test_a_quantity_with_the_name_of_a_property_of_a_device_is_refused(refused):
    """A stage `device`, an activity `ssd`, a flow `power`: the power of the drive `ssd` of the catalogue is another thing."""
    drive = "{process: storage, medium: ssd, data: 1 TB, duration: 1 year}"
    stages = f"device: {{ssd: {{flows: {{power: {{factor: electricity, amount: 1 kWh}}}}}}, other: {drive}}}"

    assert "device.ssd.power" in said(refused(study(stages=stages)), "name-reserved")


def test_two_correlations_of_one_pair_are_refused(refused):
    """In either order, the same or another, and through the groups they are drawn in; the first line is named."""
    both = "a: 1 to 2 kWh, b: 1 to 2 kWh, c: 1 to 2 kWh"
    stages = "training: {flows: {electricity: a + b + c}}"
    for second, groups in (("[a, b], rank: -0.9", ""), ("[b, a], rank: 0.9", ""), ("[c, b], rank: 0.9", "groups: {g: [a, c]}\n")):
        more = f"{groups}correlations:\n  - {{between: [a, b], rank: 0.9}}\n  - {{between: {second}}}"
        line = 8 + bool(groups)
        assert f"line {line} says" in said(refused(study(both, stages, more)), "correlation")
