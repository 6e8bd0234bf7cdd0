"""Where the files that travel with the package lie: in the installed wheel, or at the top of the checkout.

folder("factors"), folder("scenarios"), file("CITATION.cff")
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """Return the folder `factors` or `scenarios`, from a wheel (`lca_ml/_shared/`), an editable install or a checkout.

    Raises FileNotFoundError where neither is there: the installation is broken.
    """
    return _found(name, Path.is_dir)


@cache
def file(name: str) -> Path:
    """Return a file that stands beside these folders. Raises FileNotFoundError where it is missing."""
    return _found(name, Path.is_file)


def _found(name: str, right: Callable[[Path], bool]) -> Path:
    for candidate in (PACKAGE / "_shared" / name, PACKAGE.parent / name):
        if right(candidate):
            return candidate
    raise FileNotFoundError(f"{name} of lca-ml is missing beside {PACKAGE}")
