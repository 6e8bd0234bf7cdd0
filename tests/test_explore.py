"""The what-if page without a browser: what it holds, what its levers and menus stand for, and that it asks for nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lca_ml import distributions as d
from lca_ml import load as load_study
from lca_ml.data import folder
from lca_ml.documents import Text
from lca_ml.documents import parse as read_yaml
from lca_ml.engine import point
from lca_ml.errors import InputError, Place
from lca_ml.explore import page
from lca_ml.explore.data import document
from lca_ml.explore.levers import levers
from lca_ml.explore.menus import menus, offered
from lca_ml.explore.page import embedded
from lca_ml.explore.studies import Page, difference, encoded, studies
from lca_ml.explore.tables import Table, quantile_of
from lca_ml.explore.texts import TEXTS, texts
from lca_ml.explore.wiring import wired
from lca_ml.expressions import parse
from lca_ml.factors import load as load_factors
from lca_ml.model import link, load_model
from lca_ml.model.alternatives import Alternatives
from lca_ml.sampling import Stream
from lca_ml.scenario import changed

SCENARIOS = folder("scenarios")
SHOWN = sorted([*SCENARIOS.glob("*.yaml"), *(SCENARIOS / "templates").glob("*.yaml"), SCENARIOS / "published" / "bloom-176b.yaml"])
TRAINING = str(SCENARIOS / "templates" / "training.yaml")
API = str(SCENARIOS / "templates" / "llm-api.yaml")
TOWN_HALL = SCENARIOS / "town-hall.yaml"


class Elements(HTMLParser):
    """The elements of a page with their attributes, and the texts of its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._inside = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self._inside = tag
        self.texts.setdefault(tag, []).append("")

    def handle_data(self, data):
        if self._inside:
            self.texts[self._inside][-1] += data

    def handle_endtag(self, tag):
        self._inside = ""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The page of every scenario that is shown."""
    return {path.stem: page(*load_model(str(path))) for path in SHOWN}


def small(**more):
    """A study of one stage, as a scenario text."""
    parts = {
        "region": "FR",
        "parameters": {"energy": "{value: 'uniform(90, 110) kWh', kind: assumed}"},
        "training": "{process: metered, energy_it: energy}",
    } | more
    listed = "".join(f"  {name}: {value}\n" for name, value in parts["parameters"].items())
    return (
        f"lca_ml: 1\ntitle: {parts.get('title', 'A small study')}\nfunctional_unit: 1 model\nregion: {parts['region']}\nyear: 2024\n"
        f"parameters:\n{listed}stages:\n  training: {parts['training']}\n{parts.get('rest', '')}"
    )


def levers_of(text):
    scenario, model = load_model("study.yaml", text=text)
    return {lever.paths[0]: lever for lever in levers(scenario, model)}


# --- the file


def test_a_page_holds_no_address(made):
    """No `http://`, `https://` or `//host` anywhere, though the scenarios cite their sources with addresses."""
    for name, html in made.items():
        assert not re.search(r"https?:/|src=|url\(|@import|<link|<iframe|<img|<base", html), name


def test_what_runs_is_named_by_its_digest(made):
    """The policy forbids everything but the one script and the one style of the page, each by the SHA-256 of its text."""
    for html in made.values():
        elements = Elements(html)
        policy = next(a["content"] for tag, a in elements.found if a.get("http-equiv") == "Content-Security-Policy")
        digests = {what: re.search(rf"{what}-src 'sha256-([^']+)'", policy)[1] for what in ("script", "style")}
        data, script = elements.texts["script"]

        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert digests["script"] == base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert digests["style"] == base64.b64encode(hashlib.sha256(elements.texts["style"][0].encode()).digest()).decode()
        assert json.loads(data)["version"]


def test_a_page_is_small(made):
    """Every page weighs less than 150 kB, that of the town hall too."""
    sizes = {name: len(html.encode()) for name, html in made.items()}

    assert max(sizes.values()) < 150_000, sizes


def test_the_same_scenario_gives_the_same_bytes(made):
    """A page is a function of scenario, draws, seed and version; a run with another hash seed too."""
    code = f"import sys, lca_ml; sys.stdout.buffer.write(lca_ml.load({TRAINING!r}).explore().encode())"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7", "LCA_ML_LANG": "en"}, cwd=Path(__file__).parent.parent
    )

    assert other.stdout.decode() == made["training"]
    assert load_study(TRAINING).explore(seed=43) != made["training"]


def test_texts_of_a_user_are_no_code():
    """A title, a name, a region and a reason that would close the script stand in the data alone, escaped."""
    evil = "</script><script>alert(1)</script>"
    html = page(*load_model("study.yaml", text=small(title=f'"{evil}"', rest=f'excluded: {{"<!--": "{evil} ]]> \\u00e9"}}\n')))
    data, script = Elements(html).texts["script"]

    assert html.count("<script") == 2
    assert "alert" not in script
    assert json.loads(data)["title"] == evil
    assert "&lt;/script&gt;" in html  # the title, in its heading


def test_data_stands_safely_in_a_script():
    """`<`, `>`, `&` and the line breaks JavaScript knows beside JSON's are escaped, an address is none to a scanner; all of it reads back."""
    given = {"x": "</script> <!-- & \u2028\u2029 https://example.org", "n": 0.1, "é": None}
    text = embedded(given)

    assert not re.search("[<>&\u2028\u2029]|://", text)
    assert json.loads(text) == given


