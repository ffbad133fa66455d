"""Where images go: a folder of PNG files, or one array; whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from pipeline.dataset.images import to_uint8


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
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    partial = Path(name)
    try:
        array = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float32, shape=shape)
        start = 0
        for batch in batches:
            array[start : start + len(batch)] = batch
            start += len(batch)
        array.flush()
        partial.chmod(0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
