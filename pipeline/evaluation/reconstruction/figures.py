"""How near a reconstruction is to its photograph."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from keras import ops

from pipeline.evaluation.perceptual import activation_distance
from pipeline.evaluation.reconstruction.identity import UnseenEmbedder
from pipeline.networks.backend import compiled
from pipeline.networks.faceres import FaceEmbedder

# The window of structural similarity in pixels.
WINDOW: Final = 11


@dataclass(frozen=True)
class Figures:
    """Of one reconstruction.

    Attributes:
        pixel_mse: mean squared error of pixels in [-1, 1].
        ssim: structural similarity, 1 for the same picture.
        feature_distance: distance of activations of faceres, which takes no part in refining; 0 for the same.
        identity: similarity by the embedder that no loss has seen; None where that is not installed.
    """

    pixel_mse: float
    ssim: float
    feature_distance: float
    identity: float | None


class Comparison:
    """Compares pictures.

    Args:
        embedder: for the feature distance.
        unseen: for the identity, if there is one.
    """

    def __init__(self, embedder: FaceEmbedder, unseen: UnseenEmbedder | None) -> None:
        self.unseen = unseen
        self._distance = compiled(lambda a, b: activation_distance(embedder, a, b))

    def __call__(self, photograph: np.ndarray, made: np.ndarray) -> Figures:
        """Two pictures uint8 (r, r, 3)."""
        a, b = (image[None].astype(np.float32) / np.float32(127.5) - 1 for image in (photograph, made))
        distance = self._distance(ops.convert_to_tensor(a), ops.convert_to_tensor(b))
        identity = None
        if self.unseen is not None:
            identity = float(self.unseen.similarity(photograph[None], made[None])[0])
        return Figures(
            pixel_mse=float(np.square(a - b).mean()),
            ssim=ssim(photograph, made),
            feature_distance=float(distance[0]),
            identity=identity,
        )


def ssim(a: np.ndarray, b: np.ndarray) -> float:
    """Mean structural similarity of two pictures uint8 (height, width, channels), over places and channels.

    Wang et al. 2004 as Keras has it: a Gaussian window of 11 x 11 and deviation 1.5, only where the whole
    window lies in the picture. 1 for equal pictures. In float64: with less, plain places lose digits.

    Raises:
        ValueError: the pictures are of different sizes, or smaller than the window.
    """
    if a.shape != b.shape or a.ndim != 3 or min(a.shape[:2]) < WINDOW:
        raise ValueError(
            f"pictures of one size from {WINDOW} x {WINDOW} are compared, not {a.shape} {b.shape}"
        )
    first, second = a.astype(np.float64), b.astype(np.float64)
    return float(
        ops.image.ssim(first, second, max_val=255.0, filter_size=WINDOW, data_format="channels_last")
    )
