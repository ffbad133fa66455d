"""Each filter, against pictures made to pass it and to fail it just barely."""

import numpy as np
import pytest

from pipeline.dataset.filters import color_filter, quality_filter, size_filter
from pipeline.faces.photo import Colour, Photo, convert_to_rgb


def plain(width: int, height: int, bgr: tuple[int, int, int] = (128, 128, 128)) -> Photo:
    return Photo(np.full((height, width, 3), bgr, np.uint8), "made")


def with_share(share: int, bgr: tuple[int, int, int]) -> Photo:
    """A grey photo of 1,000 pixels, ``share`` of which have another colour."""
    photo = plain(50, 20)
    photo.pixels.reshape(-1, 3)[:share] = bgr
    return photo


@pytest.mark.parametrize(("width", "height"), [(256, 256), (256, 900), (900, 256)])
def test_a_photo_whose_smaller_side_is_just_long_enough_stays(width: int, height: int) -> None:
    assert size_filter(plain(width, height), min_size=256)


@pytest.mark.parametrize(("width", "height"), [(255, 256), (256, 255), (255, 900), (900, 255)])
def test_a_photo_whose_smaller_side_lacks_a_pixel_goes(width: int, height: int) -> None:
    assert not size_filter(plain(width, height), min_size=256)


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_pixel_is_coloured_from_one_level_above_the_tolerance_in_any_channel(channel: int) -> None:
    for difference, coloured in ((8, False), (9, True)):
        bgr = [128, 128, 128]
        bgr[channel] += difference

        assert color_filter(plain(30, 30, (bgr[0], bgr[1], bgr[2])), tolerance=8) is coloured


def test_a_grey_photo_with_a_coloured_stamp_goes_until_the_stamp_is_large_enough() -> None:
    assert not color_filter(with_share(9, (0, 0, 255)), min_ratio=0.01)
    assert color_filter(with_share(10, (0, 0, 255)), min_ratio=0.01)


def test_a_photo_in_grey_levels_only_goes() -> None:
    levels = np.random.default_rng(1).integers(0, 256, (40, 40, 1), np.uint8)

    assert not color_filter(Photo(np.repeat(levels, 3, axis=2), "grey"))


def test_just_as_much_white_as_is_allowed_stays_and_a_pixel_more_goes() -> None:
    assert quality_filter(with_share(550, (255, 255, 255)), white_ratio_threshold=0.55)
    assert not quality_filter(with_share(551, (255, 255, 255)), white_ratio_threshold=0.55)


def test_just_as_much_black_as_is_allowed_stays_and_a_pixel_more_goes() -> None:
    assert quality_filter(with_share(200, (0, 0, 0)), black_ratio_threshold=0.2)
    assert not quality_filter(with_share(201, (0, 0, 0)), black_ratio_threshold=0.2)


def test_white_begins_and_black_ends_at_its_threshold() -> None:
    assert quality_filter(plain(9, 9, (239, 239, 239)), white_threshold=240)
    assert not quality_filter(plain(9, 9, (240, 240, 240)), white_threshold=240)
    assert quality_filter(plain(9, 9, (16, 16, 16)), black_threshold=15)
    assert not quality_filter(plain(9, 9, (15, 15, 15)), black_threshold=15)


@pytest.mark.parametrize(("colour", "kept"), [("bgr", True), ("rgb", False)])
def test_quality_is_judged_by_the_colours_that_a_photo_has(colour: Colour, kept: bool) -> None:
    # 120 in the first channel: a blue of grey level 14, or a red of 36.
    photo = Photo(np.full((9, 9, 3), (120, 0, 0), np.uint8), "made", colour)

    assert quality_filter(photo, black_threshold=15) is not kept


def test_converting_to_rgb_turns_the_channels_once() -> None:
    photo = plain(4, 4, (1, 2, 3))

    converted = convert_to_rgb(photo)

    assert (converted.pixels == (3, 2, 1)).all()
    assert converted.colour == "rgb"
    assert convert_to_rgb(converted) is converted
    assert (photo.pixels == (1, 2, 3)).all()
    assert (photo.rgb == converted.rgb).all()
