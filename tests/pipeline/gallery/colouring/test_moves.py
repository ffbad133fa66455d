"""Only what nature does is done to hair."""

import numpy as np
import pytest

from pipeline.gallery.colouring import HairColour, moves
from pipeline.gallery.colouring.moves import natural
from pipeline.gallery.colouring.shades import SHADES


def test_black_hair_never_becomes_blond() -> None:
    assert "blond" not in moves("black", age=30.0, ethnicity="white")


def test_nobody_under_forty_turns_grey() -> None:
    assert "grey" not in moves("brown", age=39.0, ethnicity="white")
    assert "grey" in moves("brown", age=40.0, ethnicity="white")


def test_not_everybody_s_hair_is_blond_or_brown_by_nature() -> None:
    assert moves("black", age=60.0, ethnicity="east_asian") == ("grey",)
    assert "blond" not in moves("brown", age=30.0, ethnicity="indian")


def test_hair_that_makes_nobody_wonder() -> None:
    assert natural("grey", age=40.0, ethnicity="east_asian")
    assert not natural("grey", age=39.0, ethnicity="white")
    assert natural("blond", age=20.0, ethnicity="white")
    assert not natural("blond", age=20.0, ethnicity="east_asian")
    assert natural("bald", age=20.0, ethnicity="indian")


@pytest.mark.parametrize("hair", ["bald", "dyed", "blond", "grey", "red"])
def test_other_hair_stays(hair: str) -> None:
    assert moves(hair, age=60.0, ethnicity="white") == ()


def test_shades_are_drawn_near_the_table_s() -> None:
    for name, rows in SHADES.items():
        light = [HairColour.drawn(np.random.default_rng(seed), name).light for seed in range(50)]
        assert min(row[0] for row in rows) - 12 < min(light) <= max(light) < max(row[0] for row in rows) + 12


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(ValueError, match="no natural colour"):
        HairColour.drawn(np.random.default_rng(0), "green")
