"""Where a build keeps what, in its folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.workers.build_folder import BuildFolder

REMOVED: Final = "removed.jsonl"


@dataclass(frozen=True)
class Layout(BuildFolder):
    """The names of a build's files.

    Attributes:
        folder: what ``--out`` names. Everything that is there at the end is right in it; what is needed on
            the way is in ``work``.
    """

    @property
    def removed(self) -> Path:
        """A line for every photograph that did not get through."""
        return self.folder / REMOVED

    @property
    def sheets(self) -> Path:
        """Contact sheets, for the page."""
        return self.folder / "report-sheets.json"

    @property
    def finished_work(self) -> Path:
        """``work`` of a finished build, to be deleted."""
        return self.folder / ".build-finished"

    @property
    def state(self) -> Path:
        """How far the output has got."""
        return self.work / "state.json"

    @property
    def refused(self) -> Path:
        """Photographs that ended the process that read them."""
        return self.work / "refused.jsonl"

    def photos(self, chunk: int, segment: int) -> Path:
        """Photos of a chunk behind a segment that is not the last one."""
        return self.work / f"{chunk:06d}-{segment}.photos"

    def part(self, chunk: int) -> Path:
        """What a chunk adds to the output."""
        return self.work / f"{chunk:06d}.part"

    def tally(self, chunk: int, segment: int) -> Path:
        """Counts of a chunk in a segment; written last: its presence says that the segment is done."""
        return self.work / f"{chunk:06d}-{segment}.json"

    def context(self, chunk: int, segment: int) -> Path:
        """What the ordered step behind a segment must remember of a chunk for those that come after it."""
        return self.work / f"{chunk:06d}-{segment}.context"
