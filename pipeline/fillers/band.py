"""Who may stand beside a suspect: limits that were measured, and stored with the bundle."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

import numpy as np

from pipeline.fillers.realism import RealismScale

# The band is never narrower than this, however alike a generator's faces are to one another.
NARROWEST: Final = 0.1
ARRAYS: Final = ("crowd", "logits", "company")


@dataclass(frozen=True)
class Limits:
    """The band of one suspect, in similarity: ``stranger`` ≤ a filler's < ``clone``."""

    stranger: float
    clone: float

    @classmethod
    def among(cls, crowd: np.ndarray, *, stranger_share: float, same_person: float) -> Self:
        """The band around one person.

        Some people are like many and some like few: the lower limit is taken from how alike a crowd is to
        this very person (cohort normalisation, as it is known from speaker and face verification).

        Args:
            crowd: float (n,), similarities of others to this person.
            stranger_share: who is less alike than this share of them is a stranger.
            same_person: from which similarity on it is the same person.
        """
        stranger = float(np.quantile(crowd, stranger_share))
        return cls(min(stranger, same_person - NARROWEST), same_person)


@dataclass(frozen=True, kw_only=True)
class Band:
    """What was measured of the faces that a bundle knows and makes.

    Attributes:
        same_person: similarity from which two pictures are taken for one person.
        stranger_share: a filler is more like the suspect than this share of the faces that the generator
            makes at random.
        least_realism: rank of a face among the generator's own, 0..1, below which it is not shown.
        first_radius: of the ball of distance 0, in the neighbourhood's units.
        far_radius: of the ball of distance 1.
        crowd: float32 (n, d), unit length: identities of faces that the generator makes at random.
        logits: float32 (n,), ascending: the discriminator's, of the same faces.
        company: uint8 (group - 1, r, r, 3): the faces beside which the discriminator sees each one.
        measured: the distributions behind the numbers, for the reader of ``bundle.json``.
    """

    same_person: float
    stranger_share: float
    least_realism: float
    first_radius: float
    far_radius: float
    crowd: np.ndarray
    logits: np.ndarray
    company: np.ndarray
    measured: Mapping[str, Any] = field(default_factory=dict)

    @property
    def scale(self) -> RealismScale:
        """What realism is ranked on."""
        return RealismScale(self.logits)

    def limits(self, identity: np.ndarray) -> Limits:
        """The band around one person.

        Args:
            identity: float (d,), unit length.
        """
        alike = self.crowd @ identity
        return Limits.among(alike, stranger_share=self.stranger_share, same_person=self.same_person)

    def radius(self, distance: float) -> float:
        """Radius of the ball for a ``distance`` of 0 (as alike as can be) to 1."""
        return self.first_radius + distance * (self.far_radius - self.first_radius)

    def settings(self) -> dict[str, Any]:
        """The plain values, for ``bundle.json``."""
        names = ("same_person", "stranger_share", "least_realism", "first_radius", "far_radius")
        return {**{name: getattr(self, name) for name in names}, "measured": dict(self.measured)}

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays, for the bundle's file: the crowd as float16."""
        return {"crowd": self.crowd.astype(np.float16), "logits": self.logits, "company": self.company}

    @classmethod
    def of(cls, settings: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Self:
        """The inverse of :meth:`settings` and :meth:`arrays`."""
        values: dict[str, Any] = {name: np.asarray(arrays[name]) for name in ARRAYS}
        values["crowd"] = values["crowd"].astype(np.float32)
        return cls(**settings, **values)
