"""What is done to a face that was blended before it is kept: gown, hair, glasses, wall."""

from dataclasses import dataclass

import numpy as np

from pipeline.faces.garment import with_garment
from pipeline.faces.head import Head
from pipeline.faces.wall import composed
from pipeline.gallery.about import PICTURE_QUALITY
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.spill import without_spill
from pipeline.gallery.changing import HAIR
from pipeline.gallery.colouring import HairColour, Unnatural, recoloured
from pipeline.gallery.pictures import decode_picture, encode_picture
from pipeline.reading import Reader


@dataclass(frozen=True)
class Dressing:
    """Dresses faces as a gallery's settings say.

    Attributes:
        settings: of the gallery.
        reader: says what colour hair looks.
    """

    settings: Settings
    reader: Reader

    def gowned(self, head: Head) -> Head:
        """In the garment that everybody wears, without the old wall's colour in the hair."""
        # The garment first: what is beside the neck it tells from hair by its colour.
        return without_spill(with_garment(head) if self.settings.garment == "gown" else head)

    def kept(self, head: Head) -> Head:
        """In front of the wall, as it will be written: what is checked is what is shown."""
        wall = np.asarray(self.settings.wall, np.float32)
        image = composed(head.image.astype(np.float32), wall, head.alpha)
        written = decode_picture(encode_picture(image, PICTURE_QUALITY))
        return Head(written, head.landmarks, head.alpha)

    def coloured(self, head: Head, hair: HairColour | None) -> tuple[Head, HairColour | None]:
        """With hair of another colour, where that looks like it; else as it grew.

        Args:
            head: in its garment, see ``gowned``: without one, hair is not told from clothes and stays.

        Returns:
            The head, and the colour that its hair took; None where it stays as it is.
        """
        if hair is None or self.settings.garment == "none":
            return head, None
        try:
            changed = recoloured(head, hair)
        except Unnatural:  # as it grew it is as good as any other
            return head, None
        if self.reader.read(self.kept(changed)).description[HAIR].value != hair.name:
            return head, None
        return changed, hair
