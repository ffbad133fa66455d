"""From a gallery to a probe of flaws."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

import numpy as np

from pipeline.gallery import Gallery
from pipeline.gallery.flaws import FlawProbe
from pipeline.identity import FaceIdentity
from pipeline.reading.signs import Signs, signs_of, together
from pipeline.training.flaws.learning import Example, examples, learned

BATCH: Final = 16
SHARED: Final = ("sex", "ethnic_appearance")
"""What somebody shares with whoever is mixed into them by mistake."""


def learn_flaws(gallery: Gallery, *, seed: int, count: int, said: Callable[[int], object]) -> FlawProbe:
    """Learn a probe of up to ``count`` faces of a gallery, taken for good.

    Args:
        seed: decides which faces, how they are spoilt, and by whom.
        said: told of each face that is done.
    """
    identity, parts, flaws, givers = FaceIdentity.load(), list[Signs](), list[str](), list[int]()
    made = _examples(gallery, seed, count, said)
    while some := list(islice(made, BATCH)):
        parts.append(signs_of([one.head for one in some], identity))
        flaws += [one.flaw for one in some]
        givers += [one.giver for one in some]
    return learned(together(parts), flaws, np.array(givers, np.int64))


def _examples(gallery: Gallery, seed: int, count: int, said: Callable[[int], object]) -> Iterator[Example]:
    places = np.random.default_rng(seed).permutation(len(gallery))[:count]
    for place in places.tolist():
        rng = np.random.default_rng([seed, place])
        alike = _alike(gallery, place)
        other = gallery.head(int(rng.choice(alike))) if len(alike) else gallery.head(place)
        yield from examples(gallery.head(place), other, gallery.hair_of(place), rng)
        said(1)


def _alike(gallery: Gallery, place: int) -> np.ndarray:
    """Places of others of the same sex and appearance."""
    found, described = np.ones(len(gallery), bool), gallery.descriptions(place)
    found[place] = False
    for key in SHARED:
        found &= gallery.having(key, [described[key]["value"]])
    return np.flatnonzero(found)
