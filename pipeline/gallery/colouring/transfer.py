"""Hair of another colour, strand by strand: what one hair differs from the next by is kept."""

from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.faces.closed_form import foreground
from pipeline.faces.garment import gown_over
from pipeline.faces.head import OVAL, SIDE, Head
from pipeline.faces.lab import lab_of, rgb_of
from pipeline.gallery.blending.planes import Floats, Mask, blurred, fine, grown
from pipeline.gallery.colouring.colour import HairColour
from pipeline.gallery.colouring.where import hair_of

STRETCH: Final = (0.7, 1.7)
"""How much strands' differences in lightness are stretched: more would show the picture's noise."""
OWN_HUE: Final = 0.35
"""How much of what strands differ by in a* and b*, beside what lightness explains, is kept."""
# Pixels: how far from the hair's edge skin shows through, and how far within it is looked for what is behind.
EDGE, REACH = 3, 5.0
SHADOW: Final = 3.0
SOLID: Final = 0.9
"""Where a pixel is hair and nothing else."""
MOST_RISE: Final = 34.0
"""How much lighter hair becomes at most, L*, on average: beyond, the picture's noise shows."""
LEAST: Final = {"black": 0.0, "brown": 0.0, "red": 20.0, "blond": 44.0, "grey": 45.0}
"""L* of hair of these colours, on average, at least."""
PLAIN: Final = 12.0
"""By so much, L*, any hair may become lighter; by more if it is short and combed back:"""
SHORT, CLEAR = 0.04, 0.003
"""so much of it may hang below the jaw, and so much of the face be covered."""
DARK: Final = 7.0
"""L* under which a shadow has less and less colour."""


class Unnatural(ValueError):
    """This hair cannot have that colour and look real."""


def recoloured(head: Head, colour: HairColour) -> Head:
    """The same head with hair of another colour; skin, wall and gown are as they were.

    Statistics of L*a*b* are transferred (Reinhard, Ashikhmin, Gooch and Shirley 2001, "Color Transfer between
    Images"), within the hair alone, and a* and b* follow the lightness as they do in natural hair.

    Args:
        head: in the gown (``with_garment``): it says what is not hair below the chin.

    Raises:
        Unnatural: there is hardly any hair, it cannot be told from skin, or it is too far from the colour.
    """
    hair = hair_of(head)
    if hair.flaw:
        raise Unnatural(f"The hair keeps its colour: {hair.flaw}.")
    picture = head.image.astype(np.float32)
    strands, scalp = _apart(head, hair.scalp)
    shade = _Shade(lab_of(strands), hair.scalp, colour)
    if shade.to < LEAST[colour.name]:
        raise Unnatural(
            f"Hair of lightness {shade.light:.0f} is too dark to become {colour.name} and look real."
        )
    if shade.rise > PLAIN and (hair.below > SHORT or hair.over > CLEAR):
        raise Unnatural("Hair over the face or beside the neck becomes so much lighter with traces only.")
    turned = _turned(head, colour)
    changed: Floats = picture
    for front, share in ((strands, scalp), (picture, hair.face)):
        changed = changed + (share * turned)[..., None] * (shade.of(lab_of(front)) - front)
    return Head(np.clip(np.rint(changed), 0, 255).astype(np.uint8), head.landmarks, head.alpha)


