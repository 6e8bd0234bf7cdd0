"""Tables in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(_cell(c) for c in row) + " |" for row in rows)]) + "\n"


def _cell(content: object) -> str:
    return re.sub(r"[ \t\r\n]+", " ", str(content)).strip(" ").replace("|", "\\|")  # a no-break blank stays
