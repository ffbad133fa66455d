"""Whose faces are mixed into a new one: a few that are like the suspect, and suit one another."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.fillers import Changes, Composition, Locks
from pipeline.fillers.locks import word_of
from pipeline.gallery.changing import Changeable
from pipeline.gallery.composing import DECIMALS, MOST_MEMBERS, OF_FACE, OF_HAIR, SEEDS
from pipeline.gallery.gallery import Gallery, unit
from pipeline.gallery.kinship import Kinship

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
#: How readily a face, or somebody's hair, is drawn again that was drawn for the page before, beside 1.
AGAIN: Final = 0.25
#: Leads to whom somebody may lend hair, that are drawn before none is found.
ATTEMPTS: Final = 12
#: How often the hair is lent by somebody of another age or group, where that may be. Of 140 composed faces
#: looked at, 15 % of those with lent hair had a flaw, of the others 33 %.
LENT: Final = 0.85
#: Of a large gallery, so many are possible partners.
POOL: Final = 4096
LENDERS: Final = 256


class Parents:
    """Draws compositions of a gallery's faces.

    Args:
        gallery: whose faces.
        locks: what a composed face is to have: its first member has all of it, or all but what is seen of the
            face, the others what is not hair.
        kinship: who can share a face.
        changeable: of whom something may be changed so that they keep the locks; None: of nobody.

    Attributes:
        firsts: places of those who keep the locks.
        leads: places of those who keep what is not hair, bare of glasses: theirs may be the face.
    """

    def __init__(
        self, gallery: Gallery, locks: Locks, kinship: Kinship, changeable: Changeable | None = None
    ) -> None:
        self._gallery, self._kinship, self._changeable = gallery, kinship, changeable
        self.firsts = np.flatnonzero(keeping(gallery, locks, changeable=changeable))
        # Glasses cannot be shared: only the first may wear some.
        bare = keeping(gallery, locks, apart_from=OF_HAIR) & ~gallery.having("glasses", [True])
        self.leads = _some(np.flatnonzero(bare))
        lenders = keeping(gallery, locks, OF_FACE, changeable)
        if locks.values.get("sex") == "female":  # men's hair is cut too short
            lenders &= keeping(gallery, locks, OF_FACE - {"sex"}, changeable)
        self._lenders = _some(np.flatnonzero(lenders), LENDERS)
        self._lent: dict[int, npt.NDArray[np.float64]] = {}
        self._faces, self._hair = Counter[int](), Counter[int]()
        self._hair_of = gallery.table["sources"][:, 0]
        self._columns = [i for i, key in enumerate(gallery.about.attributes) if key in SHARED]
        self._shared = gallery.table["values"][self.leads][:, self._columns]

    def draw(self, order: Places, random: np.random.Generator) -> Composition | None:
        """One composition whose first member has its own hair; None where whoever was drawn has no partners.

        Args:
            order: ``firsts`` or some of them, the most alike first.
        """
        if not len(order):
            return None
        first = self._drawn(order, random)
        partners = self._partners(first, random)
        return self._of((first, *partners), random) if partners else None

    def lent(self, order: Places, random: np.random.Generator) -> Composition | None:
        """One composition with somebody's hair around others' face; None where nobody lends it to whoever was
        drawn, or they have no partners.

        Args:
            order: ``leads`` or some of them, the most alike first.
        """
        for _ in range(ATTEMPTS if len(order) else 0):
            lead = self._drawn(order, random)
            likes = self._likes(lead)
            if not likes.any():
                continue
            likes = likes * AGAIN ** np.array(
                [self._hair[hair] for hair in self._hair_of[self._lenders].tolist()]
            )
            giver = int(random.choice(self._lenders, p=likes / likes.sum()))
            partners = self._partners(lead, random)
            fit = [place for place in partners if place != giver and self._kinship.lends(giver, place) > 0]
            if fit:
                return self._of((giver, lead, *fit)[:MOST_MEMBERS], random)
        return None

    def _likes(self, lead: int) -> npt.NDArray[np.float64]:
        """How well each of those who may lend hair can lend it to somebody; each looked at once a page."""
        if lead not in self._lent:
            likes = [
                self._kinship.lends(place, lead) if place != lead else 0.0 for place in self._lenders.tolist()
            ]
            self._lent[lead] = np.array(likes)
        return self._lent[lead]

    def _drawn(self, order: Places, random: np.random.Generator) -> int:
        """One of ``order``, the first the likeliest, whoever was drawn before rather not again."""
        chances = 0.5 ** (np.arange(len(order)) / HALF)
        chances *= AGAIN ** np.array([self._faces[place] for place in order.tolist()])
        chosen = int(random.choice(order, p=chances / chances.sum()))
        self._faces[chosen] += 1
        return chosen

    def _of(self, members: tuple[int, ...], random: np.random.Generator) -> Composition:
        self._hair[int(self._hair_of[members[0]])] += 1
        weights = weighed(len(members), random)
        seed = int(random.integers(SEEDS))
        return Composition(self._gallery.digest, members, weights, seed, self.changes(members[0]))

    def changes(self, place: int) -> Changes:
        """What has to be changed of the face at ``place`` of ``firsts``, or of one that it gives its hair."""
        return Changes() if self._changeable is None else self._changeable.of(place)

    def _partners(self, first: int, random: np.random.Generator) -> tuple[int, ...]:
        own = self._gallery.table["values"][first][self._columns]
        alike = np.all((self._shared == own) & (own != 0), axis=1) & (self.leads != first)
        some = random.permutation(self.leads[alike])[:LOOKED_AT]
        likes = np.array([self._kinship.suits(first, place) for place in some.tolist()])
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


def _some(places: Places, most: int = POOL) -> Places:
    """At most ``most`` of them, from all over."""
    return places if len(places) <= most else places[np.linspace(0, len(places) - 1, most).astype(np.intp)]
