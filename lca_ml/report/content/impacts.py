"""The results in full: stages and phases against indicators, activities, and the figures."""

from __future__ import annotations

from typing import Any

from lca_ml.notation import number
from lca_ml.report.content.subject import Subject, cell, plain_table, unit_for
from lca_ml.report.document import Block, Cell, Figure, Group, Paragraph, Run, Section, Small, Table
from lca_ml.results import Summary
from lca_ml.units import pretty
from lca_ml.wording import group_title, indicator_title
from lca_ml.words import _, current

MOST_ACTIVITIES = 40


def figures(subject: Subject) -> Section | None:
    """Return the section of figures, each with its data; None where there are none."""
    blocks = tuple(Figure(chart, data_of(chart.rows)) for chart in subject.charts)
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


def data_of(rows: list[dict[str, Any]]) -> Table:
    """Return the rows of a figure as a table; what is the same in all of them is said once, in its note."""
    keys = list(rows[0]) if rows else []
    constant = {k: rows[0][k] for k in keys if len(rows) > 1 and all(r[k] == rows[0][k] for r in rows)}
    shown = [k for k in keys if k not in constant]
    numeric = tuple(i for i, k in enumerate(shown) if any(isinstance(r[k], float | int) for r in rows))
    said = "; ".join(f"{_title(k)}: {_datum(v)}" for k, v in constant.items() if v is not None)
    return plain_table(_("Data of the figure"), [_title(k) for k in shown], [[_datum(r[k]) for k in shown] for r in rows], numeric, said)


def _title(key: str) -> str:
    return _(key).replace("_", " ")


def _datum(value: Any) -> str:
    if value is None:
        return "–"
    return number(float(value), 4, current()) if isinstance(value, float | int) and not isinstance(value, bool) else str(value)


def _against(subject: Subject, label: str, caption: str) -> Table:
    """Return a table of one label against the indicators, each column in the unit that suits its total, and a last line of totals."""
    wanted = [subject.results.indicators[k] for k in subject.known]
    totals = {s.indicator.id: s for s in subject.results.by()}
    units = {i.id: unit_for([totals[i.id].point], i) for i in wanted}
    heads: list[Run] = [{"stage": _("Stage"), "phase": _("Phase")}[label]]
    heads += [(_capital(indicator_title(i, current())), Small(pretty(units[i.id]))) for i in wanted]
    groups: dict[str, dict[str, Summary]] = {}
    for s in subject.results.by(label):
        groups.setdefault(s.labels[label], {})[s.indicator.id] = s
    rows = [(_capital(group_title(label, g, subject.model, current())), *_cells(cells, units)) for g, cells in groups.items()]
    total = (_("Total"), *_cells(totals, units))
    return Table(caption, tuple(heads), (Group("", tuple(rows)), Group("", (total,))), tuple(range(1, len(heads))))


def _cells(summaries: dict[str, Summary], units: dict[str, str]) -> list[Cell]:
    return [cell(summaries[i], unit) for i, unit in units.items()]


def _activities(subject: Subject) -> Table:
    """Return the activities and flows of the main indicator, stage by stage."""
    main = subject.results.indicators[subject.main]
    found = [s for s in subject.results.by("stage", "activity", "flow") if s.indicator == main]
    unit = unit_for([s.point for s in subject.results.by() if s.indicator == main], main)
    stages = dict.fromkeys(s.labels["stage"] for s in found)
    groups = tuple(
        Group(_capital(group_title("stage", stage, subject.model, current())), tuple(_activity_row(subject, s, unit) for s in found if s.labels["stage"] == stage))
        for stage in stages
    )
    caption = _("{indicator}, by activity and flow").format(indicator=_capital(indicator_title(main, current())))
    return Table(caption, (_("Activity"), _("Flow"), pretty(unit)), groups, (2,))


def _activity_row(subject: Subject, s: Summary, unit: str) -> tuple[Cell, ...]:
    from lca_ml.report.document import Mono

    return Mono(s.labels["activity"]), group_title("flow", s.labels["flow"], subject.model, current()), cell(s, unit)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
