"""The door: the command `lca-ml`, and `python -m lca_ml`. It hears signals before anything else is imported."""

import atexit
import os
import signal
from types import FrameType
from typing import NoReturn

ENDINGS = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}
"""The signals that end a run, each with the exit status a shell expects of it: 128 and the signal's number."""


class Ended(BaseException):
    """A signal came: whatever goes on is given up, temporary files are removed on the way out."""


def main() -> NoReturn:
    """Run the command line of this process and exit with its status; a signal ends it with one line."""
    try:
        for name in ENDINGS:
            number = getattr(signal, name, None)  # there is no SIGHUP on Windows
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup, and jobs of a script, have them ignored
                signal.signal(number, _end)
        from lca_ml.cli import main

        main()
    except Ended as ended:
        _leave(str(ended))
    except KeyboardInterrupt:
        _leave("SIGINT")


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    raise Ended(signal.Signals(number).name)


def _leave(name: str) -> NoReturn:
    """Exit at once: threads still at work, and what waits for a pipe nobody reads, are left where they are."""
    try:
        from lca_ml.words import _

        os.write(2, f"{_('interrupted') if name == 'SIGINT' else _('terminated')}\n".encode())
    except OSError:
        pass
    atexit._run_exitfuncs()
    os._exit(ENDINGS[name])


if __name__ == "__main__":
    main()
