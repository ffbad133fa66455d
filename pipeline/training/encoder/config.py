"""The schedule of an encoder's training, as data."""

from dataclasses import dataclass
from typing import ClassVar, Final

from pipeline.networks.encoder import EncoderConfig
from pipeline.networks.presets import ENCODERS
from pipeline.training.schedule import Schedule


@dataclass(frozen=True, kw_only=True)
class EncoderTraining(Schedule):
    """How an encoder is trained.

    The thesis' loss is pixel + 0.5 · feature on photographs. Faces that the generator made join them: their
    w+ is known, so a latent loss can teach the encoder where they are, first alone (cheap), then beside the
    others. So is the w of photographs that were anchors of the generator. What a network that ImageNet
    trained sees, and who a face embedder says it is, can join too.

    Half of a batch is photographs, half generated.

    Args:
        latent_steps: first steps, with the latent loss alone.
        steps: steps in all.
        learning_rate: Adam's, falling to a hundredth on a cosine.
        pixel_weight, feature_weight, latent_weight: weights of the losses.
        perceptual_weight: of the distance of EfficientNet-Lite0's maps.
        identity_weight: of 1 - the cosine of faceres' features, on a quarter of the photographs, for it costs
            as much as the rest.
        psi: truncation of the generated faces.
    """

    network_type: ClassVar = EncoderConfig

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
