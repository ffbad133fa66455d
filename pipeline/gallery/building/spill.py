"""The wall's colour taken out of hair: where it shines through strands they are blue or violet."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.garment import gown_over
from pipeline.faces.head import OVAL, Head
from pipeline.faces.lab import lab_of, picture_of

Mask = npt.NDArray[np.bool_]

PERSON: Final = 0.05
"""Alpha from which on something of a pixel is kept."""
LEAST: Final = 0.5
"""Alpha from which on a pixel says what colour the hair has."""
SKIN: Final = 18.0
"""So far from the face's own colour (CIELAB), what is beside a face is no skin."""
NATURAL: Final = -2.0
"""b* of hair, at least, where light is white: no hair that grew is bluer, not even grey."""
COOL: Final = 4.0
"""So much bluer than the rest of the hair it may be."""
STEP: Final = 5.0
"""Where it is bluer by so much more, nothing of a pixel's own hue is believed; in between, a part."""
AROUND: Final = 8.0
"""Standard deviation, in pixels, of the neighbourhood whose hue such a pixel takes;"""
FEWEST: Final = 0.02
"""the least share of it that is natural hair: where there is less, nothing is known of the hair."""


def without_spill(head: Head) -> Head:
    """The same head, what is bluer outside the face than the rest of its hair in the hue of the hair around.

    Only a* and b* change, so that strands stay as light as they are. Streaks that are dyed blue would turn
    brown: never to be done to a suspect's photograph.
    """
    lab = lab_of(head.image)
    face, outside = _parts(head)
    hair = (
        outside & (head.alpha > LEAST) & (np.linalg.norm(lab - np.median(lab[face], axis=0), axis=2) > SKIN)
    )
    if not hair.any():
        return head
    bluest = min(NATURAL, float(np.median(lab[hair][:, 2])) - COOL)
    natural = (hair & (lab[..., 2] > bluest)).astype(np.float32)
    share = cv2.GaussianBlur(natural, (0, 0), AROUND)
    hue = cv2.GaussianBlur(lab[..., 1:] * natural[..., None], (0, 0), AROUND)
    hue = hue / np.maximum(share, FEWEST)[..., None]
    spilled = np.clip((bluest - lab[..., 2]) / STEP, 0.0, 1.0) * (outside & (share >= FEWEST))
    weight = cv2.GaussianBlur(spilled.astype(np.float32), (0, 0), 0.7)[..., None]
    turned = lab.copy()
    turned[..., 1:] = lab[..., 1:] * (1.0 - weight) + hue * weight
    image = np.where(weight > 0, picture_of(turned), head.image)
    return Head(np.asarray(image, np.uint8), head.landmarks, head.alpha)


def _parts(head: Head) -> tuple[Mask, Mask]:
    """The face, and what is kept of a head beside it, above where a gown is or would be."""
    face = np.zeros(head.alpha.shape, np.uint8)
    cv2.fillConvexPoly(face, cv2.convexHull(head.landmarks[list(OVAL)].astype(np.int32)), 1)
    gown = gown_over(head.landmarks) >= PERSON
    return face > 0, np.asarray((head.alpha > PERSON) & (face == 0) & ~gown)