def test_a_number_that_is_none_stops_the_page():
    """JSON has no NaN: a page with one is refused while it is made."""
    with pytest.raises(ValueError, match="JSON"):
        embedded({"x": float("nan")})


# --- what is moved


def test_a_lever_for_each_number_of_a_study():
    """Six parameters of the training template, then the defaults its activities share: one lever sets a default in both of them."""
    found = {lever.paths: lever for lever in levers(*load_model(TRAINING))}
    own = [paths[0] for paths, lever in found.items() if lever.origin == "parameter"]

    assert own == ["size", "data", "corpus", "keeping", "utilisation_of_peak", "runs_before"]
    assert found["stages.experimentation.power_fraction", "stages.training.power_fraction"].stated == "experimentation.power_fraction"
    assert found["stages.storage.pue", "stages.experimentation.pue", "stages.training.pue"].stated == "device.hyperscale.pue"


@pytest.mark.parametrize("path", [TRAINING, API, str(SCENARIOS / "published" / "bloom-176b.yaml")], ids=lambda p: Path(p).stem)
def test_a_lever_is_what_set_is(path):
    """`--set` with what a lever says leaves a known number in each of its nodes, and all other quantities as they were."""
    scenario, model = load_model(path)
    for lever in levers(scenario, model):
        number = 1.25 * model.node(lever.stated).number / lever.unit.scale
        after = link(changed(scenario, settings=lever.settings(number)))
        for name in lever.nodes:
            assert after.node(name).tree is None and not after.node(name).uncertain
            assert after.node(name).number == number * lever.unit.scale
        others = {n.name: n for n in after.nodes}
        for node in model.nodes:
            if node.name in others and node.name not in lever.nodes and node.tree is None:
                assert (others[node.name].number, others[node.name].distribution) == (node.number, node.distribution)


def test_numbers_written_in_activities_are_levers():
    """An argument, a multiplier, a share, the amount of an own flow: each by its path; a formula is none."""
    rest = (
        "  storage: {flows: {electricity: 3 kWh}, times: 2}\n"
        "  hardware: {cases: {flows: {wood: {amount: 4 kg, phase: embodied}}, share: 50 %}}\n"
        "factors: {values: [{flow: wood, climate_change: 1 kgCO2e/kg}]}\n"
    )
    found = levers_of(
        small(
            training="{process: metered, energy_it: energy, pue: 1.2, wue: energy / energy * 0.5 * wue}",
            parameters={"energy": "10 kWh", "wue": "1 L/kWh"},
            rest=rest,
        )
    )

    assert {"energy", "wue", "stages.training.pue", "stages.storage.flows.electricity", "stages.storage.times", "stages.hardware.cases.share"} <= set(found)
    assert "stages.hardware.cases.flows.wood.amount" in found
    assert not {"stages.training.energy_it", "stages.training.wue", "stages.training.overhead"} & set(found)


def test_a_parameter_named_like_a_key_is_set_by_its_full_path():
    """`--set title=…` would set the title of the scenario, not a parameter of that name."""
    found = levers_of(small(parameters={"title": "10 kWh"}, training="{process: metered, energy_it: title}"))

    assert found["parameters.title"].settings(12.0) == ["parameters.title=12.0 kWh"]


