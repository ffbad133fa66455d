"""The encoder to w+ (thesis §3.4.3)."""

from pipeline.networks.encoder.config import EncoderConfig
from pipeline.networks.encoder.model import StyleNormalisation, build_encoder

__all__ = ["EncoderConfig", "StyleNormalisation", "build_encoder"]
