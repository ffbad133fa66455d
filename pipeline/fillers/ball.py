"""Points of w+ around a face: where a generator's candidates are drawn (thesis §3.4.5)."""

import numpy as np

from pipeline.fillers.subspace import Subspace


def points_in_ball(
    subspace: Subspace,
    centre: np.ndarray,
    count: int,
    *,
    radius: float,
    random: np.random.Generator,
    held: np.ndarray | None = None,
) -> np.ndarray:
    """Points drawn uniformly from a ball around ``centre``, float (num_ws, w_dim), within the subspace.

    What the centre has outside of the subspace, all points have too. Of an encoded face that is next to
    nothing, but much of what a refinement found lies there.

    Args:
        radius: in the subspace's coordinates.
        held: float (k, components), orthonormal: directions in which no point leaves the centre.

    Returns:
        float32 (count, num_ws, w_dim).
    """
    size = len(subspace.components)
    directions = random.standard_normal((count, size))
    if held is not None and len(held):
        directions -= (directions @ held.T) @ held
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    distances = radius * random.random((count, 1)) ** (1.0 / size)
    within = subspace.project(centre[None])
    moved = subspace.lift(np.asarray(within + directions * distances, np.float32), centre.shape[0])
    return np.asarray(moved + (centre[None] - subspace.lift(within, centre.shape[0])))
