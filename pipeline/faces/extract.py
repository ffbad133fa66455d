"""Cutting a head out of a photograph as the thesis does it (§3.1.1)."""

from collections.abc import Sequence

from pipeline.faces.choice import choose_face
from pipeline.faces.detector import Detection, Image
from pipeline.faces.window import Window, cut


def extract_face(
    rgb: Image,
    detections: Sequence[Detection],
    *,
    min_face_width: int,
    min_face_height: int,
    confidence_threshold: float = 0.9,
    output_face_width: int,
    output_face_height: int,
) -> Image:
    """Cut out the largest face with hair, ears and neck, and bring it to the output size.

    Returns:
        uint8 (output_face_height, output_face_width, 3).

    Raises:
        NoFace, FaceTooSmall, SeveralFaces: see ``choose_face``.
    """
    face = choose_face(
        detections,
        min_face_width=min_face_width,
        min_face_height=min_face_height,
        confidence_threshold=confidence_threshold,
    )
    window = padded(face, picture_width=rgb.shape[1], picture_height=rgb.shape[0])
    return cut(rgb, window, width=output_face_width, height=output_face_height)


def padded(face: Detection, *, picture_width: int, picture_height: int) -> Window:
    """Widen the face's box to twice its longer side, as far as the picture goes on both sides.

    The face stays in the middle of the window and the window inside the picture; where the picture ends early
    the window is no longer square, and the face changes its proportions in the resize that follows.
    """
    x, y, width, height = face.box
    goal_size = 2 * max(width, height)
    horizontal = _padding(goal_size, size=width, before=x, after=picture_width - (x + width))
    vertical = _padding(goal_size, size=height, before=y, after=picture_height - (y + height))
    return Window(x - horizontal, y - vertical, x + width + horizontal, y + height + vertical)


def _padding(goal_size: int, *, size: int, before: int, after: int) -> int:
    """Padding of both sides of one direction, in pixels (the equations of §3.1.1 in their order)."""
    padding_before = (goal_size - size) // 2
    padding_after = goal_size - size - padding_before
    return min(padding_before, before, padding_after, after)
