"""The smallest training of attributes, of each kind of model."""

from pathlib import Path

from pipeline.networks.attributes import CelebAConfig, FairFaceConfig
from pipeline.networks.backbones.config import LITE0, BackboneConfig
from pipeline.training.attributes.augmentation import Augmentation
from pipeline.training.attributes.celeba import split_celeba
from pipeline.training.attributes.config import AttributeTraining, Phase, Still
from pipeline.training.attributes.fairface import split_fairface
from pipeline.training.attributes.run import AttributeRun

BACKBONE = BackboneConfig(name=LITE0, weights="imagenet", stages=2)
PHASES = (Phase(frozen=True, rates=((2, 1e-2),)), Phase(frozen=False, rates=((2, 1e-2), (1, 1e-3))))
CHANGES = Augmentation(mirror=True, brightness=0.1, blur=1.0)
TINY = {
    # Every layer learns, with the statistics of each batch, and dropout draws its own numbers.
    "celeba": AttributeTraining(
        network=CelebAConfig(backbone=BACKBONE, side=32), phases=PHASES, batch=8, augmentation=CHANGES
    ),
    # First layers never learn, and what they make of two views is kept.
    "fairface": AttributeTraining(
        network=FairFaceConfig(backbone=BACKBONE, side=32, dense=(16, 16)),
        phases=PHASES,
        batch=8,
        augmentation=CHANGES,
        batch_statistics=False,
        still=Still(before="block1_expand", views=2),
    ),
}


def short_run(kind: str, data: Path, out: Path) -> AttributeRun:
    """A run of a few steps on a small data set."""
    split = split_celeba(data) if kind == "celeba" else split_fairface(data)
    return AttributeRun(TINY[kind], split, out)
