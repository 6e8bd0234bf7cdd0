"""One document from several: what a file extends, its variants, the settings of the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lca_ml.documents import DEEPEST, Mapping, Node, Sequence, Text, check_characters, confined, decode, parse, patched, read_bytes
from lca_ml.errors import Finding, Findings, InputError, LcaError, Place, UsageError, did_you_mean, shown
from lca_ml.scenario.shape import ScenarioShape
from lca_ml.shapes import node_at
from lca_ml.words import _

DEEPEST_EXTENDS = 20

SETTING = "--set"
"""The file that the place of a value set on the command line names; its line counts the settings."""


def read_document(path: str, variants: Iterable[str] = (), settings: Iterable[str] = (), text: str | None = None) -> Mapping:
    """Return the final document of a scenario: what it extends, the file, its variants, then the settings, each value with its origin."""
    written = parse(text, path) if text is not None else _read(path)
    folder = (Path(path).parent if text is None else Path()).resolve()
    return composed(_extended(written, folder, folder, (Path(path).resolve(),)), variants, settings)


def composed(document: Mapping, variants: Iterable[str], settings: Iterable[str]) -> Mapping:
    """Return a document with variants of its own, then settings, on top of it."""
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
        raise InputError(
            Finding("extends-deep", _("extends is nested too deep: the limit is {limit} files (a chain)").format(limit=DEEPEST_EXTENDS), named.place)
        )
    name = str(Path(document.place.file).parent / named.value.strip())
    try:
        below_it = parse(decode(read_bytes(str(target)), name), name)
        base = _extended(below_it, target.parent, below, (*seen, target))
    except LcaError as wrong:
        if len(seen) > 1:
            raise
        via = Finding("extends", _("in the file this one extends ({name}), or in one that it extends").format(name=shown(named.value, 60)), named.place)
        raise type(wrong)((*wrong.findings, via)) from None
    return patched(base, document.without("extends"))


def _with_variant(document: Mapping, name: str, findings: Findings) -> Mapping:
    block = document.get("variants")
    known = list(block) if isinstance(block, Mapping) else []
    if name not in known:
        hint = did_you_mean(name, known) or (
            _("Variants of this file are {names}.").format(names=", ".join(known)) if known else _("The file has no variants.")
        )
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
    check_characters(setting, SETTING)
    place = Place(SETTING, position, len(path) + 2, max(len(value), 1), setting)
    wrapped = parse(f"v: {value}" if value.strip().startswith(("{", "[", '"', "'")) else "v: ''", SETTING)
    node = wrapped["v"] if value.strip().startswith(("{", "[", '"', "'")) else Text(value.strip(), place)
    return _put(document, Text(path.strip(), Place(SETTING, position, 1, len(path), setting)), node, findings)


def steps_of(document: Mapping, path: str) -> list[str]:
    """Return a dotted path as its steps from the top: a parameter or a stage may be named without its section."""
    steps = path.split(".")
    if steps[0] not in ScenarioShape.model_fields and _has(document, "parameters", steps[0]):
        return ["parameters", *steps]
    if steps[0] not in ScenarioShape.model_fields and _has(document, "stages", steps[0]):
        return ["stages", *steps]
    return steps


def _put(document: Mapping, path: Text, value: Node, findings: Findings) -> Mapping:
    """Return the document with a value at a dotted path. A path that does not exist is reported; a key the language knows may be new."""
    steps = steps_of(document, path.value)
    if len(steps) > DEEPEST:
        message = _("{path} is nested too deep: the limit is {limit} levels").format(path=shown(path.value, 60), limit=DEEPEST)
        findings.error("limit", message, path.place)
        return document
    for depth in range(1, len(steps) + 1):
        here = node_at(document, tuple(steps[: depth - 1]))
        if isinstance(here, Mapping) and steps[depth - 1] in here:
            continue
        closed = (depth == 2 and steps[0] in ("parameters", "stages", "sources", "variants")) or isinstance(here, (Text, Sequence))
        known_key = (depth == 1 and steps[0] in ScenarioShape.model_fields) or (depth > 1 and not closed)
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
