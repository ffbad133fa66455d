"""Suspects from a folder of photographs, cut out as the bundle's training faces were."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import picture_files, read_rgb
from pipeline.faces.choice import FaceError, choose_suspect
from pipeline.faces.detector import Detector
from pipeline.faces.framing import Framing, padded
from pipeline.faces.window import cut


@dataclass(frozen=True, eq=False)
class Suspect:
    """A photograph's name, and the face in it: uint8 (r, r, 3)."""

    name: str
    crop: np.ndarray


@dataclass(frozen=True)
class Suspects:
    """Those that can be used, and why the others cannot, by name."""

    people: list[Suspect]
    refused: dict[str, str]


def suspects_in(
    folder: Path, detector: Callable[[], Detector], framing: dict[str, float] | None, side: int
) -> Suspects:
    """Find the face in every photograph of ``folder``.

    Args:
        detector: made when it is needed.
        framing: arguments of ``Framing``; None: as in the thesis.
        side: of the crops.

    Raises:
        BadInput: no photograph holds a face that can be used.
    """
    people, refused, finder = [], {}, detector()
    for path in picture_files(folder):
        rgb = read_rgb(path)
        if rgb is None:
            refused[path.name] = "It cannot be read."
            continue
        try:
            face = choose_suspect(finder.detect(rgb))
        except FaceError as error:
            refused[path.name] = str(error)
            continue
        if framing is None:
            window = padded(face, picture_width=rgb.shape[1], picture_height=rgb.shape[0])
            crop = cut(rgb, window, width=side, height=side)
        else:
            crop = Framing(**framing).cut(rgb, face, size=side)
        people.append(Suspect(path.stem, crop))
    if not people:
        raise BadInput(f"{folder} holds no photograph with a face that can be used.")
    return Suspects(people, refused)
