"""Drafted lineups as files: the pictures that a witness would see, and who of them is the suspect.

A lineup is a JSON file beside its pictures::

    {"suspect": 2, "members": ["1.png", "2.png", …], "heads": "heads.npz", "about": {"group": "white"}}

``suspect`` counts from 0. ``heads``, which may be left out, holds ``landmarks`` (n, 468, 2) and ``alphas``
(n, SIDE, SIDE), uint8; without it both are found in the pictures. ``about`` says which groups he counts in.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import read_rgb
from pipeline.faces.detector import Image
from pipeline.faces.head import EYE_LINE, FACE, SIDE, Head
from pipeline.faces.matte import matting
from pipeline.faces.mesh import face_mesh

FILE: Final = "lineup.json"
LEAST: Final = 3
# A detector's box around the face of a head's picture, in shares of its side.
_AROUND: Final = (0.5 - FACE / 2, EYE_LINE - 0.45 * FACE, FACE, FACE * 1.15)


@dataclass(frozen=True, eq=False)
class DraftedLineup:
    """A lineup as the witness sees it.

    Attributes:
        name: of its folder or file.
        heads: the members, in their order.
        suspect: his place among them, from 0.
        about: name of a trait -> the suspect's, as ``sex`` -> ``female``.
    """

    name: str
    heads: tuple[Head, ...]
    suspect: int
    about: dict[str, str] = field(default_factory=dict)


def lineups_at(path: Path) -> Iterator[DraftedLineup]:
    """Read the lineup in ``path``, or all under it: every ``lineup.json``, in the order of their folders.

    Raises:
        BadInput: there are none, or one of them cannot be read.
    """
    if not path.exists():
        raise BadInput(f"There is no {path}.")
    files = [path] if path.is_file() else sorted(path.rglob(FILE))
    if not files:
        raise BadInput(f"There is no {FILE} in {path} or its folders.")
    return map(read_lineup, files)


def read_lineup(file: Path) -> DraftedLineup:
    """Read one lineup.

    Raises:
        BadInput: it is not as this module says.
    """
    plain = _facts(file)
    names, suspect = plain["members"], plain["suspect"]
    images = [_picture(file.parent / name) for name in names]
    if "heads" in plain:
        heads = _heads_of(images, file.parent / str(plain["heads"]))
    else:
        heads = tuple(found_head(image) for image in images)
    about = {str(key): str(value) for key, value in plain.get("about", {}).items()}
    return DraftedLineup(file.parent.name if file.name == FILE else file.stem, heads, suspect, about)


def write_lineup(
    folder: Path, heads: Sequence[Head], suspect: int, about: dict[str, str] | None = None
) -> None:
    """Write the lineup ``read_lineup`` reads; the folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{place + 1}.png" for place in range(len(heads))]
    for name, head in zip(names, heads, strict=True):
        cv2.imwrite(str(folder / name), head.image[..., ::-1])
    alphas = np.stack([(head.alpha * 255 + 0.5).astype(np.uint8) for head in heads])
    landmarks = np.stack([head.landmarks for head in heads])
    np.savez_compressed(folder / "heads.npz", alphas=alphas, landmarks=landmarks)
    facts = {"suspect": suspect, "members": names, "heads": "heads.npz", "about": about or {}}
    (folder / FILE).write_text(json.dumps(facts, indent=2) + "\n")


def found_head(image: Image) -> Head:
    """The head of a picture that is framed as heads are, its landmarks and matte found anew."""
    x, y, width, height = (share * SIDE for share in _AROUND)
    landmarks = face_mesh().find(image, (x, y, width, height)).landmarks
    return Head(image, np.asarray(landmarks, np.float32), matting().alpha(image))


def _facts(file: Path) -> dict[str, Any]:
    try:
        plain = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} cannot be read as JSON: {error}.") from error
    if not isinstance(plain, dict) or not isinstance(plain.get("members"), list):
        raise BadInput(f"{file} does not name its members.")
    if len(plain["members"]) < LEAST:
        raise BadInput(f"{file} has {len(plain['members'])} members; at least {LEAST} can be compared.")
    suspect = plain.get("suspect")
    if not isinstance(suspect, int) or not 0 <= suspect < len(plain["members"]):
        raise BadInput(f"{file} does not say which of its members is the suspect.")
    if not isinstance(plain.get("about", {}), dict):
        raise BadInput(f"{file} says nothing readable about the suspect.")
    return plain


def _picture(file: Path) -> Image:
    image = read_rgb(file) if file.is_file() else None
    if image is None:
        raise BadInput(f"{file} is not a readable picture.")
    if image.shape != (SIDE, SIDE, 3):
        raise BadInput(f"{file} is no picture of {SIDE} x {SIDE} pixels.")
    return image


def _heads_of(images: Sequence[Image], file: Path) -> tuple[Head, ...]:
    try:
        with np.load(file, allow_pickle=False) as kept:
            landmarks, alphas = kept["landmarks"], kept["alphas"]
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"{file} holds no landmarks and alphas: {error}.") from error
    if landmarks.shape != (len(images), 468, 2) or alphas.shape != (len(images), SIDE, SIDE):
        raise BadInput(f"{file} is of other heads than there are pictures.")
    return tuple(
        Head(image, points.astype(np.float32), alpha.astype(np.float32) / 255)
        for image, points, alpha in zip(images, landmarks, alphas, strict=True)
    )
