"""A scenario linked: names resolved, order found, units proved, all errors at once.

link(scenario)   -> Model
"""

from lca_ml.model.linker import link
from lca_ml.model.loading import load_model
from lca_ml.model.outcome import chosen, in_indicator
from lca_ml.model.parts import LABELS, Expectation, Flow, Limit, Model, Node
from lca_ml.model.variations import check_variants

__all__ = ["LABELS", "Expectation", "Flow", "Limit", "Model", "Node", "check_variants", "chosen", "in_indicator", "link", "load_model"]
