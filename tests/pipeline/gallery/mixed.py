"""Blending without photographs: a mixed head's pixels and who it is are known sums, no network is needed."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.faces.head import Head
from pipeline.fillers import Description, Locks, Page, PageRequest, Search
from pipeline.gallery import Gallery
from pipeline.gallery.composing import Composer, Read
from pipeline.gallery.identities import Identities
from pipeline.gallery.source import GallerySource, Wanted
from tests.pipeline.gallery.drawn import identity


class Mixer:
    """Blends and embeds heads of one gallery.

    Args:
        own: how much a mixed face is somebody of its own, 0 (its members' mean) to 1.
    """

    def __init__(self, gallery: Gallery, own: float = 0.35) -> None:
        self._own = own
        self._who = {
            gallery.picture(place).tobytes(): gallery.identity(place) for place in range(len(gallery))
        }
        self.blended = 0

    def blend(
        self, heads: Sequence[Head], weights: Sequence[float], seed: int, /, *, donor: Description
    ) -> Head:
        self.blended += 1
        random = np.random.default_rng(seed)
        shares = np.array(weights, np.float32)[:, None, None, None]
        image = np.sum(shares * np.stack([head.image for head in heads]), axis=0)
        image = np.clip(image + random.normal(0, 4, 3) + 5 * bool(donor["glasses"]["value"]), 0, 255).astype(
            np.uint8
        )
        members = np.stack([self._who[head.image.tobytes()] for head in heads])
        mixed = self.mixed(members, np.array(weights), identity(random))
        self._who[image.tobytes()] = np.asarray(mixed / np.linalg.norm(mixed), np.float32)
        return Head(image, heads[0].landmarks, heads[0].alpha)

    def mixed(
        self, members: npt.NDArray[np.float32], weights: npt.NDArray[np.float64], own: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.floating[Any]]:
        """Who a face is, of any length."""
        return np.asarray((1 - self._own) * weights @ members + self._own * own)

    def embed(self, heads: Sequence[Head]) -> npt.NDArray[np.float32]:
        return np.stack([self._who[head.image.tobytes()] for head in heads])


class Copies(Mixer):
    """Blends that are one of their members."""

    def mixed(
        self, members: npt.NDArray[np.float32], weights: npt.NDArray[np.float64], own: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.floating[Any]]:
        return np.asarray(members[0])


def composer(gallery: Gallery, *, mixer: Mixer | None = None, read: Read | None = None) -> Composer:
    """Of drawn heads."""
    mixer = mixer or Mixer(gallery)
    return Composer(gallery, blend=mixer.blend, embed=mixer.embed, read=read, workers=2)


class Everybody:
    """Goes with everybody."""

    def suits(self, first: int, other: int) -> float:
        return 1.0

    def lends(self, giver: int, lead: int) -> float:
        return 1.0


def page(made: Composer, suspect: npt.NDArray[np.float32], wanted: Wanted) -> Page:
    """A page of a gallery."""
    source = GallerySource(made, Identities(made.gallery.embeddings), Everybody(), wanted)
    return Search(source, reference=suspect).run(wanted.request)


def request(count: int = 6, *, number: int = 1, seed: int = 0, **asked: object) -> PageRequest:
    """A page that is asked for."""
    locks = asked.pop("locks", Locks())
    assert isinstance(locks, Locks)
    return PageRequest(count=count, locks=locks, seed=seed, page=number, **asked)  # type: ignore[arg-type]
