"""Whether a head is good enough to give something to a face: each refusal with its reason and figure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from pipeline.faces.head import OVAL, SIDE, Head, Landmarks
from pipeline.faces.lab import lab_of
from pipeline.gallery.blending.anatomy import EYE_OPENINGS, filled, ring
from pipeline.gallery.blending.planes import Floats, Mask, fine, grown
from pipeline.gallery.blending.traits import Traits, sides, traits_of, unevenness


class Fault(StrEnum):
    """Why a portrait is refused."""

    PROFILE = "turned to the side"
    PITCH = "looks up or down"
    EYES_CLOSED = "eyes closed or squinting"
    GAZE = "does not look ahead"
    MOUTH_OPEN = "mouth wide open"
    HARD_LIGHT = "hard shadows or light from one side"
    DARK = "too dark"
    BRIGHT = "too bright"
    CAST = "strong colour cast or over-saturated"
    GREY = "greyscale"
    BLURRED = "blurred"
    SMALL = "too few pixels"
    PAINTED = "flat as if painted"
    CUT_OFF = "head or hair ends at the picture's edge"
    REPEATED = "the picture's edge is repeated beside the head"
    FRINGE = "the wall's colour shines through the hair"
    HEADWEAR = "headwear or hair of no natural colour"
    COVERED = "hair or something else over the brows"
    HOLES = "the head is not cut out whole"


@dataclass(frozen=True)
class Finding:
    """One fault of one head.

    Attributes:
        figure: what was measured.
        limit: what it would have to be at most, or at least where the figure is lower.
    """

    fault: Fault
    figure: float
    limit: float

    @property
    def excess(self) -> float:
        """How far beyond the limit it is, in limits: 1.2 is a fifth too much, or too little."""
        beyond = self.figure / self.limit
        return beyond if beyond > 1 else 1 / max(beyond, 1e-6)


MOST_YAW: Final = 12.0
LEAST_PITCH, MOST_PITCH = -9.0, 22.0
LEAST_EYES: Final = 0.17
LEAST_CONTRAST: Final = 16.0
MOST_GAP: Final = 0.42
MOST_ASIDE: Final = 0.07
"""Of an eye's width: how far the irises' middle may lie from the openings' middle."""
MOST_SIDES: Final = 17.0
MOST_UNEVEN: Final = 25.0
MOST_SHADING: Final = 17.0
LEAST_LIGHT, MOST_LIGHT = 27.0, 84.0
LEAST_CHROMA, MOST_CHROMA = 8.0, 41.0
LEAST_SHARPNESS: Final = 2.0
LEAST_RESOLUTION: Final = 0.29
BUST: Final = 200
"""Rows from here on show clothes."""
LEAST_GRAIN: Final = 0.22
MOST_TOUCHING: Final = 12
MOST_REPEATED: Final = 34
MOST_UNDER_A_GOWN: Final = 60
"""The same where a gown hides all of them, as hair ends above."""
MOST_FRINGE: Final = 13.0
MOST_UNNATURAL: Final = 0.4
MOST_COVERED: Final = 0.45
MOST_HOLES: Final = 0.03


def faults_of(head: Head, traits: Traits | None = None) -> list[Finding]:
    """Why a head can give nothing to a face; empty where it can.

    Args:
        traits: the head's, where they are measured already.
    """
    traits = traits or traits_of(head)
    lightness, marks = lab_of(head.image)[..., 0], head.landmarks
    light, chroma = float(traits.tone[0]), float(np.linalg.norm(traits.tone[1:]))
    return _over(
        (Fault.PROFILE, abs(traits.yaw), MOST_YAW),
        (Fault.PITCH, traits.pitch, MOST_PITCH),
        (Fault.MOUTH_OPEN, traits.gap, MOST_GAP),
        (Fault.GAZE, aside(lightness, marks), MOST_ASIDE),
        (Fault.HARD_LIGHT, abs(sides(traits)), MOST_SIDES),
        (Fault.HARD_LIGHT, float(traits.shading[:, 0].std()), MOST_SHADING),
        (Fault.HARD_LIGHT, unevenness(traits), MOST_UNEVEN),
        (Fault.BRIGHT, light, MOST_LIGHT),
        (Fault.CAST, chroma, MOST_CHROMA),
        (Fault.COVERED, traits.covered, MOST_COVERED),
    ) + _under(
        (Fault.PITCH, traits.pitch, LEAST_PITCH),
        (Fault.EYES_CLOSED, traits.eyes, LEAST_EYES),
        (Fault.EYES_CLOSED, contrast(lightness, marks), LEAST_CONTRAST),
        (Fault.SMALL, resolution(lightness, head.alpha), LEAST_RESOLUTION),
        (Fault.DARK, light, LEAST_LIGHT),
        (Fault.GREY, chroma, LEAST_CHROMA),
        (Fault.BLURRED, traits.sharpness, LEAST_SHARPNESS),
        (Fault.PAINTED, grain(lightness, marks), LEAST_GRAIN),
    )


def faults_of_donor(head: Head, *, gown: bool = False) -> list[Finding]:
    """Why a head can give no hair and outline, beside ``faults_of``; empty where it can.

    Args:
        gown: the hair is short and a gown will be worn: what is below the chin is never seen.
    """
    lab = lab_of(head.image)
    face = filled(ring(head.landmarks, 0.97)) > 0.5
    return _over(
        (Fault.CUT_OFF, float(touching(head)), MOST_TOUCHING),
        (Fault.REPEATED, float(repeated(head)), MOST_UNDER_A_GOWN if gown else MOST_REPEATED),
        (Fault.FRINGE, fringe(lab, head), MOST_FRINGE),
        (Fault.HEADWEAR, unnatural(lab, head), MOST_UNNATURAL),
        (Fault.HOLES, float((head.alpha[face] < 0.9).mean()), MOST_HOLES),
    )


