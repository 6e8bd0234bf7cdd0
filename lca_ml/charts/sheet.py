"""A figure as a sheet measured in points: texts wrapped by their width, shapes, scales with their ticks.

Every chart is drawn on one axes that spans the whole figure, one unit a point (1/72 inch), the origin at the lower left. What is
placed is therefore known before it is drawn, and nothing can overlap by accident.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch, Polygon, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from lca_ml.charts.canvas import Canvas

FONT = "DejaVu Sans"  # comes with matplotlib, so that a figure is the same on a machine without fonts
MEASURED = 200  # size in points at which texts are measured: hinting would round small type
LINE = 1.28  # distance of lines, in sizes of their type
MOST_LINES_OF_TITLE = 3


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a sheet, in points."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.top - self.bottom

    def cut(self, left: float = 0, bottom: float = 0, right: float = 0, top: float = 0) -> Box:
        """Return what is left of it when its sides are moved inwards."""
        return Box(self.left + left, self.bottom + bottom, self.right - right, self.top - top)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where values stand along one direction of a box, linear or logarithmic."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the place of a value in points."""
        here, low, high = (math.log(v) if self.log else v for v in (value, self.low, self.high))
        return self.start + (here - low) / (high - low) * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Return at most so many round values within its range."""
        if self.log:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            step = max(1, math.ceil((last - first + 1) / max(most, 1)))
            found = [10.0**e for e in range(first, last + 1, step)]
            if len(found) * 3 <= most:
                found = [m * 10.0**e for e in range(first - 1, last + 1) for m in (1, 2, 5)]
        else:
            found = [float(v) for v in MaxNLocator(max(most - 1, 1), steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)]
        slack = 1e-9 * abs(self.high - self.low)
        return [v for v in found if self.low - slack <= v <= self.high + slack]


class Sheet:
    """A figure with its title, subtitle and footer in place; `body` is the room left for the chart."""

    def __init__(self, canvas: Canvas, title: str, subtitle: str, footer: str) -> None:
        self.canvas, self.sizes, self.colours = canvas, canvas.sizes, canvas.colours
        s = self.sizes
        self.figure = Figure(figsize=(s.width / 72, s.height / 72), facecolor=self.colours.paper)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, s.width), ylim=(0, s.height))
        self.axes.set_axis_off()
        self._placed = 0
        room = s.width - 2 * s.margin
        top = s.height - s.margin
        for line in self.balanced(title, room, s.title, MOST_LINES_OF_TITLE, bold=True):
            self.text(s.margin, top, line, size=s.title, bold=True, va="top")
            top -= s.title * LINE
        top -= s.subtitle * 0.3
        for line in self.balanced(subtitle, room, s.subtitle, 3):
            self.text(s.margin, top, line, size=s.subtitle, colour=self.colours.muted, va="top")
            top -= s.subtitle * LINE
        bottom = s.margin * 0.7
        for line in reversed(self.wrapped(footer, room, s.small, 2)):
            self.text(s.margin, bottom, line, size=s.small, colour=self.colours.muted, va="baseline")
            bottom += s.small * LINE
        self.body = Box(s.margin, bottom + s.small * 0.35, s.width - s.margin, top - s.subtitle * 0.45)

    # --- texts

    def width(self, text: str, size: float | None = None, bold: bool = False) -> float:
        """Return the width of a text in points."""
        return _width(_joined(text), bold) * (size or self.sizes.text) / MEASURED

    def wrapped(self, text: str, room: float, size: float | None = None, most: int = 2, bold: bool = False) -> list[str]:
        """Return a text in at most so many lines of a width; what does not fit ends in `…`."""
        size = size or self.sizes.text
        lines: list[str] = []
        words = [piece for word in _joined(text).split(" ") for piece in self._broken(word, room, size, bold)]
        for word in words:
            if lines and self.width(f"{lines[-1]} {word}", size, bold) <= room:
                lines[-1] = f"{lines[-1]} {word}"
            else:
                lines.append(word)
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self.cut(" ".join(lines[most - 1 :]), room, size, bold)]

    def balanced(self, text: str, room: float, size: float, most: int, bold: bool = False) -> list[str]:
        """Return a text in as few lines of a width as it takes, all about as long: no word stands alone in the last."""
        lines = self.wrapped(text, room, size, most, bold)
        if len(lines) == 1 or lines[-1].endswith("…"):
            return lines
        low, high = room / len(lines) * 0.9, room
        while high - low > 1:
            middle = (low + high) / 2
            low, high = (low, middle) if len(self.wrapped(text, middle, size, most + 1, bold)) <= len(lines) else (middle, high)
        return self.wrapped(text, high, size, most, bold)

    def cut(self, text: str, room: float, size: float | None = None, bold: bool = False) -> str:
        """Return a text that fits a width, its end replaced by `…` where it does not."""
        if self.width(text, size, bold) <= room:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.width(text[:middle].rstrip() + "…", size, bold) <= room else (low, middle - 1)
        return text[:low].rstrip() + "…"

    def _broken(self, word: str, room: float, size: float, bold: bool) -> list[str]:
        """Return a word in pieces none of which is wider than a line."""
        pieces = []
        while self.width(word, size, bold) > room and len(word) > 1:
            fits = next((n for n in range(len(word) - 1, 0, -1) if self.width(word[:n], size, bold) <= room), 1)
            hyphen = "-" if fits > 2 and word[fits - 2 : fits + 2].isalpha() else ""
            fits -= len(hyphen)
            pieces.append(word[:fits] + hyphen)
            word = word[fits:]
        return [*pieces, word]

    def text(
        self, x: float, y: float, text: str, size: float | None = None, colour: str | None = None, bold: bool = False, ha: str = "left", va: str = "center"
    ) -> None:
        """Place a text; it is never read as mathematics."""
        style: dict[str, Any] = {"ha": ha, "va": "center_baseline" if va == "center" else va, "fontproperties": _font(size or self.sizes.text, bold)}
        self.axes.text(x, y, _joined(text), color=colour or self.colours.ink, parse_math=False, zorder=self._above, **style)

    def lines(self, x: float, middle: float, lines: Sequence[str], size: float | None = None, **style: Any) -> None:
        """Place lines one below the other, centred on a height."""
        size = size or self.sizes.text
        for i, line in enumerate(lines):
            self.text(x, middle + ((len(lines) - 1) / 2 - i) * size * LINE, line, size=size, **style)

    # --- shapes

    def bar(self, left: float, bottom: float, right: float, top: float, colour: str, hatched: bool = False) -> None:
        """Draw a rectangle, filled with a colour or hatched in it."""
        left, right = min(left, right), max(left, right)
        style: dict[str, Any] = {"facecolor": colour, "linewidth": 0}
        if hatched:
            style = {"facecolor": "none", "edgecolor": self.colours.muted, "hatch": "////", "linewidth": 0.8}
        self.axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, zorder=self._above, **style))

    def line(self, xs: Sequence[float], ys: Sequence[float], colour: str | None = None, width: float = 1.0, dotted: bool = False) -> None:
        """Draw a line through points."""
        style: Any = (0, (1.5, 2.5)) if dotted else "-"
        self.axes.plot(xs, ys, color=colour or self.colours.ink, linewidth=width * self.weight, linestyle=style, solid_capstyle="butt", zorder=self._above)

    def dot(self, xs: Sequence[float], ys: Sequence[float], colour: str | None = None, diameter: float | None = None) -> None:
        """Draw dots of a diameter in points."""
        size = diameter or self.sizes.text * 0.42
        self.axes.plot(xs, ys, linestyle="none", marker="o", markersize=size, markeredgewidth=0, color=colour or self.colours.ink, zorder=self._above)

    def area(self, points: Sequence[tuple[float, float]], colour: str, opacity: float = 1.0) -> None:
        """Fill a polygon."""
        self.axes.add_patch(Polygon(points, closed=True, facecolor=colour, alpha=opacity, linewidth=0, zorder=self._above))

    def ribbon(self, left: float, right: float, heights: tuple[float, float, float, float], colour: str) -> None:
        """Draw a curved band between two columns: bottom and top at the left, bottom and top at the right."""
        a, b, c, d = heights
        middle = (left + right) / 2
        path = Path(
            [(left, a), (middle, a), (middle, c), (right, c), (right, d), (middle, d), (middle, b), (left, b), (left, a)],
            [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.CLOSEPOLY],
        )
        self.axes.add_patch(PathPatch(path, facecolor=colour, alpha=0.5, linewidth=0, zorder=self._above))

    def interval(self, low: float, middle: float | None, high: float, y: float, colour: str | None = None) -> None:
        """Draw a horizontal interval with a dot for the value that stands for it."""
        self.line([low, high], [y, y], colour, 1.8)
        if middle is not None:
            self.dot([middle], [y], colour)

    @property
    def _above(self) -> int:
        """What is drawn later lies above what was drawn before."""
        self._placed += 1
        return self._placed

    @property
    def weight(self) -> float:
        """The width in points of a line that is neither thick nor thin on this medium."""
        return max(self.sizes.text / 12, 0.6)

    # --- axes

    def ticks_that_fit(self, scale: Scale, label: Callable[[float], str], most: int = 8) -> list[float]:
        """Return the ticks of a horizontal scale whose labels stand clear of each other."""
        room = abs(scale.end - scale.start)
        for wanted in range(most, 1, -1):
            found = scale.ticks(wanted)
            widest = max((self.width(label(v)) for v in found), default=0.0)
            if len(found) < 2 or (widest + self.sizes.text * 0.9) * (len(found) - 1) <= room * (len(found) - 1) / max(len(found), 1):
                return found
        return scale.ticks(2)[:2]

    def horizontal_axis(self, scale: Scale, box: Box, label: Callable[[float], str], title: str = "", most: int = 8) -> None:
        """Draw ticks with labels below a box, light rules through it, and a title below."""
        height = self.axis_height(bool(title))
        edge = box.right + self.sizes.margin * 0.9
        for value in self.ticks_that_fit(scale, label, most):
            x = scale(value)
            self.line([x, x], [box.bottom, box.top], self.colours.grid, 0.7)
            half = self.width(label(value)) / 2
            self.text(min(max(x, half + 2), edge - half), box.bottom - self.sizes.text * 0.8, label(value), colour=self.colours.muted, ha="center")
        if title:
            self.text((box.left + box.right) / 2, box.bottom - height + self.sizes.text * 0.6, title, colour=self.colours.muted, ha="center")

    def axis_height(self, titled: bool) -> float:
        """Return the room a horizontal axis takes below its box."""
        return self.sizes.text * (2.7 if titled else 1.5)

    def vertical_axis(self, scale: Scale, box: Box, label: Callable[[float], str], most: int = 6) -> None:
        """Draw ticks with labels at the left of a box and light rules through it."""
        for value in scale.ticks(most):
            y = scale(value)
            self.line([box.left, box.right], [y, y], self.colours.grid, 0.7)
            self.text(box.left - self.sizes.text * 0.5, y, label(value), colour=self.colours.muted, ha="right")

    def apart(self, wanted: Sequence[float], heights: Sequence[float], box: Box) -> list[float]:
        """Return heights on the sheet as near to the wanted ones as may be, such that texts of these heights stand clear of each other in a box."""
        order = sorted(range(len(wanted)), key=lambda i: wanted[i])
        placed = list(wanted)
        floor = box.bottom
        for i in order:
            placed[i] = max(wanted[i], floor + heights[i] / 2)
            floor = placed[i] + heights[i] / 2
        ceiling = box.top
        for i in reversed(order):
            placed[i] = min(placed[i], ceiling - heights[i] / 2)
            ceiling = placed[i] - heights[i] / 2
        return placed

    def widest(self, texts: Iterable[str], size: float | None = None, bold: bool = False) -> float:
        """Return the width of the widest text, 0 where there is none."""
        return max((self.width(t, size, bold) for t in texts), default=0.0)


def _joined(text: str) -> str:
    """Return a text in one line: a number and its unit or percent sign, and the ends of an interval, kept together; no dash at the head of a line."""
    return re.sub(r"(?<=\d) (?=[^\W\d])| (?=[%—])|(?<=\d) (?=– [\d−])|(?<=\d –) (?=[\d−])", "\u00a0", text.replace("\n", " "))


@cache
def _renderer() -> Any:
    return RendererAgg(10, 10, 72)  # type: ignore[no-untyped-call]  # matplotlib has no types for its renderer


@lru_cache(maxsize=20_000)
def _width(text: str, bold: bool) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a glyph the font does not have: a viewer's own fonts may
        return float(_renderer().get_text_width_height_descent(text, _font(MEASURED, bold), ismath=False)[0])


def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
