"""Light on a frame: it comes from above, and everything is round."""

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import SIDE
from pipeline.gallery.wearing.frame import FINE, Mask
from pipeline.gallery.wearing.glasses import Glasses

Floats = npt.NDArray[np.float32]

MOTTLES, GLINTS = 1.7, 7.0
"""Pixels over which tortoiseshell's colour varies, and what is mirrored in a frame."""


def lit(style: Glasses, mask: Mask, half: float) -> Floats:
    """Colours of a frame's part, float32 (SIDE, SIDE, 3) in 0..255, weighed with its cover.

    Args:
        style: its colour and what it is of.
        mask: where it is.
        half: half its thickness in fine pixels.
    """
    left, top, right, bottom = _around(mask)
    part = np.s_[top * FINE : bottom * FINE, left * FINE : right * FINE]
    mask = mask[part]
    away = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    inner = np.minimum(away, np.float32(half))
    inner = cv2.GaussianBlur(inner, (0, 0), 0.8)
    upwards = cv2.Sobel(inner, cv2.CV_32F, 0, 1, ksize=3) / 8.0
    # The normal's part that points up: all of it at an upper edge, none in the middle.
    tilt = np.clip(upwards, -1.0, 1.0) * np.clip(1.0 - inner / half * 0.85, 0.0, 1.0)
    # Metal mirrors the ground below it as well as the lamp above.
    light = 0.92 + 0.55 * tilt if style.plastic else 0.72 + 0.75 * tilt
    around = _uneven(GLINTS, 5)[part]
    bright = (210.0 if style.plastic else 230.0) * np.clip(0.35 + 1.1 * around, 0.0, 1.4)
    gloss = bright * np.clip(tilt, 0.0, 1.0) ** 1.3
    mottled = 1.0 + style.mottled * _uneven(MOTTLES, 2)[part]
    # What a frame mirrors is not the same all along it.
    colour = np.asarray(style.colour, np.float32) * (mottled * (1.0 + 0.16 * around))[..., None]
    fine = np.clip(colour * light[..., None] + gloss[..., None], 0.0, 255.0)
    whole = np.zeros((SIDE, SIDE, 3), np.float32)
    shown = shrunk(fine * (mask.astype(np.float32) / 255.0)[..., None])
    whole[top : top + shown.shape[0], left : left + shown.shape[1]] = shown
    return whole


def shrunk(fine: Floats) -> Floats:
    """The mean of every FINE x FINE pixels, float32."""
    size = fine.shape[1] // FINE, fine.shape[0] // FINE
    return np.asarray(cv2.resize(np.asarray(fine, np.float32), size, interpolation=cv2.INTER_AREA))


def cover(mask: Mask) -> Floats:
    """How much of every pixel a part covers, 0..1."""
    return shrunk(mask.astype(np.float32) / 255.0)


def reflected(style: Glasses, lenses: Floats) -> Floats:
    """Share of white on the lenses, float32 (SIDE, SIDE): soft, above and where the light comes from."""
    if not style.reflection:
        return np.zeros((SIDE, SIDE), np.float32)
    found = np.zeros((SIDE, SIDE), np.float32)
    x, y = np.meshgrid(np.arange(SIDE, dtype=np.float32), np.arange(SIDE, dtype=np.float32))
    count, labels, boxes, _ = cv2.connectedComponentsWithStats((lenses > 0.5).astype(np.uint8))
    for number in range(1, count):
        left, top, wide, high = (float(v) for v in boxes[number, :4])
        side = (x - left - wide / 2) / wide * np.sign(style.reflection)
        along = side + 0.9 * (y - top - high / 2) / high
        band = np.exp(-(((along + 0.62) / 0.16) ** 2)) + 0.5 * np.exp(-(((along - 0.72) / 0.12) ** 2))
        found = np.where(labels == number, band, found)
    return np.asarray(abs(style.reflection) * cv2.GaussianBlur(found, (0, 0), 0.8) * lenses, np.float32)


def _around(mask: Mask) -> tuple[int, int, int, int]:
    """The least box of whole pixels around a part and a margin: left, top, right, bottom."""
    x, y, wide, high = cv2.boundingRect(mask)
    low, up = (min(SIDE, -(-edge // FINE) + 2) for edge in (x + wide, y + high))
    return max(0, x // FINE - 2), max(0, y // FINE - 2), low, up


@cache
def _uneven(pixels: float, seed: int) -> Floats:
    """What varies over so many pixels: in the fine picture, float32 of mean 0, within -1..1."""
    noise = np.random.default_rng(seed).normal(0.0, 1.0, (SIDE, SIDE)).astype(np.float32)
    blots = cv2.GaussianBlur(noise, (0, 0), pixels)
    blots = np.tanh(blots / blots.std())
    return np.asarray(cv2.resize(blots, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_LINEAR), np.float32)
