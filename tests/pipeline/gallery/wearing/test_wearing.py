"""Glasses that are put on faces of nobody."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pytest

from pipeline.faces.head import EYE_CORNERS, OVAL, SIDE, Head, Landmarks
from pipeline.gallery import Gallery
from pipeline.gallery.blending.anatomy import EYE_OPENINGS, mirrored
from pipeline.gallery.wearing import Glasses, with_glasses
from pipeline.gallery.wearing.fitting import Fit
from pipeline.gallery.wearing.frame import FINE, drawn
from pipeline.gallery.wearing.glasses import SHAPES
from pipeline.gallery.wearing.picture import skin
from pipeline.reading import Reader

FACES: Final = Path(__file__).parents[3] / "fixtures" / "gallery"
IRIS: Final = 11.7 / 63.0 / 2
"""An iris's radius as a share of the distance between the pupils."""


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    """Two dozen faces of nobody."""
    return Gallery.open(FACES)


@pytest.fixture(scope="module")
def bare(gallery: Gallery) -> list[Head]:
    """Those who wear none."""
    wear = [bool(gallery.descriptions(place)["glasses"]["value"]) for place in range(len(gallery))]
    return [gallery.head(place) for place, worn in enumerate(wear) if not worn]


def pairs(count: int) -> list[Glasses]:
    """Everyday ones, as drawn for women and men in turn."""
    return [Glasses.drawn(np.random.default_rng(seed), ("female", "male")[seed % 2]) for seed in range(count)]


def irises(landmarks: Landmarks) -> np.ndarray:
    """What is seen of the irises in the fine picture, bool."""
    seen, round_ = np.zeros((2, SIDE * FINE, SIDE * FINE), np.uint8)
    eyes = landmarks[list(EYE_CORNERS)].reshape(2, 2, 2).mean(1)
    radius = IRIS * float(np.hypot(*(eyes[1] - eyes[0])))
    for opening in EYE_OPENINGS:
        outline = landmarks[list(opening)]
        cv2.fillPoly(seen, [np.rint((outline + 0.5) * FINE).astype(np.int32)], 1)
        middle = np.rint((outline.mean(0) + 0.5) * FINE).astype(int).tolist()
        cv2.circle(round_, middle, round(radius * FINE), 1, -1)
    return np.asarray((seen > 0) & (round_ > 0))


def test_the_same_glasses_are_the_same_to_the_bit(bare: list[Head]) -> None:
    for head, style in zip(bare[:4], pairs(4), strict=True):
        first, again = with_glasses(head, style), with_glasses(head, style)

        assert np.array_equal(first.image, again.image)
        assert np.array_equal(first.alpha, again.alpha)
        assert not np.array_equal(first.image, head.image)


def test_a_seed_draws_the_same_pair_and_others_draw_others() -> None:
    assert pairs(20) == pairs(20)
    assert len(set(pairs(20))) == 20


@pytest.mark.parametrize("sex", ["female", "male"])
def test_every_shape_and_every_rim_is_drawn(sex: str) -> None:
    drawn_ = [Glasses.drawn(np.random.default_rng(seed), sex) for seed in range(400)]

    assert {style.shape for style in drawn_} == set(SHAPES)
    assert {style.rim for style in drawn_} == {"full", "half", "rimless"}
    assert all(style.rim == "full" for style in drawn_ if style.plastic)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_iris_is_hidden(shape: str, bare: list[Head]) -> None:
    """Nothing but glass lies before it: neither rim nor pad, whatever the pair."""
    for head, style in zip(bare, pairs(len(bare)), strict=True):
        frame = drawn(replace(style, shape=shape), Fit.to(head.landmarks))  # type: ignore[arg-type]
        before = np.maximum.reduce([frame.front, frame.temples, frame.edges, frame.pads])

        assert not before[irises(head.landmarks)].any()
        assert (frame.lenses[irises(head.landmarks)] > 0).all()


