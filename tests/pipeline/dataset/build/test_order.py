"""What must be decided in the photographs' order is decided so, however they are divided."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.dataset import FacesDataset
from pipeline.dataset.steps import Step
from tests.pipeline.dataset.build.made import BRIGHTER, BROKEN, FILTER, SET, WINDOW, Made, built, folder

LEVELS = st.lists(st.integers(15, 60) | st.just(BROKEN) | st.just(255), max_size=40)
ORDERED = st.sampled_from([WINDOW, Step("window", WINDOW.function, {"apart": 7}, window_size=4), SET])


@settings(max_examples=60, deadline=None)
@given(LEVELS, st.integers(1, 9), ORDERED, ORDERED)
def test_the_faces_are_those_of_a_plain_loop_wherever_the_chunks_end(
    levels: list[int], chunk_size: int, first: Step, second: Step
) -> None:
    sources, steps = Made(levels), (FILTER, first, BRIGHTER, second)
    expected = [photo.source for photo in FacesDataset(sources, steps).create()]

    with folder() as path:
        made = built(path / "out", sources, Configuration(steps, "folder", chunk_size=chunk_size))

    assert [json.loads(line)["source"] for line in made["faces.jsonl"].splitlines()] == expected


@settings(max_examples=30, deadline=None)
@given(LEVELS.filter(len), st.integers(1, 9), st.integers(1, 9))
def test_the_report_does_not_depend_on_where_the_chunks_end(levels: list[int], size: int, other: int) -> None:
    steps = (FILTER, WINDOW, BRIGHTER)
    with folder() as path:
        one, two = (
            built(path / name, Made(levels), Configuration(steps, "folder", chunk_size=chunk_size))
            for name, chunk_size in (("one", size), ("two", other))
        )

    for files in (one, two):
        del files["build.json"]
        files["removed.jsonl"] = b"".join(sorted(files["removed.jsonl"].splitlines()))
    assert one == two
