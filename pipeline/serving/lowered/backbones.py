"""Backbones of the encoder and of the attribute models: maps in [-1, 1] in, feature maps out."""

from collections.abc import Sequence

from openvino import opset15 as ops

from pipeline.networks.backbones.config import LITE0_STAGES
from pipeline.networks.backbones.stages import DEVIATION, MEAN, STAGES, STEM, TOP, Stage
from pipeline.serving.lowered.operations import Tensor, constant, convolution, depthwise, normalised
from pipeline.serving.lowered.weights import Weights


def small(x: Tensor, weights: Weights, widths: Sequence[int]) -> list[Tensor]:
    """The encoder's own residual network: each level's maps, finest first.

    See :func:`pipeline.networks.encoder.model.small`.
    """
    levels, inputs = [], 3
    for number, width in enumerate(widths, start=1):
        x = ops.relu(_normalised_convolution(x, weights, f"level{number}_down", (inputs, width), strides=2))
        inner = ops.relu(_normalised_convolution(x, weights, f"level{number}_inner", (width, width)))
        inner = _normalised_convolution(inner, weights, f"level{number}_outer", (width, width))
        x = ops.relu(ops.add(x, inner))
        levels.append(x)
        inputs = width
    return levels


def lite0(x: Tensor, weights: Weights, stages: int) -> tuple[Tensor, int]:
    """EfficientNet-Lite0 up to the end of a stage, and how many maps that has.

    See :func:`pipeline.networks.backbones.lite0.lite0`.
    """
    x = ops.add(ops.multiply(x, constant(127.5 / DEVIATION)), constant((127.5 - MEAN) / DEVIATION))
    x = _relu6(_normalised_convolution(x, weights, "stem", (3, STEM), strides=2))
    channels, number = STEM, 0
    for stage in STAGES[:stages]:
        for place in range(stage.blocks):
            strides = stage.stride if place == 0 else 1
            x = _block(x, weights, f"block{number}", stage, channels, strides=strides)
            channels, number = stage.channels, number + 1
    if stages < LITE0_STAGES:
        return x, channels
    return _relu6(_normalised_convolution(x, weights, "top", (channels, TOP), side=1)), TOP


def _block(x: Tensor, weights: Weights, name: str, stage: Stage, inputs: int, *, strides: int) -> Tensor:
    """Inverted residual (Sandler et al. 2018): widen, filter each map, project; add if the size stays."""
    inner, width = x, inputs * stage.expansion
    if stage.expansion > 1:
        inner = _relu6(_normalised_convolution(inner, weights, f"{name}_expand", (inputs, width), side=1))
    inner = depthwise(inner, weights.at(f"{name}_depthwise"), width, stage.kernel, strides=strides)
    inner = _relu6(normalised(inner, weights.at(f"{name}_depthwise_norm"), width))
    inner = _normalised_convolution(inner, weights, f"{name}_project", (width, stage.channels), side=1)
    return ops.add(x, inner) if strides == 1 and inputs == stage.channels else inner


def _normalised_convolution(
    x: Tensor, weights: Weights, name: str, channels: tuple[int, int], *, side: int = 3, strides: int = 1
) -> Tensor:
    x = convolution(x, weights.at(name), *channels, side, strides=strides, bias=False)
    return normalised(x, weights.at(f"{name}_norm"), channels[1])


def _relu6(x: Tensor) -> Tensor:
    return ops.clamp(x, 0.0, 6.0)
