"""Whether a picture shows one upright face, with its parts where they were meant to be."""

from typing import Final

import numpy as np

from pipeline.faces import measures, named_detector
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
    faces = named_detector("blazeface").detect(head.image)
    if len(faces) != 1:
        return "not one face is found in it", f"{len(faces)} faces"
    found = face_mesh().find(head.image, faces[0].box)
    if found.presence < LEAST_PRESENCE:
        return "what is found in it is hardly a face", f"{found.presence:.2f}"
    away = float(np.sqrt(np.square(found.landmarks - head.landmarks).sum(axis=1).mean()))
    if away > MOST_AWAY:
        return "its landmarks are not where they were meant to be", f"{away:.1f} pixels"
    if abs(roll := measures.roll(found.landmarks)) > MOST_ROLL:
        return "it is not upright", f"{roll:.1f} degrees"
    if (eyes := min(measures.eye_openings(found.landmarks))) < LEAST_OPEN:
        return "an eye is closed", f"{eyes:.2f}"
    return "", ""
