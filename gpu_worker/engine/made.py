"""What the engine makes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from pipeline.fillers import Found, Limits, Reason

Description = dict[str, Any]
"""What the attribute models say of a face: attribute → its ``value`` and the ``confidence`` in it, 0..1."""


@dataclass(frozen=True)
class Made:
    """A synthetic face and what makes it again.

    Attributes:
        image: uint8 (resolution, resolution, 3), RGB.
        w_plus: float32 (num_ws, w_dim).
        noise_seed: seed of the synthesis noise.
        similarity: resemblance to the suspect, or to the face it was made from, in [-1, 1].
        realism: share of the generator's own faces that the discriminator finds less real, 0..1; None where
            it was not measured.
        description: what the attribute models say of it; None where they were not asked or are missing.
    """

    image: np.ndarray
    w_plus: np.ndarray
    noise_seed: int
    similarity: float
    realism: float | None = None
    description: Description | None = None


@dataclass(frozen=True)
class Neighbours(Sequence[Made]):
    """A page of faces, the most alike first, and how it was found.

    Attributes:
        faces: those that passed.
        wanted: how many were asked for; ``faces`` may be fewer.
        drawn: candidates that were looked at.
        rejected: how many of them were passed over, by reason.
        limits: the band of similarity that all faces are in; None where the bundle has no band, and the most
            alike faces were taken, whoever they are.
    """

    faces: tuple[Made, ...]
    wanted: int
    drawn: int
    rejected: Mapping[Reason, int]
    limits: Limits | None

    @classmethod
    def of(cls, found: Found, *, wanted: int, noise_seed: int) -> "Neighbours":
        """From what a search came to."""
        faces = tuple(
            Made(
                image=face.image,
                w_plus=face.w_plus,
                noise_seed=noise_seed,
                similarity=face.similarity,
                realism=face.realism,
                description=None if face.description is None else dict(face.description),
            )
            for face in found.faces
        )
        return cls(faces, wanted, found.drawn, found.rejected, found.limits)

    @overload
    def __getitem__(self, index: int) -> Made: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Made]: ...
    def __getitem__(self, index: int | slice) -> Made | Sequence[Made]:
        return self.faces[index]

    def __len__(self) -> int:
        return len(self.faces)

    def __iter__(self) -> Iterator[Made]:
        return iter(self.faces)

    @property
    def summary(self) -> str:
        """How it went, in a sentence or two for the officer."""
        if self.limits is None:
            return (
                f"{len(self)} of {self.drawn} candidates, chosen by similarity alone: this bundle has no "
                "measured band, so that clones and strangers are not told."
            )
        text = f"{len(self)} of {self.wanted} faces found among {self.drawn} candidates."
        counts = sorted(self.rejected.items(), key=lambda pair: -pair[1])
        why = ", ".join(f"{number} {reason}" for reason, number in counts)
        return f"{text} Rejected: {why}." if why else text

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a job's result."""
        return {
            "found": len(self),
            "wanted": self.wanted,
            "drawn": self.drawn,
            "rejected": {str(reason): number for reason, number in self.rejected.items()},
            "band": None if self.limits is None else [self.limits.stranger, self.limits.clone],
            "summary": self.summary,
        }
