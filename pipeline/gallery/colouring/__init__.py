"""Hair of another natural colour, for faces of nobody."""

from pipeline.gallery.colouring.colour import HairColour
from pipeline.gallery.colouring.moves import moves
from pipeline.gallery.colouring.transfer import Unnatural, recoloured

__all__ = ["HairColour", "Unnatural", "moves", "recoloured"]
