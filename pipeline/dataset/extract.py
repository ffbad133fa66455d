"""Cutting heads out of photographs as the thesis does it (§3.1.1)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from pipeline.dataset.steps import BatchFunction, Outcome, Rejected
from pipeline.faces import (
    BatchDetector,
    Detection,
    FaceError,
    FaceFound,
    Photo,
    cut,
    largest_face,
    named_detector,
    padded,
)


def extract_faces(
    photos: Sequence[Photo],
    *,
    min_face_width: int = 128,
    min_face_height: int = 128,
    confidence_threshold: float = 0.9,
    output_face_width: int = 256,
    output_face_height: int = 256,
    detector: str | BatchDetector = "mtcnn",
) -> list[Outcome]:
    """Cut the largest face out of each photo, with hair, ears and neck, and bring it to the output size.

    Args:
        min_face_width: pixels of the face's box, at least.
        min_face_height: likewise.
        confidence_threshold: the detector's confidence, at least.
        output_face_width: pixels of the photo that comes of it.
        output_face_height: likewise.
        detector: as ``named_detector`` takes it, or a detector.

    Returns:
        For each photo one of the output size that knows its ``face``, or why there is none.
    """
    finder = named_detector(detector) if isinstance(detector, str) else detector
    found = finder.detect_batch(
        [np.ascontiguousarray(photo.rgb) for photo in photos], min_face=min(min_face_width, min_face_height)
    )
    outcomes: list[Outcome] = []
    for photo, detections in zip(photos, found, strict=True):
        try:
            face = largest_face(
                detections,
                min_face_width=min_face_width,
                min_face_height=min_face_height,
                confidence_threshold=confidence_threshold,
            )
        except FaceError as error:
            outcomes.append(Rejected(str(error)))
        else:
            outcomes.append(cut_face(photo, face, width=output_face_width, height=output_face_height))
    return outcomes


def cut_face(photo: Photo, face: Detection, *, width: int, height: int) -> Photo:
    """Cut ``face`` out with its padding and bring it to ``width`` x ``height`` pixels."""
    window = padded(face, picture_width=photo.width, picture_height=photo.height)
    x, y, face_width, face_height = face.box
    across, down = width / window.width, height / window.height
    found = FaceFound(
        box=face.box,
        confidence=face.confidence,
        window=(window.left, window.top, window.width, window.height),
        output_box=(
            (x - window.left) * across,
            (y - window.top) * down,
            face_width * across,
            face_height * down,
        ),
    )
    return replace(photo, pixels=cut(photo.pixels, window, width=width, height=height), face=found)


extract_face: Final = BatchFunction("extract_face", extract_faces)
