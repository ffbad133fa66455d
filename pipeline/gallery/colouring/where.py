"""Where the hair of a head is, strand by strand."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from pipeline.faces.closed_form import closed_form
from pipeline.faces.garment import gown_over
from pipeline.faces.hair import CHEEKS, JAW_CORNERS, around, beard, is_bearded
from pipeline.faces.head import SIDE, Head
from pipeline.faces.lab import lab_of
from pipeline.gallery.blending.anatomy import (
    BROWS,
    EYE_OPENINGS,
    GLASSES,
    LIPS,
    LOWER,
    NOSE,
    filled,
    hull,
    ring,
)
from pipeline.gallery.blending.planes import Floats, Mask, blurred, grown
from pipeline.gallery.blending.skin import free_of_hair

LEAST_HAIR: Final = 0.02
"""Of the picture must be hair on the scalp: with less a head is as good as bald."""
# Where samples of hair are taken: around the face, the outline so many times as large, above the brows.
INNER, OUTER = 1.14, 1.42
# Deviations of skin and of hair in L*, a*, b*: never so narrow that light falling off is another colour.
SKIN_SPREAD: Final = np.array((9.0, 3.5, 4.5), np.float32)
HAIR_SPREAD: Final = np.array((7.0, 3.0, 4.0), np.float32)
COLOURS: Final = 4
FOREHEAD: Final = (151, 9, 108, 337)
LEAST_SHARE: Final = 0.08
# Deviations beyond which a place is not hair at all, though it is no skin either.
FAR: Final = 4.0
LEAST_DARKNESS: Final = 0.3
"""On the face hair is so much darker than the skin, as a share of how dark it is above."""
DARKER: Final = 18.0
"""L* by which hair is darker than the skin: of lighter hair it is not sure where the skin begins."""
MOST_MISSED: Final = 0.1
"""What lies farther from the face than ears do is hair; so much of it may have been missed."""
BEYOND_EARS: Final = 1.3
WITHIN: Final = 0.93
MOST_LEFT: Final = 25
THICK: Final = 7
"""Pixels across that hair before the face has at least, and a frame of glasses has not."""
SURELY: Final = 1.6
"""How many times nearer a colour is to hair than to skin, or the reverse, where there is no doubt."""
BROW_SHARE: Final = 0.45
BEARD_SHARE: Final = 0.35
"""How much of the hair's change brows and beard take part in."""


@dataclass(frozen=True, eq=False)
class Hair:
    """Where a head has hair, all 0..1.

    Attributes:
        scalp: float32 (SIDE, SIDE): how much of each pixel is hair of the head, wall apart.
        face: the same of brows and beard, as much as they take part in a change.
        missed: what of the hair was not found, as a share of it.
        left: pixels before the face that look like hair and are not in ``scalp``.
        below: what of the hair hangs below the jaw's corners, as a share of it.
        over: share of the face that is covered by what was found.
        darker: by how much hair is darker than skin, L*.
    """

    scalp: Mask
    face: Mask
    missed: float
    darker: float
    left: int
    below: float
    over: float

    @property
    def flaw(self) -> str:
        """Why its colour had better stay; empty where it may be changed."""
        if self.scalp.mean() < LEAST_HAIR:
            return "there is hardly any hair"
        if self.darker < DARKER:
            return "hair and skin are of one lightness"
        if self.missed > MOST_MISSED:
            return "it is not sure which is hair"
        return "it falls over the face" if self.left > MOST_LEFT else ""


def hair_of(head: Head) -> Hair:
    """Find it: by its colour and the skin's where that is plain, by closed-form matting in between."""
    lab = lab_of(head.image)
    samples = lab[_crown(head)]
    if len(samples) < LEAST_HAIR * SIDE * SIDE / 4:
        nothing = np.zeros((SIDE, SIDE), np.float32)
        return Hair(nothing, nothing, missed=0.0, darker=0.0, left=0, below=0.0, over=0.0)
    hair = _away(lab, _colours(samples), HAIR_SPREAD)
    skin = _away(lab, _skins(head, lab, hair), SKIN_SPREAD)
    scalp = closed_form(head.image.astype(np.float32) / np.float32(255), _trimap(head, lab, skin, hair))
    face = np.maximum(_brows(head, skin) * BROW_SHARE, _beard(head, lab, skin) * BEARD_SHARE)
    beyond = _beyond_ears(head)
    missed = float((beyond * np.clip(head.alpha - scalp, 0, 1)).sum() / max(float(scalp.sum()), 1.0))
    near = blurred((filled(ring(head.landmarks, BEYOND_EARS)) > 0.5).astype(np.float32), 2.0)
    scalp = scalp * (1 - near * (1 - np.clip((_darkness(head, lab) - 0.15) / 0.4, 0, 1)))
    # The head's own matte knows single hairs before the wall better than colours do.
    scalp = np.maximum(_clean(scalp), beyond * head.alpha)
    face = np.asarray(face * (1 - scalp), np.float32)
    darker = float(np.median(around(lab, head, CHEEKS)[:, 0]) - np.median(samples[:, 0]))
    jaw = int(np.clip(head.landmarks[list(JAW_CORNERS), 1].mean(), 0, SIDE - 1))
    below = float(scalp[jaw:].sum() / max(float(scalp.sum()), 1.0))
    inside = filled(ring(head.landmarks, WITHIN))
    over = float((scalp * inside).sum() / inside.sum())
    return Hair(scalp, face, missed, darker, _before_the_face(head, lab, scalp), below, over)


