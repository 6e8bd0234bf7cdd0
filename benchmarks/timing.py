"""What the benchmarks share: contestants timed in turn, and a plain aligned table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence


def best(contestants: dict[str, Callable[[], object]], rounds: int = 7, seconds: float = 0.0) -> dict[str, float]:
    """Return the shortest time of each contestant in seconds, all of them run once in each round.

    They take turns so that what else the machine does falls on each alike; the shortest time is the one least disturbed.

    rounds    how often each runs at least
    seconds   go on until this long has passed in all
    """
    shortest = dict.fromkeys(contestants, float("inf"))
    begun, played = time.perf_counter(), 0
    while played < rounds or time.perf_counter() - begun < seconds:
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            shortest[name] = min(shortest[name], time.perf_counter() - start)
        played += 1
    return shortest


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a title and a table: the first column to the left, all others to the right."""
    lines = [head, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    print(f"\n{title}")
    for line in lines:
        print("  " + "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))).rstrip())


def verdict(met: bool) -> str:
    """Return how a goal is said to be met or missed."""
    return "met" if met else "MISSED"
