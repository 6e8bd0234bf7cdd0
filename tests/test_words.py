"""The language in which things are said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from lca_ml import words
from lca_ml.words import LANGUAGES, _, count, current, later, speak


@pytest.fixture(autouse=True)
def english_afterwards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A French catalogue of one message in a folder of its own, and English again afterwards."""
    catalogue = Catalog(locale="fr")
    catalogue.add("two words", "deux mots")
    target = tmp_path / "fr" / "LC_MESSAGES" / "lca_ml.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as out:
        write_mo(out, catalogue)
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    for variable in ("LCA_ML_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    yield
    speak("en")


def test_english_is_spoken_where_nothing_is_asked():
    """No argument and no variable: en."""
    assert speak() == "en"
    assert current() == "en"


@pytest.mark.parametrize(
    ("asked", "spoken"), [("fr", "fr"), ("en", "en"), ("FR", "fr"), ("fr_CA.UTF-8", "fr"), ("de", "en"), ("C", "en"), ("tlh_XX", "en"), ("../../x", "en")]
)
def test_two_languages_are_spoken_and_all_others_answered_in_english(asked: str, spoken: str):
    """The first two letters decide, whatever stands behind them."""
    assert speak(asked) == spoken
    assert current() == spoken
    assert spoken in LANGUAGES


def test_the_variables_are_asked_in_order(monkeypatch: pytest.MonkeyPatch):
    """LCA_ML_LANG before LC_ALL before LC_MESSAGES before LANG; an empty one says nothing; an argument before all."""
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert speak() == "fr"
    monkeypatch.setenv("LC_MESSAGES", "en_GB")
    assert speak() == "en"
    monkeypatch.setenv("LC_ALL", "fr")
    assert speak() == "fr"
    monkeypatch.setenv("LCA_ML_LANG", "en")
    assert speak() == "en"
    monkeypatch.setenv("LCA_ML_LANG", "")
    assert speak() == "fr"
    assert speak("en") == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_without_a_translation_is_said_as_it_is(language: str):
    """What no catalogue holds comes back unchanged, in either language."""
    speak(language)

    assert _("a sentence no catalogue holds, 4711") == "a sentence no catalogue holds, 4711"
    assert later("a sentence no catalogue holds, 4711") == "a sentence no catalogue holds, 4711"


@pytest.mark.parametrize(("n", "said"), [(0, "0 zebras"), (1, "1 zebra"), (2, "2 zebras"), (1_000, "1,000 zebras")])
def test_a_message_that_counts_agrees_with_its_number(n: int, said: str):
    """English: one zebra, no zebras, two zebras."""
    assert speak("en") == "en"
    assert count("{n} zebra", "{n} zebras", n) == said


def test_french_needs_a_catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """With a catalogue messages are French; without one all is English, numbers included."""
    assert speak("fr") == "fr"
    assert _("two words") == "deux mots"
    monkeypatch.setattr(words, "LOCALE", tmp_path / "nowhere")
    assert speak("fr") == "en"
    assert _("two words") == "two words"
