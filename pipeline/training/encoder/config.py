"""The schedule of an encoder's training, as data."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from pipeline.networks.encoder import EncoderConfig
from pipeline.networks.presets import ENCODERS
from pipeline.training.stylegan2.config import Precision


@dataclass(frozen=True, kw_only=True)
class EncoderTraining:
    """How an encoder is trained.

    The thesis' loss is pixel + 0.5 · feature on photographs. Faces that the generator made join them: their
    w+ is known, so a latent loss can teach the encoder where they are, first alone (cheap), then beside the
    others. So is the w of photographs that were anchors of the generator. What a network that ImageNet
    trained sees, and who a face embedder says it is, can join too.

    Args:
        network: sizes of the encoder.
        batch: faces a step, half of them photographs, half generated.
        latent_steps: first steps, with the latent loss alone.
        steps: steps in all.
        learning_rate: Adam's, falling to a hundredth on a cosine.
        pixel_weight, feature_weight, latent_weight: weights of the losses.
        perceptual_weight: of the distance of EfficientNet-Lite0's maps.
        identity_weight: of 1 - the cosine of faceres' features, on a quarter of the photographs, for it costs
            as much as the rest.
        psi: truncation of the generated faces.
        precision: Keras dtype policy of the arithmetic.
        seed: of everything random in the run.
    """

    network: EncoderConfig
    batch: int = 32
    latent_steps: int = 1000
    steps: int = 3000
    learning_rate: float = 1e-3
    pixel_weight: float = 1.0
    feature_weight: float = 0.5
    latent_weight: float = 0.05
    perceptual_weight: float = 0.0
    identity_weight: float = 0.0
    psi: float = 1.0
    precision: Precision = "float32"
    seed: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a checkpoint or a bundle."""
        return {**asdict(self), "network": self.network.to_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        return cls(**{**values, "network": EncoderConfig.from_dict(values["network"])})


PRESETS: Final = {
    # §3.4.3: Adam at 1e-3, EfficientNetB7; five epochs of some 90,000 photographs, 16 a step.
    "thesis-128": EncoderTraining(
        network=ENCODERS["thesis-128"], batch=32, steps=28_125, latent_steps=0, latent_weight=0.0
    ),
    "demo": EncoderTraining(
        network=ENCODERS["demo"],
        latent_steps=600,
        steps=1000,
        perceptual_weight=0.2,
        identity_weight=0.2,
        precision="mixed_bfloat16",
    ),
}


def preset(name: str, **changes: Any) -> EncoderTraining:
    """The preset ``name`` with ``changes``; KeyError for an unknown one."""
    return replace(PRESETS[name], **changes)
