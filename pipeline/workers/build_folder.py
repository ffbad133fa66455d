"""The folder of a build: what every one has in it, whatever is built."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BuildFolder:
    """The names of files that every build has.

    Attributes:
        folder: what the user names. What is needed on the way is in ``work``.
    """

    folder: Path

    @property
    def plan(self) -> Path:
        """What is being built, of what."""
        return self.folder / "build.json"

    @property
    def report(self) -> Path:
        """The figures; written when all else is there."""
        return self.folder / "report.json"

    @property
    def page(self) -> Path:
        """The figures to look at."""
        return self.folder / "report.html"

    @property
    def work(self) -> Path:
        """What is needed until the build is finished."""
        return self.folder / ".build"

    @property
    def lock(self) -> Path:
        """Held by the process that builds."""
        return self.work / "lock"

    @property
    def finished(self) -> bool:
        """Whether the build has come to its end."""
        return self.report.exists() and not self.work.exists()
