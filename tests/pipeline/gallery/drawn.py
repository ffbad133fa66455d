"""Heads that are drawn, not photographed: who they are, is known without a network."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.attributes.people import APPEARANCES, PEOPLE
from pipeline.faces.detector import Image
from pipeline.faces.head import EYE_CORNERS, EYE_LINE, FACE, OVAL, SIDE, Head
from pipeline.gallery import About, GalleryFace, Portion
from pipeline.gallery.gallery import MANIFEST

ABOUT: Final = About(licence="CC0-1.0", provenance="Drawn by a test.", wall=(190, 195, 200))
POINTS: Final = 468
WHITE: Final = np.full(3, 255)


def head(random: np.random.Generator) -> Head:
    """An oval of one complexion under hair of one colour, with a dent for each feature."""
    middle, eyes = SIDE / 2, SIDE * EYE_LINE
    across, down = SIDE * FACE * np.array([0.5, 0.637])
    landmarks = middle + random.normal(0, 12, (POINTS, 2))
    turn = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False)
    landmarks[list(OVAL)] = np.stack(
        [middle + across * np.sin(turn), eyes + 20 - down * np.cos(turn)], axis=1
    )
    landmarks[list(EYE_CORNERS)] = [[x, eyes] for x in (middle - 32, middle - 12, middle + 32, middle + 12)]
    image = np.full((SIDE, SIDE, 3), ABOUT.wall, np.uint8)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    skin, hair = random.integers(90, 220, 3), random.integers(10, 150, 3)
    for canvas, colours in ((image, (hair, skin)), (alpha, (WHITE, WHITE))):
        for grow, colour in zip((1.25, 1.0), colours, strict=True):
            size = (round(across * grow), round(down * grow))
            fill = tuple(map(int, colour))
            cv2.ellipse(canvas, (round(middle), round(eyes + 20)), size, 0, 0, 360, fill, -1, cv2.LINE_AA)
    for x, y in landmarks[list(EYE_CORNERS)]:
        cv2.circle(image, (round(x), round(y)), 3, (20, 20, 20), -1, cv2.LINE_AA)
    shade = cv2.resize(random.normal(0, 25, (12, 12, 3)).astype(np.float32), (SIDE, SIDE))
    shaded = np.clip(image + shade * (alpha[..., None] / 255), 0, 255).astype(np.uint8)
    return Head(shaded, landmarks.astype(np.float32), (alpha / 255).astype(np.float32))


def description(random: np.random.Generator, **given: Any) -> dict[str, dict[str, Any]]:
    """A value of every key at random, those ``given`` apart."""
    said = {key: words[random.integers(len(words))] for key, words in PEOPLE.items()} | given
    said["ethnic_appearance"] = APPEARANCES.get(said["ethnicity"]) if said["ethnicity"] else None
    said["baldness"] = None if said["hair"] is None else said["hair"] == "bald"
    return {key: {"value": value, "confidence": 0.9} for key, value in (said | given).items()}


def identity(random: np.random.Generator, around: npt.NDArray[np.float32] | None = None) -> Any:
    """Who somebody is, float32 (1024,): like ``around`` to a cosine from 0.35 to 0.68, or like nobody."""
    own = random.normal(size=1024) / 32
    alike = 0.0 if around is None else random.uniform(0.35, 0.68)
    mixed = own if around is None else alike * around + np.sqrt(1 - alike**2) * own
    return (mixed / np.linalg.norm(mixed)).astype(np.float32)


def faces(
    count: int, *, seed: int = 0, around: npt.NDArray[np.float32] | None = None, **given: Any
) -> Iterator[GalleryFace]:
    """``count`` faces that go into a gallery."""
    for number in range(count):
        random = np.random.default_rng((seed, number))
        yield GalleryFace(
            head=head(random),
            identity=identity(random, around),
            description=description(random, **given),
            provenance=(Portion(100 * seed + number, 0.6), Portion(number, 0.4)),
            number=number,
        )


def said(description: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Values alone."""
    return {key: finding["value"] for key, finding in description.items()}


def looks(image: Image) -> npt.NDArray[np.float32]:
    """Who a drawn head is, as far as its pixels tell: float32 (1024,), unit length."""
    small = cv2.resize(image.astype(np.float32), (18, 19), interpolation=cv2.INTER_AREA).ravel()[:1024]
    centred = small - small.mean()
    return np.asarray(centred / np.linalg.norm(centred), np.float32)


def sign(folder: Path, **changes: Any) -> None:
    """Make ``gallery.json`` name the files as they are now: whoever wrote it meant them so."""
    manifest = json.loads((folder / MANIFEST).read_text()) | changes
    names = [file.name for file in folder.iterdir() if file.name != MANIFEST]
    manifest["files"] = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / MANIFEST).write_text(json.dumps(manifest))
