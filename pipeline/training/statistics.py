"""What a run writes down about itself: ``stats.jsonl`` and, for TensorBoard, the same and the grids."""

import json
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from pipeline.dataset.images import sheet


class Statistics:
    """Means of a run's figures, a row every so often.

    Args:
        folder: of the run; ``stats.jsonl`` and ``tensorboard/`` go there.
        at: how far the run is. Rows of later, written by a run that ended without a checkpoint, are dropped:
            the run will write them again.
        window: :attr:`window` of the checkpoint that the run goes on from.
        axis: what that is counted in, "images" or "step".
    """

    def __init__(
        self, folder: Path, at: int, window: dict[str, list[float]] | None = None, *, axis: str = "images"
    ) -> None:
        self.file, self.events, self.axis = folder / "stats.jsonl", Events(folder / "tensorboard"), axis
        #: (sum, count) of each figure since the last row, as plain lists for a checkpoint.
        self.window: dict[str, list[float]] = {name: list(pair) for name, pair in (window or {}).items()}
        if self.file.is_file():
            rows = self.file.read_text().splitlines(keepends=True)
            kept = [row for row in rows if json.loads(row)[axis] <= at]
            if len(kept) < len(rows):
                self.file.write_text("".join(kept))

    def add(self, figures: dict[str, float]) -> None:
        """Count the figures of one step."""
        for name, value in figures.items():
            pair = self.window.setdefault(name, [0.0, 0])
            pair[0] += value
            pair[1] += 1

    def write(self, at: int, more: dict[str, float]) -> dict[str, float]:
        """Write a row: the means since the last one, and ``more``; returns it."""
        row = {name: total / count for name, (total, count) in self.window.items()} | more
        self.window = {}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a") as file:
            file.write(json.dumps({**row, self.axis: at}) + "\n")
        self.events.scalars(at, row)
        return row

    def grid(self, at: int, pictures: np.ndarray, columns: int, *, name: str) -> None:
        """Show pictures uint8 (n, side, side, 3) in TensorBoard."""
        self.events.image(at, name, sheet(pictures, columns))


class Events:
    """A file of TensorBoard events, made when there is something to write.

    Args:
        folder: where the file goes; each run that goes on adds one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file: Path | None = None

    def scalars(self, step: int, values: dict[str, float]) -> None:
        """Figures by name."""
        self._write(step, [{"tag": name, "simple_value": float(value)} for name, value in values.items()])

    def image(self, step: int, tag: str, image: np.ndarray) -> None:
        """An image, uint8 RGB (height, width, 3)."""
        encoded, png = cv2.imencode(".png", image[:, :, ::-1])
        if not encoded:
            raise OSError("could not encode a sample grid")
        height, width, colours = image.shape
        summary = {"height": height, "width": width, "colorspace": colours}
        self._write(step, [{"tag": tag, "image": {**summary, "encoded_image_string": png.tobytes()}}])

    def _write(self, step: int, values: list[dict[str, Any]]) -> None:
        # Imported here: a process that only samples has no use for it.
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary
        from tensorboard.summary.writer.record_writer import RecordWriter

        now, first = time.time(), self._file is None
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file = self.folder / f"events.out.tfevents.{time.time_ns()}"
        with self._file.open("ab") as file:
            records = RecordWriter(file)
            if first:
                records.write(Event(wall_time=now, file_version="brain.Event:2").SerializeToString())
            summary = Summary(value=[Summary.Value(**value) for value in values])
            records.write(Event(wall_time=now, step=step, summary=summary).SerializeToString())
