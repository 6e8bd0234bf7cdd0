"""Sobol' indices of the reference model: closed form and streamed sampling against SALib, end to end, and against each other.

    python benchmarks/sobol.py            base 2^12
    python benchmarks/sobol.py --long     base 2^14, as in the goals

Every line is a process of its own: wall time, CPU time and peak memory, imports included. Errors are the largest over parameters and the
four totals, against the closed form, which is itself checked by quadrature of twice as many nodes.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent


def closed_form(base: int) -> dict[str, list[list[float]]]:
    """S1 and ST of the four totals, exact."""
    from lca_ml.sensitivity import exact, totals

    model = reference()
    found = exact(model, totals(model))
    return {"S1": [i.s1.tolist() for i in found], "ST": [i.st.tolist() for i in found]}


def closed_form_twice_the_nodes(base: int) -> dict[str, list[list[float]]]:
    """The same with twice as many quadrature nodes: what is left is the error of the quadrature."""
    from lca_ml import quadrature

    quadrature.HERMITE, quadrature.LEGENDRE = 2 * quadrature.HERMITE, 2 * quadrature.LEGENDRE
    return closed_form(base)


def streamed(base: int) -> dict[str, list[list[float]]]:
    """Saltelli and Jansen, streamed: what SALib computes, without its matrices."""
    from lca_ml.sensitivity import sampled, totals

    model = reference()
    found = sampled(model, totals(model), base, estimator="saltelli")
    return {"S1": [i.s1.tolist() for i in found], "ST": [i.st.tolist() for i in found]}


def azzini(base: int) -> dict[str, list[list[float]]]:
    """The estimators `lca-ml sensitivity` takes, on scrambled Sobol' points."""
    from lca_ml.sensitivity import sampled, sobol_pairs, totals

    model = reference()
    found = sampled(model, totals(model), base, pairs=sobol_pairs(model, 42))
    return {"S1": [i.s1.tolist() for i in found], "ST": [i.st.tolist() for i in found]}


def salib(base: int) -> dict[str, list[list[float]]]:
    """SALib's sample and analysis, its default 95 % bootstrap intervals included; the model evaluated by our engine."""
    import numpy as np
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as design

    from lca_ml.engine import Program, draw
    from lca_ml.sensitivity import parameters, totals

    model = reference()
    names = list(parameters(model))
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    points = np.clip(design.sample(problem, base, calc_second_order=False, seed=1), 2.0**-54, 1 - 2.0**-53)
    block = Program(model).block(draw(model.uncertain, {n: points[:, i] for i, n in enumerate(names)}), 0, len(points))
    found = [analysis.analyze(problem, o.of(model, block), calc_second_order=False, seed=1) for o in totals(model)]
    return {"S1": [f["S1"].tolist() for f in found], "ST": [f["ST"].tolist() for f in found]}


def reference() -> object:
    """The reference model, linked."""
    from lca_ml.model import load_model

    return load_model(str(HERE / "reference_model.yaml"))[1]


METHODS = {f.__name__: f for f in (closed_form, closed_form_twice_the_nodes, streamed, azzini, salib)}


def measured(method: str, base: int) -> tuple[float, float, float, dict[str, list[list[float]]]]:
    """Run a method in a process of its own; return wall and CPU seconds, peak megabytes, and what it found."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--one", method, str(base)], capture_output=True, text=True, check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    wall = time.perf_counter() - start
    told = json.loads(done.stdout)
    return wall, told["cpu"], told["peak"], told["found"]


def one(method: str, base: int) -> None:
    """Run a method here and print what it cost and found."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = METHODS[method](base)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024, "found": found}))


def error(found: dict[str, list[list[float]]], truth: dict[str, list[list[float]]], index: str) -> float:
    """Return the largest difference in an index."""
    return max(abs(a - b) for x, y in zip(found[index], truth[index], strict=True) for a, b in zip(x, y, strict=True))


def main() -> None:
    """Print the table."""
    base = 2**14 if "--long" in sys.argv else 2**12
    results = {m: measured(m, base) for m in METHODS}
    truth = results["closed_form_twice_the_nodes"][3]
    theirs = results["salib"]
    print(f"Sobol' indices of the reference model, 30 parameters, 4 totals, base {base}; whole processes, imports included\n")
    print(f"  {'method':28}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}{'S1 error':>11}{'ST error':>11}{'SALib time /':>14}{'SALib memory /':>16}")
    for method, (wall, cpu, peak, found) in results.items():
        ratios = f"{theirs[1] / cpu:14.1f}{theirs[2] / peak:16.1f}"
        print(f"  {method:28}{wall:8.2f}{cpu:8.2f}{peak:9.0f}{error(found, truth, 'S1'):11.1e}{error(found, truth, 'ST'):11.1e}{ratios}")
    in_process()


def in_process() -> None:
    """Print the closed form and the streamed estimators without start-up, as the goals count them."""
    from lca_ml.sensitivity import exact, sampled, totals

    model = reference()
    outputs = totals(model)
    for name, call in (("closed form", lambda: exact(model, outputs)), ("streamed, base 2^14", lambda: sampled(model, outputs, 2**14, estimator="saltelli"))):
        best = min(_seconds(call) for _ in range(3))
        print(f"  in process: {name}: {1000 * best:.0f} ms")


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    if "--one" in sys.argv:
        one(sys.argv[2], int(sys.argv[3]))
    else:
        main()
