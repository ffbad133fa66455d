"""Photographs that show the same person nearly the same way (thesis §3.1.2).

Where a threshold lies between "the same photograph again" and "somebody alike" is measured, not guessed
(``similarity_curve``). With faceres, on 3,202 rendered heads and 20 portraits of ten others, two of each,
which make 5.2 million pairs of different people:

=========  =====================  ====================  ==================  ===========================
threshold  different people held  photos with such a    same person, other  same photo shifted, turned,
           to be the same         double in the set     light and angle     or cropped
=========  =====================  ====================  ==================  ===========================
0.80       1.4e-4                 23 %                  10 of 10            100 %
0.85       7.1e-6                 1.9 %                 10 of 10            100 %
0.90       3.9e-7                 0.1 %                 9 of 10             99.8 %
0.92       0                      0                     6 of 10             99.8 %
0.95       0                      0                     0 of 10             99.4 %
=========  =====================  ====================  ==================  ===========================

0.9, the thesis' figure, is right for a window: nobody is lost to a neighbour by accident. A whole set has as
many pairs as the square of its photos, so that the threshold there is higher: 0.92.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.photo import Photo, Pixels
from pipeline.faces.steps import SetFunction, WindowFunction
from pipeline.faces.window import Window, cut

if TYPE_CHECKING:
    from pipeline.networks.faceres import FaceEmbedder

Embedding = npt.NDArray[np.float32]

SIDE: Final = 224
# The embedder was trained on the detector's box and a twentieth more on each side.
CROP: Final = 1.1
# How far the index may be off in float32; what it finds within this of the threshold is computed again.
MARGIN: Final = 1e-4


@cache
def _embedder() -> "FaceEmbedder":
    from pipeline.networks.faceres import FaceEmbedder

    return FaceEmbedder.load()


def similarity(a: Embedding, b: Embedding) -> float:
    """Cosine of two embeddings of unit length: 1 for equal ones.

    The thesis compares L2 distances; of directions those are sqrt(2 - 2 * similarity). The sum is done in
    float64 and in one order, so that a decision does not depend on what else is computed with it.
    """
    return float(np.sum(a.astype(np.float64) * b))


def with_embeddings(photos: Sequence[Photo]) -> list[Photo]:
    """Add to each photo the embedding of its face; of the whole picture where no face was cut out."""
    lacking = [photo for photo in photos if photo.embedding is None]
    if not lacking:
        return list(photos)
    embeddings = iter(_embedder().embed(np.stack([_crop(photo) for photo in lacking])))
    return [
        replace(photo, embedding=next(embeddings)) if photo.embedding is None else photo for photo in photos
    ]


def _crop(photo: Photo) -> Pixels:
    """What the embedder looks at: uint8 (224, 224, 3), RGB."""
    x, y, width, height = photo.face.output_box if photo.face else (0, 0, photo.width, photo.height)
    side = max(1, round(CROP * max(width, height)))
    left, top = round(x + width / 2 - side / 2), round(y + height / 2 - side / 2)
    return cut(
        np.ascontiguousarray(photo.rgb), Window(left, top, left + side, top + side), width=SIDE, height=SIDE
    )


def _embedding(photo: Photo) -> Embedding:
    if photo.embedding is None:
        raise ValueError(f"{photo.source} has no embedding: with_embeddings comes first.")
    return photo.embedding


def unlike_the_others(photos: Sequence[Photo], *, similarity_threshold: float = 0.9) -> bool:
    """Whether the last photo's similarity to each other one is below the threshold."""
    *others, last = map(_embedding, photos)
    return all(similarity(other, last) < similarity_threshold for other in others)


class UnlikeAnyBefore:
    """Judges by the similarity to every photo kept before: it must be below the threshold.

    The index is exact (brute force, many at once); memory: 4 KiB for each photo kept.
    """

    def __init__(self, *, similarity_threshold: float = 0.92) -> None:
        self._threshold = similarity_threshold
        self._kept: Embedding = np.empty((0, 0), np.float32)
        self._count = 0

    def judge(self, photos: Sequence[Photo]) -> list[bool]:
        """See ``steps.Judge``."""
        embeddings = [_embedding(photo) for photo in photos]
        if not embeddings:
            return []
        before = self._like_one_before(np.stack(embeddings))
        kept: list[Embedding] = []
        verdicts = []
        for embedding, like_one in zip(embeddings, before, strict=True):
            verdict = not like_one and all(similarity(embedding, other) < self._threshold for other in kept)
            if verdict:
                kept.append(embedding)
            verdicts.append(verdict)
        self._add(kept)
        return verdicts

    def remember(self, photos: Sequence[Photo]) -> None:
        """See ``steps.Judge``."""
        self._add([_embedding(photo) for photo in photos])

    def _like_one_before(self, embeddings: Embedding) -> list[bool]:
        """For each whether it is too similar to one kept before these."""
        if not self._count:
            return [False] * len(embeddings)
        from sklearn.neighbors import NearestNeighbors

        reach = np.sqrt(max(2.0 - 2.0 * (self._threshold - MARGIN), 0.0))
        index = NearestNeighbors(algorithm="brute").fit(self._kept[: self._count])
        near = index.radius_neighbors(embeddings, radius=reach, return_distance=False)
        return [
            any(similarity(embedding, self._kept[place]) >= self._threshold for place in places)
            for embedding, places in zip(embeddings, near, strict=True)
        ]

    def _add(self, embeddings: Sequence[Embedding]) -> None:
        if not embeddings:
            return
        count = self._count + len(embeddings)
        if count > len(self._kept):
            grown = np.empty((max(count, 2 * len(self._kept)), len(embeddings[0])), np.float32)
            grown[: self._count] = self._kept[: self._count] if self._count else 0
            self._kept = grown
        self._kept[self._count : count] = embeddings
        self._count = count


remove_too_similar: Final = WindowFunction("remove_too_similar", with_embeddings, unlike_the_others)
remove_too_similar_to_any: Final = SetFunction("remove_too_similar_to_any", with_embeddings, UnlikeAnyBefore)
