"""Write what of the documentation is made from the package: `python docs/generate.py`; `--check` answers 1 where a page is out of date.

Made are: whole pages (`making/pages.py` and one for each process), the parts of other pages between `<!-- made: NAME -->` and
`<!-- end -->` (`making/parts.py`), and what stands under each command of a ```console block (`making/replay.py`). A page `NAME.fr.md`
is made in French. The figures of the gallery are drawn by `python docs/gallery.py`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from making.pages import PAGES
from making.parts import PARTS
from making.replay import FENCE, file_of, replayed

from lca_ml import processes
from lca_ml.pages import markdown
from lca_ml.words import speak, speaking

__all__ = ["FENCE", "documents", "file_of", "main"]

HERE = Path(__file__).parent
NOTE = "<!-- Made by docs/generate.py; change the package, not this page. -->\n\n"
PART = re.compile(r"(?P<head><!-- made: (?P<name>\w+)(?: (?P<of>[\w-]+))? -->\n).*?(?P<foot><!-- end -->)", re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """Write the pages that are out of date, or with --check only name them and answer 1."""
    speak("en")
    stale = [(path, text) for path, text in documents() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        click.echo(f"{path.relative_to(HERE.parent)} {'is out of date' if '--check' in arguments else 'written'}")
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if "--check" in arguments and stale:
        click.echo("run: python docs/generate.py")
        return 1
    return 0


def documents() -> Iterator[tuple[Path, str]]:
    """Yield every page that is made, in whole or in part, with the text it should hold."""
    for name, make in PAGES.items():
        yield HERE / name, NOTE + make()
    for process in processes.ids():
        yield HERE / "processes" / f"{process}.md", NOTE + markdown(process, processes.page(process))
    whole = {HERE / name for name in PAGES}
    for path in sorted({*HERE.glob("*.md"), HERE.parent / "README.md", HERE.parent / "README.fr.md"} - whole):
        if path.exists():
            with speaking("fr" if path.name.endswith(".fr.md") else "en"):
                text = replayed(parted(path.read_text(encoding="utf-8")))
            yield path, text


def parted(text: str) -> str:
    """Return a page with its made parts made again."""
    return PART.sub(lambda found: f"{found['head']}{PARTS[found['name']](*filter(None, [found['of']]))}{found['foot']}", text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
