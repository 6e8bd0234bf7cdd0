"""Seven doors, and any text or bytes behind them: answered, or refused in the words of lca-ml; what is accepted keeps its promises.

What must hold is written once, in `fuzz/properties.py`; the guided fuzzers of `fuzz/` hold the same. `LCA_ML_FUZZ=50` tries fifty times
as many texts, and others each time.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from conftest import documents, written
from fuzz.properties import TARGETS
from fuzz.seeds import PUBLICATION, dictionary, seeds
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_ml.expressions import FUNCTIONS
from lca_ml.units import unit, vocabulary

TIMES = int(os.environ.get("LCA_ML_FUZZ", "1"))
SECONDS = 10
"""What one text may take of the processor; the slowest takes a tenth of a second."""

longer: dict[str, Any] = {"derandomize": False} if TIMES > 1 else {}
few, some, many = (settings(max_examples=n * TIMES, **longer) for n in (30, 100, 250))

FLOATS = st.floats(1e-6, 1e6).map(lambda x: f"{x:.4g}")
NAMES = st.sampled_from(sorted({n for n in vocabulary().names if unit(n).scale < 1e20}))
UNITS = st.recursive(
    NAMES,
    lambda u: st.one_of(
        st.tuples(u, st.sampled_from("*/·"), u).map("".join),
        st.tuples(NAMES, st.sampled_from(("**2", "^2", "**-1", "**3"))).map("".join),
        u.map(lambda inner: f"({inner})"),
    ),
    max_leaves=4,
).filter(lambda text: len(text) <= 60 and text.count("*") + text.count("^") <= 4)
NUMBERS = st.one_of(st.integers(-999, 999).map(str), FLOATS, FLOATS.map("-{}".format), st.just("433_196"), st.just("1e-12"), st.just("-0"))
QUANTITIES = NUMBERS | st.tuples(NUMBERS, st.sampled_from((" ", "  ")), UNITS.filter(lambda u: u[0] != "(") | st.just("%")).map("".join)
FORMULAS = st.recursive(
    st.sampled_from(("x", "it_energy", "training.run.hours", "e2", "E", "2", "0.5", "1e3", "0")),
    lambda f: st.one_of(
        st.tuples(f, st.sampled_from(("+", " - ", "*", " / ", "-", "  * ")), f).map("".join),
        st.tuples(f.map(lambda inner: f"({inner})"), st.sampled_from((" ** 2", "**-1", "**(1/3)", "**0.5"))).map("".join),
        f.map(lambda inner: f"(-{inner})"),
        f.map(lambda inner: f"( +{inner} )"),
        st.tuples(st.sampled_from(FUNCTIONS), f).map(lambda c: f"{c[0]}({c[1]})"),
        st.lists(f, min_size=2, max_size=3).map(lambda a: f"max({', '.join(a)})"),
    ),
    max_leaves=8,
)


@st.composite
def leaves(draw: st.DrawFn) -> str:
    """Draw a distribution that is right: its parameters in order, some of them by name, and a unit behind it."""
    low, mode, high = sorted(draw(st.lists(st.floats(0.01, 1e4).map(lambda x: float(f"{x:.4g}")), min_size=3, max_size=3, unique=True)))
    sign = draw(st.sampled_from((1, -1)))
    gsd, share = draw(st.floats(1, 20)), draw(st.floats(0.02, 0.98))
    ordered = sorted((sign * low, sign * mode, sign * high))
    cut = draw(st.sampled_from(("", f", min={low:g}", f", max={high:g}", f", min={low:g}, max={high:g}")))
    text = draw(
        st.sampled_from(
            (
                f"uniform({ordered[0]:g}, {ordered[2]:g})",
                f"loguniform(low={low:g},high={high:g})",
                f"triangular( {ordered[0]:g} , mode={ordered[1]:g}, high={ordered[2]:g})",
                f"pert({ordered[0]:g}, {ordered[1]:g}, {ordered[2]:g})",
                f"normal({mode:g}, {high - low:g}{cut})",
                f"lognormal(median={mode:g}, gsd={gsd:.4g}{cut})",
                f"beta({share:.4g}, {0.3 * share * (1 - share):.4g})",
                f"choice({high:g}=0.5, {low:g}=0.25, {mode:g}=0.25)",
                "empirical(power.csv, watt)",
                f"{ordered[0]:g} to {ordered[2]:g}",
                f"uniform(-{share:.2%}, +{gsd:.2f} %)".replace("%,", " %,"),
            )
        )
    )
    return text + draw(st.sampled_from(("", " kWh", " %", " kgCO2e/(GPU*h)"))) if "%" not in text else text


@st.composite
def publications(draw: st.DrawFn) -> str:
    """Draw a factor file that is right: rows of different flows and years."""
    head = "".join(PUBLICATION.splitlines(keepends=True)[:6])
    years = draw(st.lists(st.integers(1990, 2030), unique=True, max_size=5))
    value, spread = draw(FLOATS), draw(st.sampled_from(("", "lognormal(gsd=1.2)", '"uniform(-10 %, +10 %)"', '"normal(sd=5 %)"')))
    measures = {"climate_change": "gCO2e/kWh", "water_use": "L/kWh", "primary_energy": "MJ/kWh"}
    chosen = draw(st.sampled_from(sorted(measures)))
    place = draw(st.sampled_from(("FR", "GLO", "US-CAMX", "DE")))
    return head + "".join(f'electricity,{place},{y},{chosen},{value},{measures[chosen]},{spread},"p. {y}, a","said ""so"""\n' for y in years)


