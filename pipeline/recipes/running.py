"""Going through a recipe: every step that is not done yet, in a process of its own.

A step is done if its record says so and its key is still the same: a digest of its command, of the inputs it
names and of the keys of the steps it names. Trainings that were interrupted go on from their checkpoints.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput
from pipeline.networks.bundle import sha256_of
from pipeline.recipes.recipe import Recipe, Step
from pipeline.training.stopping import noted_signals

DESCRIPTION: Final = "description"
POLL_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Done:
    """The record of a step: its key, the hours it took so far, whether it has ended, what it reached."""

    key: str
    hours: float = 0.0
    ended: bool = False
    figures: dict[str, float | None] = field(default_factory=dict)


def own_process(words: Sequence[str]) -> int:
    """Run a command of ``python -m pipeline``; returns its exit status.

    Raises:
        KeyboardInterrupt: SIGINT or SIGTERM came, which the command was told and has ended after.
    """
    command = [sys.executable, "-m", "pipeline", *words]
    with noted_signals() as stop_requested, subprocess.Popen(command) as process:  # noqa: S603 (a recipe's words)
        while (status := process.poll()) is None:
            if stop_requested():
                process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(POLL_SECONDS)
    if stop_requested():
        raise KeyboardInterrupt
    return status


def go_through(
    recipe: Recipe,
    given: Mapping[str, Path],
    folder: Path,
    *,
    share: float = 1.0,
    run: Callable[[Sequence[str]], int] = own_process,
    say: Callable[[str], None] = lambda line: None,
) -> None:
    """Take every step of ``recipe`` that is not done.

    Args:
        given: the recipe's inputs.
        folder: for what the steps make, each under its name, and ``steps/NAME.json``, their records.
        share: of each amount, for a trial.
        run: takes a command's words and returns its exit status.
        say: told the steps as they go, their hours and figures beside those expected.

    Raises:
        BadInput: a step ended otherwise than with status 0, or what lies in ``folder`` is of another recipe.
    """
    steps = recipe.steps(given)
    records = folder / "steps"
    records.mkdir(parents=True, exist_ok=True)
    description = folder / f"{DESCRIPTION}.json"
    facts = json.loads(recipe.facts.read_text()) | {"commands": [step.line() for step in steps]}
    description.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    inputs = {**given, DESCRIPTION: description}
    paths = {**inputs, **{step.name: folder / step.name for step in steps}}
    keys = {name: _digest(path) for name, path in inputs.items()}
    for step in steps:
        named = [keys[name] for name in sorted(step.names - {step.name})]
        keys[step.name] = hashlib.sha256(json.dumps([step.command, share, named]).encode()).hexdigest()
        record = records / f"{step.name}.json"
        done = _record(record, paths[step.name], keys[step.name])
        if not done.ended:
            words = step.words(paths, share)
            say(f"{step.name}: python -m pipeline {' '.join(words)}")
            done, status = _timed(done, record, partial(run, words))
            if status != 0:
                raise BadInput(
                    f"{step.name} ended with status {status}; the same command goes on from there."
                )
            done = replace(done, ended=True, figures={f.name: f.reached(folder) for f in step.figures})
            _write(record, done)
        say(_line(step, done))


def _timed(done: Done, record: Path, work: Callable[[], int]) -> tuple[Done, int]:
    """Do a step's work and keep the hours it took, however it ends; returns the record and the status."""
    _write(record, done)
    started = time.monotonic()
    try:
        status = work()
    finally:
        done = replace(done, hours=done.hours + (time.monotonic() - started) / 3600)
        _write(record, done)
    return done, status


def _record(path: Path, output: Path, key: str) -> Done:
    """What is known of a step whose key is ``key``; nothing if its output is gone."""
    if not output.exists():
        return Done(key)
    if not path.exists():
        raise BadInput(f"{output} is not of this recipe; choose another --to.")
    done = Done(**json.loads(path.read_text()))
    if done.key != key:
        raise BadInput(
            f"{output} was made of other inputs or by another command; remove it, or choose another --to."
        )
    return done


def _write(path: Path, done: Done) -> None:
    unfinished = path.with_suffix(".partial")
    unfinished.write_text(json.dumps(asdict(done), indent=2) + "\n")
    unfinished.replace(path)


def _line(step: Step, done: Done) -> str:
    reached = {"hours": done.hours, **done.figures}
    expected = {"hours": step.hours, **{figure.name: figure.expected for figure in step.figures}}
    beside = (
        f"{name} {'-' if value is None else f'{value:.4g}'} ({expected[name]:.4g})"
        for name, value in reached.items()
    )
    return f"{step.name}: {', '.join(beside)}"


def _digest(path: Path) -> str:
    """SHA-256 over a file, or over the names and contents of the files of a folder."""
    if path.is_file():
        return sha256_of(path)
    files = sorted(file for file in path.rglob("*") if file.is_file())
    listed = [(str(file.relative_to(path)), sha256_of(file)) for file in files]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()
