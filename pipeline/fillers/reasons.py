"""Why a face is not shown."""

from enum import StrEnum


class Reason(StrEnum):
    """One for each rejected candidate: the first that applies, in this order."""

    CLONE = "clone"
    """It looks like the suspect himself."""
    STRANGER = "stranger"
    """It is less alike than most faces that the generator makes at random."""
    ALIKE = "as alike as the page before"
    """It is as alike as the faces of the page before, on average."""
    TOO_NEAR = "too near another"
    """It looks like a face that has been chosen."""
    COPY = "too near a face of the gallery"
    """It was composed, and looks like a face that the gallery has, such as one that it was composed of."""
    UNREAL = "unreal"
    """The discriminator finds it less real than the generator's own faces."""
    ATTRIBUTE = "attribute mismatch"
    """An attribute that is locked is predicted otherwise."""
