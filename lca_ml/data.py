"""Where the files that travel with the package lie: in the installed wheel, or at the top of the checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """Return the folder `factors` or `scenarios`, from a wheel (`lca_ml/_shared/`), an editable install or a checkout.

    Raises FileNotFoundError where neither is there: the installation is broken.
    """
    for candidate in (PACKAGE / "_shared" / name, PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name}/ of lca-ml is missing beside {PACKAGE}")
