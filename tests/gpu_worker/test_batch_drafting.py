"""Many photographs are drafted with one start of the models, and a bad one is named and stops nobody else."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image as Pillow

from gpu_worker import drafters
from gpu_worker.batch_drafting import Failed, draft_each
from gpu_worker.batch_progress import BatchProgress
from gpu_worker.drafters import Wishes, drafter_of
from gpu_worker.engine import Engine
from gpu_worker.lineup_files import names_in
from gpu_worker.refused import Refused
from gpu_worker.suspect import crop_face
from gpu_worker.terminal import Terminal
from gpu_worker.written import Written
from lineups.sources import Source
from pipeline.faces.detector import Detection, Image
from pipeline.fillers import Page
from pipeline.networks.bundle import BundleError
from tests.gpu_worker.tiny_engine import TinyEngine, portrait

FACE = Detection((60, 50, 60, 80), 0.99)


class Eyes:
    """A detector that finds a face in every picture that is not all of one colour, and counts its looks."""

    looks = 0

    def detect(self, rgb: Image) -> list[Detection]:
        Eyes.looks += 1
        return [FACE] if rgb.std() else []


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Bundles that were loaded, in place of which is a small engine."""
    loaded: list[Path] = []

    def load(bundle: Path, runtime: str) -> TinyEngine:
        loaded.append(bundle)
        return TinyEngine()

    monkeypatch.setattr(drafters, "MTCNNDetector", Eyes)
    monkeypatch.setattr(Engine, "load", load)
    monkeypatch.setattr(Eyes, "looks", 0)
    return loaded


Save = Callable[[str, Image], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Saves a photograph under a name."""

    def saved(name: str, rgb: Image) -> Path:
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Pillow.fromarray(rgb).save(path)
        return path

    return saved


def drafted(*photographs: Path, fillers: int = 5) -> Iterator[Written | Failed]:
    lineups = photographs[0].parents[1] / "lineups"
    lineups.mkdir(exist_ok=True)
    drafter = drafter_of(Source.GENERATOR, Wishes(fillers, 1), bundle=Path("bundle"), gallery=None)
    progress = BatchProgress(Terminal(io.StringIO()), len(photographs))
    return draft_each(names_in(lineups, photographs), drafter, progress)


def test_the_models_are_loaded_once_and_each_photograph_is_looked_at_once(
    loads: list[Path], save: Save
) -> None:
    results = [*drafted(*(save(f"{number}.png", portrait(number)) for number in range(4)))]

    assert all(isinstance(result, Written) for result in results)
    assert loads == [Path("bundle")]
    assert Eyes.looks == 4


def test_a_bad_photograph_is_named_with_its_sentence_and_the_others_are_drafted(
    loads: list[Path], save: Save
) -> None:
    broken = save("b.png", portrait())
    broken.write_bytes(broken.read_bytes()[:100])
    empty = save("c.png", 0 * portrait())

    first, second, third, last = drafted(
        save("a.png", portrait(1)), broken, empty, save("d.png", portrait(2))
    )

    assert isinstance(first, Written)
    assert isinstance(last, Written)
    assert isinstance(second, Failed)
    assert second.reason == "The file is not a picture that can be read: use a JPEG, PNG or WebP photograph."
    assert isinstance(third, Failed)
    assert third.reason.startswith("No face was found")
    assert sorted(path.name for path in first.file.parent.iterdir()) == ["a.png", "d.png"]


def test_a_photograph_for_which_there_are_too_few_fillers_stops_nobody_else(
    loads: list[Path], save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = crop_face(portrait(1), FACE, TinyEngine()).image
    usual = TinyEngine.neighbours

    def neighbours(engine: TinyEngine, w_plus: npt.NDArray[np.float32], **asked: Any) -> Page:
        page = usual(engine, w_plus, **asked)
        return replace(page, faces=()) if np.array_equal(asked["reference"], rare) else page

    monkeypatch.setattr(TinyEngine, "neighbours", neighbours)
    first, last = drafted(save("a.png", portrait(1)), save("b.png", portrait(2)))

    assert isinstance(first, Failed)
    assert "5 fillers are wanted" in first.reason
    assert "--locks none" in first.reason
    assert isinstance(last, Written)


def test_a_lineup_does_not_depend_on_what_was_drafted_before_it(loads: list[Path], save: Save) -> None:
    first, last = save("a.png", portrait(1)), save("b.png", portrait(2))

    *_, after = drafted(first, last)
    (alone,) = drafted(last)

    assert isinstance(after, Written)
    assert isinstance(alone, Written)
    assert after.draft.picture == alone.draft.picture


def test_each_lineup_is_in_its_file_when_it_is_told_of(loads: list[Path], save: Save) -> None:
    results = drafted(save("a.png", portrait(1)), save("b.png", portrait(2)))

    told = next(results)

    assert isinstance(told, Written)
    assert told.file.read_bytes() == told.draft.picture
    assert [path.name for path in told.file.parent.iterdir()] == ["a.png"]


def test_models_that_cannot_be_used_end_it_at_once(
    loads: list[Path], save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(bundle: Path, runtime: str) -> TinyEngine:
        raise BundleError("generator.safetensors is damaged")

    monkeypatch.setattr(Engine, "load", damaged)
    with pytest.raises(Refused, match="The bundle bundle cannot be used") as refusal:
        next(drafted(save("a.png", portrait(1)), save("b.png", portrait(2))))
    assert refusal.value.status == 1
