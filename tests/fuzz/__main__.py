"""Fuzz one door, guided by what the code covers: `python -m fuzz reader --minutes 20`, run in the folder `tests`.

Needs atheris (`pip install atheris`; wheels for Linux). What does not hold is written to `--finds` and told once for each place in the code;
fuzzing goes on. Answers 1 where there was such a find. The log of libFuzzer ends with the number of inputs tried.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from types import FrameType

import atheris

with atheris.instrument_imports(include=["lca_ml"]):
    from fuzz.properties import TARGETS
    from fuzz.seeds import dictionary, seeds

LONGEST = {"reader": 4096, "factors": 8192, "check": 8192}
SLOWEST = 10
"""Seconds of the processor one input may take."""


class TooSlow(BaseException):
    """An input was not answered in time; no `except Exception` catches it."""


def main() -> None:
    """Fuzz the door named on the command line for so many minutes."""
    asked = argparse.ArgumentParser()
    asked.add_argument("target", choices=TARGETS)
    asked.add_argument("--minutes", type=float, default=20)
    asked.add_argument("--corpus", type=Path, help="a folder that keeps what was learnt; new where it is missing")
    asked.add_argument("--finds", type=Path, default=Path("finds"))
    given = asked.parse_args()
    corpus = given.corpus or Path(tempfile.mkdtemp(prefix="fuzz-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in seeds(given.target):
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = corpus.parent / f"{given.target}.dict"
    words.write_text(dictionary(given.target), encoding="ascii")
    warnings.simplefilter("error")
    signal.signal(signal.SIGPROF, _too_slow)
    options = [f"-max_total_time={round(given.minutes * 60)}", f"-max_len={LONGEST.get(given.target, 256)}", f"-dict={words}", "-rss_limit_mb=3000"]
    atheris.Setup([sys.argv[0], str(corpus), *options, "-print_final_stats=1", "-timeout=600"], _Collector(given.target, given.finds))
    atheris.Fuzz()


class _Collector:
    """Try one input after another; keep the first that fails at each place of the code."""

    def __init__(self, target: str, finds: Path) -> None:
        self._target, self._property, self._finds = target, TARGETS[target], finds
        self._known: set[str] = set()

    def __call__(self, data: bytes) -> None:
        signal.setitimer(signal.ITIMER_PROF, SLOWEST)
        try:
            self._property(data)
        except (Exception, TooSlow) as wrong:
            self._keep(data, wrong)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _keep(self, data: bytes, wrong: BaseException) -> None:
        frames = traceback.extract_tb(wrong.__traceback__)
        where = [f"{Path(f.filename).name}:{f.lineno}" for f in frames if "lca_ml" in f.filename or "fuzz" in f.filename]
        what = f"{type(wrong).__name__} at {' < '.join(reversed(where[-3:]))}"
        if what in self._known or len(self._known) > 200:
            return
        self._known.add(what)
        self._finds.mkdir(parents=True, exist_ok=True)
        name = f"{self._target}-{hashlib.sha256(data).hexdigest()[:12]}"
        (self._finds / name).write_bytes(data)
        (self._finds / f"{name}.txt").write_text("".join(traceback.format_exception(wrong)), encoding="utf-8", errors="backslashreplace")
        print(f"FIND {name}: {what}: {str(wrong)[:200]!r}: {data[:120]!r}", file=sys.stderr, flush=True)


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlow(f"not answered in {SLOWEST} s")


if __name__ == "__main__":
    os.environ["LCA_ML_LANG"] = "en"
    main()
