"""A drafted lineup that lies in its file, and what a command tells of it: notes, a line, JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpu_worker.drafting import Draft
from gpu_worker.photo_files import shown
from lineups.attributes import note


@dataclass(frozen=True, slots=True)
class Written:
    """A drafted lineup that lies in its file.

    Attributes:
        photograph: of the suspect.
        seconds: that drafting took, by stage.
    """

    photograph: Path
    file: Path
    draft: Draft
    seconds: Mapping[str, float]

    def notes(self) -> Iterator[str]:
        """What should be known before the lineup is used, a sentence each."""
        if self.draft.advice:
            yield self.draft.advice
        if self.draft.unknown:
            what = ", ".join(name.replace("_", " ") for name in self.draft.unknown)
            yield f"Not known of the suspect, so fillers are not held to it: {what}."
        if self.draft.appearance:
            yield self.draft.appearance["sentence"]

    def line(self, *, seed: int) -> str:
        """The lineup in one line."""
        made = self.draft
        held = ", ".join(f"{name} {value}" for name, value in made.locks.items())
        shared = f" Every filler: {held}." if held else ""
        marked = f"{made.mark}. " if made.mark else ""
        return f"{marked}{shown(self.file)}: {len(made.members)} members, seed {seed}.{shared}"

    def to_dict(self, *, seed: int) -> dict[str, Any]:
        """The lineup as plain values: its mark first, the members in the order shown."""
        made = self.draft
        return {
            "mark": made.mark,
            "photograph": str(self.photograph),
            "lineup": str(self.file),
            "source": made.source,
            "members": [
                {"role": member.role, "recipe": member.recipe, "attributes": member.attributes}
                for member in made.members
            ],
            "locks": dict(made.locks),
            "unknown": list(made.unknown),
            "evening": made.evening,
            "uneven": made.uneven,
            "appearance": made.appearance,
            "reliability": made.reliability,
            "note": None
            if made.reliability is None
            else note(made.members[0].attributes or (), made.reliability),
            "suspect_position": made.suspect_position,
            "seed": seed,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }
