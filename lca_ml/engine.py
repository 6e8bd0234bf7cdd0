"""The two halves of an assessment, over blocks of samples: inventory (LCI), then characterisation (LCIA).

    run(model)                            -> Results, all samples kept at the finest grain
    point(model)                          the stated values, nothing drawn
    blocks(model, samples, seed)          one block of samples after another, memory independent of their number

ISO 14044:2006, 4.3 (inventory analysis) and 4.4 (impact assessment).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np

from lca_ml.errors import Finding, UsageError
from lca_ml.model import Model, Node
from lca_ml.notation import plain
from lca_ml.program import Array, Block, Program, Values
from lca_ml.results import Results
from lca_ml.sampling import SAMPLERS, SAMPLES, SEED
from lca_ml.words import _, current, grouped

__all__ = ["BLOCK", "Block", "Program", "Values", "blocks", "draw", "point", "run"]

BLOCK = 8192
LARGEST_RESULT = 4_000_000_000  # bytes of the finest grain


def run(model: Model, samples: int = SAMPLES, seed: int = SEED, sampler: str = "random", workers: int = 1) -> Results:
    """Return the results of a model: `samples` draws of every uncertain value, and the stated values beside them.

    workers   threads the draws are shared out to; the numbers are the same for any

    Raises UsageError where so many samples would not fit in memory, InputError where a sample is not a finite number.
    """
    if samples < 1:
        raise UsageError(Finding("samples", _("samples must be a whole number of at least {low}, not {given}").format(low=1, given=samples)))
    fits(len(model.flows) * len(model.indicators), samples)
    stated = point(model)
    values = np.empty((len(model.flows), len(model.indicators), samples))
    reference = np.empty(samples)

    given_up = Event()

    def fill(start: int, stop: int) -> None:
        for block in blocks(model, stop - start, seed, start=start, sampler=sampler):
            if given_up.is_set():
                return
            here = slice(block.start, block.start + block.reference.size)
            values[:, :, here] = block.impacts
            reference[here] = block.reference

    edges = [samples * w // workers for w in range(workers + 1)]
    if workers == 1:
        fill(0, samples)
    else:
        pool = ThreadPoolExecutor(workers)  # NumPy computes outside Python's lock; each thread has a program of its own
        try:
            try:
                parts = pool.map(fill, edges[:-1], edges[1:])
            except RuntimeError:  # the system gives no more threads (ulimit -u): one draws the same numbers
                fill(0, samples)
            else:
                list(parts)
        finally:  # one of them failed, or a signal came: nobody waits for the others
            given_up.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return Results(model, seed, values, stated.impacts[:, :, 0], reference, float(stated.reference[0]), sampler)


def fits(cells: int, samples: int) -> None:
    """Raise UsageError where so many results (flows × indicators) of so many samples would not fit in memory."""
    need = cells * samples * 8
    if need > LARGEST_RESULT:
        message = _("{samples} samples of {cells} results need {need} GB of memory; the limit is {limit} GB").format(
            samples=grouped(samples), cells=grouped(cells), need=plain(round(need / 1e9, 1), current()), limit=plain(LARGEST_RESULT / 1e9, current())
        )
        raise UsageError(Finding("samples", message, None, _("Ask for {most} at most.").format(most=grouped(LARGEST_RESULT // (8 * cells)))))


def size(model: Model, samples: int) -> int:
    """Return the bytes that so many samples of the finest grain take."""
    return len(model.flows) * len(model.indicators) * samples * 8


def point(model: Model) -> Block:
    """Return the block of one sample in which every uncertain value is the one that stands for it."""
    program = Program(model)
    values = {n.name: np.array([n.number]) for n in program.drawn}
    return program.block(values, 0, 1)


def blocks(
    model: Model, samples: int, seed: int, size: int | None = None, start: int = 0, sampler: str = "random", groups: Sequence[Sequence[int]] | None = None
) -> Iterator[Block]:
    """Yield blocks of samples `start` … `start + samples - 1`; any size gives the same numbers.

    size     samples of a block, `BLOCK` where none is named
    groups   flows whose impacts are wanted together; None gives each on its own
    Raises InputError where a sample is not a finite number, naming the values it was computed from.
    """
    size = size or BLOCK
    program = Program(model, groups=groups)
    uniforms = SAMPLERS[sampler](seed, (n.stream or n.name for n in program.drawn), model.correlations)
    for first in range(start, start + samples, size):
        count = min(size, start + samples - first)
        yield program.block(draw(program.drawn, uniforms.block(first, count)), first, count)


def draw(drawn: Iterable[Node], uniforms: Mapping[str, Array]) -> Values:
    """Return the values of uncertain nodes in base units, for the uniform numbers of each stream."""
    return {n.name: n.distribution.quantile(uniforms[n.stream or n.name]) for n in drawn if n.distribution is not None}
