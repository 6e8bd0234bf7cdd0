"""First on PYTHONPATH: writes what a program does beyond computing, one line each, to the file that LCA_ML_AUDIT names.

Watched: networks, other programs, pickles, foreign libraries, code made at run time, and files that are written, renamed, removed or linked.
"""

import os
import sys

WATCHED = frozenset(
    {
        "ctypes.dlopen",
        "ftplib.connect",
        "os.chmod",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.link",
        "os.posix_spawn",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.system",
        "pickle.find_class",
        "smtplib.connect",
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "urllib.Request",
        "webbrowser.open",
    }
)


def seen(event, args):
    """Return the line an event is worth, None where it is worth none."""
    if event in WATCHED:
        return f"{event} {args!r}"
    if event == "open" and len(args) > 2:
        mode, flags = args[1], args[2]
        writes = any(c in mode for c in "wax+") if isinstance(mode, str) else bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC))
        return f"write {args[0]!r}" if writes else None
    if event == "compile" and args[1] is not None:
        source, file = (a.decode("utf-8", "replace") if isinstance(a, bytes) else str(a) for a in args[:2])
        return f"compile {file} {source[:2000]!r}" if file.startswith("<") and not file.startswith("<frozen") else None
    if event == "exec" and getattr(args[0], "co_filename", "") in ("<unknown>", "<formula>"):
        return f"exec {args[0].co_filename}"  # what ast.parse gives is never run
    return None


def watch(path):
    """Write every line to the file, from now on and for good."""
    out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event, args):
        line = seen(event, args)
        if line is not None:
            os.write(out, line[:3000].encode("utf-8", "backslashreplace") + b"\n")

    sys.addaudithook(hook)


if os.environ.get("LCA_ML_AUDIT"):
    watch(os.environ["LCA_ML_AUDIT"])
