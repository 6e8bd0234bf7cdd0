"""What an uncertain value can be: a quantile function with checked parameters.

Each distribution is a frozen dataclass with `quantile(p)` for an array of probabilities in (0, 1), `cdf(x)` for one value, and
`point`, the value that stands for it when nothing is drawn: the mode where one was written (triangular, PERT), else the median.
Parameters are checked when it is made: a wrong one raises BadParameter, which names it, before anything is drawn.

`KINDS` lists the spellings a scenario may use and the parameters of each.
"""

from lca_ml.distributions.checks import FARTHEST, Array, BadParameter, Distribution
from lca_ml.distributions.made import Affine, Choice, Empirical, Truncated, is_constant, outside, warnings
from lca_ml.distributions.simple import KINDS, Z90, Beta, LogNormal, LogUniform, Normal, Pert, ScaledBeta, Triangular, Uniform, central

__all__ = [
    "FARTHEST",
    "KINDS",
    "Z90",
    "Affine",
    "Array",
    "BadParameter",
    "Beta",
    "Choice",
    "Distribution",
    "Empirical",
    "LogNormal",
    "LogUniform",
    "Normal",
    "Pert",
    "ScaledBeta",
    "Triangular",
    "Truncated",
    "Uniform",
    "central",
    "is_constant",
    "outside",
    "warnings",
]
