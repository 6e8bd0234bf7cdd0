"""The report laid beside what a standard or a text asks for: what is stated, what is missing. It claims no conformity."""

from __future__ import annotations

from lca_ml.model import Model
from lca_ml.notation import figure
from lca_ml.profiles import Answer, Score, filled, pasted, profile
from lca_ml.profiles.pages import said
from lca_ml.report.content.subject import Subject, cell, plain_table, unit_for
from lca_ml.report.document import Block, Cell, Notice, Paragraph, Passage, Run, Section, Small, Table
from lca_ml.units import pretty, scaled
from lca_ml.wording import counted, functional_unit
from lca_ml.words import _, current, set_apart


def checklist(subject: Subject) -> Section | None:
    """Return the section of the profile the report is laid beside, None where there is none."""
    if not subject.template:
        return None
    page = profile(subject.template)
    answers = filled(subject.scenario, subject.model, subject.template)
    blocks: list[Block] = [Paragraph(said(page.about)), Notice(tally(answers))]
    blocks += [_scores(subject)] if page.scores and _carbon(subject) is not None else []
    rows: list[list[Cell]] = [[a.element.clause.value, a.asks, a.text or Small(_("missing: {hint}").format(hint=a.hint))] for a in answers]
    blocks.append(plain_table(_("What is asked for, and what this study states"), [_("Clause"), _("Element"), _("Stated")], rows))
    text, language = pasted(subject.scenario, subject.model, subject.template)
    blocks += [Passage(text, code=language, label=_("To paste"))] if text else []
    return Section("checklist", said(page.title), tuple(blocks))


def tally(answers: tuple[Answer, ...]) -> str:
    """Return how many elements are filled and which are missing, in a sentence, and that this is no claim of conformity."""
    lacking = [a for a in answers if not a.text]
    text = _("{filled} of {all} elements filled").format(filled=len(answers) - len(lacking), all=len(answers))
    if lacking:
        text = set_apart([text, _("missing: {elements}").format(elements=set_apart(a.asks for a in lacking))])
    return text + ". " + _("This list helps to prepare a report; it is no claim of conformity.")


def _carbon(subject: Subject) -> int | None:
    return next((k for k, i in enumerate(subject.model.indicators) if i.id == "climate_change" and k in subject.known), None)


def _scores(subject: Subject) -> Table:
    """Return the scores of a profile apart: each in all, per functional unit, and per a unit of its own where the study has one."""
    k = _carbon(subject)
    assert k is not None
    model, indicator = subject.model, subject.model.indicators[k]
    found = []
    for score in profile(subject.template).scores.values():
        flows = [i for i, f in enumerate(model.flows) if f.activity.partition(".")[0] in {s.value for s in score.stages}]
        whole, per = (subject.results.over(flows, view)[k] for view in ("total", "functional_unit"))
        found.append((score, flows, whole, per))
    units = [unit_for([f[i].point for f in found if f[1]], indicator) for i in (2, 3)]  # type: ignore[union-attr]
    rows: list[list[Cell]] = []
    for score, flows, whole, per in found:
        none: Cell = Small(_("no stage of it is modelled"))
        own = _per_own_unit(model, score, whole.point) if flows else ""
        rows.append([said(score.title), *([cell(whole, units[0]), cell(per, units[1])] if flows else [none, ""]), own])
    heads: list[Run] = [_("Score"), (_("in all"), Small(pretty(units[0])))]
    heads += [(_("per {unit}").format(unit=functional_unit(model, current())), Small(pretty(units[1]))), _("per unit of its own, stated values")]
    return plain_table(_("Scores of climate change, apart"), heads, rows, (1, 2))


def _per_own_unit(model: Model, score: Score, carbon: float | None) -> str:
    """Return a score per the first of its own units the study has a quantity of, stated values."""
    stages = {s.value for s in score.stages}
    for wanted in score.units:
        nodes = [n for n in model.nodes if n.name.rpartition(".")[2] == wanted.value and n.name.partition(".")[0] in stages and n.name.count(".") <= 2]
        if nodes and carbon is not None and (nodes[0].number or 0) > 0:
            node = nodes[0]
            assert node.number is not None
            amount, name = scaled(node.number / node.unit.scale, node.unit)
            indicator = next(i for i in model.indicators if i.id == "climate_change")
            shown = figure(carbon / amount, carbon / amount, carbon / amount, indicator.unit, current())
            return _("{value} per {unit} ({name}: {amount})").format(
                value=f"{shown.point} {shown.unit}", unit=pretty(name), name=node.name, amount=counted(float(f"{amount:.4g}"), node.unit, current())
            )
    return ""
