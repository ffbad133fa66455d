"""Vector arithmetic in w+: like this one, but older (thesis §1.3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

# Standard deviations: beyond, no face that directions were found from lies.
FURTHEST: Final = 3.0


class NoDirection(ValueError):
    """An attribute along which nothing can be moved; ``str()`` says which there are."""


@dataclass(frozen=True)
class Directions:
    """Ways through w+, one for each attribute, along which the others stay as they are on average.

    Attributes:
        vectors: attribute → float32 (num_ws, w_dim): one standard deviation of faces along it.
    """

    vectors: Mapping[str, np.ndarray]

    def adjusted(self, w_plus: np.ndarray, moves: Mapping[str, float]) -> np.ndarray:
        """Move a face.

        Args:
            w_plus: float32 (num_ws, w_dim).
            moves: attribute → how far, in standard deviations of faces; clipped to ``FURTHEST`` either way.

        Returns:
            float32 (num_ws, w_dim).

        Raises:
            NoDirection: an attribute without one.
        """
        if unknown := sorted(moves.keys() - self.vectors.keys()):
            there = ", ".join(self.vectors) or "none"
            raise NoDirection(f"This bundle has no direction of {', '.join(unknown)}; there are: {there}.")
        moved = np.asarray(w_plus, np.float32)
        for name, amount in moves.items():
            way = float(np.clip(amount, -FURTHEST, FURTHEST)) * self.vectors[name]
            moved = np.asarray(moved + way, np.float32)
        return moved

    def arrays(self) -> dict[str, np.ndarray]:
        """For a bundle's file, float16."""
        return {name: vector.astype(np.float16) for name, vector in self.vectors.items()}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """The inverse of :meth:`arrays`."""
        return cls({name: arrays[name].astype(np.float32) for name in sorted(arrays)})
