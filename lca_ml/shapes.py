"""The shape of files: pydantic models over located text, and every mistake of shape with its place.

pydantic checks keys and kinds; what a leaf says (a quantity, a formula) is read later. Leaves stay `Text`, so that nothing is
typed by accident and each remembers its place. The same models give the JSON Schema editors use.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, PlainValidator, ValidationError, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from lca_ml import titles
from lca_ml.documents import Mapping, Node, Sequence, Text, plain
from lca_ml.errors import Findings, Place, did_you_mean, shown
from lca_ml.expressions import RESERVED
from lca_ml.words import _

KINDS = tuple(titles.KINDS)
MOST_REPAIRS = 6

INVISIBLE = ("activity", "activities")
"""Steps of a shape that a file does not write: what stands in a stage is one activity or several."""

LONGEST_NAME = 64
"""Characters of a name that stands in formulas."""

_SCALAR = {"type": ["string", "number"]}


def _text(given: Any) -> Text:
    if not isinstance(given, Text):
        raise ValueError
    return given


def _said(given: Any) -> Text:
    text = _text(given)
    if is_nothing(text):
        raise ValueError
    return text


def is_nothing(text: Text) -> bool:
    """Whether a text is what YAML calls null: nothing at all, or its name."""
    return not text.quoted and text.value.strip() in ("", "~", "null", "Null", "NULL")


if TYPE_CHECKING:
    Words = Text
    Leaf = Text
else:  # a plain validator of Any: pydantic would else build a schema of Text for each field, a tenth of what a whole check may take
    Words = Annotated[Any, PlainValidator(_said), WithJsonSchema({"type": ["string", "number", "boolean"]})]
    """A text: a title, a name, a code, a sentence."""
    Leaf = Annotated[Any, PlainValidator(_text), WithJsonSchema(_SCALAR)]
    """A quantity, a distribution or a formula, as written."""

Raw = Annotated[Any, WithJsonSchema({})]
"""Anything, read elsewhere."""


class Shape(BaseModel):
    """A mapping with known keys; an unknown one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)
    beside: ClassVar[tuple[str, ...]] = ()
    """Keys that are read elsewhere, before the shape is checked."""


class Stated(Shape):
    """A value, short (`5 kWh`) or long (`{value:, uncertainty:, source:, kind:, note:}`)."""

    value: Leaf
    uncertainty: Leaf | None = None
    source: Words | None = None
    kind: Words | None = None
    note: Words | None = None
    title: Words | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: Any) -> Any:
        return {"value": given} if isinstance(given, Text) else given

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        long = handler.resolve_ref_schema(handler(core))
        return {"anyOf": [_SCALAR, {k: v for k, v in long.items() if k != "title"}], "description": cls.__doc__}


class Source(Shape):
    """Where a figure comes from."""

    title: Words
    authors: Words | None = None
    year: Words | None = None
    url: Words | None = None
    doi: Words | None = None
    licence: Words | None = None
    locator: Words | None = None
    note: Words | None = None


S = TypeVar("S", bound=Shape)


def shaped(kind: type[S], document: Mapping, findings: Findings, beside: Mapping | None = None) -> S | None:
    """Return the document as the shape `kind` after reporting all that is wrong with it; None where too little of it is left.

    What is wrong is left out, so that whoever reads on finds the other mistakes too.

    beside   the mapping errors are placed in, where it is not the document itself
    """
    gone: set[tuple[str | int, ...]] = set()
    for _attempt in range(MOST_REPAIRS):
        try:
            return kind.model_validate(plain(document))
        except ValidationError as wrong:
            errors = wrong.errors()
        for error in errors:
            if _path(error) not in gone:
                _report(kind, error, beside or document, findings)
        gone |= {_path(error) for error in errors}
        for path in {_guilty(error) for error in errors}:
            if not path:
                return None
            document = without(document, path)
    return None


def without(document: Mapping, path: tuple[str | int, ...]) -> Mapping:
    """Return the document less the value at a path."""
    head, rest = path[0], path[1:]
    if head not in document:
        return without(document, rest) if head in INVISIBLE and rest else document
    inner = document[str(head)]
    if not rest:
        return document.without(str(head))
    if isinstance(inner, Mapping):
        changed: Node = without(inner, rest)
    elif isinstance(inner, Sequence) and isinstance(rest[0], int):
        items = list(inner.items)
        item = items[rest[0]] if rest[0] < len(items) else None
        if len(rest) > 1 and isinstance(item, Mapping):
            items[rest[0]] = without(item, rest[1:])
        elif item is not None:
            del items[rest[0]]
        changed = Sequence(tuple(items), inner.place)
    else:
        return document.without(str(head))
    return Mapping({**document.entries, str(head): (document.key(str(head)), changed)}, document.place)


