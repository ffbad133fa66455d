"""What a worker does with a gallery: heads of photographs, pages, ways, and every face again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from accounts.models import User
from gpu_worker import readiness
from gpu_worker.capabilities import of_gallery
from gpu_worker.engine import GalleryEngine
from gpu_worker.framing import frame, scene_of
from gpu_worker.lease import Unworkable
from gpu_worker.loading import Models
from gpu_worker.readiness import Readiness
from gpu_worker.recipes import composition_of
from gpu_worker.regenerating import compose_again
from lineups import png, selectors, status
from lineups.constraints import FaceConstraints
from lineups.models import Face, Lineup, Slot
from lineups.services import exports, members, pages, photos, preparations, statements
from lineups.sources import Source
from pipeline.faces.blazeface import BlazeFaceDetector
from pipeline.faces.head import SIDE
from tests.gpu_worker.conftest import Work, until
from tests.gpu_worker.drawn_gallery import engine_of, written

PORTRAIT = Path(__file__).parents[1] / "fixtures" / "portraits" / "60003_1.jpg"


def photograph(*, turned: float = 0.0) -> Any:
    with Image.open(PORTRAIT) as picture:
        return np.asarray(picture.convert("RGB").rotate(turned, Image.Resampling.BICUBIC), np.uint8)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> GalleryEngine:
    """The engine of a gallery of drawn women."""
    return engine_of(written(tmp_path_factory.mktemp("gallery") / "women"))


@pytest.fixture
def worker(db: None, engine: GalleryEngine) -> Iterator[Readiness]:
    """A worker that has a gallery alone, and has said so."""
    models = Models(None, BlazeFaceDetector(), "this process", of_gallery(engine), engine)
    ready = Readiness("interactive@here", ("interactive",), lambda: models)
    ready.start()
    until(lambda row: row.ready, name=ready.name)
    readiness.serve(ready)
    yield ready
    readiness.serve(None)
    ready.stop()


@pytest.fixture
def suspect(draft: Lineup, officer: User, worker: Readiness, work: Work) -> Face:
    """The head of a photograph that was taken askew."""
    photo, job = photos.add(draft, png.encode(photograph(turned=9)), slot=Slot.SUSPECT, by=officer)
    assert work(job).state == "succeeded"
    return Face.objects.get(photo=photo)


pytestmark = pytest.mark.django_db(transaction=True)


def test_the_worker_tells_what_the_gallery_can(worker: Readiness, engine: GalleryEngine) -> None:
    able = status.current().capabilities

    assert able.source is Source.GALLERY
    assert able.others == ()
    assert {lock.name for lock in able.locks} >= {"sex", "age_group", "ethnic_appearance", "hair", "glasses"}
    assert {lock.name for lock in able.locks if lock.usual is None} == {"ethnicity"}


def test_a_photograph_becomes_an_upright_head_and_what_was_done_is_in_the_recipe(
    suspect: Face, engine: GalleryEngine
) -> None:
    recipe = suspect.parsed_recipe

    assert (suspect.width, suspect.height, suspect.source) == (SIDE, SIDE, "gallery")
    assert recipe.bundle == engine.digest
    assert recipe.origin["rotation"] == pytest.approx(9, abs=3)
    assert recipe.origin["scene"] == {"wall": list(engine.gallery.about.wall), "garment": "none"}
    wall = selectors.pixels(suspect.image)[2:10, 2:10].reshape(-1, 3)
    assert (wall == engine.gallery.about.wall).all()


def test_the_crop_that_is_seen_is_the_head_that_is_used(suspect: Face, engine: GalleryEngine) -> None:
    again = frame(photograph(turned=9), BlazeFaceDetector(), scene_of(engine.gallery.about))

    np.testing.assert_array_equal(selectors.pixels(suspect.image), again.shown.image)


def test_what_is_read_of_the_head_is_kept_unknowns_too(suspect: Face) -> None:
    said = {one["name"]: one for one in suspect.attributes or ()}
    assert said["sex"] == {"name": "sex", "value": "female", "confidence": 0.99}
    assert said["hair"] == {"name": "hair", "value": None, "confidence": 0.4}
    assert said["glasses"] == {"name": "glasses", "value": None, "confidence": 0.0}, "not read at all"


def test_a_page_of_the_gallery_is_kept_with_recipes_that_make_it_again_bit_for_bit(
    draft: Lineup, suspect: Face, officer: User, work: Work, engine: GalleryEngine
) -> None:
    ended = work(pages.generate(draft, face=suspect.pk, seed=3, by=officer))

    assert ended.state == "succeeded", ended.reason
    faces = list(ended.page.faces.order_by("position"))
    assert faces
    for face in faces:
        composed = face.parsed_recipe.composed
        assert composed is not None
        again = engine.regenerate(composition_of(composed)).image
        np.testing.assert_array_equal(again, selectors.pixels(face.image))
        assert face.source == "gallery"


def test_what_is_unknown_locks_nothing_until_the_officer_says_it(
    draft: Lineup, suspect: Face, officer: User, work: Work
) -> None:
    asked = FaceConstraints(locks={"sex": "same", "hair": "same"})
    free = work(pages.generate(draft, face=suspect.pk, seed=3, constraints=asked, by=officer))
    assert free.page.wishes == {"locks": {"sex": "same"}}

    statements.state(suspect, name="hair", value="brown", by=officer)
    held = work(pages.generate(draft, face=suspect.pk, seed=3, constraints=asked, by=officer))
    assert held.page.wishes == {"locks": {"sex": "same", "hair": "brown"}}
    for face in held.page.faces.all():
        said = {one["name"]: one["value"] for one in face.attributes or ()}
        assert (said["sex"], said["hair"]) == ("female", "brown")


def test_faces_like_a_filler_are_still_nobody_like_the_suspect(
    draft: Lineup, suspect: Face, officer: User, work: Work, engine: GalleryEngine
) -> None:
    first = work(pages.generate(draft, face=suspect.pk, seed=3, by=officer)).page
    filler = first.faces.latest("position")
    second = work(pages.generate(draft, face=filler.pk, seed=4, by=officer)).page

    assert second.faces.count()
    for face in second.faces.all():
        assert face.similarity is not None
        assert face.similarity < engine.gallery.about.same_person


def test_the_way_between_two_people_leads_through_composed_faces(
    draft: Lineup, suspect: Face, officer: User, work: Work
) -> None:
    first = work(pages.generate(draft, face=suspect.pk, seed=3, by=officer)).page
    filler = first.faces.earliest("position")
    ended = work(pages.interpolate(draft, faces=(suspect.pk, filler.pk), steps=4, by=officer))

    assert ended.state == "succeeded", ended.reason
    assert 1 <= ended.page.faces.count() <= 4


def test_a_face_of_another_gallery_is_not_started_from(
    draft: Lineup, suspect: Face, officer: User, work: Work
) -> None:
    Face.objects.filter(pk=suspect.pk).update(recipe={**suspect.recipe, "bundle": "f" * 64})

    ended = work(pages.generate(draft, face=suspect.pk, by=officer))

    assert (ended.state, ended.reason_code) == ("failed", "other_bundle")


def test_a_worker_of_a_gallery_alone_loads_no_tensorflow(tmp_path: Path) -> None:
    script = (
        "import sys, django; django.setup()\n"
        "import gpu_worker.work, gpu_worker.loading, gpu_worker.engine.opening, gpu_worker.tasks\n"
        "from pipeline.faces.blazeface import BlazeFaceDetector; BlazeFaceDetector()\n"
        "print(*(name in sys.modules for name in ('tensorflow', 'keras')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={**os.environ, "LIGAN_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ligan_site.settings"},
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False"]


def test_a_face_of_a_gallery_is_made_again_and_compared_with_what_was_kept(
    draft: Lineup, suspect: Face, officer: User, work: Work, engine: GalleryEngine
) -> None:
    face = work(pages.generate(draft, face=suspect.pk, seed=3, by=officer)).page.faces.all()[0]

    assert compose_again(face, engine).verdict == "identical"
    other = {**face.recipe, "composed": {**face.recipe["composed"], "gallery": "f" * 64}}
    Face.objects.filter(pk=face.pk).update(recipe=other)
    face.refresh_from_db()
    with pytest.raises(Unworkable, match="Name its gallery by LIGAN_GALLERY"):
        compose_again(face, engine)


@pytest.mark.parametrize("even", [True, False])
def test_the_pictures_of_a_lineup_are_evened_out_or_left_and_checked_before_it_is_saved(
    even: bool, draft: Lineup, suspect: Face, officer: User, work: Work
) -> None:
    page = work(pages.generate(draft, face=suspect.pk, seed=3, by=officer)).page
    for face in page.faces.order_by("position")[:3]:
        members.add(draft, face, by=officer)
    why = "" if even else "A booking photograph."

    ended = work(preparations.prepare(draft, even=even, reason=why, by=officer))

    assert ended.state == "succeeded", ended.reason
    made = ended.preparation
    pictures = np.split(selectors.pixels(made.file), 4)
    own = [selectors.pixels(Face.objects.get(pk=pk).image) for pk in made.faces]
    left = [np.array_equal(shown, kept) for shown, kept in zip(pictures, own, strict=True)]
    assert left == [not even] * 4
    assert (made.evening is not None) is even
    assert made.appearance is not None
    assert made.appearance["size"] == 4
    assert exports.save(draft, by=officer).preparation == made
