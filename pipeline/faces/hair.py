"""Hair below the jaw: what falls beside the neck, and beards. By colour, since no network here knows hair."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.faces.head import EYE_CORNERS, OVAL, SIDE, Head

JAW_CORNERS: Final = (172, 397)
CHIN: Final = 152
CHEEKS: Final = (50, 280, 205, 425, 101, 330, 36, 266)
# Between the lower lip and the chin, and along the chin.
BEARD: Final = (200, 199, 175, 208, 428, 171, 396, 152, 148, 377, 32, 262)

# Hair falls on a side where so much of the side lies beside the face all the way from the eyes to the jaw.
LEAST_HAIR: Final = 0.032
# So many rows may be thinner, of those that are looked at.
THIN_ROWS: Final = 0.08
# From one row to the next it grows wider by at most so many pixels: a shoulder does so at once.
GROWTH: Final = 2
# Hair has a few colours, of which each is a share of it at least; so many deviations away is another colour.
COLOURS, LEAST_SHARE, FAR = 4, 0.05, 2.6
# Variances of L*, a*, b* (of 8 bits) within one colour at least.
NOISE: Final = (60.0, 5.0, 8.0)
# Pixels across for one down, on either side.
WIDENING: Final = 0.4

# On 136 portraits with full beards and 900 without: the chin's chroma (L*a*b*, of 8 bits) is less than the
# cheeks' by 15 and by 3 in the median, and what varies within two pixels is 7 % and 3 % of the lightness.
LESS_CHROMA: Final = 8.0
LEAST_TEXTURE: Final = 0.035
# How much a beard's lightness may vary.
BEARD_LIGHTNESS: Final = 45.0
# So far below the chin, as a share of the side, a beard is believed that has no end within the picture.
LONG_BEARD: Final = 0.05

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def beside_the_neck(head: Head) -> Floats:
    """0..1, float32 (SIDE, SIDE): hair beside the face and below, on sides where it falls to the jaw."""
    seeds = _strand(head, 0) | _strand(head, 1)
    if not seeds.any():
        return np.zeros((SIDE, SIDE), np.float32)
    lab = cv2.GaussianBlur(cv2.cvtColor(head.image, cv2.COLOR_RGB2LAB), (0, 0), 0.7).astype(np.float32)
    like = _like(lab, seeds) & (head.alpha > 0.3) & _reach(seeds) & ~_face_and_neck(head)
    hair = cv2.morphologyEx(like.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    hair = cv2.morphologyEx(hair, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))
    _, labels = cv2.connectedComponents(((hair > 0) | seeds).astype(np.uint8))
    kept = np.isin(labels, np.unique(labels[seeds])) & (labels > 0)
    smooth = cv2.medianBlur(kept.astype(np.uint8), 5) > 0
    smooth |= cv2.dilate(seeds.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.asarray(cv2.GaussianBlur(smooth.astype(np.float32), (0, 0), 1.2), np.float32)


def beard(head: Head) -> Floats:
    """0..1, float32 (SIDE, SIDE): what of a beard hangs below the face's outline."""
    lab = cv2.cvtColor(head.image, cv2.COLOR_RGB2LAB).astype(np.float32)
    if not is_bearded(head):
        return np.zeros((SIDE, SIDE), np.float32)
    skin, hair = (np.median(around(lab, head, places), 0) for places in (CHEEKS, BEARD))
    middle = (_saturation(skin) + _saturation(hair)) / 2
    like = (_saturation(lab) < middle) & (np.abs(lab[..., 0] - hair[0]) < BEARD_LIGHTNESS)
    envelope, face = _below_the_chin(head), _oval(head, 1.0)
    whole = ((like & envelope) | face).astype(np.uint8)
    # What hangs down in narrow strips is what was worn, or the picture's edge repeated.
    whole = cv2.morphologyEx(whole, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (17, 17)))
    _, labels = cv2.connectedComponents(whole)
    x, y = np.clip(np.rint(head.landmarks[CHIN]).astype(int), 0, SIDE - 1)
    kept = (labels == labels[max(y - 4, 0), x]) & envelope & (labels > 0)
    if kept[-2:].any():  # no beard: the picture's edge repeated, or clothes of its colour
        kept[round(y + LONG_BEARD * SIDE) :] = False
    kept = cv2.morphologyEx((kept | face).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)) > 0
    blurred = cv2.GaussianBlur((kept & (envelope | face)).astype(np.float32), (0, 0), 1.3)
    return np.asarray(blurred * ~face, np.float32)


def is_bearded(head: Head) -> bool:
    """Whether the chin is less coloured than the cheeks and rough: a full beard or a goatee, not stubble."""
    lab = cv2.cvtColor(head.image, cv2.COLOR_RGB2LAB).astype(np.float32)
    skin, hair = (np.median(around(lab, head, places), 0) for places in (CHEEKS, BEARD))
    light = lab[..., :1]
    texture = np.abs(light - cv2.GaussianBlur(light, (0, 0), 2.0)[..., None])
    rough = float(around(texture, head, BEARD).mean()) / max(float(hair[0]), 1.0)
    return bool(_chroma(hair) < _chroma(skin) - LESS_CHROMA and rough > LEAST_TEXTURE)


