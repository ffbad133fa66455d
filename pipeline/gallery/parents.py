"""Whose faces are mixed into a new one: a few that are like the suspect, and suit one another."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.fillers import Changes, Composition, Locks
from pipeline.fillers.locks import word_of
from pipeline.gallery.changing import Changeable
from pipeline.gallery.composing import DECIMALS, MOST_MEMBERS, OF_HAIR, SEEDS
from pipeline.gallery.gallery import Gallery, unit

Suits = Callable[[int, int], float]
"""Places of two faces → how well the second can share a face with the first, who gives the hair: 0..1."""
Places = npt.NDArray[np.intp]

#: What all members of one face share: nobody can be half bearded, or smile by half.
SHARED: Final = ("sex", "ethnic_appearance", "beard", "mouth")
#: Of whoever is drawn, the most alike come first: at this rank one is drawn half as often as at the head.
HALF: Final = 12
#: Whoever gives hair and outline gives at most a third of the shape.
MOST_OF_THE_FIRST: Final = 1 / 3
LEAST_PARTNERS: Final = 2
#: Parameter of the Dirichlet distribution of the others' weights: the larger, the more alike they are.
EVENNESS: Final = 4.0
LEAST_WEIGHT: Final = 0.05
#: How much rather members are taken who are like nobody taken before: a mix of people who are alike anyway
#: is each of them.
APART: Final = 12.0
#: Possible partners that are compared with the first.
LOOKED_AT: Final = 48
#: Of a large gallery, so many are possible partners.
POOL: Final = 4096


class Parents:
    """Draws compositions of a gallery's faces.

    Args:
        gallery: whose faces.
        locks: what a composed face is to have: its first member has all of it, the others what is not hair.
        suits: who can share a face.
        changeable: of whom something may be changed so that they keep the locks; None: of nobody.
    """

    def __init__(
        self, gallery: Gallery, locks: Locks, suits: Suits, changeable: Changeable | None = None
    ) -> None:
        self._gallery, self._suits, self._changeable = gallery, suits, changeable
        self.firsts = np.flatnonzero(keeping(gallery, locks, changeable=changeable))
        # Glasses cannot be shared: only the first may wear some.
        bare = keeping(gallery, locks, apart_from=OF_HAIR) & ~gallery.having("glasses", [True])
        self._others = _some(np.flatnonzero(bare))
        self._columns = [i for i, key in enumerate(gallery.about.attributes) if key in SHARED]
        self._shared = gallery.table["values"][self._others][:, self._columns]

    def draw(self, order: Places, random: np.random.Generator) -> Composition | None:
        """One composition; None where whoever was drawn has no partners.

        Args:
            order: ``firsts`` or some of them, the most alike first.
        """
        first = int(order[_drawn(len(order), random)])
        partners = self._partners(first, random)
        if not partners:
            return None
        members = (first, *partners)
        weights = weighed(len(members), random)
        seed = int(random.integers(SEEDS))
        return Composition(self._gallery.digest, members, weights, seed, self.changes(first))

    def changes(self, place: int) -> Changes:
        """What has to be changed of the face at ``place`` of ``firsts``, or of one that it gives its hair."""
        return Changes() if self._changeable is None else self._changeable.of(place)

    def _partners(self, first: int, random: np.random.Generator) -> tuple[int, ...]:
        own = self._gallery.table["values"][first][self._columns]
        alike = np.all((self._shared == own) & (own != 0), axis=1) & (self._others != first)
        some = random.permutation(self._others[alike])[:LOOKED_AT]
        likes = np.array([self._suits(first, place) for place in some.tolist()])
        some, likes = some[likes > 0], likes[likes > 0]
        if len(some) < LEAST_PARTNERS:
            return ()
        who = unit(self._gallery.embeddings[np.append(some, first)].astype(np.float32))
        nearest = who[:-1] @ who[-1]
        found: list[int] = []
        for _ in range(min(MOST_MEMBERS - 1, len(some))):
            chances = likes * (1.0 - nearest) ** APART
            chances[found] = 0.0
            chosen = int(random.choice(len(some), p=chances / chances.sum()))
            found.append(chosen)
            nearest = np.maximum(nearest, who[:-1] @ who[chosen])
            nearest[chosen] = 0.0
        return tuple(some[found].tolist())


def keeping(
    gallery: Gallery,
    locks: Locks,
    apart_from: frozenset[str] = frozenset(),
    changeable: Changeable | None = None,
) -> npt.NDArray[np.bool_]:
    """Which faces of a gallery keep ``locks``, bool (n,), some keys left out.

    Args:
        changeable: of whom something may be changed so that they keep them; None: of nobody.
    """
    kept = np.ones(len(gallery), bool)
    for key in locks.values:
        if key not in apart_from:
            having = _having(gallery, key, locks.accepted(key))
            kept &= having | changeable.may(key) if changeable and key in changeable.keys else having
    return kept


def without_each(gallery: Gallery, locks: Locks) -> dict[str, int]:
    """Key of each lock → how many faces keep all others, as they are or once something is changed of them."""
    changeable = Changeable(gallery, locks)
    return {key: int(keeping(gallery, locks, frozenset({key}), changeable).sum()) for key in locks.values}


def _having(gallery: Gallery, key: str, accepted: Sequence[str]) -> npt.NDArray[np.bool_]:
    words = gallery.about.attributes
    return gallery.having(key, [value for value in words.get(key, ()) if word_of(value) in accepted])


def weighed(members: int, random: np.random.Generator) -> tuple[float, ...]:
    """A weight for each member, as a recipe keeps them: little for the first, something for all."""
    own = random.uniform(0.05, MOST_OF_THE_FIRST)
    others = random.dirichlet(np.full(members - 1, EVENNESS)) + LEAST_WEIGHT
    shares = [round(float(share), DECIMALS) for share in (1.0 - own) * others / others.sum()]
    return (round(1.0 - sum(shares), DECIMALS), *shares)


def _some(places: Places) -> Places:
    """At most ``POOL`` of them, from all over."""
    return places if len(places) <= POOL else places[np.linspace(0, len(places) - 1, POOL).astype(np.intp)]


def _drawn(count: int, random: np.random.Generator) -> int:
    """A rank below ``count``, the first the likeliest."""
    weights = 0.5 ** (np.arange(count) / HALF)
    return int(random.choice(count, p=weights / weights.sum()))
