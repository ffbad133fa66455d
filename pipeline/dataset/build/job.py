"""What every worker of a build must know, and the work itself: one segment of one chunk.

A segment is a run of steps between two places where photos must come in their order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.outputs import Output
from pipeline.dataset.build.photo_file import read_photos as read_photo_file
from pipeline.dataset.build.photo_file import write_photos
from pipeline.dataset.build.tally import Tally
from pipeline.dataset.running import batches, read_photos, run_step
from pipeline.dataset.sources import Sources
from pipeline.dataset.steps import Judgement, Observer, Rejected, Step
from pipeline.faces import Photo
from pipeline.whole_files import write_whole

# Photos of which an ordered step is told at a time: the embedder takes as long for fewer.
BATCH: Final = 32
Refusals: TypeAlias = Sequence[tuple[int, str]]
"""Numbers of photographs that are not to be read, since reading them ended a worker, and why not."""


@dataclass(frozen=True)
class Task:
    """One segment of one chunk.

    Attributes:
        chunk, segment: their numbers.
        verdicts: of the ordered step before the segment, about the photos of the segment before; else empty.
        refused: photographs of the chunk that are not to be read.
    """

    chunk: int
    segment: int
    verdicts: tuple[bool, ...] = ()
    refused: Refusals = ()


@dataclass(frozen=True)
class Probe:
    """One photograph through the first segment, to see whether that can be survived; nothing is written.

    Attributes:
        index: its number.
    """

    index: int


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


@dataclass(frozen=True)
class Job:
    """A build as its workers see it; picklable.

    Attributes:
        sources: the photographs.
        steps: what is done to them.
        output: how the results are written down.
        layout: the folder, the same one on every machine.
        chunk_size: photographs a chunk.
    """

    sources: Sources
    steps: tuple[Step, ...]
    output: Output
    layout: Layout
    chunk_size: int

    @property
    def mark(self) -> Path:
        """See ``pipeline.workers``."""
        return self.layout.plan

    @cached_property
    def segments(self) -> list[Segment]:
        """The steps, cut behind each one that needs photos in their order."""
        return segments(self.steps)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self.sources) // self.chunk_size)

    def chunk(self, number: int) -> range:
        """The photographs of a chunk."""
        start = number * self.chunk_size
        return range(start, min(start + self.chunk_size, len(self.sources)))

    def run(self, task: Task | Probe) -> None:
        """Put a chunk through a segment: file to file, a batch of photos in memory at most.

        What is written depends on the job and the task alone, so that it may be done again, anywhere.
        """
        tally = Tally()
        if isinstance(task, Probe):
            photos = read_photos(self.sources, [task.index], tally.observer(0))
            for _ in self.segments[0].run(photos, tally.observer):
                pass
            return
        segment = self.segments[task.segment]
        photos = segment.run(self._incoming(task, tally), tally.observer)
        if segment.ordered is None:
            self.output.write_part(self.layout.part(task.chunk), self._counted(photos, tally))
        else:
            write_photos(self.layout.photos(task.chunk, task.segment), photos)
        write_whole(self.layout.tally(task.chunk, task.segment), tally.to_bytes())

    def _incoming(self, task: Task, tally: Tally) -> Iterator[Photo]:
        if task.segment == 0:
            return read_photos(
                self.sources, self.chunk(task.chunk), tally.observer(0), refused=dict(task.refused)
            )
        before = self.segments[task.segment - 1]
        if before.ordered is None:
            raise ValueError(f"Segment {task.segment} has none before it that ends with an ordered step.")
        photos = read_photo_file(self.layout.photos(task.chunk, task.segment - 1))
        return judged(before.ordered, photos, task.verdicts, tally.observer(before.judged_at))

    def _counted(self, photos: Iterator[Photo], tally: Tally) -> Iterator[Photo]:
        for photo in photos:
            tally.got_through(photo, len(self.steps) + 1)
            yield photo


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
