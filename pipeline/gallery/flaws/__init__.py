"""Faces that are spoilt: made on purpose, so that a probe learns how they look, and found."""

from pipeline.gallery.flaws.corruptions import CORRUPTIONS, spoilt
from pipeline.gallery.flaws.probe import BLOCKS, LEAST_RANK, FlawProbe, flaw_probe

__all__ = ["BLOCKS", "CORRUPTIONS", "LEAST_RANK", "FlawProbe", "flaw_probe", "spoilt"]
