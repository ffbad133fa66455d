"""What a folder is being built of: written first, so that nothing else is ever mixed into it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Final

from pipeline.command_line import BadInput
from pipeline.dataset.build.configuration import Configuration
from pipeline.dataset.build.layout import Layout
from pipeline.dataset.sources import Sources
from pipeline.dataset.steps import Step
from pipeline.whole_files import write_whole

FORMAT: Final = 1


def step_facts(step: Step) -> dict[str, Any]:
    """A step as plain values."""
    window = {"window_size": step.window_size} if step.window_size else {}
    return {"name": step.name, "kind": step.kind, "arguments": {**window, **step.arguments}}


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
        "steps": [step_facts(step) for step in configuration.steps],
        "output": configuration.format,
        "chunk_size": configuration.chunk_size,
    }
    if configuration.format == "tfrecord":
        plan["shard_size"] = configuration.shard_size
    # What cannot be written as JSON (a detector made in Python) is told by its text.
    plain: dict[str, Any] = json.loads(json.dumps(plan, default=str))
    return plain


def settle(layout: Layout, plan: dict[str, Any]) -> None:
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
