"""Workers as SLURM jobs, with a queue that starts each job at once on this machine."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.command_line import BadInput
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.job import Job
from pipeline.dataset.build.layout import Layout
from pipeline.workers.cluster import on_slurm
from pipeline.workers.staff import staff
from tests.pipeline.dataset.build.made import FILTER, WINDOW, Made, built

CONFIGURATION = Configuration((FILTER, WINDOW), "folder", chunk_size=4)
SBATCH = """#!/bin/sh
for script; do :; done
cp "$script" {queue}/$$.sh
setsid bash {queue}/$$.sh > {queue}/$$.log 2>&1 &
echo $! > {queue}/$$.pid
echo "Submitted batch job $!"
"""
SCANCEL = """#!/bin/sh
for job; do kill -- -"$job"; done
"""


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The commands of SLURM; the folder has the script of each job."""
    folder = tmp_path / "queue"
    folder.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        command = folder / name
        command.write_text(text.format(queue=folder))
        command.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    yield folder
    for file in folder.glob("*.pid"):
        try:
            os.killpg(int(file.read_text()), signal.SIGKILL)
        except ProcessLookupError:
            continue


def job(out: Path) -> Job:
    return Job(Made([30]), (), CONFIGURATION.output, Layout(out), 4)


def test_jobs_of_slurm_write_the_same_bytes_as_one_process(tmp_path: Path, queue: Path) -> None:
    sources = Made([(37 * number) % 250 for number in range(30)])
    options = {"queue": "long", "walltime": "00:10:00", "memory": "1GB", "local_directory": str(tmp_path)}

    on_jobs = built(tmp_path / "jobs", sources, CONFIGURATION, staff("slurm:1", options))

    assert on_jobs == built(tmp_path / "alone", sources, CONFIGURATION)
    (script,) = queue.glob("*.sh")
    assert "#SBATCH -p long" in script.read_text()


def test_without_dask_jobqueue_it_says_what_to_install(
    tmp_path: Path, queue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dask_jobqueue.slurm", None)

    with pytest.raises(BadInput, match="pip install dask-jobqueue"):
        on_slurm(job(tmp_path), 1, {})


def test_without_slurm_it_says_where_to_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BadInput, match="sbatch"):
        on_slurm(job(tmp_path), 1, {})


def test_an_option_that_there_is_not_is_named(tmp_path: Path, queue: Path) -> None:
    with pytest.raises(BadInput, match="speed"):
        on_slurm(job(tmp_path), 1, {"speed": "fast"})
