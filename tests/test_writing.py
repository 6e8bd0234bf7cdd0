"""Files and folders are written whole or not at all, and nothing of the user's is lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from lca_ml.errors import Finding, Place, WorldError
from lca_ml.writing import check_folder, machine, manifest, outputs, temporary, write_file, write_files, write_folder
from lca_ml.writing.machine import exchange, lock, named

FILES = {"results.csv": b"a,b\n", "charts/stages.svg": b"<svg/>", "empty": b""}


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def failing(*_arguments: Any, **_keywords: Any) -> Any:
    raise OSError(28, "No space left on device")


def test_a_file_is_written_as_it_was_given(tmp_path: Path):
    """The bytes, none added, and no temporary file beside them."""
    write_file(tmp_path / "a.csv", b"1,2\r\n\0\xff")

    assert contents(tmp_path) == {"a.csv": b"1,2\r\n\0\xff"}


def test_a_file_is_replaced(tmp_path: Path):
    """A shorter text leaves nothing of the longer one."""
    write_file(tmp_path / "a.csv", b"a long text")
    write_file(tmp_path / "a.csv", b"b")

    assert contents(tmp_path) == {"a.csv": b"b"}


def test_a_file_may_be_read_as_the_users_other_files(tmp_path: Path):
    """With the mask 027 it is rw-r-----, not the rw------- of a temporary file."""
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a.csv", b"x")
        write_folder(tmp_path / "out", FILES)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "out" / "results.csv").stat().st_mode) == 0o640


def test_the_reason_of_the_machine_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The finding names the file and says what the machine said, with exit status 4."""
    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(WorldError, match="No space left on device") as stopped:
        write_file(tmp_path / "a.csv", b"new")

    assert stopped.value.findings[0].place.file == str(tmp_path / "a.csv")
    assert stopped.value.exit_status == 4


@pytest.mark.parametrize("name", ["missing/a.csv", "folder", "x" * 300, "folder/../nope/a.csv", "a\0b", "folder/" + "x" * 300])
def test_a_file_with_no_place_to_go_is_refused(name: str, tmp_path: Path):
    """No such folder, a folder of that name, a name too long: an error of the world, and nothing is left."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(WorldError):
        write_file(tmp_path / name, b"x")
    assert contents(tmp_path) == {}


def test_a_link_to_a_file_is_replaced_and_not_followed(tmp_path: Path):
    """What the link pointed at stays as it was."""
    (tmp_path / "precious").write_bytes(b"mine")
    (tmp_path / "a.csv").symlink_to(tmp_path / "precious")
    write_file(tmp_path / "a.csv", b"new")

    assert contents(tmp_path) == {"a.csv": b"new", "precious": b"mine"}
    assert not (tmp_path / "a.csv").is_symlink()


@pytest.mark.parametrize("kind", ["pipe", "null"])
def test_a_device_or_a_pipe_is_not_replaced(kind: str, tmp_path: Path):
    """`-o /dev/null`, as root, would otherwise take the device of everybody away."""
    path = tmp_path / kind
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/null")

    with pytest.raises(WorldError, match="a device or a pipe") as stopped:
        write_file(path, b"x")
    assert stopped.value.findings[0].code == "file-kind"
    assert not path.is_file()


def test_a_folder_is_written_with_a_manifest_of_its_files(tmp_path: Path):
    """The file manifest.json lists each other file with its SHA-256, in the order of their names."""
    write_folder(tmp_path / "out", FILES)
    found = contents(tmp_path / "out")
    manifest = json.loads(found.pop("manifest.json"))

    assert found == FILES
    assert manifest["schema"] == "lca-ml/manifest@1"
    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    assert list(manifest["files"]) == sorted(FILES)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_the_same_files_give_the_same_bytes(tmp_path: Path):
    """Written in another order and elsewhere, the folder is the same, manifest included."""
    write_folder(tmp_path / "a", FILES)
    write_folder(tmp_path / "b", dict(reversed(FILES.items())))

    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_of_ours_is_replaced_as_a_whole(tmp_path: Path):
    """What the first run wrote and the second does not is gone, with its subfolder."""
    write_folder(tmp_path / "out", FILES)
    write_folder(tmp_path / "out", {"other.csv": b"new"})

    assert set(contents(tmp_path / "out")) == {"other.csv", "manifest.json"}
    assert not (tmp_path / "out" / "charts").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_an_empty_folder_is_filled(tmp_path: Path):
    """A folder somebody made for the purpose is no obstacle."""
    (tmp_path / "out").mkdir()
    write_folder(tmp_path / "out", FILES)

    assert set(contents(tmp_path / "out")) == {*FILES, "manifest.json"}


@pytest.mark.parametrize("foreign", ["notes.txt", ".hidden", "charts/mine.svg", "deep/er/x"])
def test_a_folder_that_holds_a_foreign_file_is_left_alone(foreign: str, tmp_path: Path):
    """The name of the file nobody here wrote is said, and every byte stays."""
    write_folder(tmp_path / "out", FILES)
    mine = tmp_path / "out" / foreign
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_bytes(b"mine")
    before = contents(tmp_path)

    with pytest.raises(WorldError, match=foreign.replace(".", r"\.")) as stopped:
        write_folder(tmp_path / "out", {"other.csv": b"new"})
    assert stopped.value.findings[0].code == "output-foreign"
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"schema": "lca-ml/manifest@1"}',
        b'{"schema": "other", "files": {"mine": ""}}',
        b'{"schema": "lca-ml/manifest@1", "files": 5}',
        b"\xff\xfe",
    ],
)
def test_a_manifest_that_is_not_ours_vouches_for_nothing(manifest: bytes, tmp_path: Path):
    """Somebody else's manifest.json is a foreign file like any other."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "manifest.json").write_bytes(manifest)
    (tmp_path / "out" / "mine").write_bytes(b"mine")

    with pytest.raises(WorldError, match="mine"):
        write_folder(tmp_path / "out", FILES)
    assert contents(tmp_path / "out") == {"manifest.json": manifest, "mine": b"mine"}


