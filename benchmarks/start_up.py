"""How long the commands take as whole processes, and what of it is start-up.

    python benchmarks/start_up.py              under two minutes
    python benchmarks/start_up.py --imports    the slowest imports of `check` and `run` as well

The best of several runs counts; the commands take turns.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from timing import best, table, verdict

ROOT = Path(__file__).parent.parent
SCENARIO = "scenarios/published/bloom-176b.yaml"
REFERENCE = Path(__file__).parent / "reference_model.yaml"
START = [sys.executable, "-c", "from lca_ml.cli import main; main()"]

COMMANDS: dict[str, tuple[list[str], float | None]] = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "python -c 'import numpy'": ([sys.executable, "-c", "import numpy"], None),
    "lca-ml --help": ([*START, "--help"], 60),
    "lca-ml check bloom-176b.yaml": ([*START, "check", SCENARIO], 400),
    "lca-ml run bloom-176b.yaml": ([*START, "run", SCENARIO], 450),
}
"""What is run, and its goal in milliseconds. The installed script `lca-ml` holds the same line as START."""

LOADING = """
import time
from lca_ml.data import folder
from lca_ml.factors import load
start = time.perf_counter()
load(folder("factors"))
print(time.perf_counter() - start)
"""
LEFT_OUT = ("pandas", "SALib", "scipy", "matplotlib")


def spawn(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command as one would from an installed package: compiled modules are found, in the folder `main` made for them."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def commands() -> None:
    """Print the wall time of whole processes."""

    def runner(command: list[str]) -> Callable[[], object]:
        return lambda: spawn(command)

    times = best({name: runner(command) for name, (command, _goal) in COMMANDS.items()}, rounds=9)
    rows = []
    for name, (_command, goal) in COMMANDS.items():
        measured = times[name] * 1000
        rows.append((name, f"{measured:.0f}", f"≤ {goal}" if goal else "", verdict(measured <= goal) if goal else ""))
    table("Whole processes, best of 9", ("", "ms", "goal", ""), rows)


def parts() -> None:
    """Print what some parts take on their own."""
    loaded = min(float(spawn([sys.executable, "-c", LOADING]).stdout) for _ in range(7)) * 1e3
    changed = one_input_changed() * 1e6
    linked = linking() * 1e3
    rows = [
        ("loading the factor library, after the imports", f"{loaded:.1f} ms", "< 60 ms", verdict(loaded < 60)),
        ("reading and linking the reference model, library loaded", f"{linked:.1f} ms", "", ""),
        ("one input changed, in process: all results of the reference model", f"{changed:.1f} µs", "≤ 50 µs", verdict(changed <= 50)),
    ]
    table("Parts", ("", "measured", "goal", ""), rows)


def linking() -> float:
    """Return the seconds it takes to read and link the reference model once all that is read once has been."""
    from lca_ml.model import link
    from lca_ml.scenario import load

    return best({"link": lambda: link(load(str(REFERENCE)))}, rounds=9)["link"]


def one_input_changed() -> float:
    """Return the seconds between a new value of one input and all results."""
    from lca_ml.engine import Program
    from lca_ml.model import link
    from lca_ml.scenario import load

    model = link(load(str(REFERENCE)))
    program = Program(model)
    values = {node.name: np.array([node.number]) for node in program.drawn}
    times = []
    for i in range(2000):
        start = time.perf_counter()
        values["pue_inf"] = np.array([1.1 + i / 4000])
        program.block(values, 0, 1)
        times.append(time.perf_counter() - start)
    return float(np.median(times))


def imports(limit: int = 25) -> None:
    """Print the slowest imports of each command, and any that should not be there."""
    for command in (["check", SCENARIO], ["run", SCENARIO]):
        done = spawn([sys.executable, "-X", "importtime", *START[1:], *command])
        lines = [line.removeprefix("import time:").split("|") for line in done.stderr.splitlines() if line.startswith("import time:")]
        found = [(int(own), int(whole), name.strip()) for own, whole, name in lines if own.strip().isdigit()]
        slowest = sorted(found, key=lambda row: -row[0])[:limit]
        rows = [(name, f"{own / 1000:.1f}", f"{whole / 1000:.1f}") for own, whole, name in slowest]
        table(f"Slowest imports of `lca-ml {' '.join(command)}`", ("module", "own ms", "with what it imports, ms"), rows)
        unwanted = [name for _own, _whole, name in found if name in LEFT_OUT]
        print(f"  imported although only charts and tables need them: {', '.join(unwanted) or 'none'}; {len(found)} modules in all")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--imports", action="store_true", help="list the slowest imports too")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as compiled:
        os.environ["PYTHONPYCACHEPREFIX"] = compiled  # an installed package is compiled; a checkout under test may not be
        for command, _goal in COMMANDS.values():
            spawn(command)
        commands()
        parts()
        if options.imports:
            imports()


if __name__ == "__main__":
    main()
