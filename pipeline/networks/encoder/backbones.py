"""Backbones: an image in, feature maps of three scales out (c3, c4, c5)."""

from typing import Any

import keras

from pipeline.networks.backbones import applications
from pipeline.networks.encoder.config import EncoderConfig

Tensor = Any


def backbone(config: EncoderConfig) -> keras.Model:
    """The backbone that ``config`` names: image (batch, r, r, 3) in [-1, 1] → [c3, c4, c5], finest first."""
    return small(config) if config.backbone == "small" else efficientnet(config)


def small(config: EncoderConfig) -> keras.Model:
    """A residual network of a few million operations a pixel-thousand: for CPUs and small faces.

    Each level halves the side and has one residual block.
    """
    image = x = keras.Input((config.resolution, config.resolution, 3), name="image")
    levels = []
    for number, width in enumerate(config.backbone_widths, start=1):
        x = convolved(x, width, strides=2, name=f"level{number}_down")
        inner = convolved(x, width, name=f"level{number}_inner")
        inner = keras.layers.Conv2D(width, 3, padding="same", use_bias=False, name=f"level{number}_outer")(
            inner
        )
        inner = keras.layers.BatchNormalization(gamma_initializer="zeros", name=f"level{number}_outer_norm")(
            inner
        )
        x = keras.layers.ReLU(name=f"level{number}_out")(
            keras.layers.Add(name=f"level{number}_add")([x, inner])
        )
        levels.append(x)
    return keras.Model(image, levels[-3:], name="backbone")


def convolved(x: Tensor, width: int, *, name: str, strides: int = 1) -> Tensor:
    """Convolution 3x3, batch normalisation, ReLU."""
    x = keras.layers.Conv2D(width, 3, strides=strides, padding="same", use_bias=False, name=name)(x)
    return keras.layers.ReLU(name=f"{name}_relu")(keras.layers.BatchNormalization(name=f"{name}_norm")(x))


def efficientnet(config: EncoderConfig) -> keras.Model:
    """An EfficientNet of ``keras.applications``; c3, c4, c5 are the last outputs before the side halves."""
    image = keras.Input((config.resolution, config.resolution, 3), name="image")
    network = applications.efficientnet(config.backbone, config.backbone_weights, image)
    last: dict[int, Tensor] = {}
    for layer in network.layers:
        if (
            layer.name.endswith("_add")
            or layer.name.endswith("_project_bn")
            or layer.name == "top_activation"
        ):
            last[layer.output.shape[1]] = layer.output
    return keras.Model(image, [last[side] for side in sorted(last, reverse=True)][-3:], name="backbone")
