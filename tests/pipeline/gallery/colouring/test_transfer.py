"""Hair of another colour on faces of nobody: the strands stay, and all that is not hair."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.faces.garment import gown_over
from pipeline.faces.hair import CHEEKS, around
from pipeline.faces.head import Head
from pipeline.faces.lab import lab_of
from pipeline.gallery import Gallery
from pipeline.gallery.blending.planes import fine, grown
from pipeline.gallery.colouring import HairColour, Unnatural, recoloured
from pipeline.gallery.colouring.where import hair_of
from pipeline.reading import Reader

FACES = Path(__file__).parents[3] / "fixtures" / "gallery"
MAN_OF_BROWN, WOMAN_OF_LONG_BROWN, BALD, BLACK, FAIR = 1, 2, 11, 3, 5
MOVES = [(MAN_OF_BROWN, "grey"), (MAN_OF_BROWN, "blond"), (BLACK, "grey"), (BLACK, "brown")]


@pytest.fixture(scope="module")
def gallery() -> Gallery:
    return Gallery.open(FACES)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def colour(name: str) -> HairColour:
    return HairColour.drawn(np.random.default_rng(5), name)


def away(before: Head, after: Head) -> np.ndarray:
    return np.asarray(np.abs(before.image.astype(int) - after.image.astype(int)).max(axis=2))


def test_the_same_head_and_colour_give_the_same_pixels(gallery: Gallery) -> None:
    made = [recoloured(gallery.head(MAN_OF_BROWN), colour("grey")).image for _ in range(2)]

    assert made[0].tobytes() == made[1].tobytes()


@pytest.mark.parametrize(("place", "name"), MOVES)
def test_skin_wall_and_gown_stay_as_they_are(gallery: Gallery, place: int, name: str) -> None:
    before = gallery.head(place)
    changed = away(before, recoloured(before, colour(name)))

    assert changed[before.alpha < 0.02].max() <= 2
    assert changed[gown_over(before.landmarks) > 0.5].max() <= 2
    assert around(changed[..., None].astype(np.float32), before, (*CHEEKS, 4, 9, 151)).max() <= 4
    assert changed[hair_of(before).scalp > 0.9].mean() > 10


@pytest.mark.parametrize(("place", "name"), MOVES)
def test_strands_are_kept(gallery: Gallery, place: int, name: str) -> None:
    before = gallery.head(place)
    after = recoloured(before, colour(name))
    # Not along the outline: how hair differs from wall and skin must change.
    hair = grown(hair_of(before).scalp, -4) > 0.9

    old, new = (fine(lab_of(head.image)[..., 0], 1.5)[hair] for head in (before, after))
    assert np.corrcoef(old, new)[0, 1] > 0.9


@pytest.mark.parametrize(("place", "name"), MOVES)
def test_the_reader_sees_the_new_colour(gallery: Gallery, reader: Reader, place: int, name: str) -> None:
    after = recoloured(gallery.head(place), colour(name))

    assert reader.read(after).description["hair"].value == name


@pytest.mark.parametrize(
    ("place", "name"), [(BALD, "grey"), (FAIR, "brown"), (WOMAN_OF_LONG_BROWN, "grey"), (BALD, "black")]
)
def test_hair_that_would_not_look_real_keeps_its_colour(gallery: Gallery, place: int, name: str) -> None:
    with pytest.raises(Unnatural, match=r"hair|Hair"):
        recoloured(gallery.head(place), colour(name))


def test_hair_as_dark_as_can_be_does_not_turn_grey(gallery: Gallery) -> None:
    head = gallery.head(BLACK)
    share = hair_of(head).scalp[..., None]
    dark = Head((head.image * (1 - 0.9 * share)).astype(np.uint8), head.landmarks, head.alpha)

    with pytest.raises(Unnatural, match="too dark"):
        recoloured(dark, colour("grey"))
