"""A recipe: the steps from data to a bundle, as data."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.command_line import BadInput

NAMED: Final = re.compile(r"\{([\w-]+)\}")


@dataclass(frozen=True)
class Figure:
    """A figure that a step is to reach, and where it is read.

    Args:
        name: as it is printed.
        file: below the recipe's folder: JSON, or JSON lines, whose last one counts.
        keys: one after the other, from the outside in.
        expected: what the bundle that ships, or its way there, reached.
    """

    name: str
    file: str
    keys: tuple[str, ...]
    expected: float

    def reached(self, folder: Path) -> float | None:
        """Its value after the step; None if a trial was too short for the file, BadInput if that lacks it."""
        path = folder / self.file
        if not path.exists():
            return None
        try:
            text = path.read_text()
            value = json.loads(text.splitlines()[-1] if path.suffix == ".jsonl" else text)
            for key in self.keys:
                value = value[key]
            return float(value)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise BadInput(f"{path} does not say {' '.join(self.keys)}: {error!r}") from error


@dataclass(frozen=True)
class Step:
    """One command of ``python -m pipeline``, whose output is the file or folder of the step's name.

    Args:
        name: of the step and of its output in the recipe's folder.
        command: words after ``python -m pipeline``. ``{name}`` is an input of the recipe or the output of a
            step, ``{1000}`` an amount, of which a trial takes a share. Of files that a word with ``*``
            matches, the last is meant.
        hours: that it took on two cores of an office's processor.
        figures: to be reached.
    """

    name: str
    command: str
    hours: float
    figures: tuple[Figure, ...] = ()

    @property
    def names(self) -> set[str]:
        """Inputs and steps that the command names."""
        return {name for name in NAMED.findall(self.command) if not name.isdigit()}

    def words(self, paths: Mapping[str, Path], share: float) -> list[str]:
        """The command's words for these paths; BadInput if a file that an earlier step left is missing."""

        def meant(match: re.Match[str]) -> str:
            name = match[1]
            return str(max(1, round(int(name) * share))) if name.isdigit() else str(paths[name])

        return [self._found(NAMED.sub(meant, word)) for word in self.command.split()]

    def _found(self, word: str) -> str:
        if "*" not in word:
            return word
        pattern = Path(word)
        files = sorted(pattern.parent.glob(pattern.name))
        if not files:
            raise BadInput(f"there is no {word}, which {self.name} starts from.")
        return str(files[-1])

    def line(self) -> str:
        """The command as people read it, with capitals for paths."""
        shown = NAMED.sub(lambda match: match[1].replace("-", "_").upper(), self.command)
        return f"python -m pipeline {shown}".replace("checkpoint-*", "checkpoint-N")


@dataclass(frozen=True)
class Input:
    """What a recipe is given by its user: a folder or a file, by an option of the input's name."""

    help: str
    required: bool = True


@dataclass(frozen=True)
class Recipe:
    """How a bundle is made.

    Args:
        about: one line for the help.
        inputs: by name.
        facts: a description as ``python -m pipeline bundle`` reads it. With the recipe's commands in it, it
            lies in the recipe's folder as ``description.json``, and commands name it ``{description}``.
        steps: from the inputs that are given to the steps, in their order.
    """

    about: str
    inputs: Mapping[str, Input]
    facts: Path
    steps: Callable[[Mapping[str, Path]], tuple[Step, ...]]
