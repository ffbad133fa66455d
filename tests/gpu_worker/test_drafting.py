"""A lineup drafted in one go: repeatable, shuffled, and every face can be made again."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Pillow

from gpu_worker.drafting import Draft, Input, Unusable, draft
from gpu_worker.stopwatch import Stopwatch
from gpu_worker.suspect import crop_face
from lineups.fitness import MARK
from lineups.recipes import unpack
from pipeline.faces.detector import Image
from pipeline.fillers import CannotLock, Page
from tests.gpu_worker.tiny_engine import Marks, TinyEngine, portrait

BOX = (60, 50, 60, 80)


def drafted(
    *,
    second: bool = False,
    fillers: int = 5,
    seed: int = 1,
    person: int = 1,
    watch: Stopwatch | None = None,
    engine: type[TinyEngine] = TinyEngine,
    locks: Sequence[str] | None = None,
    report: Callable[[float], None] = lambda fraction: None,
) -> Draft:
    return draft(
        Input("suspect.jpg", portrait(person)),
        Input("other.jpg", portrait(2)) if second else None,
        fillers=fillers,
        seed=seed,
        detector=Marks(BOX),
        load=engine,
        watch=watch or Stopwatch(),
        locks=locks,
        report=report,
    )


def faces(made: Draft, role: str) -> set[bytes]:
    return {member.image.tobytes() for member in made.members if member.role == role}


@pytest.mark.parametrize("second", [False, True])
def test_the_same_seed_gives_the_same_faces_in_the_same_order(second: bool) -> None:
    first, again = drafted(second=second), drafted(second=second)

    assert first.picture == again.picture
    assert [member.recipe for member in first.members] == [member.recipe for member in again.members]


def test_another_seed_gives_other_people_beside_the_same_suspect() -> None:
    first, other = drafted(seed=1), drafted(seed=2)

    assert faces(first, "filler").isdisjoint(faces(other, "filler"))
    assert faces(first, "suspect") == faces(other, "suspect")


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("fillers", [1, 5, 11, 20])
def test_a_lineup_has_one_suspect_and_as_many_different_fillers_as_asked_for(
    second: bool, fillers: int
) -> None:
    made = drafted(second=second, fillers=fillers)

    assert len(faces(made, "filler")) == fillers
    assert len(faces(made, "suspect")) == 1
    assert faces(made, "filler").isdisjoint(faces(made, "suspect"))
    assert made.members[made.suspect_position - 1].role == "suspect"
    assert len(made.members) == fillers + 1


def test_over_many_seeds_the_suspect_stands_in_every_place() -> None:
    positions = [drafted(fillers=2, seed=seed).suspect_position for seed in range(45)]

    # 15 expected in each of three places; fewer than 5 anywhere has a chance of about one in a thousand.
    assert all(positions.count(place) >= 5 for place in range(1, 4))


def test_with_one_seed_the_suspects_of_many_photographs_stand_in_every_place() -> None:
    positions = [drafted(fillers=2, seed=1, person=person).suspect_position for person in range(45)]

    # As above: one in a thousand.
    assert all(positions.count(place) >= 5 for place in range(1, 4))


def test_every_filler_can_be_made_again_from_its_recipe() -> None:
    for member in drafted().members:
        image = TinyEngine().render(unpack(member.recipe["w_plus"])[None])[0]
        np.testing.assert_array_equal(image, member.image)
        assert member.recipe["bundle"] == TinyEngine.digest


def test_neither_of_two_photographed_people_comes_back_as_a_filler() -> None:
    made = drafted(second=True, fillers=10)
    engine = TinyEngine()
    ends = engine.interpolate(*engine.encode(_crops()), steps=2)

    assert faces(made, "filler").isdisjoint({end.image.tobytes() for end in ends})


@pytest.mark.parametrize(
    ("fillers", "pages"), [(1, [1]), (4, [1]), (5, [1, 2]), (12, [1, 2, 3]), (30, [1, 2, 3, 4, 5])]
)
def test_no_more_pages_are_made_than_fillers_are_picked_from(fillers: int, pages: list[int]) -> None:
    asked: list[int] = []

    class Noting(TinyEngine):
        def neighbours(self, *of: Any, **how: Any) -> Page:
            asked.append(how["page"])
            return super().neighbours(*of, **how)

    drafted(engine=Noting, fillers=fillers)

    assert asked == pages


def test_progress_only_grows_and_ends_at_one() -> None:
    told: list[float] = []

    drafted(report=told.append)

    assert told == sorted(told)
    assert told[-1] == 1.0


class Bearded(TinyEngine):
    """Holds who is light for bearded."""

    def describe(self, faces: npt.NDArray[np.uint8], /) -> list[dict[str, Any] | None]:
        return [{"beard": {"value": bool(face.mean() >= 127.5), "confidence": 0.9}} for face in faces]


def test_every_filler_shares_what_is_usual_with_the_suspect_as_far_as_the_bundle_predicts_it() -> None:
    made = drafted(engine=Bearded)
    suspect = made.members[made.suspect_position - 1]

    assert suspect.attributes is not None
    bearded = suspect.attributes["beard"]["value"]
    assert made.locks == {"beard": "yes" if bearded else "no"}
    assert {member.attributes["beard"]["value"] for member in made.members if member.attributes} == {bearded}


def test_fillers_are_held_to_nothing_on_request_and_between_two_people() -> None:
    assert drafted(engine=Bearded, locks=[]).locks == {}
    assert drafted(engine=Bearded, second=True).locks == {}


def test_what_the_bundle_does_not_predict_cannot_be_held() -> None:
    with pytest.raises(CannotLock, match="does not predict sex"):
        drafted(engine=Bearded, locks=["sex"])


def test_the_picture_shows_the_members_in_their_order() -> None:
    made = drafted()

    with Pillow.open(io.BytesIO(made.picture)) as sheet:
        for index, member in enumerate(made.members):
            row, column = divmod(index, 3)
            left, top = 32 + column * 288, 48 + 32 + row * 337
            shown = sheet.crop((left, top, left + 256, top + 256))
            expected = Pillow.fromarray(member.image).resize((256, 256), Pillow.Resampling.LANCZOS)
            np.testing.assert_array_equal(np.asarray(shown), np.asarray(expected))


class Fit(TinyEngine):
    """Says that its faces are fit for casework."""

    manifest = {"casework": True, "figures": {"women right": 0.99}}


def test_a_draft_says_what_it_is_not_fit_for_unless_the_bundle_says_that_it_is() -> None:
    marked, fit = drafted(), drafted(engine=Fit)

    assert (marked.mark, fit.mark) == (MARK, None)
    heights = [Pillow.open(io.BytesIO(made.picture)).height for made in (marked, fit)]
    assert heights == [48 + 706 + 48, 706]


def test_every_stage_is_timed() -> None:
    watch = Stopwatch()

    drafted(watch=watch)

    assert list(watch.seconds) == [
        "detect",
        "load",
        "crop",
        "encode",
        "generate",
        "pick",
        "describe",
        "compose",
    ]
    assert all(seconds >= 0 for seconds in watch.seconds.values())


def test_every_member_is_described_from_its_own_picture() -> None:
    made = drafted()

    said = TinyEngine().describe(np.stack([member.image for member in made.members]))
    assert [member.attributes for member in made.members] == said
    assert made.reliability == TinyEngine.reliability


def test_a_refusal_names_the_photograph_and_comes_before_the_models_are_loaded() -> None:
    def load() -> TinyEngine:
        raise AssertionError("loaded for nothing")

    with pytest.raises(Unusable, match=r"suspect\.jpg: No face") as refusal:
        draft(
            Input("suspect.jpg", portrait()),
            None,
            fillers=5,
            seed=1,
            detector=Marks(),
            load=load,
            watch=Stopwatch(),
        )
    assert refusal.value.code == "no_face"


def _crops() -> Image:
    engine = TinyEngine()
    return np.stack(
        [crop_face(portrait(seed), Marks(BOX).detect(portrait(seed))[0], engine).image for seed in (1, 2)]
    )
