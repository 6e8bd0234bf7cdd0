"""What the user wrote: one YAML file, with what it extends, a variant and settings of the command line on top.

    load("town-hall.yaml", variants=["in_poland"], settings=["pue=1.2"])  -> Scenario
    read_document(...)   the same before its shape is checked, for `resolve`
    json_schema()        for editors
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import model_validator

from lca_ml import processes
from lca_ml.documents import Mapping, Node, Sequence, Text, confined, decode, parse, patched, read_bytes
from lca_ml.errors import Finding, Findings, InputError, LcaError, Place, UsageError, did_you_mean, shown
from lca_ml.processes import ActivityShape, Page
from lca_ml.shapes import Leaf, Raw, Shape, Source, Stated, Words, check_name, node_at, place_of, shaped
from lca_ml.words import _, later

VERSION = "1"
DEEPEST_EXTENDS = 20
STAGE_TITLES = {
    "data_collection": later("data collection"),
    "data_preparation": later("data preparation"),
    "storage": later("storage"),
    "transfer": later("transfer"),
    "experimentation": later("experimentation"),
    "training": later("training"),
    "fine_tuning": later("fine-tuning"),
    "deployment": later("deployment"),
    "inference": later("inference"),
    "end_user": later("end user"),
    "hardware": later("hardware"),
    "end_of_life": later("end of life"),
}
STANDARD_STAGES = tuple(STAGE_TITLES)
"""The life-cycle stages in the order tables and charts use; others come after them in the order of the file."""


def stage_title(stage: str) -> str:
    """Return the name of a stage for people."""
    return _(STAGE_TITLES[stage]) if stage in STAGE_TITLES else stage.replace("_", " ")


class StageShape(Shape):
    """A life-cycle stage: one activity, or several by name."""

    activity: ActivityShape | None = None
    activities: dict[str, ActivityShape] = {}

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        single = isinstance(given.get("process"), Text) or "flows" in given and not _is_activity(given["flows"])
        return {"activity": given} if single else {"activities": given}


class FactorsShape(Shape):
    """A scenario's own choice of factors."""

    prefer: list[Words] = []
    files: list[Words] = []
    values: list[dict[str, Stated]] = []
    regions: dict[str, Words] = {}
    substitute: dict[str, Words] = {}


class ExpectedShape(Shape):
    """A published figure to recompute."""

    value: Leaf
    within: Leaf | None = None
    of: Words | None = None
    per: Words | None = None
    source: Words | None = None
    reason: Words | None = None
    reproduces: Words | None = None


class ScenarioShape(Shape):
    """A study: goal and scope, parameters, life-cycle stages, what is left out, what is expected."""

    lca_ml: Words
    title: Words
    functional_unit: Leaf
    about: Words | None = None
    delivers: Stated | None = None
    region: Leaf | None = None
    year: Words | None = None
    goal: dict[str, Words] = {}
    sources: dict[str, Source] = {}
    indicators: list[Words] | None = None
    parameters: dict[str, Stated] = {}
    stages: dict[str, StageShape]
    excluded: dict[str, Words] = {}
    variants: dict[str, dict[str, Raw]] = {}
    limits: dict[str, Leaf] = {}
    expect: dict[str, list[ExpectedShape]] = {}
    factors: FactorsShape = FactorsShape()
    processes: dict[str, Raw] = {}
    sweeps: Raw = None
    groups: Raw = None
    correlations: Raw = None

    @model_validator(mode="before")
    @classmethod
    def _figures(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("expect"), dict):
            listed = {k: v if isinstance(v, list) else [v] for k, v in given["expect"].items()}
            return {**given, "expect": listed}
        return given


