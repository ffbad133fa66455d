"""A build from its beginning, or from wherever it was ended, to its end."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from typing import Any, Final

from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.coordinator import Coordinator, read_state
from pipeline.dataset.build.job import Job
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.build.report import conclude
from pipeline.dataset.sources import Sources
from pipeline.whole_files import write_whole
from pipeline.workers.staff import Staff
from pipeline.workers.undisturbed import alone, terminable

FORMAT: Final = 1


def plan_of(paths: Sequence[str], sources: Sources, configuration: Configuration) -> dict[str, Any]:
    """Everything that the output depends on, as plain values.

    Args:
        paths: of the sources, as the user gave them.
    """
    names = hashlib.sha256()
    for index in range(len(sources)):
        names.update(sources.name(index).encode() + b"\0")
    plan: dict[str, Any] = {
        "format": FORMAT,
        "sources": list(paths),
        "photographs": len(sources),
        "names": names.hexdigest(),
        "ignored": sources.ignored,
        "steps": [
            {"name": step.name, "kind": step.kind, "arguments": step.all_arguments}
            for step in configuration.steps
        ],
        "output": configuration.format,
        "chunk_size": configuration.chunk_size,
    }
    if configuration.format == "tfrecord":
        plan["shard_size"] = configuration.shard_size
    # What cannot be written as JSON (a detector made in Python) is told by its text.
    plain: dict[str, Any] = json.loads(json.dumps(plan, default=str))
    return plain


def build(job: Job, plan: dict[str, Any], staff: Staff) -> dict[str, Any]:
    """Build a data set in ``job.layout.folder``, or go on with it, and write its report.

    However the process ends, nothing is lost but what was under way: the same call goes on from there, and
    what comes of it is, byte for byte, what an undisturbed one writes. Progress is shown on standard error.

    Args:
        plan: see ``plan_of``.

    Returns:
        The report.

    Raises:
        BadInput: the folder holds something else, or another process is building in it.
        WorkersLost: nobody is left to do the work.
        KeyboardInterrupt: Ctrl-C or SIGTERM.
    """
    layout = job.layout
    _settle(layout, plan)
    if not layout.finished:
        layout.work.mkdir(exist_ok=True)
        with alone(layout.lock), terminable():
            done = min(read_state(layout)["chunks"] * job.chunk_size, len(job.sources))
            bar = tqdm(total=len(job.sources), initial=done, desc="faces", unit="photo", smoothing=0.05)
            with bar, staff(job) as workers:
                files = Coordinator(job, workers, bar.update).run()
            conclude(layout, plan, files)
            # In one move, so that no build ever takes up what is left of a half deleted folder.
            layout.work.rename(layout.finished_work)
    shutil.rmtree(layout.finished_work, ignore_errors=True)
    report: dict[str, Any] = json.loads(layout.report.read_bytes())
    return report


def _settle(layout: Layout, plan: dict[str, Any]) -> None:
    """Take the folder for this plan, or find that it was taken for the same one before.

    Raises:
        BadInput: the folder holds something else.
    """
    if layout.plan.exists():
        before = json.loads(layout.plan.read_bytes())
        if differing := [name for name in {**plan, **before} if plan.get(name) != before.get(name)]:
            raise BadInput(
                f"{layout.folder} was begun with other {' and '.join(differing)}: name another folder, or "
                "delete this one."
            )
        return
    if layout.folder.exists() and (
        not layout.folder.is_dir() or set(layout.folder.iterdir()) - {layout.work}
    ):
        raise BadInput(f"{layout.folder} is not an empty folder: name another one.")
    layout.work.mkdir(parents=True, exist_ok=True)
    write_whole(layout.plan, (json.dumps(plan, indent=2) + "\n").encode(), layout.work)
