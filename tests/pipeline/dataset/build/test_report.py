"""What a build says about what it kept and what it threw away."""

import json
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.report import smaller_sides
from pipeline.dataset.build.tally import Tally
from pipeline.dataset.build.thumbnails import SHOWN, Thumbnail, sample
from pipeline.faces.photo import Photo
from tests.pipeline.dataset.build.made import BRIGHTER, BROKEN, FILTER, WINDOW, Made, built

LEVELS = [30, BROKEN, 10, 50, 51, 255, 90, BROKEN, 120]


class Named(Made):
    """Photographs with a name that a page must not take for its own text."""

    def name(self, index: int) -> str:
        return f"<script>{index}</script>&amp;.png"

    def read(self, index: int) -> Photo:
        return replace(super().read(index), source=self.name(index))


class Page(HTMLParser):
    """What a page refers to, and the scripts in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "data"}]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    steps = (FILTER, WINDOW, BRIGHTER)
    return built(tmp_path / "out", Named(LEVELS), Configuration(steps, "folder", chunk_size=2))


def test_the_steps_tell_in_order_how_many_images_came_and_how_many_went_on(files: dict[str, bytes]) -> None:
    steps = json.loads(files["report.json"])["steps"]

    assert [(step["name"], step["images_in"], step["images_out"]) for step in steps] == [
        ("load", 9, 7),
        ("not_dark", 7, 6),
        ("unlike", 6, 5),
        ("brighter", 5, 4),
    ]


def test_each_photograph_that_was_removed_is_a_row_with_a_reason(files: dict[str, bytes]) -> None:
    rows = [json.loads(line) for line in files["removed.jsonl"].splitlines()]

    assert Counter(row["step"] for row in rows) == {"load": 2, "not_dark": 1, "unlike": 1, "brighter": 1}
    assert {row["reason"] for row in rows if row["step"] == "load"} == {"The picture is damaged."}
    assert {row["reason"] for row in rows if row["step"] == "brighter"} == {"It is as bright as can be."}
    kept = {json.loads(line)["source"] for line in files["faces.jsonl"].splitlines()}
    assert len(kept | {row["source"] for row in rows}) == len(LEVELS)


def test_the_page_needs_nothing_from_elsewhere_and_takes_no_name_for_its_own_text(
    files: dict[str, bytes],
) -> None:
    text = files["report.html"].decode()
    page = Page(text)

    assert page.tags["script"] == 0
    assert "&lt;script&gt;1&lt;/script&gt;&amp;amp;.png" in text
    assert page.addresses
    assert all(address.startswith("data:image/jpeg;base64,") for address in page.addresses)


def test_the_page_shows_counts_sizes_proportions_and_what_each_step_removed(files: dict[str, bytes]) -> None:
    text = files["report.html"].decode()
    page = Page(text)

    for heading in (
        "Counts after each step",
        "Size of the photographs",
        "Proportions of the faces",
        "Removed by not_dark",
        "Removed by unlike",
        "Removed by brighter",
        "What came of it",
        "Files that could not be read",
    ):
        assert f"<h2>{heading}</h2>" in text
    assert page.tags["svg"] == 5
    assert page.tags["img"] == 4


def test_a_build_from_which_nothing_came_has_a_report_too(tmp_path: Path) -> None:
    files = built(tmp_path / "out", Made([BROKEN, BROKEN]), Configuration((FILTER, WINDOW), "folder"))

    assert json.loads(files["report.json"])["faces"] == 0
    assert b"The picture is damaged." in files["report.html"]


def test_proportions_are_of_the_face_before_after_and_between(files: dict[str, bytes]) -> None:
    proportions = json.loads(files["report.json"])["proportions"]

    assert proportions == {"original": {"0.80": 4}, "new": {"0.89": 4}, "change": {"0.11": 4}}


@given(st.lists(st.integers(1, 9000)))
def test_so_many_photographs_are_at_least_so_large(sides: list[int]) -> None:
    found = smaller_sides(Counter(sides))

    assert found["photographs"] == [sum(side >= least for side in sides) for least in found["at_least"]]
    assert found["at_least"][0] == 0
    assert found["photographs"][-1] == 0
    assert len(found["at_least"]) <= 34


@given(st.lists(st.text(max_size=8), unique=True, max_size=200), st.integers(0, 200))
def test_the_sample_on_a_sheet_does_not_depend_on_how_the_photographs_were_divided(
    names: list[str], cut: int
) -> None:
    def tally(part: list[str]) -> Tally:
        made = Tally()
        made.thumbnails[0] = [Thumbnail.of(Photo(np.zeros((1, 1, 3), np.uint8), name)) for name in part]
        return Tally.from_bytes(made.to_bytes())

    added, whole = Tally(), tally(names)
    for part in (names[cut:], names[:cut]):
        added.add(tally(part))

    assert added.thumbnails[0] == sample(whole.thumbnails[0])
    assert len(added.thumbnails[0]) == min(len(names), SHOWN)


def test_a_thumbnail_keeps_proportions_and_colours() -> None:
    red = np.zeros((40, 20, 3), np.uint8)
    red[:, :, 2] = 250

    import cv2

    shown = cv2.imdecode(np.frombuffer(Thumbnail.of(Photo(red, "red")).jpeg, np.uint8), cv2.IMREAD_COLOR)

    assert shown is not None
    assert shown.shape == (96, 96, 3)
    assert shown[48, 48, 2] > 200
    assert shown[48, 48, 0] < 60
    assert shown[48, 10].min() > 200