@dataclass(frozen=True)
class Scenario:
    """A scenario of the right shape: what was written, typed, and the located text it came from."""

    shape: ScenarioShape
    document: Mapping = field(repr=False)
    file: str
    folder: Path
    variants: tuple[str, ...] = ()
    pages: dict[str, Page] = field(default_factory=dict, repr=False)

    @property
    def title(self) -> str:
        """The title as written."""
        return self.shape.title.value

    def place(self, *path: str | int) -> Place:
        """Return where the key at a path stands."""
        return place_of(self.document, path)

    def page(self, process: Text, findings: Findings) -> Page | None:
        """Return the page of a process: the scenario's own, else the package's; None after reporting one that does not exist."""
        if process.value in self.pages:
            return self.pages[process.value]
        if process.value in processes.ids():
            return processes.page(process.value)
        known = (*self.pages, *processes.ids())
        hint = did_you_mean(process.value, known) or _("Processes are {names}.").format(names=", ".join(known))
        findings.error("process", _("{process} is an unknown process").format(process=shown(process.value, 40)), process.place, hint)
        return None


def load(path: str, variants: Iterable[str] = (), settings: Iterable[str] = (), text: str | None = None) -> Scenario:
    """Return the scenario of a file, composed and of the right shape.

    variants   names of variants of the file, composed left to right
    settings   `path=value`, on top of all
    text       what the file holds, where it has been read already (standard input)
    Raises InputError with every mistake of shape, WorldError where a file cannot be read, UsageError for a setting that is none.
    """
    variants = tuple(variants)
    document = read_document(path, variants, settings, text)
    findings = Findings()
    _check_version(document, findings)
    shape = shaped(ScenarioShape, document, findings)
    folder = Path(path).parent if text is None else Path()
    pages = _own_pages(document, folder, findings)
    if shape is not None:
        _check_names(document, shape, findings)
    findings.stop()
    assert shape is not None
    return Scenario(shape, document, path, folder, variants, pages)


def read_document(path: str, variants: Iterable[str] = (), settings: Iterable[str] = (), text: str | None = None) -> Mapping:
    """Return the final document of a scenario: what it extends, the file, its variants, then the settings, each value with its origin."""
    written = parse(text, path) if text is not None else _read(path)
    folder = (Path(path).parent if text is None else Path()).resolve()
    document = _extended(written, folder, folder, (Path(path).resolve(),))
    findings = Findings()
    for name in variants:
        document = _with_variant(document, name, findings)
    for i, setting in enumerate(settings, 1):
        document = _with_setting(document, setting, i, findings)
    findings.stop()
    return document


def _read(path: str) -> Mapping:
    return parse(decode(read_bytes(path), path), path)


def _extended(document: Mapping, folder: Path, below: Path, seen: tuple[Path, ...]) -> Mapping:
    """Return the document on top of the one it extends, and so on down."""
    named = document.get("extends")
    if named is None:
        return document
    if not isinstance(named, Text):
        raise InputError(Finding("extends", _("extends takes the path of one file, not a list or a mapping"), named.place))
    target = confined(named, folder, below)
    if target in seen:
        chain = " → ".join(p.name for p in (*seen, target))
        raise InputError(Finding("extends-cycle", _("a file extends itself (a cycle): {chain}").format(chain=shown(chain, 200)), named.place))
    if len(seen) > DEEPEST_EXTENDS:
        raise InputError(Finding("extends-deep", _("extends is nested too deep: the limit is {limit} files (a chain)").format(limit=DEEPEST_EXTENDS), named.place))
    name = str(Path(document.place.file).parent / named.value.strip())
    try:
        below_it = parse(decode(read_bytes(str(target)), name), name)
        base = _extended(below_it, target.parent, below, (*seen, target))
    except LcaError as wrong:
        if len(seen) > 1 or any(f.code.startswith("extends") for f in wrong.findings):
            via = Finding("extends", _("in the file this one extends ({name})").format(name=shown(named.value, 60)), named.place)
            raise type(wrong)((*wrong.findings, via)) from None
        raise
    return patched(base, document.without("extends"))


