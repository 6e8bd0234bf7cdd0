"""How much one study may hold, so that a stranger's file is answered in seconds and in little memory.

docs/limits.md states these limits and those of the rooms below: of files, texts, formulas, units, tables.
"""

from __future__ import annotations

import re

from lca_ml.errors import Findings, Place, shown
from lca_ml.words import _, grouped

MOST_PARAMETERS = 10_000

MOST_ACTIVITIES = 2_000
"""Activities of all stages, and those they are built on."""

MOST_FLOWS = 20_000
"""Flows of all activities, each place and each year of one counted."""

MOST_PROCESSES = 200
"""Processes of a study's own."""

DEEPEST_PROCESS = 20
"""Processes that are built on each other."""

MOST_FACTOR_FILES = 50

MOST_CORRELATED = 1_000
"""Values that are correlated with any other."""

MOST_VARIANTS = 1_000

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""The years something may happen in, or a figure hold for: beyond, a number is no year of a life cycle."""

MOST_YEARS = 100
"""Years an activity lasts."""


def year_in(text: str) -> int | None:
    """Return the year that four digits say, None for any other text and for a year nothing can happen in."""
    year = int(text) if re.fullmatch(r"[0-9]{4}", text) else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def no_year(text: str) -> str:
    """Return what is said of a text that is no year."""
    return _("{year} is not a year between {first} and {last}").format(year=shown(text, 20), first=FIRST_YEAR, last=LAST_YEAR)


def within(n: int, limit: int, what: str, place: Place | None, findings: Findings) -> bool:
    """Whether n of something are no more than its limit; more are reported with how many there are."""
    if n <= limit:
        return True
    message = _("{n} {what} are too many; the limit is {limit}").format(n=grouped(n), what=what, limit=grouped(limit))
    findings.error("limit", message, place)
    return False
