"""What refining does to the faces of everybody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.evaluation.path_length import path_lengths, summarised
from pipeline.evaluation.perceptual import PictureDistance
from pipeline.evaluation.realism import judge_of
from pipeline.evaluation.sampling import BATCH, Sampler, latents
from pipeline.evaluation.subject import Subject
from pipeline.fillers.realism import RealismScale
from pipeline.networks.faceres import FaceEmbedder
from pipeline.refinement import Refinement, RefinementError


@dataclass(frozen=True)
class Others:
    """Random faces of a tuned generator beside those of the untuned one.

    Attributes:
        realism: mean share of the untuned generator's faces that the discriminator finds less real; 0.5 for
            the untuned generator itself.
        logit: mean logit of the discriminator, and ``untuned_logit``.
        path_length: mean perceptual path length in w, and ``untuned_path_length``, over the same ways; None
            where it was not asked for.
        changed: mean squared difference of the random faces' pixels in [-1, 1] from the untuned ones.
    """

    realism: float
    logit: float
    untuned_logit: float
    path_length: float | None
    untuned_path_length: float | None
    changed: float


class Bystanders:
    """Measures random faces, always of the same codes.

    Args:
        subject: the untuned generator and its discriminator. Its weights are changed while a tuned one is
            measured, and put back.
        embedder: for the path length.
        faces: how many are judged.
        ways: how many the path length is the mean of; 0: it is not measured.
        seed: of the codes.
    """

    def __init__(self, subject: Subject, embedder: FaceEmbedder, *, faces: int, ways: int, seed: int) -> None:
        self.sampler, self.generator = Sampler(subject), subject.generator
        self._ways, self._seed = ways, seed
        self._codes = self.sampler.codes(latents(self.generator, faces, seed))
        self._judge = judge_of(self.sampler)
        self._distance = PictureDistance(self.generator, embedder, BATCH)
        self._images, logits = self._judged("untuned faces")
        self._scale = RealismScale(np.sort(logits))
        self._length = self._path_length("untuned path length")

    def of(self, refinement: Refinement) -> Others:
        """Measure the generator with the weights of ``refinement``."""
        before = self._assign(refinement)
        try:
            images, logits = self._judged("tuned faces")
            length = self._path_length("tuned path length")
        finally:
            for variable, value in before:
                variable.assign(value)
        differences = (images.astype(np.float32) - self._images) / 127.5
        return Others(
            realism=float(self._scale.realism(logits).mean()),
            logit=float(logits.mean()),
            untuned_logit=float(self._scale.logits.mean()),
            path_length=length,
            untuned_path_length=self._length,
            changed=float(np.square(differences).mean()),
        )

    def _assign(self, refinement: Refinement) -> Sequence[tuple[Any, np.ndarray]]:
        """Give the generator the tuned weights; returns what it had."""
        variables = {variable.path: variable for variable in self.generator.synthesis.weights}
        if odd := sorted(refinement.generator.keys() - variables.keys()):
            raise RefinementError(f"its weights do not fit the bundle's network: {', '.join(odd[:3])}")
        chosen = [variables[path] for path in refinement.generator]
        before = [(variable, np.array(variable.value)) for variable in chosen]
        for variable in chosen:
            variable.assign(refinement.generator[variable.path].astype(np.float32))
        return before

    def _judged(self, stage: str) -> tuple[np.ndarray, np.ndarray]:
        """Random faces uint8 (n, side, side, 3) of the generator as it is now, and their logits (n,)."""
        starts = range(0, len(self._codes), BATCH)
        parts = []
        for start in tqdm(starts, desc=stage, unit="batch", leave=False, mininterval=1):
            images = self.sampler.pictures(self._codes[start : start + BATCH])
            parts.append((images, self._judge.logits(images)))
        images, logits = (np.concatenate(part) for part in zip(*parts, strict=True))
        return images, logits

    def _path_length(self, stage: str) -> float | None:
        """Of the generator as it is now; None where it is not asked for."""
        if not self._ways:
            return None
        lengths = path_lengths(
            self.sampler.codes,
            self._distance,
            z_dim=self.generator.config.z_dim,
            space="w",
            sampling="full",
            samples=self._ways,
            batch=BATCH,
            seed=self._seed,
        )
        total = -(-self._ways // BATCH)
        bar = tqdm(lengths, desc=stage, total=total, unit="batch", leave=False, mininterval=1)
        return summarised(np.concatenate(list(bar))).mean
