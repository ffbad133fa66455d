"""A lineup of photographic people drafted in one go: repeatable, evened out, checked, without TensorFlow."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gpu_worker.drafting import Draft, Input, Unusable
from gpu_worker.engine import GalleryEngine
from gpu_worker.gallery_drafting import draft_from_gallery, with_hair_of_their_own
from gpu_worker.recipes import composition_of
from gpu_worker.stopwatch import Stopwatch
from lineups.fitness import MARK
from lineups.recipes import Recipe
from pipeline.faces.blazeface import BlazeFaceDetector
from pipeline.faces.head import SIDE
from pipeline.fillers import CannotLock, Composition, TooFewFaces
from tests.gpu_worker.drawn_gallery import engine_of, written

PORTRAIT = Path(__file__).parents[1] / "fixtures" / "portraits" / "60003_1.jpg"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> GalleryEngine:
    """The engine of a gallery of drawn women."""
    return engine_of(written(tmp_path_factory.mktemp("gallery") / "women"))


def drafted(engine: GalleryEngine, *, fillers: int = 5, seed: int = 1, **options: Any) -> Draft:
    with Image.open(PORTRAIT) as picture:
        photo = Input("suspect.jpg", np.asarray(picture.convert("RGB"), np.uint8))
    return draft_from_gallery(
        photo, None, fillers=fillers, seed=seed, detector=BlazeFaceDetector(), load=lambda: engine,
        watch=Stopwatch(), **options,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(engine: GalleryEngine) -> Draft:
    """The suspect and five others."""
    return drafted(engine)


def test_a_lineup_has_one_suspect_and_as_many_different_fillers_as_asked_for(made: Draft) -> None:
    roles = [member.role for member in made.members]

    assert sorted(roles) == ["filler"] * 5 + ["suspect"]
    assert roles[made.suspect_position - 1] == "suspect"
    assert len({member.image.tobytes() for member in made.members}) == 6
    assert all(member.image.shape == (SIDE, SIDE, 3) for member in made.members)
    assert made.mark == MARK


def test_no_two_fillers_have_the_same_hair_where_enough_have_their_own_and_never_three(
    engine: GalleryEngine,
) -> None:
    faces = [engine.regenerate(Composition(engine.digest, (place,), (1.0,))) for place in range(6)]
    hair = dict(zip(map(id, faces), (1, 2, 3, 1, 2, 1), strict=True))

    def kept(count: int) -> list[int]:
        found = with_hair_of_their_own(faces, lambda face: hair[id(face)], count)
        return sorted(faces.index(face) for face in found)

    assert kept(3) == [0, 1, 2]
    assert kept(4) == [0, 1, 2, 3, 4]


def test_the_same_photograph_and_seed_give_the_same_lineup(made: Draft, engine: GalleryEngine) -> None:
    again = drafted(engine)

    assert again.picture == made.picture
    assert [member.recipe for member in again.members] == [member.recipe for member in made.members]


def test_what_is_not_known_of_the_suspect_holds_nobody_and_is_said(made: Draft) -> None:
    assert made.locks == {"sex": "female"}
    assert "hair" in made.unknown
    assert "glasses" in made.unknown


def test_pictures_are_evened_out_unless_that_is_not_wanted_and_it_is_said_how(
    made: Draft, engine: GalleryEngine
) -> None:
    plain = drafted(engine, uneven="A booking photograph.")

    assert (plain.evening, plain.uneven) == (None, "A booking photograph.")
    assert made.evening is not None
    assert [step["name"] for step in made.evening["steps"]][-1].startswith("finish")
    for member in plain.members:
        if member.role == "filler":
            composed = Recipe.from_dict(member.recipe).composed
            assert composed is not None
            np.testing.assert_array_equal(engine.regenerate(composition_of(composed)).image, member.image)


def test_whether_the_suspect_stands_out_is_said_in_one_sentence_and_by_aspect(made: Draft) -> None:
    assert made.appearance is not None
    assert made.appearance["check"] == "appearance"
    assert made.appearance["sentence"].endswith(".")
    assert made.appearance["size"] == 6
    assert {"sharpness", "wall", "head_size", "eye_line"} <= set(made.appearance["aspects"])
    assert made.appearance["aspects"]["wall"]["distances"][0] < 2.0, "one wall for all"


def test_two_are_too_few_to_say_who_stands_out(engine: GalleryEngine) -> None:
    assert drafted(engine, fillers=1).appearance is None


def test_what_the_gallery_says_nothing_of_cannot_be_held(engine: GalleryEngine) -> None:
    with pytest.raises(CannotLock):
        drafted(engine, locks=["moustache"])


def test_more_fillers_than_there_are_such_people_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooFewFaces):
        drafted(engine_of(written(tmp_path / "few", count=3)), fillers=30)


def test_a_refusal_comes_before_the_gallery_is_opened() -> None:
    def load() -> GalleryEngine:
        raise AssertionError("opened for nothing")

    with pytest.raises(Unusable, match=r"grey\.png: No face"):
        draft_from_gallery(
            Input("grey.png", np.full((300, 300, 3), 128, np.uint8)), None, fillers=5, seed=1,
            detector=BlazeFaceDetector(), load=load, watch=Stopwatch(),
        )  # fmt: skip
