"""A page of neighbours, from whatever makes faces: an engine, or a view of one with refined weights."""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from gpu_worker.engine.made import Neighbours
from pipeline.fillers import (
    Band,
    Directions,
    Locks,
    Maker,
    Neighbourhood,
    Search,
    Wanted,
    distance_of,
)


class Surroundings(Maker, Protocol):
    """A maker of faces that knows where similar ones are drawn and which may be shown."""

    @property
    def neighbourhood(self) -> Neighbourhood:
        """Where similar faces are drawn."""
        ...

    @property
    def band(self) -> Band | None:
        """Which of them may be shown; None: the most alike."""
        ...

    @property
    def directions(self) -> Directions:
        """What is known of attributes in w+: some of them, all fillers share."""
        ...


def neighbours_of(
    maker: Surroundings,
    w_plus: np.ndarray,
    *,
    page: int,
    count: int,
    seed: int,
    reference: np.ndarray | None,
    locks: Mapping[str, str],
    distance: float | None,
    below: float | None,
    step: Callable[[float], None],
) -> Neighbours:
    """Choose faces around ``w_plus`` as a set: fewer than ``count`` where no more are right.

    Args:
        w_plus: float32 (num_ws, w_dim).
        page: from 1: another page has other faces, and unless ``distance`` is given, less similar ones.
        reference: the suspect's crop, uint8 (r, r, 3), to which faces are to be similar; None: the face at
            ``w_plus``.
        locks: key of ``pipeline.fillers.locks.KEYS`` → a value, or "same": as predicted for the
            reference.
        distance: 0 (as alike as may be) to 1 (as different as may be); None: as the page says.
        below: mean similarity of the page before: this one's stays under it.
        step: told the finished fraction between batches; what it raises ends the search.

    Raises:
        CannotLock: a lock that this bundle cannot keep.
        ValueError: a page, count or distance out of range.
    """
    if count < 1:
        raise ValueError(f"a page has at least one face, not {count}")
    far = distance_of(page)
    if distance is not None:
        if not 0.0 <= distance <= 1.0:
            raise ValueError(f"a distance is from 0 to 1, not {distance}")
        far = distance
    suspect = maker.render(w_plus[None], noise_seed=seed) if reference is None else reference[None]
    said = maker.describe(suspect)[0] if locks else None
    asked = Locks.asked(locks, said)
    wanted = Wanted(count=count, distance=far, locks=asked, seed=seed, page=page, below=below)
    search = Search(
        maker,
        maker.neighbourhood,
        maker.band,
        start=w_plus,
        reference=maker.identity(suspect)[0],
        step=step,
        held=maker.directions.held(locks),
    )
    return Neighbours.of(search.run(wanted), wanted=count, noise_seed=seed)
