"""The one loop of every training: steps in their order, statistics, grids, checkpoints, the end."""

import time
from abc import ABC, abstractmethod
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import keras
import numpy as np
from keras import ops

from pipeline.dataset.images import save_grid
from pipeline.training.checkpoints import checkpoint_files, load_checkpoint, load_notes, save_checkpoint
from pipeline.training.progress import Progress
from pipeline.training.statistics import Statistics
from pipeline.training.stopping import noted_signals

Tensor = Any
Figures = dict[str, Tensor]
"""What a step says of itself: scalars by name."""
SETTLE_EVERY = 4


class Diverged(RuntimeError):
    """A loss is no longer a number: the run cannot go on from here."""


@dataclass(frozen=True)
class Grid:
    """Pictures that show how far a training is.

    Attributes:
        name: in TensorBoard.
        pictures: uint8 (n, side, side, 3).
        columns: pictures in a row.
    """

    name: str
    pictures: np.ndarray
    columns: int


class Run(ABC):
    """One training in one folder; made again, it goes on from the newest checkpoint there.

    A training is a subclass. Its constructor makes the first ``state`` and then calls :meth:`resume`. It says
    what a step does (:meth:`advance`); it may also say how it measures (:meth:`measure`), what it shows
    (:meth:`shown`) and what else an exact resume needs (:meth:`noted` and :meth:`recall`).

    Args:
        config: the schedule.
        folder: where checkpoints, ``stats.jsonl``, TensorBoard's events and grids go.

    Attributes:
        state: what the steps change: tensors in nested dictionaries and lists.
        step: steps taken.
        seconds: that they took, in all calls.
    """

    kind: str
    #: What the end, the intervals and the names of checkpoints count.
    unit: ClassVar[Literal["images", "steps"]] = "images"
    #: What rows of statistics count.
    axis: ClassVar[Literal["images", "step"]] = "images"
    #: In ``unit``, where :meth:`train` is not told otherwise.
    row_every: ClassVar[int] = 2_000
    grid_every: ClassVar[int] = 10_000
    checkpoint_every: ClassVar[int] = 20_000
    #: Figures of a row that stand beside the progress.
    summary: ClassVar[tuple[str, ...]]
    state: Any
    statistics: Statistics

    def __init__(self, config: Any, folder: Path) -> None:
        keras.config.set_dtype_policy(config.precision)
        keras.utils.set_random_seed(config.seed)
        self.config, self.folder = config, folder
        self.images, self.step, self.seconds = 0, 0, 0.0
        self._unsettled: list[tuple[int, Figures]] = []
        self._logged = (0, 0.0)

    # --- what a training is ---------------------------------------------------------------------------------

    @abstractmethod
    def advance(self) -> Figures:
        """Take step number ``step``: replace ``state``."""

    def measure(self) -> dict[str, float]:
        """What a row says beside the steps' mean figures: by default the time and the speed."""
        images, elapsed = self.images_seen - self._logged[0], self.seconds - self._logged[1]
        self._logged = (self.images_seen, self.seconds)
        return {"seconds": round(self.seconds, 1), "images_per_second": round(images / max(elapsed, 1e-9), 2)}

    def shown(self) -> Grid | None:
        """Pictures of the same things whenever it is called: grids of a run can be laid side by side."""
        return None

    def kept(self) -> Any:
        """The tensors of a checkpoint, and the template that one is read with."""
        return self.state

    def restore(self, kept: Any) -> None:
        """Take over what :meth:`kept` gave."""
        self.state = kept

    def noted(self) -> dict[str, Any]:
        """What a checkpoint says in words and numbers."""
        return {
            "kind": self.kind,
            "config": self.config.to_dict(),
            "step": self.step,
            "images": self.images_seen,
            "seconds": self.seconds,
            "window": self.statistics.window,
        }

    def recall(self, notes: dict[str, Any]) -> None:
        """Take over what :meth:`noted` gave, before tensors are read in the shape of :meth:`kept`."""
        # Older checkpoints of attribute models call it "steps", and those of encoders note no seconds.
        self.step = int(notes["step"] if "step" in notes else notes["steps"])
        self.seconds = float(notes.get("seconds", 0.0))

    def settled(self, figures: dict[str, float]) -> None:
        """Heed the figures of a step, once they are known."""
        self.statistics.add(figures)

    @property
    def settle_due(self) -> bool:
        """Whether the figures of the last steps are to be read now."""
        return self.step % SETTLE_EVERY == 0

    @property
    def end(self) -> int:
        """Where the training ends, in ``unit``."""
        return self.images

    def row_due(self, every: int) -> bool:
        """Whether the last step ends a row of statistics."""
        return self.passed(every)

    def checkpoint_due(self, every: int) -> bool:
        """Whether the last step is followed by a checkpoint."""
        return self.passed(every)

    # --- the loop -------------------------------------------------------------------------------------------

    def train(
        self,
        *,
        images: int | None = None,
        hours: float | None = None,
        row_every: int | None = None,
        grid_every: int | None = None,
        checkpoint_every: int | None = None,
        keep: int = 2,
        keep_every: int | None = None,
    ) -> None:
        """Train to the end, until ``hours`` have passed in this call, or until SIGINT or SIGTERM.

        Whatever ends it, the last thing written is a checkpoint from which the run goes on exactly.

        Args:
            images: end when so many were seen, where the schedule has no end of its own.
            row_every, grid_every, checkpoint_every: between rows of statistics, grids and checkpoints, in
                ``unit``.
            keep, keep_every: which checkpoints stay (:func:`save_checkpoint`).

        Raises:
            Diverged: a loss became NaN or infinite; the checkpoint before it stays.
        """
        self.images = images or self.images
        self._logged = (self.images_seen, self.seconds)
        progress, over = Progress(self.end, self.done, hours, unit=self.unit), self.ended
        with closing(progress), noted_signals() as stop_requested:
            while not over:
                started, before = time.monotonic(), self.done
                self._iterate()
                row = self.row_due(row_every or self.row_every)
                checkpoint = self.checkpoint_due(checkpoint_every or self.checkpoint_every)
                if row or checkpoint:
                    self.settle()
                self.seconds += time.monotonic() - started
                if row:
                    figures = self.write_row()
                    shown = (f"{name} {figures[name]:.4g}" for name in self.summary if name in figures)
                    progress.figures = ", ".join(shown)
                over = self.ended or stop_requested() or progress.time_is_up
                if over or self.passed(grid_every or self.grid_every):
                    self.write_grid()
                if over or checkpoint:
                    self.checkpoint(keep=keep, keep_every=keep_every)
                progress.end = self.end
                progress.advance(self.done - before)

    def _iterate(self) -> Figures:
        """One step; its figures wait to be settled."""
        figures = self.advance()
        self.step += 1
        self._unsettled.append((self.images_seen, figures))
        if self.settle_due:
            self.settle()
        return figures

    def settle(self) -> None:
        """Read the figures that the devices have worked out since; until then the loop runs ahead of them."""
        for images, figures in self._unsettled:
            values = {name: float(value) for name, value in figures.items()}
            for name, value in values.items():
                if not np.isfinite(value):
                    raise Diverged(f"{name} is {value} after {images} images; try a lower learning rate.")
            self.settled(values)
        self._unsettled = []

    @property
    def images_seen(self) -> int:
        """Training images that were learned from so far."""
        return self.step * int(self.config.batch)

    @property
    def done(self) -> int:
        """How far the run is, in ``unit``."""
        return self.images_seen if self.unit == "images" else self.step

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.end

    def passed(self, interval: int) -> bool:
        """Whether the last step reached a multiple of ``interval``."""
        a_step = int(self.config.batch) if self.unit == "images" else 1
        return self.done // interval > (self.done - a_step) // interval

    def seed(self, stream: int | None = None) -> Tensor:
        """The step's seed for a pure update, int32 (2,); each stream of four has numbers of its own."""
        own = self.config.seed if stream is None else self.config.seed * 4 + stream
        return ops.convert_to_tensor([own, self.step], "int32")

    # --- what it writes -------------------------------------------------------------------------------------

    @property
    def _at(self) -> int:
        return self.images_seen if self.axis == "images" else self.step

    def write_row(self) -> dict[str, float]:
        """Write a row of statistics."""
        return self.statistics.write(self._at, self.measure())

    def write_grid(self) -> None:
        """Write what the training shows, if anything, as a picture and for TensorBoard."""
        self.settle()
        if grid := self.shown():
            save_grid(self.folder / "grids" / f"{self.done:09d}.png", grid.pictures, grid.columns)
            self.statistics.grid(self._at, grid.pictures, grid.columns, name=grid.name)

    def checkpoint(self, *, keep: int = 2, keep_every: int | None = None) -> Path:
        """Write everything that the run goes on from."""
        self.settle()
        tensors, notes = self.kept(), self.noted()
        return save_checkpoint(self.folder, self.done, tensors, notes, keep=keep, keep_every=keep_every)

    def resume(self) -> None:
        """Take over the newest checkpoint, if there is one.

        Raises:
            ValueError: it was made with other settings.
        """
        notes: dict[str, Any] = {}
        if files := checkpoint_files(self.folder):
            notes = load_notes(files[-1])
            if type(self.config).from_dict(notes["config"]) != self.config:
                raise ValueError(
                    f"{files[-1]} was made with other settings; choose another folder or the same settings."
                )
            self.recall(notes)
            self.restore(load_checkpoint(files[-1], self.kept()).state)
        self.statistics = Statistics(self.folder, self._at, notes.get("window"), axis=self.axis)
