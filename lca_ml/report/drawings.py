"""A figure's SVG made part of a page: as wide as its column, in the page's letters and colours, light or dark, and a third of its weight."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import escape

from lca_ml.charts import THEMES

VARIABLES = ("ink", "muted", "grid", "paper")
_SVG = "{http://www.w3.org/2000/svg}"
_LEFT_OUT = ("width", "height", "version")
_MEASURED = ("d", "x", "y", "transform", "points", "cx", "cy", "r", "width", "height")


def embedded(svg: str) -> str:
    """Return an SVG to stand in a page: without a style sheet, letters and a size of its own, its neutral colours those of the page."""
    root = ET.fromstring(svg[svg.index("<svg") :])  # noqa: S314 - drawn by us a moment ago
    for name in _LEFT_OUT:
        root.attrib.pop(name, None)
    return _written(root)


def _written(element: ET.Element) -> str:
    """Return an element as HTML holds it: no prefix, no blank between elements; a group that says nothing is only what is in it."""
    tag = element.tag.removeprefix(_SVG)
    if tag == "style" or (tag == "defs" and all(child.tag == f"{_SVG}style" for child in element)):
        return ""
    inner = "".join(_written(child) + _text(child.tail) for child in element)
    said = "".join(f' {name}="{escape(value)}"' for name, value in _attributes(tag, element.attrib).items())
    return inner if tag == "g" and not said else f"<{tag}{said}>{_text(element.text)}{inner}</{tag}>"


def _attributes(tag: str, given: dict[str, str]) -> dict[str, str]:
    """Return the attributes of an element, colours as the page's variables, coordinates to a hundredth of a point."""
    out = {
        name: _short(value) if name in ("d", "x", "y", "transform", "points", "cx", "cy", "r", "width", "height") else value for name, value in given.items()
    }
    if re.fullmatch(r"rotate\(-?0 [^)]*\)", out.get("transform", "")):
        del out["transform"]
    if "style" in out:
        out["style"] = _coloured(tag, re.sub(r"\s*font-family:[^;]*;?", "", out["style"])).strip()
    return {name: value for name, value in out.items() if value}


def _short(value: str) -> str:
    """Return numbers cut to two decimals, and one blank where there were line breaks."""
    return re.sub(r"-?\d+\.\d+", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), " ".join(value.split()))


def _coloured(tag: str, style: str) -> str:
    """Return a style with the light theme's neutral colours as variables; white letters on a coloured bar stay white."""
    light = THEMES["light"]
    colours = {getattr(light, n).lower(): f"var(--{n})" for n in VARIABLES if not (tag == "text" and n == "paper")}
    return re.sub(r"#[0-9a-fA-F]{6}\b", lambda m: colours.get(m[0].lower(), m[0]), style)


def _text(text: str | None) -> str:
    return escape(text, quote=False) if text and text.strip() else ""
