"""Vector arithmetic in w+: like this one, but older (thesis §1.3.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np

# Standard deviations: beyond, no face that directions were found from lies.
FURTHEST: Final = 3.0
#: Place in a framed head → names of its colour's gradients: red, green, blue.
COLOURS: Final = {
    place: tuple(f"{place}_{channel}" for channel in ("red", "green", "blue"))
    for place in ("background", "complexion")
}
#: What a suspect's fillers always share, as far as it is linear: nobody asks for a lineup of other people.
HELD: Final = ("sex", "skin", *COLOURS["background"], *COLOURS["complexion"])
#: Gradients that are also held where an attribute is locked.
OF_LOCKS: Final = {"age_group": "age", "hair": "hair_darkness", "beard": "beard"}
PREFIX: Final = "gradient/"


class NoDirection(ValueError):
    """An attribute along which nothing can be moved; ``str()`` says which there are."""


@dataclass(frozen=True)
class Directions:
    """Directions of w+, one for each attribute, along which the others stay as they are on average.

    Attributes:
        vectors: attribute → float32 (num_ws, w_dim): one standard deviation of faces along it.
        gradients: attribute, offered or not → float32 (components,): where it grows fastest, in the
            subspace's coordinates.
    """

    vectors: Mapping[str, np.ndarray]
    gradients: Mapping[str, np.ndarray] = field(default_factory=dict)

    def held(self, locks: Iterable[str] = ()) -> np.ndarray:
        """Directions in which faces around a suspect do not differ: float32 (k, components), orthonormal.

        Args:
            locks: keys of a description that are locked.
        """
        names = (*HELD, *(OF_LOCKS[key] for key in locks if key in OF_LOCKS))
        known = [self.gradients[name] for name in names if name in self.gradients]
        if not known:
            return np.zeros((0, 0), np.float32)
        return np.asarray(np.linalg.qr(np.stack(known, axis=1))[0].T, np.float32)

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
        gradients = {PREFIX + name: gradient for name, gradient in self.gradients.items()}
        return {name: values.astype(np.float16) for name, values in {**self.vectors, **gradients}.items()}

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """The inverse of :meth:`arrays`."""
        values = {name: arrays[name].astype(np.float32) for name in sorted(arrays)}
        return cls(
            {name: vector for name, vector in values.items() if not name.startswith(PREFIX)},
            {name.removeprefix(PREFIX): v for name, v in values.items() if name.startswith(PREFIX)},
        )
