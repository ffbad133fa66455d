"""The judging of an ordered step, chunk after chunk, with a memory that outlives the process."""

from collections import deque
from typing import Final

from pipeline.dataset.build.job import Job
from pipeline.dataset.build.photo_file import read_photos, without_pixels, write_photos
from pipeline.dataset.running import batches
from pipeline.dataset.steps import Judge
from pipeline.faces.photo import Photo


class Arbiter:
    """Decides, chunk after chunk, which photos behind a segment its ordered step keeps.

    What it must remember of a chunk lies in a file of its own (``Layout.context``): of a window its last
    photos that were kept, of the whole set all that was kept, without pixels.

    Args:
        segment: its number.
        next_chunk: the first chunk to decide about; the contexts of those before it are on the disk.
    """

    def __init__(self, job: Job, segment: int, next_chunk: int) -> None:
        step = job.segments[segment].ordered
        if step is None:
            raise ValueError(f"No ordered step comes after segment {segment}.")
        self._job, self._segment, self._step = job, segment, step
        self._judge: Final[Judge] = step.judge()
        self._window: deque[Photo] = deque(maxlen=max(step.window_size - 1, 0))
        self.next_chunk = next_chunk
        for chunk in range(self._first_context(next_chunk), next_chunk):
            remembered = list(read_photos(job.layout.context(chunk, segment)))
            self._judge.remember(remembered)
            self._window.extend(remembered)

    def decide(self) -> tuple[bool, ...]:
        """Decide about the next chunk's photos, in their order."""
        verdicts: list[bool] = []
        kept: list[Photo] = []
        for batch in batches(read_photos(self._job.layout.photos(self.next_chunk, self._segment))):
            judged = self._judge.judge(batch)
            verdicts += judged
            for photo, keep in zip(batch, judged, strict=True):
                if keep and self._step.kind == "window":
                    self._window.append(photo)
                elif keep:
                    kept.append(without_pixels(photo))
        context = self._window if self._step.kind == "window" else kept
        write_photos(self._job.layout.context(self.next_chunk, self._segment), context)
        self.next_chunk += 1
        return tuple(verdicts)

    def forget(self, start: int, end: int) -> None:
        """Delete the contexts that nobody needs once the output has grown from chunk ``start`` to ``end``."""
        for chunk in range(max(start - 1, 0), self._first_context(end)):
            self._job.layout.context(chunk, self._segment).unlink(missing_ok=True)

    def _first_context(self, next_chunk: int) -> int:
        """The first chunk whose context is needed to decide about ``next_chunk``."""
        return max(next_chunk - 1, 0) if self._step.kind == "window" else 0
