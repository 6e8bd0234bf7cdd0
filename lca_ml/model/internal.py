"""Names of quantities and streams that are made here: each holds a blank or a stroke, which no name of a user's does.

A name of a user's is read by `lca_ml.shapes.check_name`; a group's, which may hold blanks, must not hold a stroke.
"""

from __future__ import annotations

from lca_ml.words import _

REFERENCE = "reference flows"
"""The quantity: how many functional units the life cycle delivers."""

MARK = "/"
"""What is in every stream that is named here, and in no parameter and no group."""

_DEFAULT, _REGION = "default", "region"


def flow_name(name: str) -> str:
    """Return the name of a flow's amount where a quantity of the activity bears the flow's own."""
    return f"{name} flow"


def region_stream(owner: str) -> str:
    """Return the stream a region is drawn from: that of an activity or a flow, or of the study, which has no owner."""
    return f"{owner}{MARK}{_REGION}"


def default_stream(process: str, argument: str) -> str:
    """Return the stream of a process's default: one unknown, in whichever activity the default is left."""
    return f"{_DEFAULT}{MARK}{process}{MARK}{argument}"


def is_default(stream: str) -> bool:
    """Whether a stream is that of a process's default."""
    return stream.startswith(f"{_DEFAULT}{MARK}")


def stream_title(stream: str) -> str:
    """Return what people call a stream that is named here, the empty text for any other."""
    if is_default(stream):
        process, name = stream.split(MARK)[1:]
        return _("{name} (default of {process})").format(name=name, process=process)
    owner, mark, _what = stream.partition(MARK)
    return (f"{owner}.{_REGION}" if owner else _REGION) if mark else ""
