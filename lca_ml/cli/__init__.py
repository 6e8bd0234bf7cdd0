"""The commands, each a few lines over the rooms below: `lca-ml COMMAND …`.

A command's module is imported when it is called, so that `lca-ml --help` is quick and `check` never pays for what only charts need.
"""

from __future__ import annotations

import atexit
import errno
import gc
import importlib
import io
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from keyword import iskeyword
from typing import Any, NoReturn

import click

from lca_ml import __version__
from lca_ml.cli.language import asked, choose, chosen, in_language
from lca_ml.errors import LcaError, did_you_mean, reason
from lca_ml.words import _, later

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # looking for plugins reads the metadata of every package installed
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # nothing here gains by more, and where the system gives none it ends the process

COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("lca_ml.cli.start", later("print a commented scenario to start from")),
    "check": ("lca_ml.cli.study", later("all that can be known without computing")),
    "run": ("lca_ml.cli.study", later("compute the impacts, with 90 % intervals")),
    "explain": ("lca_ml.cli.study", later("where a number comes from: formula, values, sources")),
    "sensitivity": ("lca_ml.cli.dominance", later("which parameter dominates, in three senses")),
    "compare": ("lca_ml.cli.alternatives", later("files or variants on the same draws: how far apart, how often, why")),
    "sweep": ("lca_ml.cli.sweeps", later("a curve over one path, a map over two, and where two impacts break even")),
    "chart": ("lca_ml.cli.figures", later("one figure for a slide, a paper or a page, its data and alternative text beside it")),
    "explore": ("lca_ml.cli.exploring", later("the what-if page: a slider for each number, without a network")),
    "import": ("lca_ml.cli.start", later("measured runs, CodeCarbon's among them, as a scenario")),
    "resolve": ("lca_ml.cli.study", later("the final scenario, each value with its origin")),
    "report": ("lca_ml.cli.publishing", later("one file to send: HTML, Markdown, LaTeX or PDF")),
    "cite": ("lca_ml.cli.publishing", later("bibliography of lca-ml and of all a study rests on; the paragraph on methods")),
    "verify": ("lca_ml.cli.study", later("recompute published figures and compare")),
    "factors": ("lca_ml.cli.library", later("what the factor library holds")),
    "processes": ("lca_ml.cli.library", later("the pages of the process library")),
    "schema": ("lca_ml.cli.start", later("the JSON Schema of a scenario, for editors")),
    "doctor": ("lca_ml.cli.start", later("versions, hashes, extras, and lca-ml's own weight")),
}
"""Each command: the module that holds it, under its own name (`import_`, which Python keeps for itself), and its line in the help."""

OUR_BUG, INTERRUPTED = 70, 130
LONGEST_LINE = 400  # characters of what is said of a command line
NO_ROOM = re.compile("failed to map|[Cc]annot allocate memory")  # what the loader of shared libraries says where there is no memory


def imported(name: str) -> click.Command:
    """Return a command as it stands in its module, in English."""
    found = getattr(importlib.import_module(COMMANDS[name][0]), name + "_" * iskeyword(name))
    assert isinstance(found, click.Command)
    return found


