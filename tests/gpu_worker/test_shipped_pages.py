"""Every rule of a page, with the bundle that ships and suspects whom its networks never saw."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from django.conf import settings

from gpu_worker.engine import Engine
from gpu_worker.suspect import Examined, examine
from pipeline.faces.detector import MTCNNDetector
from pipeline.fillers import Limits, Locks, Page, Reason, choose
from pipeline.fillers.locks import SAME, value_of

pytestmark = pytest.mark.slow

PORTRAITS = Path(__file__).parents[1] / "fixtures" / "portraits"
NAMES = ("60003_1", "60004_2", "60005_1")
PAGES = (1, 2, 3)
#: What the bundle of rendered heads predicts of what can be locked.
PREDICTED = ("sex", "age_group", "ethnicity", "hair", "beard", "baldness")


@pytest.fixture(scope="module")
def engine() -> Engine:
    """The engine with the bundle that ships."""
    return Engine.load(settings.LIGAN_BUNDLE)


@pytest.fixture(scope="module")
def suspects(engine: Engine) -> dict[str, Examined]:
    """The men and the woman of the fixtures, found, cut out and encoded."""
    detector, found = MTCNNDetector(), {}
    for name in NAMES:
        bgr = cv2.imread(str(PORTRAITS / f"{name}.jpg"))
        assert bgr is not None
        found[name] = examine(np.ascontiguousarray(bgr[:, :, ::-1]), detector, engine)
    return found


@pytest.fixture(scope="module")
def pages(engine: Engine, suspects: dict[str, Examined]) -> dict[str, list[Page]]:
    """The first pages of each."""
    made: dict[str, list[Page]] = {}
    for name, suspect in suspects.items():
        below = None
        for page in PAGES:
            found = engine.neighbours(suspect.w_plus, page=page, seed=2, reference=suspect.crop, below=below)
            below = float(np.mean([face.similarity for face in found]))
            made.setdefault(name, []).append(found)
    return made


def limits_of(engine: Engine, suspect: Examined) -> Limits:
    assert engine.band is not None
    return engine.band.limits(engine.identity(suspect.crop[None])[0])


def test_similarity_falls_from_page_to_page_for_every_suspect(pages: dict[str, list[Page]]) -> None:
    for name, found in pages.items():
        means = [np.mean([face.similarity for face in page]) for page in found]
        assert (np.diff(means) < 0).all(), f"{name}: {means}"


def test_every_face_is_inside_the_band_of_its_suspect(
    engine: Engine, suspects: dict[str, Examined], pages: dict[str, list[Page]]
) -> None:
    for name, found in pages.items():
        band = limits_of(engine, suspects[name])
        assert all(band.stranger <= face.similarity < band.clone for page in found for face in page)


def test_no_two_faces_of_a_page_are_one_person(engine: Engine, pages: dict[str, list[Page]]) -> None:
    assert engine.band is not None
    for page in (page for found in pages.values() for page in found):
        who = engine.identity(np.stack([face.image for face in page]))
        # Seen in another batch than when they were chosen: the last bits differ.
        assert (who @ who.T)[np.triu_indices(len(who), 1)].max() < engine.band.same_person + 1e-4


def test_every_face_is_real_enough(engine: Engine, pages: dict[str, list[Page]]) -> None:
    assert engine.band is not None
    for face in (face for found in pages.values() for page in found for face in page):
        assert face.realism is not None
        assert face.realism >= engine.band.least_realism


@pytest.mark.parametrize("key", PREDICTED)
def test_a_locked_attribute_is_predicted_of_every_face(
    engine: Engine, suspects: dict[str, Examined], key: str
) -> None:
    suspect = suspects["60004_2"]
    wanted = Locks.asked({key: SAME}, engine.describe(suspect.crop[None])[0])
    found = engine.neighbours(suspect.w_plus, seed=3, reference=suspect.crop, locks={key: SAME})
    assert len(found) > 0
    said = engine.describe(np.stack([face.image for face in found]))
    assert all(each is not None and value_of(key, each) == wanted.values[key] for each in said)


def test_the_suspect_himself_a_stranger_and_a_mismatch_are_turned_down(
    engine: Engine, suspects: dict[str, Examined], pages: dict[str, list[Page]]
) -> None:
    man, woman = suspects["60004_2"], suspects["60005_1"]
    filler = pages["60004_2"][0][0].image
    faces = np.stack([man.crop, woman.crop, filler])
    who = engine.identity(faces)
    bearded = value_of("beard", engine.describe(filler[None])[0] or {})
    unlike = Locks({"beard": "no" if bearded == "yes" else "yes"})

    choice = choose(
        who @ who[0],
        who,
        limits=limits_of(engine, man),
        count=3,
        distance=0.0,
        examine=lambda places: [
            None if unlike.agree(said) else Reason.ATTRIBUTE for said in engine.describe(faces[list(places)])
        ],
    )

    assert choice.rejected == {0: Reason.CLONE, 1: Reason.STRANGER, 2: Reason.ATTRIBUTE}