def test_a_link_is_not_followed(tmp_path: Path):
    """To a folder, an empty one or nowhere: refused, and nothing is written where it points."""
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")

    for name in ("out", "dangling"):
        with pytest.raises(WorldError, match="is a link"):
            write_folder(tmp_path / name, FILES)
    assert contents(tmp_path) == {}


def test_a_link_inside_a_folder_of_ours_is_foreign(tmp_path: Path):
    """A link nobody here made is not removed, nor is what it points at."""
    write_folder(tmp_path / "out", FILES)
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "x").write_bytes(b"mine")
    (tmp_path / "out" / "link").symlink_to(tmp_path / "precious")

    with pytest.raises(WorldError, match="link"):
        write_folder(tmp_path / "out", {"other.csv": b"new"})
    assert (tmp_path / "precious" / "x").read_bytes() == b"mine"
    assert (tmp_path / "out" / "link").is_symlink()


@pytest.mark.parametrize("name", [".", "out/..", "/"])
def test_a_folder_that_cannot_be_exchanged_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The folder one stands in would be another afterwards, and the shell would stand in one that is gone."""
    (tmp_path / "here" / "out").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")

    with pytest.raises(WorldError, match="Name a folder in it") as stopped:
        write_folder(Path(name), FILES)
    assert stopped.value.findings[0].code == "output-in-use"
    assert contents(tmp_path) == {}


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_folder_with_an_impossible_name_is_refused(name: str, tmp_path: Path):
    """NUL, or more letters than a name may have: an error of the world, and nothing is left."""
    with pytest.raises(WorldError, match="cannot be written"):
        write_folder(tmp_path / name, FILES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../escape", "../../escape", "a/../../escape", "/tmp/escape", "", ".", "manifest.json", "./manifest.json"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str, tmp_path: Path):
    """Nor may a file take the place of the manifest; nothing is written at all."""
    (tmp_path / "in").mkdir()

    with pytest.raises(WorldError) as stopped:
        write_folder(tmp_path / "in" / "out", {"a.csv": b"x", name: b"y"})
    assert stopped.value.findings[0].code == "output-name"
    assert contents(tmp_path) == {}
    assert list((tmp_path / "in").iterdir()) == []


@pytest.mark.parametrize("edited", ["results.csv", "charts/stages.svg", "empty", "manifest.json"])
def test_a_file_the_user_changed_is_foreign(edited: str, tmp_path: Path):
    """A table somebody corrected by hand is no longer what was written: it is named and kept."""
    write_folder(tmp_path / "out", FILES)
    (tmp_path / "out" / edited).write_bytes(b"mine")
    before = contents(tmp_path)

    with pytest.raises(WorldError, match=edited.replace(".", r"\.")) as stopped:
        write_folder(tmp_path / "out", FILES)
    assert stopped.value.findings[0].code == "output-foreign"
    assert contents(tmp_path) == before


def test_a_file_the_user_deleted_is_no_obstacle(tmp_path: Path):
    """What is left is as it was written, so that the folder may be replaced."""
    write_folder(tmp_path / "out", FILES)
    (tmp_path / "out" / "results.csv").unlink()
    write_folder(tmp_path / "out", FILES)

    assert set(contents(tmp_path / "out")) == {*FILES, "manifest.json"}


@pytest.mark.parametrize(("name", "code"), [("file", "output-file"), ("missing/out", "output-parent"), ("file/out", "output-parent")])
def test_a_folder_with_no_place_to_go_is_refused(name: str, code: str, tmp_path: Path):
    """A file of that name, or no folder to put it in."""
    (tmp_path / "file").write_bytes(b"mine")

    with pytest.raises(WorldError) as stopped:
        write_folder(tmp_path / name, FILES)
    assert stopped.value.findings[0].code == code
    assert contents(tmp_path) == {"file": b"mine"}


@pytest.mark.parametrize("foreign", [False, True])
def test_what_would_be_refused_is_known_before(foreign: bool, tmp_path: Path):
    """`check_folder` says what `write_folder` would say, and touches nothing: for before a calculation of an hour."""
    write_folder(tmp_path / "out", FILES)
    if foreign:
        (tmp_path / "out" / "mine").write_bytes(b"mine")
    before = contents(tmp_path)

    if foreign:
        with pytest.raises(WorldError, match="mine"):
            check_folder(tmp_path / "out")
    else:
        check_folder(tmp_path / "out")
        check_folder(tmp_path / "new")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("exchanges", [True, False])
def test_what_appears_while_a_folder_is_written_is_not_lost(exchanges: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A note saved into the old folder after it was found to be ours, and before it is replaced: refused, old folder and note are there."""
    write_folder(tmp_path / "out", FILES)
    before = contents(tmp_path)
    check = outputs.check_folder

    def check_and_then_a_note(path: Path) -> None:
        check(path)
        (path / "note").write_bytes(b"mine")

    monkeypatch.setattr(outputs, "check_folder", check_and_then_a_note)
    if not exchanges:
        monkeypatch.setattr(outputs, "exchange", lambda one, other: False)
    with pytest.raises(WorldError, match="note"):
        write_folder(tmp_path / "out", {"other.csv": b"new"})

    assert contents(tmp_path) == {**before, "out/note": b"mine"}
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_another_run_holds_is_waited_for_and_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A run that is stopped while it puts its output in place: after ten seconds (here none), one line, and all is as it was."""
    monkeypatch.setattr(outputs, "PATIENCE", 0.0)
    write_folder(tmp_path / "out", FILES)
    before = contents(tmp_path)
    held = lock(tmp_path / "out")
    try:
        with pytest.raises(WorldError, match="another process is writing this folder") as stopped:
            write_folder(tmp_path / "out", {"other.csv": b"new"})
    finally:
        os.close(held)
    assert stopped.value.findings[0].code == "output-busy"
    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


LEFT = ".lca-ml-0123456789abcdef"
"""The name of what a killed run might leave, without its ending."""


def test_what_a_killed_run_left_is_swept(tmp_path: Path):
    """A file, an empty folder, a folder with some of what its manifest lists: gone with the next output written beside them."""
    write_folder(tmp_path / f"{LEFT}.tmp", FILES)
    (tmp_path / f"{LEFT}.tmp" / "results.csv").unlink()
    (tmp_path / ".lca-ml-0123456789abcde0.tmp").mkdir()
    (tmp_path / ".lca-ml-0123456789abcde1.tmp").write_bytes(b"torn")
    (tmp_path / ".lca-ml-0123456789abcde2.old").mkdir()
    write_file(tmp_path / "a.csv", b"new")

    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_what_a_living_run_holds_is_not_swept(tmp_path: Path):
    """Its lock says that it lives."""
    write_folder(tmp_path / f"{LEFT}.tmp", FILES)
    before = contents(tmp_path)
    held = lock(tmp_path / f"{LEFT}.tmp")
    write_file(tmp_path / "a.csv", b"new")
    os.close(held)

    assert contents(tmp_path) == {**before, "a.csv": b"new"}


def test_what_was_moved_aside_is_put_back(tmp_path: Path):
    """A run killed between the two renames left the old folder aside: the next run gives it back, even one that writes something else."""
    write_folder(tmp_path / "out", FILES)
    before = contents(tmp_path)
    (tmp_path / f"{LEFT}.old").mkdir()
    (tmp_path / "out").rename(tmp_path / f"{LEFT}.old" / "out")
    write_file(tmp_path / "a.csv", b"new")

    assert contents(tmp_path) == {**before, "a.csv": b"new"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "out"]


def test_what_was_moved_aside_meets_another_run_on_its_way_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The place was free when it was looked at, and is taken when the old folder is put back: that of the other run stays, no error."""
    write_folder(tmp_path / "out", {"new.csv": b"new"})
    after = contents(tmp_path)
    (tmp_path / f"{LEFT}.old").mkdir()
    write_folder(tmp_path / f"{LEFT}.old" / "out", FILES)
    monkeypatch.setattr(os.path, "lexists", lambda _path: False)
    temporary._put_back(tmp_path / f"{LEFT}.old")

    assert contents(tmp_path) == after
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_another_run_moves_while_its_rights_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What is missing for a moment is not what may not be written."""
    write_folder(tmp_path / "out", FILES)
    answers = iter([False])
    real = os.access
    monkeypatch.setattr(os, "access", lambda *asked: next(answers, None) is None and real(*asked))

    check_folder(tmp_path / "out")


def test_what_was_moved_aside_and_replaced_is_removed(tmp_path: Path):
    """A run killed after the second rename left the old folder aside: the new one stays, the old one goes."""
    write_folder(tmp_path / "out", {"new.csv": b"new"})
    after = contents(tmp_path)
    (tmp_path / f"{LEFT}.old").mkdir()
    write_folder(tmp_path / f"{LEFT}.old" / "out", FILES)
    write_file(tmp_path / "a.csv", b"new")

    assert contents(tmp_path) == {**after, "a.csv": b"new"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "out"]


def test_nothing_of_the_users_is_swept(tmp_path: Path):
    """Other names, links, pipes, and in a folder of such a name whatever no manifest vouches for: every byte stays."""
    for name in (".lca-ml-notes.tmp", ".lca-ml-0123456789ABCDEF.tmp", f"{LEFT}.tmp.bak", f"x{LEFT}.tmp", ".lca-ml"):
        (tmp_path / name).write_bytes(b"mine")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "x").write_bytes(b"mine")
    (tmp_path / f"{LEFT}.tmp").symlink_to(tmp_path / "precious")
    (tmp_path / f"{LEFT}.old").symlink_to(tmp_path / "precious")
    os.mkfifo(tmp_path / ".lca-ml-0123456789abcde0.tmp")
    inner = tmp_path / ".lca-ml-0123456789abcde1.tmp"
    write_folder(inner, FILES)
    (inner / "mine").write_bytes(b"mine")
    (inner / "results.csv").write_bytes(b"mine: edited")
    (inner / "link").symlink_to(tmp_path / "precious")
    before = {name: data for name, data in contents(tmp_path).items() if b"mine" in data}
    write_file(tmp_path / "a.csv", b"new")

    assert before.items() <= contents(tmp_path).items()
    assert len(before) == 8
    assert {p.name for p in inner.iterdir()} == {"mine", "results.csv", "link"}
    assert (tmp_path / ".lca-ml-0123456789abcde0.tmp").is_fifo()
    assert all((tmp_path / f"{LEFT}{kind}").is_symlink() for kind in (".tmp", ".old"))


def test_a_manifest_cannot_point_the_sweep_elsewhere(tmp_path: Path):
    """A leftover made by a stranger, whose manifest names a file outside and one behind a link, with their right SHA-256: both stay."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "x").write_bytes(b"mine")
    digest = hashlib.sha256(b"mine").hexdigest()
    trap = tmp_path / f"{LEFT}.tmp"
    trap.mkdir()
    (trap / "link").symlink_to(tmp_path / "precious")
    (trap / "manifest.json").write_text(json.dumps({"schema": "lca-ml/manifest@1", "files": {"../precious/x": digest, "link/x": digest, "link": digest}}))
    write_file(tmp_path / "a.csv", b"new")

    assert (tmp_path / "precious" / "x").read_bytes() == b"mine"
    assert (trap / "link").is_symlink()


