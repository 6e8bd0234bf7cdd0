"""Random numbers that compose: sample i of a name depends only on the seed, the name and i.

So adding a parameter leaves the draws of all others untouched, two variants share the draws of what they share, the first n of
2n samples are the n samples, and any cutting into blocks or workers gives the same bytes.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

SEED = 42
SAMPLES = 10_000
PER_STEP = 4  # Philox4x64 gives four 64-bit numbers for each step of its counter

Array = NDArray[np.float64]


class Stream:
    """The uniform random numbers of one name, an endless sequence that can be read from anywhere.

    Philox4x64-10 keyed with the first 16 bytes of SHA-256(seed / name); number i of the sequence is number i of the generator.
    Source: Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3, SC '11.
    """

    def __init__(self, seed: int, name: str) -> None:
        self._key = int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:16], "little")
        self._generator: Generator | None = None
        self._next = 0

    def uniforms(self, start: int, count: int) -> Array:
        """Return numbers start … start + count - 1 of the sequence, each in the open interval (0, 1)."""
        skipped = start % PER_STEP
        if self._generator is None or start != self._next:
            self._generator = Generator(Philox(key=self._key, counter=(start - skipped) // PER_STEP))
            if skipped:
                self._generator.random(skipped)
        self._next = start + count
        drawn = self._generator.random(count)
        return np.maximum(drawn, 2.0**-54, out=drawn)  # 0 is one of the 2^53 numbers drawn, and no probability here


def uniforms(seed: int, name: str, start: int, count: int) -> Array:
    """Return numbers start … start + count - 1 of the sequence of a name; see `Stream`."""
    return Stream(seed, name).uniforms(start, count)
