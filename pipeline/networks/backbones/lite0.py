"""EfficientNet-Lite0 (Google 2020): EfficientNet-B0 for small devices.

No squeeze-and-excitation, ReLU6 instead of swish, and a stem and last convolution that do not scale. Facts:
Tan and Le 2019, Table 1, and the published lite variant.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import keras

Tensor = Any
EPSILON: Final = 1e-3
STEM: Final = 32
TOP: Final = 1280
#: Published pictures are scaled (x - 127) / 128.
MEAN: Final = 127.0
DEVIATION: Final = 128.0


class Stage(NamedTuple):
    """Blocks of one width: how many, side of the kernel, stride of the first, expansion, channels out."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES: Final = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


def lite0(image: Tensor, *, stages: int = len(STAGES)) -> Tensor:
    """The network up to the end of a stage, or with all seven up to its last convolution.

    Args:
        image: symbolic float (batch, side, side, 3) in [-1, 1].
        stages: how many stay.

    Returns:
        Maps (batch, h, w, channels); five stages: a sixteenth of the side, 112 channels.
    """
    x = keras.layers.Rescaling(127.5 / DEVIATION, offset=(127.5 - MEAN) / DEVIATION, name="scale")(image)
    x = convolved(x, STEM, 3, strides=2, name="stem")
    number = 0
    for stage in STAGES[:stages]:
        for place in range(stage.blocks):
            x = block(x, stage, strides=stage.stride if place == 0 else 1, name=f"block{number}")
            number += 1
    return convolved(x, TOP, 1, name="top") if stages == len(STAGES) else x


def stage_ends(stages: Sequence[int]) -> list[str]:
    """Names of the layers that stages end with; stages count from 1."""
    ends, number = [], 0
    for stage in STAGES:
        number += stage.blocks
        # Only a stage of several blocks ends with a block that adds.
        ends.append(f"block{number - 1}_{'add' if stage.blocks > 1 else 'project_norm'}")
    return [ends[stage - 1] for stage in stages]


def block(x: Tensor, stage: Stage, *, strides: int, name: str) -> Tensor:
    """Inverted residual (Sandler et al. 2018): widen, filter each map, project; add if the size stays."""
    channels = x.shape[-1]
    inner = x
    if stage.expansion > 1:
        inner = convolved(inner, channels * stage.expansion, 1, name=f"{name}_expand")
    inner = keras.layers.DepthwiseConv2D(
        stage.kernel, strides=strides, padding="same", use_bias=False, name=f"{name}_depthwise"
    )(inner)
    inner = relu6(normalised(inner, f"{name}_depthwise"), f"{name}_depthwise")
    inner = keras.layers.Conv2D(stage.channels, 1, use_bias=False, name=f"{name}_project")(inner)
    inner = normalised(inner, f"{name}_project")
    if strides == 1 and channels == stage.channels:
        return keras.layers.Add(name=f"{name}_add")([x, inner])
    return inner


def convolved(x: Tensor, width: int, kernel: int, *, name: str, strides: int = 1) -> Tensor:
    """Convolution, batch normalisation, ReLU6."""
    x = keras.layers.Conv2D(width, kernel, strides=strides, padding="same", use_bias=False, name=name)(x)
    return relu6(normalised(x, name), name)


def normalised(x: Tensor, name: str) -> Tensor:
    """Batch normalisation of a layer's output."""
    return keras.layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_norm")(x)


def relu6(x: Tensor, name: str) -> Tensor:
    """ReLU cut off at 6."""
    return keras.layers.ReLU(max_value=6.0, name=f"{name}_relu6")(x)
