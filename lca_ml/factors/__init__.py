"""The factor library: characterisation factors, indicators, regions and devices, each figure with its source.

A publication is one tall CSV file; the order of preference among publications is one visible list. A look-up walks up the
tree of regions and to the nearest year, and every step it takes is told and widens the uncertainty.

    library = load(folder("factors"))
    library.find("electricity", "FR", 2024, "climate_change")   -> Factor, or None
"""

from lca_ml.factors.equivalents import Equivalent, equivalents
from lca_ml.factors.files import COLUMNS, DEVICE_COLUMNS
from lca_ml.factors.library import Library, check, load, read_row
from lca_ml.factors.parts import WORLD, Factor, Indicator, Publication, Region, Row, Trend, own_publication, per_flow

__all__ = [
    "COLUMNS",
    "DEVICE_COLUMNS",
    "WORLD",
    "Equivalent",
    "Factor",
    "Indicator",
    "Library",
    "Publication",
    "Region",
    "Row",
    "Trend",
    "check",
    "equivalents",
    "load",
    "own_publication",
    "per_flow",
    "read_row",
]
