"""Pretrained backbones of the attribute models: a face in, feature maps out."""

from typing import TYPE_CHECKING, Final

from pipeline.later import later
from pipeline.networks.backbones.config import LITE0, BackboneConfig, BackboneError

if TYPE_CHECKING:
    from pipeline.networks.backbones.building import backbone

PLACES: Final = {"backbone": "pipeline.networks.backbones.building"}

__all__ = ["LITE0", "BackboneConfig", "BackboneError", "backbone"]

__getattr__ = later(__name__, PLACES)