def said(write: Any) -> Finding:
    """Return the one finding something is refused with."""
    with pytest.raises(WorldError) as stopped:
        write()
    (finding,) = stopped.value.findings
    return finding


def test_each_refusal_of_an_output_is_told_in_full(tmp_path: Path):
    """Code, words, place and hint of whatever stands in the way."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "theirs").mkdir()
    for i in range(6):
        (tmp_path / "theirs" / f"{i}.txt").touch()
    at = {name: Place(str(tmp_path / name)) for name in ("folder", "file", "link", "pipe", "theirs", "no/out", "out")}

    assert said(lambda: write_file(tmp_path / "folder", b"")) == Finding("file-folder", "this is a folder (directory), not a file", at["folder"])
    assert said(lambda: write_file(tmp_path / "pipe", b"")) == Finding("file-kind", "this is a device or a pipe, not a file", at["pipe"])
    assert said(lambda: check_folder(tmp_path / "..")) == Finding(
        "output-in-use", "this folder cannot be replaced as a whole", Place(str(tmp_path / "..")), "Name a folder in it."
    )
    assert said(lambda: write_folder(tmp_path / "link", {})) == Finding(
        "output-link", "the output folder is a link; it is not followed", at["link"], "Name the folder itself."
    )
    assert said(lambda: write_folder(tmp_path / "file", {})) == Finding("output-file", "a file of this name exists already", at["file"], "Name a folder.")
    assert said(lambda: write_folder(tmp_path / "no" / "out", {})).code == "output-parent"
    assert said(lambda: write_folder(tmp_path / "no" / "out", {})).place == at["no/out"]
    assert said(lambda: write_folder(tmp_path / "theirs", {})) == Finding(
        "output-foreign",
        "the folder is not empty and holds what lca-ml did not write, or what was changed since: 0.txt, 1.txt, 2.txt, 3.txt, 4.txt",
        at["theirs"],
        "Name a new folder; nothing was overwritten.",
    )
    assert said(lambda: write_folder(tmp_path / "out", {"../x": b""})) == Finding("output-name", "../x is not a name for a file of this folder", at["out"])
    assert said(lambda: write_file(tmp_path / "a\0b", b"")) == Finding(
        "output", "cannot be written: the name is not one a file can have", Place(str(tmp_path / "a\0b"))
    )


@pytest.mark.parametrize("exchanges", [True, False])
def test_what_is_foreign_at_the_last_moment_is_told_at_the_output(exchanges: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The place is the folder that was asked for, and not the temporary one in which the file was found."""
    write_folder(tmp_path / "out", FILES)
    (tmp_path / "out" / "mine.txt").touch()
    monkeypatch.setattr(outputs, "check_folder", lambda _path: None)
    if not exchanges:
        monkeypatch.setattr(outputs, "exchange", lambda *_: False)
    found = said(lambda: write_folder(tmp_path / "out", FILES))

    assert (found.code, found.place) == ("output-foreign", Place(str(tmp_path / "out")))
    assert found.message.endswith("since: mine.txt")
    assert (tmp_path / "out" / "mine.txt").exists()


