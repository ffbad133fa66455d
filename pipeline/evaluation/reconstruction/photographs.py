"""Photographs of a folder, found and cut out as a worker does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.command_line import BadInput
from pipeline.faces.choice import FaceError, choose_suspect
from pipeline.faces.decoding import SUFFIXES, Unreadable, decode
from pipeline.faces.detector import Detector
from pipeline.faces.framing import Framing, padded
from pipeline.faces.window import cut


@dataclass(frozen=True)
class Portrait:
    """A photograph's head.

    Attributes:
        name: stem of the file's name.
        crop: uint8 (side, side, 3), RGB.
    """

    name: str
    crop: np.ndarray


def portraits_in(
    folder: Path, detector: Detector, framing: Mapping[str, float] | None, side: int
) -> tuple[list[Portrait], dict[str, str]]:
    """The heads of all photographs in ``folder``, by name; and why others have none, by name.

    Raises:
        BadInput: there is no such folder, no photograph in it, or in none of them a face.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not files:
        raise BadInput(f"there is no photograph in {folder}.")
    portraits, without = [], {}
    for path in files:
        try:
            rgb = np.ascontiguousarray(decode(path.read_bytes())[:, :, ::-1])
            portraits.append(Portrait(path.stem, head(rgb, detector, framing, side)))
        except (Unreadable, FaceError) as error:
            without[path.name] = str(error)
    if not portraits:
        raise BadInput(f"no photograph in {folder} shows one face: {without}")
    return portraits, without


def head(rgb: np.ndarray, detector: Detector, framing: Mapping[str, float] | None, side: int) -> np.ndarray:
    """The one head in a photograph uint8 (height, width, 3), as a bundle's framing cuts it out.

    Raises:
        FaceError: there is not one face that can be used.
    """
    face = choose_suspect(detector.detect(rgb))
    if framing is not None:
        return Framing(**framing).cut(rgb, face, size=side)
    height, width = rgb.shape[:2]
    return cut(rgb, padded(face, picture_width=width, picture_height=height), width=side, height=side)
