"""Two pictures of one person: photographed twice, or one picture made into two."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from pipeline.command_line import BadInput
from pipeline.dataset.images import SUFFIXES, NoImages, load_pictures

NAME: Final = re.compile(r"(.+)_[12]")
# Of an augmented picture: how far it is moved (share of the side), enlarged and lit.
SHIFT, ZOOM, LIGHT = 0.03, 0.05, 0.2

Pairs = tuple[np.ndarray, np.ndarray]
"""First and second picture of each person: uint8 (n, side, side, 3), twice."""


def read_pairs(folder: Path, side: int) -> Pairs:
    """Read pictures ``NAME_1`` and ``NAME_2``, cut out as the generator's training faces were.

    Raises:
        BadInput: there are no such pairs, or a picture cannot be read.
    """
    files = [] if not folder.is_dir() else sorted(f for f in folder.iterdir() if f.suffix.lower() in SUFFIXES)
    try:
        images = load_pictures(folder, side)
    except NoImages as error:
        raise BadInput(str(error)) from error
    places = {file.stem: place for place, file in enumerate(files)}
    names = sorted({match[1] for stem in places if (match := NAME.fullmatch(stem))})
    paired = [name for name in names if {f"{name}_1", f"{name}_2"} <= places.keys()]
    if not paired:
        raise BadInput(f"{folder} holds no pairs of pictures named NAME_1 and NAME_2.")
    first, second = ([places[f"{name}_{number}"] for name in paired] for number in (1, 2))
    return images[first], images[second]


def augmented_pairs(faces: np.ndarray, *, seed: int) -> Pairs:
    """Make a second picture of each face, uint8 (n, side, side, 3): mirrored, moved, enlarged, lit otherwise.

    It stands in for a second photograph. The person keeps pose and expression, so that such pairs are more
    alike than photographed ones.
    """
    random = np.random.default_rng(seed)
    return faces, np.stack([_augmented(face, random) for face in faces])


def _augmented(face: np.ndarray, random: np.random.Generator) -> np.ndarray:
    side = face.shape[0]
    zoom, light = 1 + random.uniform(-ZOOM, ZOOM), 1 + random.uniform(-LIGHT, LIGHT)
    across, down = random.uniform(-SHIFT, SHIFT, 2) * side
    middle = side * (1 - zoom) / 2
    move = np.array([[zoom, 0, middle + across], [0, zoom, middle + down]], np.float32)
    lit = np.clip(face[:, ::-1].astype(np.float32) * light, 0, 255)
    moved = cv2.warpAffine(lit, move, (side, side), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(np.rint(moved), np.uint8)


def similarities(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Similarity of each pair of identities, float (n, d) twice → (n,)."""
    return np.asarray(np.sum(first * second, axis=1))


def between(identities: np.ndarray) -> np.ndarray:
    """Similarity of every two of n people, float (n, d) → (n (n - 1) / 2,)."""
    return np.asarray((identities @ identities.T)[np.triu_indices(len(identities), 1)])


def quantiles(
    values: np.ndarray, at: Sequence[float] = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
) -> dict[str, float]:
    """A distribution in a few numbers, for ``bundle.json``."""
    return {f"{q:g}": round(float(np.quantile(values, q)), 4) for q in at}
