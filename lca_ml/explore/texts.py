"""What the page says, in every language it can be switched to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lca_ml.words import LANGUAGES, _, later, speaking

T = TypeVar("T")

TEXTS = {
    "skip": later("Skip to the results"),
    "tools": later("Tools"),
    "controls": later("What to change"),
    "results": later("Results"),
    "reset_all": later("Reset all"),
    "copy": later("Copy link"),
    "copied": later("Copied"),
    "download": later("Download YAML"),
    "print": later("Print"),
    "talk": later("Large text"),
    "theme": later("Light / dark"),
    "variant": later("Variant"),
    "no_variant": later("none: the file as it is"),
    "as_stated": later("as in the file"),
    "instead": later("instead"),
    "role_region": later("Region of the electricity"),
    "role_device": later("Device"),
    "role_accelerator": later("Accelerator"),
    "role_server": later("Server"),
    "role_datacenter": later("Data centre"),
    "role_network": later("Network"),
    "role_medium": later("Storage medium"),
    "role_rule": later("Allocation rule"),
    "role_workstation": later("Workstation"),
    "more_menus": later("More choices ({n})"),
    "parameters": later("Numbers of the study"),
    "library": later("Assumptions of the library, by influence"),
    "show_all": later("Show all {n}"),
    "show_fewer": later("Show fewer"),
    "reset": later("back to the file's value"),
    "reset_one": later("{name}: back to the file's value"),
    "fixed": later("in the file {stated}"),
    "fixed_uncertain": later("known here; in the file {stated}, uncertain: {low} – {high}"),
    "no_number": later("{text} is no number this value can take"),
    "indicator": later("Indicator"),
    "view": later("Results are"),
    "view_unit": later("per unit"),
    "view_total": later("in all"),
    "per": later("per {unit}"),
    "in_all": later("over the whole life cycle"),
    "interval": later("90 % of draws: {low} – {high} {unit}"),
    "certain": later("Nothing uncertain is left in it"),
    "statistics": later("median {median}, mean {mean} {unit}"),
    "partly": later("without the flows no factor is known for"),
    "unknown_total": later("unknown: the library holds no factor"),
    "no_result": later("These values give no finite result"),
    "unchanged": later("The file's own values. Move something."),
    "change": later("{change} against the file"),
    "lower": later("lower in {share} of draws"),
    "higher": later("higher in {share} of draws"),
    "same": later("the same in every draw"),
    "limit": later("limit of the study, {limit}: kept in {share} of draws"),
    "density": later("Distribution of the draws, in {unit}; dashed: the file's own values"),
    "stages": later("Where it comes from"),
    "stage": later("stage"),
    "stated": later("stated"),
    "interval_head": later("90 % interval"),
    "share": later("share"),
    "unknown_stage": later("unknown: no factor"),
    "not_modelled": later("not modelled: {reason}"),
    "uncertainty": later("What the uncertainty comes from"),
    "uncertainty_note": later("first-order share of the variance, from the draws"),
    "rest": later("the rest, and what only acts together"),
    "distance": later("distance of the look-up of {factor}"),
    "elasticity": later("What moves it most"),
    "elasticity_note": later("change of the result for 1 % more"),
    "how": later("How to read this page"),
    "how_move": later(
        "A slider does what `--set` does on the command line: the value becomes a known number and its uncertainty is gone, so the interval narrows. "
        "The tinted band under a slider spans 90 % of the draws, the mark is the value the file states. ↺ gives the value back its uncertainty. A figure "
        "of the library, such as the grid's, is set as a scenario would set one of its own, under `factors`."
    ),
    "how_draws": later(
        "The large number is computed from the stated values, as `lca-ml run` prints it; the interval, the median and the mean are those of {samples} "
        "draws, the same random numbers as on the command line with --samples {samples} --seed {seed}. Before and after share their draws, so that "
        "their difference is that of the change alone."
    ),
    "how_drivers": later(
        "First-order shares of the variance are estimated from the draws by equally likely bins (Plischke 2010), as `lca-ml sensitivity --method draws` "
        "does; with {samples} draws they are good to a few per cent. The elasticity is a central difference at the stated values."
    ),
    "how_link": later(
        "The address holds every change: a link is a scenario. The YAML gives the same numbers on the command line. Nothing on this page is sent anywhere."
    ),
    "foot": later("{samples} draws · seed {seed} · lca-ml {version} · computed in this page, nothing leaves it"),
    "yaml_head": later("From the what-if page of {file}, lca-ml {version}."),
    "yaml_command": later("The numbers of the page: {command}. Set there:"),
    "yaml_beside": later("Needs beside it: {files}"),
}
"""The texts of the page by the name its script and its template give them; what stands in braces is put in by the script."""


def in_each(say: Callable[[str], T]) -> list[T]:
    """Return what is said in each language, in the order of `LANGUAGES`."""
    out = []
    for language in LANGUAGES:
        with speaking(language):
            out.append(say(language))
    return out


def texts() -> dict[str, dict[str, str]]:
    """Return the texts in each language."""
    said = in_each(lambda _language: {name: _(text) for name, text in TEXTS.items()})
    return dict(zip(LANGUAGES, said, strict=True))
