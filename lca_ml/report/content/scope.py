"""Goal and scope (ISO 14044, 4.2): what the study is for, what is in it, what is not, what has no factor."""

from __future__ import annotations

from collections.abc import Iterator

from lca_ml.methods import enumerated, missing_factors, unmentioned
from lca_ml.report.content.subject import Subject, capital, plain_table
from lca_ml.report.document import Block, Cell, Mono, Notice, Pairs, Paragraph, Run, Section
from lca_ml.scenario import stage_title
from lca_ml.wording import counted, delivered, indicator_title
from lca_ml.words import _, current


def goal_and_scope(subject: Subject) -> Section:
    """Return the section on goal and scope."""
    return Section("scope", _("Goal and scope"), (*_about(subject), Pairs(tuple(_stated(subject)))))


def boundary(subject: Subject) -> Section:
    """Return the section on the system boundary: stages in it, stages out of it with their reasons, flows without a factor."""
    blocks: list[Block] = [_inside(subject)]
    if subject.model.excluded:
        rows = [[capital(stage_title(stage)), reason] for stage, reason in subject.model.excluded.items()]
        blocks.append(plain_table(_("Excluded"), [_("Stage"), _("Reason")], rows))
    rest = unmentioned(subject.scenario, subject.model)
    if rest:
        text = _("Neither modelled nor excluded with a reason: {stages}.").format(stages=enumerated(stage_title(s) for s in rest))
        blocks.append(Notice(text))
    blocks += _gaps(subject)
    return Section("boundary", _("What is in it, and what is not"), tuple(blocks))


def _about(subject: Subject) -> list[Block]:
    about = subject.scenario.shape.about
    return [Paragraph(" ".join(about.value.split()))] if about is not None and about.value.strip() else []


def _stated(subject: Subject) -> list[tuple[Run, Run]]:
    shape, model = subject.scenario.shape, subject.model
    pairs: list[tuple[Run, Run]] = [(_("Functional unit"), counted(model.functional_unit.number, model.functional_unit.unit, current()))]
    if shape.delivers is not None:
        amount = delivered(model, current())
        formula = model.node("delivers").tree is not None
        pairs.append((_("Delivered over the life cycle"), (amount, " = ", Mono(shape.delivers.value.value)) if formula else amount))
    if shape.region is not None:
        pairs.append((_("Place"), shape.region.value))
    if shape.year is not None:
        pairs.append((_("Year"), shape.year.value))
    titles = {
        "application": _("Intended application"),
        "audience": _("Intended audience"),
        "reasons": _("Reasons"),
        "commissioner": _("Commissioned by"),
        "practitioner": _("Made by"),
        "date": _("Date"),
        "limitations": _("Limitations"),
        "critical_review": _("Critical review"),
    }
    pairs += [(titles.get(key, key.replace("_", " ").capitalize()), text.value) for key, text in shape.goal.items()]
    pairs.append((_("Indicators"), enumerated(indicator_title(i, current()) for i in model.indicators)))
    return pairs


def _inside(subject: Subject) -> Block:
    model, named = subject.model, dict(_processes(subject))
    rows: list[list[Cell]] = []
    for stage in model.stages:
        flows = [f for f in model.flows if f.stage == stage]
        activities = ", ".join(dict.fromkeys(f.activity for f in flows))
        processes = ", ".join(dict.fromkeys(named.get(f.activity) or _("flows of its own") for f in flows))
        places = ", ".join(dict.fromkeys(f"{f.region} {f.year}".strip() for f in flows))
        rows.append([capital(stage_title(stage)), Mono(activities), processes, places])
    return plain_table(_("In the boundary"), [_("Stage"), _("Activities"), _("Processes"), _("Place and year")], rows)


def _processes(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield each activity with the process the scenario names for it, empty where it has flows of its own."""
    for stage, shape in subject.scenario.shape.stages.items():
        for name, activity in {stage: shape.activity, **{f"{stage}.{a}": one for a, one in shape.activities.items()}}.items():
            if activity is not None:
                yield name, activity.process.value if activity.process else ""


def _gaps(subject: Subject) -> list[Block]:
    model, language = subject.model, current()
    rows = []
    for kind, lacking in missing_factors(model):
        names = enumerated(indicator_title(model.indicators[k], language) for k in lacking)
        rows.append([capital(model.flow_titles.get(kind, {}).get(language, kind)), _("any indicator") if len(lacking) == len(model.indicators) else names])
    note = _("These count as unknown, not as zero: totals hold what is known.")
    return [plain_table(_("No factor is known for"), [_("Flow"), _("Indicator")], rows, note=note)] if rows else []
