"""Imports matplotlib first, and so that nothing around it is read or complained of: a figure is the same in any folder, for anybody.

matplotlib reads a file `matplotlibrc` in the folder one stands in: a stranger's could stop every figure. It warns of a home folder that
cannot be written, and of letters its font does not have.
"""

import contextlib
import logging
from pathlib import Path

logging.getLogger("matplotlib").setLevel(logging.ERROR)
with contextlib.chdir(Path(__file__).parent) if Path("matplotlibrc").exists() else contextlib.nullcontext():
    import matplotlib.font_manager as font_manager

__all__ = ["font_manager"]
