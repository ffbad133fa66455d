"""The fluent interface of Listing 2: lazy, in order, immutable, and telling what became of each photo."""

import gc
import pickle
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.command_line import BadInput
from pipeline.dataset.dataset import FacesDataset
from pipeline.dataset.filters import color_filter, quality_filter, size_filter
from pipeline.dataset.running import BATCH
from pipeline.dataset.sources import Sources, Unreadable
from pipeline.dataset.steps import BatchFunction, Judgement, Outcome, Rejected, WindowFunction
from pipeline.faces.photo import Photo


class Numbered(Sources):
    """Grey photos 0.png, 1.png, … that count how many of them are in memory; some cannot be read."""

    def __init__(self, count: int, broken: Sequence[int] = ()) -> None:
        super().__init__([])
        self.count, self.broken = count, broken
        self.read_so_far = 0
        self.alive = 0
        self.most_alive = 0

    def __len__(self) -> int:
        return self.count

    def name(self, index: int) -> str:
        return f"{index}.png"

    def read(self, index: int) -> Photo:
        if index in self.broken:
            raise Unreadable("It is broken.")
        pixels = np.full((4, 4, 3), index, np.uint8)
        weakref.finalize(pixels, self.freed)
        self.read_so_far += 1
        self.alive += 1
        self.most_alive = max(self.most_alive, self.alive)
        return Photo(pixels, self.name(index))

    def freed(self) -> None:
        self.alive -= 1


def level(photo: Photo) -> int:
    return int(photo.pixels[0, 0, 0])


def even(photo: Photo) -> bool:
    return level(photo) % 2 == 0


def doubled(photo: Photo) -> Outcome:
    if level(photo) > 100:
        return Rejected("It is too bright to be doubled.")
    return replace(photo, pixels=photo.pixels * 2)


def further_than(photos: Sequence[Photo], *, step: int) -> bool:
    """Whether the last photo is brighter by at least ``step`` than each of the others."""
    *others, last = photos
    return all(level(last) - level(other) >= step for other in others)


def names(photos: Sequence[Photo]) -> list[str]:
    return [photo.source.removesuffix(".png") for photo in photos]


def created(dataset: FacesDataset) -> list[str]:
    return names(list(dataset.create()))


def test_steps_are_done_in_the_order_in_which_they_were_added() -> None:
    dataset = FacesDataset(Numbered(6))

    assert created(dataset.filter(even).apply(doubled)) == ["0", "2", "4"]
    assert [level(photo) for photo in dataset.apply(doubled).filter(even).create()] == [0, 2, 4, 6, 8, 10]


def test_adding_a_step_leaves_the_data_set_as_it_was() -> None:
    dataset = FacesDataset(Numbered(4))
    filtered = dataset.filter(even)

    assert dataset.steps == ()
    assert created(dataset) == ["0", "1", "2", "3"]
    assert created(filtered) == created(filtered) == ["0", "2"]


def test_nothing_is_read_before_a_photo_is_asked_for_and_then_only_what_is_needed() -> None:
    sources = Numbered(1000)

    photos = FacesDataset(sources).filter(even).apply(doubled).create()
    assert sources.read_so_far == 0

    next(photos)
    assert sources.read_so_far == 1
    next(photos)
    assert sources.read_so_far == 3


@pytest.mark.parametrize("window_size", [2, 5])
def test_at_most_a_window_of_photos_is_in_memory(window_size: int) -> None:
    sources = Numbered(200)
    dataset = (
        FacesDataset(sources)
        .filter(size_filter, min_size=2)
        .filter_window(further_than, window_size=window_size, step=1)
    )

    gc.disable()
    try:
        count = sum(1 for _ in dataset.create())
    finally:
        gc.enable()

    assert count == 200
    # The one that the caller still holds, or the one just read, is the last of the window.
    assert sources.most_alive <= window_size


def together(photos: Sequence[Photo]) -> list[Outcome]:
    return list(photos)


def test_at_most_a_batch_of_photos_is_in_memory_where_a_step_works_on_many() -> None:
    sources = Numbered(200)
    dataset = FacesDataset(sources).apply(BatchFunction("together", together))

    gc.disable()
    try:
        count = sum(1 for _ in dataset.create())
    finally:
        gc.enable()

    assert count == 200
    assert sources.most_alive <= BATCH + 1


def test_a_batch_is_closed_early_when_its_photos_are_large() -> None:
    sizes = []

    def noting(photos: Sequence[Photo]) -> list[Outcome]:
        sizes.append(len(photos))
        return list(photos)

    class Large(Numbered):
        def read(self, index: int) -> Photo:
            return Photo(np.broadcast_to(np.uint8(7), (4000, 3000, 3)), self.name(index))

    list(FacesDataset(Large(7)).apply(BatchFunction("noting", noting)).create())

    assert sizes == [3, 3, 1]


def test_a_window_shows_the_last_photos_that_were_kept() -> None:
    # 0 is kept, 1 and 2 are too near to it, 3 is kept, …
    dataset = FacesDataset(Numbered(10)).filter_window(further_than, window_size=2, step=3)

    assert created(dataset) == ["0", "3", "6", "9"]


