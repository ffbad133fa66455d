"""Photographs that are not to be read: reading them ended a worker."""

from collections.abc import Sequence
from typing import TypeAlias

from pipeline.dataset.sources import Sources, Unreadable
from pipeline.faces.photo import Photo

Refusals: TypeAlias = Sequence[tuple[int, str]]
"""Number of a photograph, and why it is not read."""


class Refusing(Sources):
    """Sources in which some photographs count as unreadable."""

    def __init__(self, sources: Sources, refused: Refusals) -> None:
        super().__init__((), sources.ignored)
        self._sources, self._refused = sources, dict(refused)

    def __len__(self) -> int:
        return len(self._sources)

    def name(self, index: int) -> str:
        """See ``Sources``."""
        return self._sources.name(index)

    def read(self, index: int) -> Photo:
        """See ``Sources``."""
        if index in self._refused:
            raise Unreadable(self._refused[index])
        return self._sources.read(index)