class Commands(click.Group):
    """The group of all commands, imported one at a time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command in the language in force, importing its module; None where there is none."""
        return in_language(imported(cmd_name)) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command a line names; a misspelt one gets a suggestion."""
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            hint = did_you_mean(name, COMMANDS) or _("`lca-ml --help` lists the commands.")
            ctx.fail(_("{name} is not a command. {hint}").format(name=name, hint=hint))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(line)) for name, (_module, line) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}, invoke_without_command=False)
@click.version_option(__version__, "-V", "--version", prog_name="lca-ml", message="%(prog)s %(version)s")
@click.option(
    "--lang", type=click.Choice(["en", "fr"]), callback=chosen, is_eager=True, expose_value=False, help="language of messages (else LCA_ML_LANG, LANG)"
)
def cli() -> None:
    """Life-cycle assessment of machine-learning models.

    Write a scenario (`lca-ml new > study.yaml`), check it, run it.
    """


def main(signals: Sequence[str] = ()) -> NoReturn:
    """Run the command line of this process and exit with its status.

    signals   those that came so far. What fails after one is raised and not told: compiled code makes other exceptions of a signal, Python 3.11 a
              RuntimeError of one that comes while a class is made
    """
    gc.set_threshold(100_000)  # imports make many objects and no garbage: 20 ms of a command's 350
    choose(asked(sys.argv))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None where the shell closed it from the start
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # the same bytes under any locale
            with suppress(OSError, ValueError):  # Python drops what a pipe that does not wait has no room for
                os.set_blocking(stream.fileno(), True)
    try:
        answer = in_language(cli).main(standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        _leave(answer if isinstance(answer, int) else 0)
    except SystemExit:  # what click makes of a closed pipe
        _leave(0)
    except Exception as wrong:  # the one place where anything may be caught: a user never sees a traceback
        if signals:
            raise
        _leave(*_told(wrong))


def _leave(status: int, said: str = "") -> NoReturn:
    """Exit at once with a status, after saying why and flushing what can be flushed: a closed pipe is no error."""
    with suppress(OSError, ValueError):
        if said:
            click.echo(said.rstrip("\n"), err=True)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):
            pass
        except OSError:
            status = status or 4
    atexit._run_exitfuncs()  # what a library would leave in the temporary folder: matplotlib's, where it has no home
    os._exit(status)


def _told(wrong: Exception) -> tuple[int, str]:
    """Return the exit status and the lines of what ended a command; no lines where nothing is wrong."""
    if isinstance(wrong, click.exceptions.Exit):
        return wrong.exit_code, ""
    if isinstance(wrong, click.ClickException):
        said = io.StringIO()
        wrong.show(said)
        lines = (re.sub("^Error: ", "error: ", line) for line in said.getvalue().splitlines())  # click's own, begun as all others are
        return 2, "\n".join(line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 60]} … {line[-40:]}" for line in lines)
    if isinstance(wrong, LcaError):
        return wrong.exit_status, str(wrong)
    if isinstance(wrong, click.Abort):
        return INTERRUPTED, _("interrupted")
    if isinstance(wrong, BrokenPipeError):
        return 0, ""
    if isinstance(wrong, MemoryError):
        return 3, _("error: not enough memory; ask for fewer samples")
    return _unexpected(wrong)


def _unexpected(bug: Exception) -> tuple[int, str]:
    """Return the exit status and the line of what no command expected: no memory, the machine, or a mistake of our own."""
    if isinstance(bug, OSError) and bug.errno != errno.ENOMEM:
        return 4, _("error: cannot be written: {reason}").format(reason=reason(bug))
    if not _lacks_memory(bug):
        with suppress(MemoryError, ImportError):  # no room even for a report
            return OUR_BUG, _report(bug)
    return 3, _("error: not enough memory for the libraries this needs")


def _lacks_memory(bug: Exception) -> bool:
    """Say whether memory was missing: the system says so, the loader of libraries does, or, where it is limited, compiled code failed and gave no reason."""
    if isinstance(bug, ImportError):
        return NO_ROOM.search(str(bug)) is not None
    if isinstance(bug, SystemError):
        try:
            import resource
        except ImportError:
            return os.name == "posix"  # there is no memory even for this; Windows has no such module
        return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY
    return isinstance(bug, OSError)


def _report(bug: BaseException) -> str:
    """Write a report of our own mistake to a file and return the line that says where."""
    import tempfile
    import traceback

    try:
        with tempfile.NamedTemporaryFile("w", prefix="lca-ml-bug-", suffix=".txt", delete=False, encoding="utf-8") as out:
            out.write(f"lca-ml {__version__}, Python {sys.version}\n{' '.join(sys.argv)!r}\n\n")
            traceback.print_exception(bug, file=out)
        where = out.name
    except OSError:
        where = _("(no report could be written)")
    kind: Any = type(bug).__name__
    return _("error: a mistake of lca-ml itself ({kind}). A report lies at {where}; please send it to us.").format(kind=kind, where=where)