def test_what_cannot_be_set_together_is_no_lever():
    """Given the energy of the whole facility, a PUE must not be given: it is a default that nobody can set."""
    found = levers_of(small(training="{process: metered, energy_facility: energy}"))

    assert "stages.training.pue" not in found
    assert "energy" in found


def test_a_lever_knows_what_is_plausible():
    """The range of an argument holds for a parameter that is handed to it as it stands: an MFU between 1 % and 80 %."""
    found = {lever.paths[0]: lever for lever in levers(*load_model(TRAINING))}

    assert found["utilisation_of_peak"].range == (0.01, 0.8)
    assert found["stages.storage.pue"].range == (1.0, 3.0)
    assert found["corpus"].range is None


def test_setting_a_correlated_parameter_takes_it_out_of_its_correlation(study):
    """`--set` makes it a known number, drawn with nothing: told, where before it was refused; the other is drawn as if there were no correlation."""
    text = small(parameters={"energy": "90 to 110 kWh", "pue": "'uniform(1, 2)'"}, training="{process: metered, energy_it: energy, pue: pue}")
    tied = text + "correlations: [{between: [energy, pue], rank: 0.9}]\ngroups: {g: [energy]}\n"
    path = study(tied)
    _scenario, model = load_model(path, settings=["pue=1.2"])
    alone = load_model("study.yaml", settings=["pue=1.2"], text=text + "groups: {g: [energy]}\n")[1]
    both = load_model(path, settings=["pue=1.2", "energy=100 kWh"])[1]

    assert model.correlations == ()
    assert [w.code for w in model.warnings if w.code == "not-uncertain"] == ["not-uncertain"]
    assert [n.stream for n in model.nodes if n.name == "energy"] == [n.stream for n in alone.nodes if n.name == "energy"] == ["g"]
    assert not both.node("energy").uncertain
    with pytest.raises(InputError):
        load_model("study.yaml", text=tied.replace("'uniform(1, 2)'", "1.5"))


# --- menus


def test_what_menus_offer_exists():
    """Each region and device of `choices.csv` is in the library, and stands there once."""
    library = load_factors(folder("factors"))
    for menu, ids in offered().items():
        assert len(set(ids)) == len(ids)
        assert set(ids) <= set(library.regions if menu == "region" else library.devices)


def test_a_menu_for_each_region_and_device_named():
    """The API template computes in the US and is used in France: two menus of regions; an accelerator, a data centre, a network, a laptop."""
    scenario, model = load_model(API)
    found = {menu.paths: menu for menu in menus(scenario, model, Alternatives(scenario, model.indicators))}

    assert found["region",].choices[:2] == ("US", "FR")
    assert found["stages.transfer.region", "stages.end_user.region"].choices[0] == "FR"
    assert found["stages.inference.device",].choices[0] == "nvidia-h100-sxm"
    assert "smartphone" in found["stages.end_user.device",].choices
    assert "nvidia-a100-sxm4-80gb" not in found["stages.end_user.device",].choices


def test_a_device_is_offered_only_with_what_the_formulas_ask_for():
    """Training asks for the peak in bfloat16, which the V100 and the T4 do not have; computing by the hour takes them."""
    for text, v100 in (
        ("{process: training, device: nvidia-h100-sxm, flop: work, mfu: 0.4}", False),
        ("{process: compute, device: nvidia-h100-sxm, device_hours: hours}", True),
    ):
        scenario, model = load_model("study.yaml", text=small(parameters={"work": "1e20 FLOP", "hours": "10 GPU*h"}, training=text))
        menu = next(m for m in menus(scenario, model, Alternatives(scenario, model.indicators)) if m.role == "device")

        assert ("nvidia-v100-sxm2-32gb" in menu.choices) is v100
        assert "nvidia-a100-sxm4-80gb" in menu.choices


