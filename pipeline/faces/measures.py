"""What the landmarks of a face say: how the head is turned, whether eyes and mouth are open."""

from typing import Final

import numpy as np

from pipeline.faces.head import OVAL, Landmarks

OUTER_CORNERS: Final[tuple[int, int]] = (33, 263)
"""Of the eyes, the one on the picture's left first."""
CHEEKS: Final = (234, 454)
"""Where the face ends before the ears."""
NOSE, FOREHEAD, CHIN = 1, 10, 152

# Fitted on 1,397 portraits against the angles that the mesh's own depth gives; on 150 others the residual is
# 0.7 degrees of yaw and 3.2 of pitch.
YAW_PER_ASYMMETRY: Final = 0.597
PITCH_LEVEL, PITCH_PER_EARS = 31.2, -217.5


def roll(landmarks: Landmarks) -> float:
    """Degrees by which the line through the eyes falls to the picture's right."""
    across = landmarks[OUTER_CORNERS[1]] - landmarks[OUTER_CORNERS[0]]
    return float(np.degrees(np.arctan2(across[1], across[0])))


def yaw(landmarks: Landmarks) -> float:
    """Rough degrees by which the face looks to the picture's right."""
    across = _across(landmarks)
    left, nose, right = (float(landmarks[number] @ across) for number in (CHEEKS[0], NOSE, CHEEKS[1]))
    asymmetry = (2.0 * nose - left - right) / (right - left)
    return YAW_PER_ASYMMETRY * float(np.degrees(np.arcsin(np.clip(asymmetry, -1.0, 1.0))))


def pitch(landmarks: Landmarks) -> float:
    """Rough degrees by which the face looks down; some 8 for a camera at the eyes' height."""
    down = _across(landmarks)[::-1] * [-1.0, 1.0]
    height = float((landmarks[CHIN] - landmarks[FOREHEAD]) @ down)
    ears = landmarks[list(CHEEKS)].mean(0) - landmarks[[33, 133, 362, 263]].mean(0)
    return PITCH_LEVEL + PITCH_PER_EARS * float(ears @ down) / height


def eye_openings(landmarks: Landmarks) -> tuple[float, float]:
    """How far the eyes are open, the picture's left one first: height over width. Under 0.13: closed."""
    return (_share(landmarks, (159, 145), (33, 133)), _share(landmarks, (386, 374), (362, 263)))


def mouth_gap(landmarks: Landmarks) -> float:
    """How far the lips are apart, as a share of the mouth's width."""
    return _share(landmarks, (13, 14), (61, 291))


def mouth_width(landmarks: Landmarks) -> float:
    """Width of the mouth, in distances between the outer corners of the eyes: a smile is wide."""
    return _share(landmarks, (61, 291), OUTER_CORNERS)


def oval_area(landmarks: Landmarks) -> float:
    """Square pixels within the face's outline."""
    x, y = landmarks[list(OVAL)].astype(float).T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2.0


def _across(landmarks: Landmarks) -> np.ndarray:
    across = (landmarks[OUTER_CORNERS[1]] - landmarks[OUTER_CORNERS[0]]).astype(float)
    return np.asarray(across / max(float(np.hypot(*across)), 1e-6))


def _share(landmarks: Landmarks, of: tuple[int, int], to: tuple[int, int]) -> float:
    first, second = (float(np.hypot(*(landmarks[a] - landmarks[b]))) for a, b in (of, to))
    return first / max(second, 1e-6)
