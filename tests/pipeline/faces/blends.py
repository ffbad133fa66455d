"""The six people who do not exist, as photographs."""

from functools import cache
from pathlib import Path

import numpy as np

from pipeline.faces.blazeface import BlazeFaceDetector
from pipeline.faces.choice import choose_suspect
from pipeline.faces.decoding import decode
from pipeline.faces.detector import Image
from pipeline.faces.head import Head
from pipeline.faces.upright import upright_head

FOLDER = Path(__file__).parents[2] / "fixtures" / "blends"
NAMES = sorted(path.stem for path in FOLDER.glob("*.webp"))


@cache
def photograph(name: str) -> Image:
    """uint8 (256, 256, 3), RGB."""
    return np.ascontiguousarray(decode((FOLDER / f"{name}.webp").read_bytes())[..., ::-1])


@cache
def head(name: str) -> Head:
    """The head in it."""
    rgb = photograph(name)
    return upright_head(rgb, choose_suspect(BlazeFaceDetector().detect(rgb)))[0]
