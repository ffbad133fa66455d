"""Whoever does the work, and whatever becomes of them, the result is the same."""

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from pipeline.command_line import BadInput
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.job import Job, Task
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.survival import REASON
from pipeline.workers.cluster import connected
from pipeline.workers.processes import Processes
from pipeline.workers.staff import staff
from pipeline.workers.workers import WorkersLost
from tests.pipeline.dataset.build.made import (
    BRIGHTER,
    BROKEN,
    DEADLY,
    FILTER,
    SET,
    WINDOW,
    Made,
    Suicidal,
    built,
    folder,
)

LEVELS = [(37 * number) % 250 for number in range(90)]
CONFIGURATION = Configuration((FILTER, WINDOW, BRIGHTER, SET), "folder", chunk_size=4)


@pytest.fixture
def place() -> Iterator[Path]:
    with folder() as path:
        yield path


@pytest.fixture
def scheduler() -> Iterator[str]:
    """The address of a Dask cluster of two processes."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def test_one_process_many_and_a_dask_cluster_write_the_same_bytes(place: Path, scheduler: str) -> None:
    sources = Made([BROKEN, *LEVELS])
    alone = built(place / "alone", sources, CONFIGURATION)

    assert built(place / "many", sources, CONFIGURATION, "2") == alone
    assert built(place / "cluster", sources, CONFIGURATION, scheduler) == alone
    assert len(alone) > 30


def test_a_file_that_ends_its_reader_is_a_row_of_the_report_and_nothing_else_is_lost(place: Path) -> None:
    deadly = Made([30, 50, DEADLY, 70, 90, 110, 130])
    harmless = Made([30, 50, BROKEN, 70, 90, 110, 130])
    configuration = Configuration((FILTER, WINDOW), "folder", chunk_size=4)

    survived = built(place / "deadly", deadly, configuration, "2")
    expected = built(place / "harmless", harmless, configuration)

    assert json.loads(survived["report.json"])["unreadable"] == [{"source": "00002.png", "reason": REASON}]
    assert survived["faces.jsonl"] == expected["faces.jsonl"]


def test_workers_that_end_through_no_single_file_end_the_build_with_a_reason(place: Path) -> None:
    configuration = Configuration((FILTER,), "folder", chunk_size=4)

    with pytest.raises(WorkersLost, match="memory"):
        built(place / "out", Made([30, 50, 70]), configuration, "1", output=Suicidal())


def test_an_error_in_a_step_is_told_as_it_is(place: Path) -> None:
    configuration = Configuration((FILTER, WINDOW), "folder", chunk_size=4)
    sources = Made([30])
    job = Job(sources, configuration.steps, configuration.output, Layout(place / "nowhere"), 4)

    with Processes(job, 1) as workers, pytest.raises(FileNotFoundError):
        workers.submit(Task(0, 0)).result()


def test_where_no_scheduler_answers_the_address_is_named(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.workers.cluster.SECONDS_TO_ANSWER", 1)
    job = Job(Made([]), (), CONFIGURATION.output, Layout(place), 4)

    with pytest.raises(BadInput, match=re.escape("tcp://127.0.0.1:9")):
        connected(job, "tcp://127.0.0.1:9")


@pytest.mark.parametrize("workers", ["many", "-1", "slurm:x", "1.5"])
def test_workers_that_cannot_be_understood_are_bad_input(workers: str) -> None:
    with pytest.raises(BadInput, match=r"slurm:N"):
        staff(workers, {})


def test_by_default_each_core_has_a_process() -> None:
    assert isinstance(found := staff(None, {}), partial)
    assert found.keywords["width"] >= 1
