"""What may be asked of the faces that a bundle makes, as its worker says when it has loaded it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from lineups.constraints import SAME, FaceConstraints
from lineups.fitness import UNFIT, Fitness
from lineups.sources import Source

USUAL: Final[Mapping[Source, Sequence[str]]] = {
    Source.GALLERY: (
        "sex", "age_group", "ethnic_appearance", "hair", "hair_length", "beard", "baldness", "glasses",
    ),
    Source.GENERATOR: ("sex", "beard", "baldness"),
}  # fmt: skip
"""What fillers share with the suspect unless the officer asks for something else.

Fillers must not make the suspect stand out (Wells et al. 2020, recommendation 4). One of the other sex, a
shaven one beside a bearded suspect or one with hair beside a bald one is ruled out by anybody who knows the
witness's description. A gallery's faces are described by what a witness says, and what is not known of the
suspect is asked; the generator's models predict everything of everybody, right or wrong, and the more is
locked to what they say, the fewer faces are left.
"""


@dataclass(frozen=True)
class Lock:
    """An attribute that the faces of a page can be held to, and the values that it may have.

    ``usual`` is the value that is asked for where the officer has chosen none; None: any.
    """

    name: str
    values: Sequence[str]
    usual: str | None = None

    @classmethod
    def of(cls, source: Source, name: str, values: Sequence[str]) -> Self:
        """The lock ``name`` of the faces of ``source``, asked for or not as is usual there."""
        return cls(name, values, SAME if name in USUAL[source] else None)


@dataclass(frozen=True)
class Capabilities:
    """What a source of faces can do beside making them.

    Attributes:
        locks: attributes that its models predict, in their order.
        adjustments: directions in which a face can be changed, such as age; each takes -3 to 3.
        fitness: what its faces may be used for.
        source: which it is.
        others: what the worker's other sources can; this one is its default.
    """

    locks: Sequence[Lock] = ()
    adjustments: Sequence[str] = ()
    fitness: Fitness = UNFIT
    source: Source = Source.GENERATOR
    others: Sequence[Self] = ()

    @property
    def sources(self) -> Mapping[Source, Self]:
        """Each source and what it can, the default first."""
        return {one.source: one for one in (self, *self.others)}

    @property
    def casework(self) -> bool:
        """Whether the faces of all sources are fit for casework."""
        return all(one.fitness.casework for one in self.sources.values())

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "locks": [asdict(lock) for lock in self.locks],
            "adjustments": list(self.adjustments),
            "fitness": self.fitness.to_dict(),
            "source": str(self.source),
            "others": [one.to_dict() for one in self.others],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`; what is missing cannot be asked for."""
        locks = [Lock(one["name"], list(one["values"]), one.get("usual")) for one in values.get("locks", [])]
        fitness = Fitness.from_dict(values.get("fitness", {}))
        return cls(
            locks,
            list(values.get("adjustments", [])),
            fitness,
            Source(values.get("source", Source.GENERATOR)),
            tuple(cls.from_dict(one) for one in values.get("others", [])),
        )

    def refuses(self, constraints: FaceConstraints) -> tuple[str, str] | None:
        """The field of the first constraint that faces cannot be held to, and why; None where all can."""
        for name, value in constraints.locks.items():
            if refusal := self._refuses_lock(name, value):
                return "locks", refusal
        for name in constraints.adjust:
            if refusal := self._refuses_adjustment(name):
                return "adjust", refusal
        return None

    def _refuses_lock(self, name: str, value: str) -> str | None:
        known = {lock.name: lock.values for lock in self.locks}
        if not known:
            return "The model that is in use predicts no attributes, so none can be locked."
        if name not in known:
            return f"The attribute {name!r} cannot be locked. Choose among {', '.join(known)}."
        if value not in known[name]:
            return f"{name} cannot be {value!r}. Choose among {', '.join(known[name])}."
        return None

    def _refuses_adjustment(self, name: str) -> str | None:
        if not self.adjustments:
            return "The model that is in use knows no directions in which a face could be changed."
        if name not in self.adjustments:
            return f"A face cannot be changed in {name!r}. Choose among {', '.join(self.adjustments)}."
        return None
