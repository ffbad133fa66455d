"""Like this one, but older: ways through a gallery along which its faces have more of something."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.attributes.people import PEOPLE
from pipeline.faces.head import OVAL
from pipeline.fillers import Description, NoDirection
from pipeline.fillers.directions import FURTHEST
from pipeline.gallery.gallery import Gallery, unit
from pipeline.gallery.person import Person

Floats = npt.NDArray[np.float32]

#: Hair from light to dark; bald, dyed and red lie on no such line.
DARKNESS: Final = ("grey", "blond", "brown", "black")
#: Faces that a way is found from: enough for a mean, and not a whole gallery of a million.
ENOUGH: Final = 20_000
#: And fewer say nothing.
LEAST: Final = 8
#: Landmarks at the sides of the jaw, and of the face's top and chin: how broad a face is below.
JAW: Final = (172, 397)
HEIGHT: Final = (OVAL[0], 152)


class Ways:
    """Directions of identity, each found from how a gallery's faces differ.

    Args:
        gallery: its faces.
    """

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._places = np.unique(np.linspace(0, len(gallery) - 1, ENOUGH).astype(np.intp))
        self._scores = cache(self._measured)
        self._way = cache(self._found)

    @property
    def names(self) -> tuple[str, ...]:
        """What faces can be moved along: of ``age``, ``beard``, ``hair_darkness`` and ``weight`` those that
        faces of this gallery differ in."""
        return tuple(name for name in ("age", "beard", "hair_darkness", "weight") if self._differ(name))

    def adjusted(self, person: Person, moves: Mapping[str, float]) -> Person:
        """Move somebody: who they look like, and what is said of them.

        Args:
            moves: name → how far, in standard deviations of the gallery's faces; clipped to three either way.

        Raises:
            NoDirection: something that faces cannot be moved along.
        """
        if unknown := sorted(moves.keys() - set(self.names)):
            there = ", ".join(self.names) or "none"
            raise NoDirection(f"This gallery has no direction of {', '.join(unknown)}; there are: {there}.")
        identity, said = person.identity, person.description
        for name, amount in moves.items():
            clipped = float(np.clip(amount, -FURTHEST, FURTHEST))
            identity = np.asarray(identity + clipped * self._way(name), np.float32)
            said = moved(said, name, clipped, deviation=float(np.nanstd(self._scores(name))))
        return Person(unit(identity[None])[0], said)

    def _differ(self, name: str) -> bool:
        scores = self._scores(name)
        known = scores[np.isfinite(scores)]
        return len(known) >= LEAST and float(known.std()) > 1e-6

    def _found(self, name: str) -> Floats:
        """By how much identity changes for one standard deviation more, on average: float32 (1024,)."""
        scores = self._scores(name)
        known = np.flatnonzero(np.isfinite(scores))
        z = (scores[known] - scores[known].mean()) / scores[known].std()
        who = self._gallery.embeddings[self._places[known]].astype(np.float32)
        return np.asarray(z @ (who - who.mean(axis=0)) / len(known), np.float32)

    def _measured(self, name: str) -> npt.NDArray[np.float64]:
        """How much of it each of the faces looked at has, NaN where that is not known: float (n,)."""
        if name == "weight":
            marks = np.stack([self._gallery.landmarks(int(place)) for place in self._places])
            broad, high = (np.linalg.norm(marks[:, a] - marks[:, b], axis=1) for a, b in (JAW, HEIGHT))
            return np.asarray(broad / np.maximum(high, 1e-6), np.float64)
        key = {"age": "age_group", "hair_darkness": "hair"}.get(name, name)
        order: tuple[Any, ...] = DARKNESS if name == "hair_darkness" else PEOPLE[key]
        scores = np.full(len(self._places), np.nan)
        for score, value in enumerate(order):
            scores[self._gallery.having(key, [value])[self._places]] = score
        return scores


def moved(said: Description, name: str, amount: float, *, deviation: float) -> dict[str, Any]:
    """What is said of somebody who was moved by ``amount`` deviations along ``name``."""
    changed = dict(said)
    if name == "beard" and amount and "beard" in changed:
        changed["beard"] = {**changed["beard"], "value": amount > 0}
    ordered = {"age": ("age_group", PEOPLE["age_group"]), "hair_darkness": ("hair", DARKNESS)}
    if name in ordered:
        key, order = ordered[name]
        value = changed[key]["value"] if key in changed else None
        if value in order:
            place = order.index(value) + round(amount * deviation)
            changed[key] = {**changed[key], "value": order[min(max(place, 0), len(order) - 1)]}
    return changed
