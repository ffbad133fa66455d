"""Measuring who may stand beside a suspect: the band that goes into a bundle."""
