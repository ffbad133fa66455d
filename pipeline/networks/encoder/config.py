"""What an encoder to w+ is made of: its sizes, as data."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class EncoderConfig:
    """Sizes of an encoder (thesis §3.4.3).

    Args:
        resolution: side of the square input in pixels.
        num_ws, w_dim: shape of w+, that of the generator it belongs to.
        backbone: "small" or the name of a ``keras.applications`` EfficientNet ("EfficientNetB7" in the
            thesis).
        backbone_widths: feature maps of the small backbone's levels; the last three are c3, c4, c5.
        backbone_weights: file with weights for a ``keras.applications`` backbone, "imagenet" to download
            them, or None to start from random ones.
        pyramid_channels: feature maps of p3, p4, p5 and of the map2style blocks.
        coarse, medium: rows of w+ made from p5 and from p4; the rest are made from p3.
    """

    resolution: int
    num_ws: int
    w_dim: int = 512
    backbone: str = "small"
    backbone_widths: tuple[int, ...] = (32, 64, 128, 192)
    backbone_weights: str | None = None
    pyramid_channels: int = 512
    coarse: int = 3
    medium: int = 3

    def __post_init__(self) -> None:
        if self.coarse + self.medium >= self.num_ws:
            raise ValueError(f"{self.coarse} + {self.medium} rows leave none of {self.num_ws} for p3")

    def to_dict(self) -> dict[str, Any]:
        """The sizes as plain values."""
        return {**asdict(self), "backbone_widths": list(self.backbone_widths)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        return cls(**{**values, "backbone_widths": tuple(values["backbone_widths"])})
