"""What is asked of a worker: a record for each kind of job, as it is kept in the job's row."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar, Final, Self, TypeVar, get_type_hints
from uuid import UUID

from django.conf import settings

from lineups.constraints import UNCONSTRAINED, FaceConstraints
from lineups.errors import DamagedRecord
from lineups.sources import Source
from lineups.states import Kind

VERSION: Final = 1
"""Of the format. A row of version 1 names none, as ever; later ones say ``"version": 2`` and so on."""
WITH_SOURCE: Final = 2
"""Of the format of requests that name a source. Those of version 1 are the generator's."""

MOST_SECONDS: Final = 600


def least_seconds() -> int:
    """Below this a refinement gains nothing (thesis §3.4.4); a setting, so that tests need not wait."""
    least: int = settings.LIGAN_REFINE_LEAST_SECONDS
    return least


_READ: Final[Mapping[Any, Callable[[Any], Any]]] = {
    UUID: UUID,
    tuple[UUID, ...]: lambda pks: tuple(map(UUID, pks)),
    int: int,
    str: str,
    bool: bool,
    Source: Source,
    float | None: lambda value: None if value is None else float(value),
}


class Request:
    """What all kinds have in common."""

    kind: ClassVar[Kind]
    inputs: ClassVar = ("face", "faces", "photo", "photos")

    def to_dict(self) -> dict[str, Any]:
        """As JSON: ids as text, constraints among the other fields, nothing of what is None."""
        written: dict[str, Any] = {}
        for one in fields(self):  # type: ignore[arg-type]
            match getattr(self, one.name):
                case None:
                    pass
                case FaceConstraints() as constraints:
                    written |= constraints.to_dict()
                case Source() as source:
                    if source is not Source.GENERATOR:
                        written |= {"version": WITH_SOURCE, one.name: str(source)}
                case UUID() as pk:
                    written[one.name] = str(pk)
                case tuple() as pks:
                    written[one.name] = [str(pk) for pk in pks]
                case value:
                    written[one.name] = value
        return written

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of :meth:`to_dict`."""
        kinds = get_type_hints(cls)
        read: dict[str, Any] = {}
        for one in fields(cls):  # type: ignore[arg-type]
            if kinds[one.name] is FaceConstraints:
                read[one.name] = FaceConstraints.from_dict(values)
            elif one.name in values or one.default is MISSING:
                read[one.name] = _READ[kinds[one.name]](values[one.name])
        return cls(**read)

    def draw(self) -> dict[str, Any]:
        """The same without the inputs: how faces are made from them, for their recipes."""
        left_out = (*self.inputs, "version", "source")  # of the request, and told by the recipe itself
        return {name: value for name, value in self.to_dict().items() if name not in left_out}


@dataclass(frozen=True)
class Examine(Request):
    """Look for the face in the photograph ``photo``, and frame it as the faces of ``source`` are."""

    kind = Kind.EXAMINE

    photo: UUID
    source: Source = Source.GENERATOR

    @property
    def photos(self) -> tuple[UUID, ...]:
        """The photographs that it needs."""
        return (self.photo,)


@dataclass(frozen=True)
class Generate(Request):
    """Make faces like ``face``.

    Attributes:
        similarity_page: from 1; each further one is less similar.
        seed: of the draw.
        below: mean similarity of the page that this one follows; None where it follows none.
        source: of the faces; that of ``face``.
    """

    kind = Kind.GENERATE

    face: UUID
    similarity_page: int
    seed: int
    constraints: FaceConstraints = UNCONSTRAINED
    below: float | None = None
    source: Source = Source.GENERATOR
    people: ClassVar = 0

    @property
    def faces(self) -> tuple[UUID, ...]:
        """The faces to start from."""
        return (self.face,)


@dataclass(frozen=True)
class Interpolate(Request):
    """Make the ``steps`` faces on the way from the first of ``faces`` to the second, both included."""

    kind = Kind.INTERPOLATE

    faces: tuple[UUID, ...]
    steps: int
    source: Source = Source.GENERATOR
    similarity_page: ClassVar = 1
    constraints: ClassVar = UNCONSTRAINED
    people: ClassVar = 0


@dataclass(frozen=True)
class Refine(Request):
    """Tune the models to ``faces``, cut out of ``photos``, for ``seconds``, and make a page with them."""

    kind = Kind.REFINE

    faces: tuple[UUID, ...]
    photos: tuple[UUID, ...]
    same_person: bool
    seconds: int
    seed: int
    constraints: FaceConstraints = UNCONSTRAINED
    similarity_page: ClassVar = 1

    @property
    def people(self) -> int:
        """How many people the photographs show; its page begins with a reconstruction of each."""
        return 1 if self.same_person else len(self.faces)


@dataclass(frozen=True)
class Prepare(Request):
    """Make of the pictures of ``faces``, the members' in the order of adding, what a witness will see.

    Attributes:
        even: whether they are evened out.
        reason: why not.
        seed: of what stays different.
    """

    kind = Kind.PREPARE

    faces: tuple[UUID, ...]
    even: bool
    reason: str
    seed: int


R = TypeVar("R", Examine, Generate, Interpolate, Refine, Prepare)


def parse(record: type[R], values: Mapping[str, Any]) -> R:
    """The request of a job, from its row.

    Raises:
        DamagedRecord: it is incomplete, or of a version that this program does not know.
    """
    try:
        if values.get("version", VERSION) == (WITH_SOURCE if "source" in values else VERSION):
            return record.from_dict(values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DamagedRecord("The request of this job is damaged. Ask for it again.") from error
    raise DamagedRecord("The request of this job is of another version of LiGAN. Ask for it again.")
