"""Neighbours as the engine gives them, with a bundle of untrained networks that has a band."""

from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import Engine, Stopped
from gpu_worker.engine.barycentric import between
from pipeline.fillers import CannotLock, NoDirection, Page
from tests.pipeline.tiny_bundle import tiny_attributes, with_band, write_tiny_bundle


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose bundle has attribute models, a band and a direction."""
    written = write_tiny_bundle(tmp_path_factory.mktemp("bundle"), attributes=tiny_attributes())
    return Engine(with_band(written.bundle))


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose bundle is from before there were bands."""
    return Engine(write_tiny_bundle(tmp_path_factory.mktemp("old")).bundle)


def crops(count: int) -> np.ndarray:
    return np.random.default_rng(count).integers(0, 256, (count, 16, 16, 3)).astype(np.uint8)


@pytest.fixture(scope="module")
def start(engine: Engine) -> np.ndarray:
    """w+ of a suspect."""
    return np.asarray(engine.encode(crops(1))[0])


def pictures(made: Page) -> list[bytes]:
    return [face.image.tobytes() for face in made]


def test_every_face_comes_with_what_was_found_out_about_it(engine: Engine, start: np.ndarray) -> None:
    made = engine.neighbours(start, count=4, seed=1)

    assert len(made) == 4
    for face in made:
        assert face.realism is not None
        assert 0.5 <= face.realism <= 1.0
        assert face.description == engine.describe(face.image[None])[0]
        np.testing.assert_array_equal(engine.render(face.latent.w_plus[None], noise_seed=1)[0], face.image)


def test_similarity_is_that_of_the_faces_embedder_to_the_suspects_photograph(
    engine: Engine, start: np.ndarray
) -> None:
    photograph = crops(1)
    made = engine.neighbours(start, count=3, seed=1, reference=photograph[0])

    who = engine.identity(np.concatenate([photograph, *(face.image[None] for face in made)]))
    np.testing.assert_allclose([face.similarity for face in made], who[1:] @ who[0], atol=1e-4)
    assert [face.similarity for face in made] == sorted((f.similarity for f in made), reverse=True)


def test_the_same_seed_makes_the_same_page_and_another_page_other_faces(
    engine: Engine, start: np.ndarray
) -> None:
    first, again = (pictures(engine.neighbours(start, count=3, seed=4)) for _ in range(2))
    other = pictures(engine.neighbours(start, count=3, seed=4, page=2))

    assert first == again
    assert set(first).isdisjoint(other)


def test_a_locked_attribute_is_the_suspects_on_every_face(engine: Engine, start: np.ndarray) -> None:
    photograph = crops(1)[0]
    suspect = engine.describe(photograph[None])[0]
    assert suspect is not None

    made = engine.neighbours(start, count=3, reference=photograph, locks={"sex": "same"})

    assert {face.description["sex"]["value"] for face in made if face.description} <= {
        suspect["sex"]["value"]
    }


def test_what_was_not_found_is_counted_by_reason(engine: Engine, start: np.ndarray) -> None:
    said = engine.describe(engine.render(start[None]))[0]
    assert said is not None
    other = "female" if said["sex"]["value"] == "male" else "male"

    made = engine.neighbours(start, count=2, locks={"sex": other})

    assert len(made) + sum(made.rejected.values()) == made.drawn or len(made) == 2
    assert made.wanted == 2


def test_a_lock_that_no_model_knows_is_refused(old: Engine, engine: Engine, start: np.ndarray) -> None:
    with pytest.raises(CannotLock):
        old.neighbours(start, locks={"sex": "same"})
    with pytest.raises(CannotLock):
        engine.neighbours(start, locks={"baldness": "maybe"})


def test_an_old_bundle_gives_the_most_alike_and_says_that_it_does_no_more(
    old: Engine, start: np.ndarray
) -> None:
    made = old.neighbours(start, count=4)

    assert len(made) == 4
    assert {face.realism for face in made} == {None}
    assert made.limits is None


@pytest.mark.parametrize("asked", [{"page": 0}, {"count": 0}, {"distance": 1.5}, {"distance": -0.1}])
def test_what_makes_no_page_is_refused(engine: Engine, start: np.ndarray, asked: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="not"):
        engine.neighbours(start, **asked)  # type: ignore[arg-type]


def test_a_search_that_is_not_wanted_any_more_stops(engine: Engine, start: np.ndarray) -> None:
    with pytest.raises(Stopped):
        engine.neighbours(start, stopped=lambda: True)


def test_a_face_is_moved_along_what_the_bundle_knows_and_nothing_else(
    engine: Engine, old: Engine, start: np.ndarray
) -> None:
    np.testing.assert_allclose(engine.adjusted(start, {"age": 2.0}), start + 0.2, atol=1e-3)
    with pytest.raises(NoDirection, match="there are: none"):
        old.adjusted(start, {"age": 1.0})


def test_between_three_faces_lies_a_triangle_with_the_three_at_its_corners(engine: Engine) -> None:
    inputs = engine.encode(crops(3))

    made = engine.interpolate(*inputs, steps=4)

    assert len(made) == 10
    for place, corner in zip((0, 6, 9), inputs, strict=True):
        np.testing.assert_array_equal(made[place].latent.w_plus, corner)
        np.testing.assert_array_equal(made[place].image, engine.render(corner[None])[0])
    assert made[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_faces_between_others_are_ranked_by_realism_as_a_pages_faces_are(
    engine: Engine, start: np.ndarray
) -> None:
    page = engine.neighbours(start, count=4, seed=1)
    way = engine.interpolate(page[0].latent.w_plus, page[1].latent.w_plus, steps=3, seed=1)

    # A rank apart, at most: the last bit may depend on the place in a batch.
    assert way[0].realism == pytest.approx(page[0].realism, abs=1 / 40)
    assert way[-1].realism == pytest.approx(page[1].realism, abs=1 / 40)
    assert engine.band is not None
    logits = engine.logits(np.stack([face.image for face in way]))
    assert [face.realism for face in way] == list(engine.band.scale.realism(logits))


def test_without_a_band_nothing_ranks_the_faces_between_others(old: Engine) -> None:
    assert {face.realism for face in old.interpolate(*old.encode(crops(2)), steps=3)} == {None}


def test_a_point_of_the_triangle_is_the_mean_that_its_place_says() -> None:
    corners = [np.full((1, 2), value, np.float32) for value in (0.0, 3.0, 9.0)]

    np.testing.assert_allclose(between(corners, steps=4)[:, 0, 0], [0, 1, 3, 2, 4, 6, 3, 5, 7, 9])


@pytest.mark.parametrize(("inputs", "steps"), [(1, 5), (2, 1)])
def test_a_way_has_two_faces_and_two_steps_at_least(inputs: int, steps: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        between([np.zeros((1, 2), np.float32)] * inputs, steps=steps)


def test_a_bundle_with_a_band_is_the_same_networks(tmp_path: Path) -> None:
    plain = write_tiny_bundle(tmp_path).bundle
    files = dict(plain.manifest["files"])

    amended = with_band(plain)

    assert files.items() <= amended.manifest["files"].items()
    assert amended.manifest["files"].keys() - files.keys() == {"band.safetensors", "directions.safetensors"}
    assert amended.digest != plain.digest
