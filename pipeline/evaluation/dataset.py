"""The training faces that samples are compared with."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import SUFFIXES
from pipeline.faces.window import resize


@dataclass(frozen=True)
class DataSet:
    """A folder of pictures at the generator's resolution.

    Attributes:
        folder: where they lie.
        names: of the files, in order.
        images: uint8 (n, side, side, 3), RGB.
        digest: SHA-256 over names and contents: changes with any picture.
        original_side: of the files; larger ones were brought to ``side`` by the mean of the covered pixels.
    """

    folder: Path
    names: list[str]
    images: np.ndarray
    digest: str
    original_side: int

    @property
    def side(self) -> int:
        """Of the images, in pixels."""
        return int(self.images.shape[1])


def read_data_set(folder: Path, side: int) -> DataSet:
    """Read every picture of ``folder`` for a generator of ``side`` x ``side`` pixels.

    Raises:
        BadInput: no folder, no pictures, unreadable ones, not square, smaller than the generator's.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder of pictures.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise BadInput(f"{folder} holds no pictures ({', '.join(sorted(SUFFIXES))}).")
    images = np.empty((len(paths), side, side, 3), np.uint8)
    digest, sides = hashlib.sha256(), set()
    for number, path in enumerate(paths):
        data = path.read_bytes()
        digest.update(f"{path.name}\0{len(data)}\0".encode() + data)
        rgb = _square(path, data)
        if len(rgb) < side:
            raise BadInput(
                f"{folder} has pictures of {len(rgb)} pixels a side, but the generator's have {side}: "
                "blown up, they would be compared as blurred."
            )
        sides.add(len(rgb))
        images[number] = resize(rgb, width=side, height=side)
    return DataSet(folder, [path.name for path in paths], images, digest.hexdigest(), max(sides))


def _square(path: Path, data: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        raise BadInput(f"{path} is not a readable picture; remove it or mend it.")
    height, width = image.shape[:2]
    if height != width:
        raise BadInput(
            f"{path} is {width} x {height}; square pictures are wanted, framed as the generator's "
            "(python -m pipeline faces crop makes them)."
        )
    return np.asarray(image[:, :, ::-1])
