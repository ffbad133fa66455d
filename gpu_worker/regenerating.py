"""A face made again from its recipe, beside the picture that was kept."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from gpu_worker import stored
from gpu_worker.lease import Unworkable
from gpu_worker.recipes import composition_of
from lineups import selectors
from lineups.errors import DamagedRecord
from lineups.models import Face
from pipeline.gallery import GalleryError

if TYPE_CHECKING:
    from gpu_worker.engine import Engine, GalleryEngine

Verdict = Literal["identical", "within one grey level", "different"]
# Between machines the last bit of a sum may be rounded otherwise.
ROUNDING: Final = 1

DAMAGED = "The recipe of this face is damaged and gives no face."
PICTURE_GONE = "The picture that was kept of this face is missing from the media storage."


@dataclass(frozen=True)
class Again:
    """A face that was made again.

    Attributes:
        image: uint8 (r, r, 3), as it came out now.
        largest: the largest difference from the kept picture in any channel of any pixel, in grey levels.
        pixels: how many pixels differ at all.
    """

    image: NDArray[np.uint8]
    largest: int
    pixels: int

    @property
    def verdict(self) -> Verdict:
        """Whether it is the same face."""
        if self.largest == 0:
            return "identical"
        return "within one grey level" if self.largest <= ROUNDING else "different"


def compose_again(face: Face, engine: "GalleryEngine") -> Again:
    """Make ``face`` of a gallery from its recipe and compare it with the picture that was kept.

    Raises:
        Unworkable: it is of another gallery, or its picture or recipe is missing or damaged.
    """
    try:
        composed = face.parsed_recipe.composed
    except DamagedRecord as error:
        raise Unworkable("damaged_recipe", DAMAGED) from error
    if composed is None:
        raise Unworkable("damaged_recipe", DAMAGED)
    if composed["gallery"] != engine.digest:
        raise Unworkable(
            "other_bundle",
            f"This face is of the gallery {composed['gallery'][:12]}…, but {engine.digest[:12]}… is in use. "
            "Name its gallery by LIGAN_GALLERY.",
        )
    try:
        image = engine.regenerate(composition_of(composed)).image
    except GalleryError as error:
        raise Unworkable("damaged_recipe", f"{DAMAGED} ({error})") from error
    return _beside_the_kept(face, image)


def make_again(face: Face, engine: "Engine") -> Again:
    """Make ``face`` from its recipe and compare it with the picture that was kept.

    Raises:
        Unworkable: it was made with another bundle, its refinement, picture or recipe is missing or damaged;
            ``code`` and ``str()`` say which.
    """
    try:
        recipe = face.parsed_recipe
        w_plus = recipe.w_plus
    except (DamagedRecord, ValueError) as error:
        raise Unworkable("damaged_recipe", DAMAGED) from error
    if recipe.bundle != engine.digest:
        raise Unworkable(
            "other_bundle",
            f"This face was made with the bundle {recipe.bundle[:12]}…, but {engine.digest[:12]}… is in use. "
            "Name its bundle by LIGAN_BUNDLE.",
        )
    tuned = stored.engine_of([face], engine)
    (image,) = tuned.render(w_plus[None], noise_seed=recipe.noise_seed)
    return _beside_the_kept(face, image)


def _beside_the_kept(face: Face, image: NDArray[np.uint8]) -> Again:
    try:
        kept = selectors.pixels(face.image)
    except FileNotFoundError as error:
        raise Unworkable("picture_gone", PICTURE_GONE) from error
    if kept.shape != image.shape:
        return Again(image, 255, image.shape[0] * image.shape[1])
    difference = np.abs(image.astype(np.int16) - kept)
    return Again(image, int(difference.max()), int(np.count_nonzero(difference.any(axis=-1))))
