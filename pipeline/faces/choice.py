"""Which of the faces found is the one that is meant."""

from collections.abc import Sequence
from typing import Final

from pipeline.faces.detector import Detection

# Two faces are of "equal size" when the smaller one's box has this share of the larger one's area or more.
EQUAL_AREA: Final = 0.8
# Two boxes that share this much of the smaller one are the same face, found twice.
SAME_FACE_OVERLAP: Final = 0.5
# Pixels of the box of a suspect's face. Of a smaller one the crop would be enlarged so far that the suspect
# is a blur beside the fillers.
MIN_SUSPECT_WIDTH: Final = 32
MIN_SUSPECT_HEIGHT: Final = 40


class FaceError(ValueError):
    """The picture does not show one face that can be used. ``str()`` is one plain sentence for the user."""

    code = "face_error"


class NoFace(FaceError):
    """Nothing in the picture is a face, as far as the detector can tell."""

    code = "no_face"

    def __init__(self) -> None:
        super().__init__("No face was found in the photograph: use one that shows the face from the front.")


class FaceTooSmall(FaceError):
    """The largest face has fewer pixels than are needed."""

    code = "face_too_small"

    def __init__(self, width: int, height: int, minimum: tuple[int, int]) -> None:
        self.width, self.height, self.minimum = width, height, minimum
        super().__init__(
            f"The face is too small: {width} x {height} pixels, but {minimum[0]} x {minimum[1]} are needed."
        )


class SeveralFaces(FaceError):
    """More than one face could be meant."""

    code = "several_faces"

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            f"{count} faces of about equal size are in the photograph: crop it so that only one is left."
        )


def choose_suspect(detections: Sequence[Detection]) -> Detection:
    """Take the face that is meant in a suspect's photograph: on the site, and where it is evaluated.

    Raises:
        NoFace, FaceTooSmall, SeveralFaces: see ``choose_face``.
    """
    return choose_face(detections, min_face_width=MIN_SUSPECT_WIDTH, min_face_height=MIN_SUSPECT_HEIGHT)


def choose_face(
    detections: Sequence[Detection],
    *,
    min_face_width: int,
    min_face_height: int,
    confidence_threshold: float = 0.9,
) -> Detection:
    """Take the largest face as ``largest_face`` does, but only if no other could be meant.

    Raises:
        NoFace, FaceTooSmall: see ``largest_face``.
        SeveralFaces: another face has about the same size, so that taking the largest would be a guess.
    """
    chosen = largest_face(
        detections,
        min_face_width=min_face_width,
        min_face_height=min_face_height,
        confidence_threshold=confidence_threshold,
    )
    certain = (face for face in detections if face.confidence >= confidence_threshold)
    rivals = sum(face.area >= EQUAL_AREA * chosen.area and not _same(face, chosen) for face in certain)
    if rivals:
        raise SeveralFaces(rivals + 1)
    return chosen


def largest_face(
    detections: Sequence[Detection],
    *,
    min_face_width: int,
    min_face_height: int,
    confidence_threshold: float = 0.9,
) -> Detection:
    """Take the largest face (by area) that is large and certain enough, whatever else there is (thesis §3.1).

    Of equally large ones the more certain, then the first from the left and the top.

    Raises:
        NoFace: no detection reaches ``confidence_threshold``.
        FaceTooSmall: faces were found, none of ``min_face_width`` x ``min_face_height`` pixels.
    """
    certain = [face for face in detections if face.confidence >= confidence_threshold]
    if not certain:
        raise NoFace
    certain.sort(key=lambda face: (-face.area, -face.confidence, face.box))
    usable = (face for face in certain if face.box[2] >= min_face_width and face.box[3] >= min_face_height)
    chosen = next(usable, None)
    if chosen is None:
        raise FaceTooSmall(*certain[0].box[2:], minimum=(min_face_width, min_face_height))
    return chosen


def _same(a: Detection, b: Detection) -> bool:
    ax, ay, aw, ah = a.box
    bx, by, bw, bh = b.box
    width = min(ax + aw, bx + bw) - max(ax, bx)
    height = min(ay + ah, by + bh) - max(ay, by)
    return max(width, 0) * max(height, 0) > SAME_FACE_OVERLAP * min(a.area, b.area)
