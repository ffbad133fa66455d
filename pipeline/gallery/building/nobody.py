"""Nobody: whether a face that was made is somebody after all."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.gallery.about import EACH_OTHER
from pipeline.gallery.building.outcomes import Embedding, Near
from pipeline.gallery.building.settings import DLIB_DISTANCE

SOMEBODY: Final = "a portrait's face"
ROOM: Final = 256
"""Faces for which a crowd has room at first; it doubles when that is used up."""


@dataclass(frozen=True, eq=False)
class Portraits:
    """All people of the photographs, those of whom no blends are made too.

    Attributes:
        numbers: int (n,), of those in whose photograph a face was found.
        embeddings: float32 (n, 1024), of unit length.
        second: float (n, 128), dlib's; empty where dlib is not asked.
    """

    numbers: npt.NDArray[np.int64]
    embeddings: npt.NDArray[np.float32]
    second: npt.NDArray[np.float64]

    def near(self, embedding: Embedding) -> Near:
        """Whom a face is most like."""
        cosines = self.embeddings @ embedding
        best = int(cosines.argmax())
        return Near(int(self.numbers[best]), float(cosines[best]))

    def second_near(self, near: Near, second: npt.NDArray[np.float64] | None) -> Near:
        """The same with what dlib says of the face, where it was asked."""
        if second is None or not len(self.second):
            return near
        return replace(near, distance=float(np.sqrt(np.square(self.second - second).sum(axis=1)).min()))


def nearer(one: Near, two: Near) -> Near:
    """Of two pictures of one face the one that is more like a portrait, with the least that dlib found."""
    found = [near.distance for near in (one, two) if near.distance is not None]
    return replace(max(one, two, key=lambda near: near.cosine), distance=min(found, default=None))


def somebody(near: Near, limit: float) -> str:
    """Why a face may be one of the portraits'; empty where it is not."""
    if near.cosine >= limit:
        return SOMEBODY
    if near.distance is not None and near.distance <= DLIB_DISTANCE:
        return "a portrait's face, by a second opinion"
    return ""


class Crowd:
    """The faces of a gallery, each nobody's twin."""

    def __init__(self) -> None:
        self._embeddings = np.zeros((ROOM, 0), np.float32)
        self._count = 0

    def admits(self, embedding: Embedding) -> float | None:
        """Take a face in unless it may be one that is there.

        Returns:
            The largest cosine to those there (-1 to none), or None where it is not taken in.
        """
        if not self._count:
            self._embeddings = np.zeros((ROOM, len(embedding)), np.float32)
        nearest = float((self._embeddings[: self._count] @ embedding).max(initial=-1.0))
        if nearest >= EACH_OTHER:
            return None
        if self._count == len(self._embeddings):
            self._embeddings = np.concatenate([self._embeddings, np.zeros_like(self._embeddings)])
        self._embeddings[self._count] = embedding
        self._count += 1
        return nearest
