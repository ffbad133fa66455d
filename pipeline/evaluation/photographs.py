"""Photographs of a folder, found and cut out as a worker does it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.faces.choice import FaceError, choose_suspect
from pipeline.faces.decoding import SUFFIXES, Unreadable, decode
from pipeline.faces.detector import Detection, Detector
from pipeline.faces.framing import Framing, padded
from pipeline.faces.window import cut


@dataclass(frozen=True, eq=False)
class Portrait:
    """A photograph's head.

    Attributes:
        name: stem of the file's name.
        crop: uint8 (side, side, 3), RGB.
    """

    name: str
    crop: np.ndarray


def portraits_in(
    folder: Path, detector: Detector, framing: Framing | None, side: int
) -> tuple[list[Portrait], dict[str, str]]:
    """The heads of all photographs in ``folder``, by name; and why others have none, by name.

    Raises:
        BadInput: there is no such folder, no photograph in it, or in none of them a face.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder of photographs.")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    portraits, refused = [], {}
    for path in tqdm(files, desc="finding faces", unit="photo", mininterval=1):
        try:
            rgb = np.ascontiguousarray(decode(path.read_bytes())[:, :, ::-1])
            portraits.append(Portrait(path.stem, head(rgb, detector, framing, side)))
        except (Unreadable, FaceError) as error:
            refused[path.name] = str(error)
    if not portraits:
        raise BadInput(f"{folder} holds no photograph with a face that can be used: {refused}")
    return portraits, refused


def head(
    rgb: np.ndarray,
    detector: Detector,
    framing: Framing | None,
    side: int,
    choose: Callable[[Sequence[Detection]], Detection] = choose_suspect,
) -> np.ndarray:
    """The one head in a photograph uint8 (height, width, 3), cut out: uint8 (side, side, 3).

    Args:
        framing: how; None: as in the thesis.
        choose: of the faces that are found.

    Raises:
        FaceError: there is not one face that can be used.
    """
    return cut_out(rgb, choose(detector.detect(rgb)), framing, side)


def cut_out(rgb: np.ndarray, face: Detection, framing: Framing | None, side: int) -> np.ndarray:
    """The head of a face that was found in a photograph, as :func:`head` has it."""
    if framing is not None:
        return framing.cut(rgb, face, size=side)
    height, width = rgb.shape[:2]
    return cut(rgb, padded(face, picture_width=width, picture_height=height), width=side, height=side)
