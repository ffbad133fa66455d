"""Who is it? By an embedder that no loss of this project has seen: dlib's (``pipeline.identity.unseen``)."""

from typing import Final

import numpy as np

from pipeline.identity.unseen import NoEmbedder, UnseenIdentity
from pipeline.networks.faceres import Frame

__all__ = ["DESCRIPTION", "NoEmbedder", "UnseenEmbedder"]

DESCRIPTION: Final = (
    "dlib's ResNet of 128 dimensions; similarity is 1 minus the Euclidean distance: about 0.78 ± 0.06 for "
    "photographs of one person, 0.16 ± 0.09 for those of two people"
)


class UnseenEmbedder:
    """dlib's face embedder for framed heads.

    Args:
        frame: the detector's box in framed heads: where the face is.

    Raises:
        NoEmbedder: dlib or its models are not installed.
    """

    def __init__(self, frame: Frame) -> None:
        self._identity, self.frame = UnseenIdentity(), frame

    def embed(self, crops: np.ndarray) -> np.ndarray:
        """Framed heads uint8 (n, r, r, 3), RGB → float64 (n, 128)."""
        face = (self.frame.left, self.frame.top, self.frame.side)
        return np.stack([self._identity.embed(crop, face) for crop in crops])

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Of heads uint8 (n, r, r, 3), twice: float64 (n,), 1 for the same picture."""
        return np.asarray(1.0 - np.linalg.norm(self.embed(a) - self.embed(b), axis=1))
