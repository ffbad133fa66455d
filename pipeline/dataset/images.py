"""Training images: a folder of faces held in memory, and grids of pictures."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.records import count_faces, holds_build, pictures
from pipeline.faces import Pixels, resize

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})


class NoImages(ValueError):
    """The folder has no faces that can be trained on."""


def load_images(folder: Path, side: int) -> np.ndarray:
    """Read the faces of a folder: those that ``faces build`` wrote, of either format, or plain pictures.

    Faces of a build come in their order, plain pictures in order of name. Those of another size are brought
    to ``side`` x ``side`` (mean of the covered pixels when shrinking); built faces are never enlarged.

    Returns:
        uint8 (faces, side, side, 3), RGB.

    Raises:
        NoImages: nothing readable; a file with a picture's name is none; a build that is not finished, or
            whose faces are smaller than ``side``.
    """
    if not holds_build(folder):
        return load_pictures(folder, side)
    try:
        return _stacked(_large_enough(pictures(folder), folder, side), count_faces(folder), side)
    except BadInput as error:
        raise NoImages(str(error)) from error


def load_pictures(folder: Path, side: int) -> np.ndarray:
    """Read every picture of ``folder``, in order of name; see :func:`load_images`."""
    files = picture_files(folder) if folder.is_dir() else []
    if not files:
        raise NoImages(f"{folder} holds no pictures ({', '.join(sorted(SUFFIXES))}).")
    return _stacked(map(_readable, files), len(files), side)


def _readable(file: Path) -> Pixels:
    rgb = read_rgb(file)
    if rgb is None:
        raise NoImages(f"{file} is not a readable picture; remove it or mend it.")
    return rgb


def picture_files(folder: Path) -> list[Path]:
    """The picture files in ``folder`` by name, its subfolders not included."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())


def read_rgb(path: Path) -> Pixels | None:
    """Read a picture, turned as its EXIF says: uint8 (h, w, 3), or None where it cannot be decoded."""
    data = np.fromfile(path, np.uint8)
    bgr = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    return None if bgr is None else np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def _large_enough(faces: Iterable[np.ndarray], folder: Path, side: int) -> Iterator[np.ndarray]:
    """The same faces of the build in ``folder``; NoImages at the first that is smaller than ``side``."""
    for face in faces:
        height, width = face.shape[:2]
        if min(height, width) < side:
            raise NoImages(
                f"{folder} has faces of {width} x {height} pixels, but {side} x {side} are asked for: blown "
                "up, they would teach blur. Build them larger (output_face_width and output_face_height)."
            )
        yield face


def _stacked(rgb: Iterable[np.ndarray], count: int, side: int) -> np.ndarray:
    """``count`` pictures as one array uint8 (count, side, side, 3), only one of them in memory besides."""
    images = np.empty((count, side, side, 3), np.uint8)
    for index, picture in enumerate(rgb):
        images[index] = resize(picture, width=side, height=side)
    return images


def to_uint8(images: np.ndarray) -> np.ndarray:
    """Network output in about [-1, 1] → uint8, rounded and clipped."""
    levels = np.rint((np.asarray(images, np.float32) + 1.0) * 127.5)
    return np.asarray(np.clip(levels, 0, 255), np.uint8)


def sheet(images: np.ndarray, columns: int) -> np.ndarray:
    """Images uint8 (n, side, side, 3) as one, row by row; what is left of the last row is black."""
    count, side = len(images), images.shape[1]
    rows = -(-count // columns)
    whole = np.zeros((rows * side, columns * side, 3), np.uint8)
    for index, image in enumerate(images):
        y, x = divmod(index, columns)
        whole[y * side : (y + 1) * side, x * side : (x + 1) * side] = image
    return whole


def save_grid(path: Path, images: np.ndarray, columns: int) -> None:
    """Write images uint8 (n, side, side, 3) as one PNG, row by row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), sheet(images, columns)[:, :, ::-1]):
        raise OSError(f"could not write {path}")