def test_what_the_machine_answers_is_passed_on_by_an_exchange(tmp_path: Path):
    """Two names that are not there: error 2 in the words of the system, and not merely that it cannot be done."""
    with pytest.raises(FileNotFoundError) as refused:
        exchange(tmp_path / "a", tmp_path / "b")

    assert (refused.value.errno, refused.value.strerror) == (errno.ENOENT, os.strerror(errno.ENOENT))


def test_a_new_file_may_be_run_by_nobody(tmp_path: Path):
    """With the mask 022 it is rw-r--r--, and a name that exists is not opened."""
    before = os.umask(0o022)
    try:
        os.close(named(tmp_path / "a"))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644
    with pytest.raises(FileExistsError):
        named(tmp_path / "a")


def test_a_machine_that_knows_no_files_without_a_name_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """MacOS has no such flag, and some file systems refuse it; other refusals are passed on."""
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    assert machine.nameless(tmp_path) is None
    monkeypatch.setattr(os, "O_TMPFILE", 0, raising=False)
    assert machine.nameless(tmp_path) is None  # a folder opened like a file: EISDIR, as an old kernel answers
    with pytest.raises(FileNotFoundError):
        machine.nameless(tmp_path / "missing")


def test_a_machine_that_cannot_exchange_names_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A C library without the call, and a kernel that does not know the flag: False, and both names are what they were."""
    write_file(tmp_path / "a", b"a")
    write_file(tmp_path / "b", b"b")
    monkeypatch.setattr(machine, "RENAME_EXCHANGE", 1 << 30)
    assert exchange(tmp_path / "a", tmp_path / "b") is False
    monkeypatch.setattr(machine.ctypes, "CDLL", lambda *_, **__: object())
    assert exchange(tmp_path / "a", tmp_path / "b") is False

    assert contents(tmp_path) == {"a": b"a", "b": b"b"}


def test_what_was_opened_is_held_only_while_its_name_is_its_own(tmp_path: Path):
    """Something else under the name, or nothing: another run was there."""
    write_file(tmp_path / "a", b"a")
    write_file(tmp_path / "b", b"b")
    descriptor = os.open(tmp_path / "a", os.O_RDONLY)
    try:
        machine.hold(descriptor, tmp_path / "a")
        for other in ("b", "missing"):
            with pytest.raises(BlockingIOError) as refused:
                machine.hold(descriptor, tmp_path / other)
            assert refused.value.errno == errno.EAGAIN
    finally:
        os.close(descriptor)


def test_a_folder_that_cannot_be_looked_into_is_not_taken_for_an_empty_one(tmp_path: Path):
    """What the machine refuses while names are listed is passed on."""
    with pytest.raises(FileNotFoundError):
        manifest.foreign(tmp_path / "missing")


def test_a_folder_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Root is refused nothing, so the answer of the system is given here."""
    (tmp_path / "out").mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = said(lambda: write_folder(tmp_path / "out", FILES))

    assert found.code == "output"
    assert os.strerror(errno.EACCES) in found.message