def _before_the_face(head: Head, lab: Floats, scalp: Mask) -> int:
    """Pixels before the face that are thick and dark like hair, but were not found to be hair."""
    outer, inner = (filled(ring(head.landmarks, grow)) > 0.5 for grow in (0.97, 0.78))
    face = outer & ~inner & ~_own(head)
    above = np.arange(SIDE)[:, None] < head.landmarks[2, 1]
    bare = free_of_hair(lab, head.alpha, head.landmarks)
    left = face & above & (bare < 0.3) & (_darkness(head, lab) > 0.6) & (scalp < 0.6)
    return int(cv2.morphologyEx(left.astype(np.uint8), cv2.MORPH_OPEN, _disc(5)).sum())


def _beyond_ears(head: Head) -> Mask:
    """Where only hair can be, of a head in the gown."""
    marks = head.landmarks
    near = (filled(ring(marks, BEYOND_EARS)) > 0.5) | _neck(head) | (gown_over(marks) > 0.02)
    return blurred(grown((~near).astype(np.float32), -2), 1.0)


def _trimap(head: Head, lab: Floats, skin: Floats, hair: Floats) -> Mask:
    """1 where there surely is hair, 0 where there surely is none, one half between.

    Of a head in the gown, what is neither wall nor gown nor skin is hair.
    """
    marks = head.landmarks
    face, solid = filled(ring(marks, 0.99)) > 0.5, head.alpha > 0.95
    bare = np.where(face, free_of_hair(lab, head.alpha, marks), 0.0)
    may = (head.alpha > 0.05) & (gown_over(marks) < 0.02) & ~_neck(head)
    dark = _darkness(head, lab)
    may &= ~(_features(head) & face) | _thick(face & (bare < 0.3) & (dark > 0.5) & ~_own(head))
    like = (skin > SURELY * hair) & (hair < FAR)
    sure = may & like & solid & (bare < 0.15) & ~(face & (dark < 2 * LEAST_DARKNESS))
    sure = cv2.morphologyEx(sure.astype(np.uint8), cv2.MORPH_OPEN, _disc(3)) > 0
    sure = _with(sure, _crown(head))
    none = ~may | (solid & ((hair > SURELY * skin) | (bare > 0.6)))
    none |= face & (dark < LEAST_DARKNESS)
    none = cv2.morphologyEx(none.astype(np.uint8), cv2.MORPH_OPEN, _disc(3)) > 0
    # Far from all that is surely hair there is none; on the face, near is nearer.
    near = cv2.dilate(sure.astype(np.uint8), _disc(17)) > 0
    at_hand = cv2.dilate(sure.astype(np.uint8), _disc(7)) > 0
    none |= ~np.where(face, at_hand, near)
    trimap = np.full((SIDE, SIDE), 0.5, np.float32)
    trimap[sure], trimap[none & ~sure] = 1.0, 0.0
    return trimap


def _darkness(head: Head, lab: Floats) -> Floats:
    """0 as light as the skin, 1 as dark as the hair, float32 (SIDE, SIDE), a little blurred."""
    light = blurred(lab[..., 0], 0.7)
    skin, hair = (float(np.median(part)) for part in (around(lab, head, CHEEKS)[:, 0], light[_crown(head)]))
    return np.asarray((skin - light) / max(skin - hair, 1.0), np.float32)


def _neck(head: Head) -> np.ndarray:
    """Between the jaw and the collar, where hair would lie on the neck's middle."""
    marks = head.landmarks
    corners = marks[list(JAW_CORNERS)]
    inner = corners.mean(0) + (corners - corners.mean(0)) * 0.8
    mask = np.zeros((SIDE, SIDE), np.uint8)
    below = np.array([inner[0], inner[1], (inner[1, 0], SIDE), (inner[0, 0], SIDE)])
    cv2.fillPoly(mask, [np.rint(below).astype(np.int32)], 1)
    return np.asarray(mask > 0)


