"""A face made again from its recipe, beside the picture that was kept."""

import contextlib
from dataclasses import dataclass
from importlib.util import find_spec
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
from pipeline.serving.arithmetic import Arithmetic
from pipeline.serving.runtimes import RUNTIMES, Runtime

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
        before: what computed the kept picture; None where its recipe, an older one, does not say.
        now: what computed this one.
    """

    image: NDArray[np.uint8]
    largest: int
    pixels: int
    before: str | None
    now: str

    @property
    def comparable(self) -> bool:
        """Whether the same arithmetic was at hand, so that the same pixels are to be expected."""
        return self.before == self.now

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
    return _beside_the_kept(face, image, engine.arithmetic)


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
    return _beside_the_kept(face, image, engine.arithmetic)


def runtime_for(face: Face) -> Runtime:
    """What made ``face``, where this machine has it, else what it has.

    Faces of before recipes named their arithmetic were made by TensorFlow.
    """
    with contextlib.suppress(DamagedRecord):
        arithmetic = face.parsed_recipe.arithmetic
        wanted = "tensorflow" if arithmetic is None else arithmetic["runtime"]
        for known in RUNTIMES:
            if known == wanted and find_spec(known) is not None:
                return known
    return "auto"


def _beside_the_kept(face: Face, image: NDArray[np.uint8], arithmetic: Arithmetic) -> Again:
    made, now = face.parsed_recipe.arithmetic, str(arithmetic)
    before = None if made is None else str(Arithmetic(**made))
    try:
        kept = selectors.pixels(face.image)
    except FileNotFoundError as error:
        raise Unworkable("picture_gone", PICTURE_GONE) from error
    if kept.shape != image.shape:
        return Again(image, 255, image.shape[0] * image.shape[1], before, now)
    difference = np.abs(image.astype(np.int16) - kept)
    pixels = int(np.count_nonzero(difference.any(axis=-1)))
    return Again(image, int(difference.max()), pixels, before, now)
