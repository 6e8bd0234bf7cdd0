"""A figure's SVG made part of a page: as wide as its column, and in the colours of the page, light or dark."""

from __future__ import annotations

import re

from lca_ml.charts import THEMES

VARIABLES = ("ink", "muted", "grid", "paper")
_STYLE_ELEMENT = re.compile(r"\s*<style[^>]*>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<([a-z]+)\b[^>]*>", re.IGNORECASE)


def embedded(svg: str) -> str:
    """Return an SVG to stand in the page: without a style sheet and a size of its own, its neutral colours those of the page."""
    svg = _STYLE_ELEMENT.sub("", svg[svg.index("<svg") :]).replace("<defs>\n </defs>", "")
    svg = re.sub(r"<svg\b[^>]*>", _sized, svg, count=1)
    return _TAG.sub(_coloured, svg)


def _sized(tag: re.Match[str]) -> str:
    """Return the tag of the drawing without width, height and version; its viewBox stays and its column gives the size."""
    return re.sub(r'\s(?:width|height|version)="[^"]*"', "", tag[0])


def _coloured(tag: re.Match[str]) -> str:
    """Return a tag with the light theme's neutral colours as variables; white letters on a coloured bar stay white."""
    light = THEMES["light"]
    names = [n for n in VARIABLES if not (tag[1] == "text" and n == "paper")]
    colours = {getattr(light, n).lower(): f"var(--{n})" for n in names}
    return re.sub(r"#[0-9a-fA-F]{6}\b", lambda m: colours.get(m[0].lower(), m[0]), tag[0])
