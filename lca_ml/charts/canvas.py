"""The style of every figure, in one place: sizes, type, and the colours of the two themes (those of data are in `lca_ml.colours`)."""

from __future__ import annotations

from dataclasses import dataclass

from lca_ml.errors import Finding, UsageError, did_you_mean, shown
from lca_ml.words import _

CENTIMETRE = 72 / 2.54


@dataclass(frozen=True, slots=True)
class Medium:
    """Where a figure is shown: width and height in points, sizes of type in points, pixels of its PNG per inch."""

    width: float
    height: float
    title: float
    subtitle: float
    text: float
    small: float
    margin: float
    dpi: int


MEDIA = {
    "slide": Medium(960, 540, title=34, subtitle=21, text=21, small=20, margin=36, dpi=144),  # 1920 × 1080; nothing below 20 pt
    "web": Medium(720, 440, title=21, subtitle=13.5, text=13, small=11, margin=20, dpi=160),
    "paper": Medium(8.9 * CENTIMETRE, 6.8 * CENTIMETRE, title=9.5, subtitle=7, text=7, small=6, margin=4, dpi=600),  # one column
    "paper-wide": Medium(18 * CENTIMETRE, 10 * CENTIMETRE, title=12, subtitle=8.5, text=8.5, small=7, margin=6, dpi=600),  # two columns
}


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of what is no data: background, text, text of less weight, rules, and bars that do not lead."""

    paper: str
    ink: str
    muted: str
    grid: str
    rest: str


THEMES = {
    "light": Theme(paper="#ffffff", ink="#1a1a1a", muted="#595959", grid="#d5d5d5", rest="#b3b3b3"),
    "dark": Theme(paper="#15171a", ink="#f3f3f3", muted="#b8bcc2", grid="#3d4147", rest="#7d828a"),
}


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a figure is made for: a medium (slide, web, paper, paper-wide), a theme (light, dark), a language (None: the one in force)."""

    medium: str = "slide"
    theme: str = "light"
    language: str | None = None

    def __post_init__(self) -> None:
        """Refuse a medium or a theme there is none of, with UsageError."""
        for what, name, known in (("medium", self.medium, MEDIA), ("theme", self.theme, THEMES)):
            if name not in known:
                message = _("{name} is an unknown {what}: {names}").format(name=shown(name, 30), what=what, names=", ".join(known))
                raise UsageError(Finding(what, message, None, did_you_mean(name, known)))

    @property
    def sizes(self) -> Medium:
        """Its measures."""
        return MEDIA[self.medium]

    @property
    def colours(self) -> Theme:
        """Its colours."""
        return THEMES[self.theme]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour `#rrggbb`, 0 to 1. Source: WCAG 2.2, definition of relative luminance."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def on(colour: str) -> str:
    """Return the colour of text that stands on another colour: black or white, whichever is easier to read."""
    light = luminance(colour)
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"
