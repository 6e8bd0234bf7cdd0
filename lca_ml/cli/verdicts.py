"""The table of `verify`: published against recomputed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from lca_ml.cli.columns import aligned
from lca_ml.model import Model
from lca_ml.notation import number as shown_number
from lca_ml.units import pretty
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
        deviation = "" if row["deviation"] is None else f"{100 * row['deviation']:+.2f} %".replace("-", "\u2212")
        verdict = words[row["verdict"]] + (f": {row['reason']}" if row["reason"] else "")
        table.append([row["case"], row["quantity"] + of, pretty(row["written"]), recomputed, deviation, verdict])
    same = sum(row["verdict"] == "reproduced" for row in rows)
    expected = sum(row["verdict"] == "known not to reproduce" for row in rows)
    wrong = sum(not row["passed"] for row in rows)
    cases = len({row["case"] for row in rows})
    tally = [_("{cases}: {same} reproduced").format(cases=count("{n} case", "{n} cases", cases), same=same)]
    tally += [_("{n} known not to reproduce").format(n=expected)] if expected else []
    tally += [_("{n} wrong").format(n=wrong)]
    return [*aligned(table, right=(2, 3, 4)), "", "  " + " · ".join(tally)]
