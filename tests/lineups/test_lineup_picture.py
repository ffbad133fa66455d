"""The picture of a lineup, which a court may see."""

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lineups.exports.picture import BACKGROUND, Picture, compose, even_columns

HEADS = sorted((Path(__file__).parents[1] / "fixtures" / "heads").glob("*.jpg"))
TILE, MARGIN, BAND = 256, 32, 49


def heads(count: int = 6, side: int = 64) -> list[npt.NDArray[np.uint8]]:
    return [np.asarray(Image.open(path).resize((side, side))) for path in HEADS[:count]]


def opened(png: bytes) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(png)) as image:
        assert image.info == {}
        return np.asarray(image.convert("RGB"))


def tile(sheet: npt.NDArray[np.uint8], index: int, columns: int) -> npt.NDArray[np.uint8]:
    row, column = divmod(index, columns)
    top, left = MARGIN + row * (TILE + BAND + MARGIN), MARGIN + column * (TILE + MARGIN)
    return sheet[top : top + TILE, left : left + TILE]


def test_the_same_members_in_the_same_order_give_the_same_bytes() -> None:
    assert compose(heads()) == compose(heads())
    assert compose(heads()) != compose(heads()[::-1])


def test_each_member_is_shown_in_its_place_at_the_same_size() -> None:
    sheet = opened(compose(heads()))

    for index, head in enumerate(heads()):
        expected = Image.fromarray(head).resize((TILE, TILE), Image.Resampling.LANCZOS)
        np.testing.assert_array_equal(tile(sheet, index, 3), np.asarray(expected))


def test_a_member_looks_the_same_in_every_place() -> None:
    first, last = opened(compose(heads())), opened(compose(heads()[::-1]))

    for index in range(6):
        np.testing.assert_array_equal(tile(first, index, 3), tile(last, 5 - index, 3))


def test_a_member_with_more_pixels_is_not_shown_sharper() -> None:
    suspect = heads(1, side=128)[0]
    sheet = opened(compose([suspect, *heads(2)[1:]]))

    reduced = Image.fromarray(suspect).resize((64, 64), Image.Resampling.BOX)
    expected = np.asarray(reduced.resize((TILE, TILE), Image.Resampling.LANCZOS))
    np.testing.assert_array_equal(tile(sheet, 0, 2), expected)


def test_every_member_has_its_own_number_beneath_and_nothing_else_tells_them_apart() -> None:
    face = heads(1)[0]
    sheet = opened(compose([face] * 6))

    bands = []
    for index in range(6):
        row, column = divmod(index, 3)
        top = MARGIN + row * (TILE + BAND + MARGIN) + TILE + 1
        left = MARGIN + column * (TILE + MARGIN)
        bands.append(sheet[top : top + BAND, left : left + TILE])
        assert (bands[-1] != BACKGROUND).any(), "no number"
    assert len({band.tobytes() for band in bands}) == 6
    without_numbers = sheet.copy()
    for row in range(2):
        top = MARGIN + row * (TILE + BAND + MARGIN) + TILE + 1
        without_numbers[top : top + BAND + MARGIN - 2] = BACKGROUND
    cells = [without_numbers[:, 16 + c * (TILE + MARGIN) :][:, : TILE + MARGIN] for c in range(3)]
    assert all((cell == cells[0]).all() for cell in cells)


def test_the_margins_are_even_and_the_background_is_neutral_grey() -> None:
    sheet = opened(compose(heads()))

    assert len(set(BACKGROUND)) == 1
    assert sheet.shape == (MARGIN + 2 * (TILE + BAND + MARGIN), MARGIN + 3 * (TILE + MARGIN), 3)
    border = MARGIN - 1
    for edge in (sheet[:border], sheet[:, :border], sheet[:, -border:]):
        assert (edge == BACKGROUND).all()


@pytest.mark.parametrize(
    ("count", "columns"), [(1, 1), (2, 2), (4, 4), (5, 3), (6, 3), (7, 4), (8, 4), (9, 3), (10, 4), (12, 4)]
)
def test_members_stand_in_rows_as_equal_as_can_be(count: int, columns: int) -> None:
    assert even_columns(count) == columns


def test_a_shorter_last_row_stands_in_the_middle() -> None:
    sheet = opened(compose(heads(5)))

    last_row = sheet[MARGIN + TILE + BAND + MARGIN :][:TILE]
    used = np.flatnonzero((last_row != BACKGROUND).any(axis=(0, 2)))
    assert abs(used[0] - (sheet.shape[1] - 1 - used[-1])) <= 1


@pytest.mark.parametrize(
    "images",
    [[], [np.zeros((64, 48, 3), np.uint8)], [Image.new("L", (64, 64))]],
    ids=["none", "oblong", "grey"],
)
def test_what_is_not_a_lineup_is_not_drawn(images: list[Picture]) -> None:
    with pytest.raises(ValueError, match="member"):
        compose(images)