def _disc(across: int) -> np.ndarray:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across)))


def _crown(head: Head) -> np.ndarray:
    marks = head.landmarks
    ring_of = (filled(ring(marks, OUTER)) > 0.5) & ~(filled(ring(marks, INNER)) > 0.5)
    brow = marks[[mark for brow in BROWS for mark in brow], 1].min()
    return np.asarray(ring_of & (np.arange(SIDE)[:, None] < brow) & (head.alpha > 0.97))


def _thick(mask: np.ndarray) -> np.ndarray:
    """Without what is as thin as the frame of glasses."""
    return np.asarray(cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, _disc(THICK)) > 0)


def _own(head: Head) -> np.ndarray:
    """Eyes and brows."""
    hulls = [hull(head.landmarks[list(part)], 3) for part in (*EYE_OPENINGS, *BROWS)]
    return np.asarray(np.max(hulls, axis=0) > 0.3)


def _features(head: Head) -> np.ndarray:
    marks = head.landmarks
    parts = [NOSE.mask(marks), GLASSES.mask(marks), hull(marks[list(LIPS)], 3)]
    return np.asarray(np.max(parts, axis=0) > 0.3)


def _skins(head: Head, lab: Floats, hair: Floats) -> Floats:
    """The skin's colours at the cheeks, in light and in shade, and at the forehead where it is bare."""
    found = [np.median(around(lab, head, places), axis=0) for places in (CHEEKS, CHEEKS[::2], CHEEKS[1::2])]
    brow = np.median(around(lab, head, FOREHEAD), axis=0)
    if np.median(around(hair[..., None], head, FOREHEAD)) > 2.0 and brow[0] > found[0][0] - 12.0:
        found.append(brow)
    return np.asarray(found, np.float32)


def _colours(samples: Floats) -> Floats:
    """The few colours that strands have, float32 (n, 3)."""
    cv2.setRNGSeed(1)
    first = np.zeros((len(samples), 1), np.int32)
    criteria = (cv2.TERM_CRITERIA_MAX_ITER, 12, 0.0)
    _, labels, centres = cv2.kmeans(samples, COLOURS, first, criteria, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(np.asarray(labels)[:, 0], minlength=COLOURS) / len(samples)
    return np.asarray(centres, np.float32)[shares >= LEAST_SHARE]


def _away(lab: Floats, colours: Floats, spread: Floats) -> Floats:
    """Deviations from the nearest of some colours, float32 (SIDE, SIDE)."""
    distances = [np.linalg.norm((lab - colour) / spread, axis=-1) for colour in colours]
    return np.asarray(np.min(distances, axis=0), np.float32)


def _with(mask: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """What of a mask hangs together with the seeds."""
    _, labels = cv2.connectedComponents(mask.astype(np.uint8))
    return np.asarray(np.isin(labels, np.unique(labels[seeds & mask])) & (labels > 0))


def _clean(matte: Mask) -> Mask:
    """Without the thin veil that matting leaves on skin and cloth."""
    return np.asarray(np.clip((matte - 0.06) / 0.88, 0, 1), np.float32)


def _brows(head: Head, skin: Floats) -> Mask:
    marks = head.landmarks
    halves = [hull(marks[list(brow)], 2) for brow in BROWS]
    eyes = [hull(marks[list(eye)], 1) for eye in EYE_OPENINGS]
    where = blurred(np.asarray(np.max(halves, axis=0), np.float32), 1.0) * (1 - np.max(eyes, axis=0))
    return np.asarray(where * np.clip((skin - 1.0) / 2.0, 0, 1), np.float32)


def _beard(head: Head, lab: Floats, skin: Floats) -> Mask:
    if not is_bearded(head):
        return np.zeros((SIDE, SIDE), np.float32)
    marks = head.landmarks
    lips = blurred(hull(marks[list(LIPS)], 1), 1.0)
    within = LOWER.mask(marks) * (1 - lips) * (1 - blurred(grown(NOSE.mask(marks), 1), 1.0))
    cheeks = np.median(around(lab, head, CHEEKS), axis=0)
    darker = np.clip((cheeks[0] - lab[..., 0] - 10.0) / 20.0, 0, 1) * np.clip(skin - 0.8, 0, 1)
    return np.maximum(
        np.asarray(within * blurred(np.asarray(darker, np.float32), 0.6), np.float32), beard(head)
    )
