"""The schedule of a training run, as data."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final, Self

from pipeline.networks.presets import GENERATORS
from pipeline.networks.stylegan2 import StyleGAN2Config
from pipeline.training.schedule import Schedule
from pipeline.training.stylegan2.augment import PARTS


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(Schedule):
    """How a generator is trained; defaults as published (Karras et al. 2020, appendix B).

    The batch is that of all devices together.

    Args:
        learning_rate: Adam's, before the correction for lazy regularisation.
        r1_gamma: weight of the R1 penalty.
        r1_interval, path_interval: steps between regularisations; 0 turns one off.
        path_weight, path_decay, path_batch_shrink: path length regularisation.
        style_mixing: probability of mixing two codes.
        ema_kimg: half-life of the averaged generator in thousands of images.
        ema_ramp_up: half-life is at most this share of the images seen.
        mirror: also show every training image mirrored.
        ada_target: aimed mean sign of the discriminator's logits on training images; None: no augmentation.
        ada_kimg: thousands of images over which the augmentation's probability may grow from 0 to 1.
        ada_interval: steps between its adjustments.
        augment: which of the augmentation's parts are used.
        anchor_weight: of the anchors' loss (see ``anchors.py``); 0: no anchors, as published.
        identity_weight: within that loss, of 1 - the cosine of faceres' features: an anchor is to stay the
            person it is.
        discriminator_kimg: thousands of images at the start that the discriminator learns from alone.
        mapping_learns: False: the mapping network stays as it starts, and only the synthesis network learns.
    """

    network_type: ClassVar = StyleGAN2Config

    network: StyleGAN2Config
    batch: int = 32
    learning_rate: float = 0.002
    r1_gamma: float = 10.0
    r1_interval: int = 16
    path_interval: int = 4
    path_weight: float = 2.0
    path_decay: float = 0.01
    path_batch_shrink: int = 2
    style_mixing: float = 0.9
    ema_kimg: float = 10.0
    ema_ramp_up: float | None = None
    mirror: bool = True
    ada_target: float | None = 0.6
    ada_kimg: float = 500.0
    ada_interval: int = 4
    augment: tuple[str, ...] = PARTS
    anchor_weight: float = 0.0
    identity_weight: float = 0.0
    discriminator_kimg: float = 0.0
    mapping_learns: bool = True

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.augment) - set(PARTS)):
            raise ValueError(f"no augmentation {unknown[0]!r}; there are {', '.join(PARTS)}")

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        return super().from_dict(
            {**values, "augment": tuple(values.get("augment", PARTS))}
        )  # JSON knows lists


PRESETS: Final[dict[str, TrainingConfig]] = {
    # §3.2: the published schedule, 8 images a GPU: on n GPUs a batch of 8n is the thesis's.
    "thesis-128": TrainingConfig(network=GENERATORS["thesis-128"], batch=8),
    # Published as "paper256".
    "thesis-256": TrainingConfig(
        network=GENERATORS["thesis-256"], batch=64, learning_rate=0.0025, r1_gamma=1.0, ema_kimg=20.0
    ),
    # A few thousand heads and a few hours of an office CPU: everything about the augmentation is quicker.
    "demo": TrainingConfig(
        network=GENERATORS["demo"],
        batch=16,
        r1_gamma=0.2,
        ema_kimg=10.0,
        ema_ramp_up=0.05,
        ada_kimg=100.0,
        augment=("blit", "colour"),  # geometry would cost a quarter of a step
        precision="mixed_bfloat16",
    ),
}
# A generator that learned from anchors first (``train anchors``) makes whole faces when the game begins.
PRESETS["demo-anchored"] = replace(
    PRESETS["demo"],
    anchor_weight=1.0,
    identity_weight=2.0,
    discriminator_kimg=5.0,
)
# The same once more, after ``train anchors --preset demo-people``: the discriminator knows these faces, and
# the mapping network knows better than a short game where people are (figures: TRAINING.md of demo).
PRESETS["demo-people"] = replace(
    PRESETS["demo-anchored"], identity_weight=4.0, discriminator_kimg=0.5, mapping_learns=False
)


def preset(name: str, **changes: Any) -> TrainingConfig:
    """The preset ``name`` with ``changes``; KeyError for an unknown one."""
    return reduced(replace(PRESETS[name], **changes))


def reduced(config: TrainingConfig) -> TrainingConfig:
    """``config`` with its precision in its four largest blocks only, as published.

    In float32 the mapping network and the small maps cost nothing. Float16 also clamps activations to ±256.
    """
    if config.precision == "float32":
        return config
    blocks = min(4, len(config.network.resolutions))
    clamp = 256.0 if config.precision == "mixed_float16" else None
    network = replace(config.network, conv_clamp=clamp, reduced_precision_blocks=blocks)
    return replace(config, network=network)