def _strand(head: Head, side: int) -> Mask:
    """Hair beside the face from the eyes to the jaw's corner on one side; nothing where there is a gap."""
    eyes = head.landmarks[list(EYE_CORNERS), 1].mean()
    rows = np.arange(
        max(0, round(float(eyes))), min(SIDE, round(float(head.landmarks[JAW_CORNERS[side], 1])))
    )
    found = np.zeros((SIDE, SIDE), bool)
    oval = head.landmarks[list(OVAL)]
    grown = oval.mean(0) + (oval - oval.mean(0)) * 1.05
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(grown).astype(np.int32)], 1)
    thin, before = 0, SIDE
    for row in rows:
        inside = np.flatnonzero(mask[row])
        outwards = head.alpha[row, : inside[0]][::-1] if side == 0 else head.alpha[row, inside[-1] + 1 :]
        gap = np.flatnonzero(outwards < 0.9)
        width = int(gap[0]) if gap.size else outwards.size
        width = min(width, before + GROWTH)
        before = width
        thin += width < LEAST_HAIR * SIDE
        if side == 0:
            found[row, inside[0] - width : inside[0]] = True
        else:
            found[row, inside[-1] + 1 : inside[-1] + 1 + width] = True
    return found if rows.size and thin <= THIN_ROWS * rows.size else np.zeros_like(found)


def _like(lab: Floats, seeds: Mask) -> Mask:
    """Where colours are of the hair's: near one of the few that its strands have."""
    samples = lab[seeds]
    criteria = (cv2.TERM_CRITERIA_MAX_ITER, 12, 0.0)
    cv2.setRNGSeed(1)
    count, first = min(COLOURS, len(samples)), np.zeros((len(samples), 1), np.int32)
    _, labels, centres = cv2.kmeans(samples, count, first, criteria, 1, cv2.KMEANS_PP_CENTERS)
    found = np.zeros(seeds.shape, bool)
    for number, centre in enumerate(np.asarray(centres)):
        own = samples[np.asarray(labels)[:, 0] == number]
        if len(own) < LEAST_SHARE * len(samples):
            continue
        # Never so narrow that the picture's noise is too much for it.
        covariance = np.cov(own.T) + np.diag(NOISE)
        away = lab - centre
        found |= np.einsum("yxi,ij,yxj->yx", away, np.linalg.inv(covariance), away, optimize=True) < FAR**2
    return found


def _reach(seeds: Mask) -> Mask:
    """Where such hair may fall: widening downwards."""
    rows, columns = np.flatnonzero(seeds.any(1)), np.flatnonzero(seeds.any(0))
    deep = np.maximum(np.arange(SIDE) - rows[-1], 0)[:, None] * WIDENING + 4
    across = np.arange(SIDE)[None]
    below = np.arange(SIDE)[:, None] >= rows[0]
    return np.asarray((across >= columns[0] - deep) & (across <= columns[-1] + deep) & below)


def _face_and_neck(head: Head) -> Mask:
    corners = head.landmarks[list(JAW_CORNERS)]
    inner = corners.mean(0) + (corners - corners.mean(0)) * 0.7
    neck = np.array([inner[0], inner[1], (inner[1, 0], SIDE), (inner[0, 0], SIDE)])
    mask = _oval(head, 1.0).astype(np.uint8)
    cv2.fillPoly(mask, [np.rint(neck).astype(np.int32)], 1)
    return np.asarray(mask > 0)


def _oval(head: Head, grow: float) -> Mask:
    points = head.landmarks[list(OVAL)]
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(points.mean(0) + (points - points.mean(0)) * grow).astype(np.int32)], 1)
    return np.asarray(mask > 0)


def _below_the_chin(head: Head) -> Mask:
    """As far as a beard may hang: from the jaw down to a point."""
    left, right = head.landmarks[list(JAW_CORNERS)]
    chin, half = head.landmarks[CHIN], 0.5 * float(right[0] - left[0])
    below = [(0.75, 0.07), (0.35, 0.24), (-0.35, 0.24), (-0.75, 0.07)]
    outline = [left, right, *(chin + np.array([across * half, down * SIDE]) for across, down in below)]
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(np.array(outline)).astype(np.int32)], 1)
    return np.asarray(mask > 0)


def around(values: Floats, head: Head, places: tuple[int, ...]) -> Floats:
    """Values within two pixels of some landmarks, float32 (n, channels)."""
    x, y = np.clip(np.rint(head.landmarks[list(places)]).astype(int), 2, SIDE - 3).T
    near = [values[b - 2 : b + 3, a - 2 : a + 3].reshape(25, -1) for a, b in zip(x, y, strict=True)]
    return np.concatenate(near)


def _chroma(lab: Floats) -> Floats:
    return np.asarray(np.hypot(lab[..., 1] - 128.0, lab[..., 2] - 128.0), np.float32)


def _saturation(lab: Floats) -> Floats:
    """Chroma that shade does not change much."""
    return np.asarray(_chroma(lab) / (lab[..., 0] + 20.0), np.float32)
