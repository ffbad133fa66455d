"""Eyeglasses put on faces of nobody: drawn, not taken from anybody's photograph."""

from pipeline.gallery.wearing.glasses import Glasses
from pipeline.gallery.wearing.wearing import with_glasses

__all__ = ["Glasses", "with_glasses"]
