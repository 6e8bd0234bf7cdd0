"""The budgets of a scenario (`limits:`) beside what was computed."""

from __future__ import annotations

from dataclasses import dataclass

from lca_ml.model import Limit
from lca_ml.notation import number, percent, quoted
from lca_ml.results import Results, in_unit
from lca_ml.units import pretty
from lca_ml.wording import indicator_title
from lca_ml.words import _


@dataclass(frozen=True, slots=True)
class Verdict:
    """A budget per functional unit, the stated value in the indicator's unit, and the share of draws above it; None where no factor is known."""

    limit: Limit
    value: float | None
    chance: float | None

    @property
    def exceeded(self) -> bool:
        """Whether the stated value lies above the budget."""
        return self.value is not None and self.value > self.limit.value

    def text(self, language: str) -> str:
        """Return the verdict in a line."""
        title = indicator_title(self.limit.indicator, language)
        if self.value is None or self.chance is None:
            return _("limit of {indicator}: unknown, no factor").format(indicator=title)
        text = _("limit of {indicator} {verdict}: {value} {unit} against {limit}; above it in {chance} of the draws")
        return text.format(
            indicator=title,
            verdict=_("exceeded") if self.exceeded else _("kept"),
            value=number(in_unit(self.value, self.limit.indicator, self.limit.unit.text), 3, language),
            unit=pretty(self.limit.unit.text),
            limit=quoted(self.limit.written, language),
            chance=percent(self.chance, language),
        )


def verdicts(results: Results) -> list[Verdict]:
    """Return the verdict on each budget of a scenario, in the order of the file."""
    return [_verdict(results, limit) for limit in results.model.limits]


def _verdict(results: Results, limit: Limit) -> Verdict:
    found = {s.indicator.id: (k, s.point) for k, s in enumerate(results.by(view="functional_unit"))}
    k, value = found.get(limit.indicator.id, (0, None))
    return Verdict(limit, value, None if value is None else results.above(k, limit.value))
