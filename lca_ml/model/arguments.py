"""The arguments of a process against its page: unknown, missing, one of several, in conflict."""

from __future__ import annotations

from lca_ml.errors import Findings, did_you_mean, shown
from lca_ml.processes import COMMON_KEYS, ActivityShape, Page
from lca_ml.scenario import Scenario
from lca_ml.words import _


def check_arguments(scenario: Scenario, page: Page, shape: ActivityShape, process: str, activity: str, findings: Findings) -> None:
    """Report arguments a process does not know, does not get, gets twice over in other words, or must not get together."""
    path = ("stages", *activity.split("."))
    given = set(shape.arguments)
    known = (*page.parameters, *COMMON_KEYS)
    for key in shape.arguments:
        if key not in page.parameters:
            hint = did_you_mean(key, known) or _("Arguments of {process} are {names}.").format(process=process, names=", ".join(page.parameters))
            place = scenario.place(*path, key)
            findings.error("unknown-key", _("{key} is an unknown argument of the process {process}").format(key=shown(key, 40), process=process), place, hint)
    choices = {n.value for group in page.one_of for n in group}
    for name, parameter in page.parameters.items():
        if parameter.default is None and name not in given and name not in choices and parameter.optional is None:
            example = f" [{parameter.unit.value}]" if parameter.unit else ""
            message = _("the process {process} needs {name}{unit}: {about}").format(
                process=process, name=name, unit=example, about=shown(parameter.about.value, 120)
            )
            findings.error("missing-key", message, scenario.place(*path))
    for group in page.one_of:
        names = [n.value for n in group]
        if names and len(given.intersection(names)) != 1:
            message = _("the process {process} needs exactly one of {names}").format(process=process, names=", ".join(names))
            findings.error("one-of", message, scenario.place(*path))
    for conflict in page.conflicts:
        names = [n.value for n in conflict.given]
        if names and given.issuperset(names):
            joined = f" {_('and')} ".join(names)
            message = _("{names} must not be given together: {why}").format(names=joined, why=conflict.because.value)
            findings.error("conflict", message, scenario.place(*path, names[0]))
