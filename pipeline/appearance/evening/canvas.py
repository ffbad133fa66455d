"""A member's picture while it is being evened out."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.appearance.regions import Regions, regions_of
from pipeline.faces.detector import Image
from pipeline.faces.garment import gown_over
from pipeline.faces.head import Head
from pipeline.faces.lab import Lab, lab_of, picture_of

Cover = npt.NDArray[np.float32]
"""float32 (SIDE, SIDE), 0..1."""


@dataclass(frozen=True, eq=False)
class Canvas:
    """A picture in floats, and where its parts are; parts do not move.

    Attributes:
        head: as it was given.
        lab: float32 (SIDE, SIDE, 3).
        regions: of ``head``.
        own: how much of each place the person's photograph made: not the wall, not the clothes, which were
            put into all pictures alike and stay alike.
    """

    head: Head
    lab: Lab
    regions: Regions
    own: Cover

    @classmethod
    def of(cls, head: Head, *, gown: bool) -> "Canvas":
        """The canvas that ``head`` begins with, in the gown or in clothes of its own."""
        lab = lab_of(head.image)
        own = head.alpha * (1 - gown_over(head.landmarks)) if gown else head.alpha
        return cls(head, lab, regions_of(head, lab), np.asarray(own, np.float32))

    @property
    def lightness(self) -> npt.NDArray[np.float32]:
        """L, 0..100: float32 (SIDE, SIDE)."""
        return np.ascontiguousarray(self.lab[..., 0])

    def with_lab(self, lab: Lab) -> "Canvas":
        """The same with another picture."""
        return replace(self, lab=lab.astype(np.float32))

    def with_lightness(self, lightness: npt.NDArray[np.float32]) -> "Canvas":
        """The same with another L."""
        return self.with_lab(np.dstack([lightness, self.lab[..., 1:]]))

    def with_person(self, lab: Lab) -> "Canvas":
        """The same with another person before the same wall in the same clothes."""
        own = self.own[..., None]
        return self.with_lab(lab * own + self.lab * (1 - own))

    def image(self) -> Image:
        """uint8 (SIDE, SIDE, 3), RGB."""
        return picture_of(self.lab)
