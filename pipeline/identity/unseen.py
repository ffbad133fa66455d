"""Who is it? A second opinion: dlib's embedder, which no loss of this project has seen.

It is not among the packages that LiGAN needs: ``pip install dlib-bin face-recognition-models`` (Boost licence
and CC0). Its landmarks are those of the five-point file; the 68-point one, which may not be used
commercially, is not read.
"""

import importlib.util
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.detector import Image

MODELS: Final = "face_recognition_models"
NETWORK: Final = "dlib_face_recognition_resnet_model_v1.dat"
LANDMARKS: Final = "shape_predictor_5_face_landmarks.dat"
# Side to which pictures are enlarged before landmarks are looked for.
ENLARGED: Final = 512
Square = tuple[float, float, float]
"""Left, top and side of a detector's box, as shares of the picture's side."""


class NoEmbedder(Exception):
    """The embedder is not installed; ``str()`` says what to install."""


class UnseenIdentity:
    """dlib's face embedder.

    Raises:
        NoEmbedder: dlib or its models are not installed.
    """

    def __init__(self) -> None:
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

    def embed(self, picture: Image, face: Square) -> npt.NDArray[np.float64]:
        """A square picture, RGB, and where the face is in it → float64 (128,).

        The Euclidean distance of two is about 0.2 for photographs of one person, 0.8 for those of two people.
        """
        large = cv2.resize(picture, (ENLARGED, ENLARGED), interpolation=cv2.INTER_CUBIC)
        left, top, side = (round(ENLARGED * value) for value in face)
        box = self._dlib.rectangle(left, top, left + side, top + side)
        chip = self._dlib.get_face_chip(large, self._landmarks(large, box), size=150, padding=0.25)
        return np.array(self._network.compute_face_descriptor(chip))
