"""The sweeps a file holds under `sweeps:`, and whether the scenario can follow them.

sweep_of(scenario, model, "occupancy")   -> its axes
check_sweeps(scenario, model, findings)  what `check` says of them
"""

from __future__ import annotations

from collections.abc import Sequence

from lca_ml.comparison.grids import Axis, read_axis
from lca_ml.documents import Mapping
from lca_ml.errors import Finding, Findings, InputError, LcaError, Place, shown
from lca_ml.model import Model
from lca_ml.model.variations import MOST_LINKED, errors_with
from lca_ml.scenario import Scenario, steps_of
from lca_ml.words import _

MOST_AXES = 2


def sweep_of(scenario: Scenario, model: Model, name: str) -> list[Axis]:
    """Return the axes of a sweep the file holds. Raises InputError at the first that is none."""
    place = scenario.place("sweeps", name)
    held = scenario.shape.sweeps[name]
    if not held:
        raise InputError(Finding("sweep", _("a sweep is a mapping of paths to values, such as {{pue: 1.0..2.0:11}}").format(), place))
    axes = [read_axis(path, values, usual_unit(path, model)) for path, values in held.items()]
    check_axes(axes, scenario.document, place)
    return axes


def check_axes(axes: Sequence[Axis], document: Mapping, place: Place | None) -> None:
    """Raise InputError for more axes than a map has, and for two that move the same value."""
    if len(axes) > MOST_AXES:
        raise InputError(Finding("sweep", _("a sweep takes one path, or two for a map; not {n}").format(n=len(axes)), place))
    steps = [steps_of(document, axis.path) for axis in axes]
    if len(axes) == MOST_AXES and all(a == b for a, b in zip(*steps, strict=False)):
        message = _("{a} and {b} are the same path, or one holds the other: the second would undo the first")
        raise InputError(Finding("sweep", message.format(a=shown(axes[0].path, 60), b=shown(axes[1].path, 60)), place))


def check_sweeps(scenario: Scenario, model: Model, findings: Findings) -> None:
    """Report what is wrong with each sweep of a scenario: values that are none, paths that do not exist, ends that make no model."""
    most, looked_at = MOST_LINKED // len(model.nodes), set[tuple[str, str]]()
    for name, held in scenario.shape.sweeps.items():
        try:
            axes = sweep_of(scenario, model, name)
        except LcaError as wrong:
            findings.take(wrong)
            continue
        for axis in axes:
            for end in sorted({(axis.path, axis.texts[0]), (axis.path, axis.texts[-1])} - looked_at):
                looked_at.add(end)
                for found in errors_with(scenario, (), ("=".join(end),), len(looked_at) <= most, held[axis.path].place):
                    message = _("in the sweep {name}: {message}").format(name=shown(name, 40), message=found.message)
                    findings.error(found.code, message, found.place, found.hint)


def usual_unit(path: str, model: Model) -> str:
    """Return the unit of the quantity a path names in a scenario; none where it names something else."""
    name = path.removeprefix("parameters.").removeprefix("stages.").removesuffix(".value")
    return next((n.unit.text for n in model.nodes if n.name == name), "")
