"""Who gives what to a face that is blended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

DONOR: Final = 0
"""The donor's number among the heads."""
MOST_OF_THE_DONOR: Final = 1 / 3
"""Whoever gives hair and outline gives at most this share of the face."""

DONOR_IN_SHAPE: Final = 0.12
"""Most that the donor gives to the shape."""
EVENNESS: Final = 2.0
"""Parameter of the Dirichlet distribution that mixes shapes: the larger, the more alike the shares."""


@dataclass(frozen=True)
class Shares:
    """Heads are named by their number among those that are blended; number 0 is the donor.

    The donor gives hair, ears, neck, outline and the complexion.

    Attributes:
        shape: share of each head in the face's shape; they sum to 1.
        eyes: whose are both eyes and brows.
        nose: whose is the nose.
        mouth: whose are mouth, folds and chin; the beard too.
        skin: whose are cheeks and forehead.
        glasses: the donor wears glasses: they come whole, and another's eyes are seen through them.
        beard: there is one, stubble included: the lower face is one head's up to the outline.
    """

    shape: tuple[float, ...]
    eyes: int
    nose: int
    mouth: int
    skin: int
    glasses: bool = False
    beard: bool = False

    def __post_init__(self) -> None:
        if abs(sum(self.shape) - 1) > 1e-6 or min(self.shape) < 0:
            raise ValueError("The shares in the shape must be positive and sum to 1.")
        if not all(0 <= part < len(self.shape) for part in self.parts):
            raise ValueError("A part of the face is from a head that is not there.")

    @classmethod
    def drawn(
        cls, rng: np.random.Generator, weights: Sequence[float], *, glasses: bool = False, beard: bool = False
    ) -> "Shares":
        """Draw who gives what, whoever weighs more rather the larger parts; the same for the same seed.

        Args:
            weights: of each head, the donor's first, which does not count: it gives little of the face.
            glasses: the donor wears glasses.
            beard: all have a beard.

        Raises:
            ValueError: there is nobody beside the donor, or nobody of weight.
        """
        others = np.asarray(weights[1:], np.float64)
        if not others.size or others.min() <= 0:
            raise ValueError("A face needs somebody beside the donor, and a weight above nothing for each.")
        own = rng.uniform(0.0, DONOR_IN_SHAPE)
        mixed = others / others.sum() * rng.dirichlet(np.ones(len(others)) * EVENNESS)
        mixed = (1 - own) * mixed / mixed.sum()
        order = 1 + rng.choice(len(others), len(others), replace=False, p=others / others.sum())
        # The largest part first; a nose is next to eyes and mouth, so it is never the same head's as both.
        eyes, mouth = order[0], order[1 % len(order)]
        if len(order) == 1:
            skin, nose = order[0], 0
        elif len(order) == 2:
            skin, nose = rng.permutation(order)
        else:
            skin, nose = order[2], order[3 % len(order)] if len(order) > 3 else rng.choice(order[1:])
        shape = (own, *mixed.tolist())
        return cls(shape, int(eyes), int(nose), int(mouth), int(skin), glasses, beard)

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Whose are eyes, nose, mouth, skin."""
        return self.eyes, self.nose, self.mouth, self.skin
