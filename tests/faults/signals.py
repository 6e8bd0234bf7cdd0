"""Interrupt and terminate whole commands at random moments, once or twice: one line, the status a shell expects, soon, and nothing left.

`python tests/faults/signals.py [SECONDS]` sends signals for so long (60 without it) and prints a table. What comes before Python has begun to run
the program (some 30 ms, more on a busy machine: the kernel says when the process hears signals) is answered by Python itself and counted apart.
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
SOON = 2.0


def sent_at(command: str, moment: float, signals: list[signal.Signals], gap: float) -> str:
    """Start a command, send it signals from a moment on, and return what came of it in a few words."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "study.yaml").write_text(STUDY, encoding="utf-8")
        line = [sys.executable, "-m", "lca_ml", *command.split(), "-q"]
        with subprocess.Popen(line, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
            heard = _waited(process.pid, moment)
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
        return "before the program" if not heard else f"wrong: {process.returncode} {err[-200:]!r}"


def _waited(pid: int, seconds: float) -> bool:
    """Wait, and return whether the process has heard signals at any time until then: whether it has a handler of SIGHUP, the last the program sets."""
    until, heard = time.monotonic() + seconds, False
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.005))
        caught = next(line for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines() if line.startswith("SigCgt"))
        heard |= bool(int(caught.split()[1], 16) >> (signal.SIGHUP - 1) & 1)
    return heard


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
