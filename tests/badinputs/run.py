"""Run the corpus as real processes and print what came of it: `python tests/badinputs/run.py [--only y,q0] [--jobs 2] [--report FILE.csv]`.

Each case runs in an empty folder of its own. Judged: exit status, place and reason of the message, what is printed, files left or changed, processor
time (2 s, more on a slow machine), memory (300 MB), and through an audit hook: no network, no other program, no pickle, no code made of the input, no
file outside `out`.
"""

from __future__ import annotations

import argparse
import atexit
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import Case, Outcome, cases, contents, judged

HERE = Path(__file__).parent
PATIENCE = 60.0  # seconds of wall time after which a program hangs, on a machine that may be busy
PLAIN_SECONDS = 0.3  # of processor time, for `check` of a study with nothing wrong, on a machine on which the limits hold as they are


@dataclass(frozen=True)
class Result:
    """A case, what is wrong with its outcome, and what it took."""

    case: Case
    wrong: list[str]
    outcome: Outcome


def process(case: Case) -> Result:
    """Run a case as a process of its own and judge it."""
    with tempfile.TemporaryDirectory(prefix="lca-ml-bad-", ignore_cleanup_errors=True) as base:
        folder = Path(base, "work")
        folder.mkdir()
        case.set_up(folder)
        before = contents(folder)
        wrong: list[str] = []
        for _time in range(1 + case.twice):
            outcome = started(case, folder, Path(base, "audit"))
            if outcome.seconds > case.seconds:  # a slower machine has longer, as it has for a plain `check`
                outcome = replace(outcome, slower=plain_check() / PLAIN_SECONDS)
            wrong += judged(case, outcome, before, contents(folder))
        return Result(case, wrong, outcome)


def plain_check() -> float:
    """Return the seconds of processor time that `check` of a study with nothing wrong takes here and now: the median of three."""
    with tempfile.TemporaryDirectory(prefix="lca-ml-plain-") as base:
        folder = Path(base, "work")
        folder.mkdir()
        plain = replace(next(c for c in cases() if c.id == "v012"), line=("check", "case.yaml"))
        plain.set_up(folder)
        return sorted(started(plain, folder, Path(base, "audit")).seconds for _time in range(3))[1]


def started(case: Case, folder: Path, audit: Path) -> Outcome:
    """Start lca-ml in a folder and wait for it; memory and processor time are those of this one process."""
    kept = {k: v for k, v in os.environ.items() if k not in ("LCA_ML_LANG", "LANG", "LC_ALL", "LC_MESSAGES", "PYTHONPATH")}
    if "-o" in case.line:
        kept |= {"MPLCONFIGDIR": fonts()}
    environment = {**kept, "LCA_ML_AUDIT": str(audit), "PYTHONPATH": str(HERE / "audit"), "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", **case.environment}
    command = [sys.executable, "-P", "-m", "lca_ml", *case.line]
    if case.restrictions:
        command = [sys.executable, "-S", "-E", str(HERE / "launch.py"), *case.restrictions, "--", *command]
    audit.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            program = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        except ValueError:  # a NUL in an argument: no system can start such a program
            return Outcome(case.exit, "", "not a name", ())
        timer = threading.Timer(PATIENCE, program.kill)
        timer.start()
        _pid, status, used = os.wait4(program.pid, 0)
        timer.cancel()
        program.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    lines = tuple(dict.fromkeys(audit.read_text(encoding="utf-8").splitlines())) if audit.exists() else ()
    return Outcome(program.returncode, texts[0], texts[1], lines, used.ru_utime + used.ru_stime, _megabytes(used.ru_maxrss))


@cache
def fonts() -> str:
    """Return a folder in which matplotlib has listed the fonts of the machine: the first figure on a machine starts a program for that, and writes the list."""
    folder = tempfile.mkdtemp(prefix="lca-ml-fonts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env={**os.environ, "MPLCONFIGDIR": folder}, check=True)
    return folder


def _megabytes(peak: int) -> float:
    """Return the memory a process took, 0 where it cannot be told: Linux counts the peak of the process that started it as its own."""
    return peak / 1024 if peak > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss else 0.0


def table(results: list[Result]) -> str:
    """Return a line for each table of cases: how many, how many passed, the slowest, the largest."""
    lines = [f"{'table':<14}{'cases':>6}{'passed':>8}{'failed':>8}{'most s':>8}{'most MB':>9}"]
    for group in dict.fromkeys(r.case.group for r in results):
        own = [r for r in results if r.case.group == group]
        failed = sum(bool(r.wrong) for r in own)
        slowest, largest = max(r.outcome.seconds for r in own), max(r.outcome.megabytes for r in own)
        lines.append(f"{group:<14}{len(own):>6}{len(own) - failed:>8}{failed:>8}{slowest:>8.2f}{largest:>9.0f}")
    return "\n".join(lines)


def main() -> int:
    """Run the cases asked for, print the table, and answer 1 where one failed."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--only", default="", help="cases whose id begins so, parted by commas")
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--report", type=Path, help="write a row for each case as CSV")
    given = asked.parse_args()
    chosen = [c for c in cases() if c.id.startswith(tuple(given.only.split(",")))]
    began = time.monotonic()
    with ThreadPoolExecutor(given.jobs) as pool:
        results = list(pool.map(process, chosen))
    for r in results:
        for wrong in r.wrong:
            print(f"{r.case.id} {r.case.what}: {wrong}")
    if given.report:
        with given.report.open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(["id", "table", "what", "answer", "passed", "seconds", "megabytes", "decided", "wrong"])
            for r in results:
                took = (f"{r.outcome.seconds:.2f}", f"{r.outcome.megabytes:.0f}")
                rows.writerow([r.case.id, r.case.group, r.case.what, r.case.answer, not r.wrong, *took, r.case.decided, "; ".join(r.wrong)])
    failed = sum(bool(r.wrong) for r in results)
    print(table(results))
    print(f"{time.monotonic() - began:.0f} s; a plain check takes {plain_check():.2f} s of processor time")
    print(f"{len(results) - failed} passed, {failed} failed, {len(chosen) - len(results)} skipped")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