def test_a_run_that_was_quicker_is_no_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Between two looks another run moves the old folder: once it is busy, once it is gone, then the name is free."""
    write_folder(tmp_path / "out", FILES)
    answers = [BlockingIOError(), FileNotFoundError()]

    def held(path: Path) -> int:
        wrong = answers.pop(0)
        if not answers:
            shutil.rmtree(path)
        raise wrong

    monkeypatch.setattr(outputs, "lock", held)
    write_folder(tmp_path / "out", {"new.txt": b"new"})

    assert answers == []
    assert set(contents(tmp_path / "out")) == {"new.txt", "manifest.json"}


def test_a_fresh_folder_that_was_swept_away_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Who removes a temporary folder of ours while we write is no run of ours: the machine's words are passed on."""
    write_folder(tmp_path / "out", FILES)

    def held(_path: Path) -> int:
        for fresh in tmp_path.glob(".lca-ml-*"):
            shutil.rmtree(fresh)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    monkeypatch.setattr(outputs, "lock", held)

    assert os.strerror(errno.ENOENT) in said(lambda: write_folder(tmp_path / "out", FILES)).message
    assert set(contents(tmp_path / "out")) == {*FILES, "manifest.json"}


def test_a_temporary_name_that_another_run_took_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Swept away as it was made, then held by who sweeps, then ours; after a hundred names that exist the machine's words are passed on."""
    opening, holding = os.open, machine.hold
    trouble = ["gone", "held"]

    def opened(path: Any, *more: Any, **others: Any) -> int:
        if trouble[:1] == ["gone"] and ".tmp" in str(path):
            trouble.pop(0)
            raise FileNotFoundError
        return opening(path, *more, **others)

    def held(descriptor: int, path: Path | None = None) -> None:
        if trouble[:1] == ["held"] and path is not None:
            trouble.pop(0)
            raise BlockingIOError
        holding(descriptor, path)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(temporary, "hold", held)
    write_folder(tmp_path / "out", FILES)
    assert trouble == []

    def taken(_path: Path) -> int:
        raise FileExistsError

    monkeypatch.setattr(temporary, "_made", taken)
    assert os.strerror(errno.EEXIST) in said(lambda: write_folder(tmp_path / "other", FILES)).message


