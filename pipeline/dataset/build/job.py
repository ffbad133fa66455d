"""What every worker of a build must know, and the work itself: one segment of one chunk."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.outputs import Output
from pipeline.dataset.build.photo_file import read_photos as read_photo_file
from pipeline.dataset.build.photo_file import write_photos
from pipeline.dataset.build.refusing import Refusals, Refusing
from pipeline.dataset.build.segments import Segment, judged, segments
from pipeline.dataset.build.tally import Tally
from pipeline.dataset.build.whole import write_whole
from pipeline.dataset.running import read_photos
from pipeline.dataset.sources import Sources
from pipeline.dataset.steps import Step
from pipeline.faces.photo import Photo


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

    def run(self, task: Task) -> None:
        """Put a chunk through a segment: file to file, a batch of photos in memory at most.

        What is written depends on the job and the task alone, so that it may be done again, anywhere.
        """
        segment, tally = self.segments[task.segment], Tally()
        photos = segment.run(self._incoming(task, tally), tally.observer)
        if segment.ordered is None:
            self.output.write_part(self.layout.part(task.chunk), self._counted(photos, tally))
        else:
            write_photos(self.layout.photos(task.chunk, task.segment), photos)
        write_whole(self.layout.tally(task.chunk, task.segment), tally.to_bytes())

    def probe(self, index: int) -> None:
        """Put one photograph through the first segment, to see whether that can be survived."""
        tally = Tally()
        for _ in self.segments[0].run(read_photos(self.sources, [index], tally.observer(0)), tally.observer):
            pass

    def _incoming(self, task: Task, tally: Tally) -> Iterator[Photo]:
        if task.segment == 0:
            sources = Refusing(self.sources, task.refused)
            return read_photos(sources, self.chunk(task.chunk), tally.observer(0))
        before = self.segments[task.segment - 1]
        if before.ordered is None:
            raise ValueError(f"Segment {task.segment} has none before it that ends with an ordered step.")
        photos = read_photo_file(self.layout.photos(task.chunk, task.segment - 1))
        return judged(before.ordered, photos, task.verdicts, tally.observer(before.judged_at))

    def _counted(self, photos: Iterator[Photo], tally: Tally) -> Iterator[Photo]:
        for photo in photos:
            tally.got_through(photo, len(self.steps) + 1)
            yield photo
