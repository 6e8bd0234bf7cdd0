"""What the user wrote: one YAML file, with what it extends, a variant and settings of the command line on top.

load("town-hall.yaml", variants=["in_poland"], settings=["pue=1.2"])  -> Scenario
read_document(...)   the same before its shape is checked, for `resolve`
json_schema()        for editors
"""

from lca_ml.scenario.composition import SETTING, composed, read_document, steps_of
from lca_ml.scenario.reading import Scenario, changed, load, opened
from lca_ml.scenario.schema import json_schema
from lca_ml.scenario.shape import STANDARD_STAGES, VERSION, ExpectedShape, ScenarioShape
from lca_ml.titles import stage_title

__all__ = [
    "SETTING",
    "STANDARD_STAGES",
    "VERSION",
    "ExpectedShape",
    "Scenario",
    "ScenarioShape",
    "changed",
    "composed",
    "json_schema",
    "load",
    "opened",
    "read_document",
    "stage_title",
    "steps_of",
]
