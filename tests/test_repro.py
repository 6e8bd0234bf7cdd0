"""The same bytes under circumstances that must not matter: all of them at once, in three mixtures; `tests/repro.py` takes one at a time."""

from __future__ import annotations

import pytest
from repro import COMMANDS, SCENARIOS, Circumstance, differing, made_locales, outcome, together


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_bytes_everywhere(command: str):
    """Hash seed, time zone, locale, encoding, threads, home, width, umask, working folder, order of folders, -OO, workers, blocks: 0 bytes differ."""
    plain = outcome(SCENARIOS[0], command, Circumstance("plain"))
    assert plain["status"] == b"0"
    assert "out/result.json" in plain or plain["stdout"]

    with made_locales() as locales:
        for mixture in together(locales):
            assert not differing(plain, outcome(SCENARIOS[0], command, mixture)), mixture.name


def test_a_difference_is_seen():
    """Another scenario is another answer: the comparison can fail."""
    plain, other = (outcome(scenario, "check --json", Circumstance("plain")) for scenario in SCENARIOS)

    assert set(differing(plain, other)) == {"stdout"}
    assert differing(plain, {}) == {"status": 1, "stdout": len(plain["stdout"])}
