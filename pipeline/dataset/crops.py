"""A folder of photographs in, a folder of heads of one size out: what training reads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import cv2

from pipeline.dataset.images import picture_files, read_rgb
from pipeline.faces import HEAD, Detection, Detector, FaceError, Image, choose_face, cut, padded

Cutter: TypeAlias = Callable[[Image, Detection, int], Image]


def _head(rgb: Image, face: Detection, size: int) -> Image:
    return HEAD.cut(rgb, face, size=size)


def _thesis(rgb: Image, face: Detection, size: int) -> Image:
    window = padded(face, picture_width=rgb.shape[1], picture_height=rgb.shape[0])
    return cut(rgb, window, width=size, height=size)


CUTTERS: Final[dict[str, Cutter]] = {"head": _head, "thesis": _thesis}


@dataclass
class Tally:
    """What became of the pictures so far: how many were written, and why others were not."""

    total: int
    written: int = 0
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        """Pictures looked at."""
        return self.written + len(self.refused)


def crop_folder(
    source: Path,
    destination: Path,
    detector: Detector,
    *,
    size: int,
    framing: str = "head",
    min_face: int = 32,
) -> Iterator[Tally]:
    """Cut the head out of each picture of ``source`` and write it as ``<stem>.png`` into ``destination``.

    Args:
        framing: a name of ``CUTTERS``.
        min_face: the least width and height of a face's box in pixels.

    Yields:
        The tally after each picture; a picture that holds no usable face is refused with the reason.
    """
    paths = picture_files(source)
    if paths:
        destination.mkdir(parents=True, exist_ok=True)
    tally = Tally(total=len(paths))
    for path in paths:
        rgb = read_rgb(path)
        try:
            if rgb is None:
                tally.refused[path.name] = "The file is not a picture that can be read."
            else:
                face = choose_face(detector.detect(rgb), min_face_width=min_face, min_face_height=min_face)
                _write(destination / f"{path.stem}.png", CUTTERS[framing](rgb, face, size))
                tally.written += 1
        except FaceError as error:
            tally.refused[path.name] = str(error)
        yield tally


def _write(path: Path, rgb: Image) -> None:
    _, data = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    path.write_bytes(data.tobytes())
