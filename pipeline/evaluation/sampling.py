"""Pictures from a generator, in batches of one size, from codes that a seed fixes."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.dataset.images import to_uint8
from pipeline.evaluation.subject import Subject
from pipeline.networks.backend import compiled
from pipeline.networks.batches import in_batches
from pipeline.networks.stylegan2 import Generator

BATCH: Final = 32


def latents(generator: Generator, count: int, seed: int) -> np.ndarray:
    """Codes z, float32 (count, z_dim); more of them begin with the same ones."""
    random = np.random.default_rng(seed)
    return random.standard_normal((count, generator.config.z_dim)).astype(np.float32)


class Sampler:
    """A generator's functions, compiled once; its noise is constant, so that a code has one picture."""

    def __init__(self, subject: Subject) -> None:
        self.subject, self.generator = subject, subject.generator
        self._map = compiled(self.generator.mapping)
        self._render = compiled(self._rendered)
        self._score = compiled(self._scored)

    def _rendered(self, w: Any, psi: Any) -> Any:
        w_avg = ops.convert_to_tensor(self.generator.mapping.w_avg)
        return self.generator.synthesis(self.generator.broadcast(w_avg + psi * (w - w_avg)))

    def _scored(self, images: Any) -> Any:
        return self.subject.discriminator(images)[:, 0]  # type: ignore[misc]

    def codes(self, z: np.ndarray) -> np.ndarray:
        """z (n, z_dim) → w float32 (n, w_dim), not truncated."""
        return np.asarray(in_batches(self._map, np.asarray(z, np.float32), BATCH))

    def pictures(self, w: np.ndarray, psi: float = 1.0) -> np.ndarray:
        """w (n, w_dim) → uint8 (n, side, side, 3)."""
        truncation = ops.convert_to_tensor(psi, "float32")
        codes = np.asarray(w, np.float32)
        return to_uint8(in_batches(lambda part: self._render(part, truncation), codes, BATCH))

    def stream(self, z: np.ndarray, psi: float = 1.0) -> Iterator[np.ndarray]:
        """Pictures of z (n, z_dim), a few at a time, in order."""
        for start in range(0, len(z), BATCH):
            yield self.pictures(self.codes(z[start : start + BATCH]), psi)

    def scores(self, images: np.ndarray) -> np.ndarray:
        """The discriminator's logits (m,) for pictures uint8 (n, side, side, 3).

        It compares the pictures of a batch, so that only full batches of one kind are judged: m is the
        greatest multiple of BATCH up to n.
        """
        whole = images[: len(images) // BATCH * BATCH]
        scaled = whole.astype(np.float32) / np.float32(127.5) - np.float32(1.0)
        return np.asarray(in_batches(self._score, scaled, BATCH))
