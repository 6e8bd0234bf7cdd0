"""Kill whole commands at random moments, and look at what they wrote: old or new, whole, and nothing beside it after the next run.

`python tests/faults/kill.py [N] [--signal 9] [--jobs 2] [--only WORD]` kills each command N times (100 without it) and prints a table.

Each round: a folder with the old output, the command started to write the new one, the whole process group killed at a moment drawn evenly
from its duration; then what is there is compared byte by byte with old and new, and the command is run again in peace.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lca_ml.writing.manifest import foreign

STUDY = """\
lca_ml: 1
title: A small study
functional_unit: 1 model
region: FR
year: 2024
indicators: [climate_change, electricity_use]
parameters:
  energy: {value: "uniform(90, 110) kWh", source: a meter}
stages:
  training: {process: metered, energy_it: energy, pue: 1.2}
  storage: {process: metered, energy_it: energy / 10, pue: 1.4}
"""
OLD_SEED, NEW_SEED = "1", "2"
RUNS = 20_000  # rows of the long table
COMMANDS: dict[str, str] = {
    "run -o": "run study.yaml -o out --seed {seed}",
    "run -o, threads": "run study.yaml -o out --samples 1e5 --workers 2 --seed {seed}",
    "report -o": "report study.yaml -o out.html --seed {seed}",
    "chart -o": "chart study.yaml stages -o out.svg --seed {seed}",
    "import, long table": "import runs runs-{seed}.csv -o out.yaml",
}
"""What is killed: the command line, with a place for a seed. Its output is out, or out and an ending."""
REPLACES = [name for name in COMMANDS if not name.startswith("import")]  # which refuses to

COLUMNS = ("kills", "old", "new", "torn", "beside", "not the same after the next run", "left after the next run", "slow to die")


def rounds(command: str, n: int, sent: int, old: bool, seed: int = 1) -> dict[str, int]:
    """Kill a command n times and return how often what was found; a round the command was over before does not count as one of them."""
    moments = random.Random(f"{command} {seed}")
    found = dict.fromkeys(COLUMNS, 0)
    with tempfile.TemporaryDirectory() as scratch:
        ready = Path(scratch) / "ready"
        ready.mkdir()
        (ready / "study.yaml").write_text(STUDY, encoding="utf-8")
        for table in {OLD_SEED, NEW_SEED} if "runs-" in command else ():
            (ready / f"runs-{table}.csv").write_text(_runs(int(table)), encoding="utf-8")
        done = Path(shutil.copytree(ready, Path(scratch) / "done"))
        duration = _run(command, NEW_SEED, done)
        if old:
            _run(command, OLD_SEED, ready)
        before, after = _contents(ready), _contents(done)
        while found["kills"] < n:
            at = Path(shutil.copytree(ready, Path(scratch) / "at"))
            duration = _round(command, at, sent, moments.uniform(0, 1.1 * duration), before, after, found)
            shutil.rmtree(at)
    return found


def _round(command: str, at: Path, sent: int, moment: float, before: dict[str, bytes], after: dict[str, bytes], found: dict[str, int]) -> float:
    """Kill a command once and note what it left. Returns the seconds it takes in peace: other work comes and goes on the machine."""
    process = subprocess.Popen(_line(command, NEW_SEED), cwd=at, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(moment)
    found["kills"] += process.poll() is None
    try:
        os.killpg(process.pid, sent)
        process.wait(2)
    except ProcessLookupError:
        process.wait()
    except subprocess.TimeoutExpired:
        found["slow to die"] += 1
        process.kill()
        process.wait()
    there = {name: data for name, data in _contents(at).items() if not name.startswith(".lca-ml-")}
    found["old" if there == before else "new" if there == after else "torn"] += 1
    found["beside"] += any(at.glob(".lca-ml-*"))
    took = _run(command, NEW_SEED, at, check=there != after)  # `import` refuses to replace what is there
    found["not the same after the next run"] += _contents(at) != after
    found["left after the next run"] += {p.name for p in at.iterdir()} != {name.partition("/")[0] for name in after}
    return took


def faults(found: dict[str, int]) -> int:
    """Return how much of what was found must not be."""
    return sum(found[name] for name in COLUMNS[-5:] if name != "beside") + found["torn"]


def whole(folder: str) -> bool:
    """Return whether a folder of ours is there, and holds what its manifest says and nothing else."""
    path = Path(folder) / "manifest.json"
    return path.is_file() and not foreign(path.parent)


def _line(command: str, seed: str) -> list[str]:
    return [sys.executable, "-m", "lca_ml", *command.format(seed=seed).split()]


def _run(command: str, seed: str, at: Path, check: bool = True) -> float:
    start = time.monotonic()
    subprocess.run(_line(command, seed), cwd=at, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - start


def _runs(energy: int) -> str:
    """Return a table of measured runs, each of so many kWh."""
    rows = (f"2024-01-01T00:{i // 60 % 60:02}:{i % 60:02}Z,r{i},3600,{energy},FR" for i in range(RUNS))
    return "\n".join(("timestamp,run_id,duration_s,energy_kwh,country", *rows, ""))


def _contents(at: Path) -> dict[str, bytes]:
    return {p.relative_to(at).as_posix(): p.read_bytes() for p in sorted(at.rglob("*")) if p.is_file()}


def main() -> int:
    """Print the table; answer 1 where anything was torn, lost, or left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("n", type=int, nargs="?", default=100)
    parser.add_argument("--signal", type=int, default=signal.SIGKILL)
    parser.add_argument("--jobs", type=int, default=2, help="how many rows at the same time")
    parser.add_argument("--only", default="", help="the rows with this in their name")
    given = parser.parse_args()
    rows = [(name, old) for name in COMMANDS if given.only in name for old in ((False, True) if name in REPLACES else (False,))]
    wrong = 0
    with ThreadPoolExecutor(given.jobs) as pool:
        for (name, old), found in zip(rows, pool.map(lambda row: rounds(COMMANDS[row[0]], given.n, given.signal, row[1]), rows), strict=True):
            wrong += faults(found)
            print(f"{name:18} {'replacing an old one' if old else 'a new one':20} " + " · ".join(f"{what} {found[what]}" for what in COLUMNS), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
