"""One neutral gown for everybody, so that no lineup shows a suit beside a T-shirt."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.hair import CHIN, JAW_CORNERS, beard, beside_the_neck
from pipeline.faces.head import EYE_CORNERS, OVAL, SIDE, Head, Landmarks
from pipeline.faces.neck import bare_neck

# Drawn so many times larger, then shrunk: clean edges.
FINE: Final = 4
GREY: Final = (88.0, 90.0, 93.0)
"""RGB of the cloth where light falls on it squarely: the same for everybody."""
JAW: Final = OVAL[11:26]
"""Landmarks along the jaw, from the picture's right to its left."""

LOBES: Final = (132, 361)
"""Beside the ears' lower ends, the picture's left first."""

# Shares of the side. How far below the chin and the jaw the collar's edge lies at least;
BELOW_CHIN, BELOW_JAW = 0.052, 0.030
# how high the collar stands; where the shoulders leave the picture.
COLLAR: Final = 0.092
SHOULDERS: Final = 0.975
# From the arm at the picture's edge (0) to the neck (1): how far across, how far up.
ALONG: Final = (0.0, 0.10, 0.25, 0.45, 0.70, 0.88, 1.0)
RISE: Final = (0.0, 0.22, 0.42, 0.56, 0.70, 0.82, 1.0)
# An ear is so wide at most.
EAR: Final = 0.07
# Half the neck's width as a share of half the jaw's.
NECK: Final = 0.93

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Cut:
    """Where the gown lies, in pixels of a head's picture.

    Attributes:
        middle: x of the collar's middle.
        half: half the collar's width at its upper edge.
        top, side: y of the upper edge in front and at the sides.
    """

    middle: float
    half: float
    top: float
    side: float

    @classmethod
    def to_fit(cls, landmarks: Landmarks) -> "Cut":
        """The gown of whoever has this jaw."""
        left, right = landmarks[list(JAW_CORNERS)]
        chin = float(landmarks[CHIN, 1])
        # Of a turned head the jaw moves aside more than the neck does.
        middle = 0.5 * float(left[0] + right[0]) / 2 + 0.5 * SIDE / 2
        top = chin + BELOW_CHIN * SIDE
        side = chin - 0.28 * (chin - float(left[1] + right[1]) / 2)
        return cls(middle, NECK * float(right[0] - left[0]) / 2, top, side)

    def edge(self, landmarks: Landmarks) -> Floats:
        """The collar's upper edge from left to right, float32 (n, 2): half an ellipse, nowhere on the jaw."""
        turn = np.linspace(np.pi, 0.0, 65)
        x = self.middle + self.half * np.cos(turn)
        y = self.side + (self.top - self.side) * np.sin(turn) ** 0.9
        jaw = landmarks[list(JAW)]
        jaw = jaw[np.argsort(jaw[:, 0])]
        least = np.interp(x, jaw[:, 0], jaw[:, 1], left=0.0, right=0.0) + BELOW_JAW * SIDE
        return np.stack([x, _smooth(np.maximum(y, least))], 1).astype(np.float32)

    def seam(self, edge: Floats) -> Floats:
        """Where the collar is sewn to the gown, from left to right."""
        across = (edge[:, 0] - self.middle) / self.half
        x = self.middle + across * self.half * 1.10
        return np.stack([x, edge[:, 1] + COLLAR * SIDE * (1.0 - 0.22 * across**2)], 1).astype(np.float32)

    def shoulders(self, seam: Floats) -> Floats:
        """The outline of what is below the seam: down the left shoulder is reached from the left edge."""
        left = _shoulder((-12.0, SHOULDERS * SIDE), seam[0])
        right = _shoulder((SIDE + 12.0, SHOULDERS * SIDE), seam[-1])[::-1]
        return np.concatenate([left, seam, right, [(SIDE + 12, SIDE + 12), (-12, SIDE + 12)]]).astype(
            np.float32
        )


def with_garment(head: Head) -> Head:
    """Dress a head in the gown; what else there was of the body belongs to the wall afterwards.

    Hair that falls beside the neck stays above the shoulders and goes behind them; a beard stays before the
    collar. Where the matte of the result is 0 the picture shows the old wall, and grey where the body was:
    ``with_wall`` comes after.
    """
    cut = Cut.to_fit(head.landmarks)
    edge = cut.edge(head.landmarks)
    cloth, cover = _gown(cut, edge, head.landmarks)
    whiskers = beard(head)
    hair, neck = beside_the_neck(head), _neck(edge, head.landmarks)
    zone = (neck > 0) & (_filled(_grown(head.landmarks, 0.975)) < 0.5) & (whiskers < 0.3) & (hair < 0.5)
    image = bare_neck(head, zone) * _shadow_on_the_neck(edge, whiskers)[..., None]
    head_only = np.maximum(_above_the_lobes(head.landmarks), neck)
    kept = np.maximum.reduce([head_only, hair, whiskers])
    # What goes may not shine through the edges of what stays.
    gone = (head.alpha * (1.0 - kept))[..., None]
    image = image * (1.0 - gone) + np.asarray(GREY, np.float32) * gone
    alpha = head.alpha * kept
    cover = cover * (1.0 - whiskers * head.alpha)
    image = image * (1.0 - cover[..., None]) + cloth * cover[..., None]
    alpha = np.clip(alpha * (1.0 - cover) + cover, 0.0, 1.0).astype(np.float32)
    return Head(np.clip(np.rint(image), 0, 255).astype(np.uint8), head.landmarks, alpha)


