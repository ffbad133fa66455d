"""New faces between faces of a gallery, made on demand, and again from their recipes."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.attributes.people import PEOPLE
from pipeline.faces.head import Head
from pipeline.fillers import Composition, Description
from pipeline.gallery.changing import GLASSES, HAIR, Change
from pipeline.gallery.colouring import Unnatural
from pipeline.gallery.colouring.shades import SHADES
from pipeline.gallery.errors import GalleryError
from pipeline.gallery.gallery import Gallery

MOST_MEMBERS: Final = 4
#: A seed of a composition is below.
SEEDS: Final = 2**31
#: Weights are kept in so many decimals: the same numbers in a recipe as in the making.
DECIMALS: Final = 3
#: What a composed face has from the member that gives hair and outline.
OF_HAIR: Final = frozenset({"hair", "hair_length", "baldness", "glasses"})
#: What it has from the others: most of the face is theirs.
OF_FACE: Final = frozenset({"sex", "age_group", "ethnicity", "ethnic_appearance"})
#: Heads of the gallery that stay decoded: 460 KB each.
DECODED: Final = 64


class Blend(Protocol):
    """Blends two to four heads of one frame into a new one, always in the same way."""

    def __call__(
        self, heads: Sequence[Head], weights: Sequence[float], seed: int, /, *, donor: Description
    ) -> Head:
        """Blend.

        Args:
            heads: the first gives hair and outline.
            weights: of each in the shape; they sum to 1.
            seed: decides who gives which part.
            donor: what is said of the first.
        """
        ...


Embed = Callable[[Sequence[Head]], npt.NDArray[np.float32]]
"""Heads → who they are, float32 (n, 1024), unit length."""
Read = Callable[[Sequence[Head]], Sequence[Description]]
"""Heads → what is read of each; a value that is not reliable is None."""
Realism = Callable[[Sequence[Head]], Sequence[float]]
"""Heads → of good faces, the share that looks more spoilt than each, 0..1."""


@dataclass(frozen=True, eq=False)
class Composed:
    """Faces that were composed.

    Attributes:
        compositions, heads: of each.
        identities: who they are, float32 (n, 1024), unit length.
    """

    compositions: list[Composition]
    heads: list[Head]
    identities: npt.NDArray[np.float32]

    def __iter__(self) -> Iterator[tuple[Composition, Head, npt.NDArray[np.float32]]]:
        return zip(self.compositions, self.heads, self.identities, strict=True)


class Composer:
    """Makes faces of one gallery.

    Args:
        gallery: whose faces are blended.
        blend: how.
        embed: who a face is.
        read: what is read of a face, to confirm what follows from its members; None: nothing is.
        realism: how few good faces look more spoilt than each; None: that is not asked.
        change: changes hair and glasses of a face; None: nothing can be changed.
        workers: threads; OpenCV and OpenVINO let others run while they work.
    """

    def __init__(
        self,
        gallery: Gallery,
        *,
        blend: Blend,
        embed: Embed,
        read: Read | None = None,
        realism: Realism | None = None,
        change: Change | None = None,
        workers: int | None = None,
    ) -> None:
        self.gallery, self._blend, self._embed, self._read = gallery, blend, embed, read
        self._realism, self._change = realism, change
        self._workers = workers or os.cpu_count() or 1
        self._member = lru_cache(DECODED)(gallery.head)

    def head(self, composition: Composition) -> Head:
        """The face of a recipe, the same to the bit each time.

        Raises:
            GalleryError: it was composed from another gallery, or is no composition of this one.
            Unnatural: hair that cannot have the colour that it is to have.
        """
        self._check(composition)
        members = [self._member(place) for place in composition.members]
        head = members[0]
        if composition.is_member:
            return head
        donor = self.gallery.descriptions(composition.members[0])
        if composition.is_blended:
            head = self._blend(members, composition.weights, composition.seed, donor=donor)
        if self._change is None or not composition.changes:
            return head
        return self._change(head, composition.changes, composition.seed, donor)

    def compose(
        self, compositions: Sequence[Composition], step: Callable[[float], None] = lambda fraction: None
    ) -> "Composed":
        """Heads, several at a time; without those whose hair cannot have the colour that it was to have.

        Args:
            step: told the finished fraction before each; what it raises ends the work.
        """
        made: list[Composition] = []
        heads: list[Head] = []
        with ThreadPoolExecutor(self._workers) as pool:
            waiting = [pool.submit(self.head, composition) for composition in compositions]
            try:
                for done, (composition, one) in enumerate(zip(compositions, waiting, strict=True)):
                    step(done / len(waiting))
                    if (head := _result(one)) is not None:
                        made.append(composition)
                        heads.append(head)
            finally:
                for one in waiting:
                    one.cancel()
        size = self.gallery.embeddings.shape[1]
        return Composed(made, heads, self._embed(heads) if heads else np.zeros((0, size), np.float32))

    @property
    def changes(self) -> bool:
        """Whether hair and glasses can be changed."""
        return self._change is not None

    def descriptions(
        self, compositions: Sequence[Composition], heads: Sequence[Head]
    ) -> list[dict[str, dict[str, Any]]]:
        """What is said of composed faces: what follows from their members, where nothing else is read."""
        said = [self.followed(composition) for composition in compositions]
        if self._read is None or not heads:
            return said
        return [confirmed(one, read) for one, read in zip(said, self._read(heads), strict=True)]

    def realism(self, heads: Sequence[Head]) -> list[float | None]:
        """Of good faces, the share that looks more spoilt than each head, 0..1; None: it is not asked."""
        return list(self._realism(heads)) if self._realism is not None else [None] * len(heads)

    def followed(self, composition: Composition) -> dict[str, dict[str, Any]]:
        """What follows for a composed face from its members."""
        said = followed([self.gallery.descriptions(place) for place in composition.members])
        changes = composition.changes
        for key, value in ((HAIR, changes.hair), (GLASSES, changes.glasses)):
            if value and key in said:
                said[key] = {**said[key], "value": value}
        return said

    def _check(self, composition: Composition) -> None:
        members, weights = composition.members, composition.weights
        if composition.gallery != self.gallery.digest:
            raise GalleryError(
                f"this face was composed from the gallery {composition.gallery[:12]}…, "
                f"but {self.gallery.digest[:12]}… is in use"
            )
        if not 1 <= len(members) <= MOST_MEMBERS or len(members) != len(weights):
            raise GalleryError(f"a face is composed of one to {MOST_MEMBERS} members, with a weight each")
        if len(set(members)) < len(members):
            raise GalleryError("a face is composed of different members")
        if composition.changes.hair and composition.changes.hair not in SHADES:
            raise GalleryError(f"hair is given the colour {', '.join(SHADES)}, not another")
        if composition.changes and self._change is None:
            raise GalleryError("this face's hair or glasses were changed, which cannot be done here")
        if not (all(weight > 0 for weight in weights) and abs(sum(weights) - 1.0) < 1e-6):
            raise GalleryError("the weights of a face's members are above 0 and sum to 1")


def _result(future: Future[Head]) -> Head | None:
    """The head, or None where its hair would not look real."""
    try:
        return future.result()
    except Unnatural:
        return None


def followed(members: Sequence[Description]) -> dict[str, dict[str, Any]]:
    """What follows for a face from the descriptions of its members, the first of which gives the hair.

    Sex, age and group are the others'. Anything else is known where all members agree; of ages in up to three
    classes the middle one counts.
    """
    said: dict[str, dict[str, Any]] = {}
    for key in members[0]:
        findings = [member[key] for member in _telling(key, members)]
        values = [finding["value"] for finding in findings]
        value = _middle(key, values) if key == "age_group" else values[0] if len(set(values)) == 1 else None
        said[key] = {"value": value, "confidence": min(finding["confidence"] for finding in findings)}
    return said


def _telling(key: str, members: Sequence[Description]) -> Sequence[Description]:
    """The members who say what a face has of ``key``."""
    if key in OF_HAIR:
        return members[:1]
    return members[1:] if key in OF_FACE and len(members) > 1 else members


def confirmed(follows: Description, read: Description) -> dict[str, dict[str, Any]]:
    """What follows for a face from its members, unless something else is read of it reliably.

    Ages are contradicted by more than one class: a description is no surer.
    """
    said = {key: dict(finding) for key, finding in follows.items()}
    for key, finding in read.items():
        if (
            key in said
            and finding["value"] is not None
            and not _agree(key, said[key]["value"], finding["value"])
        ):
            said[key] = dict(finding)
    return said


def _agree(key: str, one: Any, other: Any) -> bool:
    if key == "age_group" and one is not None:
        return abs(PEOPLE[key].index(one) - PEOPLE[key].index(other)) <= 1
    return bool(one == other)


def _middle(key: str, values: Sequence[Any]) -> Any:
    if None in values:
        return None
    places = sorted(PEOPLE[key].index(value) for value in values)
    return PEOPLE[key][places[len(places) // 2]] if places[-1] - places[0] <= 2 else None
