"""Doing steps to a stream of photos, a few at a time."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pipeline.dataset.sources import Sources, Unreadable
from pipeline.dataset.steps import Judge, Judgement, Observer, Outcome, Rejected, Step
from pipeline.faces import Photo

# A batch is closed at this many photos or, before that, at this many pixels, so that large photographs do not
# fill the memory: 32 million pixels are 96 MB.
BATCH: Final = 16
BATCH_PIXELS: Final = 32_000_000


# The first step of every data set, as far as its observers see.
LOAD: Final = Step("load", "load")


def read_photos(
    sources: Sources,
    indices: Iterable[int],
    observe: Observer,
    refused: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[Photo]:
    """Read these photographs; the ones that cannot be read are told to ``observe`` and left out.

    Args:
        refused: photographs that are not to be read, by number, and why not.
    """
    for index in indices:
        photo: Photo | None = None
        reason = refused.get(index, "")
        if not reason:
            try:
                photo = sources.read(index)
            except Unreadable as error:
                reason = error.reason
        if photo is None:
            observe(Judgement(LOAD, sources.name(index), None, kept=False, reason=reason))
        else:
            observe(Judgement(LOAD, photo.source, photo, kept=True))
            yield photo
            del photo  # not to be held while the next one is read


def batches(photos: Iterable[Photo], size: int = BATCH, pixels: int = BATCH_PIXELS) -> Iterator[list[Photo]]:
    """Consecutive photos in lists of at most ``size``, closed early once they hold ``pixels`` or more."""
    batch: list[Photo] = []
    area = 0
    for photo in photos:
        batch.append(photo)
        area += photo.width * photo.height
        if len(batch) == size or area >= pixels:
            yield batch
            batch, area = [], 0
    if batch:
        yield batch


def run_step(step: Step, photos: Iterable[Photo], observe: Observer) -> Iterator[Photo]:
    """Do one step to photos in their order, lazily."""
    judge = step.judge() if step.ordered else None
    for batch in batches(photos, BATCH if step.batched else 1):
        outcomes = step.each(batch)
        if judge is not None:
            outcomes = _judged(step, judge, outcomes)
        while batch:  # they are let go one by one: the next batch is read while the caller has the last one
            photo, outcome = batch.pop(0), outcomes.pop(0)
            if isinstance(outcome, Photo):
                observe(Judgement(step, photo.source, photo, kept=True))
                del photo
                yield outcome
            else:
                observe(Judgement(step, photo.source, photo, kept=False, reason=outcome.reason))
            del outcome


def _judged(step: Step, judge: Judge, outcomes: list[Outcome]) -> list[Outcome]:
    verdicts = iter(judge.judge([outcome for outcome in outcomes if isinstance(outcome, Photo)]))
    return [
        outcome if isinstance(outcome, Rejected) or next(verdicts) else Rejected(str(step))
        for outcome in outcomes
    ]
