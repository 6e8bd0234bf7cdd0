"""The same bytes under every circumstance that must not matter.

`python tests/repro.py` runs three commands on two scenarios under each circumstance below, and with each number of workers and size of
blocks, and prints how many bytes differ from a plain run: documents, tables and every file of `run -o`. `--quick` takes all circumstances
at once instead of one after another.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCENARIOS = (ROOT / "scenarios" / "templates" / "training.yaml", ROOT / "benchmarks" / "reference_model.yaml")
COMMANDS = {
    "run --json -o": ("run", "{file}", "--json", "-o", "out"),
    "sensitivity --json": ("sensitivity", "{file}", "--json"),
    "check --json": ("check", "{file}", "--json"),
}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

PROGRAM = """\
import os, sys
backwards, block = {backwards}, {block}
if backwards:
    listdir, scandir = os.listdir, os.scandir
    class Backwards(list):
        __enter__ = lambda self: self
        __exit__ = close = lambda self, *error: None
        __next__ = lambda self: self.pop() if self else next(iter(()))
        __iter__ = lambda self: iter(self[::-1])
    def scan(*where):
        with scandir(*where) as found:
            return Backwards(sorted(found, key=lambda entry: entry.name))
    os.listdir = lambda *where: sorted(listdir(*where), reverse=True)
    os.scandir = scan
if block:
    import lca_ml.engine
    lca_ml.engine.BLOCK = block
from lca_ml.__main__ import main
main()
"""
"""The program in a process whose folders are listed in the order of names turned round, or whose blocks of samples have another size."""


@dataclass(frozen=True)
class Circumstance:
    """What is different: variables, options for `run`, Python's own options, the umask, the working folder, the order of folders, the size of blocks."""

    name: str
    variables: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    umask: int = 0o022
    elsewhere: bool = False
    backwards: bool = False
    block: int = 0


def circumstances(locales: Path | None) -> Iterator[Circumstance]:
    """Yield what must not matter, one thing at a time; `locales` is where `made_locales` has put them."""
    yield Circumstance("once more")
    for value in ("0", "1", "12345"):
        yield Circumstance(f"PYTHONHASHSEED={value}", {"PYTHONHASHSEED": value})
    for value in ("Asia/Kathmandu", "America/St_Johns"):
        yield Circumstance(f"TZ={value}", {"TZ": value})
    for value in ("C", "de_DE.UTF-8", "tr_TR.UTF-8"):
        yield Circumstance(f"LC_ALL={value}", {"LC_ALL": value} | ({"LOCPATH": str(locales)} if locales else {}))
    yield Circumstance("no UTF-8", {"PYTHONUTF8": "0", "LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0"})
    yield Circumstance("Latin-1 streams", {"PYTHONIOENCODING": "latin-1:replace"})
    for value in ("1", "2"):
        yield Circumstance(f"{value} threads of BLAS", dict.fromkeys(THREADS, value))
    yield Circumstance("no home folder", {"HOME": "/proc/none"})
    yield Circumstance("COLUMNS=40", {"COLUMNS": "40", "NO_COLOR": "1", "TERM": "dumb"})
    yield Circumstance("SOURCE_DATE_EPOCH=0", {"SOURCE_DATE_EPOCH": "0"})
    yield Circumstance("another working folder", elsewhere=True)
    yield Circumstance("umask 077", umask=0o077)
    yield Circumstance("folders listed backwards", backwards=True)
    yield Circumstance("python -OO", python=("-OO",))
    for workers in ("1", "2", "3", "8"):
        yield Circumstance(f"{workers} workers", options=("--workers", workers))
    for block in (1000, 4096, 65_536):
        yield Circumstance(f"blocks of {block:,}", block=block)
        yield Circumstance(f"blocks of {block:,}, 3 workers", options=("--workers", "3"), block=block)


def together(locales: Path | None) -> list[Circumstance]:
    """Return three mixtures, which have every circumstance in them."""
    found = list(circumstances(locales))
    mixtures = []
    for part in (found[i::3] for i in range(3)):
        variables = {k: v for c in part for k, v in c.variables.items()}
        options = next((c.options for c in reversed(part) if c.options), ())
        python = tuple(o for c in part for o in c.python)
        mask, block = max(c.umask for c in part), max(c.block for c in part)
        name = " + ".join(c.name for c in part)
        mixtures.append(Circumstance(name, variables, options, python, mask, any(c.elsewhere for c in part), any(c.backwards for c in part), block))
    return mixtures


