"""What a StyleGAN2 is made of: its sizes, as data."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

DataFormat = Literal["channels_last", "channels_first"]


@dataclass(frozen=True, kw_only=True)
class StyleGAN2Config:
    """Sizes of a generator and its discriminator (Karras et al. 2020, Table 1; thesis §3.2).

    Args:
        resolution: side of the square image in pixels, a power of two from 8 up.
        channel_base: feature maps at resolution r are ``min(channel_base // r, channel_max)``.
        channel_max: the most feature maps at any resolution.
        z_dim: dimensions of the latent code z.
        w_dim: dimensions of the intermediate code w.
        mapping_layers: fully connected layers from z to w.
        mapping_lr_multiplier: learning rate of the mapping network relative to the rest.
        image_channels: 3 for RGB.
        minibatch_std_group: samples over which the discriminator's last block takes the deviation.
        conv_clamp: largest absolute activation, or None; needed for float16 training only.
        data_format: order of the image axes; weights are the same in both.
        widths: feature maps at 4, 8, … px where they do not follow ``channel_base`` and ``channel_max``, as
            in some networks of other people; None where they do.
        reduced_precision_blocks: under a mixed dtype policy, blocks from the largest down that compute in the
            smaller type; None for all of both networks.
    """

    resolution: int
    channel_base: int = 32768
    channel_max: int = 512
    z_dim: int = 512
    w_dim: int = 512
    mapping_layers: int = 8
    mapping_lr_multiplier: float = 0.01
    image_channels: int = 3
    minibatch_std_group: int = 4
    conv_clamp: float | None = None
    data_format: DataFormat = "channels_last"
    widths: tuple[int, ...] | None = None
    reduced_precision_blocks: int | None = None

    def __post_init__(self) -> None:
        if self.resolution < 8 or self.resolution & (self.resolution - 1):
            raise ValueError(f"resolution must be a power of two from 8 up, not {self.resolution}")
        if self.widths is not None and (len(self.widths) != len(self.resolutions) or min(self.widths) < 1):
            raise ValueError(f"widths are {len(self.resolutions)} numbers from 1 up, not {self.widths}")
        if not 0 <= (self.reduced_precision_blocks or 0) <= len(self.resolutions):
            raise ValueError(f"there are {len(self.resolutions)} blocks to reduce the precision of")
        if self.channels(self.resolution) < 1:
            raise ValueError(
                f"channel_base {self.channel_base} leaves no feature map at {self.resolution} px"
            )

    @property
    def resolutions(self) -> list[int]:
        """Sides of the blocks, 4, 8, … up to the image's."""
        return [2**k for k in range(2, self.resolution.bit_length())]

    @property
    def num_ws(self) -> int:
        """Rows of w+: two for each block (12 at 128 px)."""
        return 2 * len(self.resolutions)

    @property
    def noise_sides(self) -> list[int]:
        """Sides of the noise maps, one for each convolution: the first block has one, the others two."""
        return [side for side in self.resolutions for _ in range(1 if side == 4 else 2)]

    def channels(self, resolution: int) -> int:
        """Feature maps of the block at ``resolution``."""
        if self.widths is not None:
            return self.widths[self.resolutions.index(resolution)]
        return min(self.channel_base // resolution, self.channel_max)

    def maps_shape(self, side: int, channels: int) -> tuple[int | None, ...]:
        """Shape of a batch of square maps in this configuration's axis order."""
        if self.data_format == "channels_last":
            return (None, side, side, channels)
        return (None, channels, side, side)

    def to_dict(self) -> dict[str, Any]:
        """The sizes as plain values, for ``bundle.json`` and checkpoints; ``widths`` only if given."""
        values = asdict(self)
        return values if self.widths is not None else {k: v for k, v in values.items() if k != "widths"}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; an unknown name raises TypeError."""
        widths = values.get("widths")
        return cls(**{**values, "widths": None if widths is None else tuple(widths)})