# --- what strangers and accidents leave in the way


def test_a_link_where_something_was_moved_aside_is_not_followed(tmp_path: Path):
    """A folder named like one of ours, out of an archive, whose link names an output elsewhere: that one keeps its files."""
    write_folder(tmp_path / "elsewhere", FILES)
    before = contents(tmp_path / "elsewhere")
    write_folder(tmp_path / "out", FILES)
    left = tmp_path / f".lca-ml-{'0' * 16}.old"
    left.mkdir()
    (left / "out").symlink_to("../elsewhere")
    write_file(tmp_path / "a.csv", b"x")

    assert contents(tmp_path / "elsewhere") == before
    assert len(contents(tmp_path / "out")) == len(FILES) + 1


@pytest.mark.parametrize("kind", ["pipe", "endless", "huge"])
def test_what_stands_in_place_of_a_manifest_is_not_read(kind: str, tmp_path: Path):
    """A pipe nobody writes to, a device without end, a file of a terabyte: the folder is somebody's, in it and among what is swept."""
    for folder in (tmp_path / "out", tmp_path / f".lca-ml-{'0' * 16}.tmp"):
        folder.mkdir()
        path = folder / "manifest.json"
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "endless":
            path.symlink_to("/dev/zero")
        else:
            path.touch()
            os.truncate(path, 1 << 40)
    write_file(tmp_path / "a.csv", b"x")

    with pytest.raises(WorldError, match=r"what lca-ml did not write.*manifest\.json"):
        write_folder(tmp_path / "out", FILES)
    assert os.path.lexists(tmp_path / f".lca-ml-{'0' * 16}.tmp" / "manifest.json")


