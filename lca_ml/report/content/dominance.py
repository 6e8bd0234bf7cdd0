"""Which parameters dominate, in the three senses of the word, side by side (see docs/sensitivity.md)."""

from __future__ import annotations

from lca_ml.notation import figure, number, percent
from lca_ml.report.content.subject import Subject, capital, plain_table
from lca_ml.report.document import Bar, Block, Cell, Paragraph, Section, Small, Table
from lca_ml.results import Summary
from lca_ml.scenario import stage_title
from lca_ml.sensitivity import Indices, label
from lca_ml.wording import functional_unit, group_title, indicator_title
from lca_ml.words import _, current

EACH = 8
MOST = 14
LEAST = 0.005


def dominance(subject: Subject) -> Section | None:
    """Return the section on what dominates; None where nothing is known."""
    if not subject.known:
        return None
    blocks: list[Block] = [Paragraph(_explained(subject)), _contributions(subject)]
    names = _worth_a_line(subject)
    if names:
        blocks.append(_parameters(subject, names))
    if len(subject.known) > 1:
        blocks.append(_leaders(subject))
    return Section("dominance", _("What dominates"), tuple(blocks))


def _variance(found: Indices | None) -> dict[str, float]:
    """Return the share of the variance of each parameter: total order where it is known, else first order."""
    if found is None:
        return {}
    return dict(zip(found.parameters, map(float, found.s1 if found.st is None else found.st), strict=True))


def _worth_a_line(subject: Subject) -> list[str]:
    """Return the parameters that lead in the variance of the main indicator, then those that lead in elasticity."""
    variance, moved = _variance(subject.ranked.get(subject.main)), subject.moved.get(subject.main, {})
    by_variance = sorted((n for n, v in variance.items() if v >= LEAST), key=lambda n: -variance[n])
    by_elasticity = sorted((n for n, e in moved.items() if abs(e) >= LEAST), key=lambda n: -abs(moved[n]))
    return list(dict.fromkeys([*by_variance[:EACH], *by_elasticity[:EACH]]))[:MOST]


def _explained(subject: Subject) -> str:
    text = _(
        "Three answers that rank differently: what contributes says where the impact is; elasticity says which number moves the result most, "
        "whether or not anybody doubts it; the share of the variance says what to measure better."
    )
    found = subject.ranked.get(subject.main)
    if found is None:
        return text + " " + _("Nothing is uncertain here, so there is no variance to share out.")
    how = {
        "exact": _("Shares of the variance are Sobol’ indices of total order, in closed form."),
        "sampled": _("Shares of the variance are Sobol’ indices of total order, estimated by sampling."),
        "from draws": _("Shares of the variance are Sobol’ indices of first order, from the draws."),
    }
    return f"{text} {how[found.method]}"


def _contributions(subject: Subject) -> Table:
    found = _flows(subject, subject.main)
    whole = sum(s.point or 0.0 for s in found)
    rows: list[list[Cell]] = []
    for s in found[:EACH] if whole else []:
        share = (s.point or 0.0) / whole
        rows.append([*_names(subject, s), Bar(share, percent(share, current()))])
    rest = sum(s.point or 0.0 for s in found[EACH:])
    if rest and whole:
        rows.append([_("Others"), "", Bar(rest / whole, percent(rest / whole, current()))])
    caption = _("What contributes to {indicator}: shares of the stated result").format(indicator=indicator_title(subject.main_indicator, current()))
    return plain_table(caption, [_("Stage"), _("Flow"), _("Share")], rows)


def _flows(subject: Subject, k: int) -> list[Summary]:
    """Return the flows of each stage an indicator is made of, the largest first."""
    found = [s for s in subject.by("stage", "flow") if s.indicator == subject.model.indicators[k] and s.point]
    return sorted(found, key=lambda s: -(s.point or 0.0))


def _names(subject: Subject, s: Summary) -> tuple[str, str]:
    return capital(stage_title(s.labels["stage"])), group_title("flow", s.labels["flow"], subject.model, current())


def _parameters(subject: Subject, names: list[str]) -> Table:
    main = subject.main_indicator
    variance = _variance(subject.ranked.get(subject.main))
    rows = [_row(subject, name, variance.get(name)) for name in names]
    unit = functional_unit(subject.model, current())
    caption = _("Parameters of {indicator}, per {unit}").format(indicator=indicator_title(main, current()), unit=unit)
    heads = (
        _("Parameter"),
        (_("Contribution"), Small(_("share of the result that depends on it"))),
        (_("Elasticity"), Small(_("% for 1 % more"))),
        (_("Variance"), Small(_("share that is due to it"))),
        _("Result from its P5 to its P95"),
    )
    rest = _("Contributions overlap: each part of the result depends on several parameters. Listed are those that lead in variance or in elasticity.")
    return plain_table(caption, heads, rows, (1, 2, 4), rest)


def _row(subject: Subject, name: str, variance: float | None) -> list[Cell]:
    share, moved, swing = subject.parts[subject.main].get(name), subject.moved[subject.main].get(name), subject.swings.get(name)
    ends = "–"
    if swing is not None:
        shown = figure(swing.base, min(swing.low, swing.high), max(swing.low, swing.high), subject.main_indicator.unit, current())
        ends = f"{shown.interval or shown.point}\u00a0{shown.unit}"
    return [
        label(subject.model, name, current(), subject.main_indicator.id),
        percent(share, current()) if share is not None else "–",
        number(moved, 2, current()) if moved is not None else "–",
        Bar(variance, percent(variance, current())) if variance is not None else Small(_("not uncertain")),
        ends,
    ]


def _leaders(subject: Subject) -> Table:
    """Return who leads in each of the three senses, for each indicator."""
    rows: list[list[Cell]] = []
    for k in subject.known:
        indicator = subject.model.indicators[k]
        variance = {n: percent(v, current()) for n, v in _led(_variance(subject.ranked.get(k)))}
        moved = {n: number(v, 2, current()) for n, v in _led(subject.moved.get(k, {}))}
        cells = [_leader(subject, k, moved, "–"), _leader(subject, k, variance, Small(_("not uncertain")))]
        rows.append([indicator.title(current()), _first_flow(subject, k), *cells])
    heads = [_("Indicator"), _("Largest contribution"), _("Largest elasticity"), _("Largest share of the variance")]
    return plain_table(_("Who leads, for each indicator"), heads, rows)


def _led(values: dict[str, float]) -> list[tuple[str, float]]:
    """Return the parameter whose value is farthest from zero, with it; none where all are zero."""
    name = max(values, key=lambda n: abs(values[n]), default="")
    return [(name, values[name])] if name and values[name] else []


def _leader(subject: Subject, k: int, led: dict[str, str], none: Cell) -> Cell:
    for name, text in led.items():
        return label(subject.model, name, current(), subject.model.indicators[k].id), Small(text)
    return none


def _first_flow(subject: Subject, k: int) -> Cell:
    found = _flows(subject, k)
    whole = sum(s.point or 0.0 for s in found)
    if not whole:
        return "–"
    stage, flow = _names(subject, found[0])
    return f"{stage}, {flow}", Small(percent((found[0].point or 0.0) / whole, current()))
