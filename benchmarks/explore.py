"""How long the what-if page takes: to be made, to open, to answer a move of a slider.

    python benchmarks/explore.py [SCENARIO…]     under a minute; wants Chromium and the extra `dev`

A move is a slider's `input` event until the handler returns: everything computed again and written into the page. With layout means that
the browser has also laid the page out anew. Sliders take turns, each move goes somewhere else, and a frame is drawn after each. CPU is the processor
time of the script in a move, the mean of all of them, which other work on the machine lengthens less than the clock's.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright
from timing import table, verdict

from lca_ml.data import folder
from lca_ml.explore import SAMPLES, page
from lca_ml.model import load_model

MOVES, WARM_UP = 300, 40
GOAL = 5.0
CHROMIUM = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)

MEASURE = """async ([moves, warmUp]) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done)), sliders = [...document.querySelectorAll('input[type=range]')];
  const plain = [], laid = [];
  for (let i = 0; i < moves + warmUp; i++) {
    const slider = sliders[i % sliders.length];
    slider.value = String((i * 37) % 201);
    const start = performance.now();
    slider.dispatchEvent(new Event('input'));
    const moved = performance.now();
    document.body.getBoundingClientRect();
    const done = performance.now();
    if (i >= warmUp) { plain.push(moved - start); laid.push(done - start); }
    await frame();
  }
  const { loadEventEnd, startTime } = performance.getEntriesByType('navigation')[0];
  return { plain, laid, sliders: sliders.length, opened: loadEventEnd - startTime };
}"""


def main() -> None:
    """Measure the pages of some scenarios, and print a table."""
    here = folder("scenarios")
    stated = [*sorted(here.glob("*.yaml")), *sorted((here / "templates").glob("*.yaml")), here / "published" / "bloom-176b.yaml"]
    paths = [Path(p) for p in sys.argv[1:]] or stated
    rows, slowest = [], 0.0
    with sync_playwright() as engine, tempfile.TemporaryDirectory() as scratch:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for path in paths:
            file = Path(scratch) / f"{path.stem}.html"
            start = time.perf_counter()
            subprocess.run([sys.executable, "-m", "lca_ml", "explore", str(path), "-q", "-o", str(file)], check=True)
            whole = time.perf_counter() - start
            model, start = load_model(str(path)), time.perf_counter()
            page(*model)
            made = time.perf_counter() - start
            found = _measured(browser, file)
            median, most = statistics.median(found["plain"]), statistics.quantiles(found["plain"], n=20)[-1]
            slowest = max(slowest, median)
            laid = [statistics.median(found["laid"]), statistics.quantiles(found["laid"], n=20)[-1]]
            cells = [f"{found['sliders']}", f"{file.stat().st_size / 1000:.0f} kB", f"{whole:.2f} s", f"{made:.2f} s", f"{found['opened']:.0f} ms"]
            cells.append(f"{found['cpu']:.1f} ms")
            rows.append([path.stem, *cells, f"{median:.1f} ms", f"{most:.1f} ms", f"{laid[0]:.1f} ms", f"{laid[1]:.1f} ms"])
        browser.close()
    head = ["", "sliders", "size", "command", "in process", "opens", "move: CPU", "median", "p95", "with layout", "p95"]
    table(f"The what-if page: {SAMPLES:,} draws, {MOVES} moves", head, rows)
    print(f"\n  a move under {GOAL:g} ms: {verdict(slowest < GOAL)}")


def _measured(browser: Any, file: Path) -> dict[str, Any]:
    tab = browser.new_page(viewport={"width": 1280, "height": 720})
    tab.goto(file.as_uri())
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _script_seconds(session)
    found: dict[str, Any] = tab.evaluate(MEASURE, [MOVES, WARM_UP])
    found["cpu"] = 1000 * (_script_seconds(session) - before) / (MOVES + WARM_UP)
    tab.close()
    return found


def _script_seconds(session: Any) -> float:
    """Return the processor time the page's scripts have taken so far."""
    return float(next(m["value"] for m in session.send("Performance.getMetrics")["metrics"] if m["name"] == "ScriptDuration"))


if __name__ == "__main__":
    main()
