"""Which of the generated faces become the fillers, when nobody is there to choose.

A filler should be like the suspect and yet somebody else, and somebody else than the other fillers too. So
the most similar faces are taken into a pool, and from the pool, one after the other, the face that lies
furthest from the suspect and from all faces taken before it (greedy max-min, Gonzalez 1985: at worst half the
best possible spread).
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from pipeline.fillers.face import Latent, OtherSource, SyntheticFace

# Faces in the pool for each filler wanted: more gives fillers further apart but less like the suspect.
POOL: Final = 3


MOST_COSTLY: Final = 3
"""Locks that are named where they leave too few faces."""


class TooFewFaces(ValueError):
    """There are not as many different faces as fillers are wanted.

    Args:
        without: of a gallery: key of each lock → how many of its faces keep the others.
    """

    def __init__(self, found: int, wanted: int, without: Mapping[str, int] | None = None) -> None:
        costly = sorted(((count, key) for key, count in (without or {}).items() if count), reverse=True)
        ways = ", ".join(f"{count} without {key}" for count, key in costly[:MOST_COSTLY])
        said = f"Only {found} different faces could be made, {wanted} fillers are wanted."
        super().__init__(f"{said} With one lock less there are others: {ways}." if ways else said)


def pick(candidates: Sequence[SyntheticFace], *, suspect: np.ndarray, count: int) -> list[SyntheticFace]:
    """Choose ``count`` fillers from ``candidates``.

    Args:
        suspect: of generated candidates the suspect's w_plus, float32 (num_ws, w_dim), of composed ones who
            the suspect is, float32 (d,), unit length. Distances are Euclidean among those.

    Returns:
        The fillers in the order in which they were taken; the same candidates give the same fillers.

    Raises:
        OtherSource: some candidates were generated, others composed.
        TooFewFaces: the candidates hold fewer different pictures than ``count``.
    """
    different: dict[bytes, SyntheticFace] = {}
    for candidate in candidates:
        different.setdefault(candidate.image.tobytes(), candidate)
    if len(different) < count:
        raise TooFewFaces(len(different), count)
    pool = sorted(different.values(), key=lambda candidate: -candidate.similarity)[: POOL * count]
    points = _points(pool)
    distance = np.linalg.norm(points - suspect.ravel(), axis=1)
    taken: list[int] = []
    while len(taken) < count:
        distance[taken] = -1.0
        furthest = int(np.argmax(distance))
        taken.append(furthest)
        distance = np.minimum(distance, np.linalg.norm(points - points[furthest], axis=1))
    return [pool[index] for index in taken]


def _points(faces: Sequence[SyntheticFace]) -> np.ndarray:
    """Where faces lie among one another, float32 (n, d): by w_plus, or who they are where they have none."""
    latents = [face.made_of for face in faces if isinstance(face.made_of, Latent)]
    if not latents:
        return np.stack([face.identity for face in faces])
    if len(latents) < len(faces):
        raise OtherSource("Fillers of one lineup come from one source.")
    return np.stack([latent.w_plus.ravel() for latent in latents])
