"""One wall behind everybody, one gown for everybody, and nothing left of what was there."""

import subprocess
import sys

import cv2
import numpy as np
import pytest

from pipeline.faces.closed_form import closed_form, foreground
from pipeline.faces.garment import with_garment
from pipeline.faces.head import OVAL, SIDE, Head
from pipeline.faces.matte import matting
from pipeline.faces.scene import Scene
from pipeline.faces.wall import NEUTRAL, composed, with_wall
from tests.pipeline.faces.blends import NAMES, head

HAIR = np.array([0.22, 0.16, 0.12], np.float32)
WALLS = {"white": (0.97, 0.97, 0.97), "black": (0.03, 0.03, 0.03), "blue": (0.2, 0.3, 0.75)}


def wig() -> np.ndarray:
    """A true matte, float32 (SIDE, SIDE): a disc with strands around it."""
    fine = np.zeros((SIDE * 4, SIDE * 4), np.uint8)
    cv2.circle(fine, (SIDE * 2, SIDE * 2), SIDE, 255, -1)
    for angle in np.linspace(0, 2 * np.pi, 60, endpoint=False):
        way = np.array([np.cos(angle), np.sin(angle)])
        start, end = ((SIDE * 2 + way * length).astype(int).tolist() for length in (SIDE * 0.9, SIDE * 1.1))
        cv2.line(fine, start, end, 255, 5)
    return np.asarray(cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32) / 255


@pytest.mark.parametrize("wall", WALLS)
def test_of_a_light_or_dark_old_wall_no_fringe_stays(wall: str) -> None:
    matte = wig()
    old = np.array(WALLS[wall], np.float32)
    image = old + (HAIR - old) * matte[..., None]
    trimap = np.full(matte.shape, 0.5, np.float32)
    trimap[cv2.erode(matte, np.ones((9, 9))) == 1] = 1.0
    trimap[cv2.dilate(matte, np.ones((9, 9))) == 0] = 0.0

    alpha = closed_form(image, trimap)
    new = np.asarray(NEUTRAL, np.float32)
    made = composed(foreground(image, alpha) * 255, new, alpha).astype(float)

    wanted = new + (HAIR * 255 - new) * matte[..., None]
    naive = new + (image * 255 - new) * matte[..., None]
    band = (matte > 0.05) & (matte < 0.95)
    assert np.abs(alpha - matte)[band].mean() < 0.01
    assert np.abs(made - wanted)[band].mean() < 3.0
    assert np.abs(made - wanted)[band].mean() < 0.25 * np.abs(naive - wanted)[band].mean()


def test_the_wall_is_of_the_colour_that_is_asked_for() -> None:
    one = with_wall(head("suit"), (90, 120, 30))

    assert (one.image[one.alpha == 0] == (90, 120, 30)).all()
    assert (one.alpha == 0).mean() > 0.2


@pytest.mark.parametrize("colour", [(0, 0), (0, 0, 256), (-1, 0, 0)])
def test_a_wall_of_no_colour_ends_in_a_sentence(colour: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="0 to 255"):
        with_wall(head("suit"), colour)


@pytest.mark.parametrize("name", NAMES)
def test_the_face_stays_as_it_was(name: str) -> None:
    before, after = head(name), Scene().around(head(name))
    face = np.zeros((SIDE, SIDE), np.uint8)
    oval = before.landmarks[list(OVAL)]
    inner = oval.mean(0) + (oval - oval.mean(0)) * 0.9
    cv2.fillPoly(face, [np.rint(inner).astype(np.int32)], 1)

    assert np.abs(after.image.astype(int) - before.image)[face > 0].max() <= 2
    assert (after.landmarks == before.landmarks).all()