@contextmanager
def made_locales() -> Iterator[Path | None]:
    """Make the locales of `circumstances`, with their decimal commas and dotless i, where the machine has what it takes."""
    with tempfile.TemporaryDirectory() as folder:
        tool = shutil.which("localedef")
        for name in ("de_DE", "tr_TR"):
            if tool and subprocess.run([tool, "-i", name, "-f", "UTF-8", f"{folder}/{name}.UTF-8"], capture_output=True, check=False).returncode:
                tool = None
        yield Path(folder) if tool else None


def outcome(scenario: Path, command: str, circumstance: Circumstance) -> dict[str, bytes]:
    """Return what a command gives: its exit status, what it prints, and each file it writes."""
    with tempfile.TemporaryDirectory() as scratch:
        at = Path(scratch) / ("else where é" if circumstance.elsewhere else "here")
        at.mkdir()
        shutil.copy(scenario, at)
        arguments = [word.format(file=scenario.name) for word in COMMANDS[command]] + list(circumstance.options if command.startswith("run") else ())
        program = ["-c", PROGRAM.format(backwards=circumstance.backwards, block=circumstance.block)]
        done = subprocess.run(
            [sys.executable, *circumstance.python, *program, *arguments],
            cwd=at,
            env=_plain() | circumstance.variables,
            umask=circumstance.umask,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            sys.stderr.buffer.write(done.stderr)
        files = {p.relative_to(at).as_posix(): p.read_bytes() for p in sorted(at.rglob("*")) if p.is_file()}
        return {"status": str(done.returncode).encode(), "stdout": done.stdout} | {n: data for n, data in files.items() if n.startswith("out/")}


def _plain() -> dict[str, str]:
    """Return the variables of this process without those a circumstance sets."""
    special = {"PYTHONHASHSEED", "TZ", "LC_ALL", "LANG", "LC_MESSAGES", "LCA_ML_LANG", "COLUMNS", "SOURCE_DATE_EPOCH", "PYTHONUTF8", *THREADS}
    return {k: v for k, v in os.environ.items() if k not in special}


def differing(plain: dict[str, bytes], other: dict[str, bytes]) -> dict[str, int]:
    """Return how many bytes of each output differ; a whole output that is missing counts as all of its bytes."""
    found = {}
    for name in plain.keys() | other.keys():
        one, two = plain.get(name, b""), other.get(name, b"")
        bytes_ = sum(a != b for a, b in zip(one, two, strict=False)) + abs(len(one) - len(two))
        if bytes_ or (name in plain) != (name in other):
            found[name] = max(bytes_, 1)
    return found


def compare(scenarios: Iterable[Path], chosen: Iterable[Circumstance]) -> Iterator[tuple[str, Path, str, int, dict[str, int]]]:
    """Yield for each circumstance, scenario and command the number of outputs, and the bytes of those that differ from a plain run's."""
    plain = {(s, c): outcome(s, c, Circumstance("plain")) for s in scenarios for c in COMMANDS}
    for circumstance in chosen:
        for (scenario, command), wanted in plain.items():
            yield circumstance.name, scenario, command, len(wanted), differing(wanted, outcome(scenario, command, circumstance))


def main() -> int:
    """Print a line a circumstance and the sum; answer 1 where a byte differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    with made_locales() as locales:
        print(f"locales with a decimal comma: {'made here' if locales else 'not on this machine'}")
        chosen = together(locales) if quick else list(circumstances(locales))
        sums: dict[str, tuple[int, int]] = {}
        for name, scenario, command, outputs, found in compare(SCENARIOS, chosen):
            for output, number in sorted(found.items()):
                print(f"  {name}: {command} {scenario.name}: {output}: {number} bytes differ")
            before = sums.get(name, (0, 0))
            sums[name] = before[0] + outputs, before[1] + sum(found.values())
            if scenario == SCENARIOS[-1] and command == list(COMMANDS)[-1]:
                print(f"{name:32} {sums[name][0]:4} outputs {sums[name][1]:6} bytes differ", flush=True)
    wrong = sum(number for _outputs, number in sums.values())
    print(f"{len(chosen)} circumstances × {len(COMMANDS)} commands × {len(SCENARIOS)} scenarios: {wrong} bytes differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
