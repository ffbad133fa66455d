"""Flaws of blending, made on purpose: each spoils a good face in one known way, mildly to plainly."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from pipeline.faces.head import SIDE, Head
from pipeline.faces.lab import lab_of, rgb_of
from pipeline.gallery.blending.anatomy import BROWS, EYE_OPENINGS, EYES, LIPS, LOWER, filled, hull, ring
from pipeline.gallery.blending.planes import Floats, Mask, blurred


@dataclass(frozen=True, eq=False)
class Spoiling:
    """What a corruption works on.

    Attributes:
        head: a good face.
        other: another head in the same frame, whose parts may show up where they should not.
        rng: decides how and how much.
    """

    head: Head
    other: Head
    rng: np.random.Generator

    @property
    def image(self) -> Floats:
        """The good face, float32, 0..255."""
        return self.head.image.astype(np.float32)


def ghost_brows(one: Spoiling) -> Floats:
    """Brows of somebody else shine through on the forehead."""
    up = round(one.rng.uniform(7, 16))
    marks = one.other.landmarks
    where = blurred(np.max([hull(marks[list(brow)], 3) for brow in BROWS], axis=0), 2.0)
    light = one.other.image.astype(np.float32)
    dark = np.minimum(light - blurred(light, 8), 0) * where[..., None]
    share = np.float32(one.rng.uniform(0.4, 0.9))
    return np.asarray(one.image + share * np.roll(dark, -up, axis=0), np.float32)


def hard_seam(one: Spoiling) -> Floats:
    """A part of somebody else's face, with its own tone and a sharp edge."""
    part = (EYES, LOWER)[one.rng.integers(2)]
    mask = part.mask(one.head.landmarks)[..., None]
    share = one.rng.uniform(0.5, 1.0)
    return _mixed(one.image, one.other.image.astype(np.float32), mask * np.float32(share))


def halo(one: Spoiling) -> Floats:
    """A light or dark line along the outline."""
    width = one.rng.uniform(1.0, 2.5)
    edge = cv2.Canny((one.head.alpha > 0.5).astype(np.uint8) * 255, 50, 150)
    line = np.clip(blurred(edge.astype(np.float32) / np.float32(255), width) * np.float32(2.5 * width), 0, 1)
    tint = one.rng.choice([30.0, 245.0]) + one.rng.normal(0, 10, 3)
    strength = np.float32(one.rng.uniform(0.45, 0.9))
    return _mixed(one.image, tint.astype(np.float32), line[..., None] * strength)


def other_tone(one: Spoiling) -> Floats:
    """A part of the face in another complexion."""
    part = (EYES, LOWER)[one.rng.integers(2)]
    mask = blurred(part.mask(one.head.landmarks), float(one.rng.uniform(1.0, 3.0)))[..., None]
    lab = lab_of(one.image)
    turn = one.rng.uniform(0, 2 * np.pi)
    light = one.rng.choice([-1, 1]) * one.rng.uniform(5, 12)
    lab = lab + mask * np.array([light, 8 * np.cos(turn), 8 * np.sin(turn)], np.float32)
    return rgb_of(lab)


def double_edges(one: Spoiling) -> Floats:
    """Everything in the face twice, a little apart."""
    turn, way = one.rng.uniform(0, 2 * np.pi), one.rng.uniform(3, 6)
    moved = np.roll(one.image, (round(way * np.sin(turn)), round(way * np.cos(turn))), axis=(0, 1))
    share = np.float32(one.rng.uniform(0.35, 0.5))
    mask = blurred(filled(ring(one.head.landmarks, 0.95)), 3.0)[..., None] * share
    return _mixed(one.image, moved, mask)


def blurred_part(one: Spoiling) -> Floats:
    """A part of the face, or all of it, out of focus."""
    marks = one.head.landmarks
    masks = (EYES.mask(marks), LOWER.mask(marks), filled(ring(marks, 0.95)))
    mask = blurred(masks[one.rng.integers(3)], 2.0)[..., None]
    return _mixed(one.image, blurred(one.image, float(one.rng.uniform(1.4, 2.6))), mask)


def odd_eyes(one: Spoiling) -> Floats:
    """One eye larger than the other, or out of place."""
    eye = EYE_OPENINGS[one.rng.integers(2)]
    points = one.head.landmarks[list(eye)]
    middle = points.mean(axis=0)
    grown = one.rng.choice([one.rng.uniform(0.7, 0.82), one.rng.uniform(1.22, 1.4)])
    turn, way = one.rng.uniform(0, 2 * np.pi), one.rng.uniform(1.5, 4)
    shift = middle + np.array([way * np.cos(turn), way * np.sin(turn)]) - grown * middle
    affine = np.array([[grown, 0, shift[0]], [0, grown, shift[1]]])
    moved = np.asarray(cv2.warpAffine(one.image, affine, (SIDE, SIDE), flags=cv2.INTER_CUBIC), np.float32)
    return _mixed(one.image, moved, blurred(hull(points, 6), 1.5)[..., None])


def double_mouth(one: Spoiling) -> Floats:
    """Somebody else's lips beside the face's own."""
    marks = one.other.landmarks
    mask = blurred(hull(marks[list(LIPS)], 3), 1.5)
    down = round(one.rng.choice([-1, 1]) * one.rng.uniform(4, 9))
    there = np.roll(mask, down, axis=0)[..., None] * np.float32(one.rng.uniform(0.4, 0.7))
    return _mixed(one.image, np.roll(one.other.image, down, axis=0).astype(np.float32), there)


def torn_hair(one: Spoiling) -> Floats:
    """Hair that ends at a straight line, as at the edge of a picture."""
    marks = one.head.landmarks
    level = round(float(one.rng.uniform(marks[10, 1], marks[152, 1])))
    side = one.rng.integers(2)
    cut: Mask = np.zeros((SIDE, SIDE), np.float32)
    edge = round(float(marks[234 if side == 0 else 454, 0]))
    if side == 0:
        cut[level:, : max(edge - 4, 0)] = 1
    else:
        cut[level:, edge + 4 :] = 1
    cut[round(float(marks[152, 1])) :] = 0
    return _mixed(one.image, one.image[4, 4], cut[..., None])


def _mixed(one: Floats, other: Floats, share: Floats) -> Floats:
    """So much of the other, the rest of the one."""
    return np.asarray(one * (1 - share) + other * share, np.float32)


CORRUPTIONS: Final[Mapping[str, Callable[[Spoiling], Floats]]] = {
    "ghost brows": ghost_brows,
    "hard seam": hard_seam,
    "halo": halo,
    "other tone": other_tone,
    "double edges": double_edges,
    "blur": blurred_part,
    "odd eyes": odd_eyes,
    "double mouth": double_mouth,
    "torn hair": torn_hair,
}


def spoilt(name: str, head: Head, other: Head, rng: np.random.Generator) -> Head:
    """The same head with the flaw of this name.

    Args:
        other: another head in the same frame.
    """
    image = CORRUPTIONS[name](Spoiling(head, other, rng))
    return replace(head, image=np.clip(np.rint(image), 0, 255).astype(np.uint8))
