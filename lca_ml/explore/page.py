"""The page put together: one HTML file with its style, its script and its data inside, which asks for nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from lca_ml.explore.data import document
from lca_ml.explore.tables import Table
from lca_ml.exporters import utf8
from lca_ml.model import Model
from lca_ml.normal import CENTRAL, FAR, MIDDLE
from lca_ml.sampling import SEED
from lca_ml.scenario import Scenario

HERE = Path(__file__).parent
SCRIPTS = ("draws", "study", "statistics", "notation", "state", "yaml", "page", "answer", "results", "controls", "main")
"""The files of the script, each using those before it."""
SAMPLES = 2000


def page(scenario: Scenario, model: Model, samples: int = SAMPLES, seed: int = SEED) -> str:
    """Return the what-if page of a scenario: HTML that stands alone, in the language in force and switchable to the others.

    samples   draws made in the browser, the first so many of the numbers `run` draws with the same seed
    Same scenario, same version: same bytes.
    """
    import jinja2  # 0.05 s of import, paid by who makes a page

    whole, table = document(scenario, model, samples, seed)
    style, script = _style(), _script(table)
    policy = f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; base-uri 'none'; form-action 'none'"
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string((HERE / "page.html").read_text(encoding="utf-8"))
    return template.render(language=whole["language"], title=scenario.title, policy=policy, style=style, script=script, data=embedded(whole))


def embedded(whole: Any) -> str:
    """Return data as JSON that can stand inside a script element: no `<`, no line break but JSON's own, and no address a scanner could take for one."""
    text = json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.replace("://", ":\\u002f/")


def _script(table: Table) -> str:
    """Return the script: its files and the formulas of the models, as functions of the page's own identifiers."""
    tables = [
        f"const NORMAL = {json.dumps([CENTRAL, MIDDLE, FAR])};",
        f"const SHAPES = [{', '.join(table.shapes)}];",
        f"const ZEROS = [{', '.join(table.zeros)}];",
    ]
    files = [_bare((HERE / f"{name}.js").read_text(encoding="utf-8")) for name in SCRIPTS]
    return "\n".join(["(() => {", "'use strict';", *tables, *files, "})();"])


def _bare(text: str) -> str:
    """Return a file without indentation and lines of comment, which a reader of the page has no use for."""
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))


def _style() -> str:
    """Return the style without the blanks a browser does not need."""
    text = re.sub(r"\s*([{};,>])\s*", r"\1", _bare((HERE / "page.css").read_text(encoding="utf-8")))
    return re.sub(r":\s+", ":", text).replace(";}", "}")


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(utf8(text)).digest()).decode()}"
