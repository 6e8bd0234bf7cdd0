"""The language of the command line: help texts stand in English beside their options and are translated where they are shown."""

from __future__ import annotations

import copy
import gettext
import inspect
import os
import re
from collections.abc import Callable

import click

from lca_ml.words import LOCALE, _, current, speak

CLICK = "click"
"""The domain of click's own messages ("Usage", "No such option"), which click looks up by the standard library's gettext."""


def choose(language: str | None = None) -> None:
    """Choose the language of all this process says, click's own messages included; None asks the environment (see `words.speak`)."""
    if speak(language) == "en":
        gettext.textdomain("messages")  # the standard library's default, for which there is no catalogue
        return
    gettext.bindtextdomain(CLICK, str(LOCALE))
    gettext.textdomain(CLICK)
    os.environ["LANGUAGE"] = current()  # what gettext asks first


def chosen(_ctx: click.Context, _parameter: click.Parameter, language: str | None) -> None:
    """Follow the option --lang."""
    if language:
        choose(language)


def asked(arguments: list[str]) -> str | None:
    """Return the language named anywhere on the line, so that even its mistakes are told in it."""
    for i, word in enumerate(arguments):
        if word == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


def in_language(command: click.Command) -> click.Command:
    """Return a command whose help is in the language in force; the command itself in English."""
    return command if current() == "en" else translated(command, _)


def translated(command: click.Command, say: Callable[[str], str]) -> click.Command:
    """Return a copy of a command, its subcommands and parameters, each text a user reads of it put through `say`."""
    out = copy.copy(command)
    out.help = say(_prose(command.help)) if command.help else None
    out.params = [_parameter(p, say) for p in command.params]
    if isinstance(out, click.Group):
        out.subcommand_metavar = say(out.subcommand_metavar)
        out.commands = {name: translated(c, say) for name, c in out.commands.items()}
    return out


def _prose(docstring: str) -> str:
    """Return a docstring as paragraphs, each on one line: however its lines are broken, it is the same message."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(docstring))


def _parameter(given: click.Parameter, say: Callable[[str], str]) -> click.Parameter:
    out = copy.copy(given)
    out.metavar = say(given.metavar) if given.metavar else None
    if isinstance(out, click.Option) and out.help:
        out.help = say(out.help)
    return out
