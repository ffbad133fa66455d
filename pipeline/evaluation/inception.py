"""Inception features, from weights that the user brings."""

import warnings
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
from keras import ops

from pipeline.command_line import BadInput
from pipeline.networks.bundle import sha256_of
from pipeline.networks.padding import padded

SIDE: Final = 299
BATCH: Final = 16
SUFFIXES: Final = (".h5", ".keras")


class InceptionFeatures:
    """Pooled last maps of Keras' InceptionV3 (2048), the pictures brought to 299 x 299 bilinearly.

    Published FIDs are of the graph of 2015 with its own weights and resizing; those of another InceptionV3
    are other numbers.

    Args:
        weights: ``include_top=False`` weights as Keras writes them: .h5, .weights.h5 or .keras.

    Raises:
        BadInput: no such file, or not weights of this network.
    """

    size = 2048

    def __init__(self, weights: Path) -> None:
        if not weights.is_file():
            raise BadInput(f"{weights} is not a file with Inception weights.")
        if weights.suffix not in SUFFIXES:
            raise BadInput(f"{weights} must be a Keras file: {' or '.join(SUFFIXES)}.")
        self._model = _loaded(weights)
        self.digest = sha256_of(weights)
        self.name = f"inception {self.digest[:8]}"
        self.description = (
            "Keras' InceptionV3, 2048 pooled activations of the whole picture at 299 x 299, weights "
            f"{weights.name} (published FIDs were measured with the graph of 2015; these are other numbers)"
        )

    def __call__(self, images: np.ndarray) -> np.ndarray:
        parts = [np.empty((0, self.size), np.float32)]
        for start in range(0, len(images), BATCH):
            part = images[start : start + BATCH]
            whole = padded(part, BATCH).astype(np.float32)
            large: Any = ops.image.resize(
                whole, (SIDE, SIDE), interpolation="bilinear", data_format="channels_last"
            )
            features = np.asarray(self._model.predict_on_batch(large / 127.5 - 1.0), np.float32)
            pooled = features if features.ndim == 2 else features.mean(axis=(1, 2))
            parts.append(pooled[: len(part)])
        return np.concatenate(parts)


def _loaded(weights: Path) -> keras.Model:
    """Pooled or not, the weights are the same, but Keras files tell the two apart."""
    reasons = []
    for pooling in (None, "avg"):
        model = keras.applications.InceptionV3(
            include_top=False, weights=None, input_shape=(SIDE, SIDE, 3), pooling=pooling
        )
        try:
            with warnings.catch_warnings():
                # Keras only warns of layers that it finds nothing for, and leaves them random.
                warnings.simplefilter("error", UserWarning)
                model.load_weights(weights)
        except (OSError, ValueError, KeyError, TypeError, UserWarning) as error:
            reasons.append(str(error).strip().partition("\n")[0])
        else:
            return model
    raise BadInput(f"{weights} does not hold InceptionV3 without its top: {reasons[0]}")