@pytest.mark.parametrize("name", NAMES)
def test_clothes_leave_no_trace(name: str) -> None:
    plain = head(name)
    chin = round(float(plain.landmarks[152, 1]))
    loud = plain.image.copy()
    stripes = np.where(np.arange(SIDE)[None, :, None] // 6 % 2, (255, 0, 0), (0, 255, 0)).astype(np.uint8)
    body = plain.alpha[chin + 16 :, :, None]
    loud[chin + 16 :] = (loud[chin + 16 :] * (1 - body) + stripes * body).astype(np.uint8)
    dressed = with_wall(with_garment(Head(loud, plain.landmarks, plain.alpha)))

    # The gown and what is beside it: neutral grey, whatever was worn there.
    below = dressed.image[round(SIDE * 0.93) :].astype(int)
    assert np.ptp(below, axis=2).max() <= 12
    garish = dressed.image[chin + 20 :].astype(int)
    assert (np.ptp(garish, axis=2) > 120).mean() < 0.002


def test_every_gown_is_equally_bright() -> None:
    chests = [
        with_garment(head(name)).image[-8:].astype(float).mean() for name in NAMES if name != "long-hair"
    ]

    assert np.ptp(chests) < 4.0


def test_long_hair_stays_beside_the_neck_and_goes_behind_the_gown() -> None:
    before, after = head("long-hair"), with_garment(head("long-hair"))
    jaw = round(float(before.landmarks[[172, 397], 1].max()))
    left, right = (float(before.landmarks[number, 0]) for number in (172, 397))
    beside = np.r_[round(left) - 25 : round(left) - 8, round(right) + 8 : round(right) + 25]

    assert after.alpha[jaw + 4 : jaw + 14][:, beside].mean() > 0.8
    assert with_garment(head("suit")).alpha[jaw + 4 : jaw + 14][:, beside].mean() < 0.2
    assert after.image[-3:].std() < 12.0


def test_a_beard_stays_before_the_collar() -> None:
    before = head("bearded")
    long = before.image.copy()
    chin = before.landmarks[152]
    jaw = before.landmarks[[172, 397]]
    beard = np.array([jaw[0] + np.array([8, 6]), jaw[1] - np.array([8, -6]), chin + np.array([0.0, 42.0])])
    colour = np.median(
        before.image[round(float(chin[1])) - 6 : round(float(chin[1])) - 1, 120:137], axis=(0, 1)
    )
    mask = np.zeros((SIDE, SIDE), np.uint8)
    cv2.fillPoly(mask, [np.rint(beard).astype(np.int32)], 1)
    cv2.fillPoly(mask, [np.rint(before.landmarks[list(OVAL)]).astype(np.int32)], 0)
    long[mask > 0] = colour

    made = with_garment(Head(long, before.landmarks, before.alpha)).image
    tip = round(float(chin[1])) + 22, round(float(chin[0]))
    assert np.abs(made[tip].astype(int) - colour).max() < 25


def test_a_scene_is_data() -> None:
    scene = Scene.of({"wall": [10, 20, 30], "garment": "none"})

    assert scene == Scene((10, 20, 30), "none")
    assert Scene.of(scene.as_data()) == scene
    assert Scene.of({}) == Scene()
    assert Scene(None, "none").around(head("suit")) is head("suit")
    for wrong in ({"wall": None}, {"wall": "grey"}, {"garment": "suit"}, {"floor": 1}):
        with pytest.raises(ValueError, match=r"wall|garment|scene"):
            Scene.of(wrong)


def test_the_same_head_gives_the_same_picture() -> None:
    first, second = (Scene().around(head("white-hair")).image for _ in range(2))

    assert (first == second).all()


def test_a_person_beside_the_one_in_the_middle_is_wall() -> None:
    alone = head("suit").image
    both = alone.copy()
    both[100:150, :30] = cv2.resize(alone[60:200, 60:196], (30, 50), interpolation=cv2.INTER_AREA)

    assert matting().coarse(both)[100:150, :24].max() < 0.5
    assert matting().coarse(alone)[120, 128] > 0.9


def test_no_head_needs_keras_or_numba() -> None:
    program = (
        "import sys; from tests.pipeline.faces.blends import head; from pipeline.faces.scene import Scene; "
        "Scene().around(head('suit')); "
        "print({name for name in sys.modules} & {'tensorflow', 'keras', 'numba', 'mediapipe'})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
