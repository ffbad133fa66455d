"""A side is cut into pieces of few lengths that lack no cell."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.faces.tiles import CELL, LONGEST, STEP, STRIDE, cells_of, pieces_of

sides = st.integers(CELL, 3000)


@given(sides)
def test_every_cell_is_in_one_piece(side: int) -> None:
    cells = [cell for piece in pieces_of(side) for cell in range(piece.cells.start, piece.cells.stop)]

    assert cells == list(range(cells_of(side)))


@given(sides)
def test_a_piece_has_the_pixels_that_its_cells_look_at(side: int) -> None:
    for piece in pieces_of(side):
        assert piece.pixels.start == piece.cells.start * STRIDE
        assert piece.pixels.stop == min((piece.cells.stop - 1) * STRIDE + CELL, side)
        assert piece.pixels.stop - piece.pixels.start <= piece.length


@given(sides)
def test_there_are_eight_lengths(side: int) -> None:
    assert {piece.length for piece in pieces_of(side)} <= set(range(STEP, LONGEST + 1, STEP))
