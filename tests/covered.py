"""Run the suite and measure what it covers: `python tests/covered.py`. Answers 1 where the core is not covered whole, or the rest below 90 %.

Lines and branches, commands run in processes of their own included. What is passed on the command line goes to pytest instead of the
whole suite: `python tests/covered.py tests/test_units.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

CORE = ("documents/*", "expressions/*", "units/*", "values/*", "distributions/*", "normal.py", "sampling.py", "writing/*", "exporters.py", "markup.py")
"""The rooms whose every branch is tried: reading, formulas, units, distributions, draws, writing, escaping."""

FROM_OUTSIDE = ("test_badinputs.py", "test_repro.py", "test_release.py", "faults/test_program.py")
"""Tests that judge processes by what they leave, how long they take and how they die: a measurement in these processes would be in the way."""

LEAST = 90
"""Percent of the whole."""


def main() -> int:
    """Return 0 where everything that should be covered is."""
    wanted = sys.argv[1:] or ["-n", str(min(os.cpu_count() or 1, 4)), *(f"--ignore=tests/{name}" for name in FROM_OUTSIDE)]
    suite = _run("-m", "pytest", "--cov=lca_ml", "--cov-report=", *wanted)
    core = _report("--include", ",".join(f"lca_ml/{room}" for room in CORE), "--fail-under=100", "--show-missing")
    whole = _report(f"--fail-under={LEAST}")
    return int(bool(suite or core or whole))


def _report(*more: str) -> int:
    return _run("-m", "coverage", "report", "--skip-covered", "--skip-empty", *more)


def _run(*command: str) -> int:
    return subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
