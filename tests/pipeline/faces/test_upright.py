"""Any photograph becomes an upright head of one size and eye line."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.command_line import BadInput
from pipeline.faces import measures
from pipeline.faces.choice import NoFace
from pipeline.faces.detector import Detection, Image
from pipeline.faces.head import EYE_CORNERS, EYE_LINE, FACE, SIDE, Landmarks
from pipeline.faces.mediapipe import FOLDER, Network
from pipeline.faces.mesh import COUNT, face_mesh
from pipeline.faces.resampling import inverse, mapped, similarity, warped
from pipeline.faces.upright import placed, upright_head
from tests.pipeline.faces.blends import NAMES, head, photograph


def detection(landmarks: Landmarks) -> Detection:
    """What a detector would say of these."""
    low, high = np.rint(landmarks.min(0)).astype(int), np.rint(landmarks.max(0)).astype(int)
    width, height = (high - low).tolist()
    return Detection((int(low[0]), int(low[1]), width, height), 1.0)


def in_photograph(name: str) -> Landmarks:
    return face_mesh().find(photograph(name), (64.0, 64.0, 128.0, 144.0)).landmarks


@pytest.mark.parametrize("name", NAMES)
def test_every_head_has_one_size_and_eye_line_and_level_eyes(name: str) -> None:
    landmarks = head(name).landmarks

    assert landmarks.shape == (COUNT, 2)
    assert landmarks[list(EYE_CORNERS)].mean(0) == pytest.approx((SIDE / 2, SIDE * EYE_LINE), abs=0.01)
    assert np.sqrt(measures.oval_area(landmarks)) == pytest.approx(FACE * SIDE, rel=1e-3)
    assert measures.roll(landmarks) == pytest.approx(0.0, abs=0.01)


@given(
    name=st.sampled_from(NAMES),
    turn=st.floats(-25.0, 25.0),
    scale=st.floats(0.6, 2.5),
    shift=st.tuples(st.floats(-12.0, 12.0), st.floats(-12.0, 12.0)),
)
@settings(max_examples=12, deadline=None)
def test_turning_scaling_and_shifting_a_photograph_gives_the_same_head(
    name: str, turn: float, scale: float, shift: tuple[float, float]
) -> None:
    truth, side = in_photograph(name), round(SIDE * scale)
    moving = similarity(scale, np.radians(turn), (SIDE / 2, SIDE / 2), np.add(side / 2, shift))
    moved = warped(photograph(name), moving, side)

    found = face_mesh().find(moved, tuple(map(float, detection(mapped(truth, moving)).box)))  # type: ignore[arg-type]
    affine = placed(found.landmarks, width=side, height=side).affine

    # Where the same spots of the same person are in the head's picture.
    again = mapped(mapped(truth, moving), affine)
    assert again[list(EYE_CORNERS)].mean(0) == pytest.approx((SIDE / 2, SIDE * EYE_LINE), abs=0.02 * SIDE)
    assert np.sqrt(measures.oval_area(again)) == pytest.approx(FACE * SIDE, abs=0.02 * SIDE)
    assert measures.roll(again) == pytest.approx(0.0, abs=2.0)


def test_what_was_done_is_recorded() -> None:
    rgb, truth = photograph("suit"), in_photograph("suit")
    turned = warped(rgb, similarity(2.0, np.radians(10.0), (128, 128), (256, 256)), 512)

    _, level = upright_head(rgb, detection(truth))
    _, done = upright_head(
        turned, detection(mapped(truth, similarity(2.0, np.radians(10.0), (128, 128), (256, 256))))
    )

    assert done.rotation == pytest.approx(level.rotation - 10.0, abs=1.5)
    assert done.scale == pytest.approx(level.scale / 2.0, rel=0.03)
    assert mapped(done.landmarks, done.affine)[list(EYE_CORNERS)].mean(0)[1] == pytest.approx(
        SIDE * EYE_LINE, abs=0.01
    )


def test_how_far_a_head_reaches_beyond_its_photograph_is_recorded() -> None:
    truth = in_photograph("suit")
    whole = placed(truth, width=SIDE, height=SIDE)
    cut_off = placed(truth, width=SIDE, height=round(float(truth[:, 1].max())))

    assert cut_off.outside > whole.outside + 0.1
    assert not cut_off.inside(SIDE, round(float(truth[:, 1].max())))[-1].any()


def test_what_is_no_face_makes_no_head() -> None:
    noise = np.random.default_rng(3).integers(0, 256, (200, 200, 3), np.uint8)

    with pytest.raises(NoFace):
        upright_head(noise, Detection((50, 50, 100, 100), 1.0))


def test_what_shrinks_is_averaged() -> None:
    board = np.indices((1024, 1024)).sum(0) % 2 * np.uint8(255)
    picture: Image = np.repeat(board[..., None].astype(np.uint8), 3, 2)

    small = warped(picture, similarity(0.05, 0.4, (512, 512), (16, 16)), 32)

    assert np.abs(small.astype(int) - 127).max() <= 6


@given(st.floats(-3.0, 3.0), st.floats(0.01, 30.0), st.floats(-500.0, 500.0))
def test_the_map_back_undoes_a_map(turn: float, scale: float, shift: float) -> None:
    points = np.array([(0.0, 0.0), (10.0, 3.0), (-7.0, 80.0)])
    affine = similarity(scale, turn, (5.0, shift), (shift, 2.0))

    assert mapped(mapped(points, affine), inverse(affine)) == pytest.approx(points, abs=0.05)


def test_another_file_than_the_network_ends_in_a_sentence(tmp_path: Path) -> None:
    data = bytearray((FOLDER / "face_landmark.tflite").read_bytes())
    data[1000] ^= 1
    (tmp_path / "face_landmark.tflite").write_bytes(data)

    with pytest.raises(BadInput, match="SHA-256"):
        Network("face_landmark", folder=tmp_path)(np.zeros((1, 192, 192, 3), np.float32))
    with pytest.raises(BadInput, match="cannot be read"):
        Network("selfie_segmentation", folder=tmp_path)(np.zeros((1, 256, 256, 3), np.float32))


def test_closed_eyes_and_open_mouths_are_measured() -> None:
    landmarks = in_photograph("bearded").copy()
    left, right = measures.eye_openings(landmarks)
    assert left > 0.13
    assert right > 0.13

    landmarks[159] = landmarks[145]
    assert measures.eye_openings(landmarks)[0] == 0.0
    landmarks[14] = landmarks[13] + (landmarks[291] - landmarks[61])[::-1] * [-0.5, 0.5]
    assert measures.mouth_gap(landmarks) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_a_mirrored_face_looks_the_other_way(name: str) -> None:
    there = in_photograph(name)
    back = (
        face_mesh()
        .find(np.asarray(cv2.flip(photograph(name), 1), np.uint8), (64.0, 64.0, 128.0, 144.0))
        .landmarks
    )

    assert measures.yaw(back) == pytest.approx(-measures.yaw(there), abs=3.0)
    assert measures.pitch(back) == pytest.approx(measures.pitch(there), abs=4.0)