def test_a_longer_window_looks_further_back() -> None:
    seen = []

    def noting(photos: Sequence[Photo]) -> bool:
        seen.append(names(photos))
        return even(photos[-1])

    list(FacesDataset(Numbered(6)).filter_window(noting, window_size=3).create())

    assert seen == [["0", "1"], ["0", "2"], ["0", "2", "3"], ["0", "2", "4"], ["2", "4", "5"]]


@pytest.mark.parametrize("window_size", [0, 1])
def test_a_window_without_anything_to_compare_with_is_refused(window_size: int) -> None:
    with pytest.raises(ValueError, match="at least two"):
        FacesDataset(Numbered(3)).filter_window(further_than, window_size=window_size, step=1)


@pytest.mark.parametrize("border", range(11))
def test_a_judge_who_remembers_what_was_kept_elsewhere_goes_on_as_if_it_had_judged_that_itself(
    border: int,
) -> None:
    dataset = FacesDataset(Numbered(10)).filter_window(further_than, window_size=3, step=2)
    (step,) = dataset.steps
    photos = [dataset.sources.read(index) for index in range(10)]
    whole = step.judge().judge(photos)

    first, second = step.judge(), step.judge()
    verdicts = first.judge(photos[:border])
    second.remember([photo for photo, kept in zip(photos, verdicts, strict=False) if kept])

    assert verdicts + second.judge(photos[border:]) == whole


def test_every_photo_is_accounted_for_at_every_step() -> None:
    told: list[Judgement] = []
    dataset = (
        FacesDataset(Numbered(8, broken=[3]))
        .filter(even)
        .apply(doubled)
        .filter_window(further_than, window_size=2, step=5)
    )

    kept = names(list(dataset.create(told.append)))

    def sources(name: str, *, kept: bool) -> list[str]:
        return [
            judgement.source.removesuffix(".png")
            for judgement in told
            if judgement.step.name == name and judgement.kept is kept
        ]

    assert sources("load", kept=False) == ["3"]
    assert sources("load", kept=True) == ["0", "1", "2", "4", "5", "6", "7"]
    assert sources("even", kept=False) == ["1", "5", "7"]
    assert sources("doubled", kept=True) == ["0", "2", "4", "6"]
    assert sources("further_than", kept=False) == ["2", "6"]
    assert sources("further_than", kept=True) == kept == ["0", "4"]


def test_what_is_not_kept_comes_with_a_reason_and_with_the_photo_as_it_was_before_the_step() -> None:
    told: list[Judgement] = []

    list(FacesDataset(Numbered(2, broken=[0])).filter(size_filter, min_size=5).create(told.append))

    unreadable, small = (judgement for judgement in told if not judgement.kept)
    assert (unreadable.source, unreadable.photo, unreadable.reason) == ("0.png", None, "It is broken.")
    assert small.photo is not None
    assert level(small.photo) == 1
    assert "min_size=5" in small.reason


def test_what_the_function_says_is_the_reason_for_a_rejection() -> None:
    told: list[Judgement] = []

    list(FacesDataset(Numbered(102)).apply(doubled).create(told.append))

    assert [judgement.reason for judgement in told if not judgement.kept] == [
        "It is too bright to be doubled."
    ]


def prepared(photos: Sequence[Photo]) -> list[Photo]:
    return [replace(photo, embedding=np.full(2, level(photo), np.float32)) for photo in photos]


def unlike(photos: Sequence[Photo]) -> bool:
    assert all(photo.embedding is not None for photo in photos)
    return True


def test_what_a_window_prepared_stays_with_the_photo() -> None:
    function = WindowFunction("unlike", prepared, unlike)

    for photo in FacesDataset(Numbered(40)).filter_window(function, window_size=2).create():
        assert photo.embedding is not None
        assert photo.embedding[0] == level(photo)


def test_a_data_set_survives_pickling_with_its_steps(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), np.full((9 + number, 9, 3), (0, 0, 200), np.uint8))
    dataset = (
        FacesDataset.load([tmp_path])
        .filter(size_filter, min_size=9)
        .filter(color_filter)
        .filter(quality_filter)
        .filter_window(WindowFunction("unlike", prepared, unlike), window_size=2)
    )

    again = pickle.loads(pickle.dumps(dataset))

    assert [str(step) for step in again.steps] == [str(step) for step in dataset.steps]
    assert [photo.source for photo in again.create()] == ["0.png", "1.png", "2.png"]


def test_a_step_reads_as_one_would_write_it() -> None:
    dataset = FacesDataset(Numbered(1)).filter(size_filter, min_size=256)
    dataset = dataset.filter_window(further_than, window_size=2, step=3)

    assert [str(step) for step in dataset.steps] == [
        "size_filter(min_size=256)",
        "further_than(window_size=2, step=3)",
    ]


def test_loading_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        FacesDataset.load([tmp_path / "nowhere"])
