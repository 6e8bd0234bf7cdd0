"""What one leaf of a file says: a quantity, a distribution or a formula.

read(text)                 -> Quantity | Drawn | Tree
relative(text, value)      -> Drawn, an `uncertainty:` given in the value's terms
"""

from lca_ml.values.drawn import Drawn
from lca_ml.values.leaves import read, relative
from lca_ml.values.written import DISTRIBUTIONS, Column

__all__ = ["DISTRIBUTIONS", "Column", "Drawn", "read", "relative"]
