"""What the study is made of: its parameters, its activities, what it takes from the library."""

from __future__ import annotations

from collections.abc import Iterator

from lca_ml.bibliography import Reference, key_of
from lca_ml.explain import value_of
from lca_ml.model import Model, Node
from lca_ml.processes import ActivityShape
from lca_ml.report.content.subject import Subject, capital, plain_table, where
from lca_ml.report.document import Block, Cell, Folded, Group, Mono, Run, Section, Small, Table
from lca_ml.scenario import stage_title
from lca_ml.sensitivity import label
from lca_ml.shapes import Stated
from lca_ml.titles import kind_title
from lca_ml.units import pretty
from lca_ml.wording import indicator_title
from lca_ml.words import _, current


def inputs(subject: Subject, cited: tuple[Reference, ...]) -> Section:
    """Return the section on the scenario: parameters with value, uncertainty, kind and source, activities, defaults, devices, factors."""
    blocks: list[Block] = []
    if subject.scenario.shape.parameters:
        blocks.append(_parameters(subject))
    blocks.append(_activities(subject))
    library = [t for t in (_defaults(subject.model), _devices(subject.model)) if t is not None]
    blocks += [Folded(table.caption, (table,)) for table in library]
    blocks += [Folded(table.caption, (table,)) for table in [_factors(subject.model, cited)] if table.groups]
    return Section("inputs", _("What it is computed from"), tuple(blocks))


def _parameters(subject: Subject) -> Table:
    by_name = {n.name: n for n in subject.model.nodes}
    rows: list[list[Cell]] = []
    for name, stated in subject.scenario.shape.parameters.items():
        node = by_name.get(name)
        value = value_of(node, current()) if node is not None else ""
        kind = kind_title(stated.kind.value) if stated.kind is not None else ""
        source: list[str | Small] = [stated.source.value] if stated.source is not None else [Small(_("not stated"))] if not kind else []
        if stated.note is not None:
            source.append(Small(stated.note.value))
        called: Cell = (Mono(name), Small(stated.title.value)) if stated.title is not None else Mono(name)
        rows.append([called, value, _as_written(stated, value), kind, tuple(source)])
    heads = [_("Parameter"), _("Stated value"), _("As written, with its uncertainty"), _("Kind"), _("Source and note")]
    return plain_table(_("Parameters"), heads, rows, (1,))


def _as_written(stated: Stated, value: str) -> Run:
    text = stated.value.value + (f" ~ {stated.uncertainty.value}" if stated.uncertainty is not None else "")
    return Mono(text) if pretty(text).replace(" ", "") != value.replace(",", "").replace(" ", "") else ""


def _activities(subject: Subject) -> Table:
    groups = []
    for stage, shape in subject.scenario.shape.stages.items():
        listed = {stage: shape.activity} if shape.activity else {f"{stage}.{a}": one for a, one in shape.activities.items()}
        rows = tuple((Mono(name), activity.process.value if activity.process else "–", *_written(activity)) for name, activity in listed.items() if activity)
        groups.append(Group(capital(stage_title(stage)), rows))
    heads = (_("Activity"), _("Process"), _("Arguments"), _("Place, year, tags, note"))
    return Table(_("Activities"), heads, tuple(groups))


def _written(activity: ActivityShape) -> tuple[Cell, Cell]:
    """Return the arguments of an activity and what else is said of it."""
    stated = {**activity.arguments, **{k: s for k in ("times", "share") if (s := getattr(activity, k)) is not None}}
    parts = [f"{k}: {s.value.value}" for k, s in stated.items()]
    parts += [f"{k}: {f.amount.value}" for k, f in (activity.flows or {}).items()]
    said = [t.value for t in (activity.region, activity.year) if t is not None]
    said += [f"{k}: {v.value}" for k, v in (activity.tags or {}).items()]
    said += [activity.note.value] if activity.note is not None else []
    lines = [m for i, part in enumerate(parts) for m in ([_("; ")] if i else []) + [Mono(part)]]
    return tuple(lines), ", ".join(said)


def _defaults(model: Model) -> Table | None:
    """Return what was left to the defaults of processes: each once, in whichever activities it stands."""
    found: dict[tuple[str, str], Node] = {}
    for node in model.nodes:
        if node.tree is None and node.place is not None and node.place.file.startswith("processes/"):
            found.setdefault((node.place.file.removeprefix("processes/").removesuffix(".yaml"), node.name.rpartition(".")[2]), node)
    rows = [[Mono(f"{process}.{name}"), *_value(node), node.title, node.source] for (process, name), node in sorted(found.items())]
    heads = [_("Default"), _("Value"), _("Uncertainty"), _("What it is"), _("Source")]
    return plain_table(_("Defaults of the processes, left as they are"), heads, rows, (1,)) if rows else None


def _devices(model: Model) -> Table | None:
    rows = [[label(model, n.name, current()), *_value(n), n.source, where(n.place)] for n in model.nodes if n.name.startswith("device.")]
    heads = [_("Device"), _("Value"), _("Uncertainty"), _("Source"), _("Where")]
    return plain_table(_("Properties of devices"), heads, rows, (1,)) if rows else None


def _factors(model: Model, cited: tuple[Reference, ...]) -> Table:
    """Return the characterisation factors used, those of an indicator together."""
    groups = []
    for indicator in model.indicators:
        rows = tuple(_factor_rows(model, indicator.id, cited))
        if rows:
            groups.append(Group(capital(indicator_title(indicator, current())), rows))
    heads = (_("Factor"), _("Value"), _("Uncertainty"), _("Source"), _("Where"))
    return Table(_("Characterisation factors"), heads, tuple(groups), (1,))


def _factor_rows(model: Model, indicator: str, cited: tuple[Reference, ...]) -> Iterator[tuple[Cell, ...]]:
    for n in model.nodes:
        if n.name.startswith("factor.") and n.name.endswith(f".{indicator}") and n.place is not None and n.tree is None:
            source = key_of(n.source, cited) or n.source
            yield (label(model, n.name, current(), indicator), *_value(n), source, where(n.place))


def _value(node: Node) -> tuple[str, Run]:
    spread = node.spread or (node.written if node.distribution is not None else "")
    return value_of(node, current()), Mono(spread) if spread else ""
