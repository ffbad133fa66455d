"""What may be asked of a source's faces, in the words of the site."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lineups.capabilities import Capabilities, Lock
from lineups.constraints import SAME
from lineups.fitness import Fitness
from lineups.sources import Source
from pipeline.fillers.locks import KEYS, possible, value_of

if TYPE_CHECKING:
    from gpu_worker.engine import Engine, GalleryEngine


def of_generator(engine: "Engine") -> Capabilities:
    """Attributes that its faces can be held to, and directions in which they can be changed."""
    side = engine.resolution
    predicted = engine.describe(np.zeros((1, side, side, 3), np.uint8))[0] or {}
    known = [key for key in KEYS if value_of(key, predicted) is not None]
    locks = [Lock.of(Source.GENERATOR, key, [SAME, *possible(key)]) for key in known]
    return Capabilities(locks, list(engine.directions.vectors), fitness(engine))


def of_gallery(engine: "GalleryEngine") -> Capabilities:
    """The same of a gallery: what it says of its faces."""
    known = engine.gallery.about.attributes
    locks = [Lock.of(Source.GALLERY, key, [SAME, *possible(key, known)]) for key in KEYS if key in known]
    return Capabilities(locks, list(engine.directions), fitness_of_gallery(engine), Source.GALLERY)


def of_all(sources: Sequence[Capabilities]) -> Capabilities:
    """All ``sources`` as one, the first the default."""
    first, *others = sources
    return replace(first, others=others)


def fitness(engine: "Engine") -> Fitness:
    """What a generator's faces may be used for, as its bundle says."""
    return Fitness.from_dict(engine.manifest)


def fitness_of_gallery(engine: "GalleryEngine") -> Fitness:
    """What a gallery's faces may be used for, as it says itself."""
    about = engine.gallery.about
    return Fitness.from_dict({"casework": about.casework, "figures": about.figures})
