"""Photos on disk between two parts of the pipeline: one after another, pixels as they are.

Each photo is its description (JSON, with the lengths of what follows), its pixels and its embedding. The file
is read photo by photo, so that it may be of any size.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from pipeline.faces import FaceFound, Photo
from pipeline.whole_files import writing


def write_photos(path: Path, photos: Iterable[Photo]) -> None:
    """Write photos in their order, the file whole or not at all."""
    with writing(path) as file:
        for photo in photos:
            _write(file, photo)


def read_photos(path: Path) -> Iterator[Photo]:
    """The photos of a file, one in memory at a time."""
    with path.open("rb") as file:
        while line := file.readline():
            yield _read(file, json.loads(line))


def without_pixels(photo: Photo) -> Photo:
    """The photo with all that is known of it but its pixels."""
    return replace(photo, pixels=np.empty((0, 0, 3), np.uint8))


def _write(file: BinaryIO, photo: Photo) -> None:
    description = {
        "source": photo.source,
        "colour": photo.colour,
        "shape": photo.pixels.shape,
        "face": None if photo.face is None else asdict(photo.face),
        "embedding": None if photo.embedding is None else len(photo.embedding),
    }
    file.write(json.dumps(description).encode() + b"\n")
    file.write(np.ascontiguousarray(photo.pixels).tobytes())
    if photo.embedding is not None:
        file.write(np.ascontiguousarray(photo.embedding, "<f4").tobytes())


def _read(file: BinaryIO, description: dict[str, Any]) -> Photo:
    height, width, channels = description["shape"]
    pixels = np.frombuffer(file.read(height * width * channels), np.uint8)
    embedding = None
    if description["embedding"] is not None:
        embedding = np.frombuffer(file.read(4 * description["embedding"]), "<f4").astype(np.float32)
    return Photo(
        pixels=pixels.reshape(height, width, channels),
        source=description["source"],
        colour=description["colour"],
        face=None if description["face"] is None else _face(description["face"]),
        embedding=embedding,
    )


def _face(fields: dict[str, Any]) -> FaceFound:
    boxes = {name: tuple(fields[name]) for name in ("box", "window", "output_box")}
    return FaceFound(**{**fields, **boxes})
