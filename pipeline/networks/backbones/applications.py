"""EfficientNets of ``keras.applications`` (Tan and Le 2019) without their classifier."""

import urllib.error
from pathlib import Path
from typing import Any

import keras

from pipeline.networks.backbones.config import BackboneError

Tensor = Any


def efficientnet(name: str, weights: str | None, image: Tensor) -> keras.Model:
    """Put an EfficientNet onto an input.

    Args:
        name: "EfficientNetB0" … "EfficientNetB7", "EfficientNetV2S" ….
        weights: "imagenet" to download them, a file that Keras reads, or None for random ones.
        image: symbolic float (batch, side, side, 3) in [-1, 1].

    Raises:
        BackboneError: no such network; the weights cannot be downloaded or read.
    """
    make = getattr(keras.applications, name, None)
    if make is None or not name.startswith("EfficientNet"):
        raise BackboneError(f"there is no backbone {name!r}; use an EfficientNet of keras.applications.")
    if weights not in {None, "imagenet"} and not Path(str(weights)).is_file():
        raise BackboneError(f"{weights} is not a file with weights.")
    # EfficientNets of keras.applications scale from 0..255 themselves.
    scaled = keras.layers.Rescaling(127.5, offset=127.5, name="to_bytes")(image)
    try:
        return make(include_top=False, weights=weights, input_tensor=scaled)
    except Exception as error:
        # Keras reports a failed download as a bare Exception, raised while it handled this one.
        if isinstance(error.__context__, urllib.error.URLError):
            raise BackboneError(
                f"the ImageNet weights of {name} could not be downloaded ({error.__context__.reason}); "
                "name a file with weights instead."
            ) from error
        if isinstance(error, ValueError | OSError):
            raise BackboneError(f"the weights of {name} cannot be read: {error}") from error
        raise
