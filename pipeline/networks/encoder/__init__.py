"""The encoder to w+ (thesis §3.4.3)."""

from typing import TYPE_CHECKING, Final

from pipeline.later import later
from pipeline.networks.encoder.config import EncoderConfig

if TYPE_CHECKING:
    from pipeline.networks.encoder.model import StyleNormalisation, build_encoder

PLACES: Final = {
    "StyleNormalisation": "pipeline.networks.encoder.model",
    "build_encoder": "pipeline.networks.encoder.model",
}

__all__ = ["EncoderConfig", "StyleNormalisation", "build_encoder"]

__getattr__ = later(__name__, PLACES)
