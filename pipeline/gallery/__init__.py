"""Photographic people who do not exist: blended of portraits, kept in a gallery, composed anew on demand."""

from pipeline.gallery.about import SAME_PERSON, About
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery
from pipeline.gallery.rows import Portion, Provenance
from pipeline.gallery.writing import GalleryFace, GalleryWriter

__all__ = [
    "SAME_PERSON",
    "About",
    "Gallery",
    "GalleryError",
    "GalleryFace",
    "GalleryWriter",
    "Portion",
    "Provenance",
]
