"""Faces of a bundle's networks, outside of a worker: to measure, to fit on, to examine."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.attributes import describe
from pipeline.dataset.images import to_uint8
from pipeline.fillers import Directions
from pipeline.networks.backend import compiled
from pipeline.networks.batches import padded
from pipeline.networks.bundle import Bundle
from pipeline.networks.faceres import FaceEmbedder
from pipeline.networks.realism import RealismJudge
from pipeline.networks.stylegan2 import noise_from_seed

BATCH: Final = 8
# Codes of the faces that the discriminator sees beside each one: never those of a user's seed.
COMPANY_SEED: Final = 2_718_281_828


class BundleFaces:
    """What an engine computes, with the pipeline's compilation (a ``Maker`` of the neighbours' package).

    Args:
        bundle: with generator, discriminator, encoder and neighbourhood.
        embedder: loaded if not given.

    Attributes:
        company: uint8 (group - 1, r, r, 3), beside which the discriminator sees each face: the band's, or
            made afresh where there is none.
    """

    def __init__(self, bundle: Bundle, embedder: FaceEmbedder | None = None) -> None:
        self.generator, self._encoder = bundle.generator(), bundle.encoder()
        self.neighbourhood, self.band = bundle.neighbourhood(), bundle.band()
        self.directions = bundle.directions() or Directions({})
        self.resolution, self.num_ws = bundle.resolution, int(self.generator.config.num_ws)
        self.embedder, self.face = embedder or FaceEmbedder.load(), bundle.face
        self.attributes = bundle.attributes()
        self._map = compiled(self.generator.mapping)
        self._synthesise = compiled(lambda ws, noise: self.generator.synthesis(ws, noise=noise))
        self._encode = compiled(lambda images: self._encoder(images, training=False)["w_plus"])
        discriminator = bundle.discriminator()
        others = discriminator.config.minibatch_std_group - 1
        # One more than needed, since a group may be of one.
        fresh = self.render(self.random_codes(others + 1, COMPANY_SEED))[1:]
        self.company = fresh if self.band is None else self.band.company
        self._judge = RealismJudge(discriminator, self.company)

    def warm_up(self) -> None:
        """Trace every function, so that the first face is as quick as the next."""
        faces = self.render(self.random_codes(1, 0))
        self.encode(faces)
        self.identity(faces)
        self.logits(faces)
        self.describe(faces)

    def random_codes(self, count: int, seed: int) -> np.ndarray:
        """w+ float32 (count, num_ws, w_dim) of faces at random, not truncated."""
        random = np.random.default_rng(seed)
        z = random.standard_normal((count, self.generator.config.z_dim)).astype(np.float32)
        return np.repeat(_mapped(self._map, z)[:, None], self.num_ws, axis=1)

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim) → uint8 (n, r, r, 3)."""
        sides = self.generator.synthesis.noise_sides
        noise = [ops.convert_to_tensor(pattern) for pattern in noise_from_seed(sides, noise_seed)]
        return to_uint8(_mapped(lambda part: self._synthesise(part, noise), w_plus))

    def encode(self, crops: np.ndarray) -> np.ndarray:
        """Crops uint8 (n, r, r, 3) → w+ float32 (n, num_ws, w_dim)."""
        return _mapped(self._encode, crops.astype(np.float32) / np.float32(127.5) - np.float32(1.0))

    def identity(self, faces: np.ndarray) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → float32 (n, 1024), unit length."""
        return self.embedder.embed(faces, self.face, batch=BATCH)

    def ages(self, faces: np.ndarray) -> np.ndarray:
        """Age in years as the embedder takes it, float32 (n,), of faces uint8 (n, r, r, 3)."""
        return self.embedder.look(faces, self.face, batch=BATCH).ages

    def logits(self, faces: np.ndarray) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → the discriminator's logits float32 (n,), each in the same company."""
        return self._judge.logits(faces)

    def describe(self, faces: np.ndarray) -> list[dict[str, Any] | None]:
        """What is predicted of faces uint8 (n, r, r, 3); None of each without attribute models."""
        if self.attributes is None:
            return [None] * len(faces)
        found = self.attributes.predict(faces, batch=BATCH)
        return [describe(found, index).to_dict() for index in range(len(faces))]


def _mapped(function: Callable[[Any], Any], values: np.ndarray) -> np.ndarray:
    def parts() -> Iterator[np.ndarray]:
        for start in range(0, len(values), BATCH):
            part = np.asarray(values[start : start + BATCH], np.float32)
            result = ops.convert_to_numpy(function(ops.convert_to_tensor(padded(part, BATCH))))
            yield np.asarray(result)[: len(part)]

    return np.concatenate(list(parts()))
