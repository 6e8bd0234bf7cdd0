"""Options several commands share, and how a scenario is loaded from a command line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lca_ml.cli.language import chosen
from lca_ml.documents import LARGEST_FILE, decode
from lca_ml.errors import Finding, UsageError, WorldError, did_you_mean, reason, shown
from lca_ml.words import _, grouped

if TYPE_CHECKING:
    from lca_ml.factors import Indicator

F = TypeVar("F", bound=Callable[..., Any])


def _note(ctx: click.Context, parameter: click.Parameter, given: bool) -> None:
    ctx.meta[f"lca_ml.{parameter.name}"] = given


def quiet() -> bool:
    """Return whether only what was asked for is to be said (-q)."""
    return bool(click.get_current_context().meta.get("lca_ml.quiet"))


def verbose() -> bool:
    """Return whether much is to be said (-v)."""
    return bool(click.get_current_context().meta.get("lca_ml.verbose"))


def shared(command: F) -> F:
    """Add the options every command has: --lang, -q, -v."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, callback=_note, expose_value=False, help="say more"),
        click.option("-q", "--quiet", is_flag=True, callback=_note, expose_value=False, help="say only what was asked for"),
        click.option(
            "--lang", type=click.Choice(["en", "fr"]), callback=chosen, is_eager=True, expose_value=False, help="language of messages (else LCA_ML_LANG, LANG)"
        ),
    ):
        command = option(command)
    return command


def output(_ctx: click.Context, _parameter: click.Parameter, given: str | None) -> str | None:
    """Return where an option says to write, as it stands; refuse what is empty, as an unset variable of a script is."""
    if given is not None and not given.strip():
        raise click.BadParameter(_("it is empty: name a file or a folder"))
    return given


def spare(file: str, *targets: str | Path | None) -> None:
    """Raise UsageError where one of the files to be written is the one that is read; None and `-` are standard output."""
    for target in (Path(t) for t in targets if t not in (None, "-")):
        if target.exists() and Path(file).exists() and target.samefile(file):
            message = _("{name} is the file that is read; nothing was written").format(name=shown(str(target), 120))
            raise UsageError(Finding("output", message, None, _("Name another file.")))


def on_terminal() -> bool:
    """Return whether standard output is a terminal; it may be closed, and there is none then."""
    return sys.stdout is not None and sys.stdout.isatty()


@contextmanager
def progress(title: str, length: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal while something lasts, nothing elsewhere; yields what to call with the steps done."""
    if sys.stderr is None or not sys.stderr.isatty() or quiet():
        yield lambda _steps: None
        return
    with click.progressbar(length=length, label=title, file=sys.stderr) as shown:
        yield shown.update


def composed(command: F) -> F:
    """Add the options that change a scenario: --set and --variant."""
    for option in (
        click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help="change one value, e.g. --set pue=1.2 (may be repeated)"),
        click.option("--variant", "variants", multiple=True, metavar="NAME[,NAME]", help="apply variants of the file, left to right"),
    ):
        command = option(command)
    return command


def drawn(command: F) -> F:
    """Add the options of a command that draws: --samples and --seed."""
    for option in (
        click.option("--seed", metavar="N", default="42", callback=whole_number(0), help="where the random numbers start", show_default=True),
        click.option("--samples", metavar="N", default="10_000", callback=whole_number(2, MOST_SAMPLES), help="how many draws", show_default=True),
    ):
        command = option(command)
    return command


def names(given: Iterable[str]) -> list[str]:
    """Return the names of options that may be repeated or joined with commas."""
    return [n.strip() for text in given for n in text.split(",") if n.strip()]


def text_of(file: str) -> str | None:
    """Return what standard input holds where the file is `-`, None otherwise."""
    if file != "-":
        return None
    try:
        data = sys.stdin.buffer.read(LARGEST_FILE + 1)
    except (OSError, AttributeError) as refused:  # AttributeError: the shell closed it from the start, and there is none
        why = reason(refused) if isinstance(refused, OSError) else _("it is closed")
        raise WorldError(Finding("stdin", _("standard input cannot be read: {reason}").format(reason=why))) from None
    if len(data) > LARGEST_FILE:
        raise UsageError(Finding("file-size", _("standard input holds more than {limit} bytes").format(limit=grouped(LARGEST_FILE))))
    return decode(data, "stdin")


MOST_SAMPLES = 1_000_000_000
"""Draws of one command: minutes of computing, and digits nobody can tell apart."""


def whole_number(low: int, high: int = 2**63 - 1) -> Callable[[click.Context, click.Parameter, str | None], int | None]:
    """Return a reader of an option that takes a whole number from `low` to `high`; 1e6 and 1_000_000 are whole numbers."""

    def read(_ctx: click.Context, _parameter: click.Parameter, given: str | None) -> int | None:
        if given is None:
            return None
        try:
            value = float(given.replace("_", ""))
            if value != int(value) or value < low:
                raise ValueError
        except (ValueError, OverflowError):
            raise click.BadParameter(_("a whole number of at least {low} is wanted, not {given}").format(low=low, given=given)) from None
        if value > high:
            raise click.BadParameter(_("{given} is too large: the limit is {limit}").format(given=shown(given, 30), limit=grouped(high)))
        return int(value)

    return read


def indicators_asked(known: Sequence[Indicator], asked: str | None) -> tuple[Indicator, ...]:
    """Return the indicator asked for, none where none is. Raises UsageError for one there is not."""
    ids = [i.id for i in known]
    if asked is not None and asked not in ids:
        hint = did_you_mean(asked, ids) or ", ".join(ids)
        raise UsageError(Finding("indicator", _("{name} is an unknown indicator").format(name=shown(asked, 30)), None, hint))
    return tuple(i for i in known if i.id == asked)
