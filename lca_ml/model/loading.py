"""From a file to a model, with every mistake of the file told at once: those of its shape, its names and its units together."""

from __future__ import annotations

from collections.abc import Iterable

from lca_ml.errors import Findings
from lca_ml.factors import Library
from lca_ml.model.linker import link
from lca_ml.model.parts import Model
from lca_ml.scenario import Scenario, opened


def load_model(
    path: str, variants: Iterable[str] = (), settings: Iterable[str] = (), text: str | None = None, library: Library | None = None
) -> tuple[Scenario, Model]:
    """Return the scenario of a file and its model.

    variants   names of variants of the file, composed left to right
    settings   `path=value`, on top of all
    text       what the file holds, where it has been read already
    library    the factors; None takes those of the package
    Raises InputError with every mistake, WorldError where a file cannot be read, UsageError for a variant or a setting that is none.
    """
    findings = Findings()
    scenario = opened(path, variants, settings, text, findings)
    if scenario is None:
        findings.stop()
    assert scenario is not None
    return scenario, link(scenario, library, findings)
