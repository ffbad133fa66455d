"""From a photograph to the face that the generator starts from."""

import numpy as np
import pytest

from gpu_worker.suspect import examine
from pipeline.dataset.extract import cut_face
from pipeline.faces.choice import (
    MIN_SUSPECT_HEIGHT,
    MIN_SUSPECT_WIDTH,
    FaceTooSmall,
    NoFace,
    SeveralFaces,
)
from pipeline.faces.framing import Framing
from pipeline.faces.photo import Photo
from tests.gpu_worker.tiny_engine import SIDE, Marks, TinyEngine, portrait

BOX = (60, 50, 60, 80)


def test_the_suspect_is_framed_as_the_training_data_of_the_bundle_was() -> None:
    framing = {"side": 1.6, "centre_y": 0.56}

    examined = examine(portrait(), Marks(BOX), TinyEngine(framing))

    (face,) = Marks(BOX).detect(portrait())
    np.testing.assert_array_equal(examined.crop, Framing(**framing).cut(portrait(), face, size=SIDE))
    assert examined.crop.shape == (SIDE, SIDE, 3)


def test_without_a_framing_the_suspect_is_cut_out_as_in_the_thesis() -> None:
    examined = examine(portrait(), Marks(BOX), TinyEngine(None))

    (face,) = Marks(BOX).detect(portrait())
    expected = cut_face(Photo(portrait(), "portrait", "rgb"), face, width=SIDE, height=SIDE)
    np.testing.assert_array_equal(examined.crop, expected.pixels)


def test_what_is_encoded_is_the_crop_that_is_shown() -> None:
    engine = TinyEngine()

    examined = examine(portrait(), Marks(BOX), engine)

    np.testing.assert_array_equal(engine.render(examined.w_plus[None])[0], examined.crop)
    assert examined.origin == {"box": list(BOX), "confidence": 0.99, "outside": 0.0}


def test_how_much_of_the_crop_the_photograph_does_not_show_is_kept() -> None:
    corner = (0, 50, 60, 80)  # the window's side is 128 pixels, and 34 of them lie left of the photograph

    examined = examine(portrait(), Marks(corner), TinyEngine({"side": 1.6, "centre_y": 0.56}))

    assert examined.origin["outside"] == pytest.approx(34 / 128)


def test_the_stages_are_told_as_they_begin() -> None:
    stages: list[str] = []

    examine(portrait(), Marks(BOX), TinyEngine(), stage=stages.append)

    assert stages == ["detect", "crop", "encode"]


@pytest.mark.parametrize(
    ("boxes", "refusal"),
    [
        ([], NoFace),
        ([(0, 0, 80, 90), (100, 0, 80, 90)], SeveralFaces),
        ([(60, 50, MIN_SUSPECT_WIDTH - 1, MIN_SUSPECT_HEIGHT)], FaceTooSmall),
        ([(60, 50, MIN_SUSPECT_WIDTH, MIN_SUSPECT_HEIGHT - 1)], FaceTooSmall),
    ],
)
def test_a_photograph_without_one_usable_face_is_refused(
    boxes: list[tuple[int, int, int, int]], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        examine(portrait(), Marks(*boxes), TinyEngine())
