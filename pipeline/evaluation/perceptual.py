"""How different two pictures look to a network: distance of its activations."""

from typing import Any, Final

import numpy as np
from keras import ops

from pipeline.networks.backend import compiled
from pipeline.networks.faceres import FaceEmbedder
from pipeline.networks.perceptual import distance_of_maps
from pipeline.networks.stylegan2 import Generator

Tensor = Any
LAYERS: Final = tuple(f"conv_pw_{i}_relu/clip_by_value" for i in (1, 3, 5, 11, 13))
DESCRIPTION: Final = (
    "faceres: activations after its blocks 1, 3, 5, 11 and 13 on the whole picture at 224 x 224, normalised "
    "over channels; squared differences, mean over places, sum over blocks (Zhang et al. 2018 without "
    "learned weights; not LPIPS)"
)


def activation_distance(embedder: FaceEmbedder, a: Tensor, b: Tensor) -> Tensor:
    """Distance of pictures float (n, side, side, 3) in [-1, 1]: float32 (n,), differentiable."""
    first, second = embedder.activations(a, LAYERS), embedder.activations(b, LAYERS)
    return distance_of_maps([first[name] for name in LAYERS], [second[name] for name in LAYERS])


class PictureDistance:
    """From two codes to the distance of their pictures, compiled once.

    Args:
        batch: pairs at a time; fewer are filled up.
    """

    def __init__(self, generator: Generator, embedder: FaceEmbedder, batch: int) -> None:
        self.generator, self.embedder, self.batch = generator, embedder, batch
        self._run = compiled(self._distances)

    def _distances(self, ws: Tensor) -> Tensor:
        # Both pictures of a pair in one batch: whatever rounding does, it does to both.
        images = self.generator.synthesis(self.generator.broadcast(ws))
        return activation_distance(self.embedder, images[: self.batch], images[self.batch :])

    def __call__(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Codes w (n, w_dim), twice → float32 (n,); n up to ``batch``."""
        pairs = np.zeros((2, self.batch, first.shape[1]), np.float32)
        pairs[0, : len(first)], pairs[1, : len(second)] = first, second
        distances = self._run(ops.convert_to_tensor(pairs.reshape(2 * self.batch, -1)))
        return np.asarray(ops.convert_to_numpy(distances))[: len(first)]
