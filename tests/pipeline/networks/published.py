"""A small network of the published implementation, and what that implementation computed with it.

Random weights in everything (noise, biases, constants); names and layout are the published ones. ``ops.npz``
has single operators with filters of several sizes, some lopsided, since [1, 3, 3, 1] hides what is flipped.
"""

from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.networks.stylegan2.config import DataFormat

FOLDER = Path(__file__).parents[2] / "fixtures" / "parity"


def data_formats() -> list[DataFormat]:
    """Axis orders that this backend can compute on this machine."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        if not tf.config.list_physical_devices("GPU"):
            return ["channels_last"]  # its CPU kernels know no other convolution
    return ["channels_last", "channels_first"]


@cache
def values(name: str) -> dict[str, np.ndarray]:
    """Arrays of one of the files: "g", "d", "io" or "ops"."""
    with np.load(FOLDER / f"{name}.npz") as file:
        return {key: file[key] for key in file.files}


def config(data_format: DataFormat = "channels_last") -> StyleGAN2Config:
    """Sizes of the published network in the fixtures."""
    return StyleGAN2Config(
        resolution=64, channel_base=2048, channel_max=64, z_dim=48, w_dim=48, data_format=data_format
    )


def generator(data_format: DataFormat = "channels_last") -> Generator:
    """Our generator with the published weights."""
    model = Generator(config(data_format))
    assign(model, {v.path: generator_name(v.path) for v in model.weights}, values("g"))
    return model


def discriminator(data_format: DataFormat = "channels_last") -> Discriminator:
    """Our discriminator with the published weights."""
    model = Discriminator(config(data_format))
    assign(model, {v.path: discriminator_name(v.path) for v in model.weights}, values("d"))
    return model


def generator_name(path: str) -> str:
    """Published name of one of our generator's weights."""
    name = path.replace("/conv/kernel", "/kernel").replace("/conv/affine", "/affine")
    return name.replace("kernel", "weight").replace("/", ".")


def discriminator_name(path: str) -> str:
    """Published name of one of our discriminator's weights."""
    name = path.replace("kernel", "weight").replace("/", ".")
    block = {"fromrgb": "b64.", "conv": "b4.", "fc": "b4.", "out": "b4."}
    return block.get(name.split(".")[0], "") + name


def assign(model: Any, names: dict[str, str], arrays: dict[str, np.ndarray]) -> None:
    """Give each weight its published array in our layout."""
    for variable in model.weights:
        name = names[variable.path]
        variable.assign(ours(name, arrays[name]))


def ours(name: str, array: np.ndarray) -> np.ndarray:
    """Published layout (outputs first) → ours (inputs, outputs; height, width first)."""
    if name == "b4.fc.weight":  # reads 4x4 maps channel by channel
        maps = array.reshape(len(array), -1, 4, 4)
        return maps.transpose(2, 3, 1, 0).reshape(-1, len(array))
    if name.startswith("synthesis") and name.endswith("conv0.weight"):  # transposed convolution
        return array.transpose(2, 3, 0, 1)
    if array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    if array.ndim == 3:
        return array.transpose(1, 2, 0)
    return array if name.endswith("noise_const") else array.T


def images(name: str, data_format: DataFormat = "channels_last") -> np.ndarray:
    """Images of the fixtures in our axis order."""
    return maps(values("io")[name], data_format)


def maps(array: np.ndarray, data_format: DataFormat) -> np.ndarray:
    """Maps (batch, channels, height, width) in our axis order."""
    return array if data_format == "channels_first" else np.ascontiguousarray(array.transpose(0, 2, 3, 1))


def theirs(maps: Any, data_format: DataFormat) -> np.ndarray:
    """The inverse of :func:`maps`."""
    array = np.asarray(maps)
    return array if data_format == "channels_first" else array.transpose(0, 3, 1, 2)
