"""Lineups of many photographs with one start of the models; one that is bad does not stop the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpu_worker import lineup_files, photo_files
from gpu_worker.batch_progress import BatchProgress
from gpu_worker.drafters import Drafter
from gpu_worker.refused import BadPhotograph
from gpu_worker.stopwatch import Stopwatch
from gpu_worker.written import Written


@dataclass(frozen=True, slots=True)
class Failed:
    """A photograph of which there is no lineup, and why, in one sentence."""

    photograph: Path
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {"photograph": str(self.photograph), "error": self.reason}


def draft_each(
    files: Mapping[Path, Path], drafter: Drafter, progress: BatchProgress
) -> Iterator[Written | Failed]:
    """Draft and write the lineup of each photograph, one after another.

    Args:
        files: photograph → where its lineup is written, whole or not at all.

    Raises:
        Refused: no lineup can be drafted, or none be written.
    """
    for photograph, file in files.items():
        progress.photograph(photo_files.shown(photograph))
        watch = Stopwatch(began=progress.stage)
        try:
            photo = photo_files.read(photograph)
            draft = drafter(photo, watch=watch, report=progress.reached)
        except BadPhotograph as bad:
            progress.finished(loading=watch.seconds.get("load", 0.0))
            yield Failed(photograph, bad.reason)
            continue
        lineup_files.write(file, draft.picture)
        progress.finished(loading=watch.seconds.get("load", 0.0))
        yield Written(photograph, file, draft, watch.seconds)
