"""A pair of glasses on a face."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import SIDE, Head
from pipeline.gallery.blending.anatomy import EYE_OPENINGS
from pipeline.gallery.wearing.fitting import Fit
from pipeline.gallery.wearing.frame import Frame, drawn
from pipeline.gallery.wearing.glasses import Glasses
from pipeline.gallery.wearing.light import cover, lit, reflected
from pipeline.gallery.wearing.picture import blur, grain, hair_aside, skin

Floats = npt.NDArray[np.float32]

SHADOW: Final = 0.40
"""Share of the light that the rim keeps from the skin below it."""
EDGE: Final = 0.50
"""Cover of a lens's edge without a rim."""
PAD: Final = 0.30
OPEN_EYES: Final = 0.25
"""Share of the shadow that falls into open eyes: they lie deep."""
AMBIENT: Final = 150.0
"""Mean of the skin's RGB in a picture that is neither dark nor light."""


def with_glasses(head: Head, style: Glasses) -> Head:
    """Put glasses on a head that wears none.

    Nothing changes but what is behind the frame, within the lenses and in the frame's shadow. The same to
    the bit each time.
    """
    frame = drawn(style, Fit.to(head.landmarks))
    hidden = hair_aside(head)
    soft = blur(head)
    temples = cover(frame.temples) * (1.0 - hidden)
    front = cover(frame.front)
    image = _through_the_lenses(_in_shadow(head, frame, front, temples), style, frame)
    image = _over(image, _pad_colour(head), PAD * _soft(cover(frame.pads), soft))
    image = _over(image, _edge_colour(head), EDGE * _soft(cover(frame.edges), soft))
    exposed = float(np.clip(skin(head).mean() / AMBIENT, 0.75, 1.15)) ** 0.5
    for mask, shows, dimmed in ((frame.temples, 1.0 - hidden, 0.82), (frame.front, None, 1.0)):
        # Colours and cover are blurred alike: what remains is what a softer lens would have seen.
        weight = cover(mask) if shows is None else cover(mask) * shows
        colours = lit(style, mask, frame.half) * (exposed * dimmed)
        colours = colours if shows is None else colours * shows[..., None]
        weight, colours = _soft(weight, soft), _soft(colours, soft)
        image = image * (1.0 - weight[..., None]) + colours + (_grain(grain(head)) * weight)[..., None]
    alpha = np.maximum(head.alpha, _soft(np.maximum(front, temples), soft))
    return Head(np.clip(np.rint(image), 0, 255).astype(np.uint8), head.landmarks, alpha.astype(np.float32))


def _in_shadow(head: Head, frame: Frame, front: Floats, temples: Floats) -> Floats:
    """The face, with the frame's shadow on it: near and sharp at the nose, wider below."""
    part = np.maximum.reduce([front, 0.6 * cover(frame.pads), 0.35 * cover(frame.edges), 0.6 * temples])
    near = cv2.GaussianBlur(_lower(part, 1.2), (0, 0), 1.1)
    wide = cv2.GaussianBlur(_lower(part, 3.2), (0, 0), 2.2)
    dark = SHADOW * (0.65 * near + 0.75 * wide)
    eyes = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(eyes, [np.rint(head.landmarks[list(one)]).astype(np.int32) for one in EYE_OPENINGS], 255)
    dark *= 1.0 - (1.0 - OPEN_EYES) * cv2.GaussianBlur(eyes.astype(np.float32) / 255.0, (0, 0), 0.8)
    dark = np.where(dark < 0.004, 0.0, dark) * head.alpha
    # Light that went through skin is what remains in the shadow: it is a little red.
    return np.asarray(head.image * (1.0 - dark[..., None] * np.array([0.92, 1.0, 1.03])), np.float32)


def _through_the_lenses(image: Floats, style: Glasses, frame: Frame) -> Floats:
    lenses = cover(frame.lenses)
    image = image * (1.0 - style.tint * lenses[..., None])
    white = reflected(style, lenses)[..., None]
    return np.asarray(image * (1.0 - white) + np.array([236.0, 242.0, 250.0]) * white, np.float32)


def _edge_colour(head: Head) -> Floats:
    return np.asarray(skin(head) * 0.55 + 14.0, np.float32)


def _pad_colour(head: Head) -> Floats:
    return np.asarray(skin(head) * 0.8 + 40.0, np.float32)


def _over(image: Floats, colour: Floats, weight: Floats) -> Floats:
    return np.asarray(image * (1.0 - weight[..., None]) + colour * weight[..., None], np.float32)


def _lower(part: Floats, pixels: float) -> Floats:
    by = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, pixels]])
    return np.asarray(cv2.warpAffine(part, by, (SIDE, SIDE)), np.float32)


def _soft(part: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(part, (0, 0), sigma), np.float32)


def _grain(deviation: float) -> Floats:
    noise = np.random.default_rng(3).normal(0.0, 1.0, (SIDE, SIDE)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 0.6)
    return np.asarray(deviation * smooth / smooth.std(), np.float32)
