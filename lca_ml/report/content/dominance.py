"""Which parameters dominate, in the three senses of the word, side by side (see docs/sensitivity.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lca_ml.model import Model
from lca_ml.notation import figure, number, percent
from lca_ml.report.content.subject import Subject, plain_table
from lca_ml.report.document import Bar, Block, Cell, Paragraph, Section, Small, Table
from lca_ml.scenario import stage_title
from lca_ml.sensitivity import Indices, Output, Swing, elasticity, label, shares, tornado
from lca_ml.wording import functional_unit, group_title, indicator_title
from lca_ml.words import _, current

EACH = 8
MOST = 14
LEAST = 0.005


@dataclass(frozen=True)
class _Three:
    """The three measures of one output: contribution, elasticity, share of the variance, and the swing from P5 to P95."""

    share: dict[str, float]
    moved: dict[str, float]
    indices: Indices | None
    swings: dict[str, Swing]

    def variance(self, name: str) -> float | None:
        if self.indices is None or name not in self.indices.parameters:
            return None
        main = self.indices.s1 if self.indices.st is None else self.indices.st
        return float(main[self.indices.parameters.index(name)])

    def leaders(self) -> list[str]:
        """Return who leads in the variance, then in elasticity: those worth a line."""
        by_variance = sorted((n for n in self.swings if (self.variance(n) or 0.0) >= LEAST), key=lambda n: -(self.variance(n) or 0.0))
        by_elasticity = sorted((n for n, e in self.moved.items() if abs(e) >= LEAST), key=lambda n: -abs(self.moved[n]))
        return list(dict.fromkeys([*by_variance[:EACH], *by_elasticity[:EACH]]))[:MOST]


def dominance(subject: Subject) -> Section | None:
    """Return the section on what dominates; None where nothing is known."""
    if not subject.known:
        return None
    ranked = subject.ranked()
    main = _three(subject, subject.main, ranked.get(subject.main))
    blocks: list[Block] = [Paragraph(_explained(subject, main)), _contributions(subject)]
    if main.leaders():
        blocks.append(_parameters(subject, main))
    if len(subject.known) > 1:
        blocks.append(_leaders(subject, ranked))
    return Section("dominance", _("What dominates"), tuple(blocks))


def _three(subject: Subject, k: int, indices: Indices | None) -> _Three:
    output = Output(k, view="functional_unit")
    swings = {s.parameter: s for s in tornado(subject.model, [output])[output]} if indices is not None else {}
    return _Three(shares(subject.model, [output])[output], elasticity(subject.model, [output])[output], indices, swings)


def _explained(subject: Subject, main: _Three) -> str:
    text = _(
        "Three answers that rank differently: what contributes says where the impact is; elasticity says which number moves the result most, "
        "whether or not anybody doubts it; the share of the variance says what to measure better."
    )
    if main.indices is None:
        return text + " " + _("Nothing is uncertain here, so there is no variance to share out.")
    how = {
        "exact": _("Shares of the variance are Sobol’ indices of total order, in closed form."),
        "sampled": _("Shares of the variance are Sobol’ indices of total order, estimated by sampling."),
        "from draws": _("Shares of the variance are Sobol’ indices of first order, from the draws."),
    }
    return f"{text} {how[main.indices.method]}"


def _contributions(subject: Subject) -> Table:
    model, main = subject.model, subject.results.indicators[subject.main]
    found = [s for s in subject.results.by("stage", "flow") if s.indicator == main and s.point]
    whole = sum(s.point or 0.0 for s in found)
    found.sort(key=lambda s: -(s.point or 0.0))
    rows: list[list[Cell]] = []
    for s in found[:EACH] if whole else []:
        share = (s.point or 0.0) / whole
        rows.append([stage_title(s.labels["stage"]), group_title("flow", s.labels["flow"], model, current()), Bar(share, percent(share, current()))])
    rest = sum(s.point or 0.0 for s in found[EACH:])
    if rest and whole:
        rows.append([_("others"), "", Bar(rest / whole, percent(rest / whole, current()))])
    caption = _("What contributes to {indicator}: shares of the stated result").format(indicator=indicator_title(main, current()))
    return plain_table(caption, [_("Stage"), _("Flow"), _("Share")], rows)


def _parameters(subject: Subject, three: _Three) -> Table:
    main = subject.results.indicators[subject.main]
    rows = [_row(subject.model, subject.main, name, three) for name in three.leaders()]
    unit = functional_unit(subject.model, current())
    caption = _("Parameters of {indicator}, per {unit}").format(indicator=indicator_title(main, current()), unit=unit)
    heads = (
        _("Parameter"),
        (_("Contribution"), Small(_("share of the result that depends on it"))),
        (_("Elasticity"), Small(_("% for 1 % more"))),
        (_("Variance"), Small(_("share that is due to it"))),
        (_("Result from its P5 to its P95"),),
    )
    rest = _("Contributions overlap: each part of the result depends on several parameters. Listed are those that lead in variance or in elasticity.")
    return plain_table(caption, heads, rows, (1, 2, 4), rest)


def _row(model: Model, k: int, name: str, three: _Three) -> list[Cell]:
    share, moved, variance, swing = three.share.get(name), three.moved.get(name), three.variance(name), three.swings.get(name)
    indicator = model.indicators[k]
    ends = "–"
    if swing is not None:
        shown = figure(swing.base, min(swing.low, swing.high), max(swing.low, swing.high), indicator.unit, current())
        ends = f"{shown.interval or shown.point}\u00a0{shown.unit}"
    return [
        label(model, name, current(), indicator.id),
        percent(share, current()) if share is not None else "–",
        number(moved, 2, current()) if moved is not None else "–",
        Bar(variance, percent(variance, current())) if variance is not None else Small(_("not uncertain")),
        ends,
    ]


def _leaders(subject: Subject, ranked: dict[int, Indices]) -> Table:
    """Return who leads in each of the three senses, for each indicator."""
    rows: list[list[Cell]] = []
    for k in subject.known:
        three = _three(subject, k, ranked.get(k))
        indicator = subject.model.indicators[k]
        rows.append([indicator.title(current()), _first_flow(subject, k), _longest_lever(subject, k, three), _least_sure(subject, k, ranked.get(k))])
    heads = [_("Indicator"), _("Largest contribution"), _("Largest elasticity"), _("Largest share of the variance")]
    return plain_table(_("Who leads, for each indicator"), heads, rows)


def _first_flow(subject: Subject, k: int) -> Cell:
    indicator = subject.model.indicators[k]
    found = [s for s in subject.results.by("stage", "flow") if s.indicator == indicator and s.point]
    whole = sum(s.point or 0.0 for s in found)
    if not whole:
        return "–"
    first = max(found, key=lambda s: s.point or 0.0)
    name = f"{stage_title(first.labels['stage'])}, {group_title('flow', first.labels['flow'], subject.model, current())}"
    return name, Small(percent((first.point or 0.0) / whole, current()))


def _longest_lever(subject: Subject, k: int, three: _Three) -> Cell:
    if not three.moved:
        return "–"
    name = max(three.moved, key=lambda n: abs(three.moved[n]))
    return label(subject.model, name, current(), subject.model.indicators[k].id), Small(number(three.moved[name], 2, current()))


def _least_sure(subject: Subject, k: int, found: Indices | None) -> Cell:
    if found is None:
        return Small(_("not uncertain"))
    main = found.s1 if found.st is None else found.st
    i = int(np.argmax(main))
    return label(subject.model, found.parameters[i], current(), subject.model.indicators[k].id), Small(percent(float(main[i]), current()))