def gown_over(landmarks: Landmarks) -> Floats:
    """Where ``with_garment`` puts the gown, 0..1: float32 (SIDE, SIDE), with a beard that hangs over it."""
    cut = Cut.to_fit(landmarks)
    edge = cut.edge(landmarks)
    seam = cut.seam(edge)
    cover = np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)
    _fill(cover, cut.shoulders(seam))
    _fill(cover, np.concatenate([edge, seam[::-1]]))
    return _shrunk(cover.astype(np.float32) / 255.0)


def _above_the_lobes(landmarks: Landmarks) -> Floats:
    """1 where all that is not wall is head: the face, and beside it what is above the ears' lobes."""
    eyes = float(landmarks[list(EYE_CORNERS), 1].mean())
    left, right = (
        landmarks[lobe] * [1.0, 0.6] + landmarks[corner] * [0.0, 0.4] + [aside * EAR * SIDE, 0.0]
        for lobe, corner, aside in zip(LOBES, JAW_CORNERS, (-1.0, 1.0), strict=True)
    )
    outer = [(SIDE + 2, (eyes + right[1]) / 2), right, left, (-2, (eyes + left[1]) / 2)]
    # The face's outline lies a little within the skin's.
    face = _filled(_grown(landmarks, 1.02))
    return np.maximum(_filled(np.array([(-2, -2), (SIDE + 2, -2), *outer])), face)


def _grown(landmarks: Landmarks, times: float) -> Floats:
    """The face's outline, larger or smaller."""
    oval = landmarks[list(OVAL)]
    return np.asarray(oval.mean(0) + (oval - oval.mean(0)) * times, np.float32)


def _neck(edge: Floats, landmarks: Landmarks) -> Floats:
    """1 between the jaw and the collar."""
    return _filled(
        np.concatenate([edge + np.array([0.0, 2.0], np.float32), landmarks[list(JAW_CORNERS)][::-1]])
    )


def _filled(outline: npt.NDArray[np.floating]) -> Floats:
    mask = np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)
    _fill(mask, outline)
    return _shrunk(cv2.GaussianBlur(mask, (0, 0), 0.8 * FINE).astype(np.float32) / 255.0)


def _gown(cut: Cut, edge: Floats, landmarks: Landmarks) -> tuple[Floats, Floats]:
    """The cloth's colours, float32 (SIDE, SIDE, 3) in 0..255, and where it is, 0..1."""
    seam = cut.seam(edge)
    body, collar = np.zeros((2, SIDE * FINE, SIDE * FINE), np.uint8)
    _fill(body, cut.shoulders(seam))
    _fill(collar, np.concatenate([edge, seam[::-1]]))
    light = _light_on_the_body(body, seam)
    light = np.where(collar > 0, _light_on_the_collar(cut, collar), light)
    light *= _seam_line(seam, 0.34) * np.where(collar > 0, 1.0, _raglan(cut, seam))
    # The chin keeps light from the collar.
    chin = np.zeros_like(body)
    _fill(chin, landmarks[list(OVAL)])
    away = cv2.distanceTransform(255 - chin, cv2.DIST_L2, 5) / FINE
    light *= 1.0 - 0.42 * np.exp(-away / (0.055 * SIDE))
    cover = np.maximum(body, collar).astype(np.float32) / 255.0
    cloth = _shrunk(np.clip(light, 0.0, 1.6)) * _weave()
    return cloth[..., None] * np.asarray(GREY, np.float32), _shrunk(cover)


def _light_on_the_body(body: npt.NDArray[np.uint8], seam: Floats) -> Floats:
    """Rounded at the shoulders, falling off downwards, with folds that hang from the collar."""
    inner = cv2.distanceTransform(cv2.copyMakeBorder(body, 0, 8, 8, 8, cv2.BORDER_REPLICATE), cv2.DIST_L2, 5)
    inner = inner[:-8, 8:-8] / FINE
    y, x = np.mgrid[0 : SIDE * FINE, 0 : SIDE * FINE].astype(np.float32) / (SIDE * FINE)
    light = 1.10 - 0.40 * np.exp(-inner / (0.03 * SIDE)) - 0.9 * np.clip(y - 0.88, 0, 1) - 0.10 * (x - 0.4)
    return np.asarray(light * _folds(x, y, seam), np.float32)