def _with_variant(document: Mapping, name: str, findings: Findings) -> Mapping:
    block = document.get("variants")
    known = list(block) if isinstance(block, Mapping) else []
    if name not in known:
        hint = did_you_mean(name, known) or (_("Variants of this file are {names}.").format(names=", ".join(known)) if known else _("The file has no variants."))
        raise UsageError(Finding("variant", _("{name} is an unknown variant").format(name=shown(name, 40)), document.place, hint))
    assert isinstance(block, Mapping)
    patch = block[name]
    if not isinstance(patch, Mapping):
        findings.error("variant", _("a variant is a mapping of dotted paths to values"), patch.place)
        return document
    for path in patch:
        document = _put(document, patch.key(path), patch[path], findings)
    return document


def _with_setting(document: Mapping, setting: str, position: int, findings: Findings) -> Mapping:
    path, equals, value = setting.partition("=")
    if not equals or not path.strip():
        message = _("--set takes path=value, for example --set pue=1.2; this is {text}").format(text=shown(setting, 60))
        raise UsageError(Finding("setting", message))
    place = Place("--set", position, len(path) + 2, max(len(value), 1), setting)
    wrapped = parse(f"v: {value}" if value.strip().startswith(("{", "[", '"', "'")) else "v: ''", "--set")
    node = wrapped["v"] if value.strip().startswith(("{", "[", '"', "'")) else Text(value.strip(), place)
    return _put(document, Text(path.strip(), Place("--set", position, 1, len(path), setting)), node, findings)


def _put(document: Mapping, path: Text, value: Node, findings: Findings) -> Mapping:
    """Return the document with a value at a dotted path. A path that does not exist is reported; a key the language knows may be new."""
    steps = path.value.split(".")
    if steps[0] not in ScenarioShape.model_fields and _has(document, "parameters", steps[0]):
        steps = ["parameters", *steps]
    elif steps[0] not in ScenarioShape.model_fields and _has(document, "stages", steps[0]):
        steps = ["stages", *steps]
    for depth in range(1, len(steps) + 1):
        here = node_at(document, tuple(steps[: depth - 1]))
        if isinstance(here, Mapping) and steps[depth - 1] in here:
            continue
        closed = depth == 2 and steps[0] in ("parameters", "stages", "sources", "variants") or isinstance(here, (Text, Sequence))
        known_key = depth == 1 and steps[0] in ScenarioShape.model_fields or depth > 1 and not closed
        if not known_key:
            known = [f"{'.'.join(steps[: depth - 1])}.{k}".lstrip(".") for k in here] if isinstance(here, Mapping) else []
            known += [str(k) for k in names] if depth == 1 and isinstance(names := document.get("parameters"), Mapping) else []
            hint = did_you_mean(".".join(steps[:depth]), known) or did_you_mean(path.value, known)
            findings.error("path", _("the path {path} does not exist in this scenario").format(path=shown(path.value, 60)), path.place, hint)
            return document
    return _placed(document, steps, path, value)


def _placed(here: Mapping, steps: list[str], path: Text, value: Node) -> Mapping:
    head, rest = steps[0], steps[1:]
    below = here.get(head)
    key = here.key(head) if head in here else Text(head, path.place)
    if rest:
        inner: Node = _placed(below if isinstance(below, Mapping) else Mapping({}, path.place), rest, path, value)
    elif isinstance(below, Mapping) and isinstance(value, Mapping):
        inner = patched(below, value)
    else:
        inner = value
    return Mapping({**here.entries, head: (key, inner)}, here.place)


def _has(document: Mapping, section: str, name: str) -> bool:
    block = document.get(section)
    return isinstance(block, Mapping) and name in block


def _check_version(document: Mapping, findings: Findings) -> None:
    version = document.get("lca_ml")
    if isinstance(version, Text) and version.value != VERSION:
        findings.error("version", _("this lca-ml reads version {known} of the language, not {given}").format(known=VERSION, given=shown(version.value, 20)), version.place, _("Write lca_ml: 1."))


