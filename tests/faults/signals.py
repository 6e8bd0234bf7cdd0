"""Interrupt and terminate whole commands at random moments, once or twice: one line, the status a shell expects, soon, and nothing left.

`python tests/faults/signals.py [SECONDS]` sends signals for so long (60 without it) and prints a table. What comes before Python has begun to run
the program (some 30 ms) is answered by Python itself and counted apart.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kill import STUDY

COMMANDS = ("check study.yaml", "run study.yaml", "run study.yaml -o out", "report study.yaml -o out.html", "chart study.yaml stages -o out.svg")
ANSWERS = {signal.SIGINT: (130, b"interrupted\n"), signal.SIGTERM: (143, b"terminated\n"), signal.SIGHUP: (129, b"terminated\n")}
GAPS = (None, None, 0.0, 0.001, 0.01, 0.1)  # seconds to a second signal
EARLY, SOON = 0.05, 2.0


def sent_at(command: str, moment: float, signals: list[signal.Signals], gap: float) -> str:
    """Start a command, send it signals from a moment on, and return what came of it in a few words."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "study.yaml").write_text(STUDY, encoding="utf-8")
        line = [sys.executable, "-m", "lca_ml", *command.split(), "-q"]
        with subprocess.Popen(line, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
            time.sleep(moment)
            if process.poll() is not None:
                return "over before"
            start = time.monotonic()
            for number, each in enumerate(signals):
                time.sleep(gap if number else 0)
                process.send_signal(each)
            try:
                err = process.communicate(timeout=30)[1]
            except subprocess.TimeoutExpired:
                process.kill()
                return "never over"
        if time.monotonic() - start > SOON + gap:
            return "slow"
        if {p.name for p in Path(folder).iterdir()} - {"study.yaml", "out", "out.html", "out.svg"}:
            return "something left"
        if (process.returncode, err) in [ANSWERS[s] for s in signals]:
            return "answered"
        if (process.returncode, err) == (0, b""):
            return "over at that moment"
        return "before the program" if moment < EARLY else f"wrong: {process.returncode} {err[-200:]!r}"


def main() -> int:
    """Print how often what was found; answer 1 where a signal was not answered as it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=60.0)
    until, drawn, found = time.monotonic() + parser.parse_args().seconds, random.Random(1), Counter[str]()
    while time.monotonic() < until:
        gap = drawn.choice(GAPS)
        signals = drawn.choices(list(ANSWERS), k=1 if gap is None else 2)
        moment = drawn.uniform(0.02, drawn.choice((0.3, 2.0)))
        found[sent_at(drawn.choice(COMMANDS), moment, signals, gap or 0.0)] += 1
    print(" · ".join(f"{what} {number}" for what, number in found.most_common()))
    return 1 if set(found) - {"answered", "over before", "over at that moment", "before the program"} else 0


if __name__ == "__main__":
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main())
