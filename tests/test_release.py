"""What a release is made of: locked dependencies, the same bytes each time."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-ci.txt": sum((PROJECT["optional-dependencies"][extra] for extra in ("dev", "docs")), PROJECT["dependencies"]),
}


def locked(name: str) -> dict[str, list[Requirement]]:
    """Return the requirements of a lock file by name; each is followed by the hashes of its files."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found: dict[str, list[Requirement]] = {}
    for line in re.findall(r"^[a-z0-9].*$", text, re.MULTILINE):
        requirement = Requirement(line.rstrip(" \\"))
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


@pytest.mark.parametrize("name", LOCKED)
def test_every_dependency_is_locked(name: str):
    """Each dependency of pyproject.toml, at a version it allows; where one is not: run .ci/lock."""
    found = locked(name)
    for wanted in map(Requirement, LOCKED[name]):
        versions = found.get(canonicalize_name(wanted.name), [])
        assert versions, f"{wanted.name} is not in {name}: run .ci/lock"
        for requirement in versions:
            assert next(iter(requirement.specifier)).version in wanted.specifier, f"{requirement}: run .ci/lock"


@pytest.mark.parametrize("name", LOCKED)
def test_every_package_has_one_version_and_its_hashes(name: str):
    """`==`, and SHA-256 of each file; no address of a place to get it from."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]

    assert len(blocks) == sum(map(len, locked(name).values()))
    for block in blocks:
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]*( ; .+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", block), block.splitlines()[0]
    assert "://" not in text
    assert not re.search(r"^--?\w", text, re.MULTILINE)


def test_what_runs_is_locked_alike_for_users_and_for_tests():
    """A version tested is the version installed."""
    run, tests = locked("requirements.txt"), locked("requirements-ci.txt")

    assert {name: list(map(str, versions)) for name, versions in run.items()} == {name: list(map(str, tests[name])) for name in run}


def test_the_package_is_built_twice_alike(tmp_path: Path):
    """Wheel and source distribution, under another umask, time zone, locale and hash seed: the same SHA-256."""
    built = []
    for i, (umask, variables) in enumerate(((0o022, {"TZ": "UTC"}), (0o077, {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "1"}))):
        out = tmp_path / str(i)
        command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
        subprocess.run(command, cwd=ROOT, env={"PATH": "", "SOURCE_DATE_EPOCH": "1577836800", **variables}, umask=umask, check=True, capture_output=True)
        built.append({p.name: p.read_bytes() for p in out.iterdir()})

    assert {Path(name).suffix for name in built[0]} == {".whl", ".gz"}
    assert built[0] == built[1]
