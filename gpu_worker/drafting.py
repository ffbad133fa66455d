"""A whole lineup from one or two photographs, when nobody is there to choose."""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from gpu_worker import suspect
from gpu_worker.capabilities import fitness
from gpu_worker.recipes import Maker, kept, recipe_of
from gpu_worker.stopwatch import Stopwatch
from lineups import advice
from lineups.attributes import Attributes, Reliability
from lineups.capabilities import USUAL
from lineups.constraints import SAME
from lineups.exports.picture import compose
from lineups.order import drawn
from lineups.recipes import Recipe, pack
from lineups.sources import Source
from pipeline.faces.choice import FaceError
from pipeline.faces.detector import Detection, Detector, Image
from pipeline.fillers import Locks, Page, SyntheticFace, pick
from pipeline.fillers.locks import value_of
from pipeline.fillers.spread import POOL

if TYPE_CHECKING:
    from gpu_worker.engine import Engine

# Pages of similarity that are made at the most, if few fillers are wanted.
PAGES: Final = 3
PAGE_SIZE: Final = 12
# Faces on the way from one photograph to the other that are made for each filler wanted, both ends included.
LEAST_STEPS: Final = 12


class Unusable(ValueError):
    """A photograph shows no face that can be used; ``str()`` names the photograph and the reason."""

    def __init__(self, name: str, reason: FaceError) -> None:
        self.name, self.reason, self.code = name, str(reason), reason.code
        super().__init__(f"{name}: {reason}")


@dataclass(frozen=True, slots=True)
class Input:
    """A photograph.

    Attributes:
        name: by which the user knows it.
        rgb: uint8 (height, width, 3).
        quality: 1..100, of its JPEG compression; None of what came as no JPEG.
    """

    name: str
    rgb: Image
    quality: int | None = None

    @property
    def sha256(self) -> bytes:
        """Of its pixels and how they lie."""
        return hashlib.sha256(b"%d x %d:" % self.rgb.shape[:2] + self.rgb.tobytes()).digest()


@dataclass(frozen=True, slots=True)
class DraftMember:
    """One member in the order shown."""

    role: Literal["suspect", "filler"]
    image: Image
    recipe: Mapping[str, Any]
    attributes: Attributes | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted lineup.

    Attributes:
        members: in the order shown.
        suspect_position: from 1.
        picture: PNG.
        advice: what should be known of the photograph, or None.
        reliability: how often the members' predicted attributes are right; None where none are predicted.
        locks: value by attribute that every filler has, as predicted.
        source: where the fillers come from.
        unknown: attributes that are not known of the suspect, and so hold fillers to nothing.
        evening: how the pictures were evened out; None where they were not.
        uneven: why they were not, where they might have been.
        appearance: whether the suspect stands out, and in what; None where that was not checked.
        mark: what the picture and whatever else is told of the lineup must say; None: fit for casework.
    """

    members: list[DraftMember]
    suspect_position: int
    picture: bytes
    advice: str | None
    reliability: Reliability | None
    locks: Mapping[str, str]
    mark: str | None
    source: Source = Source.GENERATOR
    unknown: Sequence[str] = ()
    evening: Mapping[str, Any] | None = None
    uneven: str | None = None
    appearance: Mapping[str, Any] | None = None


def draft(
    photo: Input,
    second: Input | None,
    *,
    fillers: int,
    seed: int,
    detector: Detector,
    load: "Callable[[], Engine]",
    watch: Stopwatch,
    report: Callable[[float], None] = lambda fraction: None,
    locks: Sequence[str] | None = None,
) -> Draft:
    """Draft a lineup of the person in ``photo`` and of ``fillers`` people who do not exist.

    With ``second``, the fillers lie between the two people instead of around the one. The same photographs,
    seed and bundle give the same faces in the same order.

    Args:
        load: loads the engine; called after a face was found in each photograph.
        watch: times the stages detect, load, crop, encode, generate, pick, describe (where the bundle
            predicts attributes) and compose.
        report: told the finished fraction of the stage generate.
        locks: attributes that every filler around one photograph shares with the suspect, as predicted; None:
            the usual ones, where the bundle predicts them. Between two people nothing is held.

    Raises:
        CannotLock: the bundle does not predict one of ``locks``.
        Unusable: no face, several of equal size, or one that is too small.
        TooFewFaces: the engine's faces do not differ enough.
    """
    inputs = [photo] if second is None else [photo, second]
    with watch.stage("detect"):
        found = [found_in(each, detector) for each in inputs]
    with watch.stage("load"):
        engine = load()
    with watch.stage("crop"):
        crops = [suspect.crop_face(each.rgb, face, engine) for each, face in zip(inputs, found, strict=True)]
    with watch.stage("encode"):
        examined = [suspect.encode(crop, engine) for crop in crops]
    first = examined[0]
    held: Mapping[str, str] = {}
    with watch.stage("generate"):
        if second is None:
            held = _held(first, engine, locks)
            made = _around(first, engine, locks=held, fillers=fillers, seed=seed, report=report)
        else:
            made = _between(first, examined[1], engine, fillers=fillers, seed=seed, report=report)
    with watch.stage("pick"):
        chosen = pick(made, suspect=first.w_plus, count=fillers)
    origin = Recipe(
        engine.digest, pack(first.w_plus), origin=first.origin, arithmetic=kept(engine.arithmetic)
    )
    members = [DraftMember("suspect", first.crop, origin.to_dict())]
    members += [DraftMember("filler", face.image, recipe(face, engine, seed)) for face in chosen]
    members, position = in_order(members, seed=seed, photo=photo)
    if engine.reliability is not None:
        with watch.stage("describe"):
            predicted = engine.describe(np.stack([member.image for member in members]))
        members = [
            replace(member, attributes=about) for member, about in zip(members, predicted, strict=True)
        ]
    with watch.stage("compose"):
        mark = fitness(engine).mark
        picture = compose([member.image for member in members], mark=mark)
    return Draft(members, position, picture, advice.on_photo(origin), engine.reliability, held, mark)


def in_order(members: list[DraftMember], *, seed: int, photo: Input) -> tuple[list[DraftMember], int]:
    """Members in the order in which they are shown, and the suspect's place in it, from 1."""
    shown = drawn(members, seed=seed, photograph=photo.sha256)
    return shown, 1 + [member.role for member in shown].index("suspect")


