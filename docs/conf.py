"""The configuration of Sphinx, for both languages: `python docs/build.py` builds `build/site/en` and `build/site/fr` with it.

A page is `NAME.md`; its French twin, where there is one, is `NAME.fr.md` beside it, so that both can be read on a forge and link to each
other. The French site takes the twin in the place of the page, under the same name: links from one page to the next hold in either
site, and the link that changes the language leads to the same page. What has no twin (the reference of commands, units, processes) is
English in both.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from lca_ml import __version__

HERE = Path(__file__).parent
OTHER_LANGUAGE = re.compile(r"^\*\[(?:En français|In English)\]\([\w./-]+\)\*\n\n", re.MULTILINE)

project, author, release = "lca-ml", "lca-ml", __version__
language = "en"  # the other build says -D language=fr
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["**.fr.md", "*.fr.md", "_*"]
locale_dirs = ["_locale"]
templates_path = ["_templates"]

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
myst_dmath_double_inline = True

html_theme = "furo"
html_title = f"lca-ml {__version__}"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_math_renderer = "mathml"
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/language.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

NAVIGATION = {
    ("First steps", "Premiers pas"): ("getting_started", "studies", "gallery"),
    ("Writing a study", "Écrire une étude"): ("language", "processes/index", "units", "factors", "importing"),
    ("What comes out", "Ce qui en sort"): ("results", "charts", "report", "explore", "sensitivity"),
    ("What it rests on", "Sur quoi cela repose"): ("methodology", "glossary", "published", "article", "limits", "robustness"),
    ("Looking up and adding", "Consulter, ajouter"): ("commands", "extending", "building", "dependencies"),
}
"""The pages by chapter, as the side bar lists them; a page that does not exist is passed over."""

ENGLISH_ONLY = {
    page: title
    for page, title in {
        "processes/index": "Processus",
        "units": "Unités",
        "published": "Empreintes publiées",
        "report": "Rapport",
        "explore": "Page d’exploration",
        "importing": "Mesures",
        "limits": "Limites",
        "robustness": "Robustesse",
        "commands": "Commandes",
        "building": "Construire ces pages",
        "dependencies": "Dépendances",
    }.items()
    if not (HERE / f"{page}.fr.md").exists()
}
"""What the French side bar calls the pages that have no twin."""


def setup(app: Sphinx) -> None:
    """Connect what makes a site of the pages: the twin in place of a page, the side bar, formulas as MathML."""
    app.connect("source-read", _in_the_language_of_the_site)
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_displayed, None))  # type: ignore[arg-type]
    app.add_lexer("csv", TextLexer)


def _in_the_language_of_the_site(app: Sphinx, name: str, source: list[str]) -> None:
    """Put the French twin in the place of a page, take out the link to the other language (the side bar has it), add chapters to the index."""
    twin = HERE / f"{name}.fr.md"
    french = app.config.language == "fr"
    if french and twin.exists():
        source[0] = twin.read_text(encoding="utf-8")
        app.env.note_dependency(str(twin))
    source[0] = OTHER_LANGUAGE.sub("", source[0]).replace(".fr.md", ".md")
    if name == "index":
        source[0] += "".join(_chapter(titles[french], pages, french) for titles, pages in NAVIGATION.items())
    if name == "processes/index":
        source[0] += "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"


def _chapter(title: str, pages: tuple[str, ...], french: bool) -> str:
    listed = "\n".join(f"{ENGLISH_ONLY[p]} (en anglais) <{p}>" if french and p in ENGLISH_ONLY else p for p in pages if (HERE / f"{p}.md").exists())
    return f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n{listed}\n```\n"


def _inline(writer: Any, node: nodes.math) -> None:
    """Write a formula within a line. MathML needs no script and nothing from outside; browsers draw it."""
    writer.body.append(_mathml(node, block=False))
    raise nodes.SkipNode


def _displayed(writer: Any, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    writer.body.append(f'<div class="math">{_mathml(node, block=True)}</div>')
    raise nodes.SkipNode


def _mathml(node: nodes.Element, block: bool) -> str:
    return str(tex2mathml(node.astext().strip(), as_block=block))
