"""The results in full: stages and phases against indicators, activities, and the figures."""

from __future__ import annotations

from lca_ml.report.content.data import data_of
from lca_ml.report.content.subject import Subject, capital, cell, unit_for
from lca_ml.report.document import Block, Cell, Figure, Group, Mono, Paragraph, Run, Section, Small, Table
from lca_ml.results import Summary
from lca_ml.units import pretty
from lca_ml.wording import group_title, indicator_title
from lca_ml.words import _, current

MOST_ACTIVITIES = 40


def figures(subject: Subject) -> Section | None:
    """Return the section of figures, each with its data; None where there are none."""
    blocks = tuple(Figure(chart, data_of(chart.rows, subject.model)) for chart in subject.charts)
    return Section("figures", _("Figures"), blocks) if blocks else None


def impacts(subject: Subject) -> Section:
    """Return the section of results: by stage, by phase, by activity, for each indicator something is known of."""
    if not subject.known:
        return Section("results", _("Results in full"), (Paragraph(_("Nothing is known: the library holds no factor for these flows.")),))
    how = _("Stated values over the whole life cycle; under each its 90 % interval. Parts add up to the total in every draw; intervals do not add up.")
    blocks: list[Block] = [Paragraph(how), _against(subject, "stage", _("By life-cycle stage"))]
    if len({f.phase for f in subject.model.flows}) > 1:
        blocks.append(_against(subject, "phase", _("By phase")))
    if 1 < len(subject.results.groups(("stage", "activity"))) <= MOST_ACTIVITIES:
        blocks.append(_activities(subject))
    return Section("results", _("Results in full"), tuple(blocks))


def _against(subject: Subject, label: str, caption: str) -> Table:
    """Return a table of one label against the indicators, each column in the unit that suits its total, and a last line of totals."""
    wanted = [subject.results.indicators[k] for k in subject.known]
    totals = {s.indicator.id: s for s in subject.by()}
    units = {i.id: unit_for([totals[i.id].point], i) for i in wanted}
    heads: list[Run] = [{"stage": _("Stage"), "phase": _("Phase")}[label]]
    heads += [(capital(indicator_title(i, current())), Small(pretty(units[i.id]))) for i in wanted]
    groups: dict[str, dict[str, Summary]] = {}
    for s in subject.by(label):
        groups.setdefault(s.labels[label], {})[s.indicator.id] = s
    rows = [(capital(group_title(label, g, subject.model, current())), *_cells(cells, units)) for g, cells in groups.items()]
    total = (_("Total"), *_cells(totals, units))
    return Table(caption, tuple(heads), (Group("", tuple(rows)), Group("", (total,))), tuple(range(1, len(heads))))


def _cells(summaries: dict[str, Summary], units: dict[str, str]) -> list[Cell]:
    return [cell(summaries[i], unit) for i, unit in units.items()]


def _activities(subject: Subject) -> Table:
    """Return the activities and flows of the main indicator, stage by stage."""
    main = subject.main_indicator
    found = [s for s in subject.by("stage", "activity", "flow") if s.indicator == main and (s.point is None or s.point or s.spread)]
    unit = unit_for([s.point for s in subject.by() if s.indicator == main], main)
    stages = dict.fromkeys(s.labels["stage"] for s in found)
    rows = {stage: tuple(_activity_row(subject, s, unit) for s in found if s.labels["stage"] == stage) for stage in stages}
    groups = tuple(Group(capital(group_title("stage", stage, subject.model, current())), of_stage) for stage, of_stage in rows.items())
    caption = _("{indicator}, by activity and flow").format(indicator=capital(indicator_title(main, current())))
    return Table(caption, (_("Activity"), _("Flow"), pretty(unit)), groups, (2,))


def _activity_row(subject: Subject, s: Summary, unit: str) -> tuple[Cell, ...]:
    return Mono(s.labels["activity"]), group_title("flow", s.labels["flow"], subject.model, current()), cell(s, unit)
