"""How fast lca-ml evaluates and samples the reference model, beside the same model written by hand, and in how much memory.

    python benchmarks/evaluation.py          under two minutes
    python benchmarks/evaluation.py --long   10^7 samples as well

Peer and lca-ml take turns; the best of several rounds counts. `reference_kernel.py` holds the peer.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from reference_kernel import INDICATORS, INPUTS, OUR_NAMES, STAGES, ByStream, Kernel, OneGenerator
from timing import best, table, verdict

from lca_ml import engine
from lca_ml.model import Model, link
from lca_ml.sampling import Uniforms
from lca_ml.scenario import load

SCENARIO = Path(__file__).parent / "reference_model.yaml"
SEED = 42
KERNEL_BLOCK = 8192
SAMPLES = 12 * 16384  # of the evaluation; a whole number of blocks for both
DRAWS = 20 * 8192  # of the Monte Carlo

Array = NDArray[np.float64]
Drawn = dict[str, Array]


def reference_model() -> Model:
    """Return the reference model, linked."""
    return link(load(str(SCENARIO)))


def inputs(count: int, size: int) -> list[Drawn]:
    """Return blocks of inputs for the kernel, in its units."""
    draws = ByStream(SEED, size)
    return [{name: column.copy() for name, column in draws.block(size).items()} for _ in range(count // size)]


def for_engine(model: Model, block: Mapping[str, Array]) -> Drawn:
    """Return a block of the kernel's inputs under lca-ml's names, in its base units."""
    return {OUR_NAMES.get(n, n): column * model.node(OUR_NAMES.get(n, n)).unit.scale for n, column in block.items()}


def by_stage(model: Model, impacts: Array) -> Array:
    """Return impacts of flows summed to (7 stages, 4 indicators, samples), in the kernel's units."""
    out = np.zeros((len(STAGES), len(INDICATORS), impacts.shape[2]))
    for flow, values in zip(model.flows, impacts, strict=True):
        out[STAGES.index(flow.stage)] += values
    out[:, INDICATORS.index("water_use")] *= 1000  # m3 to L
    return out


def accuracy(model: Model) -> None:
    """Print how far the 28 results lie from the kernel's, on the same inputs and on the same random numbers."""
    block = inputs(KERNEL_BLOCK, KERNEL_BLOCK)[0]
    wanted = Kernel(KERNEL_BLOCK).stages(block)
    totals = Kernel(KERNEL_BLOCK).totals(block)
    given = engine.Program(model).block(for_engine(model, block), 0, KERNEL_BLOCK)
    drawn = next(iter(engine.blocks(model, KERNEL_BLOCK, SEED, KERNEL_BLOCK)))
    differences = {
        "28 results of lca-ml, same inputs": _furthest(by_stage(model, given.impacts), wanted),
        "28 results of lca-ml, its own draws: quantiles too": _furthest(by_stage(model, drawn.impacts), wanted),
        "totals of the kernel against its 28 results": _furthest(totals, wanted.sum(axis=0)),
    }
    rows = [(name, f"{found:.1e}", "≤ 1e-12", verdict(found <= 1e-12)) for name, found in differences.items()]
    table("Accuracy: largest relative difference between lca-ml and the kernel, 8,192 samples", ("", "difference", "goal", ""), rows)


def _furthest(found: Array, wanted: Array) -> float:
    return float(np.max(np.abs(found / wanted - 1)))