def test_an_empty_folder_of_the_users_is_not_removed(tmp_path: Path):
    """It is named, like a file of theirs; a folder of ours that was emptied is not."""
    write_folder(tmp_path / "out", FILES)
    (tmp_path / "out" / "mine" / "deep").mkdir(parents=True)
    with pytest.raises(WorldError, match="since: mine/deep"):
        write_folder(tmp_path / "out", FILES)
    (tmp_path / "out" / "mine" / "deep").rmdir()
    (tmp_path / "out" / "mine").rmdir()
    (tmp_path / "out" / "charts" / "stages.svg").unlink()
    write_folder(tmp_path / "out", FILES)

    assert (tmp_path / "out" / "charts" / "stages.svg").exists()


def test_a_folder_in_an_output_that_may_not_be_changed_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its files could not be removed once they were replaced: refused, and nothing is left beside."""
    write_folder(tmp_path / "out", FILES)
    before = contents(tmp_path)
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("charts") and allowed(path, mode))

    with pytest.raises(WorldError, match="Permission denied"):
        write_folder(tmp_path / "out", {"a": b"x"})
    assert contents(tmp_path) == before


def test_what_is_mounted_in_an_output_is_somebodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A folder on another device is named and not gone into."""
    write_folder(tmp_path / "out", FILES)
    real = Path.stat

    def elsewhere(path: Path, **more: Any) -> os.stat_result:
        found = list(real(path, **more))
        return os.stat_result([*found[:2], found[2] + (path.name == "charts"), *found[3:]])

    monkeypatch.setattr(Path, "stat", elsewhere)

    assert manifest.foreign(tmp_path / "out") == ["charts"]


