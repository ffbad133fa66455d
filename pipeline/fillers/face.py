"""A face of nobody, with what makes it again and what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.faces.head import Head

Description = Mapping[str, Any]
"""What is predicted of a face: attribute → its ``value`` and the ``confidence`` in it, 0..1."""


@dataclass(frozen=True, eq=False)
class Latent:
    """What a generator makes a face of.

    Attributes:
        w_plus: float32 (num_ws, w_dim).
        noise_seed: seed of the synthesis noise; with ``w_plus`` and a bundle it makes the face again.
    """

    w_plus: np.ndarray
    noise_seed: int


@dataclass(frozen=True)
class Changes:
    """What is changed of a gallery's face, or of a composed one.

    Attributes:
        hair: the colour that its hair is given; empty: as it is.
        glasses: whether a pair is put on.
    """

    hair: str = ""
    glasses: bool = False

    def __bool__(self) -> bool:
        return bool(self.hair) or self.glasses


@dataclass(frozen=True)
class Composition:
    """What a gallery makes a face of.

    Attributes:
        gallery: the gallery's digest.
        members: places of its faces; the first gives hair and outline. One alone is the face itself.
        weights: of the members, above 0; they sum to 1.
        seed: decides who of them gives which part, and the shade and the pair of ``changes``.
        changes: made of it at last.
    """

    gallery: str
    members: tuple[int, ...]
    weights: tuple[float, ...]
    seed: int = 0
    changes: Changes = Changes()

    @property
    def is_blended(self) -> bool:
        """Whether it is of several faces."""
        return len(self.members) > 1

    @property
    def is_member(self) -> bool:
        """Whether it is a face of the gallery as it is."""
        return not self.is_blended and not self.changes


class OtherSource(TypeError):
    """Something was asked of a face that only faces of another source have."""


@dataclass(frozen=True, eq=False)
class SyntheticFace:
    """A face that was made.

    Attributes:
        image: uint8 (r, r, 3), RGB.
        made_of: what makes it again.
        identity: float32 (d,), unit length: who it looks like.
        similarity: of its identity to the suspect's, or to that of the face it was made from, -1..1.
        realism: share of the generator's own faces that the discriminator finds less real, 0..1; None where
            it was not asked or is not known.
        description: what is predicted of it; None likewise.
        head: of a photographic face, ``image`` with its landmarks and its matte.
    """

    image: np.ndarray
    made_of: Latent | Composition
    identity: np.ndarray
    similarity: float
    realism: float | None = None
    description: Description | None = None
    head: Head | None = None

    @property
    def latent(self) -> Latent:
        """What a generator made it of; OtherSource of a face that was composed."""
        if not isinstance(self.made_of, Latent):
            raise OtherSource("This face was composed from a gallery: it has no latent.")
        return self.made_of
