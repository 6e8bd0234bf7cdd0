"""The shape of a scenario: its keys, and the names of the standard life-cycle stages."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import model_validator

from lca_ml.documents import Text
from lca_ml.processes import ActivityShape
from lca_ml.shapes import Leaf, Raw, Shape, Source, Stated, Words
from lca_ml.titles import STAGES

VERSION = "1"

STANDARD_STAGES = tuple(STAGES)
"""The life-cycle stages in the order tables and charts use; others come after them in the order of the file."""


class StageShape(Shape):
    """A life-cycle stage: one activity, or several by name."""

    activity: ActivityShape | None = None
    activities: dict[str, ActivityShape] = {}

    @model_validator(mode="before")
    @classmethod
    def _one_or_many(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        single = isinstance(given.get("process"), Text) or ("flows" in given and not _is_activity(given["flows"]))
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


class CorrelationShape(Shape):
    """How strongly two uncertain parameters go together: their rank correlation (Spearman), from -1 to 1."""

    between: list[Words]
    rank: Leaf


class ScenarioShape(Shape):
    """A study: goal and scope, parameters, life-cycle stages, what is left out, what is expected."""

    beside: ClassVar[tuple[str, ...]] = ("extends",)

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
    sweeps: dict[str, dict[str, Leaf]] = {}
    groups: dict[str, list[Words]] = {}
    correlations: list[CorrelationShape] = []

    @model_validator(mode="before")
    @classmethod
    def _figures(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("expect"), dict):
            listed = {k: v if isinstance(v, list) else [v] for k, v in given["expect"].items()}
            return {**given, "expect": listed}
        return given


def _is_activity(given: Any) -> bool:
    """Whether a value under the name `flows` is an activity that happens to bear this name, and not flows."""
    return isinstance(given, dict) and isinstance(given.get("process"), Text)
