"""The attribute models (thesis §3.3): what a face looks like, and features of it."""

from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig, FairFaceConfig
from pipeline.networks.attributes.model import AttributeModel, CombinedAttributes, build_network

__all__ = [
    "AttributeConfig",
    "AttributeModel",
    "CelebAConfig",
    "CombinedAttributes",
    "FairFaceConfig",
    "build_network",
]