def test_irises_stay_as_light_as_they_were(bare: list[Head]) -> None:
    for head, style in zip(bare, pairs(len(bare)), strict=True):
        mask = _small(irises(head.landmarks).astype(np.uint8) * 255) > 250
        before, after = (float(one.image[mask].mean()) for one in (head, with_glasses(head, style)))

        assert after == pytest.approx(before, abs=14)


@pytest.mark.parametrize("shape", SHAPES)
def test_of_a_mirrored_face_the_frame_is_mirrored_to_a_pixel(shape: str, bare: list[Head]) -> None:
    style = Glasses(shape=shape, pads=True)  # type: ignore[arg-type]
    reach = np.ones((2 * FINE + 1, 2 * FINE + 1), np.uint8)
    for head in bare[:8]:
        one = drawn(style, Fit.to(head.landmarks)).front
        other = drawn(style, Fit.to(mirrored(head).landmarks)).front[:, ::-1]
        for a, b in ((one, other), (other, one)):
            assert (cv2.dilate(b, reach)[a > 127] > 127).all()


def test_nothing_changes_but_around_the_eyes(bare: list[Head]) -> None:
    """From the brows to the cheeks, and nowhere beyond the face by more than the end of a frame."""
    for head, style in zip(bare, pairs(len(bare)), strict=True):
        worn = with_glasses(head, style)
        left, right = np.sort(head.landmarks[[127, 356], 0])
        eyes = float(head.landmarks[list(EYE_CORNERS), 1].mean())
        y, x = np.nonzero(np.any(worn.image != head.image, axis=2) | (worn.alpha != head.alpha))

        assert eyes - 0.12 * SIDE < y.min() < y.max() < eyes + 0.18 * SIDE
        assert left - 0.05 * SIDE < x.min() < x.max() < right + 0.05 * SIDE
        assert np.array_equal(worn.landmarks, head.landmarks)


def test_temples_vanish_under_hair(bare: list[Head]) -> None:
    """What of a temple lies on the face's side is seen on skin, and not on hair of another colour."""
    style, looked_at = Glasses("rectangular"), 0
    for head in bare:
        frame = drawn(style, Fit.to(head.landmarks))
        temples, front = (
            _small(mask) for mask in (frame.temples, cv2.dilate(frame.front, np.ones((17, 17))))
        )
        where = (temples > 200) & (front == 0) & _beyond(head, 0.97)
        if not where.any():
            continue
        looked_at += 1
        on_skin, on_hair = (
            _changed(_painted(head, colour), style)[where] for colour in (None, (120, 30, 20))
        )
        assert on_hair.max() < 0.35 * on_skin.max()
    assert looked_at >= 2


def _painted(head: Head, hair: tuple[int, int, int] | None) -> Head:
    """The head with plain sides: of the cheeks' colour, or with hair of another."""
    image = head.image.copy()
    image[_beyond(head, 0.92)] = skin(head) if hair is None else hair
    return Head(image, head.landmarks, np.ones_like(head.alpha))


def _beyond(head: Head, times: float) -> np.ndarray:
    """Beside and above the face's outline, shrunk, bool."""
    oval = head.landmarks[list(OVAL)]
    within = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(within, [np.rint(oval.mean(0) + (oval - oval.mean(0)) * times).astype(np.int32)], 1)
    return np.asarray(within == 0)


def _changed(head: Head, style: Glasses) -> np.ndarray:
    return np.asarray(np.abs(with_glasses(head, style).image.astype(int) - head.image.astype(int)).max(2))


def _small(mask: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def test_the_reader_reads_glasses_on_nearly_all(bare: list[Head]) -> None:
    reader = Reader.load()
    before = reader.read_all(bare)
    after = reader.read_all(
        [with_glasses(head, style) for head, style in zip(bare, pairs(len(bare)), strict=True)]
    )
    seen = [read.description["glasses"].value is True for read in after]
    alike = [float(a.identity @ b.identity) for a, b in zip(before, after, strict=True)]

    assert sum(read.description["glasses"].value is True for read in before) == 0
    assert np.mean(seen) >= 0.9
    assert np.median(alike) > 0.78