def found_in(photo: Input, detector: Detector) -> Detection:
    """The face that is meant in ``photo``.

    Raises:
        Unusable: there is none.
    """
    try:
        return suspect.find(photo.rgb, detector)
    except FaceError as error:
        raise Unusable(photo.name, error) from error


def _held(first: suspect.Examined, engine: "Engine", names: Sequence[str] | None) -> Mapping[str, str]:
    """What is predicted of the suspect, of the attributes that every filler shares."""
    (predicted,) = engine.describe(first.crop[None])
    if names is None:
        names = [
            name for name in USUAL[Source.GENERATOR] if predicted and value_of(name, predicted) is not None
        ]
    return Locks.asked(dict.fromkeys(names, SAME), predicted).values


def _around(
    first: suspect.Examined,
    engine: "Engine",
    *,
    locks: Mapping[str, str],
    fillers: int,
    seed: int,
    report: Callable[[float], None],
) -> list[SyntheticFace]:
    """Make pages of faces like the suspect's."""

    def page(number: int, below: float | None, within: Callable[[float], None]) -> Page:
        return engine.neighbours(
            first.w_plus,
            page=number,
            count=PAGE_SIZE,
            seed=seed,
            reference=first.crop,
            locks=locks,
            below=below,
            report=within,
        )

    return of_pages(page, fillers=fillers, report=report)


def of_pages(
    page: Callable[[int, float | None, Callable[[float], None]], Page],
    *,
    fillers: int,
    report: Callable[[float], None],
) -> list[SyntheticFace]:
    """Faces of pages of similarity, until there are as many as fillers are picked from, the most alike.

    Args:
        page: makes the page of a number, from 1, whose faces stay below a similarity; told whom to report to.
    """
    wanted = POOL * fillers
    pages = max(PAGES, math.ceil(2 * fillers / PAGE_SIZE))
    hoped = min(pages, math.ceil(wanted / PAGE_SIZE))
    made: list[SyntheticFace] = []
    below: float | None = None
    for number in range(1, pages + 1):

        def within(fraction: float, done: int = number - 1) -> None:
            report(min(1.0, (done + fraction) / hoped))

        found = page(number, below, within)
        below = fmean(face.similarity for face in found) if found else below
        made += found
        if len(made) >= wanted:
            break
    return made


def steps_between(fillers: int) -> int:
    """Faces on the way from one person to another, among which are enough fillers."""
    return max(LEAST_STEPS, 2 * fillers + 2)


def _between(
    first: suspect.Examined,
    last: suspect.Examined,
    engine: "Engine",
    *,
    fillers: int,
    seed: int,
    report: Callable[[float], None],
) -> list[SyntheticFace]:
    """Make faces on the way from one person to the other, without the two themselves."""
    steps = steps_between(fillers)
    made = engine.interpolate(first.w_plus, last.w_plus, steps=steps, seed=seed, report=report)
    return list(made)[1:-1]


def recipe(face: SyntheticFace, maker: Maker, seed: int) -> dict[str, Any]:
    """What makes a filler again.

    Args:
        maker: of the face.
        seed: of the draft.
    """
    origin = {"seed": seed, "similarity": float(face.similarity)}
    return recipe_of(face, maker, origin=origin).to_dict()
