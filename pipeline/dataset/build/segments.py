"""The steps of a data set, cut where photos must come in their order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.dataset.running import batches, run_step
from pipeline.dataset.steps import Judgement, Observer, Rejected, Step
from pipeline.faces.photo import Photo

# Photos of which an ordered step is told at a time: the embedder takes as long for fewer.
BATCH: Final = 32


@dataclass(frozen=True)
class Segment:
    """Consecutive steps that look at each photo by itself: parts of the data may go through in any order.

    Attributes:
        first: the place of the first of them; the loading has place 0, the first step of a data set 1.
        steps: they.
        ordered: the step after them, which judges photos in their order; None at the end.
    """

    first: int
    steps: tuple[Step, ...]
    ordered: Step | None

    @property
    def judged_at(self) -> int:
        """The place of the ordered step."""
        return self.first + len(self.steps)

    def run(self, photos: Iterable[Photo], observer: Callable[[int], Observer]) -> Iterator[Photo]:
        """Do these steps, and what the ordered step needs to be computed from each photo by itself.

        Args:
            observer: gives, for a place, who is told that step's judgements.
        """
        for place, step in enumerate(self.steps, start=self.first):
            photos = run_step(step, photos, observer(place))
        if self.ordered is not None:
            return _prepared(self.ordered, photos, observer(self.judged_at))
        return iter(photos)


def segments(steps: Sequence[Step]) -> list[Segment]:
    """Cut steps behind each ordered one; there is always a last segment, if need be without steps."""
    cuts = [place for place, step in enumerate(steps) if step.ordered]
    starts, ends = [0, *(place + 1 for place in cuts)], [*cuts, len(steps)]
    return [
        Segment(start + 1, tuple(steps[start:end]), steps[end] if end < len(steps) else None)
        for start, end in zip(starts, ends, strict=True)
    ]


def _prepared(step: Step, photos: Iterable[Photo], observe: Observer) -> Iterator[Photo]:
    for batch in batches(photos, BATCH):
        for photo, outcome in zip(batch, step.each(batch), strict=True):
            if isinstance(outcome, Rejected):
                observe(Judgement(step, photo.source, photo, kept=False, reason=outcome.reason))
            else:
                yield outcome


def judged(
    step: Step, photos: Iterable[Photo], verdicts: Iterable[bool], observe: Observer
) -> Iterator[Photo]:
    """Leave out the photos that an ordered step does not keep."""
    for photo, kept in zip(photos, verdicts, strict=True):
        observe(Judgement(step, photo.source, photo, kept=kept, reason="" if kept else str(step)))
        if kept:
            yield photo
