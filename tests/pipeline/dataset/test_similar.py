"""Near-duplicates go, similar but different people stay."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset import similar
from pipeline.dataset.dataset import FacesDataset
from pipeline.dataset.extract import extract_face
from pipeline.dataset.similar import (
    UnlikeAnyBefore,
    remove_too_similar,
    remove_too_similar_to_any,
    similarity,
    with_embeddings,
)
from pipeline.dataset.sources import sources
from pipeline.dataset.steps import Step
from pipeline.faces.photo import Photo

FIXTURES = Path(__file__).parents[2] / "fixtures"


def at(angle: float) -> Photo:
    """A photo of somebody in a world in which people differ by one angle."""
    direction = np.array([np.cos(angle), np.sin(angle)], np.float32)
    return Photo(np.zeros((1, 1, 3), np.uint8), f"{angle}", embedding=direction)


def window(threshold: float, size: int = 2) -> Step:
    return Step("window", remove_too_similar, {"similarity_threshold": threshold}, size)


def judged(step: Step, photos: Sequence[Photo]) -> list[bool]:
    return step.judge().judge(photos)


def test_a_photo_just_below_the_threshold_stays_and_one_that_reaches_it_goes() -> None:
    first, second = at(0.0), at(0.5)
    assert first.embedding is not None
    assert second.embedding is not None
    exactly = similarity(first.embedding, second.embedding)

    assert judged(window(float(np.nextafter(exactly, 1.0))), [first, second]) == [True, True]
    assert judged(window(exactly), [first, second]) == [True, False]


def test_the_window_compares_with_the_last_photo_that_was_kept() -> None:
    # Each is like the one before; the third is no longer like the first.
    assert judged(window(0.9), [at(0.0), at(0.4), at(0.8), at(1.2)]) == [True, False, True, False]


def test_a_person_who_comes_back_later_is_seen_by_a_longer_window_and_by_the_whole_set() -> None:
    photos = [at(0.0), at(1.0), at(2.0), at(0.01)]
    whole = Step("set", remove_too_similar_to_any, {"similarity_threshold": 0.9})

    assert judged(window(0.9, 2), photos)[-1]
    assert judged(window(0.9, 3), photos)[-1]
    assert not judged(window(0.9, 4), photos)[-1]
    assert not judged(whole, photos)[-1]


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Photo], list[int], float]:
    """People in few directions, so that many are alike; where the list is cut; a threshold."""
    angles = draw(st.lists(st.integers(0, 60), max_size=40))
    cuts = draw(st.lists(st.integers(0, len(angles)), max_size=4))
    return [at(angle / 30) for angle in angles], sorted(cuts), draw(st.sampled_from([0.5, 0.9, 0.99, 1.0]))


def plainly(photos: Sequence[Photo], threshold: float) -> list[bool]:
    kept: list[Photo] = []
    verdicts = []
    for photo in photos:
        verdict = all(
            similarity(photo.embedding, other.embedding) < threshold
            for other in kept
            if photo.embedding is not None and other.embedding is not None
        )
        kept += [photo] if verdict else []
        verdicts.append(verdict)
    return verdicts


@settings(deadline=None)  # the first example waits for scikit-learn to be imported
@given(crowds())
def test_the_index_decides_as_comparing_each_with_each_would_wherever_the_list_is_cut(
    crowd: tuple[list[Photo], list[int], float],
) -> None:
    photos, cuts, threshold = crowd
    judge = UnlikeAnyBefore(similarity_threshold=threshold)
    verdicts: list[bool] = []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similar, "BLOCK", 3)
        for start, end in zip([0, *cuts], [*cuts, len(photos)], strict=True):
            verdicts += judge.judge(photos[start:end])

    assert verdicts == plainly(photos, threshold)


@settings(deadline=None)
@given(crowds(), st.booleans())
def test_judging_goes_on_from_what_was_kept_elsewhere(
    crowd: tuple[list[Photo], list[int], float], whole: bool
) -> None:
    photos, cuts, threshold = crowd
    cut = cuts[0] if cuts else 0
    arguments = {"similarity_threshold": threshold}
    step = Step("set", remove_too_similar_to_any, arguments) if whole else window(threshold, 3)
    first, second = step.judge(), step.judge()

    verdicts = first.judge(photos[:cut])
    second.remember([photo for photo, kept in zip(photos, verdicts, strict=False) if kept])

    assert verdicts + second.judge(photos[cut:]) == judged(step, photos)


def test_judging_what_has_no_embedding_is_an_error_that_names_the_photo() -> None:
    bare = replace(at(0.0), embedding=None, source="x.png")

    with pytest.raises(ValueError, match=r"x\.png"):
        UnlikeAnyBefore().judge([bare])


pictures = sources([FIXTURES / "portraits", FIXTURES / "heads"])


@pytest.fixture(scope="module")
def faces() -> dict[str, Photo]:
    """The faces of the fixtures by the file's stem, with embeddings."""
    arguments = {"min_face_width": 32, "min_face_height": 32}
    photos = FacesDataset(pictures).apply(extract_face, **arguments).create()
    return {Path(photo.source).stem: photo for photo in with_embeddings(list(photos))}


def alike(a: Photo, b: Photo) -> float:
    assert a.embedding is not None
    assert b.embedding is not None
    return similarity(a.embedding, b.embedding)


@pytest.mark.slow
def test_different_people_stay_under_both_thresholds_with_room_to_spare(faces: dict[str, Photo]) -> None:
    people = {name.partition("_")[0]: photo for name, photo in faces.items()}

    assert len(people) == 9
    assert max(alike(people[a], people[b]) for a in people for b in people if a < b) < 0.8


@pytest.mark.slow
@pytest.mark.parametrize("change", ["shifted", "smaller", "turned"])
def test_the_same_photo_again_goes_under_both_thresholds(faces: dict[str, Photo], change: str) -> None:
    whole = pictures.read([pictures.name(i) for i in range(len(pictures))].index("portraits/60005_1.jpg"))
    height, width = whole.pixels.shape[:2]
    again = {
        "shifted": np.roll(whole.pixels, (12, -9), (0, 1)),
        "smaller": cv2.resize(whole.pixels, (400, 400), interpolation=cv2.INTER_AREA),
        "turned": cv2.warpAffine(
            whole.pixels, cv2.getRotationMatrix2D((width / 2, height / 2), 3, 1.0), (width, height)
        ),
    }[change]
    cut = extract_face(Photo(np.asarray(again, np.uint8), "again"), min_face_width=32, min_face_height=32)
    assert isinstance(cut, Photo)

    (photo,) = with_embeddings([cut])

    assert alike(photo, faces["60005_1"]) > 0.94


@pytest.mark.slow
def test_an_embedding_does_not_depend_on_the_order_of_the_channels(faces: dict[str, Photo]) -> None:
    photo = faces["60003_1"]
    turned = replace(photo, pixels=photo.pixels[:, :, ::-1], colour="rgb", embedding=None)

    (again,) = with_embeddings([turned])

    assert alike(photo, again) > 0.9999
