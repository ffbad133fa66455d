"""Heads drawn from a seed: nobody, and no picture of anybody, but with skin, features, hair and landmarks."""

from typing import Final

import cv2
import numpy as np

from pipeline.faces.head import EYE_LINE, OVAL, SIDE, Head

WALL: Final = (178, 184, 190)
CLOTH: Final = (90, 92, 95)


def drawn_head(seed: int, *, skin: tuple[int, int, int] = (205, 160, 138), mouth_gap: float = 0.0) -> Head:
    """A head whose tones, features and texture vary a little with the seed."""
    rng = np.random.default_rng(seed)
    points = _landmarks(rng, mouth_gap)
    image: np.ndarray = np.full((SIDE, SIDE, 3), WALL, np.float32)
    alpha = np.zeros((SIDE, SIDE), np.float32)
    middle, eyes = SIDE / 2, EYE_LINE * SIDE
    hair = np.array([70, 52, 40]) + rng.normal(0, 4, 3)
    for colour, centre, axes in (
        (CLOTH, (middle, SIDE + 18), (100 + rng.normal(0, 2), 62)),
        (hair, (middle, eyes - 12), (60 + rng.normal(0, 2), 74 + rng.normal(0, 2))),
    ):
        mask = _ellipse(centre, axes)
        image = image * (1 - mask[..., None]) + np.asarray(colour, np.float32) * mask[..., None]
        alpha = np.maximum(alpha, mask)
    strands = cv2.GaussianBlur(rng.standard_normal((SIDE, SIDE)), (0, 0), 0.8, sigmaY=4.0) * 40
    image += (strands * _ellipse((middle, eyes - 12), (60, 74)))[..., None]
    face = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(face, [points[list(OVAL)].round().astype(np.int32)], 255, cv2.LINE_AA)
    mask = face.astype(np.float32)[..., None] / 255
    tone = np.asarray(skin, np.float32) + rng.normal(0, 3, 3)
    light = 1 + 0.08 * (np.arange(SIDE) - middle)[None, :, None] / 50
    pores = cv2.GaussianBlur(rng.standard_normal((SIDE, SIDE)), (0, 0), 0.6)[..., None] * 4
    image = image * (1 - mask) + (tone * light + pores) * mask
    _draw_features(image, points, rng)
    image = image * alpha[..., None] + np.asarray(WALL, np.float32) * (1 - alpha[..., None])
    return Head(np.clip(image + 0.5, 0, 255).astype(np.uint8), points, alpha)


def with_image(head: Head, image: np.ndarray) -> Head:
    """The head with another picture; before the wall and in the clothes that it had."""
    own = head.alpha * (np.arange(SIDE)[:, None] < head.landmarks[152, 1] + 4)
    mixed = image.astype(np.float32) * own[..., None] + head.image * (1 - own[..., None])
    return Head(np.clip(mixed + 0.5, 0, 255).astype(np.uint8), head.landmarks, head.alpha)


def _ellipse(centre: tuple[float, float], axes: tuple[float, float]) -> np.ndarray:
    y, x = np.mgrid[:SIDE, :SIDE]
    away = np.hypot((x - centre[0]) / axes[0], (y - centre[1]) / axes[1])
    return np.asarray(np.clip((1 - away) * min(axes) + 0.5, 0, 1), np.float32)


def _landmarks(rng: np.random.Generator, mouth_gap: float) -> np.ndarray:
    middle, eyes = SIDE / 2, EYE_LINE * SIDE
    points = np.tile(np.array([middle, eyes + 20], np.float32), (468, 1))
    turn = np.linspace(0, 2 * np.pi, len(OVAL), endpoint=False)
    wide, high = 48 + rng.normal(0, 1), 66 + rng.normal(0, 1)
    points[list(OVAL)] = np.stack([middle + wide * np.sin(turn), eyes + 12 - high * np.cos(turn)], 1)
    for side, corners, lids, brow in (
        (-1, (33, 133), (159, 145), (70, 63, 105, 66, 107, 55, 46)),
        (1, (263, 362), (386, 374), (300, 293, 334, 296, 336, 285, 276)),
    ):
        x = middle + side * 21
        points[list(corners)] = [(x + side * 9, eyes), (x - side * 9, eyes)]
        points[list(lids)] = [(x, eyes - 3.2), (x, eyes + 3.2)]
        across = np.linspace(11, -11, len(brow))
        points[list(brow)] = np.stack([x + side * across, np.full(len(brow), eyes - 12)], 1)
    mouth, half = eyes + 46, 18.0
    gap = mouth_gap * 2 * half
    points[[61, 291]] = [(middle - half, mouth), (middle + half, mouth)]
    points[[13, 14]] = [(middle, mouth - gap / 2), (middle, mouth + gap / 2)]
    points[[0, 37, 267, 40, 270]] = [(middle + d, mouth - 5) for d in (0, -6, 6, -12, 12)]
    points[[17, 84, 314, 91, 321]] = [(middle + d, mouth + 6) for d in (0, -6, 6, -12, 12)]
    points[[1, 2, 4]] = [(middle, eyes + 26), (middle, eyes + 30), (middle, eyes + 22)]
    points[[98, 327, 64, 294]] = [(middle + d, eyes + 27) for d in (-8, 8, -10, 10)]
    cheeks = {50: (-30, 22), 280: (30, 22), 205: (-25, 30), 425: (25, 30), 101: (-22, 16), 330: (22, 16)}
    cheeks |= {36: (-19, 22), 266: (19, 22), 117: (-28, 14), 346: (28, 14)}
    forehead = {151: (0, -34), 9: (0, -22), 108: (-12, -30), 337: (12, -30), 69: (-22, -26), 299: (22, -26)}
    for mark, (dx, dy) in (cheeks | forehead).items():
        points[mark] = (middle + dx, eyes + dy)
    return points


def _draw_features(image: np.ndarray, points: np.ndarray, rng: np.random.Generator) -> None:
    dark = tuple(float(v) for v in np.array([55, 42, 36]) + rng.normal(0, 3, 3))
    lips = tuple(float(v) for v in np.array([168, 92, 92]) + rng.normal(0, 3, 3))
    for corners, brow in (((33, 133), (70, 107)), ((362, 263), (336, 300))):
        eye = points[list(corners)].mean(0).round().astype(int)
        cv2.ellipse(image, tuple(map(int, eye)), (9, 4), 0, 0, 360, (235, 232, 228), -1, cv2.LINE_AA)
        cv2.circle(image, tuple(map(int, eye)), 4, dark, -1, cv2.LINE_AA)
        cv2.ellipse(image, tuple(map(int, eye)), (10, 5), 0, 180, 360, dark, 1, cv2.LINE_AA)
        a, b = (tuple(int(v) for v in points[m].round()) for m in brow)
        cv2.line(image, a, b, dark, 3, cv2.LINE_AA)
    mouth = points[[61, 291]].mean(0).round().astype(int)
    cv2.ellipse(image, tuple(map(int, mouth)), (18, 5), 0, 0, 360, lips, -1, cv2.LINE_AA)
    cv2.line(
        image, (int(mouth[0]) - 17, int(mouth[1])), (int(mouth[0]) + 17, int(mouth[1])), dark, 1, cv2.LINE_AA
    )
    for side in (-1, 1):
        nostril = (int(SIDE / 2 + side * 6), int(points[2, 1]))
        cv2.ellipse(image, nostril, (4, 2), 0, 0, 360, dark, -1, cv2.LINE_AA)
