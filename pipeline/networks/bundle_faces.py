"""The networks of a bundle as functions of NumPy arrays: to serve, to measure, to fit on."""

from functools import cached_property
from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.attributes import describe
from pipeline.fillers import Band, Directions, Subspace
from pipeline.networks.backend import compiled
from pipeline.networks.batches import in_batches
from pipeline.networks.bundle import Bundle
from pipeline.networks.faceres import FaceEmbedder
from pipeline.networks.realism import RealismJudge
from pipeline.networks.stylegan2 import Discriminator, noise_from_seed

BATCH: Final = 8  # as fast as 16 on a CPU, with half the memory
DESCRIBED_AT_ONCE: Final = 4  # a page of twelve costs the same as in one batch, a suspect alone a third of it
# Codes of the faces that the discriminator sees beside each one: never those of a user's seed.
COMPANY_SEED: Final = 2_718_281_828

Tensor = Any


class BundleFaces:
    """Makes and scores faces with one bundle.

    All arrays are NumPy; images uint8 RGB, channels last; w+ float32 (num_ws, w_dim). Batches are padded to
    one size: each function is traced once, and a face has the same pixels in a batch of any size (the last
    bits of a sum depend on how many are summed at once).

    Args:
        bundle: with a generator, an encoder and a subspace.
        embedder: loaded if not given.

    Attributes:
        subspace: where similar faces are drawn.
        band: which of them may be shown; None of a bundle for which that was not measured.
        directions: attributes along which a face can be moved.
        manifest: what ``bundle.json`` says.
        attributes: the attribute models; None of a bundle without.
        reliability: what the bundle says of how often its attribute models are right, by attribute:
            ``accuracy``, ``n``, ``measured_on`` …; None of a bundle that has no attribute models.
    """

    def __init__(self, bundle: Bundle, embedder: FaceEmbedder | None = None) -> None:
        self.manifest: dict[str, Any] = bundle.manifest
        self.bundle, self.generator, self.encoder = bundle, bundle.generator(), bundle.encoder()
        self.subspace: Subspace = bundle.subspace()
        self.band: Band | None = bundle.band()
        self.directions = bundle.directions() or Directions({})
        self.digest, self.resolution = bundle.digest, bundle.resolution
        self.num_ws = int(self.generator.config.num_ws)
        self.framing: dict[str, float] | None = bundle.manifest.get("framing")
        self.embedder, self.face = embedder or FaceEmbedder.load(), bundle.face
        self.attributes = bundle.attributes()
        self.reliability: dict[str, Any] | None = None
        if self.attributes is not None:
            self.reliability = {name: entry.to_dict() for name, entry in bundle.reliability().items()}
        self._map = compiled(self.generator.mapping)
        self._synthesise = compiled(lambda ws, noise: to_pixels(self.generator.synthesis(ws, noise=noise)))
        self._encode = compiled(lambda images: self.encoder(images, training=False))

    def warm_up(self) -> None:
        """Trace and run every function once, so that the first request is as quick as the next."""
        faces = self.render(np.zeros((1, self.num_ws, self.generator.config.w_dim), np.float32))
        self.encode(faces)
        self.describe(faces)
        self.identity(faces)
        self.identity(np.repeat(faces, 2, axis=0))
        if self.band is not None:
            self.logits(faces)

    def random_codes(self, count: int, seed: int) -> np.ndarray:
        """w+ float32 (count, num_ws, w_dim) of faces at random, not truncated."""
        random = np.random.default_rng(seed)
        z = random.standard_normal((count, self.generator.config.z_dim)).astype(np.float32)
        return np.repeat(in_batches(self._map, z, BATCH)[:, None], self.num_ws, axis=1)

    def render(self, w_plus: np.ndarray, *, noise_seed: int = 0) -> np.ndarray:
        """w+ float32 (n, num_ws, w_dim) → faces uint8 (n, r, r, 3); the same noise for each."""
        sides = self.generator.synthesis.noise_sides
        noise = [ops.convert_to_tensor(pattern) for pattern in noise_from_seed(sides, noise_seed)]
        return in_batches(lambda part: self._synthesise(part, noise), np.asarray(w_plus, np.float32), BATCH)

    def encode(self, crops: np.ndarray) -> np.ndarray:
        """Photographs' crops uint8 (n, r, r, 3) → w+ float32 (n, num_ws, w_dim) (thesis §3.4.3)."""
        side = self.resolution
        if crops.dtype != np.uint8 or crops.shape[1:] != (side, side, 3):
            raise ValueError(f"crops are uint8 (n, {side}, {side}, 3), not {crops.dtype} {crops.shape}")
        images = crops.astype(np.float32) / np.float32(127.5) - np.float32(1.0)
        return in_batches(lambda part: self._encode(part)["w_plus"], images, BATCH)

    def identity(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces or photographs' crops uint8 (n, r, r, 3) → who they are, float32 (n, d), unit length."""
        # A suspect alone costs an eighth of a batch; the last bits do not matter here as they do in pixels.
        return self.embedder.embed(faces, self.face, batch=1 if len(faces) == 1 else BATCH)

    def ages(self, faces: np.ndarray) -> np.ndarray:
        """Age in years as the embedder takes it, float32 (n,), of faces uint8 (n, r, r, 3)."""
        return self.embedder.look(faces, self.face, batch=BATCH).ages

    def describe(self, faces: np.ndarray, /) -> list[dict[str, Any] | None]:
        """Predict the attributes of faces or photographs' crops, uint8 (n, r, r, 3) (thesis §3.3).

        Returns:
            A description of each; None for each of a bundle that has no attribute models.
        """
        if self.attributes is None:
            return [None] * len(faces)
        found = self.attributes.predict(faces, batch=DESCRIBED_AT_ONCE)
        return [describe(found, index).to_dict() for index in range(len(faces))]

    @cached_property
    def discriminator(self) -> Discriminator:
        """The bundle's, read when it is first needed."""
        return self.bundle.discriminator()

    @cached_property
    def company(self) -> np.ndarray:
        """Faces beside which the discriminator sees each one, uint8 (group - 1, r, r, 3): the band's, or made
        afresh where there is none."""
        if self.band is not None:
            return self.band.company
        # One more than needed, since a group may be of one.
        codes = self.random_codes(self.discriminator.config.minibatch_std_group, COMPANY_SEED)
        return self.render(codes)[1:]

    @cached_property
    def _judge(self) -> RealismJudge:
        return RealismJudge(self.discriminator, self.company)

    def logits(self, faces: np.ndarray, /) -> np.ndarray:
        """Faces uint8 (n, r, r, 3) → the discriminator's logits float32 (n,), each in the same company."""
        return self._judge.logits(faces)


def to_pixels(images: Tensor) -> Tensor:
    """Images float (n, r, r, 3) in about [-1, 1] → uint8."""
    return ops.cast(ops.clip(ops.round((images + 1.0) * 127.5), 0.0, 255.0), "uint8")
