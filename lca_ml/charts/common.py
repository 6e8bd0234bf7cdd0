"""What the figures share: how values are shown, what stands in subtitle and footer, legends, labels of rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lca_ml import __version__
from lca_ml.charts.canvas import Canvas
from lca_ml.charts.chart import Chart
from lca_ml.charts.sheet import LINE, Box, Sheet
from lca_ml.errors import shown
from lca_ml.factors import Indicator
from lca_ml.model import Model
from lca_ml.notation import figure, number, percent, plain, trimmed
from lca_ml.results import STATISTICS, Results, Summary, in_unit
from lca_ml.sensitivity import label
from lca_ml.units import pretty, scaled
from lca_ml.wording import per_view
from lca_ml.words import _, current

LONGEST_NAME = 80  # characters of a user's name in a figure; the whole stands in its CSV


@dataclass(frozen=True)
class Named:
    """Results under the name of the alternative they are of."""

    name: str
    results: Results

    @property
    def title(self) -> str:
        """The name fit for a figure."""
        return _("base case") if self.name == "base" else named(self.name.replace("_", " "))


@dataclass(frozen=True)
class Measure:
    """How the values of an indicator are shown in one figure: all in one unit, such that the largest is a number of few digits."""

    indicator: Indicator
    name: str

    @staticmethod
    def of(indicator: Indicator, values: Iterable[float | None]) -> Measure:
        """Return the measure for some values, in the indicator's unit."""
        largest = max((abs(v) for v in values if v is not None), default=0.0)
        return Measure(indicator, scaled(largest, indicator.unit)[1])

    @property
    def unit(self) -> str:
        """The unit as it is printed."""
        return pretty(self.name)

    def shown(self, value: float) -> float:
        """Return a value in the unit shown."""
        return in_unit(value, self.indicator, self.name)

    def number(self, value: float, digits: int = 2) -> str:
        """Return a value as a number with so many significant digits."""
        return number(self.shown(value), digits, current())

    def tick(self, value: float) -> str:
        """Return a round value of an axis, which is in the unit shown already."""
        return trimmed(value, 4, current())

    def interval(self, summary: Summary) -> str:
        """Return a value with its 90 % interval: `290 [200 – 420]`."""
        if summary.point is None or summary.p5 is None or summary.p95 is None:
            return _("unknown")
        f = figure(summary.point, summary.p5, summary.p95, self.indicator.unit, current(), self.name)
        return f"{f.point} [{f.interval}]" if f.interval else f.point


def named(text: str) -> str:
    """Return a user's name as it stands in a figure: one line, no control or bidirectional character, cut where it is very long."""
    return shown(text, LONGEST_NAME)


def input_name(model: Model, parameter: str, indicator: Indicator) -> str:
    """Return the name of an input as it stands in a figure: its title, else its name with blanks."""
    found = label(model, parameter, current(), indicator.id)
    return named(found.replace("_", " "))


def capital(text: str) -> str:
    """Return a text that begins with a capital letter, as a title does."""
    return text[:1].upper() + text[1:]


def share_of(value: float) -> str:
    """Return a share as a percentage in the language in force."""
    return percent(value, current())


def heading(model: Model, measure: Measure, view: str, shows: str) -> str:
    """Return a subtitle: indicator, unit and what it is per, then what is shown."""
    what = _("{indicator}, {unit} {per}").format(indicator=measure.indicator.title(current()), unit=measure.unit, per=per_view(model, view, current()))
    return f"{what} — {shows}" if shows else what


def made_by(model: Model, samples: int | None = None, seed: int | None = None) -> str:
    """Return a footer: the study, the tool, draws and seed."""
    parts = [named(model.title), f"lca-ml {__version__}"]
    if samples is not None and model.uncertain:
        parts.append(_("{samples} draws · seed {seed}").format(samples=plain(samples, current()), seed=seed))
    return " · ".join(parts)


def statistics(summary: Summary, **named_: Any) -> list[dict[str, Any]]:
    """Return the rows of a summary: each statistic as the result document has it, in the indicator's unit."""
    labels = {k: v for k, v in summary.labels.items() if k != "of"}
    where = {**named_, "indicator": summary.indicator.id, **labels, "view": summary.view}
    return [{**where, "statistic": s, "value": getattr(summary, s), "unit": summary.indicator.unit.text} for s in STATISTICS]


def chart(kind: str, sheet: Sheet, title: str, subtitle: str, footer: str, alt: str, canvas: Canvas, rows: list[dict[str, Any]]) -> Chart:
    """Return a drawn sheet as a chart; rows that lack a column of others have it empty."""
    columns = list(dict.fromkeys(c for row in rows for c in row))
    return Chart(kind, title, subtitle, footer, alt, canvas, [{c: row.get(c) for c in columns} for row in rows], sheet.figure)


def legend(sheet: Sheet, entries: Sequence[tuple[str, str]], box: Box, unmodelled: Sequence[str] = ()) -> float:
    """Write a key at the top of a box, entries side by side and wrapped, and return its height.

    entries      (label, colour)
    unmodelled   stages that stand hatched, in one entry
    """
    size, step = sheet.sizes.text, sheet.sizes.text * 1.45
    swatch, gap = size * 0.8, size * 0.45
    listed: list[tuple[str, str | None]] = [*entries]
    if unmodelled:
        listed.append((_("not modelled: {names}").format(names=", ".join(unmodelled)), None))
    x, y = box.left, box.top - step / 2
    for name, colour in listed:
        lines = sheet.wrapped(name, box.width - swatch - gap, most=2 if colour is None else 1)
        wide = swatch + gap + sheet.widest(lines)
        if x > box.left and x + wide > box.right:
            x, y = box.left, y - step
        sheet.bar(x, y - swatch / 2, x + swatch, y + swatch / 2, colour or "none", hatched=colour is None)
        for i, line in enumerate(lines):
            sheet.text(x + swatch + gap, y - i * size * LINE, line)
        y -= (len(lines) - 1) * size * LINE
        x += wide + size * 1.3
    return box.top - y + step / 2


def legend_height(sheet: Sheet, entries: Sequence[tuple[str, str]], box: Box, unmodelled: Sequence[str] = ()) -> float:
    """Return the height `legend` will take, drawing nothing."""
    return legend(_Blind(sheet), entries, box, unmodelled)  # type: ignore[arg-type]


class _Blind:
    """A sheet on which measuring works and drawing leaves nothing."""

    def __init__(self, sheet: Sheet) -> None:
        self.sizes, self.wrapped, self.widest = sheet.sizes, sheet.wrapped, sheet.widest

    def bar(self, *_args: Any, **_more: Any) -> None:
        """Draw nothing."""

    def text(self, *_args: Any, **_more: Any) -> None:
        """Write nothing."""
