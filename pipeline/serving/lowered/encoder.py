"""The encoder: a face in, w+ out (thesis §3.4.3; Richardson et al. 2021)."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.networks.encoder.config import EncoderConfig
from pipeline.serving.lowered.backbones import small
from pipeline.serving.lowered.operations import (
    Tensor,
    axes,
    centred,
    channels_last,
    constant,
    convolution,
    dense_layer,
    doubled,
    leaky_relu,
    stacked,
)
from pipeline.serving.lowered.weights import Weights

SLOPE: Final = 0.01
EPSILON: Final = 1e-8
#: The side of the maps of c3 is this part of the picture's where there are so many levels.
LEVELS_USED: Final = 3


def encoder(config: EncoderConfig, arrays: Mapping[str, np.ndarray], batch: int) -> ov.Model:
    """Pictures uint8 (batch, r, r, 3) → w+ float32 (batch, num_ws, w_dim), of the small backbone.

    Raises:
        BundleError: the weights are not those of such a network.
    """
    weights, side = Weights(arrays, "encoder"), config.resolution
    pictures = ops.parameter([batch, side, side, 3], np.uint8, name="pictures")
    levels = small(centred(pictures), weights, config.backbone_widths)[-LEVELS_USED:]
    maps = _pyramid(levels, weights, config)
    rows = []
    for row in range(config.num_ws):
        source = 2 if row < config.coarse else 1 if row < config.coarse + config.medium else 0
        rows.append(_map2style(maps[source], weights, config, f"map2style{row}"))
    w_plus = _normalised(stacked(rows), weights.at("normalisation"), config)
    weights.finish()
    return ov.Model([w_plus], [pictures], "encoder")


def _pyramid(levels: list[Tensor], weights: Weights, config: EncoderConfig) -> list[Tensor]:
    """p3, p4, p5: lateral 1x1, top-down sum, 3x3 smoothing (Lin et al. 2017; thesis §1.2.2)."""
    widths, channels = config.backbone_widths[-LEVELS_USED:], config.pyramid_channels
    sums: list[Tensor] = []
    for level, width, number in reversed(list(zip(levels, widths, (3, 4, 5), strict=True))):
        lateral = convolution(level, weights.at(f"lateral{number}"), width, channels, 1)
        sums.insert(0, ops.add(doubled(sums[0]), lateral) if sums else lateral)
    return [
        convolution(level, weights.at(f"smooth{number}"), channels, channels, 3)
        for level, number in zip(sums, (3, 4, 5), strict=True)
    ]


def _map2style(x: Tensor, weights: Weights, config: EncoderConfig, name: str) -> Tensor:
    """Halving convolutions down to one pixel, then one row of w+ (batch, w_dim)."""
    channels, step = config.pyramid_channels, 0
    while (side := x.output(0).get_shape()[2]) > 1:
        x = convolution(x, weights.at(f"{name}_conv{step}"), channels, channels, 3, strides=2)
        x, step = leaky_relu(x, SLOPE), step + 1
    flat = ops.reshape(channels_last(x), axes(0, channels * side * side), True)
    return dense_layer(flat, weights.at(f"{name}_w"), channels * side * side, config.w_dim)


def _normalised(x: Tensor, weights: Weights, config: EncoderConfig) -> Tensor:
    """Each row as the mapping network normalises z, then with w's own mean and deviation."""
    shape = (config.num_ws, config.w_dim)
    energy = ops.reduce_mean(ops.multiply(x, x), axes(-1), True)
    x = ops.divide(x, ops.sqrt(ops.add(energy, constant(EPSILON))))
    return ops.add(
        ops.multiply(x, constant(weights.take("scale", shape)[None])),
        constant(weights.take("centre", shape)[None]),
    )
