"""Boxes that may hold a face, in several pictures at once."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Boxes: TypeAlias = npt.NDArray[np.float64]
"""float64 (n, 4): left, top, right, bottom in pixels; may reach beyond the picture."""
Floats: TypeAlias = npt.NDArray[np.floating]
Integers: TypeAlias = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes with what is known of them.

    Attributes:
        boxes: see ``Boxes``.
        scores: float32 (n,), 0..1.
        pictures: int64 (n,) number of the picture.
        landmarks: float64 (n, 5, 2): x, y of the left eye, the right eye, the nose, the left and the right
            end of the mouth; zeros while they are not known.
    """

    boxes: Boxes
    scores: npt.NDArray[np.float32]
    pictures: npt.NDArray[np.int64]
    landmarks: npt.NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence["Candidates"]) -> "Candidates":
        """All of these together."""
        none = cls(
            np.empty((0, 4)), np.empty(0, np.float32), np.empty(0, np.int64), np.empty((0, 5, 2), np.float64)
        )
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in (none, *parts)]) for name in names))

    def __len__(self) -> int:
        return len(self.boxes)

    def __getitem__(self, places: Any) -> "Candidates":
        return Candidates(
            self.boxes[places], self.scores[places], self.pictures[places], self.landmarks[places]
        )

    def thinned(self, overlap: float, *, of_smaller: bool = False) -> "Candidates":
        """Without those that overlap one of a higher score in the same picture.

        Args:
            overlap: by more than this share of the union of both boxes.
            of_smaller: by more than this share of the smaller box instead.

        Returns:
            Picture by picture, the highest score first; of equal scores, which are common, the last one.
        """
        order = np.lexsort((-np.arange(len(self)), -self.scores, self.pictures))
        kept = [order[:0]]
        for places in np.split(order, np.flatnonzero(np.diff(self.pictures[order])) + 1):
            shared = _shared(self.boxes[places], of_smaller=of_smaller)
            kept.append(places[~np.triu(shared > overlap, k=1).any(axis=0)])
        return self[np.concatenate(kept)]


def _shared(boxes: Boxes, *, of_smaller: bool) -> Floats:
    """How much each two boxes share: (n, n), 0..1."""
    left, top, right, bottom = boxes.T
    area = (right - left) * (bottom - top)
    across = np.minimum.outer(right, right) - np.maximum.outer(left, left)
    down = np.minimum.outer(bottom, bottom) - np.maximum.outer(top, top)
    common = np.maximum(across, 0.0) * np.maximum(down, 0.0)
    whole = np.minimum.outer(area, area) if of_smaller else np.add.outer(area, area) - common
    return np.asarray(np.divide(common, whole, out=np.zeros_like(common), where=whole > 0))


def refined(boxes: Boxes, shifts: Floats) -> Boxes:
    """Move each edge by its share of the box's width or height; a box of pixels 3 to 5 is three wide."""
    width, height = boxes[:, 2] - boxes[:, 0] + 1.0, boxes[:, 3] - boxes[:, 1] + 1.0
    return boxes + shifts * np.stack([width, height, width, height], axis=1)


def squared(boxes: Boxes) -> Boxes:
    """Widen each box to a square around its middle."""
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2.0
    half = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, keepdims=True) / 2.0
    return np.concatenate([middle - half, middle + half], axis=1)
