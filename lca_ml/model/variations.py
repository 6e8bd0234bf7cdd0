"""What `check` says of the variants of a scenario: each is laid on it alone, and what is wrong then is told with the variant's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lca_ml.errors import Finding, Findings, LcaError, Place, shown
from lca_ml.model.linker import link
from lca_ml.model.parts import Model
from lca_ml.scenario import SETTING, Scenario, changed, composed
from lca_ml.words import _

MOST_LINKED = 2_000
"""Quantities of all variants and ends of sweeps that are linked in one check; of those beyond, the paths alone are looked at."""


def check_variants(scenario: Scenario, model: Model, findings: Findings) -> None:
    """Report what is wrong with each variant of a scenario, laid on it alone: its paths, and its whole model as long as there are few quantities in all."""
    size = len(model.nodes)
    for position, name in enumerate(scenario.shape.variants, 1):
        wrong = errors_with(scenario, (name,), (), whole=position * size <= MOST_LINKED)
        for found in wrong:
            message = _("in the variant {name}: {message}").format(name=shown(name, 40), message=found.message)
            findings.error(found.code, message, found.place, found.hint)


def errors_with(scenario: Scenario, variants: tuple[str, ...], settings: tuple[str, ...], whole: bool, at: Place | None = None) -> Iterator[Finding]:
    """Yield what is wrong with a scenario that has more variants and settings on top.

    whole   whether its model is linked; else only the paths are looked at
    at      where the settings are written, if not on the command line
    """
    try:
        if whole:
            link(changed(scenario, variants, settings))
        else:
            composed(scenario.document, variants, settings)
    except LcaError as wrong:
        for found in wrong.findings:
            yield replace(found, place=at) if at is not None and found.place is not None and found.place.file == SETTING else found
