"""The table of `verify`: published against recomputed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lca_ml.cli.columns import aligned
from lca_ml.model import Model
from lca_ml.notation import in_percent, quoted, signed
from lca_ml.notation import number as shown_number
from lca_ml.verification import verify
from lca_ml.words import _, count


def rows_of(models: list[tuple[str, Model]]) -> list[dict[str, Any]]:
    """Return a row for each published figure: case, quantity, published, recomputed, unit, deviation, tolerance, verdict, passed, source."""
    rows = []
    for file, model in models:
        for check in verify(model):
            e = check.expected
            recomputed = None if check.recomputed is None else check.in_written_unit(check.recomputed)
            rows.append(
                {
                    "case": Path(file).stem,
                    "quantity": e.quantity,
                    "of": e.of or None,
                    "written": e.written,
                    "published": check.in_written_unit(e.value),
                    "recomputed": recomputed,
                    "unit": e.unit.text,
                    "deviation": check.deviation,
                    "tolerance": check.in_written_unit(e.tolerance),
                    "verdict": check.verdict,
                    "passed": check.passed,
                    "reason": e.reason or None,
                    "source": e.source or None,
                }
            )
    return rows


def verdict_lines(rows: list[dict[str, Any]], language: str, quiet: bool) -> list[str]:
    """Return the rows as a table, and a last line that counts them."""
    words = {
        "reproduced": _("reproduced"),
        "differs": _("DIFFERS"),
        "known not to reproduce": _("known not to reproduce"),
        "reproduces after all": _("REPRODUCES AFTER ALL"),
    }
    table = [[_("case"), _("quantity"), _("published"), _("recomputed"), _("deviation"), _("verdict")]]
    for row in rows:
        if quiet and row["passed"]:
            continue
        of = f" ({row['of']})" if row["of"] else ""
        digits = max(4, sum(c.isdigit() for c in re.split("[eE ]", row["written"].strip())[0].lstrip("-0._")) + 1)
        recomputed = _("unknown") if row["recomputed"] is None else shown_number(row["recomputed"], digits, language)
        deviation = "" if row["deviation"] is None else in_percent(signed(100 * row["deviation"], 2, language), language)
        verdict = words[row["verdict"]]
        if row["reason"]:
            verdict = _("{verdict}: {reason}").format(verdict=verdict, reason=row["reason"])
        table.append([row["case"], row["quantity"] + of, quoted(row["written"], language), recomputed, deviation, verdict])
    same = sum(row["verdict"] == "reproduced" for row in rows)
    expected = sum(row["verdict"] == "known not to reproduce" for row in rows)
    wrong = sum(not row["passed"] for row in rows)
    cases = len({row["case"] for row in rows})
    tally = [count("{n} reproduced", "{n} reproduced", same)]
    tally += [count("{n} known not to reproduce", "{n} known not to reproduce", expected)] if expected else []
    tally += [count("{n} wrong", "{n} wrong", wrong)]
    line = _("{cases}: {verdicts}").format(cases=count("{n} case", "{n} cases", cases), verdicts=" · ".join(tally))
    return [*aligned(table, right=(2, 3, 4)), "", "  " + line]