@pytest.mark.parametrize("path", [TRAINING, API], ids=lambda p: Path(p).stem)
def test_a_choice_is_what_the_linker_makes_of_it(path):
    """For each choice of each menu, the names that stand behind its picks and the factors of its flows are those of the linked scenario."""
    scenario, model = load_model(path)
    alternatives = Alternatives(scenario, model.indicators)
    wiring = wired(scenario, model, menus(scenario, model, alternatives))
    for m, menu in enumerate(wiring.menus):
        for choice in (menu.choices[1], menu.choices[-1]):
            after = load_model(path, settings=menu.settings(choice))[1]
            flows = {f.name: f for f in after.flows}
            for w in wiring.flows:
                region = choice if w.region == m else w.flow.region
                kind = choice if w.kind == m else w.flow.flow
                assert (flows[w.flow.name].region, flows[w.flow.name].flow) == (region, kind)
                assert alternatives.factors(w.flow, kind, region)[0] == flows[w.flow.name].factors
            for name, followed in wiring.leaves.items():
                devices = {n.name.rpartition(".")[0] for n in after.nodes if n.name.startswith("device.")}
                assert not any(m == to for to in followed.values()) or f"device.{choice}" in devices, name


def test_a_property_of_another_device_is_the_node_the_linker_makes():
    """Number, unit and distribution of each property the training template reads of its accelerator, for another one."""
    scenario, model = load_model(TRAINING)
    alternatives = Alternatives(scenario, model.indicators)
    after = load_model(TRAINING, settings=[f"stages.{a}.device=nvidia-a100-sxm4-80gb" for a in ("training", "experimentation")])[1]
    for name in ("power", "peak_bf16"):
        node, other = after.node(f"device.nvidia-a100-sxm4-80gb.{name}"), alternatives.property("nvidia-a100-sxm4-80gb", name)
        assert (other.number, other.unit, other.distribution) == (node.number, node.unit, node.distribution)
    assert alternatives.property("nvidia-a100-sxm4-80gb", "colour") is None
    assert alternatives.property("no-such-device", "power") is None


# --- variants, rows


def test_variants_that_differ_in_numbers_share_one_study():
    """Poland and the smaller model have the flows of the training template; a provider moved by a region of its own has others' places."""
    assert [len(found.versions) for found in studies(*load_model(TRAINING), Page(42))] == [3]
    assert [len(found.versions) for found in studies(*load_model(API), Page(42))] == [1, 1]


def test_a_variant_that_cannot_be_linked_is_left_out():
    """One variant is wrong; the page has the other, and is made."""
    text = small(rest="variants:\n  wrong: {parameters.energy: 3 kg}\n  right: {parameters.energy: 3 kWh}\n")
    whole, _table = document(*load_model("study.yaml", text=text), 2000, 42)

    assert [v["name"] for v in whole["variants"]] == ["", "right"]


def test_a_variant_is_told_as_what_differs():
    """The changes of a variant laid on the document give its document."""
    scenario, _model = load_model(TRAINING)
    other = changed(scenario, variants=["smaller"])

    assert list(difference(scenario.document, other.document)) == [
        [["parameters", "size"], "3e9 param"],
        [["parameters", "data"], "1e12 token"],
    ]


def test_a_document_is_carried_with_its_quotation_marks():
    """A quoted text is told from a plain one, lists from mappings; keys keep their order, whatever they look like."""
    given = read_yaml('b: \'yes\'\na: yes\n2024: [1, {c: "\\"x"}]\nd: |\n  "block"\n', "x.yaml")

    assert encoded(given) == {"m": [["b", '"yes'], ["a", "yes"], ["2024", {"s": ["1", {"m": [["c", '""x']]}]}], ["d", '""block"\n']]}


def test_a_row_only_names_rows_before_it(made):
    """The order of the rows is one in which they can be computed; every formula names as many rows as its shape takes."""
    for html in made.values():
        data, script = Elements(html).texts["script"]
        shapes = re.search(r"const SHAPES = \[(.*?)\];\n", script)[1].split("; }, ")
        for position, row in enumerate(json.loads(data)["rows"]):
            if isinstance(row, list) and row[0] >= 0:
                assert all(part < position for part in row[1:])
                assert shapes[row[0]].partition(")")[0].count("v") == len(row) - 1
            elif isinstance(row, list) and row[0] == -2:
                assert all(part < position for part in row[2:])