def _folds(x: Floats, y: Floats, seam: Floats) -> Floats:
    """Soft folds from the collar to the arms: sums of waves along the angle seen from below the chin."""
    middle, top = float(seam[:, 0].mean()) / SIDE, float(seam[:, 1].max()) / SIDE
    angle = np.arctan2(x - middle, y - top + 0.30)
    away = np.hypot(x - middle, y - top + 0.30)
    waves = 0.5 * np.sin(9.0 * angle + 2.1) + 0.35 * np.sin(17.0 * angle + 4.0 * away + 0.6)
    waves += 0.25 * np.sin(29.0 * angle - 6.0 * away + 1.7)
    return np.asarray(1.0 + 0.085 * waves * np.clip((away - 0.30) * 6.0, 0.0, 1.0), np.float32)


def _light_on_the_collar(cut: Cut, collar: npt.NDArray[np.uint8]) -> Floats:
    """A cylinder's, with a bright rim where the cloth is folded over."""
    x = np.arange(SIDE * FINE, dtype=np.float32) / FINE
    across = np.clip((x - cut.middle) / (cut.half * 1.10), -1.0, 1.0)
    round_ = 0.60 + 0.50 * np.sqrt(np.clip(1.0 - across**2, 0.0, 1.0)) - 0.03 * across
    inner = cv2.distanceTransform(collar, cv2.DIST_L2, 5) / FINE
    rim = 1.0 + 0.10 * np.exp(-(((inner - 1.6) / 0.9) ** 2)) - 0.22 * np.exp(-inner / 0.7)
    return np.asarray(round_[None] * rim, np.float32)


def _raglan(cut: Cut, seam: Floats) -> Floats:
    """The seams that run from the collar to the arms."""
    light = np.ones((SIDE * FINE, SIDE * FINE), np.float32)
    for start, aside in ((seam[14], -1.0), (seam[-15], 1.0)):
        t = np.linspace(0.0, 1.0, 17)[:, None]
        end = np.array([cut.middle + aside * 0.42 * SIDE, 1.05 * SIDE])
        bend = np.array([cut.middle + aside * 0.26 * SIDE, start[1] + 0.06 * SIDE])
        light *= _seam_line(
            ((1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end).astype(np.float32), 0.16
        )
    return light


def _seam_line(seam: Floats, depth: float) -> Floats:
    """Dark where two pieces are sewn together, by a share ``depth``, and a little bowed beside it."""
    line = np.full((SIDE * FINE, SIDE * FINE), 255, np.uint8)
    cv2.polylines(line, [_fixed(seam)], False, 0, 1, cv2.LINE_8, 4)
    away = cv2.distanceTransform(line, cv2.DIST_L2, 5) / FINE
    return np.asarray(1.0 - depth * (np.exp(-((away / 0.9) ** 2)) + 0.3 * np.exp(-away / 3.0)), np.float32)


def _shadow_on_the_neck(edge: Floats, whiskers: Floats) -> Floats:
    """What is left of the light on the skin just above the collar; a beard lies before it."""
    line = np.full((SIDE, SIDE), 255, np.uint8)
    cv2.polylines(line, [np.rint(edge).astype(np.int32)], False, 0, 1)
    away = cv2.distanceTransform(line, cv2.DIST_L2, 5)
    return np.asarray(1.0 - (1.0 - whiskers) * 0.38 * np.exp(-away / (0.012 * SIDE)), np.float32)


def _weave() -> Floats:
    """Cloth's grain, the same on every gown."""
    grain = np.random.default_rng(1).normal(0.0, 1.0, (SIDE, SIDE)).astype(np.float32)
    return np.asarray(1.0 + 0.014 * cv2.GaussianBlur(grain, (0, 0), 0.6) / 0.45, np.float32)


def _shoulder(arm: tuple[float, float], neck: npt.NDArray[np.floating]) -> Floats:
    """A shoulder's line from the arm, at the picture's edge, up to the neck."""
    share = np.linspace(0.0, 1.0, 49)
    rise = np.interp(share, ALONG, RISE)
    kernel = np.hanning(13)[1:-1] / np.hanning(13).sum()
    rise = np.convolve(np.pad(rise, 5, mode="reflect", reflect_type="odd"), kernel, "valid")
    start, end = np.asarray(arm, float), np.asarray(neck, float)
    return np.stack(
        [start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * rise], 1
    ).astype(np.float32)


def _smooth(y: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    padded = np.concatenate([np.full(4, y[0]), y, np.full(4, y[-1])])
    return np.convolve(padded, np.hanning(11)[1:-1] / np.hanning(11)[1:-1].sum(), "valid")


def _fixed(points: npt.NDArray[np.floating]) -> npt.NDArray[np.int32]:
    """For OpenCV's drawing with four bits behind the point, in the fine picture."""
    return np.asarray(np.rint(points * FINE * 16), np.int32)


def _fill(mask: npt.NDArray[np.uint8], outline: npt.NDArray[np.floating]) -> None:
    cv2.fillPoly(mask, [_fixed(outline)], 255, cv2.LINE_AA, 4)


def _shrunk(fine: Floats) -> Floats:
    return np.asarray(cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