def test_permissions_are_handed_on(tmp_path: Path):
    """What its owner made private stays so when it is replaced; a link hands on nothing."""
    write_file(tmp_path / "a.csv", b"old")
    write_folder(tmp_path / "out", FILES)
    (tmp_path / "a.csv").chmod(0o600)
    (tmp_path / "out").chmod(0o700)
    (tmp_path / "b.csv").symlink_to("a.csv")
    for name in ("a.csv", "b.csv"):
        write_file(tmp_path / name, b"new")
    write_folder(tmp_path / "out", FILES)

    modes = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.csv", "b.csv", "out")}
    assert (modes["a.csv"], modes["out"]) == (0o600, 0o700)
    assert modes["b.csv"] & 0o044


def test_of_two_who_want_a_new_file_one_gets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A file that comes into being between the look and the writing is not replaced, on file systems without hard links too."""
    write_file(tmp_path / "a.yaml", b"first", new=True)
    for _round in range(2):
        with pytest.raises(WorldError, match=r"File exists|Operation not permitted"):
            write_file(tmp_path / "a.yaml", b"second", new=True)
        assert contents(tmp_path) == {"a.yaml": b"first"}
        monkeypatch.setattr(temporary, "nameless", lambda folder: None)
        monkeypatch.setattr(os, "link", lambda *where, **how: failing_with(errno.EPERM))
    write_file(tmp_path / "b.yaml", b"new", new=True)

    assert contents(tmp_path) == {"a.yaml": b"first", "b.yaml": b"new"}


def failing_with(number: int) -> Any:
    raise OSError(number, os.strerror(number))


def test_several_files_are_written_or_none(tmp_path: Path):
    """The last one cannot be: those before it are as they were, and no folder is left that was made for them."""
    write_file(tmp_path / "a.svg", b"old")
    (tmp_path / "b.svg").mkdir()
    with pytest.raises(WorldError, match=r"b\.svg: error: this is a folder"):
        write_files({tmp_path / "a.svg": b"new", tmp_path / "figures" / "new" / "c.svg": b"new", tmp_path / "b.svg": b"new"})

    assert contents(tmp_path) == {"a.svg": b"old"}
    assert not (tmp_path / "figures").exists()


def test_without_proc_files_have_names_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """In a sandbox without /proc a file without a name could never get one."""
    monkeypatch.setattr(machine.Path, "exists", lambda path: str(path) != "/proc/self/fd")

    assert machine.nameless(tmp_path) is None
