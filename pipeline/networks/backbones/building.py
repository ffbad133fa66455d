"""A backbone with its weights."""

from pathlib import Path

import keras

from pipeline.networks.backbones.applications import efficientnet
from pipeline.networks.backbones.config import LITE0, BackboneConfig
from pipeline.networks.backbones.lite0 import assign_published, lite0, published_file, read_published


def backbone(config: BackboneConfig, side: int) -> keras.Model:
    """Build a backbone with the weights that its configuration names.

    Returns:
        Model: image float (batch, side, side, 3) in [-1, 1] → the last maps (batch, h, w, channels).

    Raises:
        BackboneError: no such network, or its weights cannot be had.
    """
    image = keras.Input((side, side, 3), name="image")
    if config.name != LITE0:
        maps = efficientnet(config.name, config.weights, image).output
        return keras.Model(image, maps, name="backbone")
    model = keras.Model(image, lite0(image, stages=config.stages), name="backbone")
    if config.weights is not None:
        file = published_file() if config.weights == "imagenet" else Path(config.weights)
        assign_published(model, read_published(file))
    return model
