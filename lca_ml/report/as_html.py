"""A report as one HTML file that stands alone: no script, no outside address, printable, light and dark.

Texts are escaped by Jinja2; what is not text (style, figures, formulas) is made here and marked as such.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from lca_ml import expressions
from lca_ml.charts import THEMES
from lca_ml.markup import visible
from lca_ml.report.document import Document, Formula, Mark
from lca_ml.report.drawings import VARIABLES, embedded
from lca_ml.words import _

LONG_MATHS, LONGEST_MATHS = 56, 80  # letters of a formula before it is set smaller, and before it is set as text
TEMPLATES = Path(__file__).parent / "templates"
PAGE = {
    "light": {"link": "#00568a", "shade": "#f2f4f6", "bar": "#0072b2", "mark": "#b36b00"},
    "dark": {"link": "#7cc4f0", "shade": "#212529", "bar": "#56b4e9", "mark": "#e69f00"},
}
"""What the page needs beyond the colours of the figures: links, shaded grounds, bars in tables, the edge of a notice."""


def page(document: Document, paged: bool = False) -> str:
    """Return the report as an HTML file.

    paged   for a program that makes pages of it and knows neither MathML nor variables of CSS: formulas as text, figures as they are
    """
    style = _style()
    context = {"document": document, "words": _words(), "style": _made(style), "policy": _policy(style), "paged": paged}
    drawing = (lambda chart: _made(chart.svg())) if paged else (lambda chart: _made(embedded(chart.svg())))
    return _environment().get_template("report.html").render(context, formula=_text_of if paged else _mathml_of, drawing=drawing)


def _words() -> dict[str, str]:
    """Return what the template itself says."""
    return {
        "skip": _("To the report"),
        "contents": _("Contents"),
        "answer": _("The answer"),
        "quantity": _("Quantity"),
        "formula": _("Formula, and the numbers put in"),
        "value": _("Value"),
        "where": _("Where"),
        "parameters": _("Parameters"),
        "data": _("Data of the figure"),
    }


def _policy(style: str) -> str:
    """Return the content-security policy: the one style sheet of the page, styles of figures, and nothing from anywhere."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src-elem 'sha256-{digest}'; style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    """Return the style sheet: the colours of the figures' themes as variables, dark where the reader's machine is, light on paper."""
    text = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    rules = re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
    return f":root{{{_variables('light')}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{_variables('dark')}}}}}\n{rules}"


def _variables(theme: str) -> str:
    colours = {name: getattr(THEMES[theme], name) for name in VARIABLES} | PAGE[theme]
    return ";".join(f"--{name}:{value}" for name, value in colours.items())


@cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown)
    made.filters |= {"kind": lambda block: type(block).__name__, "code": _code, "breakable": _breakable, "marks": _marks}
    return made


def _shown(value: Any) -> Any:
    """Return a text as it is shown: on one line, control and bidirectional characters written out."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _code(text: str) -> Markup:
    """Return a text of several lines as it stands in a `pre`."""
    return _made("\n".join(escape(visible(line)) for line in text.rstrip("\n").split("\n")))


def _breakable(text: str) -> Markup:
    """Return a name that may be broken after its dots and underscores, and nowhere else if there is room."""
    return _made(re.sub(r"([._])(?=\w)", r"\1<wbr>", _safe(text)))


def _marks(run: Mark | tuple[Mark, ...]) -> tuple[Mark, ...]:
    return run if isinstance(run, tuple) else (run,)


def _mathml_of(formula: Formula, numbers: bool) -> Markup:
    """Return a formula as MathML, with the names or with the numbers put in; as text where it is long, since mathematics is not broken over lines."""
    length = len(expressions.text(formula.tree, (formula.values if numbers else formula.names).__getitem__))
    if length > LONGEST_MATHS:
        return _text_of(formula, numbers)
    show: Callable[[str], str] = (lambda n: f"<mn>{_safe(formula.values[n])}</mn>") if numbers else (lambda n: f"<mi>{_safe(formula.names[n])}</mi>")
    small = ' class="long"' if length > LONG_MATHS else ""
    return _made(f'<math displaystyle="true"{small}>{expressions.mathml(formula.tree, show)}</math>')


def _text_of(formula: Formula, numbers: bool) -> Markup:
    text = expressions.text(formula.tree, (formula.values if numbers else formula.names).__getitem__)
    return escape(visible(text.replace("**", "^").replace("*", "×")))


def _safe(text: str) -> str:
    return str(escape(visible(text)))


def _made(text: str) -> Markup:
    """Return markup that was made here, of escaped parts."""
    return Markup(text)  # noqa: S704 - the one place where a text becomes markup
