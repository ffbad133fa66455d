"""From codes to images, in batches of one size, so that the network is compiled once; and to files."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from pipeline.dataset.images import to_uint8
from pipeline.interchange.codes import Codes
from pipeline.networks.backend import compiled
from pipeline.networks.padding import padded
from pipeline.networks.stylegan2 import Generator
from pipeline.whole_files import replacing

BATCH: Final = 8
NoiseKind = Literal["const", "none", "random"]


def synthesised(
    generator: Generator, codes: Codes, *, psi: float = 1.0, noise: NoiseKind = "const", noise_seed: int = 0
) -> Iterator[np.ndarray]:
    """Images of the codes, in order; of several batches, progress is shown on standard error.

    Args:
        psi: truncation; 1 keeps w as it is, 0 gives the mean face. It pulls given w+ as well.
        noise: the network's own constants, none, or drawn anew for each image.
        noise_seed: of the drawn noise. An image's noise depends on this and the number of its code only, not
            on what else is made with it.

    Yields:
        float32 (up to BATCH, height, width, colours), channels last, about [-1, 1], unclipped.
    """
    render = renderer(generator, codes.kind, psi=psi, noise=noise)
    sides = generator.synthesis.noise_sides if noise == "random" else []
    weights = [variable.value for variable in generator.variables]
    size = min(BATCH, len(codes))
    with tqdm(total=len(codes), unit="face", disable=len(codes) <= BATCH) as bar:
        for start in range(0, len(codes), size):
            part = slice(start, start + size)
            drawn = noise_maps(sides, noise_seed, codes.numbers[part])
            count = len(codes.values[part])
            maps = [padded(pattern, size) for pattern in drawn]
            images = ops.convert_to_numpy(render(weights, padded(codes.values[part], size), maps))[:count]
            first = generator.config.data_format == "channels_first"
            yield np.asarray(images.transpose(0, 2, 3, 1) if first else images, np.float32)
            bar.update(count)


def renderer(generator: Generator, kind: str, *, psi: float, noise: NoiseKind) -> Any:
    """The compiled function of (weights, codes, noise maps); weights are no constants of it."""
    variables = generator.variables

    def render(weights: list[Any], values: Any, maps: list[Any]) -> Any:
        scope = keras.StatelessScope(state_mapping=list(zip(variables, weights, strict=True)))
        with scope:
            ws = generator.broadcast(generator.mapping(values)) if kind == "z" else values
            pattern = maps if noise == "random" else noise
            return generator.synthesis(generator.truncate(ws, psi), noise=pattern)

    return compiled(render)


def noise_maps(sides: list[int], seed: int, numbers: list[int]) -> list[np.ndarray]:
    """Noise float32 (n, side, side) for each side, of which each image has its own, by its number."""
    randoms = [np.random.default_rng((seed, number)) for number in numbers]
    return [
        np.stack([random.standard_normal((side, side), np.float32) for random in randoms]) for side in sides
    ]


def save_pictures(folder: Path, names: list[str], batches: Iterable[np.ndarray]) -> None:
    """Write each image as ``<name>.png``, 8 bits; files of that name are replaced, others stay.

    They are written beside ``folder`` first and moved when all are there.

    Args:
        folder: made if missing.
        batches: float32 (n, height, width, 1 or 3) in about [-1, 1]; what is beyond is clipped.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        images = (image for batch in batches for image in to_uint8(batch))
        for name, image in zip(names, images, strict=True):
            if not cv2.imwrite(str(partial / f"{name}.png"), image[:, :, ::-1]):
                raise OSError(f"could not write {name}.png")
        folder.mkdir(exist_ok=True)
        for name in names:
            (partial / f"{name}.png").replace(folder / f"{name}.png")
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def save_array(path: Path, shape: tuple[int, ...], batches: Iterable[np.ndarray]) -> None:
    """Write all images as one float32 array of that shape, unclipped; a file at ``path`` is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as partial:
        array = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float32, shape=shape)
        start = 0
        for batch in batches:
            array[start : start + len(batch)] = batch
            start += len(batch)
        array.flush()
