"""Putting all chunks through all segments: side by side, and the output in the order of the photographs."""

import json
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any, Final

from pipeline.dataset.build.job import Job, Task
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.outputs import Collector
from pipeline.dataset.build.photo_file import read_photos, without_pixels, write_photos
from pipeline.dataset.build.survival import Survival
from pipeline.dataset.running import batches
from pipeline.dataset.steps import Judge
from pipeline.faces import Photo
from pipeline.whole_files import write_whole
from pipeline.workers.workers import WorkerDied, Workers

# Chunks between two savings of the output's position. What lies between is on the disk twice.
SAVE_EVERY: Final = 16
# Chunks that may be under way for each worker, so that a slow one does not keep the others waiting.
AHEAD: Final = 4


class Coordinator:
    """Runs a job to its end, from wherever an earlier run of it was ended, however that was.

    Only files tell how far a build is. A segment of a chunk is done when its tally is there; the output
    holds all chunks that the state counts, and is cut back to them before anything is added. All else is
    done again, with the same results.

    Args:
        report: told how many more photographs have been looked at.
    """

    def __init__(self, job: Job, workers: Workers, report: Callable[[int], object]) -> None:
        self._job, self._workers, self._report = job, workers, report
        self._survival = Survival(job, workers)
        self._futures: dict[Future[None], Task] = {}
        self._saved = self._merged = self._started = 0
        self._arbiters: list[Arbiter] = []
        self._finished: set[tuple[int, int]] = set()

    def run(self) -> list[str]:
        """Do what is left to do; the names of the output's files."""
        job, layout = self._job, self._job.layout
        state = read_state(layout)
        self._saved = self._merged = self._started = state["chunks"]
        self._arbiters = [Arbiter(job, number, self._merged) for number in range(len(job.segments) - 1)]
        collector = job.output.collect(layout.folder, state["position"])
        try:
            while self._merged < job.chunks:
                self._start()
                self._wait()
                self._merge(collector)
            self._save(collector)
            return collector.finish()
        finally:
            collector.close()

    def _start(self) -> None:
        """Keep the workers busy, without running far ahead of the output."""
        width = self._workers.width
        while (
            self._started < min(self._job.chunks, self._merged + AHEAD * width)
            and len(self._futures) < 2 * width
        ):
            self._started += 1
            self._advance(Task(self._started - 1, 0, (), self._survival.refused(self._started - 1)))

    def _advance(self, task: Task) -> None:
        """Have a task done, unless it was done before."""
        if self._job.layout.tally(task.chunk, task.segment).exists():
            self._done(task)
        else:
            self._futures[self._workers.submit(task)] = task

    def _wait(self) -> None:
        """Wait for some task, and go on with what it makes possible."""
        if not self._futures:
            return
        done, _ = wait(self._futures, return_when=FIRST_COMPLETED)
        if any(isinstance(future.exception(), WorkerDied) for future in done):
            done = self._outlived()
        for future in done:
            future.result()
        for task in [self._futures.pop(future) for future in done]:
            self._done(task)

    def _outlived(self) -> "set[Future[None]]":
        """Do again, one by one, what was under way when a worker ended: whose fault it was is not known."""
        done, _ = wait(self._futures)
        died = {
            future: self._futures.pop(future) for future in done if isinstance(future.exception(), WorkerDied)
        }
        for task in sorted(died.values(), key=lambda task: task.chunk):
            outlived: Future[None] = Future()
            self._survival.outlive(task)
            outlived.set_result(None)
            self._futures[outlived] = task
        return set(self._futures)

    def _done(self, task: Task) -> None:
        self._finished.add((task.chunk, task.segment))
        if task.segment == 0:
            self._report(len(self._job.chunk(task.chunk)))
        if task.segment == len(self._arbiters):
            return
        arbiter = self._arbiters[task.segment]
        while (arbiter.next_chunk, task.segment) in self._finished:
            chunk = arbiter.next_chunk
            self._advance(Task(chunk, task.segment + 1, arbiter.decide()))

    def _merge(self, collector: Collector) -> None:
        """Add to the output what is next in order."""
        last = len(self._arbiters)
        while (self._merged, last) in self._finished:
            collector.add(self._job.layout.part(self._merged))
            self._finished -= {(self._merged, segment) for segment in range(last + 1)}
            self._merged += 1
            if self._merged - self._saved >= SAVE_EVERY:
                self._save(collector)

    def _save(self, collector: Collector) -> None:
        """Write down how far the output is, and delete what is no longer needed."""
        layout = self._job.layout
        state = {"chunks": self._merged, "position": collector.save()}
        write_whole(layout.state, json.dumps(state).encode())
        collector.publish()
        for chunk in range(self._saved, self._merged):
            layout.part(chunk).unlink(missing_ok=True)
            for segment in range(len(self._arbiters)):
                layout.photos(chunk, segment).unlink(missing_ok=True)
        for arbiter in self._arbiters:
            arbiter.forget(self._saved, self._merged)
        self._saved = self._merged


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


def read_state(layout: Layout) -> dict[str, Any]:
    """How far a build is: chunks in the output, and the output's position."""
    if not layout.state.exists():
        return {"chunks": 0, "position": None}
    state: dict[str, Any] = json.loads(layout.state.read_bytes())
    return state
