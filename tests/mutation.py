"""Change the core in small ways and see whether its tests notice: `python tests/mutation.py`, or `python tests/mutation.py units sampling`.

Needs mutmut (`pip install mutmut`). Each room is mutated in a copy of the project and tried with the tests of that room alone; where a room
has more than 150 mutants, 150 are drawn, the same ones each time. Prints the score of each room with its 95 % interval, and the survivors.
Answers 1 where the score of the whole is below 85 %.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LEAST = 0.85
MOST = 150
KILLED = (1, 3, 24, 36, 152, 255, -24)
"""What mutmut notes for a mutant a test failed with, or that never ended."""

ROOMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "documents": ("documents/*", ("test_documents", "test_refusals")),
    "expressions": ("expressions/*", ("test_expressions", "test_mathml", "test_refusals")),
    "units": ("units/*", ("test_units", "test_refusals")),
    "values": ("values/*", ("test_values", "test_refusals")),
    "distributions": ("distributions/*", ("test_distributions", "test_refusals")),
    "normal": ("normal.py", ("test_distributions",)),
    "sampling": ("sampling.py", ("test_sampling",)),
    "writing": ("writing/*", ("test_writing", "faults/test_steps")),
    "exporters": ("exporters.py", ("test_exporters",)),
    "markup": ("markup.py", ("test_markup",)),
}
"""Each room of the core, and the files of tests that are its own."""

SETTINGS = """
[tool.mutmut]
source_paths = ["lca_ml"]
only_mutate = ["lca_ml/{room}"]
also_copy = ["factors", "scenarios"]
pytest_add_cli_args = ["-x", "-p", "no:cacheprovider", "-p", "mutation", "-k", "not may_be_the_last"]
pytest_add_cli_args_test_selection = [{tests}]
timeout_multiplier = 60.0
"""
"""The tests that kill a writer at each of its calls are left out: they take a minute for each mutant."""


def main() -> int:
    """Return 0 where enough mutants are killed."""
    asked = argparse.ArgumentParser()
    asked.add_argument("rooms", nargs="*", metavar="room", default=list(ROOMS))
    asked.add_argument("--most", type=int, default=MOST, help="how many mutants of a room are tried")
    asked.add_argument("--seed", type=int, default=42, help="which mutants are drawn")
    asked.add_argument("--keep", type=Path, help="a folder for the copies, kept; else a temporary one")
    given = asked.parse_args()
    killed = tried = 0
    for room in given.rooms:
        with tempfile.TemporaryDirectory() as temporary:
            copy = (given.keep or Path(temporary)) / room
            results, of = tried_in(copy, room, given.most, given.seed)
            survivors = sorted(name for name, code in results.items() if code not in KILLED)
            here = len(results) - len(survivors)
            print(f"{room:<14} {here:>4} of {len(results):>4} killed ({of} in all)  {_interval(here, len(results))}", flush=True)
            for name in survivors:
                print(_difference(copy, name), flush=True)
        killed, tried = killed + here, tried + len(results)
    print(f"{'the core':<14} {killed:>4} of {tried:>4} killed  {_interval(killed, tried)}")
    return int(killed < LEAST * tried)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Run what notices most in the least time first: the page of refusals, then tests of one example, then those of many (a plugin of pytest)."""
    items.sort(key=lambda item: ("refusals" not in item.nodeid, hasattr(item.function, "hypothesis")))


def pytest_sessionstart() -> None:
    """Forget what was computed before the code was changed (a plugin of pytest)."""
    for module in [m for name, m in sys.modules.items() if name.startswith("lca_ml")]:
        for found in vars(module).values():
            if hasattr(found, "cache_clear"):
                found.cache_clear()


def tried_in(copy: Path, room: str, most: int, seed: int) -> tuple[dict[str, int | None], int]:
    """Return what became of each mutant tried in a copy of the project, and how many mutants there are."""
    files, tests = ROOMS[room]
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for part in ("lca_ml", "tests", "factors", "scenarios"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    selected = ", ".join(f'"tests/{t}.py"' for t in tests)
    (copy / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8") + SETTINGS.format(room=files, tests=selected), encoding="utf-8")
    _mutmut(copy, "run", "--max-children", "1", "none.of.them")  # makes the mutants, and stops where none is so named
    names = sorted(_results(copy))
    chosen = random.Random(seed).sample(names, min(most, len(names)))
    _mutmut(copy, "run", "--max-children", "1", *chosen)
    found = _results(copy)
    return {name: found[name] for name in chosen}, len(names)


def _mutmut(copy: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": "tests"}
    return subprocess.run([sys.executable, "-m", "mutmut", *command], cwd=copy, env=environment, capture_output=True, text=True, check=False).stdout


def _results(copy: Path) -> dict[str, int | None]:
    metas = (json.loads(path.read_text(encoding="utf-8")) for path in (copy / "mutants").rglob("*.meta"))
    return {name: code for meta in metas for name, code in meta["exit_code_by_key"].items()}


def _difference(copy: Path, name: str) -> str:
    lines = [line for line in _mutmut(copy, "show", name).splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join([f"  {name}", *(f"    {line}" for line in lines)])


def _interval(part: int, whole: int) -> str:
    """Return a share and its 95 % interval (Wilson 1927, Journal of the American Statistical Association 22, 209-212)."""
    if not whole:
        return "-"
    z, p = 1.959964, part / whole
    middle, spread = p + z * z / (2 * whole), z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole))
    low, high = ((middle + s * spread) / (1 + z * z / whole) for s in (-1, 1))
    return f"{p:.1%} ({low:.1%} to {high:.1%})"


if __name__ == "__main__":
    sys.exit(main())
