"""Draw the figures of the gallery: `python docs/gallery.py [NAME…]`; `--check` answers 1 where one is not what its command draws today.

The figures are listed in `making/figures.py`. A NAME is a part of the name of a file; without one, all are drawn.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from making.figures import FIGURES, GALLERY
from making.replay import drawn


def main(arguments: Sequence[str]) -> int:
    """Draw the figures that are out of date, or with --check only name them and answer 1."""
    asked = [a for a in arguments if not a.startswith("--")]
    stale = 0
    for figure in FIGURES:
        if asked and not any(a in figure.name for a in asked):
            continue
        path, text = GALLERY / f"{figure.name}.svg", drawn(figure.command)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        click.echo(f"{path.name} {'is out of date' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            GALLERY.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        click.echo("run: python docs/gallery.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
