"""What things are called when people read them: indicators, groups of flows, the functional unit, the view."""

from __future__ import annotations

from lca_ml.factors import Indicator
from lca_ml.model import Model
from lca_ml.notation import plain
from lca_ml.titles import phase_title, stage_title
from lca_ml.units import Unit, spoken
from lca_ml.words import _


def indicator_title(indicator: Indicator, language: str) -> str:
    """Return an indicator's name as it stands within a sentence or a table."""
    title = indicator.title(language)
    return title[:1].lower() + title[1:]


def functional_unit(model: Model, language: str) -> str:
    """Return the functional unit for people: `1,000 requests` as it was written, in English without a needless 1."""
    given = model.functional_unit
    return counted(given.number, given.unit, language) if given.number != 1 or language != "en" else spoken(given.unit, 1) or "1"


def delivered(model: Model, language: str) -> str:
    """Return how much of the functional unit the life cycle delivers, the stated value to six digits."""
    node = model.node("delivers")
    assert node.number is not None
    return counted(float(f"{node.number / node.unit.scale:.6g}"), node.unit, language)


def counted(number: float, unit: Unit, language: str) -> str:
    """Return a number and its unit for people, what is a word in the plural: `1,000 requests`, `1 model`, `951,438 GPU·h`."""
    return f"{plain(number, language)} {spoken(unit, number)}".strip()


def per_view(model: Model, view: str, language: str) -> str:
    """Return what results are per: the functional unit, or the whole life cycle."""
    return _("per {unit}").format(unit=functional_unit(model, language)) if view == "functional_unit" else _("in all")


def group_title(label: str, group: str, model: Model, language: str) -> str:
    """Return the name of a group of flows: a stage, a kind of flow, a phase by their titles, any other label as it is written."""
    if label == "stage":
        return stage_title(group)
    if label == "flow":
        return model.flow_titles.get(group, {}).get(language, group) or "—"
    if label == "phase":
        return phase_title(group)
    return group or "—"