def _over(*measured: tuple[Fault, float, float]) -> list[Finding]:
    return [Finding(*found) for found in measured if found[1] > found[2]]


def _under(*measured: tuple[Fault, float, float]) -> list[Finding]:
    return [Finding(*found) for found in measured if found[1] < found[2]]


def aside(light: Floats, landmarks: Landmarks) -> float:
    """How far both irises lie off the middle of the eyes, in widths of an eye: the mean of both eyes."""
    places = []
    for opening in EYE_OPENINGS:
        outline = landmarks[list(opening)]
        inside = filled(outline) > 0.5
        if inside.sum() < 8:
            return 0.0
        x = np.nonzero(inside)[1]
        white = np.percentile(light[inside], 90)
        dark = np.square(white - np.minimum(light[inside], white))
        low, high = outline[:, 0].min(), outline[:, 0].max()
        places.append(float((np.average(x, weights=dark + 1e-3) - (low + high) / 2) / (high - low)))
    return abs(float(np.mean(places)))


def contrast(light: Floats, landmarks: Landmarks) -> float:
    """L* between the darkest and the lightest of the openings of the eyes, of the eye with less of it.

    Landmarks of closed eyes are found open; there is neither white nor iris then.
    """
    inside = [light[filled(landmarks[list(eye)]) > 0.5] for eye in EYE_OPENINGS]
    return min(float(np.ptp(np.percentile(eye, (10, 90)))) if eye.size else 0.0 for eye in inside)


def resolution(light: Floats, alpha: Mask) -> float:
    """Share of the detail that is of the finest kind: a photograph that was enlarged has little of it.

    Measured on head and hair: 0.28 in the median where the eyes were some 30 pixels apart, 0.33 where they
    were 70 or more.
    """
    solid = alpha > 0.9
    solid[BUST:] = False
    if not solid.any():
        return 0.0
    finest, all_of_it = (float(np.abs(fine(light, radius)[solid]).mean()) for radius in (0.6, 1.5))
    return finest / max(all_of_it, 1e-6)


def grain(light: Floats, landmarks: Landmarks) -> float:
    """Strength of the finest detail of the cheeks, L*: skin has pores, the photograph noise."""
    detail = np.abs(fine(light, 1.0))
    x, y = np.round(landmarks[[50, 280, 205, 425, 101, 330]]).astype(int).T
    patches = [detail[b - 4 : b + 5, a - 4 : a + 5].mean() for a, b in zip(x, y, strict=True)]
    return float(np.median(patches))


def touching(head: Head) -> int:
    """Pixels of the head on the picture's top edge, and on the sides above the chin."""
    chin = int(np.clip(head.landmarks[152, 1], 1, SIDE))
    edges = (head.alpha[0], head.alpha[:chin, 0], head.alpha[:chin, -1])
    return int(sum((edge > 0.5).sum() for edge in edges))


def repeated(head: Head) -> int:
    """Rows at the bottom that show the picture's last row again, and columns beside the head likewise."""
    grey = head.image.astype(np.float32).mean(axis=-1)
    down = np.abs(np.diff(grey, axis=0))
    still = np.median(down[:, SIDE // 5 : -SIDE // 5], axis=1) < 0.6
    varied = np.abs(np.diff(grey[:, SIDE // 5 : -SIDE // 5], axis=1)).mean(axis=1)[1:] > 0.8
    lines = (still & varied)[::-1]
    return int(np.argmin(np.append(lines, False)))


def fringe(lab: Floats, head: Head) -> float:
    """How much nearer to the wall's tint the hair's edge is than the hair behind it (a*, b*)."""
    above = np.arange(SIDE)[:, None] < head.landmarks[152, 1]
    solid = head.alpha > 0.97
    deep = grown(solid.astype(np.float32), -6) > 0.5
    outline = filled(ring(head.landmarks, 1.12)) < 0.5
    edge, behind = solid & ~deep & above & outline, deep & above & outline
    wall = (head.alpha < 0.03) & above
    if min(edge.sum(), behind.sum(), wall.sum()) < 30:
        return 0.0
    tint = [lab[place][:, 1:].mean(axis=0) for place in (edge, behind, wall)]
    way = tint[2] - tint[1]
    return float((tint[0] - tint[1]) @ way / max(float(np.linalg.norm(way)), 1.0))


def unnatural(lab: Floats, head: Head) -> float:
    """Share of what is above the face and beside it in colours that hair does not have: green, blue, pink."""
    top = head.landmarks[list(OVAL), 1].min()
    rows = np.arange(SIDE)[:, None] < (top + head.landmarks[152, 1]) / 2
    hair = (head.alpha > 0.95) & rows & (filled(ring(head.landmarks, 1.1)) < 0.5)
    if hair.sum() < 100:
        return 0.0
    light, red, yellow = lab[hair].T
    odd = (red < -5) | (yellow < -9) | ((red > 14) & (yellow < 0.5 * red)) | (np.hypot(red, yellow) > 55)
    return float((odd & (light > 8)).mean())
