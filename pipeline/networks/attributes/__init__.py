"""The attribute models (thesis §3.3): what a face looks like, and features of it."""

from pipeline.networks.attributes.attributes import Attributes
from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig, FairFaceConfig
from pipeline.networks.attributes.description import TRAITS, Description, Finding, Trait, describe
from pipeline.networks.attributes.labels import AGES, CELEBA, GENDER, HAIR, RACES, REMAINING
from pipeline.networks.attributes.model import AttributeModel, CombinedAttributes
from pipeline.networks.attributes.networks import build_network
from pipeline.networks.attributes.reliability import Reliability, Share

__all__ = [
    "AGES",
    "CELEBA",
    "GENDER",
    "HAIR",
    "RACES",
    "REMAINING",
    "TRAITS",
    "AttributeConfig",
    "AttributeModel",
    "Attributes",
    "CelebAConfig",
    "CombinedAttributes",
    "Description",
    "FairFaceConfig",
    "Finding",
    "Reliability",
    "Share",
    "Trait",
    "build_network",
    "describe",
]
