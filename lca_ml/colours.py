"""The colours of data, the same in figures and on pages, one for each stage.

Those of Okabe and Ito (2008, Color Universal Design) for the stages that weigh most; six of Tol's palettes (2021) for the others.
"""

from __future__ import annotations

from collections.abc import Iterable

BLUE, SKY, GREEN, ORANGE, VERMILLION, PINK, YELLOW = "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7", "#F0E442"
STAGE_COLOURS = {
    "data_collection": "#999999",
    "data_preparation": "#A6761D",
    "storage": PINK,
    "transfer": YELLOW,
    "experimentation": VERMILLION,
    "training": BLUE,
    "fine_tuning": SKY,
    "deployment": "#8C6BB1",
    "inference": ORANGE,
    "end_user": "#AA3377",
    "hardware": GREEN,
    "end_of_life": "#8A8A4D",
}
OTHER_COLOURS = ("#44AA99", "#DDCC77", "#CC6677", "#88CCEE", "#6699CC", "#AA4499", *STAGE_COLOURS.values())
LESS, MORE = GREEN, VERMILLION


def stage_colours(stages: Iterable[str]) -> dict[str, str]:
    """Return the colour of each stage of a study: the standard stages always have the same, others take those left, in their order."""
    listed = list(dict.fromkeys(stages))
    taken = {STAGE_COLOURS[s] for s in listed if s in STAGE_COLOURS}
    free = [c for c in dict.fromkeys(OTHER_COLOURS) if c not in taken]
    own = [s for s in listed if s not in STAGE_COLOURS]
    return {s: STAGE_COLOURS[s] if s in STAGE_COLOURS else free[own.index(s) % len(free)] for s in listed}
