"""What of the glasses covers what, drawn four times larger."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import SIDE
from pipeline.gallery.wearing.fitting import Fit, Pixels
from pipeline.gallery.wearing.glasses import Glasses
from pipeline.gallery.wearing.outline import Front

FINE: Final = 4
"""Drawn so many times larger, then shrunk."""
SIDES: Final = (-1.0, 1.0)
WIRE: Final = 1.6
"""Millimetres of wire where there is no rim."""

Mask = npt.NDArray[np.uint8]
"""uint8 (FINE * SIDE, FINE * SIDE): 0 or 255."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Masks of the parts.

    Attributes:
        front: rims, bridge and end pieces.
        temples: what runs back to the ears.
        lenses: within the rims.
        edges: of lenses without a rim: thin and mostly clear.
        pads: beside the nose.
        half: half the front's thickness in fine pixels.
    """

    front: Mask
    temples: Mask
    lenses: Mask
    edges: Mask
    pads: Mask
    half: float


def drawn(style: Glasses, fit: Fit) -> Frame:
    """Draw the parts of a pair on a face."""
    front, temples, lenses, edges, pads = (_blank() for _ in range(5))
    shape, scale = Front.of(style), fit.scale * FINE
    rim = style.thickness * scale
    wire = (style.thickness if style.rim != "rimless" else WIRE) * scale
    for side, ear in zip(SIDES, fit.temples, strict=True):
        outline = fit.placed(shape.lens, side)
        _fill(lenses, outline)
        if style.rim == "rimless":
            _line(edges, outline, 0.8 * scale, closed=True)
        elif style.rim == "half":
            _line(edges, outline, 0.7 * scale, closed=True)
            _line(front, _upper(fit, shape, side), rim)
        else:
            _line(front, outline, rim, closed=True)
            if style.plastic:  # broader above
                _line(front, _upper(fit, shape, side), rim * 1.22)
        _end_piece(front, style, shape, fit, side)
        start = fit.placed(shape.hinge[None], side)[0]
        if (ear[0] - start[0]) * side > 0:  # else the face is narrower than the glasses
            tall = style.thickness * 1.15 if style.plastic else 1.5
            end = np.array([ear[0], start[1] + 1.0 * fit.scale])
            _line(temples, np.stack([start, end]), tall * scale)
        if style.pads:
            _pad(pads, fit, side, scale)
    _bridge(front, style, shape, fit, wire)
    lenses[front > 0] = 0
    return Frame(front, temples, lenses, edges, pads, max(wire / 2, 1.0))


def _upper(fit: Fit, shape: Front, side: float) -> Pixels:
    """The lens's outline above, from the nose to the temple."""
    above = shape.lens[shape.lens[:, 1] < shape.middle - 0.5]
    return fit.placed(above[np.argsort(np.arctan2(above[:, 1] - shape.middle, above[:, 0] - 35.0))], side)


def _end_piece(front: Mask, style: Glasses, shape: Front, fit: Fit, side: float) -> None:
    """From the rim to the hinge."""
    root = shape.hinge - [6.5, 0.0]
    tall = (style.thickness * 1.35 if style.plastic else 2.0) * fit.scale * FINE
    _line(front, fit.placed(np.stack([root, shape.hinge]), side), tall)


def _bridge(front: Mask, style: Glasses, shape: Front, fit: Fit, wire: float) -> None:
    """Between the lenses: an arch; aviators have a bar above it."""
    x, y = shape.inner
    along = np.linspace(-1.0, 1.0, 33)
    arch = 2.6 if style.plastic else 2.0
    points = np.stack([along * (x + 0.4), y - arch * (1 - along**2)], 1)
    _line(front, fit.placed(points, 1.0), wire * (1.25 if style.plastic else 0.95))
    if style.shape == "aviator":
        top = float(shape.lens[:, 1].min())
        bar = np.stack([along * (x + 5.5), np.full(33, top + 1.5) - 0.8 * (1 - along**2)], 1)
        _line(front, fit.placed(bar, 1.0), wire * 0.9)


def _pad(pads: Mask, fit: Fit, side: float, scale: float) -> None:
    """A drop of clear silicone beside the nose."""
    at = fit.placed(np.array([[8.2, 6.0]]), side)[0]
    centre = tuple(int(v) for v in np.rint(at * FINE))
    axes = (max(round(1.0 * scale), 1), max(round(3.0 * scale), 1))
    cv2.ellipse(pads, centre, axes, -14.0 * side, 0, 360, 255, -1, cv2.LINE_AA)


def _blank() -> Mask:
    return np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)


def _fill(mask: Mask, outline: Pixels) -> None:
    cv2.fillPoly(mask, [_fixed(outline)], 255, cv2.LINE_AA, 4)


def _line(mask: Mask, points: Pixels, thickness: float, *, closed: bool = False) -> None:
    cv2.polylines(mask, [_fixed(points)], closed, 255, max(round(thickness), 1), cv2.LINE_AA, 4)


def _fixed(points: Pixels) -> npt.NDArray[np.int32]:
    """For OpenCV's drawing with four bits behind the point; pixel centres stay where they are."""
    return np.asarray(np.rint(((points + 0.5) * FINE - 0.5) * 16), np.int32)
