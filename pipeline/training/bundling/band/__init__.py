"""Measuring who may stand beside a suspect: the band that goes into a bundle."""

from pipeline.training.bundling.band.measuring import STRANGER_SHARE, measure_band
from pipeline.training.bundling.band.pairs import read_pairs

__all__ = ["STRANGER_SHARE", "measure_band", "read_pairs"]
