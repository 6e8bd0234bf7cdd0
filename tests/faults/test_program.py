"""The program when the world around it fails: signals, closed and full outputs, no permission, no space, two runs at once."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import kill
import pytest

PROGRAM = [sys.executable, "-m", "lca_ml"]
HERE = os.environ | {"PYTHONPATH": os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")))}
"""An environment in which the modules beside this one can be imported."""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A small valid study in a folder of its own."""
    path = tmp_path / "study.yaml"
    path.write_text(kill.STUDY, encoding="utf-8")
    return path


def lca(*arguments: str, cwd: Path, **more: Any) -> tuple[int, str, str]:
    """Run the program without a terminal: exit status, stdout, stderr."""
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, start_new_session=True, **more
    )
    return done.returncode, done.stdout, done.stderr


def python(code: str, cwd: Path) -> tuple[int, str, str]:
    """Run a text of Python in which the program is made to meet something: exit status, stdout, stderr."""
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def shell(line: str, cwd: Path) -> tuple[int, str, str]:
    """Run a line of bash in which `lca-ml` is the program: exit status, stdout, stderr."""
    lines = f"lca-ml() {{ '{sys.executable}' -m lca_ml \"$@\"; }}\n{line}"
    done = subprocess.run(["bash", "-c", lines], cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


# --- signals

ENDINGS = [(signal.SIGINT, 130, "interrupted\n"), (signal.SIGTERM, 143, "terminated\n"), (signal.SIGHUP, 129, "terminated\n")]
LONG = {
    "streamed": ("run", "study.yaml", "--samples", "3e8", "-o", "out"),
    "threads": ("run", "study.yaml", "--samples", "2e7", "--sampler", "sobol", "--workers", "4", "-o", "out"),
}


@pytest.mark.parametrize("what", LONG)
@pytest.mark.parametrize(("sent", "status", "line"), ENDINGS, ids=lambda value: value.name if isinstance(value, signal.Signals) else "")
def test_a_signal_ends_a_run_at_once(sent: signal.Signals, status: int, line: str, what: str, study: Path):
    """In the middle of a long run, threads at work or not: within 2 s one line, the status a shell expects, nothing written."""
    with subprocess.Popen([*PROGRAM, *LONG[what]], cwd=study.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(1.5)
        start = time.monotonic()
        process.send_signal(sent)
        try:
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()

    assert time.monotonic() - start < 2
    assert (process.returncode, out, err) == (status, "", line)
    assert names(study.parent) == ["study.yaml"]


@pytest.mark.parametrize("n", [1, 10, 100, 300])
@pytest.mark.parametrize(("sent", "status", "line"), ENDINGS[:2], ids=["SIGINT", "SIGTERM"])
def test_a_signal_while_the_program_is_loaded(sent: signal.Signals, status: int, line: str, n: int, study: Path):
    """At its first import, and at the n-th: the same line and no traceback."""
    code = (
        "import os, sys\n"
        "from lca_ml.__main__ import main\n"
        "imports = 0\n"
        "def hook(event, arguments):\n"
        "    global imports\n"
        f"    imports += event == 'import'\n    if event == 'import' and imports == {n}: os.kill(os.getpid(), {int(sent)})\n"
        "sys.argv = ['lca-ml', 'run', 'study.yaml']\n"
        "sys.addaudithook(hook)\n"
        "main()\n"
    )
    assert python(code, study.parent) == (status, "", line)


SWALLOWED = {
    "a callback of a weak reference": "class Thing: pass\n    thing = Thing()\n    kept = weakref.ref(thing, lambda _gone: kill())\n    del thing",
    "a class that is made": "class Name:\n        def __set_name__(self, owner, name): kill()\n    class Owner: name = Name()",
    "code that passes over everything": "try: kill()\n    except BaseException: pass",
    "compiled code that fails for a reason of its own": "try: kill()\n    except BaseException: pass\n    raise ValueError('Invalid matrix')",
    "code that makes a refusal of it": "try: kill()\n    except BaseException: pass\n    raise lca_ml.errors.LcaError('refused')",
}


@pytest.mark.parametrize("sent", [15, 1])
@pytest.mark.parametrize("where", SWALLOWED)
def test_a_signal_is_not_lost(where: str, sent: int, study: Path):
    """It comes where no exception gets through, in a library: the run ends with its line all the same, within 2 s."""
    code = (
        "import os, time, weakref\n"
        f"def kill():\n    os.kill(os.getpid(), {sent})\n    for _ in range(1000): pass\n"
        f"def work():\n    {SWALLOWED[where]}\n    time.sleep(30)\n"
        "import lca_ml.cli\nlca_ml.cli.choose = lambda language: None\nlca_ml.cli.in_language = lambda command: work()\n"
        "from lca_ml.__main__ import main\nmain()\n"
    )
    start = time.monotonic()
    assert python(code, study.parent) == (128 + sent, "", "terminated\n")
    assert time.monotonic() - start < 10  # not the 30 s; 2 s on a machine that is idle


def test_a_signal_while_a_class_of_the_program_is_made(study: Path):
    """Python makes another exception of it, before any command is there to tell them apart."""
    code = (
        "import os, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'lca_ml.errors':\n"
        "            class Name:\n                def __set_name__(self, owner, name): os.kill(os.getpid(), 15); [0 for _ in range(1000)]\n"
        "            class Owner: name = Name()\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from lca_ml.__main__ import main\nsys.argv = ['lca-ml', 'check', 'study.yaml']\nmain()\n"
    )
    assert python(code, study.parent) == (143, "", "terminated\n")


def test_a_second_signal_changes_nothing(study: Path):
    """A terminal that is closed sends SIGHUP, the system SIGTERM behind it; Ctrl-C is pressed twice: one line, and the status of the first."""
    code = (
        "import os, signal\n"
        "def work(_signals):\n    try: os.kill(os.getpid(), signal.SIGHUP)\n    finally:\n        for _ in range(3): os.kill(os.getpid(), signal.SIGTERM)\n"
        "import lca_ml.cli\nlca_ml.cli.main = work\n"
        "from lca_ml.__main__ import main\nmain()\n"
    )
    assert python(code, study.parent) == (129, "", "terminated\n")


def test_a_signal_that_is_ignored_stays_so(study: Path):
    """`nohup lca-ml …` outlives its terminal: what was ignored when the program began is ignored."""
    status, out, err = shell("trap '' HUP; lca-ml run study.yaml -q --samples 1e6 & sleep 0.3; kill -HUP $!; wait $!", study.parent)

    assert (status, err) == (0, "")
    assert "kWh" in out or "CO₂" in out


def test_a_reader_that_is_stuck_does_not_hold_a_run(study: Path):
    """Terminated while it waits for a pipe nobody reads: it ends all the same."""
    reading, writing = os.pipe()
    with subprocess.Popen([*PROGRAM, "factors", "list", "--csv"], cwd=study.parent, stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        os.read(reading, 1)  # it is at work; a pipe holds 64 KiB, and the list is longer
        time.sleep(0.5)
        process.terminate()
        try:
            _out, err = process.communicate(timeout=30)
        finally:
            process.kill()
    os.close(reading)

    assert (process.returncode, err) == (143, "terminated\n")


# --- no memory

FAILING = (
    "import lca_ml.cli, resource, sys\n"
    "def work(*_):\n    {0}\n"
    "lca_ml.cli.{1} = work\n"
    "from lca_ml.__main__ import main\nsys.argv = ['lca-ml', 'check', 'study.yaml']\nmain()\n"
)
LIMITED = "resource.setrlimit(resource.RLIMIT_AS, (2**40, resource.getrlimit(resource.RLIMIT_AS)[1])); "


@pytest.mark.parametrize("mistake", ["MemoryError", "SystemError('error return without exception set')"])
def test_no_memory_even_for_what_answers_mistakes(mistake: str, study: Path):
    """One line and the status of what cannot be computed, not Python's own account of it."""
    assert python(FAILING.format(f"raise {mistake}", "main"), study.parent) == (3, "", "error: not enough memory\n")


def test_compiled_code_that_fails_without_a_reason(study: Path):
    """Where memory is limited that is what it lacked; where not, it is a mistake, with a report."""
    wrong = "raise SystemError('error return without exception set')"

    assert python(FAILING.format(LIMITED + wrong, "in_language"), study.parent) == (3, "", "error: not enough memory for the libraries this needs\n")
    no_module = "sys.modules['resource'] = None; "
    assert python(FAILING.format(no_module + wrong, "in_language"), study.parent)[0] == 3
    status, out, err = python(FAILING.format(wrong, "in_language"), study.parent)
    assert (status, out) == (70, "")
    report = Path(err.split("A report lies at ")[1].split("; please")[0])
    assert wrong.split("'")[1] in report.read_text(encoding="utf-8")
    report.unlink()


def test_no_memory_in_what_cannot_raise(study: Path):
    """A callback of compiled code, a finaliser: Python would print what it ignored, between the lines of the program."""
    code = "class Lost:\n    def __del__(self): raise {}\n" + FAILING.format("Lost()", "main")

    assert python(code.format("MemoryError"), study.parent) == (0, "", "")
    assert "ZeroDivisionError" in python(code.format("ZeroDivisionError"), study.parent)[2]


# --- outputs that are closed, full, or read by nobody

PRINTING = {
    "run": "lca-ml run study.yaml",
    "run --json": "lca-ml run study.yaml --json",
    "run --csv": "lca-ml run study.yaml --csv",
    "check": "lca-ml check study.yaml",
    "sensitivity --json": "lca-ml sensitivity study.yaml --json",
    "factors list --csv": "lca-ml factors list --csv",
    "--help": "lca-ml --help",
}


@pytest.mark.parametrize("command", PRINTING)
def test_a_closed_pipe_is_no_error(command: str, study: Path):
    """`lca-ml … | head -c 1`: the first letter, status 0, and not a word on stderr."""
    status, out, err = shell(f"{PRINTING[command]} 2>err | head -c 1; echo; echo ${{PIPESTATUS[0]}}; cat err >&2", study.parent)

    assert (status, err) == (0, "")
    assert out.split("\n")[1] == "0"


@pytest.mark.parametrize("command", PRINTING)
def test_a_full_disk_behind_standard_output(command: str, study: Path):
    """`lca-ml … > /dev/full`: status 4 and one line."""
    assert shell(f"{PRINTING[command]} > /dev/full", study.parent) == (4, "", "error: cannot be written: No space left on device\n")


@pytest.mark.parametrize("command", PRINTING)
def test_standard_output_may_be_closed_from_the_start(command: str, study: Path):
    """`lca-ml … >&-` says nothing and answers 0."""
    assert shell(f"{PRINTING[command]} >&-", study.parent) == (0, "", "")


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "2>&- >&-", "2>/dev/full >/dev/full", "<&- 2>&- >&-"])
@pytest.mark.parametrize(
    ("arguments", "status"), [("run nothing.yaml", 4), ("run study.yaml --set energy=5", 3), ("rum study.yaml", 2), ("run study.yaml --smaples 3", 2)]
)
def test_an_error_nobody_can_hear_keeps_its_status(arguments: str, status: int, redirection: str, study: Path):
    """Standard error closed or full: the exit status still says what happened."""
    assert shell(f"lca-ml {arguments} {redirection}", study.parent) == (status, "", "")


def test_output_files_are_written_when_nobody_listens(study: Path):
    """All three streams closed: the folder is there, whole."""
    assert shell("lca-ml run study.yaml -o out <&- >&- 2>&-", study.parent) == (0, "", "")
    assert kill.whole(str(study.parent / "out"))


@pytest.mark.parametrize(("redirection", "reason"), [("<&-", "it is closed"), ("0>nothing", "Bad file descriptor")])
def test_standard_input_that_cannot_be_read(redirection: str, reason: str, study: Path):
    """`lca-ml run -` with nothing to read from: one line, status 4."""
    assert shell(f"lca-ml run - {redirection}", study.parent) == (4, "", f"error: standard input cannot be read: {reason}\n")


@pytest.mark.parametrize("line", ["explore study.yaml", "report study.yaml", "chart study.yaml stages -o -"])
def test_a_page_for_nobody(line: str, study: Path):
    """Standard output is closed from the start: nothing is said, and nothing is wrong."""
    assert shell(f"lca-ml {line} -q >&-", study.parent) == (0, "", "")


def test_a_pipe_that_does_not_wait_gets_all_of_it(study: Path):
    """Some programs make their pipes non-blocking, and Python would drop what there is no room for."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen([*PROGRAM, "factors", "list", "--csv"], cwd=study.parent, stdout=writing) as process:
        os.close(writing)
        time.sleep(1)
        got = b"".join(iter(lambda: os.read(reading, 1 << 16), b""))
    os.close(reading)

    assert process.returncode == 0
    assert got.decode() == lca("factors", "list", "--csv", cwd=study.parent)[1]


@pytest.mark.parametrize("arguments", [("check",), ("run", "-o", "out"), ("explore", "-o", "page.html"), ("report", "-o", "page.html")], ids=lambda a: a[0])
def test_a_name_that_is_no_utf_8(arguments: tuple[str, ...], study: Path):
    """A file of another system, in Latin-1: it is read, and its name is written escaped."""
    name = os.fsencode(study.parent) + b"/caf\xe9.yaml"
    Path(os.fsdecode(name)).write_bytes(study.read_bytes())
    done = subprocess.run([*PROGRAM, arguments[0], b"caf\xe9.yaml", *arguments[1:]], cwd=study.parent, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    if arguments[0] == "run":
        assert b'"caf\\udce9.yaml"' in (study.parent / "out" / "result.json").read_bytes()


# --- no permission, no space


def without_privileges() -> None:
    """Take from a process of root's what lets root pass every permission; nothing changes for a plain user."""
    prctl = ctypes.CDLL(None).prctl
    for capability in (1, 2):  # linux/capability.h: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        prctl(24, capability, 0, 0, 0)  # linux/prctl.h: PR_CAPBSET_DROP


@pytest.mark.parametrize("made_before", [False, True])
def test_a_folder_that_may_not_be_written(made_before: bool, study: Path):
    """A read-only folder, or an output of ours made read-only: status 4, one line that names it, and all is as it was."""
    folder = study.parent / "shut"
    folder.mkdir()
    target = folder / "out"
    if made_before:
        assert lca("run", str(study), "-o", str(target), cwd=study.parent)[0] == 0
        folder = target
    before = kill._contents(study.parent)
    folder.chmod(0o555)
    try:
        answer = lca("run", str(study), "-o", str(target), cwd=study.parent, preexec_fn=without_privileges)
    finally:
        folder.chmod(0o755)

    assert answer == (4, "", f"{target}: error: cannot be written: Permission denied\n")
    assert kill._contents(study.parent) == before


def test_a_file_that_may_not_be_written(study: Path):
    """`new -o` into a read-only folder: status 4, one line, nothing there."""
    folder = study.parent / "shut"
    folder.mkdir(mode=0o555)
    answer = lca("new", "-o", str(folder / "new.yaml"), cwd=study.parent, preexec_fn=without_privileges)

    assert answer == (4, "", f"{folder / 'new.yaml'}: error: cannot be written: Permission denied\n")
    assert names(folder) == []


def test_a_scenario_that_may_not_be_read(study: Path):
    """Status 4 and one line."""
    study.chmod(0o000)
    status, out, err = lca("run", "study.yaml", cwd=study.parent, preexec_fn=without_privileges)

    assert (status, out) == (4, "")
    assert err.startswith("study.yaml: error: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("old", [False, True])
def test_a_file_that_may_not_grow(old: bool, study: Path):
    """`ulimit -f`: status 4, one line, the old folder as it was, nothing beside it."""
    if old:
        assert lca("run", "study.yaml", "-o", "out", "--seed", "1", cwd=study.parent)[0] == 0
    before = kill._contents(study.parent)
    answer = lca("run", "study.yaml", "-o", "out", cwd=study.parent, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))

    assert answer == (4, "", "out: error: cannot be written: File too large\n")
    assert kill._contents(study.parent) == before
    assert names(study.parent) == (["out", "study.yaml"] if old else ["study.yaml"])


def _mounting() -> Sequence[str] | None:
    """Return what runs a command where it may mount: as root, or in a user namespace; None where neither is possible."""
    for way in (["unshare", "-m"], ["unshare", "-rm"]):
        if subprocess.run([*way, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False).returncode == 0:
            return way
    return None


MOUNTING = _mounting()
SIZES = ["16k", "64k"] if MOUNTING else []
"""Of a disk that is too small for a result, and for two; where nothing may be mounted, `test_a_file_that_may_not_grow` stands alone."""


@pytest.mark.parametrize("size", SIZES)
def test_a_disk_that_is_full(size: str, study: Path):
    """A tiny disk: status 4, one line; what was there is there, whole, and nothing else."""
    (study.parent / "disk").mkdir()
    lines = (
        f"mount -t tmpfs -o size={size} tmpfs disk && cd disk\n"
        f"run() {{ '{sys.executable}' -m lca_ml run ../study.yaml -q -o out --seed $1 >/dev/null; echo $?; }}\n"
        "run 1; ls -A; sha256sum out/* 2>/dev/null | sha256sum\n"
        "dd if=/dev/zero of=rest bs=1k 2>/dev/null\n"
        "run 2; rm rest; ls -A; sha256sum out/* 2>/dev/null | sha256sum\n"
        f"'{sys.executable}' -c \"import kill; print(kill.whole('out'))\"\n"
    )
    assert MOUNTING is not None
    done = subprocess.run([*MOUNTING, "bash", "-c", lines], cwd=study.parent, env=HERE, capture_output=True, text=True, check=False)

    assert set(done.stderr.splitlines()) == {"out: error: cannot be written: No space left on device"}, done
    (
        first,
        *found,
    ) = done.stdout.split("\n")
    if first == "0":
        assert found[0] == "out"
        assert found[2:] == ["4", "out", found[1], "True", ""]
    else:
        assert found == [found[0], "4", found[0], "False", ""]


# --- two at once


def test_runs_at_once_into_one_folder(study: Path):
    """Four runs, four seeds, one folder: all answer 0, and the folder is one of the four, whole."""
    processes = [
        subprocess.Popen(
            [*PROGRAM, "run", "study.yaml", "-q", "-o", "out", "--seed", str(s)], cwd=study.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for s in range(4)
    ]
    said = [p.communicate()[1] for p in processes]
    assert [(p.returncode, text) for p, text in zip(processes, said, strict=True)] == [(0, "")] * 4

    result = json.loads((study.parent / "out" / "result.json").read_text())
    assert lca("run", "study.yaml", "-q", "-o", "alone", "--seed", str(result["provenance"]["seed"]), cwd=study.parent)[0] == 0
    assert kill._contents(study.parent / "out") == kill._contents(study.parent / "alone")
    assert names(study.parent) == ["alone", "out", "study.yaml"]


WRITERS = """\
import sys
from pathlib import Path
from steps import machine_of
from lca_ml.writing import write_file, write_folder

with machine_of(sys.argv[1]):
    for i in range(40):
        data = f"{sys.argv[2]} {i}".encode()
        write_folder(Path("out"), {"a": data, "charts/b": data, "c": data})
        write_file(Path("f"), data)
"""


@pytest.mark.parametrize("kind", ["linux", "no exchange"])
def test_writers_at_once(kind: str, tmp_path: Path):
    """Four processes write one folder and one file 40 times each: every write succeeds, and whoever looks sees one version.

    A reader that holds the folder open sees the three files of one write, or the folder already cleared away; where two names can be
    exchanged, the folder is never missing.
    """
    processes = [subprocess.Popen([sys.executable, "-c", WRITERS, kind, str(k)], cwd=tmp_path, env=HERE, stderr=subprocess.PIPE, text=True) for k in range(4)]
    looks = missing = 0
    while any(p.poll() is None for p in processes):
        if (tmp_path / "f").exists():
            looks += 1
            missing += not _consistent(tmp_path)
        time.sleep(0.001)

    assert [(p.returncode, p.communicate()[1]) for p in processes] == [(0, "")] * 4
    assert looks > 20
    assert not missing or kind != "linux"
    assert names(tmp_path) == ["f", "out"]
    assert len({(tmp_path / "out" / name).read_bytes() for name in ("a", "charts/b", "c")}) == 1


def _consistent(at: Path) -> bool:
    """Look at the folder and the file once: what is read must be of one write; whether the folder was there."""
    assert b" " in (at / "f").read_bytes()
    try:
        folder = os.open(at / "out", os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return False
    found = set()
    for name in ("a", "charts/b", "c"):
        try:
            with open(name, "rb", opener=lambda path, flags: os.open(path, flags, dir_fd=folder)) as file:
                found.add(file.read())
        except FileNotFoundError:  # cleared away while it was read
            break
    os.close(folder)
    assert len(found) <= 1
    return True


# --- killed


@pytest.mark.parametrize("command", kill.COMMANDS)
def test_killed_at_random_moments(command: str):
    """Kill -9 at two moments of a command: old or new, whole; after the next run nothing is left. `tests/faults/kill.py` takes a hundred."""
    found = kill.rounds(kill.COMMANDS[command], 2, signal.SIGKILL, old=command in kill.REPLACES)

    assert found["kills"] == 2
    assert found["old"] + found["new"] >= 2
    assert not kill.faults(found), found


# --- surroundings of figures


@pytest.mark.parametrize("home", ["/proc/none", "home"])
def test_a_figure_is_drawn_anywhere(home: str, study: Path):
    """A folder with a broken `matplotlibrc` of a stranger's, no home folder: the figure, not a word on stderr, nothing in the temporary folder."""
    (study.parent / "matplotlibrc").write_bytes(b"backend: \xff\xfe\nnonsense\nfont.size: 99\n")
    (study.parent / "scratch").mkdir()
    home = str(study.parent / home)  # an absolute one stays as it is
    plain = {k: v for k, v in os.environ.items() if k != "MPLCONFIGDIR"}
    answer = lca("chart", "study.yaml", "stages", "-q", "-o", "here.svg", cwd=study.parent, env=plain | {"HOME": home, "TMPDIR": str(study.parent / "scratch")})
    assert answer == (0, "", "")
    (study.parent / "matplotlibrc").unlink()
    assert lca("chart", "study.yaml", "stages", "-q", "-o", "there.svg", cwd=study.parent)[0] == 0

    assert (study.parent / "here.svg").read_bytes() == (study.parent / "there.svg").read_bytes()
    assert names(study.parent / "scratch") == []
