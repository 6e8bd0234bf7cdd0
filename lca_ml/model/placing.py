"""Where and when a flow takes place: one region or a choice of them, one year or several."""

from __future__ import annotations

from lca_ml.distributions import Choice
from lca_ml.documents import Text
from lca_ml.errors import Findings, InputError, Place, shown
from lca_ml.expressions import Name, Number, Operation
from lca_ml.factors import WORLD, Library
from lca_ml.limits import MOST_YEARS, no_year, year_in
from lca_ml.model.drafts import Draft, Drafts, Scope
from lca_ml.model.internal import region_stream
from lca_ml.units import ONE
from lca_ml.values import Drawn, read
from lca_ml.words import _


class Placing:
    """Spreads amounts over regions and years; parts of an amount become drafts of their own.

    default     the region of the scenario
    beginning   where the scenario begins, for what is missing in it
    """

    def __init__(self, library: Library, drafts: Drafts, findings: Findings, default: Text | None, beginning: Place) -> None:
        self.library, self.drafts, self.findings, self.default, self.beginning = library, drafts, findings, default, beginning
        self.top = Scope("", ())

    def regions(self, text: Text | None, amount: str, owner: str, flow: str) -> list[tuple[str, str]]:
        """Return the regions of a flow, each with the node of its amount: one, or several where the region itself is uncertain.

        owner   what the region is said of: the activity, or the flow where it says so itself
        """
        if text is None:
            if flow in self.library.rows and not all(r.publication.everywhere for r in self.library.rows[flow]):
                self.findings.warn("region-missing", _("no region is given: the world's figures are used"), self.beginning, _("Write region: FR, for example."))
            return [(WORLD, amount)]
        if not text.value.startswith("choice"):
            return [(self.region(text.value, text), amount)]
        try:
            drawn = read(text)
        except InputError as wrong:
            self.findings.take(wrong)
            return []
        if not isinstance(drawn, Drawn) or not isinstance(drawn.distribution, Choice) or not drawn.labels:
            self.findings.error("region", _("a choice of regions names them: choice(FR=0.7, DE=0.3)"), text.place)
            return []
        if drawn.unit.text:
            self.findings.error("region", _("a choice of regions has no unit: {unit}").format(unit=shown(drawn.unit.text, 30)), text.place)
        stream = region_stream("" if text is self.default else owner)
        out = []
        for i, code in enumerate(drawn.labels):
            chosen = Choice(tuple(float(i == j) for j in range(len(drawn.labels))), drawn.distribution.weights)
            switch, part = f"{stream}.{code}", f"{amount}.{code}"
            self._add(Draft(switch, text, self.top, unit=ONE, number=chosen.point, distribution=chosen, stream=stream, given=True))
            self._add(Draft(part, text, Scope("", (amount, switch)), tree=Operation("*", Name(amount), Name(switch)), given=True))
            out.append((self.region(code, text), part))
        return out

    def region(self, code: str, text: Text) -> str:
        """Return the code of a region after reporting one that does not exist."""
        if code not in self.library.regions:
            self.findings.error("region", _("{region} is an unknown region").format(region=shown(code, 40)), text.place, self.library.region_hint(code))
        return code

    def years(self, text: Text | None) -> list[int | None]:
        """Return the year of a flow, or the years it is spread over evenly: `2024..2028`."""
        if text is None:
            return [None]
        first, dots, last = text.value.partition("..")
        ends = [year for year in map(year_in, (first, last)) if year is not None]
        whole = len(ends) == 1 + bool(dots)
        if whole and ends[0] <= ends[-1] <= ends[0] + MOST_YEARS:
            return list(range(ends[0], ends[-1] + 1))
        message = _("{years} are not 1 to {most} years that follow each other").format(years=text.value, most=MOST_YEARS) if whole else no_year(text.value)
        self.findings.error("year", message, text.place, _("For example: year: 2024, or year: 2024..2028 for an activity that lasts"))
        return [None]

    def yearly(self, years: list[int | None], amount: str, where: Text) -> list[tuple[int | None, str]]:
        """Return the node of each year's part of an amount: all of it, or an equal part for each of several years."""
        if len(years) == 1:
            return [(years[0], amount)]
        parts = []
        for year in years:
            part = f"{amount}.{year}"
            self._add(Draft(part, where, Scope("", (amount,)), tree=Operation("*", Name(amount), Number(1 / len(years))), given=True))
            parts.append((year, part))
        return parts

    def _add(self, made: Draft) -> None:
        self.drafts.add(made, self.findings)
