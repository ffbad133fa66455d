"""A gallery from a folder, with everything that searching and composing it needs. Without Keras."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from gpu_worker.engine.gallery_engine import GalleryEngine
from pipeline.faces.head import Head
from pipeline.fillers import Description
from pipeline.gallery import Gallery, GalleryError
from pipeline.gallery.blending.blend import blend
from pipeline.gallery.blending.partners import Person, suits
from pipeline.gallery.blending.shares import Shares
from pipeline.gallery.blending.traits import Traits
from pipeline.gallery.measures import NAMES, measured
from pipeline.identity import FaceIdentity
from pipeline.identity.crops import identity_crop
from pipeline.reading import Reader, ReadingError

__all__ = ["GalleryError", "ReadingError", "open_gallery"]

#: Faces whose measures stay unpacked.
KEPT = 4096


def open_gallery(folder: Path) -> GalleryEngine:
    """Open a gallery, check its digests, and load what says who somebody is and what they look like.

    Raises:
        GalleryError: with one sentence about what is wrong.
        GraphError, ReadingError: what ships beside it cannot be used.
    """
    gallery, identity = Gallery.open(folder), FaceIdentity.load()
    reader = Reader.load(identity=identity)
    return GalleryEngine(
        gallery,
        blend=blended,
        embed=lambda heads: embedded(identity, heads),
        read=lambda heads: [one.description.to_dict() for one in reader.read_all(heads)],
        suits=Suiting(gallery),
        reliability=reader.reliability,
    )


def blended(heads: Sequence[Head], weights: Sequence[float], seed: int, /, *, glasses: bool) -> Head:
    """Blend as :class:`pipeline.gallery.composing.Blend` asks: the seed draws who gives which part."""
    shares = Shares.drawn(np.random.default_rng(seed), weights, glasses=glasses)
    return blend(heads, shares).head


def embedded(identity: FaceIdentity, heads: Sequence[Head]) -> npt.NDArray[np.float32]:
    """Who heads are: float32 (n, 1024), unit length."""
    return identity.embed(np.stack([identity_crop(head.image, head.landmarks) for head in heads]))


class Suiting:
    """How well one face of a gallery can share a face with another, by what the gallery measured of both."""

    def __init__(self, gallery: Gallery) -> None:
        """GalleryError where the gallery kept no measures: nothing can be composed from it."""
        if tuple(gallery.about.measures) != NAMES:
            raise GalleryError("it was built without the measures that composing needs. Build it again")
        self._gallery = gallery
        self._known = lru_cache(KEPT)(self._looked_up)

    def __call__(self, first: int, other: int) -> float:
        """Places of two faces, the first gives the hair → 0 (not at all) to 1."""
        (donor, looks), (partner, others) = self._known(first), self._known(other)
        return suits(donor, looks, partner, others)

    def _looked_up(self, place: int) -> tuple[Person, Traits]:
        traits, age, beard = measured(self._gallery.table["measures"][place].astype(np.float64))
        said = self._gallery.descriptions(place)
        person = Person(
            _value(said, "sex"), _value(said, "ethnicity"), age, beard, said["glasses"]["value"] is True,
            _value(said, "mouth"),
        )  # fmt: skip
        return person, traits


def _value(said: Description, key: str) -> str:
    return str(said[key]["value"])
