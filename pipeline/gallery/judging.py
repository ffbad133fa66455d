"""What is read of faces of nobody, and how spoilt they look: of one forward pass for both."""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from pipeline.faces.head import Head
from pipeline.gallery.flaws import FlawProbe
from pipeline.identity import FaceIdentity
from pipeline.reading import Reader
from pipeline.reading.signs import Signs, signs_of, together


class Judge:
    """Reads faces and ranks them by how spoilt they look; each is measured once.

    Args:
        identity: measures them.
        reader: says what they show.
        flaws: says how spoilt they look.
    """

    def __init__(self, identity: FaceIdentity, reader: Reader, flaws: FlawProbe) -> None:
        self._identity, self._reader, self._flaws = identity, reader, flaws
        self._known: WeakKeyDictionary[Head, Signs] = WeakKeyDictionary()

    def read(self, heads: Sequence[Head]) -> list[dict[str, Any]]:
        """What is said of each; a value that is not reliable is None."""
        return [one.description.to_dict() for one in self._reader.reads(self._signs(heads))] if heads else []

    def realism(self, heads: Sequence[Head]) -> list[float]:
        """Of good faces, the share that looks more spoilt than each, 0..1."""
        return self._flaws.ranks(self._signs(heads)).tolist() if heads else []

    def _signs(self, heads: Sequence[Head]) -> Signs:
        new = [head for head in heads if head not in self._known]
        if new:
            measured = signs_of(new, self._identity)
            self._known.update((head, measured.at(place)) for place, head in enumerate(new))
        return together([self._known[head] for head in heads])
