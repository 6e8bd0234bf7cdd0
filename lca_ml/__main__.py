"""The door: the command `lca-ml`, and `python -m lca_ml`. It hears signals before anything else is imported."""

import atexit
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself takes milliseconds in which a signal would be answered by Python
    from types import FrameType
    from typing import NoReturn

ENDINGS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
"""The signals that end a run, each with the exit status a shell expects of it: 128 and the signal's number."""

PATIENCE = 1.5  # seconds for what a run removes on its way out
ending: list[str] = []  # the signals that came; the first one counts


class Ended(BaseException):
    """A signal came: whatever goes on is given up, temporary files are removed on the way out."""


def main() -> "NoReturn":
    """Run the command line of this process and exit with its status; a signal ends it with one line."""
    try:
        for name in ENDINGS:
            number = getattr(signal, name, None)  # there is no SIGHUP on Windows
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup, and jobs of a script, have them ignored
                signal.signal(number, _end)
        sys.unraisablehook = _unraisable
        from lca_ml.cli import main

        main(ending)
    except Ended as ended:
        _leave(str(ended))
    except KeyboardInterrupt:
        _leave("SIGINT")
    except Exception as mistake:
        if ending:
            _leave(ending[0])  # what Python or compiled code made of the signal
        if not isinstance(mistake, (MemoryError, SystemError)):
            raise
        try:
            os.write(2, b"error: not enough memory\n")  # not even for the words of another language
        finally:
            os._exit(3)


def _end(number: int, _frame: "FrameType | None") -> None:
    """Give up what goes on; a second signal changes nothing. What is not over soon, as something swallowed the first, is left where it is."""
    ending.append(signal.Signals(number).name)
    if len(ending) > 1:
        return
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda _number, _frame: _leave(ending[0]))
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    raise Ended(ending[0])


def _unraisable(lost: "sys.UnraisableHookArgs") -> None:
    """Leave where a signal came in the middle of what cannot raise: a finaliser, a callback of a weak reference.

    Of memory that is missing there nothing is said: what needed it fails by itself.
    """
    if isinstance(lost.exc_value, Ended):
        _leave(str(lost.exc_value))
    if not isinstance(lost.exc_value, MemoryError):
        sys.__unraisablehook__(lost)


def _leave(name: str) -> "NoReturn":
    """Exit at once: threads still at work, and what waits for a pipe nobody reads, are left where they are."""
    ending.append(name)  # whatever comes now is no longer heard
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        from lca_ml.words import _

        os.write(2, f"{_('interrupted') if name == 'SIGINT' else _('terminated')}\n".encode())
    except OSError:
        pass
    atexit._run_exitfuncs()
    os._exit(ENDINGS[name])


if __name__ == "__main__":
    main()