def test_a_formula_is_a_shape_of_identifiers():
    """Names become v0, v1 … in the order they stand; two formulas of one shape share its function, and zero is told apart."""
    table = Table(42)
    rows = {"a": 3, "b": 4, "c": 5}
    tree = parse(Text("a * (b + 2) ** 2 / max(a, c)", Place("x")))
    other = parse(Text("b * (c + 2) ** 2 / max(b, a)", Place("x")))
    table.formula("x", tree, rows.__getitem__)
    table.formula("y", other, rows.__getitem__)

    assert table.rows == [[0, 3, 4, 5], [0, 4, 5, 3]]
    assert list(table.shapes) == ["(o, n, v0, v1, v2) => { for (let i = 0; i < n; i++) o[i] = ((v0[i] * Math.pow((v1[i] + 2), 2)) / Math.max(v0[i], v2[i])); }"]
    assert table.zeros == ["(v0, v1, v2) => (v0 || false)"]


def test_keys_of_streams_are_those_of_the_sampler():
    """SHA-256 of `42/energy`, its first 16 bytes."""
    scenario, model = load_model("study.yaml", text=small())
    whole, table = document(scenario, model, 2000, 42)
    at = list(table.streams).index("energy")

    assert base64.b64decode(whole["streams"][22 * at : 22 * at + 22] + "==") == hashlib.sha256(b"42/energy").digest()[:16] == Stream(42, "energy").key


def test_every_distribution_can_be_told_to_the_page():
    """The letters the script knows, each with finite numbers; a constant PERT is a uniform without width."""
    kinds = [d.Uniform(1, 2), d.LogUniform(1, 2), d.Triangular(1, 2, 3), d.Pert(1, 2, 3), d.Normal(1, 2), d.LogNormal(1, 2), d.Beta(0.3, 0.1)]
    made_of = [d.Choice((1.0, 2.0), (0.25, 0.75)), d.Empirical((1.0, 2.0)), d.Affine(d.Normal(1, 2), 3.0), d.Truncated(d.Normal(1, 2), 0.0, None)]

    assert "".join(quantile_of(x)[0] for x in [*kinds, *made_of]) == "UOTBNLBCEXNK"
    assert quantile_of(d.Pert(2, 2, 2)) == ["U", 2, 2]
    assert quantile_of(d.Choice((1.0, 2.0, 3.0), (0.2, 0.3, 0.5))) == ["C", [1.0, 2.0, 3.0], [0.2, 0.5]]


def test_the_stated_value_of_each_row_is_that_of_its_node():
    """A drawn row without a stated value has the one its distribution tells; a choice states its own."""
    text = small(parameters={"energy": "'normal(5, 1) kWh'", "n": "'choice(1=0.2, 2=0.8)'"}, training="{process: metered, energy_it: energy * n}")
    whole, table = document(*load_model("study.yaml", text=text), 2000, 42)
    stated = {list(table.streams)[row[1]]: row[3] if len(row) > 3 else None for row in whole["rows"] if isinstance(row, list) and row[0] == -1}

    assert stated["energy"] is None
    assert stated["n"] == 2.0


def test_the_limits_and_what_is_left_out_are_on_the_page():
    """Exclusions with their reasons, budgets in the indicator's unit."""
    text = small(rest="excluded: {inference: not asked}\nlimits: {climate_change: 100 gCO2e}\n")
    study = document(*load_model("study.yaml", text=text), 2000, 42)[0]["studies"][0]

    assert study["excluded"] == [["inference", "not asked"]]
    assert study["limits"] == [[0, pytest.approx(0.1)]]


def test_the_page_speaks_every_language():
    """Each text stands in each language with the same places to fill in; the template and the script ask for no other."""
    said = texts()
    asked = set(re.findall(r'data-(?:text|label)="(\w+)"', _read("page.html"))) | set(
        re.findall(r"\bt\('(\w+)'", "".join(_read(f"{n}.js") for n in ("page", "answer", "results", "controls", "main")))
    )
    chosen = set(re.findall(r"\? '(\w+)' : '(\w+)', \{", _read("results.js") + _read("controls.js")))

    assert asked | {name for pair in chosen for name in pair} <= set(TEXTS)
    for name, text in TEXTS.items():
        for language, translated in said.items():
            assert sorted(re.findall(r"\{\w+\}", translated[name])) == sorted(re.findall(r"\{\w+\}", text)), (language, name)
            assert language == "en" or translated[name] != text, name


