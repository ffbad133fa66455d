"""What follows from a face's sources, held against what is read of its picture."""

from collections.abc import Mapping
from typing import Any, Final

from pipeline.attributes import Description as Found

Description = Mapping[str, Mapping[str, Any]]

MUST_AGREE: Final = ("sex", "ethnic_appearance", "glasses", "beard")
"""Where what is read is certain and something else, the face is refused: somebody would stand out by it."""


def confirmed(description: Description, read: Found) -> tuple[str, dict[str, dict[str, Any]]]:
    """Hold a description against what was read.

    Args:
        description: what follows from the sources.
        read: values under their reliable confidence are None there.

    Returns:
        Why the face is refused, empty where it is not; and the description, less sure where what is read
        is something else, or nothing.
    """
    said = {key: dict(one) for key, one in description.items()}
    for key, one in said.items():
        if key not in read:
            continue
        found = read[key]
        if found.value == one["value"]:
            continue
        if found.value is not None and key in MUST_AGREE:
            return f"its {key.replace('_', ' ')} is read otherwise", said
        doubt = found.confidence if found.value is not None else 1.0 - found.confidence
        one["confidence"] = round(float(one["confidence"]) * (1.0 - 0.5 * doubt), 3)
    return "", said
