"""A page of a gallery: its own faces as far as they go, then faces composed between them."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.attributes.people import PEOPLE
from pipeline.fillers import Composition, Description, Locks, Page, Reason, distance_of, pick
from pipeline.gallery import Gallery, GalleryWriter, Portion
from pipeline.gallery.about import EACH_OTHER
from pipeline.gallery.parents import without_each
from pipeline.gallery.source import Wanted
from tests.pipeline.gallery.drawn import ABOUT, faces, said
from tests.pipeline.gallery.mixed import Copies, Mixer, composer, page, request

Vector = npt.NDArray[np.float32]
WOMAN: Description = {
    key: {"value": value, "confidence": 0.95}
    for key, value in {
        "sex": "female", "age_group": "30-39", "hair": None, "beard": False, "mouth": "closed",
    }.items()
}  # fmt: skip


def asked(*keys: str, suspect: Description = WOMAN) -> Locks:
    return Locks.asked(dict.fromkeys(keys, "same"), suspect, PEOPLE)


def compositions(found: Page) -> list[Composition]:
    made = [face.made_of for face in found]
    assert all(isinstance(one, Composition) for one in made)
    return [one for one in made if isinstance(one, Composition)]


def test_a_page_that_the_gallery_can_fill_is_its_own_faces_the_most_alike_first(
    gallery: Gallery, suspect: Vector
) -> None:
    mixer = Mixer(gallery)
    found = page(composer(gallery, mixer=mixer), suspect, Wanted(request(6)))

    similarity = gallery.embeddings.astype(np.float32) @ suspect
    inside = np.sort(similarity[similarity < gallery.about.same_person])[::-1]
    np.testing.assert_allclose([face.similarity for face in found], inside[:6], atol=1e-3)
    assert all(composition.is_member for composition in compositions(found))
    assert mixer.blended == 0


def test_a_womans_page_has_no_man_on_it(gallery: Gallery, suspect: Vector) -> None:
    wanted = Wanted(request(28, locks=asked("sex", "age_group", "beard")), WOMAN)

    found = page(composer(gallery), suspect, wanted)

    assert len(found) > 12
    assert any(not composition.is_member for composition in compositions(found))
    for face, composition in zip(found, compositions(found), strict=True):
        assert face.description is not None
        assert said(face.description)["sex"] == "female"
        assert said(face.description)["age_group"] in {"20-29", "30-39", "40-49"}
        for place in composition.members:
            assert said(gallery.descriptions(place))["sex"] == "female"


def test_what_is_not_known_of_the_suspect_locks_nothing(gallery: Gallery, suspect: Vector) -> None:
    locks = asked(
        "sex", "hair", "hair_length", suspect={**WOMAN, "hair_length": {"value": None, "confidence": 0.5}}
    )

    found = page(composer(gallery), suspect, Wanted(request(6, locks=locks)))

    assert locks.left_out == ("hair", "hair_length")
    assert len(found) == 6
    assert {said(face.description or {})["sex"] for face in found} == {"female"}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000), distance=st.floats(0, 1), own=st.floats(0.2, 0.7), count=st.integers(1, 20))
def test_nobody_on_a_page_is_the_suspect_another_or_somebody_of_the_gallery(
    gallery: Gallery, suspect: Vector, seed: int, distance: float, own: float, count: int
) -> None:
    wanted = Wanted(request(count, seed=seed, distance=distance, locks=asked("sex", "age_group")), WOMAN)

    found = page(composer(gallery, mixer=Mixer(gallery, own)), suspect, wanted)

    assert found.limits is not None
    limit = gallery.about.same_person
    assert all(found.limits.stranger <= face.similarity < limit for face in found)
    if len(found):
        who = np.stack([face.identity for face in found])
        assert np.max((who @ who.T)[np.triu_indices(len(who), 1)], initial=-1.0) < limit
        composed = [i for i, one in enumerate(compositions(found)) if not one.is_member]
        everybody = gallery.embeddings.astype(np.float32)
        assert np.max(who[composed] @ everybody.T, initial=-1.0) < EACH_OTHER


def test_who_looks_like_a_parent_is_turned_down_as_a_copy(gallery: Gallery, suspect: Vector) -> None:
    parents_again = Copies(gallery)
    wanted = Wanted(request(40, locks=asked("sex", "age_group")), WOMAN)

    found = page(composer(gallery, mixer=parents_again), suspect, wanted)

    assert all(composition.is_member for composition in compositions(found))
    assert found.rejected[Reason.COPY] > 0


def test_pages_go_from_near_to_far(gallery: Gallery, suspect: Vector) -> None:
    made, below, means = composer(gallery), None, []
    for number in range(1, 5):
        wanted = Wanted(
            request(6, number=number, distance=distance_of(number), below=below, locks=asked("sex"))
        )
        found = page(made, suspect, wanted)
        assert len(found)
        below = found.mean_similarity
        means.append(below)

    assert all(b is not None and a is not None and b < a for a, b in pairwise(means))


def test_a_distance_is_kept_without_a_page_before(gallery: Gallery, suspect: Vector) -> None:
    near, middle, far = (
        page(composer(gallery), suspect, Wanted(request(6, distance=distance))).mean_similarity
        for distance in (0.0, 0.5, 1.0)
    )

    assert near is not None and middle is not None and far is not None  # noqa: PT018
    assert near > middle > far


def test_the_same_request_gives_the_same_page_and_another_seed_another(
    gallery: Gallery, suspect: Vector
) -> None:
    wanted = Wanted(request(28, locks=asked("sex", "age_group")), WOMAN)

    one, again, other = (
        page(composer(gallery), suspect, replace(wanted, request=replace(wanted.request, seed=seed)))
        for seed in (0, 0, 1)
    )

    assert compositions(one) == compositions(again)
    assert [face.image.tobytes() for face in one] == [face.image.tobytes() for face in again]
    assert compositions(one) != compositions(other)


def test_a_face_is_made_again_to_the_bit(gallery: Gallery, suspect: Vector) -> None:
    found = page(composer(gallery), suspect, Wanted(request(28, locks=asked("sex", "age_group")), WOMAN))

    for face, composition in zip(found, compositions(found), strict=True):
        np.testing.assert_array_equal(composer(gallery).head(composition).image, face.image)


def test_of_equally_alike_faces_those_with_the_suspects_hair_come_first(
    gallery: Gallery, suspect: Vector
) -> None:
    longer = {**WOMAN, "hair_length": {"value": "long", "confidence": 0.9}}

    lengths = [
        sum(
            said(face.description or {})["hair_length"] == "long"
            for face in page(composer(gallery), suspect, one)
        )
        for one in (Wanted(request(12)), Wanted(request(12), longer))
    ]

    assert lengths[1] > lengths[0]


def test_faces_are_moved_towards_somebody_within_the_suspects_band(gallery: Gallery, suspect: Vector) -> None:
    towards = gallery.identity(50)

    plain = page(composer(gallery), suspect, Wanted(request(6)))
    moved = page(composer(gallery), suspect, Wanted(request(6), towards=towards))

    assert np.mean([face.identity @ towards for face in moved]) > np.mean(
        [face.identity @ towards for face in plain]
    )
    assert moved.limits == plain.limits


def test_where_nobody_keeps_the_locks_the_page_is_empty(gallery: Gallery, suspect: Vector) -> None:
    found = page(composer(gallery), suspect, Wanted(request(6, locks=Locks({"beard": "yes"}))))

    assert len(found) == 0
    assert found.wanted == 6


def test_what_is_read_of_a_composed_face_is_believed_rather_than_its_members(
    gallery: Gallery, suspect: Vector
) -> None:
    bearded = composer(
        gallery, read=lambda heads: [{"beard": {"value": True, "confidence": 0.99}} for _ in heads]
    )
    wanted = Wanted(request(28, locks=asked("sex", "age_group", "beard")), WOMAN)

    found = page(bearded, suspect, wanted)

    assert all(composition.is_member for composition in compositions(found))
    assert found.rejected[Reason.ATTRIBUTE] > 0


def test_fillers_are_picked_from_a_gallerys_page(gallery: Gallery, suspect: Vector) -> None:
    found = page(composer(gallery), suspect, Wanted(request(12)))

    assert len({face.image.tobytes() for face in pick(found, suspect=suspect, count=5)}) == 5


@pytest.mark.parametrize("count", [1, 64])
def test_progress_only_grows_and_ends_at_one(gallery: Gallery, suspect: Vector, count: int) -> None:
    from pipeline.fillers import Search
    from pipeline.gallery.identities import Identities
    from pipeline.gallery.source import GallerySource
    from tests.pipeline.gallery.mixed import Everybody

    told: list[float] = []
    wanted = Wanted(request(count))
    source = GallerySource(composer(gallery), Identities(gallery.embeddings), Everybody(), wanted)
    Search(source, reference=suspect, step=told.append).run(wanted.request)

    assert told == sorted(told)
    assert told[-1] == 1.0


def test_each_lock_says_how_many_keep_all_others(gallery: Gallery) -> None:
    """Half of each sex and age have long hair."""
    locks = Locks({"sex": "male", "age_group": "20-29", "glasses": "no"})

    found = without_each(gallery, locks)

    assert found == {"sex": 16, "age_group": 24, "glasses": 6}


def test_a_page_shows_nobodys_hair_twice_while_others_hair_is_left(tmp_path: Path, suspect: Vector) -> None:
    """Of 24 people who are alike, every four have the hair of one."""
    people = faces(24, seed=5, around=suspect, sex="female", hair="black")
    haired = (replace(one, provenance=(Portion(number % 6, 1.0),)) for number, one in enumerate(people))
    alike = GalleryWriter(ABOUT).write(tmp_path / "alike", haired)

    found = page(composer(alike), suspect, Wanted(request(6)))

    assert len({alike.hair_of(one.members[0]) for one in compositions(found)}) >= 5


def test_people_of_whom_few_have_a_kind_of_hair_are_shown_with_others_hair(
    tmp_path: Path, suspect: Vector
) -> None:
    """Nobody of one group has short hair; of another group only older women have."""
    common = {"sex": "female", "beard": False, "glasses": False, "hair": "black", "mouth": "closed"}
    east = {"age_group": "20-29", "ethnicity": "east_asian", "hair_length": "long"}
    white = {"age_group": "50-59", "ethnicity": "white", "hair_length": "short"}
    people = [
        *faces(24, seed=21, around=suspect, **common, **east),
        *faces(24, seed=22, around=suspect, **common, **white),
    ]
    numbered = (replace(one, number=number) for number, one in enumerate(people))
    gallery = GalleryWriter(ABOUT).write(tmp_path / "two", numbered)
    locks = Locks({"ethnic_appearance": "east_asian", "hair_length": "short", "age_group": "20-29"})

    found = page(composer(gallery), suspect, Wanted(request(4, locks=locks)))

    assert len(found) == 4
    for face, composition in zip(found, compositions(found), strict=True):
        assert locks.agree(face.description)
        giver, *others = (said(gallery.descriptions(place)) for place in composition.members)
        assert giver["ethnic_appearance"] == "white"
        assert {other["ethnic_appearance"] for other in others} == {"east_asian"}
