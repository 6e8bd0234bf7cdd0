"""The JSON Schema of a scenario, for editors."""

from __future__ import annotations

from typing import Any

from lca_ml import processes
from lca_ml.scenario.shape import ScenarioShape


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
        "anyOf": [
            {"$ref": "#/$defs/ActivityShape", "anyOf": [{"required": ["process"]}, {"required": ["flows"]}]},
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/ActivityShape"}},
        ]
    }
    return schema


def _arguments_schema(process: str) -> dict[str, Any]:
    page = processes.page(process)
    arguments = {
        name: {"description": f"{p.about.value} [{p.unit.value if p.unit else p.kind.value if p.kind else ''}]"} for name, p in page.parameters.items()
    }
    return {"if": {"properties": {"process": {"const": process}}, "required": ["process"]}, "then": {"description": page.title.value, "properties": arguments}}
