"""Who the faces of a gallery are, compared with somebody: all of them, exactly, by matrix products.

Random access to a graph of neighbours is faster, but it takes hours to build for a million faces, and misses
some; reading everything once takes half a second (docs/dev/performance.md).
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

#: Up to so many faces, who they are is kept in memory as float32: 82 MB.
IN_MEMORY: Final = 20_000
#: Rows that are multiplied together: 8 MB of them as float32.
BLOCK: Final = 2048
#: Of the rows that look nearest by their coarse copies, so many are compared exactly.
COMPARED: Final = 32


class Identities:
    """Rows of unit length, and their similarity to others.

    Args:
        rows: float16 (n, d), mapped where they are many.
        coarse: int8 (n, d), each row times one number and rounded; None: ``rows`` are all there is.
        scale: that number.
    """

    def __init__(
        self, rows: npt.NDArray[np.float16], coarse: npt.NDArray[np.int8] | None = None, scale: float = 1.0
    ) -> None:
        self._rows, self._coarse, self._scale = rows, coarse, scale

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, places: Places) -> Floats:
        """The rows at ``places``, float32 (k, d), of unit length."""
        found = self._rows[places].astype(np.float32)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True))

    def similarities(self, identity: Floats, places: Places) -> Floats:
        """Of the rows at ``places`` to ``identity``, float (d,), unit length: float32 (k,), -1..1."""
        if self._small:
            return np.asarray(self._whole[places] @ identity)
        parts = [self.of(places[a:b]) @ identity for a, b in _blocks(len(places))]
        return np.concatenate(parts) if parts else np.zeros(0, np.float32)

    def roughly(self, identities: Floats) -> Floats:
        """Of all rows to each of ``identities``, float (k, d): float32 (k, n), to 0.005 of a large one."""
        if self._small:
            return np.asarray(identities @ self._whole.T)
        rows = self._rows if self._coarse is None else self._coarse
        scaled = np.asarray(identities / (1.0 if self._coarse is None else self._scale), np.float32)
        found = np.empty((len(identities), len(rows)), np.float32)

        def multiply(block: tuple[int, int]) -> None:
            begin, end = block
            np.matmul(scaled, rows[begin:end].astype(np.float32).T, out=found[:, begin:end])

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for _ in pool.map(multiply, _blocks(len(rows))):
                pass
        return found

    def nearest(self, identities: Floats) -> Floats:
        """Highest similarity of any row to each of ``identities``, float (k, d): float32 (k,)."""
        rough = self.roughly(identities)
        if self._small or not len(identities):
            return np.asarray(rough.max(axis=1, initial=-1.0))
        few = min(COMPARED, len(self)) - 1
        likely = np.argpartition(-rough, few, axis=1)[:, : few + 1]
        return np.array(
            [np.max(self.of(places) @ who) for places, who in zip(likely, identities, strict=True)]
        )

    @property
    def _small(self) -> bool:
        return len(self) <= IN_MEMORY

    @cached_property
    def _whole(self) -> Floats:
        return self.of(np.arange(len(self)))


def _blocks(count: int) -> Iterator[tuple[int, int]]:
    """Begins and ends of blocks of ``BLOCK`` rows."""
    return pairwise((*range(0, count, BLOCK), count)) if count else iter(())
