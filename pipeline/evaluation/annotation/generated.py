"""Faces of a generator, to be annotated."""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.evaluation.annotation.faces import BATCH, Face
from pipeline.evaluation.annotation.making import Maker


class GeneratedFaces:
    """Faces of a generator; the n-th of a seed is always the same one.

    Args:
        maker: of the faces.
        count: how many.
        seed: of the codes.
        truncation: ψ.
    """

    def __init__(self, maker: Maker, *, count: int, seed: int, truncation: float) -> None:
        self.maker, self.count, self.seed, self.truncation = maker, count, seed, truncation
        self.paths: tuple[str, ...] = ()
        self.facts = {"kind": "generated", "count": count, "seed": seed, "truncation": truncation}

    def __len__(self) -> int:
        return self.count

    def batches(self, start: int) -> Iterator[list[Face]]:
        """See :class:`Faces`."""
        for number, z in self._codes():
            if number >= start:
                images = self.maker.pictures(z, self.truncation)
                yield [Face(f"{self.seed}:{number + place}", image) for place, image in enumerate(images)]

    def pictures(self, numbers: Sequence[int]) -> list[np.ndarray]:
        """See :class:`Faces`."""
        wanted = set(numbers)
        codes = {
            number + place: code
            for number, z in self._codes()
            for place, code in enumerate(z)
            if number + place in wanted
        }
        if not codes:
            return []
        return list(self.maker.pictures(np.stack([codes[number] for number in numbers]), self.truncation))

    def _codes(self) -> Iterator[tuple[int, np.ndarray]]:
        """Codes z, a batch at a time with the number of the first: those of ``latents``, but never all."""
        random = np.random.default_rng(self.seed)
        for number in range(0, self.count, BATCH):
            shape = min(BATCH, self.count - number), self.maker.config.z_dim
            yield number, random.standard_normal(shape).astype(np.float32)
