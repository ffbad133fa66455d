"""A bundle of untrained networks at 16 px, written by the code that writes real ones."""

from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from pipeline.attributes.reliability import Reliability
from pipeline.fillers import Band, Directions
from pipeline.networks.attributes import AttributeModel, CelebAConfig, CombinedAttributes, FairFaceConfig
from pipeline.networks.backbones.config import LITE0, BackboneConfig
from pipeline.networks.bundle import Bundle, amend, write_bundle
from pipeline.networks.encoder import EncoderConfig, build_encoder
from pipeline.networks.stylegan2 import Discriminator, Generator, StyleGAN2Config
from pipeline.serving.bundle_faces import BundleFaces
from pipeline.training.bundling.subspace import encoded_samples, fit_subspace

GENERATOR = StyleGAN2Config(
    resolution=16, channel_base=128, channel_max=8, z_dim=8, w_dim=8, mapping_layers=2
)
ENCODER = EncoderConfig(
    resolution=16, num_ws=6, w_dim=8, backbone_widths=(4, 6, 8), pyramid_channels=4, coarse=2, medium=2
)
BACKBONE = BackboneConfig(name=LITE0, stages=1)
CELEBA = CelebAConfig(backbone=BACKBONE, side=16, labels=("Black_Hair", "Blond_Hair", "Male", "No_Beard"))
FAIRFACE = FairFaceConfig(backbone=BACKBONE, side=16, dense=(4,), ages=("20-29", "30-39", "70+"))
RELIABILITY = {
    key: Reliability(accuracy=0.5, n=10, measured_on="no faces at all")
    for key in ("sex", "hair", "age_group")
}


@dataclass(frozen=True)
class Written:
    """A bundle and the networks it was made of."""

    bundle: Bundle
    generator: Generator


def tiny_attributes() -> CombinedAttributes:
    """Untrained attribute models."""
    keras.utils.set_random_seed(4)
    return CombinedAttributes(AttributeModel(CELEBA), AttributeModel(FAIRFACE))


def write_tiny_bundle(folder: Path, *, attributes: CombinedAttributes | None = None) -> Written:
    """Write the bundle into ``folder``, with attribute models if there are any."""
    keras.utils.set_random_seed(3)
    generator, encoder = Generator(GENERATOR), build_encoder(ENCODER)
    ws = encoded_samples(generator, encoder, samples=50, seed=0)
    subspace = fit_subspace(ws, components=5, whiten=True, first_radius=1.0, radius_step=0.5)
    bundle = write_bundle(
        folder,
        generator=generator,
        discriminator=Discriminator(GENERATOR),
        encoder=encoder,
        encoder_config=ENCODER,
        subspace=subspace,
        attributes=attributes,
        reliability=RELIABILITY if attributes else {},
        facts={"name": "tiny", "framing": None},
    )
    return Written(bundle, generator)


def with_band(bundle: Bundle) -> Bundle:
    """The bundle with a direction and a band open to nearly everybody, as untrained faces are all alike.

    Of the crowd's faces, the discriminator finds half less real than the least that is asked for.
    """
    maker = BundleFaces(bundle)
    crowd = maker.render(maker.random_codes(40, 1))
    band = Band(
        same_person=1.0 - 1e-6,
        stranger_share=0.0,
        least_realism=0.5,
        first_radius=5.0,
        far_radius=10.0,
        crowd=maker.identity(crowd),
        logits=np.sort(maker.logits(crowd)),
        company=maker.company,
    )
    age = Directions({"age": np.full((ENCODER.num_ws, ENCODER.w_dim), 0.1, np.float32)})
    parts = {"band": band.arrays(), "directions": age.arrays()}
    entries = {"band": band.settings(), "directions": {"age": {"faces": 0, "r2": 0.0}}}
    return amend(bundle, parts, entries, bundle.folder)
