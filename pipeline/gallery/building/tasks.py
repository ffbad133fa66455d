"""What a worker of a build is told to do."""

from dataclasses import dataclass

from pipeline.gallery.building.settings import TRIES


@dataclass(frozen=True)
class Preparation:
    """Make sources of a part of the portraits.

    Attributes:
        part: its number.
    """

    part: int


@dataclass(frozen=True)
class Block:
    """Try so many times; the weights of who gives the hair lie on the disk.

    Attributes:
        number: of the block.
    """

    number: int

    @property
    def tries(self) -> range:
        """Their numbers."""
        return range(self.number * TRIES, (self.number + 1) * TRIES)