def evaluation(model: Model) -> None:
    """Print how fast given inputs become results, inputs in the cache as if just drawn: the kernel beside lca-ml."""
    program = engine.Program(model)
    hand, hand_kernel = inputs(KERNEL_BLOCK, KERNEL_BLOCK)[0], Kernel(KERNEL_BLOCK)
    size = engine.BLOCK
    ours = for_engine(model, inputs(size, size)[0])
    cells = sum(f is not None for flow in model.flows for f in flow.factors)
    in_all = engine.Program(model, groups=[range(len(model.flows))])
    in_stages = engine.Program(model, groups=[[i for i, f in enumerate(model.flows) if f.stage == stage] for stage in STAGES])
    whole, stages = "kernel, 4 totals", "kernel, 28 stage × indicator results"

    def often(run: Callable[[], object], block: int) -> Callable[[], None]:
        def all_blocks() -> None:
            for _ in range(SAMPLES // block):
                run()

        return all_blocks

    times = best(
        {
            whole: often(lambda: hand_kernel.totals(hand), KERNEL_BLOCK),
            stages: often(lambda: hand_kernel.stages(hand), KERNEL_BLOCK),
            f"lca-ml, {cells} flow × indicator results": often(lambda: program.block(ours, 0, size), size),
            "lca-ml, 28 stage × indicator results": often(lambda: in_stages.block(ours, 0, size), size),
            "lca-ml, 4 totals": often(lambda: in_all.block(ours, 0, size), size),
        },
        rounds=40,
    )
    rows = [(name, f"{SAMPLES / t / 1e6:.1f}", f"{times[whole] / t:.2f}", f"{times[stages] / t:.2f}") for name, t in times.items()]
    title = f"Evaluation without sampling, one core, blocks of {KERNEL_BLOCK:,} by hand and {size:,} in lca-ml (goal: ≥ 0.8 × the kernel)"
    table(title, ("", "M samples/s", "× totals", "× 28 results"), rows)


def monte_carlo(model: Model) -> None:
    """Print how fast draws become mean totals, sampling included."""
    kernel = Kernel(KERNEL_BLOCK)
    for_stream, for_one = ByStream(SEED, KERNEL_BLOCK), OneGenerator(SEED, KERNEL_BLOCK)

    def ours() -> Array:
        return sum((block.impacts.sum(axis=(0, 2)) for block in engine.blocks(model, DRAWS, SEED)), np.zeros(4)) / DRAWS

    def streams() -> Array:
        return sum((kernel.stages(for_stream.block(KERNEL_BLOCK)).sum(axis=(0, 2)) for _ in range(DRAWS // KERNEL_BLOCK)), np.zeros(4)) / DRAWS

    def one() -> Array:
        return sum((kernel.totals(for_one.block(KERNEL_BLOCK)).sum(axis=1) for _ in range(DRAWS // KERNEL_BLOCK)), np.zeros(4)) / DRAWS

    program = engine.Program(model)

    def sampling_only() -> None:
        uniforms = Uniforms(SEED, (n.stream or n.name for n in program.drawn))
        for start in range(0, DRAWS, engine.BLOCK):
            engine.draw(program.drawn, uniforms.block(start, engine.BLOCK))

    names = ("by hand, same streams, 28 results", "by hand, one generator, totals", "lca-ml, engine.blocks", "  of which sampling")
    times = best(dict(zip(names, (streams, one, ours, sampling_only), strict=True)), rounds=7)
    rows = [(name, f"{DRAWS / t / 1e6:.2f}", f"{times[names[0]] / t:.2f}", f"{times[names[1]] / t:.2f}") for name, t in times.items()]
    table("Monte Carlo, sampling included, one core (goal: ≥ 0.7 × by hand)", ("", "M samples/s", "× same streams", "× one generator"), rows)


def memory(sizes: list[int]) -> None:
    """Print the peak memory of whole processes that reduce so many samples block by block."""
    rows = []
    for samples in (0, *sizes):
        done = subprocess.run([sys.executable, __file__, "--child", str(samples)], capture_output=True, text=True, check=True)
        peak, seconds = done.stdout.split()
        rows.append((f"{samples:,}" if samples else "0 (linked, nothing drawn)", f"{float(peak):.1f}", seconds if samples else ""))
    table("Peak resident memory of a whole process (goal: independent of the number of samples)", ("samples", "MB", "s"), rows)


def child(samples: int) -> None:
    """Reduce so many samples in this process and print its peak memory in MB and the seconds it took."""
    import time

    model = reference_model()
    start = time.perf_counter()
    total = np.zeros(len(model.indicators))
    for block in engine.blocks(model, samples, SEED):
        total += block.impacts.sum(axis=(0, 2))
    print(f"{peak_memory():.3f} {time.perf_counter() - start:.2f}")


def peak_memory() -> float:
    """Return the peak resident memory of this process in MB; unlike `getrusage`, Linux's VmHWM forgets the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def main() -> None:
    """Print the four tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="measure 10^7 samples as well")
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        child(options.child)
        return
    model = reference_model()
    assert len(engine.Program(model).drawn) == len(INPUTS) == 30
    accuracy(model)
    evaluation(model)
    monte_carlo(model)
    memory([10**5, 10**6, *([10**7] if options.long else [])])


if __name__ == "__main__":
    main()