def _own_pages(document: Mapping, folder: Path, findings: Findings) -> dict[str, Page]:
    block = document.get("processes")
    pages: dict[str, Page] = {}
    for name in block if isinstance(block, Mapping) else ():
        assert isinstance(block, Mapping)
        written = block[name]
        check_name(block.key(name), _("a process"), findings)
        try:
            if isinstance(written, Text):
                target = confined(written, folder, folder)
                written = parse(decode(read_bytes(str(target)), str(folder / written.value)), str(folder / written.value))
            if not isinstance(written, Mapping):
                findings.error("shape", _("a process is a mapping, or the path of a file that holds one"), written.place)
                continue
            page = processes.made(name, written, findings)
        except LcaError as wrong:
            for f in wrong.findings:
                findings.error(f.code, f.message, f.place, f.hint)
            continue
        if page is not None:
            pages[name] = page
    return pages


def _check_names(document: Mapping, shape: ScenarioShape, findings: Findings) -> None:
    """Report names that could not stand in a formula, and two that differ in case only."""
    block = document.get("parameters")
    folded: dict[str, str] = {}
    for name in block if isinstance(block, Mapping) else ():
        assert isinstance(block, Mapping)
        key = block.key(name)
        check_name(key, _("a parameter"), findings)
        if name.casefold() in folded:
            findings.warn("name-case", _("{a} and {b} differ in case only").format(a=folded[name.casefold()], b=name), key.place)
        folded[name.casefold()] = name
    stages = document.get("stages")
    assert isinstance(stages, Mapping)
    if not shape.stages:
        findings.error("stages-empty", _("a scenario needs at least one stage (stages: is empty)"), stages.place)
    for name in stages:
        check_name(stages.key(name), _("a stage"), findings, frozenset())
        if name in shape.parameters:
            findings.error("name-twice", _("{name} names both a parameter and a stage").format(name=name), stages.key(name).place, _("Rename one of the two."))
        inner = stages[name]
        for activity in shape.stages[name].activities:
            assert isinstance(inner, Mapping)
            check_name(inner.key(activity), _("an activity"), findings, frozenset())


def _is_activity(given: Any) -> bool:
    """Whether a value under the name `flows` is an activity that happens to bear this name, and not flows."""
    return isinstance(given, dict) and isinstance(given.get("process"), Text)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario (draft 2020-12), with the arguments of each process, for editors."""
    schema = ScenarioShape.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "lca-ml scenario, version 1"
    schema["properties"]["lca_ml"] = {"const": 1}
    schema["properties"]["extends"] = {"type": "string", "description": "Another scenario this one is laid upon."}
    for alternative in ("expect",):
        figures = schema["properties"][alternative]["additionalProperties"]
        schema["properties"][alternative]["additionalProperties"] = {"anyOf": [figures, figures["items"]]}
    definitions = schema["$defs"]
    activity = definitions["ActivityShape"]
    activity["additionalProperties"] = {"anyOf": [{"type": ["string", "number"]}, {"$ref": "#/$defs/Stated"}]}
    activity["properties"]["process"] = {"type": "string", "examples": list(processes.ids())}
    activity["allOf"] = [_arguments_schema(name) for name in processes.ids()]
    definitions["FlowShape"] = {"anyOf": [{"type": ["string", "number"]}, definitions["FlowShape"]]}
    definitions["StageShape"] = {
        "anyOf": [{"$ref": "#/$defs/ActivityShape", "anyOf": [{"required": ["process"]}, {"required": ["flows"]}]}, {"type": "object", "additionalProperties": {"$ref": "#/$defs/ActivityShape"}}]
    }
    return schema


def _arguments_schema(process: str) -> dict[str, Any]:
    page = processes.page(process)
    arguments = {
        name: {"description": f"{p.about.value} [{p.unit.value if p.unit else p.kind.value if p.kind else ''}]"} for name, p in page.parameters.items()
    }
    return {"if": {"properties": {"process": {"const": process}}, "required": ["process"]}, "then": {"description": page.title.value, "properties": arguments}}
