"""Published figures against recomputed ones.

verify(model)   -> what each `expect:` of a scenario says, and what comes out
"""

from __future__ import annotations

from dataclasses import dataclass

from lca_ml.engine import point
from lca_ml.model import Expectation, Model, chosen
from lca_ml.units import unit

SLACK = 1e-6  # of the tolerance: half a digit is not exact in binary


@dataclass(frozen=True, slots=True)
class Check:
    """One published figure: the expectation and the recomputed value, both in base units; None where the value is unknown."""

    expected: Expectation
    recomputed: float | None

    @property
    def deviation(self) -> float | None:
        """The recomputed value less the published one, relative to it; None where it has no meaning."""
        if self.recomputed is None or self.expected.value == 0:
            return None
        return self.recomputed / self.expected.value - 1

    @property
    def within(self) -> bool:
        """Whether the recomputed value lies within the tolerance."""
        e = self.expected
        return self.recomputed is not None and abs(self.recomputed - e.value) <= e.tolerance * (1 + SLACK) + 1e-14 * abs(e.value)

    @property
    def verdict(self) -> str:
        """`reproduced`, `differs`, or `known not to reproduce`, and `reproduces after all` where that is said wrongly."""
        if self.expected.reproduces:
            return "reproduced" if self.within else "differs"
        return "reproduces after all" if self.within else "known not to reproduce"

    @property
    def passed(self) -> bool:
        """Whether the verdict is the one the scenario announces."""
        return self.within == self.expected.reproduces

    def in_written_unit(self, value: float) -> float:
        """Return a value in the unit the published figure is written in."""
        e = self.expected
        base = value * e.indicator.unit.scale if e.indicator is not None else value
        return base / unit(e.unit.text).scale


def verify(model: Model) -> tuple[Check, ...]:
    """Return a check for each published figure of a scenario, computed with the stated values. Source: `expect:` of the scenario."""
    stated = point(model)
    out = []
    for expected in model.expectations:
        if expected.indicator is None:
            out.append(Check(expected, model.node(expected.quantity).number))
            continue
        k = [i.id for i in model.indicators].index(expected.indicator.id) if expected.indicator in model.indicators else None
        flows = chosen(model.flows, expected.of)
        if k is None or not model.knows(flows, k):
            out.append(Check(expected, None))
            continue
        value = float(sum(stated.impacts[i, k, 0] for i in flows))
        out.append(Check(expected, value / float(stated.reference[0]) if expected.per_functional_unit else value))
    return tuple(out)