def _read(name):
    import lca_ml.explore

    return (Path(lca_ml.explore.__file__).parent / name).read_text(encoding="utf-8")


# --- the scenario changed in memory


def test_a_changed_scenario_is_the_one_read_anew():
    """Settings and variants laid on a scenario in memory give the document that reading its file with them gives."""
    scenario, _model = load_model(TRAINING, settings=["keeping=3 year"])
    here = changed(scenario, variants=["smaller"], settings=["corpus=7 TB"])
    there = load_model(TRAINING, ["smaller"], ["keeping=3 year", "corpus=7 TB"])[0]

    assert encoded(here.document) == encoded(there.document)
    assert (here.variants, here.settings) == (there.variants, there.settings)


def test_a_changed_scenario_has_no_published_figures():
    """They are of the scenario as it was: BLOOM with another accelerator has no A100 to compare."""
    scenario, model = load_model(str(SCENARIOS / "published" / "bloom-176b.yaml"))
    after = link(changed(scenario, settings=["stages.training.dynamic.device=nvidia-h100-sxm"]))

    assert model.expectations and not after.expectations
    assert point(after).impacts[:, 0].sum() != point(model).impacts[:, 0].sum()


# --- the command


def lca(*arguments, **more):
    return subprocess.run([sys.executable, "-m", "lca_ml", *arguments], capture_output=True, check=False, **more)


def test_explore_writes_to_standard_output_or_a_file(tmp_path, made):
    """The page alone on stdout; with -o a file, and on stderr where it lies and how large it is."""
    shown = lca("explore", TRAINING)
    written = lca("explore", TRAINING, "-o", str(tmp_path / "page.html"))

    assert (shown.returncode, shown.stdout.decode(), shown.stderr) == (0, made["training"], b"")
    assert (written.returncode, written.stdout) == (0, b"")
    assert f"written: {tmp_path / 'page.html'} ({round(len(shown.stdout) / 1000)} kB)" in written.stderr.decode()
    assert (tmp_path / "page.html").read_bytes() == shown.stdout


def test_explore_takes_variants_settings_draws_and_seed():
    """They are those of the page: the variant's numbers are its own, and the rest is as `run` has it."""
    html = lca("explore", TRAINING, "--variant", "in_poland", "--set", "keeping=4 year", "--samples", "500", "--seed", "7").stdout.decode()
    data = json.loads(Elements(html).texts["script"][0])

    assert (data["samples"], data["seed"]) == (500, 7)
    assert data["menus"][0][3][0] == "PL"
    assert [v["name"] for v in data["variants"]] == ["", "in_poland", "smaller"]


@pytest.mark.parametrize(
    ("arguments", "status"), [(("--samples", "20"), 2), (("--samples", "1e6"), 2), (("--set", "nonsense=1"), 3), (("-o", "/no/such/folder/x.html"), 4)]
)
def test_explore_refuses_with_one_reason(arguments, status):
    """Too few draws, too many, a path there is not, a folder there is not: an exit status, a sentence, no traceback."""
    done = lca("explore", TRAINING, *arguments)

    assert done.returncode == status
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr and done.stderr


def test_a_study_of_two_regions_at_once_has_both(study):
    """A choice of regions is the first choice of its menu, its flows are there in that choice alone, and the others have one flow instead."""
    scenario, model = load_model("study.yaml", text=small(region="choice(FR=0.6, PL=0.4)"))
    wiring = wired(scenario, model, menus(scenario, model, Alternatives(scenario, model.indicators)))
    flows = [(w.flow.name, w.only, w.first) for w in wiring.flows if w.flow.flow == "electricity"]

    assert flows == [("training.electricity.FR", 0, True), ("training.electricity.PL", 0, True), ("training.electricity", 0, False)]


def test_a_menu_that_would_move_more_is_left_out():
    """Where the linker makes something else than the menu can show, the menu goes and the page stays."""
    scenario, model = load_model(TRAINING)
    good = menus(scenario, model, Alternatives(scenario, model.indicators))
    bad = replace(good[0], paths=("parameters.keeping",), choices=("2 year", "3 year"))
    wiring = wired(scenario, model, [bad, *good])

    assert wiring.menus == tuple(good)
