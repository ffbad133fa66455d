"""Each measure answers to what it measures, and to nothing else."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from pipeline.appearance import colour
from pipeline.appearance.bands import octaves
from pipeline.appearance.compression import blockiness, jpeg_quality
from pipeline.appearance.look import ASPECTS, look_from, look_of
from pipeline.appearance.noise import noise
from pipeline.appearance.placement import eye_line, head_size
from pipeline.appearance.regions import regions_of
from pipeline.appearance.sharpness import sharpness
from pipeline.faces.head import EYE_LINE, SIDE, Head
from pipeline.faces.lab import lab_of, picture_of
from pipeline.faces.measures import mouth_gap
from tests.pipeline.appearance import degradations
from tests.pipeline.appearance.drawn import drawn_head, with_image


def parts_of(head: Head) -> list[np.ndarray]:
    return octaves(lab_of(head.image)[..., 0])[0]


def test_octaves_add_up_to_the_picture_that_was_divided(six: list[Head]) -> None:
    lightness = lab_of(six[0].image)[..., 0]

    parts, rest = octaves(lightness)

    np.testing.assert_allclose(sum(parts) + rest, lightness, atol=1e-3)


def test_lab_and_back_is_the_same_picture_but_for_rounding(six: list[Head]) -> None:
    again = picture_of(lab_of(six[0].image))

    assert np.abs(again.astype(int) - six[0].image).max() <= 1


def test_a_picture_out_of_focus_is_less_sharp_the_more_so_in_finer_octaves(six: list[Head]) -> None:
    soft = with_image(six[0], degradations.blurred(six[0].image))
    regions = regions_of(six[0], lab_of(six[0].image))

    lost = np.log2(sharpness(parts_of(six[0]), regions) / sharpness(parts_of(soft), regions))

    assert (lost > 0).all()
    assert lost[0] > lost[2] > lost[3]


@settings(max_examples=8, deadline=None)
@given(deviation=st.floats(1.5, 6.0))
def test_noise_is_measured_whatever_face_is_under_it(deviation: float) -> None:
    head = drawn_head(3)
    regions = regions_of(head, lab_of(head.image))
    grain = np.random.default_rng(1).normal(0, deviation, (SIDE, SIDE)).astype(np.float32)
    plane = lab_of(head.image)[..., 0]

    before = noise(octaves(plane)[0], regions)
    after = noise(octaves(plane + grain)[0], regions)

    expected = np.hypot(before, octaves(grain)[0][0].std())
    assert after == pytest.approx(expected, rel=0.15)


def test_blocks_are_found_where_a_picture_was_compressed_hard(six: list[Head]) -> None:
    whole = lab_of(six[0].image)[..., 0]
    poor = lab_of(degradations.compressed(six[0].image))[..., 0]

    assert blockiness(poor) > 1.5 * blockiness(whole)


@pytest.mark.parametrize("quality", [20, 50, 75, 92])
def test_the_quality_that_a_jpeg_was_written_with_is_read_from_its_tables(quality: int) -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (16, 16)).save(file, "JPEG", quality=quality)

    assert jpeg_quality(file.getvalue()) == pytest.approx(quality, abs=1)


def test_a_png_has_no_quality() -> None:
    file = io.BytesIO()
    Pillow.new("RGB", (16, 16)).save(file, "PNG")

    assert jpeg_quality(file.getvalue()) is None


@pytest.mark.parametrize("made", [degradations.grey, degradations.sepia])
def test_a_photograph_of_one_tint_is_grey(six: list[Head], made: degradations.Degradation) -> None:
    lab = lab_of(made(six[0].image))

    assert colour.is_grey(lab, regions_of(six[0], lab))


def test_a_photograph_in_colour_is_not_grey_even_if_it_is_pale(six: list[Head]) -> None:
    for image in (six[0].image, degradations.pale(six[0].image)):
        lab = lab_of(image)
        assert not colour.is_grey(lab, regions_of(six[0], lab))


def test_a_yellow_light_is_a_cast_towards_yellow(six: list[Head]) -> None:
    lab, yellow = (lab_of(image) for image in (six[0].image, degradations.tinted(six[0].image)))
    regions = regions_of(six[0], lab)

    casts = [colour.cast(colour.skin_lab(one, regions)) for one in (lab, yellow)]

    assert casts[1][1] > casts[0][1] + 5


def test_heads_in_the_common_frame_have_one_size_and_eye_line(six: list[Head]) -> None:
    assert eye_line(six[0].landmarks) == pytest.approx(EYE_LINE, abs=0.01)
    larger = (six[0].landmarks - SIDE / 2) * 1.1 + SIDE / 2
    assert head_size(larger) == pytest.approx(1.1 * head_size(six[0].landmarks), rel=1e-3)


def test_an_open_mouth_has_a_gap() -> None:
    assert mouth_gap(drawn_head(0).landmarks) == 0
    assert mouth_gap(drawn_head(0, mouth_gap=0.3).landmarks) == pytest.approx(0.3, abs=0.01)


def test_a_look_is_the_same_after_it_was_written_down(six: list[Head]) -> None:
    look = look_of(six[0])

    again = look_from(look.to_dict())

    np.testing.assert_allclose(again.vector(), look.vector(), atol=1e-4)
    assert again.grey == look.grey


def test_a_look_with_an_aspect_missing_is_refused_in_a_sentence(six: list[Head]) -> None:
    plain = look_of(six[0]).to_dict()
    del plain["hair"]

    with pytest.raises(ValueError, match="no look of a picture"):
        look_from(plain)


def test_what_a_picture_does_not_show_is_unknown_and_no_error() -> None:
    blank = Head(
        np.full((SIDE, SIDE, 3), 120, np.uint8), drawn_head(0).landmarks, np.ones((SIDE, SIDE), np.float32)
    )

    look = look_of(blank)

    assert set(look.aspects) == set(ASPECTS)
    assert np.isnan(look.aspects["wall"]).all()
