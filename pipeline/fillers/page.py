"""A page of faces: what is asked for, and what a search came to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np

from pipeline.fillers.band import Limits
from pipeline.fillers.face import SyntheticFace
from pipeline.fillers.locks import Locks
from pipeline.fillers.reasons import Reason


@dataclass(frozen=True)
class PageRequest:
    """What a page is to be.

    Attributes:
        count: faces.
        distance: from the suspect, 0 (as alike as may be) to 1 (as different as may be).
        locks: what all faces share.
        seed, page: of the draw: the same give the same faces. Pages are counted from 1.
        below: mean similarity of the page before, which no face reaches again; None: there is none.

    Raises:
        ValueError: a value out of its range.
    """

    count: int
    distance: float = 0.0
    locks: Locks = field(default_factory=Locks)
    seed: int = 0
    page: int = 1
    below: float | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a page has at least one face, not {self.count}")
        if not 0.0 <= self.distance <= 1.0:
            raise ValueError(f"a distance is from 0 to 1, not {self.distance}")
        if self.page < 1:
            raise ValueError(f"pages are counted from 1, not {self.page}")


@dataclass(frozen=True, eq=False)
class Page(Sequence[SyntheticFace]):
    """A page of faces, the most alike first, and how it was found.

    Attributes:
        faces: those that passed.
        wanted: how many were asked for; ``faces`` may be fewer.
        drawn: candidates that were looked at.
        rejected: how many of them were passed over, by reason.
        limits: the band of similarity that all faces are in; None of a source without a band, where the most
            alike faces were taken, whoever they are.
        radius: of the last draw.
        without: of a page of a gallery with too few faces: key of each lock → how many faces keep the others.
    """

    faces: tuple[SyntheticFace, ...]
    wanted: int
    drawn: int
    rejected: Mapping[Reason, int]
    limits: Limits | None
    radius: float
    without: Mapping[str, int] = field(default_factory=dict)

    @property
    def mean_similarity(self) -> float | None:
        """Of the faces, to the reference; None of no faces."""
        return float(np.mean([face.similarity for face in self.faces])) if self.faces else None

    @overload
    def __getitem__(self, index: int) -> SyntheticFace: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[SyntheticFace]: ...
    def __getitem__(self, index: int | slice) -> SyntheticFace | Sequence[SyntheticFace]:
        return self.faces[index]

    def __len__(self) -> int:
        return len(self.faces)

    def __iter__(self) -> Iterator[SyntheticFace]:
        return iter(self.faces)


def distance_of(page: int) -> float:
    """How far from the suspect a page is, counted from 1: 0, 1/3, 1/2, 3/5 … towards 1.

    Raises:
        ValueError: a page before the first.
    """
    if page < 1:
        raise ValueError(f"pages are counted from 1, not {page}")
    return (page - 1) / (page + 1)
