"""Build the documentation as a site that is read without a network: `python docs/build.py [FOLDER]`, `build/site` where none is named.

Needs the packages of the extra `docs`. A warning of Sphinx, and a file of the site that would fetch something from outside, are mistakes.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sphinx.cmd.build import main as sphinx

HERE = Path(__file__).parent
LANGUAGES = {"en": "English", "fr": "Français"}
FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*\b(?:src|data)=\"(?:https?:)?//[^\"]*\"|<link\b[^>]*\bhref=\"(?:https?:)?//[^\"]*\""
)
FETCHED_BY_STYLE = re.compile(r"(?:url\(|@import\s+)[\"']?(?:https?:)?//[^)\"';]*")
DOOR = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>lca-ml</title></head><body><main><h1>lca-ml</h1><ul>{links}</ul></main></body></html>
"""


def main(arguments: Sequence[str]) -> int:
    """Build both languages and the page that leads to them; answer 1 where Sphinx warns or the site would fetch from outside."""
    site = Path(arguments[0]) if arguments else HERE.parent / "build" / "site"
    shutil.rmtree(site, ignore_errors=True)
    for language in LANGUAGES:
        options = ["-b", "html", "-q", "-W", "--keep-going", "-D", f"language={language}", "-d", str(site / ".read" / language)]
        if sphinx([*options, str(HERE), str(site / language)]):
            return 1
    shutil.rmtree(site / ".read")
    links = "".join(f'<li><a href="{code}/index.html" hreflang="{code}" lang="{code}">{name}</a></li>' for code, name in LANGUAGES.items())
    (site / "index.html").write_text(DOOR.format(links=links), encoding="utf-8")
    fetched = list(fetched_from_outside(site))
    for path, what in fetched:
        print(f"{path}: fetches {what}")
    return 1 if fetched else 0


def fetched_from_outside(site: Path) -> Iterator[tuple[Path, str]]:
    """Yield what the files of a site would fetch from another place when they are read: scripts, images, styles, fonts. A link is no fetch."""
    for path in sorted(site.rglob("*")):
        pattern = {".html": FETCHED, ".css": FETCHED_BY_STYLE}.get(path.suffix)
        for found in pattern.finditer(path.read_text(encoding="utf-8")) if pattern else ():
            yield path.relative_to(site), found[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
