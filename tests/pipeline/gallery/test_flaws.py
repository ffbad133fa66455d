"""Spoilt faces are told from good ones, and are not shown."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.faces.head import Head
from pipeline.gallery import Gallery
from pipeline.gallery.composing import Composer
from pipeline.gallery.flaws import CORRUPTIONS, LEAST_RANK, FlawProbe, flaw_probe, spoilt
from pipeline.gallery.judging import Judge
from pipeline.gallery.source import Wanted
from pipeline.identity import FaceIdentity
from pipeline.reading import Reader
from pipeline.reading.signs import signs_of
from tests.pipeline.gallery.mixed import Mixer, page, request

pytestmark = [pytest.mark.slow]

FACES = Path(__file__).parents[2] / "fixtures" / "gallery"


@pytest.fixture(scope="module")
def people() -> list[Head]:
    gallery = Gallery.open(FACES)
    return [gallery.head(place) for place in range(len(gallery))]


@pytest.fixture(scope="module")
def identity() -> FaceIdentity:
    return FaceIdentity.load()


def ranks(heads: list[Head], identity: FaceIdentity) -> np.ndarray:
    return flaw_probe().ranks(signs_of(heads, identity))


def doubled(heads: list[Head], name: str) -> list[Head]:
    rng = np.random.default_rng(1)
    return [spoilt(name, head, heads[place - 1], rng) for place, head in enumerate(heads)]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_a_corruption_changes_a_face_and_not_where_it_stands(name: str, people: list[Head]) -> None:
    for before, after in zip(people, doubled(people, name), strict=True):
        np.testing.assert_array_equal(after.image[:3, :40], before.image[:3, :40])
        np.testing.assert_array_equal(after.landmarks, before.landmarks)
    changed = [
        np.abs(after.image.astype(int) - before.image).max()
        for before, after in zip(people, doubled(people, name), strict=True)
    ]
    assert np.median(changed) > 8


def test_few_good_faces_are_refused_and_many_that_are_doubled(
    people: list[Head], identity: FaceIdentity
) -> None:
    good, bad = ranks(people, identity), ranks(doubled(people, "double edges"), identity)

    assert (good < LEAST_RANK).mean() <= 0.15
    assert (bad < LEAST_RANK).mean() >= 0.5
    assert np.median(bad) < np.median(good)


def test_a_probe_is_read_as_it_was_written(
    tmp_path: Path, people: list[Head], identity: FaceIdentity
) -> None:
    flaw_probe().write(tmp_path / "flaws.npz")

    signs = signs_of(people[:4], identity)
    np.testing.assert_array_equal(
        FlawProbe.read(tmp_path / "flaws.npz").ranks(signs), flaw_probe().ranks(signs)
    )


def test_a_face_is_measured_once_for_what_it_shows_and_for_how_spoilt_it_is(
    people: list[Head], identity: FaceIdentity
) -> None:
    reader = Reader.load(identity=identity)
    judge = Judge(identity, reader, flaw_probe())

    assert judge.realism(people[:5]) == pytest.approx(ranks(people[:5], identity), abs=1e-4)
    assert judge.read(people[3:7]) == [one.description.to_dict() for one in reader.read_all(people[3:7])]


def test_composed_faces_that_look_spoilt_are_not_shown(gallery: Gallery, suspect: np.ndarray) -> None:
    mixer = Mixer(gallery)
    never = Composer(
        gallery, blend=mixer.blend, embed=mixer.embed, realism=lambda heads: [0.0] * len(heads), workers=2
    )

    found = page(never, suspect, Wanted(request(60)))

    assert all(face.made_of.is_member for face in found)  # type: ignore[union-attr]
    assert mixer.blended > 0
