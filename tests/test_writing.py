"""Files and folders are written whole or not at all, and nothing of the user's is lost."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from lca_ml.errors import WorldError
from lca_ml.writing import write_file, write_folder

FILES = {"results.csv": b"a,b\n", "charts/stages.svg": b"<svg/>", "empty": b""}


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def failing(*_arguments: Any, **_keywords: Any) -> Any:
    raise OSError(28, "No space left on device")


def interrupted(*_arguments: Any, **_keywords: Any) -> Any:
    raise KeyboardInterrupt


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


@pytest.mark.parametrize("step", ["os.replace", "os.fsync", "os.chmod", "os.fdopen"])
@pytest.mark.parametrize("failure", [failing, interrupted])
def test_a_file_that_cannot_be_written_leaves_the_old_one(step: str, failure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Disk full or Ctrl-C at any step: the old bytes, and nothing else in the folder."""
    write_file(tmp_path / "a.csv", b"old")
    with monkeypatch.context() as broken:
        broken.setattr(step, failure)
        with pytest.raises((WorldError, KeyboardInterrupt)) as stopped:
            write_file(tmp_path / "a.csv", b"new")

    assert contents(tmp_path) == {"a.csv": b"old"}
    assert isinstance(stopped.value, KeyboardInterrupt if failure is interrupted else WorldError)


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


@pytest.mark.parametrize("failure", [failing, interrupted])
@pytest.mark.parametrize("old", [None, {"old.csv": b"old"}])
@pytest.mark.parametrize("step", ["pathlib.Path.open", "os.fsync", "pathlib.Path.chmod"])
def test_a_folder_that_cannot_be_written_leaves_what_was_there(
    step: str, old: dict[str, bytes] | None, failure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Disk full or Ctrl-C at a file, at the flush, at the permissions: the old folder or none, and nothing beside it."""
    if old is not None:
        write_folder(tmp_path / "out", old)
    before = contents(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(step, failure)
        with pytest.raises((WorldError, KeyboardInterrupt)):
            write_folder(tmp_path / "out", FILES)

    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ([] if old is None else ["out"])


@pytest.mark.parametrize("failure", [failing, interrupted])
@pytest.mark.parametrize("failed", [1, 2])
def test_a_folder_whose_rename_fails_is_put_back(failed: int, failure: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The old folder cannot be moved aside, or the new one cannot take its place: the old one is there and nothing stays beside it."""
    write_folder(tmp_path / "out", {"old.csv": b"old"})
    before, rename, calls = contents(tmp_path), Path.rename, []

    def one_fails(self: Path, target: Path) -> Path:
        calls.append(target)
        return failure() if len(calls) == failed else rename(self, target)

    monkeypatch.setattr(Path, "rename", one_fails)
    with pytest.raises((WorldError, KeyboardInterrupt)):
        write_folder(tmp_path / "out", FILES)

    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_failure_in_the_middle_of_many_files_leaves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The third of ten files cannot be flushed: none of the ten is there."""
    flushed: list[int] = []

    def third_fails(descriptor: int) -> None:
        flushed.append(descriptor)
        if len(flushed) == 3:
            failing()

    monkeypatch.setattr(os, "fsync", third_fails)
    with pytest.raises(WorldError, match="No space left"):
        write_folder(tmp_path / "out", {f"f{i}": b"x" for i in range(10)})

    assert len(flushed) == 3
    assert list(tmp_path.iterdir()) == []
