"""Photographs encoded, refined and compared, one person after another."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.dataset.images import to_uint8
from pipeline.evaluation.photographs import Portrait
from pipeline.evaluation.reconstruction.figures import Comparison, Figures
from pipeline.evaluation.reconstruction.others import Bystanders, Others
from pipeline.networks.backend import compiled
from pipeline.networks.stylegan2 import noise_from_seed
from pipeline.refinement import Callbacks, Networks, Notes, Refinement, Refiner, TimeLimit


@dataclass(frozen=True)
class Examined:
    """One photograph.

    Attributes:
        portrait: with the crop.
        encoded, refined: reconstructions uint8 (r, r, 3) before and after.
        before, after: how near they are.
        others: what became of everybody else's faces.
        notes: how the refinement went.
        bytes: size of its file.
        seconds: from the call to the refinement, by the wall's clock.
    """

    portrait: Portrait
    encoded: np.ndarray
    refined: np.ndarray
    before: Figures
    after: Figures
    others: Others
    notes: Notes
    bytes: int
    seconds: float


class Examination:
    """Refines for each photograph and compares.

    Args:
        networks: of the bundle.
        comparison, bystanders: the instruments.
        clock: by which the time limit is kept.
    """

    def __init__(
        self,
        networks: Networks,
        comparison: Comparison,
        bystanders: Bystanders,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.networks, self.comparison, self.bystanders, self.clock = networks, comparison, bystanders, clock
        self.refiner = Refiner(networks)
        # As a worker shows a reconstruction.
        self._noise = noise_from_seed(networks.generator.synthesis.noise_sides, 0)
        self._synthesise = compiled(networks.synthesised)
        self._encode = compiled(networks.encoded)

    def of(self, portraits: Sequence[Portrait], *, method: str, seconds: float) -> Iterator[Examined]:
        """Examine each portrait, with progress on standard error."""
        for portrait in tqdm(portraits, desc="photographs", unit="photo"):
            yield self._examined(portrait, method=method, seconds=seconds)

    def _examined(self, portrait: Portrait, *, method: str, seconds: float) -> Examined:
        crop = portrait.crop
        encoded = self._reconstructed(crop)
        began = time.monotonic()
        refinement = self._refinement(crop, method=method, seconds=seconds)
        took = time.monotonic() - began
        refined = self._face(refinement, refinement.pivots)
        return Examined(
            portrait=portrait,
            encoded=encoded,
            refined=refined,
            before=self.comparison(crop, encoded),
            after=self.comparison(crop, refined),
            others=self.bystanders.of(refinement),
            notes=refinement.notes,
            bytes=len(refinement.data),
            seconds=round(took, 2),
        )

    def _refinement(self, crop: np.ndarray, *, method: str, seconds: float) -> Refinement:
        limit, layout = (
            TimeLimit(seconds, self.clock),
            "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}",
        )
        with tqdm(total=1.0, desc="refining", bar_format=layout, leave=False, mininterval=1) as bar:

            def show(share: float) -> None:
                bar.update(share - bar.n)

            return self.refiner.refine(
                crop[None], limit=limit, method=method, callbacks=Callbacks(report=show)
            )

    def _reconstructed(self, crop: np.ndarray) -> np.ndarray:
        """By the encoder alone."""
        image = crop[None].astype(np.float32) / np.float32(127.5) - 1
        pivots = self._encode([v.value for v in self.networks.encoder_variables], image)["w_plus"]
        return self._face(None, pivots)

    def _face(self, refinement: Refinement | None, pivots: Any) -> np.ndarray:
        changed = refinement.generator if refinement else {}
        weights = self.networks.tuned(changed, self.networks.synthesis_variables)
        (face,) = to_uint8(np.asarray(self._synthesise(weights, pivots, self._noise)))
        return np.asarray(face)
