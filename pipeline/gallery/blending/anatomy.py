"""Which landmarks of the face mesh go around which part of a face, and which is which in a mirror."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import OVAL, SIDE, Head, Landmarks
from pipeline.gallery.blending.planes import Mask, grown

# Half outlines, from the middle line of the face around the side on the picture's left and back to it.
_EYES: Final = (9, 107, 66, 105, 63, 70, 139, 143, 111, 117, 118, 101, 100, 121, 188, 197)
_NOSE: Final = (6, 122, 188, 47, 142, 203, 98, 97, 2)
_MOUTH: Final = (2, 97, 98, 203, 205, 207, 214, 135, 136, 150, 149, 176, 148, 152)
_LOWER: Final = (2, 97, 98, 203, 50, 123, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152)
_GLASSES: Final = (9, 107, 66, 105, 63, 70, 139, 127, 227, 116, 50, 36, 126, 188, 6)
BROW: Final = (70, 63, 105, 66, 107, 55, 65, 52, 53, 46)
EYE: Final = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
LIPS: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
NOSTRILS: Final = (98, 97, 2, 326, 327, 294, 278, 1, 48, 64)
CHEEK: Final = (50, 205, 101, 36, 117, 118)

MIRROR: Final = (
    0, 1, 2, 248, 4, 5, 6, 249, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
    18, 19, 250, 251, 252, 253, 254, 255, 256, 257, 258, 259, 260, 261, 262, 263, 264, 265,
    266, 267, 268, 269, 270, 271, 272, 273, 274, 275, 276, 277, 278, 279, 280, 281, 282, 283,
    284, 285, 286, 287, 288, 289, 290, 291, 292, 293, 294, 295, 296, 297, 298, 299, 300, 301,
    302, 303, 304, 305, 306, 307, 308, 309, 310, 311, 312, 313, 314, 315, 316, 317, 318, 319,
    320, 321, 322, 323, 94, 324, 325, 326, 327, 328, 329, 330, 331, 332, 333, 334, 335, 336,
    337, 338, 339, 340, 341, 342, 343, 344, 345, 346, 347, 348, 349, 350, 351, 352, 353, 354,
    355, 356, 357, 358, 359, 360, 361, 362, 363, 364, 365, 366, 367, 368, 369, 370, 371, 372,
    373, 374, 375, 376, 377, 378, 379, 151, 152, 380, 381, 382, 383, 384, 385, 386, 387, 388,
    389, 390, 164, 391, 392, 393, 168, 394, 395, 396, 397, 398, 399, 175, 400, 401, 402, 403,
    404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 195, 419, 197,
    420, 199, 200, 421, 422, 423, 424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 435,
    436, 437, 438, 439, 440, 441, 442, 443, 444, 445, 446, 447, 448, 449, 450, 451, 452, 453,
    454, 455, 456, 457, 458, 459, 460, 461, 462, 463, 464, 465, 466, 467, 3, 7, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
    40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57,
    58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75,
    76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93,
    95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112,
    113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130,
    131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148,
    149, 150, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 165, 166, 167, 169, 170,
    171, 172, 173, 174, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189,
    190, 191, 192, 193, 194, 196, 198, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211,
    212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 223, 224, 225, 226, 227, 228, 229,
    230, 231, 232, 233, 234, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245, 246, 247,
)  # fmt: skip
"""The landmark that lies where this one lay, when the picture is mirrored."""


def _whole(half: tuple[int, ...]) -> tuple[int, ...]:
    """The outline on both sides."""
    return (*half, *(MIRROR[mark] for mark in reversed(half) if MIRROR[mark] != mark))


@dataclass(frozen=True)
class Part:
    """A part of the face that comes from one head.

    Attributes:
        outline: landmarks around it.
        grow: pixels by which it reaches beyond them.
    """

    outline: tuple[int, ...]
    grow: int = 0

    def mask(self, landmarks: Landmarks) -> Mask:
        """1 inside."""
        mask = filled(landmarks[list(self.outline)])
        return grown(mask, self.grow) if self.grow else mask


EYES: Final = Part(_whole(_EYES), grow=3)
"""Both eyes with brows, lids and what is under them: they belong together."""
AROUND_BROWS: Final = 7
"""Pixels around a brow's landmarks in which its hairs can still lie."""
GLASSES: Final = Part(_whole(_GLASSES), grow=3)
"""Glasses, with brows and whatever is seen through them."""
LENS, LENS_BELOW = 4, 3
"""Pixels around an eye's opening, and more below it, that are seen through a lens whatever the frame."""
NOSE: Final = Part(_whole(_NOSE))
MOUTH: Final = Part(_whole(_MOUTH))
"""Mouth, the folds beside it, chin."""
LOWER: Final = Part(_whole(_LOWER))
"""The lower face: where a beard grows."""
BROWS: Final = (BROW, tuple(MIRROR[mark] for mark in BROW))
_INNER_BROW: Final = (105, 66, 107, 55, 65, 52)
INNER_BROWS: Final = (_INNER_BROW, tuple(MIRROR[mark] for mark in _INNER_BROW))
"""Brows without their ends at the temples, where hair of the head comes near."""
EYE_OPENINGS: Final = (EYE, tuple(MIRROR[mark] for mark in EYE))
CHEEKS: Final = (CHEEK, tuple(MIRROR[mark] for mark in CHEEK))


def filled(outline: npt.NDArray[np.floating]) -> Mask:
    """1 inside a polygon (n, 2) of pixels, with soft steps at the edge."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    points = np.round(outline * 16).astype(np.int32)
    cv2.fillPoly(mask, [points], 255, lineType=cv2.LINE_AA, shift=4)
    return np.asarray(mask, np.float32) / np.float32(255)


def hull(points: npt.NDArray[np.floating], grow: int = 0) -> Mask:
    """1 inside the convex hull of points (n, 2), grown by so many pixels."""
    outline = np.asarray(cv2.convexHull(np.asarray(points, np.float32)), np.float32)[:, 0]
    mask = filled(outline)
    return grown(mask, grow) if grow else mask


def ring(landmarks: Landmarks, grow: float) -> npt.NDArray[np.float32]:
    """The face's outline, so many times as large around its middle: float32 (36, 2)."""
    outline = landmarks[list(OVAL)]
    middle = outline.mean(axis=0)
    return np.asarray(middle + (outline - middle) * grow, np.float32)


def mirrored_landmarks(landmarks: Landmarks) -> Landmarks:
    """Landmarks of the mirrored picture."""
    turned = landmarks[list(MIRROR)].copy()
    turned[:, 0] = SIDE - 1 - turned[:, 0]
    return turned


def mirrored(head: Head) -> Head:
    """The head in a mirror."""
    image, alpha = np.ascontiguousarray(head.image[:, ::-1]), np.ascontiguousarray(head.alpha[:, ::-1])
    return Head(image, mirrored_landmarks(head.landmarks), alpha)


def features(landmarks: Landmarks) -> Mask:
    """1 on brows, eyes, nostrils and lips, which are no plain skin."""
    parts = [hull(landmarks[list(brow)], 3) for brow in BROWS]
    parts += [hull(landmarks[list(eye)], 3) for eye in EYE_OPENINGS]
    parts += [hull(landmarks[list(LIPS)], 4), hull(landmarks[list(NOSTRILS)], 0)]
    return np.asarray(np.max(parts, axis=0), np.float32)
