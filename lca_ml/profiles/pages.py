"""The pages of profiles: their shape, and how they are read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lca_ml.documents import decode, parse, read_bytes
from lca_ml.errors import Findings
from lca_ml.shapes import Shape, Words, shaped
from lca_ml.words import current

FOLDER = Path(__file__).parent


class Element(Shape):
    """One thing that is asked for: `facts` are tried in their order, the first that has an answer counts. `id` names it for `paste`."""

    clause: Words
    asks: dict[str, Words]
    facts: list[Words]
    id: Words | None = None


class Score(Shape):
    """Stages whose impacts are added up apart from the others; `units` are quantities the score can be given per."""

    title: dict[str, Words]
    stages: list[Words]
    units: list[Words]


class Paste(Shape):
    """A text to paste elsewhere, with the answers put in."""

    language: Words
    text: Words


class Profile(Shape):
    """A page: what asks (`standard`), its elements, scores it wants apart, a text to paste. Texts are in English and French."""

    standard: Words
    title: dict[str, Words]
    about: dict[str, Words]
    elements: list[Element]
    scores: dict[str, Score] = {}
    paste: Paste | None = None


def ids() -> tuple[str, ...]:
    """Return the ids of the pages, in alphabetical order."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.yaml")))


@lru_cache(maxsize=16)
def profile(name: str) -> Profile:
    """Return a page. Raises FileNotFoundError where there is none, InputError where it is wrong."""
    path = FOLDER / f"{name}.yaml"
    findings = Findings()
    found = shaped(Profile, parse(decode(read_bytes(path), str(path)), f"profiles/{name}.yaml"), findings)
    findings.stop()
    assert found is not None
    return found


def said(texts: dict[str, Words]) -> str:
    """Return a text of a page in the language in force."""
    return texts.get(current(), texts["en"]).value
