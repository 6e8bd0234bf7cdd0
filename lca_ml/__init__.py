"""Life-cycle assessment of machine-learning models.

    lca_ml.load("scenario.yaml").run().total["climate_change"]

`load` is imported when it is first asked for: `lca-ml --help` pays for nothing it does not use.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself is imported by what needs it
    from typing import Any

    from lca_ml.study import Study as Study
    from lca_ml.study import load as load

__version__ = "0.1.0"


def __getattr__(name: str) -> "Any":
    """Return `load` or `Study`."""
    if name in ("load", "Study"):
        from lca_ml import study

        return getattr(study, name)
    raise AttributeError(f"module lca_ml has no attribute {name}")