def _apart(head: Head, scalp: Mask) -> tuple[Floats, Mask]:
    """Hair told from the skin it lies on: along the hairline both show in one pixel.

    There the lightness of the hair behind and of the skin in front says how much is hair.

    Returns:
        RGB of the strands, 0..255, and how much of each pixel they are.
    """
    strands = foreground(head.image.astype(np.float32) / np.float32(255), scalp)
    lab, seen = (
        lab_of(np.asarray(np.clip(strands, 0, 1) * 255, np.float32)),
        blurred(lab_of(head.image)[..., 0], 0.5),
    )
    hair, within = _nearby(lab[..., 0], grown(scalp, -EDGE) > SOLID)
    bare = (grown(scalp, 2) < 0.1) & (head.alpha > 0.95) & (gown_over(head.landmarks) < 0.02)
    skin, beside = _nearby(seen, bare)
    edge = (1 - blurred(grown(scalp, -EDGE), 1.0)) * within * beside
    part = np.clip((skin - seen) / np.maximum(skin - hair, 4.0), 0, 1)
    light = lab[..., 0] + (np.minimum(lab[..., 0], hair) - lab[..., 0]) * edge
    # As much darker, a colour has as much less chroma.
    dim = ((light + 1.0) / (lab[..., 0] + 1.0))[..., None]
    lab = np.concatenate([light[..., None], lab[..., 1:] * dim], axis=-1).astype(np.float32)
    return rgb_of(lab), np.asarray(scalp * (1 - edge * (1 - part)), np.float32)


def _nearby(plane: Floats, where: npt.NDArray[np.bool_]) -> tuple[Floats, Mask]:
    """The mean of a plane over what is near of a place, and 0..1 whether anything is near."""
    inside = where.astype(np.float32)
    near = blurred(inside, REACH)
    mean = blurred(inside * plane, REACH) / np.maximum(near, np.float32(1e-3))
    return np.asarray(mean, np.float32), np.asarray(np.clip(near / 0.03, 0, 1), np.float32)


class _Shade:
    """What becomes of the colours of one head's hair."""

    def __init__(self, lab: Floats, scalp: Mask, colour: HairColour) -> None:
        among = lab[scalp > SOLID]
        self._mean, self._colour = among.mean(axis=0), colour
        self._slope = _slopes(among - self._mean)
        self.light, self.rise = float(self._mean[0]), min(colour.light - float(self._mean[0]), MOST_RISE)
        self.to = self.light + self.rise
        self._stretch = float(np.clip(colour.spread / max(float(among[:, 0].std()), 1.0), *STRETCH))

    def of(self, lab: Floats) -> Floats:
        """RGB, 0..255, of strands that have these colours."""
        away = lab - self._mean
        to = self._colour
        light = self.to + away[..., 0] * self._stretch
        most = min(self.to + 2.4 * to.spread, 92.0)
        # What light there is in the shadows stays; below it there is none to take.
        light = np.logaddexp(light / SHADOW, 0.0) * SHADOW
        light = most - np.logaddexp((most - light) / SHADOW, 0.0) * SHADOW
        rest = (away[..., 1:] - away[..., :1] * self._slope) * OWN_HUE
        hue = (
            np.stack([to.a + to.a_rise * (light - self.to), to.b + to.b_rise * (light - self.to)], -1) + rest
        )
        hue = hue * np.clip(light / DARK, 0, 1)[..., None]
        new = np.concatenate([light[..., None], hue], axis=-1).astype(np.float32)
        return rgb_of(new)


def _slopes(away: Floats) -> Floats:
    """By how much a* and b* rise with L*, float32 (2,)."""
    return np.asarray(away[:, 1:].T @ away[:, 0] / max(float(away[:, 0] @ away[:, 0]), 1e-3), np.float32)


def _turned(head: Head, colour: HairColour) -> Mask:
    """How much of the hair has the colour, 0..1: less on the crown, and least in its dark strands."""
    if colour.crown == 1.0:
        return np.ones((SIDE, SIDE), np.float32)
    oval = head.landmarks[list(OVAL), 1]
    top, height = float(oval.min()), float(np.ptp(oval))
    up = np.clip((top + 0.2 * height - np.arange(SIDE)) / (0.4 * height), 0, 1)[:, None]
    detail = fine(lab_of(head.image)[..., 0], 2.5)
    dark = np.clip(-detail / 6.0, 0, 1)
    return np.asarray(1 - (1 - colour.crown) * up * (0.6 + dark), np.float32)
