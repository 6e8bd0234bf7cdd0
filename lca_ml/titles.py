"""What people call the parts of a study, in the language in force: identifiers of a scenario in, words out.

stage_title("data_collection")   "data collection", « collecte des données »
stage_in_sentence("training")    "training", « l’entraînement »
phase_title("embodied")          "embodied", « fabrication »
label_title("stage")             "stage", « étape »: the head of a column
kind_title("measured")           "measured", « mesuré »: how a value is known
property_title("power")          "power", « puissance »: what is known of a device
step_title("subregion")          "subregion", « sous-région »: what the look-up of a factor left
"""

from __future__ import annotations

from lca_ml.words import _, in_sentence, later

STAGES = {
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
"""The standard life-cycle stages, in the order tables and charts use."""

PHASES = {"use": later("use"), "embodied": later("embodied"), "end_of_life": later("end of life")}

LABELS = {
    "stage": later("stage"),
    "activity": later("activity"),
    "flow": later("flow"),
    "phase": later("phase"),
    "region": later("region"),
    "year": later("year"),
    "process": later("process"),
}

KINDS = {"measured": later("measured"), "sourced": later("sourced"), "modelled": later("modelled"), "assumed": later("assumed")}

PROPERTIES = {
    "power": later("power"),
    "memory": later("memory"),
    "energy": later("energy"),
    "lifetime": later("lifetime"),
    "utilisation": later("utilisation"),
    "cores": later("cores"),
    "accelerators": later("accelerators"),
    "released": later("year of release"),
    "pue": later("PUE"),
    "wue": later("WUE"),
}
"""The properties of devices, but for peak performances: those name the format of numbers they hold for."""

STEPS = {
    "country": later("country"),
    "group": later("group of countries"),
    "subregion": later("subregion"),
    "cloud": later("cloud region"),
    "site": later("site"),
    "year": later("year"),
}
"""What the look-up of a factor may leave: the smaller region for the one around it, the year for another."""


def stage_title(stage: str) -> str:
    """Return the name of a stage for people; a stage of one's own as it is written, `_` shown as a blank."""
    return _(STAGES[stage]) if stage in STAGES else stage.replace("_", " ")


def stage_in_sentence(stage: str) -> str:
    """Return the name of a stage as it stands within a sentence, with its article where the language wants one."""
    return in_sentence(STAGES[stage]) if stage in STAGES else stage_title(stage)


def phase_title(phase: str) -> str:
    """Return the name of a phase for people; an unknown one as it is written."""
    return _(PHASES[phase]) if phase in PHASES else phase


def label_title(label: str) -> str:
    """Return the name of a label results are grouped by; a tag of one's own as it is written."""
    return _(LABELS[label]) if label in LABELS else label


def kind_title(kind: str) -> str:
    """Return how a value is known, for people; an unknown kind as it is written."""
    return _(KINDS[kind]) if kind in KINDS else kind


def property_title(name: str) -> str:
    """Return the name of a device's property for people: `power`, `peak bf16`."""
    if name.startswith("peak_"):
        return _("peak {format}").format(format=name.removeprefix("peak_").replace("_", " "))
    return _(PROPERTIES[name]) if name in PROPERTIES else name.replace("_", " ")


def step_title(step: str) -> str:
    """Return the name of a step of the look-up of factors; a step of one's own as it is written."""
    return _(STEPS[step]) if step in STEPS else step
