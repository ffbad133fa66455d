"""After evening out nobody can be told by how his picture was taken, and everybody is who he was."""

import json

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from pipeline.appearance.evening.compressing import Upload
from pipeline.appearance.evening.evened import Evened, even_out
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.evening.targets import REACH, targets
from pipeline.appearance.look import look_of
from pipeline.appearance.oddity import oddity
from pipeline.faces.garment import gown_over
from pipeline.faces.head import Head
from pipeline.faces.lab import lab_of
from tests.pipeline.appearance import degradations
from tests.pipeline.appearance.drawn import drawn_head, with_image


def heads_of(evened: Evened, before: list[Head]) -> list[Head]:
    images = [evened.suspect, *evened.fillers]
    return [Head(image, head.landmarks, head.alpha) for image, head in zip(images, before, strict=True)]


def distance(heads: list[Head], aspect: str) -> float:
    """Of the first from the others, in units of the usual spread."""
    return float(oddity(np.stack([look_of(head).aspects[aspect] for head in heads]))[0])


def lineup_with(six: list[Head], made: degradations.Degradation) -> list[Head]:
    return [with_image(six[0], made(six[0].image)), *six[1:]]


@pytest.mark.parametrize("name", degradations.EACH)
def test_fillers_get_the_look_of_a_poor_photograph(six: list[Head], name: str) -> None:
    made, aspect = degradations.EACH[name]
    heads = lineup_with(six, made)

    evened = even_out(heads[0], heads[1:])

    before, after = distance(heads, aspect), distance(heads_of(evened, heads), aspect)
    assert before > 1.5
    assert after < 0.5 * before
    moved = [step.moved for step in evened.steps]
    assert "fillers" in moved


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chain=st.lists(
        st.sampled_from([degradations.blurred, degradations.noisy, degradations.tinted, degradations.dark]),
        min_size=1,
        max_size=3,
        unique=True,
    )
)
def test_whatever_happened_to_the_photograph_it_is_nearer_to_the_others_afterwards(
    six: list[Head], chain: list[degradations.Degradation]
) -> None:
    image = six[0].image
    for made in chain:
        image = made(image)
    heads = [with_image(six[0], image), *six[1:]]

    after = heads_of(even_out(heads[0], heads[1:]), heads)

    for aspect in ("sharpness", "noise", "colour", "brightness"):
        assert distance(after, aspect) < max(0.7 * distance(heads, aspect), 1.5), aspect


def test_a_photograph_sharper_than_the_fillers_becomes_as_they_are(six: list[Head]) -> None:
    heads = [six[0], *(with_image(head, degradations.blurred(head.image)) for head in six[1:])]

    evened = even_out(heads[0], heads[1:])

    assert distance(heads_of(evened, heads), "sharpness") < 0.5 * distance(heads, "sharpness")
    moved = {step.moved for step in evened.steps if step.name.startswith("sharpness: fine")}
    assert "suspect" in moved


@pytest.mark.parametrize("made", [degradations.grey, degradations.sepia])
def test_a_photograph_without_colour_makes_a_lineup_without_colour(
    six: list[Head], made: degradations.Degradation
) -> None:
    heads = [Head(made(six[0].image), six[0].landmarks, six[0].alpha), *six[1:]]

    after = heads_of(even_out(heads[0], heads[1:]), heads)

    assert all(look_of(head).grey for head in after)
    tints = np.stack([lab_of(head.image)[..., 1:].mean((0, 1)) for head in after])
    assert np.ptp(tints, axis=0).max() < 1.5


def test_fillers_of_a_compressed_upload_show_its_blocks(six: list[Head]) -> None:
    heads = lineup_with(six, degradations.compressed)

    left = even_out(heads[0], heads[1:])
    evened = even_out(heads[0], heads[1:], upload=Upload(quality=12, scale=1.0))

    without, after = (distance(heads_of(one, heads), "compression") for one in (left, evened))
    assert after < max(0.6 * without, 1.0)
    assert any(step.name.startswith("compression") for step in evened.steps)


def test_a_good_upload_compresses_nobody(six: list[Head]) -> None:
    evened = even_out(six[0], six[1:], upload=Upload(quality=92, scale=2.0))

    assert not any(step.name.startswith("compression") for step in evened.steps)


