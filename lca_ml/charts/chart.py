"""A figure with all that goes beside it: its answer in words, its data as rows, its alternative text, its files.

The same input gives the same bytes: SVG without a date and with identifiers made from what they name, PNG and PDF without metadata
of the moment.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from lca_ml.charts.canvas import Canvas
from lca_ml.charts.sheet import FONT
from lca_ml.exporters import csv_text

STYLE: dict[str, Any] = {"svg.fonttype": "none", "svg.hashsalt": "lca-ml", "hatch.linewidth": 0.6, "path.simplify": False}
FORMATS = ("svg", "png", "pdf", "csv", "txt")
SUBSTITUTES = f"'{FONT}', Verdana, 'Noto Sans', sans-serif"
"""What an SVG asks for: the font it was measured in, then one of the same widths, then whatever there is."""


@dataclass(frozen=True)
class Chart:
    """A figure and what goes beside it.

    kind       its name in the table of charts
    title      the answer it gives, subtitle what is shown, footer what made it
    alt        alternative text: kind, count, extremes
    rows       its data, tidy: indicator, what is named, view, statistic, value, unit
    """

    kind: str
    title: str
    subtitle: str
    footer: str
    alt: str
    canvas: Canvas
    rows: list[dict[str, Any]] = field(repr=False)
    figure: Figure = field(repr=False)

    def svg(self) -> str:
        """Return the figure as SVG that can stand alone or inside a page: text as text, the alternative text inside, no outside address."""
        drawn = self._saved("svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}).decode()
        return _made_light(drawn, f"{self.kind}-", self.title, self.alt)

    def png(self) -> bytes:
        """Return the figure as PNG: 1920 × 1080 for a slide."""
        return self._saved("png", dpi=self.canvas.sizes.dpi, metadata={"Software": None, "Title": self.title, "Description": self.alt})

    def pdf(self) -> bytes:
        """Return the figure as PDF, its fonts inside."""
        return self._saved("pdf", metadata={"CreationDate": None, "Creator": "lca-ml", "Producer": None, "Title": self.title, "Subject": self.alt})

    def csv(self) -> str:
        """Return the data of the figure as CSV."""
        return csv_text(self.rows)

    def files(self, formats: Sequence[str] = FORMATS) -> dict[str, bytes]:
        """Return the figure in each format (svg, png, pdf), its data (csv) and its alternative text (txt), by file name."""
        made: dict[str, Callable[[], bytes]] = {
            "svg": lambda: self.svg().encode(),
            "png": self.png,
            "pdf": self.pdf,
            "csv": lambda: self.csv().encode(),
            "txt": lambda: f"{self.title}\n\n{self.alt}\n".encode(),
        }
        return {f"{self.kind}.{form}": made[form]() for form in formats}

    def _saved(self, form: str, **options: Any) -> bytes:
        out = io.BytesIO()
        with styled():
            matplotlib.rcParams["pdf.fonttype"] = 42 if self.canvas.medium.startswith("paper") else 3  # publishers refuse Type 3, which is five times quicker
            self.figure.savefig(out, format=form, facecolor=self.figure.get_facecolor(), **options)
        return out.getvalue()


@contextmanager
def styled() -> Iterator[None]:
    """Draw and write figures with matplotlib's own defaults and ours, whatever the reader's settings are."""
    defaults = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith("backend")}
    with matplotlib.rc_context(defaults | STYLE), warnings.catch_warnings():  # type: ignore[arg-type]
        warnings.simplefilter("ignore")  # a glyph the font does not have: a viewer's own fonts may
        yield


def _made_light(svg: str, prefix: str, title: str, alt: str) -> str:
    """Return matplotlib's SVG without its preamble and unused identifiers, those in use prefixed, title and description inside."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^\")]+)", svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: f' id="{prefix}{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r"(url\(#|href=\"#)([^\")]+)", lambda m: f"{m[1]}{prefix}{m[2]}", svg)
    svg = re.sub(r"xlink:href", "href", svg).replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    svg = svg.replace(f"'{FONT}'", SUBSTITUTES)
    named = f'role="img" aria-labelledby="{prefix}title {prefix}desc"'
    head = f'<title id="{prefix}title">{_text(title)}</title>\n <desc id="{prefix}desc">{_text(alt)}</desc>'
    return re.sub(r"<svg([^>]*)>", lambda m: f"<svg{m[1]} {named}>\n {head}", svg, count=1)


def _text(text: str) -> str:
    """Return a text as it stands in XML, without the characters no XML may hold."""
    return escape(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "\ufffd", text), quote=False)
