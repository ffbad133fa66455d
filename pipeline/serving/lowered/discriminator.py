"""StyleGAN2's discriminator (Karras et al. 2020, Figure 7), each picture judged in the same company.

The same function as :class:`pipeline.networks.realism.RealismJudge`, of which only the last layers see the
company.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import openvino as ov
from openvino import opset15 as ops

from pipeline.networks.stylegan2.config import StyleGAN2Config
from pipeline.networks.stylegan2.fir import padding_before_strided, padding_down
from pipeline.serving.lowered.generator import EPSILON, FIR, activated, equalised
from pipeline.serving.lowered.operations import (
    Tensor,
    axes,
    centred,
    channels_last,
    constant,
    convolved,
    filtered,
    per_map,
)
from pipeline.serving.lowered.weights import Weights

SQRT_HALF: Final = float(np.sqrt(0.5))


def seeing(config: StyleGAN2Config, arrays: Mapping[str, np.ndarray], batch: int) -> ov.Model:
    """Pictures uint8 (batch, r, r, 3) → what is seen in each by itself, float32 (batch, channels, 4, 4)."""
    pictures = _entrance(config, batch)
    return ov.Model([_maps(pictures, Weights(arrays, "discriminator"), config)], [pictures], "seeing")


def judging(
    config: StyleGAN2Config, arrays: Mapping[str, np.ndarray], company: np.ndarray, batch: int
) -> ov.Model:
    """Pictures uint8 (batch, r, r, 3) → logits float32 (batch,), the greater, the more real.

    Args:
        company: what :func:`seeing` sees of the others of each picture's group, float32 (group - 1, …).

    Raises:
        BundleError: the weights are not those of such a network.
    """
    weights, channels = Weights(arrays, "discriminator"), config.channels(4)
    pictures = _entrance(config, batch)
    x = _maps(pictures, weights, config)
    x = ops.concat([x, _deviation(x, company, batch)], 1)
    x = _convolution(x, weights.at("conv"), config, (channels + 1, channels), side=3)
    # Flattened channels last, as the weights of the dense layer are.
    x = ops.reshape(channels_last(x), axes(batch, 16 * channels), False)
    x = activated(equalised(x, weights.at("fc"), 16 * channels, channels), None)
    logits = ops.squeeze(equalised(x, weights.at("out"), channels, 1), axes(1))
    weights.finish()
    return ov.Model([logits], [pictures], "judging")


def _entrance(config: StyleGAN2Config, batch: int) -> Tensor:
    side = config.resolution
    return ops.parameter([batch, side, side, config.image_channels], np.uint8, name="pictures")


def _maps(pictures: Tensor, weights: Weights, config: StyleGAN2Config) -> Tensor:
    width = config.channels(config.resolution)
    x = _convolution(centred(pictures), weights.at("fromrgb"), config, (config.image_channels, width), side=1)
    for side in reversed(config.resolutions[1:]):
        x = _block(x, weights.at(f"b{side}"), config, side)
    return x


def _block(x: Tensor, weights: Weights, config: StyleGAN2Config, side: int) -> Tensor:
    """Two convolutions, the second halving, plus a halving 1x1 skip; both branches times sqrt(1/2)."""
    narrow, wide = config.channels(side), config.channels(side // 2)
    skip = convolved(
        _smoothed(x, narrow, padding_down(len(FIR.taps)), strides=2),
        _equalised(weights.at("skip"), (1, 1, narrow, wide)) * np.float32(SQRT_HALF),
    )
    inner = _convolution(x, weights.at("conv0"), config, (narrow, narrow), side=3)
    inner = _smoothed(inner, narrow, padding_before_strided(len(FIR.taps), 3))
    inner = convolved(
        inner, _equalised(weights.at("conv1"), (3, 3, narrow, wide)), strides=2, padding="valid"
    )
    inner = ops.add(inner, per_map(weights.at("conv1").take("bias", (wide,))))
    return ops.add(skip, activated(inner, config.conv_clamp, SQRT_HALF))


def _convolution(
    x: Tensor, weights: Weights, config: StyleGAN2Config, channels: tuple[int, int], *, side: int
) -> Tensor:
    x = convolved(x, _equalised(weights, (side, side, *channels)))
    return activated(ops.add(x, per_map(weights.take("bias", channels[1:]))), config.conv_clamp)


def _equalised(weights: Weights, shape: tuple[int, int, int, int]) -> np.ndarray:
    """The kernel as it is used: over the root of what comes in."""
    kernel: np.ndarray = weights.take("kernel", shape)
    return kernel / np.float32(np.sqrt(np.prod(shape[:3])))


def _smoothed(x: Tensor, channels: int, padding: tuple[int, int], *, strides: int = 1) -> Tensor:
    before, after = padding
    if before != after:
        raise ValueError("the filter of halving is padded alike on both sides")
    taps = np.repeat(FIR.array[::-1, ::-1, None, None], channels, axis=2)
    return filtered(x, taps, strides=strides, padding=before)


def _deviation(x: Tensor, company: np.ndarray, batch: int) -> Tensor:
    """One map with the mean deviation over each picture's group."""
    members = [ops.unsqueeze(x, axes(0))]
    if len(company):
        members.append(constant(np.repeat(company[:, None], batch, axis=1)))
    group = ops.concat(members, 0)
    apart = ops.subtract(group, ops.reduce_mean(group, axes(0), True))
    variance = ops.reduce_mean(ops.multiply(apart, apart), axes(0), False)
    deviation = ops.sqrt(ops.add(variance, constant(EPSILON)))
    return ops.broadcast(ops.reduce_mean(deviation, axes(1, 2, 3), True), axes(batch, 1, 4, 4))
