"""A bundle's networks by Keras, on whichever backend it runs: on GPUs, and where OpenVINO cannot.

Batches are padded to one size: each function is traced once, and a face has the same pixels in a batch of any
size (the last bits of a sum depend on how many are summed at once).
"""

import copy
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from importlib import import_module
from typing import Any, Final, Self

import keras
import numpy as np
from keras import ops

from pipeline.identity.looks import Looks
from pipeline.networks.attributes.answers import Predictor
from pipeline.networks.backend import BACKEND, compiled
from pipeline.networks.batches import in_batches
from pipeline.networks.bundle import Bundle
from pipeline.networks.faceres import FaceEmbedder
from pipeline.networks.realism import RealismJudge
from pipeline.networks.stylegan2 import Discriminator
from pipeline.refinement.networks import Networks as Tunable
from pipeline.refinement.refinement import Refinement
from pipeline.serving.arithmetic import Arithmetic

AT_ONCE: Final = 8
"""As fast as 16 on a CPU, with half the memory."""

Tensor = Any


class KerasNetworks:
    """See :class:`pipeline.serving.networks.Networks`.

    Args:
        bundle: with a generator; with an encoder, if something is to be encoded.
        embedder: loaded if not given.
    """

    def __init__(self, bundle: Bundle, embedder: FaceEmbedder | None = None) -> None:
        self.bundle, self.embedder = bundle, embedder or FaceEmbedder.load()
        self.generator = bundle.generator()
        self._map = compiled(self.generator.mapping)
        self._synthesise = compiled(lambda ws, noise: to_pixels(self.generator.synthesis(ws, noise=noise)))
        # Of these the weights are arguments: traced once, not once for each that is tuned.
        self._synthesise_with = compiled(
            lambda weights, ws, noise: to_pixels(self.tunable.synthesised(weights, ws, noise))
        )
        self._encode_with = compiled(self._encoded)
        self._judges: dict[bytes, RealismJudge] = {}

    @property
    def arithmetic(self) -> Arithmetic:
        return Arithmetic(BACKEND, str(import_module(BACKEND).__version__))

    @property
    def embedder_digest(self) -> str:
        return self.embedder.digest

    @cached_property
    def encoder(self) -> keras.Model:
        """Read when it is first used, as is the discriminator."""
        return self.bundle.encoder()

    @cached_property
    def _encode(self) -> Callable[[np.ndarray], dict[str, Tensor]]:
        model = self.encoder  # read before it is traced
        return compiled(lambda images: model(images, training=False))

    @cached_property
    def discriminator(self) -> Discriminator:
        return self.bundle.discriminator()

    @cached_property
    def tunable(self) -> Tunable:
        """The networks as a refinement works with them."""
        return Tunable(self.bundle.digest, self.generator, self.discriminator, self.encoder)

    @cached_property
    def attributes(self) -> Predictor | None:
        return self.bundle.attributes()

    def map(self, z: np.ndarray) -> np.ndarray:
        found: np.ndarray = in_batches(self._map, z, AT_ONCE)
        return found

    def synthesise(self, w_plus: np.ndarray, noise: Sequence[np.ndarray]) -> np.ndarray:
        maps = [ops.convert_to_tensor(pattern) for pattern in noise]
        found: np.ndarray = in_batches(lambda part: self._synthesise(part, maps), w_plus, AT_ONCE)
        return found

    def encode(self, pictures: np.ndarray) -> np.ndarray:
        images = pictures.astype(np.float32) / np.float32(127.5) - np.float32(1.0)
        found: np.ndarray = in_batches(lambda part: self._encode(part)["w_plus"], images, AT_ONCE)
        return found

    def look(self, pictures: np.ndarray) -> Looks:
        # A suspect alone costs an eighth of a batch; the last bits do not matter here as they do in pixels.
        size = 1 if len(pictures) == 1 else AT_ONCE
        return self.embedder.look(pictures, self.bundle.face, batch=size)

    def logits(self, pictures: np.ndarray, company: np.ndarray) -> np.ndarray:
        key = company.tobytes()
        if key not in self._judges:
            self._judges[key] = RealismJudge(self.discriminator, company)
        return self._judges[key].logits(pictures)

    def refined(self, refinement: Refinement) -> Self:
        refinement.made_for(self.bundle.digest)
        made, networks = copy.copy(self), self.tunable
        generator = networks.tuned(refinement.generator, networks.synthesis_variables)
        made._synthesise = partial(self._synthesise_with, generator)
        if refinement.encoder:
            encoder = networks.tuned(refinement.encoder, networks.encoder_variables)
            made._encode = partial(self._encode_with, encoder)
        return made

    def _encoded(self, weights: list[Tensor], images: Tensor) -> dict[str, Tensor]:
        return self.tunable.encoded(weights, images)


def to_pixels(images: Tensor) -> Tensor:
    """Images float (n, r, r, 3) in about [-1, 1] → uint8."""
    return ops.cast(ops.clip(ops.round((images + 1.0) * 127.5), 0.0, 255.0), "uint8")
