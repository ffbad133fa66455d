"""The fluent, lazy interface of the thesis (Listing 2)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.dataset.running import read_photos, run_step
from pipeline.dataset.sources import Sources, sources
from pipeline.dataset.steps import Judgement, Observer, Outcome, SetFunction, Step
from pipeline.faces import Photo


def _unseen(judgement: Judgement) -> None:
    del judgement


@dataclass(frozen=True)
class FacesDataset:
    """Photographs and what is to be done to them; nothing is read before ``create``.

    Every method gives a new data set; this one stays as it is.

    Attributes:
        sources: where the photographs are.
        steps: what is done to each, in order.
    """

    sources: Sources
    steps: tuple[Step, ...] = ()

    @classmethod
    def load(cls, paths: Iterable[Path | str]) -> "FacesDataset":
        """List the photographs of folders, archives (ZIP, TAR) and single files.

        Raises:
            BadInput: a path that does not exist.
        """
        return cls(sources([Path(path) for path in paths]))

    def filter(self, function: Callable[..., bool], **arguments: Any) -> "FacesDataset":
        """Keep the photos of which ``function(photo, **arguments)`` is true."""
        return self._with(Step("filter", function, arguments))

    def apply(self, function: Callable[..., Outcome], **arguments: Any) -> "FacesDataset":
        """Go on with ``function(photo, **arguments)``; photos that it rejects are dropped."""
        return self._with(Step("apply", function, arguments))

    def filter_window(
        self, function: Callable[..., bool], *, window_size: int, **arguments: Any
    ) -> "FacesDataset":
        """Keep a photo if ``function(photos, **arguments)`` is true.

        Args:
            function: is given the last ``window_size - 1`` photos that were kept (fewer at the start, never
                none) and, last, the one that it decides about.
            window_size: at least 2.
        """
        if window_size < 2:
            raise ValueError(f"A window holds at least two photos, not {window_size}.")
        return self._with(Step("window", function, arguments, window_size))

    def filter_set(self, function: SetFunction[...], **arguments: Any) -> "FacesDataset":
        """As a window that reaches back to the first photo: its judge remembers all that were kept."""
        return self._with(Step("set", function, arguments))

    def create(self, observe: Observer = _unseen) -> Iterator[Photo]:
        """Go through the photographs, reading one when it is needed.

        At most a window of photos, or one batch for a step that works on many at once, is in memory.

        Args:
            observe: told each step's judgement of each photo, and (as a step of kind "load") of each file.
        """
        photos = read_photos(self.sources, range(len(self.sources)), observe)
        for step in self.steps:
            photos = run_step(step, photos, observe)
        return photos

    def _with(self, step: Step) -> "FacesDataset":
        return replace(self, steps=(*self.steps, step))
