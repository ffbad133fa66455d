"""How far pictures are evened out."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class EveningSettings:
    """What may differ between the pictures of a lineup, and how they are all finished.

    Spreads are standard deviations between members: what is within them is left alone.

    Attributes:
        brightness, contrast: in units of L (0..100).
        cast: of skin's a and b, in units of Lab.
        saturation, sharpness, tint_detail, grain: in octaves (factors of two).
        wall_grain: of the face's grain, what wall and clothes get: they were painted, and have none.
        poor_quality: an upload of a JPEG quality under it is compressed enough to be seen.
        gown: whether all wear the gown of ``pipeline.faces.garment``; else their clothes are evened out too.
        kept: WebP quality through which every picture goes first, as a gallery's faces did.
        soft: deviation in pixels of the blur that takes what is finest off every picture at the end.
        film: deviation in units of L of the grain that every picture gets for it.
        finish: JPEG quality through which every picture goes at the end.
        seed: of grain and of what stays different.
    """

    brightness: float = 3.0
    contrast: float = 4.0
    cast: float = 1.5
    saturation: float = 0.1
    sharpness: float = 0.15
    tint_detail: float = 0.15
    grain: float = 0.1
    wall_grain: float = 0.5
    poor_quality: int = 75
    gown: bool = True
    kept: int = 85
    soft: float = 0.5
    film: float = 0.7
    finish: int = 90
    seed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for the recipe."""
        return asdict(self)
