"""Whether a picture shows one upright face, with its parts where they were meant to be."""

from typing import Final

import numpy as np

from pipeline.faces import measures
from pipeline.faces.head import Head
from pipeline.faces.mesh import face_mesh

LEAST_PRESENCE: Final = 0.9
"""The face mesh's own certainty that there is a face."""
MOST_AWAY: Final = 4.0
"""Pixels, root mean square, between the landmarks that are found and those that were meant."""
MOST_ROLL: Final = 3.0
"""Degrees between the eyes' line and level."""
LEAST_OPEN: Final = 0.12
"""An eye's height over its width."""


def flaw_of_place(head: Head) -> tuple[str, str]:
    """Look for the face anew.

    Returns:
        Why the head is refused, and figures to it; both empty where it is fine.
    """
    low, high = head.landmarks.min(axis=0), head.landmarks.max(axis=0)
    box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    found = face_mesh().find(head.image, box)
    away = float(np.sqrt(np.square(found.landmarks - head.landmarks).sum(axis=1).mean()))
    if found.presence < LEAST_PRESENCE:
        return "no face is found in it", f"{found.presence:.2f}"
    if away > MOST_AWAY:
        return "its landmarks are not where they were meant to be", f"{away:.1f} pixels"
    if abs(roll := measures.roll(found.landmarks)) > MOST_ROLL:
        return "it is not upright", f"{roll:.1f} degrees"
    if (eyes := min(measures.eye_openings(found.landmarks))) < LEAST_OPEN:
        return "an eye is closed", f"{eyes:.2f}"
    return "", ""
