"""The attribute models (thesis §3.3): what a face looks like, and features of it."""

from typing import TYPE_CHECKING, Final

from pipeline.later import later
from pipeline.networks.attributes.config import AttributeConfig, CelebAConfig, FairFaceConfig

if TYPE_CHECKING:
    from pipeline.networks.attributes.model import AttributeModel, CombinedAttributes, build_network

PLACES: Final = {
    "AttributeModel": "pipeline.networks.attributes.model",
    "CombinedAttributes": "pipeline.networks.attributes.model",
    "build_network": "pipeline.networks.attributes.model",
}

__all__ = [
    "AttributeConfig",
    "AttributeModel",
    "CelebAConfig",
    "CombinedAttributes",
    "FairFaceConfig",
    "build_network",
]

__getattr__ = later(__name__, PLACES)
