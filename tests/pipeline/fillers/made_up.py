"""Faces that are their own latents: every score is known, no network is needed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pipeline.fillers import Band, Subspace

SHAPE = (1, 24)
SIZE = 24


def unit(values: np.ndarray) -> np.ndarray:
    """Rows of unit length."""
    return np.asarray(values / np.linalg.norm(values, axis=-1, keepdims=True), np.float32)


SUSPECT = unit(np.ones(SIZE))


class MadeUpMaker:
    """Who a face is, is its latent's direction; a picture's first pixels are the latent's first values.

    Args:
        logit: what the discriminator says of a latent (SIZE,).
        beard: whether a latent (SIZE,) has a beard.
    """

    def __init__(
        self,
        logit: Callable[[np.ndarray], float] = lambda w: 0.0,
        beard: Callable[[np.ndarray], bool] = lambda w: False,
    ) -> None:
        self._logit, self._beard = logit, beard
        self._latents: dict[bytes, np.ndarray] = {}
        self.judged = self.described = 0

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        pictures = np.ascontiguousarray(w_plus, np.float32).view(np.uint8).reshape(len(w_plus), 1, SIZE, 4)
        self._latents |= {p.tobytes(): w.ravel() for p, w in zip(pictures, w_plus, strict=True)}
        return pictures

    def identity(self, faces: np.ndarray, /) -> np.ndarray:
        return unit(np.stack(self._of(faces)))

    def logits(self, faces: np.ndarray, /) -> np.ndarray:
        self.judged += len(faces)
        return np.array([self._logit(w) for w in self._of(faces)], np.float32)

    def describe(self, faces: np.ndarray, /) -> list[dict[str, Any]]:
        self.described += len(faces)
        return [{"beard": {"value": bool(self._beard(w)), "confidence": 1.0}} for w in self._of(faces)]

    def _of(self, faces: Sequence[np.ndarray] | np.ndarray) -> list[np.ndarray]:
        return [self._latents[face.tobytes()] for face in faces]


def space() -> Subspace:
    """All of the latents' space."""
    return Subspace(
        mean=np.zeros(SIZE, np.float32),
        components=np.eye(SIZE, dtype=np.float32),
        deviations=np.ones(SIZE, np.float32),
        whiten=True,
        first_radius=0.5,
        radius_step=0.5,
    )


def band(**changes: Any) -> Band:
    """One person from 0.9; the crowd is random: a stranger is whoever is less alike than about 0.57."""
    crowd = unit(np.random.default_rng(0).normal(size=(400, SIZE)) + 0.5)
    made = Band(
        same_person=0.9,
        stranger_share=0.75,
        least_realism=0.1,
        first_radius=0.7,
        far_radius=1.6,
        crowd=crowd,
        logits=np.linspace(-1, 1, 101).astype(np.float32),
        company=np.zeros((3, 1, SIZE, 4), np.uint8),
    )
    return replace(made, **changes)
