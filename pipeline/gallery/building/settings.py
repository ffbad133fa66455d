"""What a gallery is to be: everything but the photographs that decides what comes of a build."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from pipeline.faces.wall import NEUTRAL
from pipeline.gallery.about import SAME_PERSON

FORMAT: Final = 1
IDENTITY: Final = SAME_PERSON
"""faceres cosine from which two faces may be one person."""
MARGIN: Final = 0.01
DLIB_DISTANCE: Final = 0.45
"""dlib's distance up to which two faces may be one person: its own 0.6 takes strangers for one another."""
TRIES: Final = 16
"""Tries a block: what a worker does at a time."""
AHEAD: Final = 16
"""The draws of a block know what came of all blocks but this many before it, which may be under way."""


@dataclass(frozen=True)
class Settings:
    """What decides, with the photographs, every byte of a gallery.

    Attributes:
        count: faces wanted.
        seed: of all draws.
        identity: faceres cosine that no face may reach to any portrait; to each other they stay below
            ``EACH_OTHER``.
        second_opinion: who else is asked whether a face is somebody.
        wall: the plain wall's colour, RGB, 0..255.
        garment: what everybody wears, one of ``GARMENTS``.
        licence: under what the gallery may be used; part of it.
        tries: most tries a face wanted, before the portraits count as used up.
    """

    count: int
    seed: int = 1
    identity: float = IDENTITY - MARGIN
    second_opinion: Literal["none", "dlib"] = "none"
    wall: tuple[int, int, int] = NEUTRAL
    garment: Literal["gown", "none"] = "gown"
    licence: str = ""
    tries: int = 20

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"format": FORMAT, **asdict(self), "wall": list(self.wall), "block": TRIES, "ahead": AHEAD}
