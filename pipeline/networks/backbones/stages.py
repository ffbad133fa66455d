"""Sizes of EfficientNet-Lite0: Tan and Le 2019, Table 1, and the published lite variant."""

from typing import Final, NamedTuple

EPSILON: Final = 1e-3
"""Of its batch normalisation."""
STEM: Final = 32
TOP: Final = 1280
#: Published pictures are scaled (x - 127) / 128.
MEAN: Final = 127.0
DEVIATION: Final = 128.0


class Stage(NamedTuple):
    """Blocks of one width: how many, side of the kernel, stride of the first, expansion, channels out."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES: Final = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)