def test_pictures_that_are_alike_stay_as_they_are_but_for_the_finish(six: list[Head]) -> None:
    evened = even_out(six[0], six[1:])

    for head, image in zip(six, [evened.suspect, *evened.fillers], strict=True):
        assert np.abs(image.astype(int) - head.image).mean() < 4


@pytest.mark.parametrize("name", degradations.EACH)
def test_no_face_changes_its_shape(six: list[Head], name: str) -> None:
    heads = lineup_with(six, degradations.EACH[name][0])

    after = heads_of(even_out(heads[0], heads[1:]), heads)

    for old, new in zip(heads, after, strict=True):
        left, top = old.landmarks[:, 0].min().astype(int), old.landmarks[:, 1].min().astype(int)
        box = np.s_[top : top + 130, left : left + 96]
        planes = [_coarse(lab_of(head.image)[..., 0])[box].ravel() for head in (old, new)]
        assert spearmanr(*planes).statistic > 0.97  # a curve of tones keeps their order


def _coarse(plane: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), 3.0))


def test_wall_and_clothes_stay_alike_for_everybody(six: list[Head]) -> None:
    heads = lineup_with(six, degradations.tinted)

    after = heads_of(even_out(heads[0], heads[1:]), heads)

    clothes = [gown_over(head.landmarks) * head.alpha > 0.99 for head in after]
    for places in (clothes, [head.alpha < 0.01 for head in after]):
        tones = np.stack([lab_of(h.image)[where].mean(0) for h, where in zip(after, places, strict=True)])
        assert np.ptp(tones, axis=0).max() < 1.0


def test_the_same_seed_makes_the_same_pictures_and_another_one_other_grain(six: list[Head]) -> None:
    heads = lineup_with(six, degradations.noisy)

    one, same, other = (even_out(heads[0], heads[1:], EveningSettings(seed=seed)) for seed in (5, 5, 6))

    assert np.array_equal(one.fillers, same.fillers)
    assert one.to_dict() == same.to_dict()
    assert not np.array_equal(one.fillers, other.fillers)


def test_what_was_done_can_be_written_into_a_recipe(six: list[Head]) -> None:
    evened = even_out(six[0], six[1:])

    again = json.loads(json.dumps(evened.to_dict(), allow_nan=False))

    assert [step["name"] for step in again["steps"]] == [step.name for step in evened.steps]
    assert again["settings"]["seed"] == 0


def test_nobody_to_even_out_with_is_refused_in_a_sentence(six: list[Head]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        even_out(six[0], [])


def test_nothing_is_changed_that_was_given(six: list[Head]) -> None:
    copies = [head.image.copy() for head in six]

    even_out(six[0], six[1:])

    assert all(np.array_equal(head.image, copy) for head, copy in zip(six, copies, strict=True))


def test_people_whose_skin_cannot_be_seen_are_evened_out_too() -> None:
    heads = [drawn_head(seed) for seed in range(4)]
    hidden = Head(np.zeros_like(heads[0].image), heads[0].landmarks, heads[0].alpha)

    evened = even_out(hidden, heads[1:])

    assert all(image.shape == hidden.image.shape for image in [evened.suspect, *evened.fillers])


@given(
    suspect=st.floats(-20, 20),
    fillers=st.lists(st.floats(-3, 3), min_size=3, max_size=8),
    poorer=st.booleans(),
    seed=st.integers(0, 9),
)
def test_only_one_side_moves_and_ends_within_the_usual_spread(
    suspect: float, fillers: list[float], poorer: bool, seed: int
) -> None:
    found = targets(np.array([suspect, *fillers]), poorer=poorer, spread=1.0, rng=np.random.default_rng(seed))

    wanted = found.wanted
    assert abs(wanted[0] - np.median(wanted[1:])) <= REACH + 1e-6
    assert np.std(wanted[1:]) <= 1.0 + 1e-6
    if found.moved == "fillers":
        assert wanted[0] == suspect


def test_the_suspect_is_drawn_to_no_place_of_his_own_among_the_others() -> None:
    rng = np.random.default_rng(0)
    places = []
    for _ in range(600):
        values = np.append(8.0, rng.normal(0, 1, 5))
        wanted = targets(values, poorer=True, spread=1.0, rng=rng).wanted
        places.append(int(np.sum(wanted[1:] < wanted[0])))

    shares = np.bincount(places, minlength=6) / len(places)
    assert shares.max() < 0.25  # chance: 1/6 each
    assert shares.min() > 0.08
