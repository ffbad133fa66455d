"""What is changed of a gallery's face so that it has what few have: the colour of its hair, and glasses.

Hair and glasses are of whoever gives the outline; where a suspect's are rare, nobody of a gallery could stand
beside them. So the colour of dark hair may be another (``pipeline.gallery.colouring``), and a pair of glasses
may be put on (``pipeline.gallery.wearing``).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.attributes import AGES
from pipeline.faces.head import Head
from pipeline.fillers import Changes, Description, Locks
from pipeline.fillers.locks import YES
from pipeline.gallery.colouring import HairColour, recoloured
from pipeline.gallery.colouring.moves import GREY, GREY_FROM, GROUPS, MOVES
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.wearing import Glasses, with_glasses

HAIR, GLASSES = "hair", "glasses"
Change = Callable[[Head, Changes, int, Description], Head]
"""A head, what is changed of it, a seed, and what is said of it → the head changed."""

#: Of a recipe's seed, the streams that decide the shade and the pair.
OF_HAIR, OF_GLASSES = 1, 2
#: Classes of age from which on hair may be grey.
OLD: Final = tuple(age for age in AGES if float(age.rstrip("+").split("-")[0]) >= GREY_FROM)


def changed(head: Head, changes: Changes, seed: int, said: Description, /) -> Head:
    """A head with other hair, with glasses, or with both; the same to the bit each time.

    Args:
        seed: decides the shade and the pair.
        said: of whoever gives hair and outline.

    Raises:
        Unnatural: the hair cannot have that colour and look real.
    """
    if changes.hair:
        head = recoloured(head, HairColour.drawn(np.random.default_rng([seed, OF_HAIR]), changes.hair))
    if changes.glasses:
        sex = str(said["sex"]["value"])
        head = with_glasses(head, Glasses.drawn(np.random.default_rng([seed, OF_GLASSES]), sex))
    return head


class Changeable:
    """Which faces of a gallery would keep locks if something were changed of them, and what.

    Args:
        gallery: whose faces.
        locks: what they are to keep.
    """

    def __init__(self, gallery: Gallery, locks: Locks) -> None:
        none = np.zeros(len(gallery), bool)
        self._colour = locks.values.get(HAIR, "")
        self._hair = _may_become(gallery, self._colour) if self._colour and gallery.about.garment else none
        wears = locks.values.get(GLASSES) == YES
        self._glasses = gallery.having(GLASSES, [False]) if wears else none
        self.keys = frozenset({HAIR} if self._hair.any() else ()) | ({GLASSES} if wears else frozenset())

    def may(self, key: str) -> npt.NDArray[np.bool_]:
        """Which faces could keep the lock on ``key`` so, bool (n,); those that keep it are not among them."""
        return self._hair if key == HAIR else self._glasses

    def of(self, place: int) -> Changes:
        """What has to be changed of the face at ``place``."""
        return Changes(self._colour if self._hair[place] else "", bool(self._glasses[place]))


def _may_become(gallery: Gallery, colour: str) -> npt.NDArray[np.bool_]:
    """Whose hair may have a colour that it has not."""
    may = gallery.having(HAIR, [hair for hair, colours in MOVES.items() if colour in colours])
    if colour == GREY:
        may &= gallery.having("age_group", OLD)
    if colour in GROUPS:
        may &= gallery.having("ethnicity", GROUPS[colour])
    return may
