"""Heads of nobody, drawn: an oval of skin with hair above it."""

import cv2
import numpy as np

from pipeline.faces.head import EYE_LINE, FACE, OVAL, SIDE, Head

SKIN, DARK, FAIR, WALL = (205, 160, 135), (35, 28, 25), (215, 190, 120), (200, 205, 210)


def landmarks() -> np.ndarray:
    """A face of the usual size, where a head has it: the outline an ellipse, all else about its middle."""
    middle = np.array([SIDE / 2, SIDE * (EYE_LINE + 0.06)])
    angles = np.linspace(-np.pi / 2, 1.5 * np.pi, len(OVAL), endpoint=False)
    radii = np.array([0.87, 1.15]) * FACE * SIDE / np.sqrt(np.pi)
    points = middle + np.random.default_rng(3).uniform(-0.5, 0.5, (468, 2)) * radii
    points[list(OVAL)] = middle + np.stack([np.cos(angles), np.sin(angles)], 1) * radii
    for number, (x, y) in {33: (-22, 0), 133: (-8, 0), 362: (8, 0), 263: (22, 0), 1: (0, 22)}.items():
        points[number] = SIDE / 2 + x, SIDE * EYE_LINE + y
    for number, (x, y) in {61: (-14, 40), 291: (14, 40), 13: (0, 39), 14: (0, 41)}.items():
        points[number] = SIDE / 2 + x, SIDE * EYE_LINE + y
    return np.asarray(points, np.float32)


def head(hair: tuple[int, int, int] = DARK, seed: int = 0, *, grey: bool = False) -> Head:
    """A head with hair of a colour; the seed changes light and noise a little."""
    rng, marks = np.random.default_rng(seed), landmarks()
    image = np.full((SIDE, SIDE, 3), WALL, np.uint8)
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    face = np.round(marks[list(OVAL)]).astype(np.int32)
    middle = face.mean(0)
    around = np.round(middle + (face - middle) * [1.25, 1.3] - [0, 12]).astype(np.int32)
    for points, colour in ((around, hair), (face, SKIN)):
        cv2.fillPoly(image, [points], colour)
        cv2.fillPoly(alpha, [points], 255)
    for eye in (marks[[33, 133]].mean(0), marks[[362, 263]].mean(0)):
        cv2.circle(image, (round(float(eye[0])), round(float(eye[1]))), 5, (50, 40, 40), -1)
    x = image * rng.uniform(0.85, 1.1) + rng.normal(0, 3, image.shape)
    if grey:
        x = np.repeat(x.mean(axis=2, keepdims=True), 3, axis=2)
    return Head(np.clip(x, 0, 255).astype(np.uint8), marks, alpha.astype(np.float32) / np.float32(255))