# Without "(": in flow style a plain text with an open bracket is refused, as its comma would end it.
TREES = st.recursive(
    st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="("), max_size=12)
    | st.sampled_from(("NO", "010", "1e6", "null", "a: b", "- x", "#", "'", "", "a\nb\n")),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcxyz_-é ", min_size=1, max_size=8).filter(lambda key: key == key.strip()), inner, max_size=3)
    ),
    max_leaves=10,
)


@st.composite
def yamls(draw: st.DrawFn) -> str:
    """Draw a YAML text that is right, in one of the styles YAML has."""
    tree = {"a": draw(TREES), "b": draw(TREES)}
    style, flow = draw(st.sampled_from((None, '"', "'", "|", ">"))), draw(st.sampled_from((True, False, None)))
    return yaml.safe_dump(tree, default_style=style, default_flow_style=flow, allow_unicode=draw(st.booleans()), width=draw(st.sampled_from((20, 200))))


RIGHT: dict[str, tuple[st.SearchStrategy[str], settings]] = {
    "reader": (yamls(), many),
    "quantity": (QUANTITIES, many),
    "unit": (UNITS, many),
    "expression": (FORMULAS, many),
    "distribution": (leaves(), many),
    "factors": (publications(), some),
    "check": (documents().map(written), few),
}
"""For each door, texts that are right, and how many are tried."""


@st.composite
def mangled(draw: st.DrawFn, door: str) -> bytes:
    """Draw what is nearly right: a right text in which some pieces are cut out, doubled, or replaced by a word of the language or by any bytes."""
    data = draw(st.sampled_from(seeds(door)) | RIGHT[door][0].map(lambda text: text.encode("utf-8", "surrogateescape")))
    for _change in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(start + draw(st.integers(0, 12)), len(data))
        piece = draw(st.sampled_from((b"", data[start:end] * 2)) | st.sampled_from(WORDS[door]) | st.binary(max_size=6))
        data = data[:start] + piece + data[end:]
    return data


WORDS = {door: [line[1:-1].encode().decode("unicode_escape").encode("latin-1") for line in dictionary(door).splitlines()] for door in TARGETS}


def answered(door: str, data: bytes) -> bool:
    """Whether a door accepts some bytes. Raises where its promises are broken, and where it has not answered in time."""
    earlier = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return TARGETS[door](data)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, earlier)


def _too_slow(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"not answered in {SECONDS} s")


def test_a_door_that_hangs_is_noticed(monkeypatch: pytest.MonkeyPatch):
    """The limit of time can be exceeded: an endless loop is stopped and told."""
    monkeypatch.setitem(TARGETS, "reader", lambda _data: _forever())
    monkeypatch.setattr("test_fuzz.SECONDS", 0.05)
    with pytest.raises(TimeoutError, match="not answered"):
        answered("reader", b"")


def _forever() -> bool:
    while True:
        pass


def _tests_of(door: str) -> tuple[Callable[[], None], Callable[[], None]]:
    texts, size = RIGHT[door]

    @size
    @given(texts)
    def right(text: str) -> None:
        assert answered(door, text.encode("utf-8", "surrogateescape"))

    @size
    @given(mangled(door) | st.binary(max_size=60))
    def hostile(data: bytes) -> None:
        answered(door, data)

    return right, hostile


@pytest.mark.parametrize("door", TARGETS)
def test_what_the_grammar_allows_is_accepted_and_keeps_its_promises(door: str):
    """Texts made by the grammar itself: none is refused."""
    _tests_of(door)[0]()


@pytest.mark.parametrize("door", TARGETS)
def test_what_is_nearly_right_is_answered(door: str):
    """Texts with pieces cut out, doubled or replaced, and any bytes: an answer or a refusal, never another exception."""
    _tests_of(door)[1]()


FOUND = {
    "a choice written out of order": ("distribution", b"choice(3=0.5, 1=0.25, 2=0.25) GPU", True),
    "a lognormal whose draws overflow": ("distribution", b"lognormal(1e300, 1e10)", False),
    "a lognormal whose draws would overflow, cut below that": ("distribution", b"lognormal(1e300, 1e10, max=1e301)", True),
    "a lognormal whose draws underflow": ("distribution", b"lognormal(1e300, 1e100, max=11300)", False),
    "a normal whose draws overflow": ("distribution", b"normal(1e308, 1e308)", False),
    "a stage that is a text beside one that is right": (
        "check",
        b"lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\nparameters: {e: 1 kWh}\n"
        b"stages: {training: {flows: {electricity: e}}, inference: none}\n",
        False,
    ),
    "factors that are a text": (
        "check",
        b"lca_ml: 1\ntitle: t\nfunctional_unit: 1 model\nregion: FR\nyear: 2024\nparameters: {e: 1 kWh}\n"
        b"stages: {training: {flows: {electricity: e}}}\nfactors: none\n",
        False,
    ),
    "a key with nothing behind it, written out again": ("reader", b"a:\nb: ''\nc: ['', x]\n", True),
}
"""What fuzzing has found, once mended: the door, the bytes, and whether they are accepted."""


@pytest.mark.parametrize("find", FOUND)
def test_what_was_found_once_stays_mended(find: str):
    """Each find is tried again, with all the door promises; what is said about it is tested beside the code it was found in."""
    door, data, accepted = FOUND[find]
    assert answered(door, data) is accepted
