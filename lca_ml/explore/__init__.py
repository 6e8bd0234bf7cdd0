"""The what-if page: one HTML file with the model in it, to be played with in front of a room without a network.

page(scenario, model)   -> HTML that stands alone

The model's formulas are read as JavaScript from the same trees; the random numbers are made again in the browser from the same
keys, so that what the page shows is what `lca-ml run` gives for the same settings.
"""

from lca_ml.explore.page import SAMPLES, page

__all__ = ["SAMPLES", "page"]
