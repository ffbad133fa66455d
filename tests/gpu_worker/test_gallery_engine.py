"""What a job asks of a gallery."""

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gpu_worker.engine import GalleryEngine, Stopped
from pipeline.faces.head import Head
from pipeline.fillers import CannotLock, Changes, Composition, Description, NoDirection
from pipeline.gallery import Gallery, GalleryError, GalleryWriter
from pipeline.gallery.colouring import Unnatural
from pipeline.gallery.person import Person
from tests.pipeline.gallery.conftest import SUSPECT, crowd
from tests.pipeline.gallery.drawn import ABOUT, identity, said
from tests.pipeline.gallery.mixed import Everybody, Mixer

WOMAN = {
    key: {"value": value, "confidence": 0.95}
    for key, value in {"sex": "female", "age_group": "30-39", "hair": None, "beard": False}.items()
}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return GalleryWriter(ABOUT).write(tmp_path_factory.mktemp("gallery") / "crowd", crowd())


@pytest.fixture
def engine(gallery: Gallery) -> GalleryEngine:
    mixer = Mixer(gallery)
    return GalleryEngine(
        gallery,
        blend=mixer.blend,
        embed=mixer.embed,
        read=lambda heads: [WOMAN for _ in heads],
        kinship=Everybody(),
        workers=2,
    )


@pytest.fixture
def suspect() -> Person:
    return Person(np.asarray(SUSPECT, np.float32), WOMAN)


def test_a_gallery_is_served_without_keras() -> None:
    asked = (
        "import sys; from gpu_worker.engine import GalleryEngine; "
        "print([name for name in ('tensorflow', 'keras', 'jax') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]

    said_ = subprocess.run(
        [sys.executable, "-c", asked], cwd=root, capture_output=True, text=True, check=True
    )

    assert said_.stdout.strip() == "[]"


def test_a_page_keeps_the_locks_and_tells_which_are_not_known(engine: GalleryEngine, suspect: Person) -> None:
    asked = dict.fromkeys(("sex", "age_group", "hair"), "same")

    page = engine.neighbours(suspect, locks=asked, count=14)

    assert engine.locks(asked, suspect).left_out == ("hair",)
    assert len(page) == 14
    assert {said(face.description or {})["sex"] for face in page} == {"female"}


def test_resolved_locks_are_kept_as_they_are(engine: GalleryEngine, suspect: Person) -> None:
    asked = dict.fromkeys(("sex", "age_group"), "same")

    one = engine.neighbours(suspect, locks=asked, count=14)
    other = engine.neighbours(suspect, locks=engine.locks(asked, suspect), count=14)

    assert [face.made_of for face in one] == [face.made_of for face in other]


def test_pages_are_the_less_alike_the_higher(engine: GalleryEngine, suspect: Person) -> None:
    below, means = None, []
    for number in (1, 2, 3):
        page = engine.neighbours(suspect, page=number, count=6, locks={"sex": "female"}, below=below)
        means.append(below := page.mean_similarity)

    assert all(a is not None and b is not None and b < a for a, b in pairwise(means))


def test_a_face_is_made_again_from_its_recipe(
    engine: GalleryEngine, gallery: Gallery, suspect: Person
) -> None:
    page = engine.neighbours(suspect, locks={"sex": "female", "age_group": "30-39"}, count=14)
    mixer = Mixer(gallery)
    later = GalleryEngine(gallery, blend=mixer.blend, embed=mixer.embed, kinship=Everybody())

    assert any(isinstance(face.made_of, Composition) and not face.made_of.is_member for face in page)
    for face in page:
        assert isinstance(face.made_of, Composition)
        again = later.regenerate(face.made_of)
        np.testing.assert_array_equal(again.image, face.image)
        assert again.identity @ face.identity == pytest.approx(1.0, abs=1e-3)
    with pytest.raises(GalleryError, match="composed from the gallery"):
        engine.regenerate(Composition("0" * 64, (1,), (1.0,)))


def test_a_recipe_that_asks_for_hair_that_nobody_can_have_ends_in_a_sentence(gallery: Gallery) -> None:
    def unnatural(head: Head, changes: Changes, seed: int, said: Description, /) -> Head:
        raise Unnatural("The hair keeps its colour: there is hardly any.")

    mixer = Mixer(gallery)
    engine = GalleryEngine(
        gallery, blend=mixer.blend, embed=mixer.embed, kinship=Everybody(), change=unnatural
    )

    with pytest.raises(GalleryError, match=r"no face was made by this recipe.*hardly any"):
        engine.regenerate(Composition(engine.digest, (1,), (1.0,), 0, Changes(hair="grey")))


def test_a_way_leads_from_one_to_the_other(engine: GalleryEngine, suspect: Person) -> None:
    other = Person(identity(np.random.default_rng(5), suspect.identity), WOMAN)

    way = engine.interpolate(suspect, other, steps=5)

    assert len(way) == 5
    assert all(a.similarity > b.similarity for a, b in pairwise(way))
    assert all(a.identity @ other.identity < b.identity @ other.identity for a, b in pairwise(way))


def test_who_is_made_older_gets_older_fillers(engine: GalleryEngine, suspect: Person) -> None:
    plain, older = (
        engine.neighbours(suspect, locks={"age_group": "same"}, count=6, moves=moves)
        for moves in ({}, {"age": 2.0})
    )

    assert {said(face.description or {})["age_group"] for face in plain} <= {"20-29", "30-39", "40-49"}
    assert {said(face.description or {})["age_group"] for face in older} == {"60-69"}
    assert all(face.similarity < engine.gallery.about.same_person for face in older)


def test_what_cannot_be_asked_is_refused(engine: GalleryEngine, suspect: Person) -> None:
    with pytest.raises(CannotLock, match="nothing to lock by the name shoes"):
        engine.neighbours(suspect, locks={"shoes": "same"})
    with pytest.raises(NoDirection, match="no direction of wit"):
        engine.neighbours(suspect, moves={"wit": 1.0})
    with pytest.raises(ValueError, match="counted from 1"):
        engine.neighbours(suspect, page=0)


def test_work_that_nobody_waits_for_ends(engine: GalleryEngine, suspect: Person) -> None:
    with pytest.raises(Stopped):
        engine.neighbours(suspect, stopped=lambda: True)
    with pytest.raises(Stopped):
        engine.interpolate(suspect, suspect, stopped=lambda: True)
