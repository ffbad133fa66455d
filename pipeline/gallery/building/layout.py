"""Where a build keeps what, in its folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.workers.build_folder import BuildFolder

REAL_PEOPLE: Final = """\
Real people are in this folder: photographs, cut-outs and measures of their faces.

It is what `python -m pipeline gallery build` works with, and is deleted when the build ends unless
--keep-sources was asked for. Do not pass it on.
"""
OWNER_ONLY: Final = 0o700


@dataclass(frozen=True)
class Layout(BuildFolder):
    """The names of a build's files.

    Attributes:
        folder: what ``OUT`` names. Only ``faces`` is to be passed on: real people are on the ``page``.
    """

    @property
    def faces(self) -> Path:
        """The gallery or the training set: nobody real is in it."""
        return self.folder / "faces"

    @property
    def sources(self) -> Path:
        """The portraits, prepared: real people."""
        return self.folder / "sources"

    def part(self, number: int) -> Path:
        """A part of the portraits, prepared."""
        return self.sources / f"{number:06d}.npz"

    def pixels(self, number: int) -> Path:
        """The pictures of a part of the portraits."""
        return self.sources / f"{number:06d}.npy"

    def weights(self, block: int) -> Path:
        """How likely each source gives the hair in a block of tries."""
        return self.work / f"{block:06d}-weights.npy"

    def block(self, number: int) -> Path:
        """What came of a block of tries."""
        return self.work / f"{number:06d}.npz"

    def make(self) -> None:
        """Make the folders; real people's is the owner's alone, and says what is in it."""
        self.work.mkdir(parents=True, exist_ok=True)
        self.sources.mkdir(mode=OWNER_ONLY, exist_ok=True)
        os.chmod(self.sources, OWNER_ONLY)  # noqa: PTH101 (whatever the umask)
        (self.sources / "REAL-PEOPLE.txt").write_text(REAL_PEOPLE)
