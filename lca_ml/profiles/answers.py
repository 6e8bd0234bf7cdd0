"""A profile laid beside a scenario: what it states of each element, and what it leaves out."""

from __future__ import annotations

import json
from dataclasses import dataclass

from lca_ml.errors import Finding
from lca_ml.model import Model
from lca_ml.profiles.facts import FACTS, grams
from lca_ml.profiles.pages import Element, profile, said
from lca_ml.scenario import Scenario
from lca_ml.words import _


@dataclass(frozen=True, slots=True)
class Answer:
    """An element and what the scenario states of it; `text` is empty where it states nothing, `hint` then says what to write."""

    element: Element
    clause: str
    asks: str
    text: str
    hint: str


def filled(scenario: Scenario, model: Model, name: str) -> tuple[Answer, ...]:
    """Return the elements of a profile with their answers, in the order of the page and in the language in force."""
    page = profile(name)
    return tuple(_answer(scenario, model, page.standard.value, element) for element in page.elements)


def missing(scenario: Scenario, model: Model, name: str) -> tuple[Finding, ...]:
    """Return a warning for each element of a profile the scenario does not state, and a last one that counts. Profiles: see `ids`."""
    answers = filled(scenario, model, name)
    lacking = [a for a in answers if not a.text]
    found = [Finding("profile", _("{clause}: {asks}").format(clause=a.clause, asks=a.asks), scenario.place(), a.hint, "warning") for a in lacking]
    if lacking:
        text = _("{profile}: {stated} of {all} elements stated").format(profile=name, stated=len(answers) - len(lacking), all=len(answers))
        found.append(Finding("profile", text, None, "", "warning"))
    return tuple(found)


def pasted(scenario: Scenario, model: Model, name: str) -> tuple[str, str]:
    """Return a profile's text to paste and its language, the answers put in as JSON texts (null where there is none); both empty where it has none."""
    page = profile(name)
    if page.paste is None:
        return "", ""
    answers = {a.element.id.value: a.text for a in filled(scenario, model, name) if a.element.id is not None}
    values = {key: json.dumps(text or None, ensure_ascii=False) for key, text in answers.items()}
    values["grams"] = json.dumps(grams(model, ("training", "fine_tuning")))
    text = page.paste.text.value
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text, page.paste.language.value


def _answer(scenario: Scenario, model: Model, standard: str, element: Element) -> Answer:
    hint = text = ""
    for fact in element.facts:
        name, _blank, argument = fact.value.partition(" ")
        state, advise = FACTS[name]
        text = state(scenario, model, argument)
        hint = hint or _(advise).format(argument=argument)
        if text:
            break
    return Answer(element, f"{standard}, {element.clause.value}", said(element.asks), text, "" if text else hint)
