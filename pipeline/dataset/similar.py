"""Photographs that show the same person nearly the same way (thesis §3.1.2).

Where a threshold lies between "the same photograph again" and "somebody alike" is measured, not guessed: with
faceres, on 3,202 rendered heads and 20 portraits of ten others, two of each, which make 5.2 million pairs of
different people:

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
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from pipeline.dataset.steps import SetFunction, WindowFunction
from pipeline.faces import Photo, Pixels, Window, cut
from pipeline.identity import FaceIdentity

Embedding: TypeAlias = npt.NDArray[np.float32]
"""float32 (1024,) of unit length."""
Embeddings: TypeAlias = npt.NDArray[np.float32]
"""float32 (n, 1024)."""

SIDE: Final = 224
# The embedder was trained on the detector's box and a twentieth more on each side.
CROP: Final = 1.1
# How far the index may be off in float32; what it finds within this of the threshold is computed again.
MARGIN: Final = 1e-4
# Photos in a part of the index: parts are made once, so that adding to the set copies nothing.
BLOCK: Final = 4096


def _embedder() -> FaceIdentity:
    """The one of this process. A build has as many processes as are wanted: each keeps to one thread."""
    return FaceIdentity.load(threads=1)


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

    Exact: the index computes all distances, many at once. Memory: 4 KiB for each photo kept.
    """

    def __init__(self, *, similarity_threshold: float = 0.92) -> None:
        self._threshold = similarity_threshold
        # Full blocks, each with its index; then one that is being filled.
        self._blocks: list[tuple[Embeddings, Any]] = []
        self._last: list[Embedding] = []

    def judge(self, photos: Sequence[Photo]) -> list[bool]:
        embeddings = [_embedding(photo) for photo in photos]
        before = self._like_one_before(embeddings)
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
        self._add([_embedding(photo) for photo in photos])

    def _like_one_before(self, embeddings: Sequence[Embedding]) -> list[bool]:
        """For each whether it is too similar to one kept before these."""
        blocks = [*self._blocks, _indexed(self._last)] if self._last else self._blocks
        found = [False] * len(embeddings)
        if not embeddings:
            return found
        asked = np.stack(embeddings)
        reach = np.sqrt(max(2.0 - 2.0 * (self._threshold - MARGIN), 0.0))
        for kept, index in blocks:
            near = index.radius_neighbors(asked, radius=reach, return_distance=False)
            for number, places in enumerate(near):
                found[number] = found[number] or any(
                    similarity(asked[number], kept[place]) >= self._threshold for place in places
                )
        return found

    def _add(self, embeddings: Sequence[Embedding]) -> None:
        for embedding in embeddings:
            self._last.append(embedding)
            if len(self._last) == BLOCK:
                self._blocks.append(_indexed(self._last))
                self._last = []


def _indexed(embeddings: Sequence[Embedding]) -> tuple[Embeddings, Any]:
    """The embeddings as one array, and an index of them."""
    from sklearn.neighbors import NearestNeighbors

    whole = np.stack(embeddings)
    return whole, NearestNeighbors(algorithm="brute").fit(whole)


remove_too_similar: Final = WindowFunction("remove_too_similar", with_embeddings, unlike_the_others)
remove_too_similar_to_any: Final = SetFunction("remove_too_similar_to_any", with_embeddings, UnlikeAnyBefore)
