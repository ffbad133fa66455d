"""A small network of the published implementation, and what that implementation computed with it.

Random weights in everything (noise, biases, constants); names and layout are the published ones. ``ops.npz``
has single operators with filters of several sizes, some lopsided, since [1, 3, 3, 1] hides what is flipped.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np

from pipeline.interchange import published_names
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
    assign(model, generator_name, values("g"))
    return model


def discriminator(data_format: DataFormat = "channels_last") -> Discriminator:
    """Our discriminator with the published weights."""
    model = Discriminator(config(data_format))
    assign(model, discriminator_name, values("d"))
    return model


@cache
def generator_name(path: str) -> str:
    """Published name of one of our generator's weights."""
    return {published_names.generator_path(n): n for n in published_names.generator_shapes(config())}[path]


@cache
def discriminator_name(path: str) -> str:
    """Published name of one of our discriminator's weights."""
    names = published_names.discriminator_shapes(config())
    return {published_names.discriminator_path(name): name for name in names}[path]


def assign(model: Any, name_of: Callable[[str], str], arrays: dict[str, np.ndarray]) -> None:
    """Give each weight its published array in our layout."""
    for variable in model.weights:
        name = name_of(variable.path)
        variable.assign(published_names.to_ours(name, arrays[name]))


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