def place_of(document: Node, path: tuple[str | int, ...]) -> Place:
    """Return the place of the key at a path, of the nearest thing above it where there is none."""
    place = document.place
    for step in path:
        if isinstance(document, Mapping) and step in document:
            place, document = document.key(str(step)).place, document[str(step)]
        elif isinstance(document, Mapping) and (step == 0 or step in INVISIBLE):
            continue  # one item may stand where a list could
        elif isinstance(document, Sequence) and isinstance(step, int) and step < len(document.items):
            document = document.items[step]
            place = document.place
        else:
            break
    return place


def node_at(document: Node, path: tuple[str | int, ...]) -> Node | None:
    """Return the value at a path, None where there is none."""
    found: Node | None = document
    for step in path:
        if isinstance(found, Mapping):
            found = found if step not in found and (step == 0 or step in INVISIBLE) else found.get(str(step))
        elif isinstance(found, Sequence) and isinstance(step, int) and step < len(found.items):
            found = found.items[step]
        else:
            return None
    return found


def check_name(name: Text, what: str, findings: Findings, reserved: frozenset[str] = RESERVED) -> bool:
    """Report a name that cannot stand in a formula: ASCII letters, digits and _, not beginning with a digit, not a function's."""
    if not re.fullmatch(rf"[A-Za-z][A-Za-z0-9_]{{0,{LONGEST_NAME - 1}}}", name.value):
        import unicodedata  # only to name what is odd

        odd = next((c for c in name.value if not (c.isascii() and (c.isalnum() or c == "_"))), "")
        why = (
            _("it holds U+{code:04X} ({name})").format(code=ord(odd), name=unicodedata.name(odd, "?").lower())
            if odd
            else _("it is too long: {n} characters; the limit is {limit}").format(n=len(name.value), limit=LONGEST_NAME)
            if len(name.value) > LONGEST_NAME
            else _("it begins with a digit or _")
        )
        plain_name = re.sub(r"[^A-Za-z0-9_]+", "_", unicodedata.normalize("NFKD", name.value).encode("ascii", "ignore").decode()).strip("_")
        hint = _("Write {name}.").format(name=shown(plain_name)) if plain_name and not plain_name[0].isdigit() else _("Use ASCII letters, digits and _.")
        findings.error("name", _("{name} is not a name for {what}: {why}").format(name=shown(name.value, 40), what=what, why=why), name.place, hint)
        return False
    if name.value in reserved:
        findings.error(
            "name-reserved", _("{name} is reserved: it names a function or a constant").format(name=name.value), name.place, _("Choose another name.")
        )
        return False
    return True


def _path(error: Any) -> tuple[str | int, ...]:
    return tuple(p for p in error["loc"] if not (isinstance(p, str) and p.startswith(("function-", "[key]"))))


def _guilty(error: Any) -> tuple[str | int, ...]:
    """Return what to leave out to read on: the value itself, or the mapping a key is missing in."""
    path = _path(error)
    return path[:-1] if error["type"] == "missing" else path


def _report(kind: type[Shape], error: Any, document: Mapping, findings: Findings) -> None:
    path = _path(error)
    at, key = node_at(document, path), str(path[-1]) if path else ""
    place = place_of(document, path)
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(kind, path[:-1])
            hint = did_you_mean(key, known) or (_("Keys here are {names}.").format(names=", ".join(known)) if known else "")
            if " " in key.strip():
                hint = _("If it is the rest of a text that holds a comma, put the text in quotes.")
            findings.error("unknown-key", _("{key} is an unknown key").format(key=shown(key, 40)), place, hint)
        case "missing":
            findings.error("missing-key", _("the key {key} is missing").format(key=key), place_of(document, path[:-1]), _example(key))
        case _:
            leaf = at.place if at is not None else place
            wanted = (
                _("a mapping of keys to values")
                if error["type"] in ("model_type", "dict_type", "model_attributes_type")
                else _("a list")
                if error["type"] == "list_type"
                else _("one value (text)")
            )
            given = {Mapping: _("a mapping"), Sequence: _("a list"), Text: _("a text")}.get(type(at), _("something else"))
            if isinstance(at, Text) and is_nothing(at):
                given = _("empty (null)")
            findings.error("shape", _("{key} must be {wanted}, and is {given}").format(key=shown(key, 40), wanted=wanted, given=given), leaf)


def _known_keys(kind: type[Shape], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys a mapping at a path may have, following the models' fields."""
    here: Any = kind
    for step in path:
        fields = getattr(here, "model_fields", {})
        annotation = fields[step].annotation if step in fields else here
        here = _inner(annotation)
    return [*getattr(here, "model_fields", {}), *getattr(here, "beside", ())]


def _inner(annotation: Any) -> Any:
    for part in getattr(annotation, "__args__", ()):
        found = _inner(part)
        if found is not None:
            return found
    return annotation if isinstance(annotation, type) and issubclass(annotation, Shape) else None


def _example(key: str) -> str:
    examples = {
        "lca_ml": "lca_ml: 1",
        "title": "title: An assistant for a town hall",
        "functional_unit": "functional_unit: 1000 request",
        "stages": "stages: {training: {process: compute, …}}",
    }
    return _("For example: {example}").format(example=examples[key]) if key in examples else ""
