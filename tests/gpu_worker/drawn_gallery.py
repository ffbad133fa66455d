"""A gallery of drawn heads and its engine: who somebody is, is how the picture looks; no network runs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from gpu_worker.engine import GalleryEngine
from pipeline.faces.head import Head
from pipeline.fillers import Description
from pipeline.gallery import Gallery, GalleryWriter
from tests.pipeline.gallery.drawn import ABOUT, faces, looks
from tests.pipeline.gallery.mixed import Everybody

SAID: dict[str, dict[str, Any]] = {
    "sex": {"value": "female", "confidence": 0.99},
    "hair": {"value": None, "confidence": 0.4},
}


def written(folder: Path, count: int = 60) -> Gallery:
    """A gallery in ``folder``, all of whose faces are women."""
    return GalleryWriter(ABOUT).write(folder, faces(count, sex="female"))


def mixed(heads: Sequence[Head], weights: Sequence[float], seed: int, /, *, donor: Description) -> Head:
    """The members' mean, a little darker or lighter by the seed."""
    shares = np.array(weights, np.float32)[:, None, None, None]
    image = np.sum(shares * np.stack([head.image for head in heads]), axis=0)
    shade = np.random.default_rng(seed).normal(0, 12, 3)
    return Head(np.clip(image + shade, 0, 255).astype(np.uint8), heads[0].landmarks, heads[0].alpha)


def embedded(heads: Sequence[Head]) -> npt.NDArray[np.float32]:
    return np.stack([looks(head.image) for head in heads])


def read(heads: Sequence[Head]) -> list[Description]:
    """Everybody is a woman whose hair cannot be told."""
    return [SAID for _ in heads]


def engine_of(gallery: Gallery) -> GalleryEngine:
    """Its engine."""
    return GalleryEngine(gallery, blend=mixed, embed=embedded, read=read, kinship=Everybody(), workers=2)
