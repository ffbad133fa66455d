"""Points between faces in w+: lines, triangles and beyond."""

from collections.abc import Iterator, Sequence

import numpy as np


def between(inputs: Sequence[np.ndarray], *, steps: int) -> np.ndarray:
    """Codes between ``inputs``, float32 (num_ws, w_dim) each, which are among them exactly.

    Returns:
        float32 (n, num_ws, w_dim): of two inputs ``steps`` codes on the line between them, of more the
        barycentric grid with ``steps`` codes on each edge; the first input first, the last one last.

    Raises:
        ValueError: fewer than two inputs or two steps.
    """
    if len(inputs) < 2:
        raise ValueError(f"a way leads through at least two faces, not {len(inputs)}")
    if steps < 2:
        raise ValueError(f"an interpolation has at least its two ends, not {steps} steps")
    corners = np.stack([np.asarray(code, np.float32) for code in inputs])
    shares = np.array(list(grid(len(inputs), steps - 1)), np.float32) / np.float32(steps - 1)
    # In float32, 1 · a + 0 · b is a, to the bit.
    return np.asarray(np.einsum("nk,kij->nij", shares, corners), np.float32)


def grid(corners: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Whole numbers from 0 that sum to ``parts``, one for each corner, from the first corner to the last."""
    if corners == 1:
        yield (parts,)
        return
    for first in range(parts, -1, -1):
        for rest in grid(corners - 1, parts - first):
            yield (first, *rest)
