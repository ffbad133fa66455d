"""Who is it? An embedder that no loss of this project has seen: dlib's.

It is not among the packages that LiGAN needs: ``pip install dlib-bin face-recognition-models`` (Boost licence
and CC0). Its landmarks are those of the five-point file; the 68-point one, which may not be used
commercially, is not read.
"""

import importlib.util
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from pipeline.networks.faceres import Frame

MODELS: Final = "face_recognition_models"
NETWORK: Final = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS: Final = "shape_predictor_5_face_landmarks.dat"
# Side to which framed heads are enlarged before landmarks are looked for.
ENLARGED: Final = 512
DESCRIPTION: Final = (
    "dlib's ResNet of 128 dimensions; similarity is 1 minus the Euclidean distance: about 0.78 ± 0.06 for "
    "photographs of one person, 0.16 ± 0.09 for those of two people"
)


class NoEmbedder(Exception):
    """The embedder is not installed; ``str()`` says what to install."""


class UnseenEmbedder:
    """dlib's face embedder.

    Args:
        frame: the detector's box in framed heads: where the face is.

    Raises:
        NoEmbedder: dlib or its models are not installed.
    """

    def __init__(self, frame: Frame) -> None:
        # Looked for, not imported: that package needs parts of setuptools that newer ones lack.
        found = importlib.util.find_spec(MODELS)
        if found is None or not found.submodule_search_locations or importlib.util.find_spec("dlib") is None:
            raise NoEmbedder(
                "the embedder that no loss has seen is not installed: pip install dlib-bin "
                "face-recognition-models"
            )
        import dlib

        folder = Path(found.submodule_search_locations[0]) / "models"
        self._dlib: Any = dlib
        self._landmarks: Any = dlib.shape_predictor(str(folder / LANDMARKS))
        self._network: Any = dlib.face_recognition_model_v1(str(folder / NETWORK))
        self.frame = frame

    def embed(self, crops: np.ndarray) -> np.ndarray:
        """Framed heads uint8 (n, r, r, 3), RGB → float64 (n, 128)."""
        return np.stack([self._embedded(crop) for crop in crops])

    def similarity(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Of heads uint8 (n, r, r, 3), twice: float64 (n,), 1 for the same picture."""
        return np.asarray(1.0 - np.linalg.norm(self.embed(a) - self.embed(b), axis=1))

    def _embedded(self, crop: np.ndarray) -> np.ndarray:
        large = cv2.resize(crop, (ENLARGED, ENLARGED), interpolation=cv2.INTER_CUBIC)
        left, top, side = (
            round(ENLARGED * value) for value in (self.frame.left, self.frame.top, self.frame.side)
        )
        box = self._dlib.rectangle(left, top, left + side, top + side)
        chip = self._dlib.get_face_chip(large, self._landmarks(large, box), size=150, padding=0.25)
        return np.array(self._network.compute_face_descriptor(chip))
