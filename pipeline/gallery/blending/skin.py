"""Where a face is free of hair: told by its own skin and its own hair."""

from typing import Final

import cv2
import numpy as np

from pipeline.faces.head import OVAL, SIDE, Landmarks
from pipeline.gallery.blending.anatomy import BROWS, CHEEKS, EYE_OPENINGS, INNER_BROWS, LIPS, hull
from pipeline.gallery.blending.planes import Floats, Mask, blurred, grown, larger, smaller

HALF: Final = SIDE // 2
# Least deviations of skin in L*, a*, b*: light falls off over a face.
LEAST: Final = (7.0, 3.0, 3.5)


def free_of_hair(lab: Floats, alpha: Mask, landmarks: Landmarks) -> Mask:
    """How surely each place shows bare skin rather than hair, 0..1; meant inside the face only.

    Skin is like the cheeks and the nose of the same picture, hair like what is beside and above its outline.

    Args:
        lab: float32 (SIDE, SIDE, 3), L*a*b*.
    """
    small, solid = smaller(lab, HALF), smaller(alpha, HALF)
    marks = landmarks / np.float32(2)
    skin = _samples(small, marks)
    middle = np.median(skin, axis=0)
    spread = np.maximum(1.4826 * np.median(np.abs(skin - middle), axis=0), LEAST)
    away = (small - middle) / spread
    away[..., 0] = np.where(away[..., 0] > 0, away[..., 0] * 0.5, away[..., 0] * 0.75)
    distance = np.sqrt(np.sum(np.square(away), axis=-1))
    hair = _hair(small, solid, marks)
    like = np.clip((5.0 - distance) / 2.5, 0, 1)
    if hair is not None:
        tone, wide = hair
        other = np.sqrt(np.sum(np.square((small - tone) / wide), axis=-1))
        like = like * np.clip((other - 0.8 * distance) / 0.8 + 0.5, 0, 1)
    covered = blurred(grown(_from_outside(np.asarray(1 - like, np.float32), marks), 1), 0.8)
    return 1 - larger(covered, SIDE)


def _from_outside(unlike: Mask, marks: Landmarks) -> Mask:
    """What is unlike skin and hangs together with what lies beyond the outline; moles and brows do not."""
    middle = marks[list(OVAL)].mean(axis=0)
    inside = np.zeros((HALF, HALF), np.uint8)
    cv2.fillPoly(inside, [np.round(middle + (marks[list(OVAL)] - middle) * 0.97).astype(np.int32)], 1)
    whole = marks * np.float32(2)
    parts = [hull(whole[list(part)], 2) for part in (*EYE_OPENINGS, *INNER_BROWS, LIPS)]
    own = smaller(np.asarray(np.max(parts, axis=0), np.float32), HALF) > 0.3
    dark = cv2.medianBlur((((unlike > 0.4) & ~own) | (inside == 0)).astype(np.uint8), 3)
    _, labels = cv2.connectedComponents(dark, connectivity=4)
    return np.where(labels == labels[0, 0], np.maximum(unlike, 1 - inside), 0).astype(np.float32)


def _samples(small: Floats, marks: Landmarks) -> Floats:
    """Pixels of the cheeks, the nose and between the brows: (n, 3)."""
    places = [*CHEEKS[0], *CHEEKS[1], 4, 5, 195, 9, 8, 108, 337]
    x, y = np.clip(np.round(marks[places]).astype(int), 1, HALF - 2).T
    return np.concatenate([small[y + dy, x + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)])


def _hair(small: Floats, solid: Mask, marks: Landmarks) -> tuple[Floats, Floats] | None:
    """Median and deviations of what is around the upper face, or None where there is nothing solid (bald)."""
    middle = marks[list(OVAL)].mean(axis=0)
    outer, inner = (np.zeros((HALF, HALF), np.uint8) for _ in range(2))
    for mask, grow in ((outer, 1.42), (inner, 1.14)):
        outline = middle + (marks[list(OVAL)] - middle) * grow
        cv2.fillPoly(mask, [np.round(outline).astype(np.int32)], 1)
    brow = marks[[*BROWS[0], *BROWS[1]], 1].min()
    rows = np.arange(HALF)[:, None] < brow
    there = (outer == 1) & (inner == 0) & (solid > 0.95) & rows
    if there.sum() < 40:
        return None
    pixels = small[there]
    tone = np.median(pixels, axis=0)
    wide = np.maximum(1.4826 * np.median(np.abs(pixels - tone), axis=0), (8.0, 3.0, 4.0))
    return tone.astype(np.float32), np.minimum(wide, (16.0, 7.0, 9.0)).astype(np.float32)
