"""What happened to a part of the photographs: counted where it happens, added up in order afterwards."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from pipeline.dataset.build.thumbnails import SHOWN, Thumbnail, sample
from pipeline.dataset.steps import Judgement, Observer
from pipeline.faces.photo import Photo

PROPORTIONS: Final = ("original", "new", "change")
"""W/H of the face in the photograph, W/H in the picture made of it, and the second by the first, less one."""
DIGITS: Final = 2


@dataclass(frozen=True)
class Removal:
    """A photograph that did not get through.

    Attributes:
        source: its name.
        place: of the step; 0 is the loading.
        step: the step's name.
        reason: one plain sentence.
    """

    source: str
    place: int
    step: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"source": self.source, "place": self.place, "step": self.step, "reason": self.reason}


@dataclass
class Tally:
    """Counts of a part.

    Attributes:
        taken, kept: photos that came to a step and that it kept, by the step's place; 0 is the loading.
        sides: how many photographs that could be read have a smaller side of so many pixels.
        proportions: how many faces that got through have a ratio, by kind of ratio; rounded to 0.01.
        removals: the photographs that did not get through.
        thumbnails: a sample of the photos that a step removed, by the step's place, and of those that got
            through, at the place after the last step.
    """

    taken: Counter[int] = field(default_factory=Counter)
    kept: Counter[int] = field(default_factory=Counter)
    sides: Counter[int] = field(default_factory=Counter)
    proportions: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in PROPORTIONS}
    )
    removals: list[Removal] = field(default_factory=list)
    thumbnails: dict[int, list[Thumbnail]] = field(default_factory=dict)

    def observer(self, place: int) -> Observer:
        """What a step at this place tells its judgements."""
        return partial(self._see, place)

    def got_through(self, photo: Photo, place: int) -> None:
        """Count a photo that no step removed.

        Args:
            place: the one after the last step.
        """
        self.show(place, photo)
        if photo.face is not None:
            old, new = photo.face.ratio, photo.face.new_ratio
            for name, ratio in zip(PROPORTIONS, (old, new, new / old - 1), strict=True):
                self.proportions[name][f"{ratio:.{DIGITS}f}"] += 1

    def show(self, place: int, photo: Photo) -> None:
        """Take a photo into the sample of a place."""
        shown = self.thumbnails.setdefault(place, [])
        shown.append(Thumbnail.of(photo))
        if len(shown) > 2 * SHOWN:
            shown[:] = sample(shown)

    def add(self, other: "Tally") -> None:
        """Add the counts of another part; its removals are left to the one who adds, they may be many."""
        self.taken.update(other.taken)
        self.kept.update(other.kept)
        self.sides.update(other.sides)
        for name, ratios in other.proportions.items():
            self.proportions[name].update(ratios)
        for place, thumbnails in other.thumbnails.items():
            self.thumbnails[place] = sample([*self.thumbnails.get(place, []), *thumbnails])

    def _see(self, place: int, judgement: Judgement) -> None:
        self.taken[place] += 1
        self.kept[place] += judgement.kept
        if not judgement.kept:
            self.removals.append(Removal(judgement.source, place, judgement.step.name, judgement.reason))
            if judgement.photo is not None:
                self.show(place, judgement.photo)
        elif place == 0 and judgement.photo is not None:
            self.sides[judgement.photo.smaller_side] += 1

    def to_bytes(self) -> bytes:
        """As JSON."""
        fields = {
            "taken": self.taken,
            "kept": self.kept,
            "sides": self.sides,
            "proportions": self.proportions,
            "removals": [removal.to_json() for removal in self.removals],
            "thumbnails": {
                place: [thumbnail.to_json() for thumbnail in sample(thumbnails)]
                for place, thumbnails in self.thumbnails.items()
            },
        }
        return json.dumps(fields).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Tally":
        """The inverse of :meth:`to_bytes`."""
        fields = json.loads(data)
        return cls(
            taken=_by_number(fields["taken"]),
            kept=_by_number(fields["kept"]),
            sides=_by_number(fields["sides"]),
            proportions={name: Counter(ratios) for name, ratios in fields["proportions"].items()},
            removals=[Removal(**removal) for removal in fields["removals"]],
            thumbnails={
                int(place): [Thumbnail.from_json(each) for each in thumbnails]
                for place, thumbnails in fields["thumbnails"].items()
            },
        )


def _by_number(counts: dict[str, int]) -> Counter[int]:
    return Counter({int(number): count for number, count in counts.items()})
