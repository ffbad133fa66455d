"""What faces are made of: z or w+, each with a name for its picture and a number for its noise."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.command_line import BadInput
from pipeline.networks.stylegan2 import StyleGAN2Config


@dataclass(frozen=True)
class Codes:
    """Codes of one kind.

    Attributes:
        kind: "z", float32 (n, z_dim), or "w_plus", float32 (n, num_ws, w_dim).
        values: the codes.
        numbers: n numbers: the seed of each, or its place in the file.
        names: n names of pictures, without suffix.
    """

    kind: Literal["z", "w_plus"]
    values: np.ndarray
    numbers: list[int]
    names: list[str]

    def __len__(self) -> int:
        return len(self.values)


def codes_from_seeds(numbers: list[int], config: StyleGAN2Config) -> Codes:
    """z by seed, drawn as the published ``generate`` script does.

    That is ``numpy.random.RandomState(seed).randn(1, z_dim)``: a seed gives the same face there and here.
    """
    drawn = [np.random.RandomState(number).randn(1, config.z_dim) for number in numbers]
    names = [f"seed{number:04d}" for number in numbers]
    return Codes("z", np.concatenate(drawn).astype(np.float32), numbers, names)


def codes_from_z(path: Path, config: StyleGAN2Config) -> Codes:
    """z from a file.

    Raises:
        BadInput: it is no array (n, z_dim) of finite floats.
    """
    values = floats_from(path)
    if values.ndim != 2 or values.shape[1] != config.z_dim:
        raise BadInput(f"{path} has the shape {values.shape}; this generator takes z of (n, {config.z_dim}).")
    return in_order("z", values)


def codes_from_w_plus(path: Path, config: StyleGAN2Config) -> Codes:
    """w+ from a file; of w (n, w_dim), each is used for all layers.

    Raises:
        BadInput: it is no array (n, num_ws, w_dim) or (n, w_dim) of finite floats.
    """
    values, rows, size = floats_from(path), config.num_ws, config.w_dim
    if values.ndim == 2 and values.shape[1] == size:
        values = np.repeat(values[:, None], rows, axis=1)
    if values.ndim != 3 or values.shape[1:] != (rows, size):
        raise BadInput(
            f"{path} has the shape {values.shape}; this generator takes w+ of (n, {rows}, {size}) "
            f"or w of (n, {size})."
        )
    return in_order("w_plus", values)


def floats_from(path: Path) -> np.ndarray:
    """The array in an ``.npy`` file as float32; BadInput unless it is one of finite floats."""
    try:
        # Mapped, so that a header that promises more than the file holds costs nothing.
        values: np.ndarray = np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadInput(f"{path} is not an .npy file of numbers.") from error
    if values.dtype.kind != "f":
        raise BadInput(f"{path} holds {values.dtype}; codes are floats.")
    if not values.size:
        raise BadInput(f"{path} holds no codes.")
    with np.errstate(over="ignore"):
        values = values.astype(np.float32)
    if not np.isfinite(values).all():
        raise BadInput(f"{path} holds values that are no numbers, or beyond float32.")
    return np.asarray(values)


def in_order(kind: Literal["z", "w_plus"], values: np.ndarray) -> Codes:
    """Codes of a file, numbered and named by their places in it."""
    numbers = list(range(len(values)))
    return Codes(kind, values, numbers, [f"{number:04d}" for number in numbers])
