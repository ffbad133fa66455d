"""A whole lineup of photographic people from one or two photographs, without TensorFlow."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gpu_worker.appearance import appearance
from gpu_worker.capabilities import fitness_of_gallery
from gpu_worker.drafting import (
    PAGE_SIZE,
    Draft,
    DraftMember,
    Input,
    Unusable,
    found_in,
    in_order,
    of_pages,
    recipe,
    steps_between,
)
from gpu_worker.framing import Framed, scene_of, upright
from gpu_worker.gallery_work import known_of, reliability
from gpu_worker.stopwatch import Stopwatch
from lineups import advice
from lineups.attributes import Attributes
from lineups.capabilities import USUAL
from lineups.constraints import SAME
from lineups.exports.picture import compose
from lineups.recipes import Recipe
from lineups.sources import Source
from pipeline.appearance.choosing import choose_set
from pipeline.appearance.look import look_of
from pipeline.appearance.standing_out import Member
from pipeline.faces.choice import FaceError
from pipeline.faces.detector import Detection, Detector
from pipeline.faces.head import Head
from pipeline.fillers import Locks, Page, SyntheticFace, TooFewFaces
from pipeline.gallery.person import Person

if TYPE_CHECKING:
    from gpu_worker.engine import GalleryEngine


@dataclass(frozen=True, eq=False)
class Suspect:
    """Whom fillers are to stand beside: the head that is shown, and who that is."""

    framed: Framed
    person: Person


def draft_from_gallery(
    photo: Input,
    second: Input | None,
    *,
    fillers: int,
    seed: int,
    detector: Detector,
    load: "Callable[[], GalleryEngine]",
    watch: Stopwatch,
    report: Callable[[float], None] = lambda fraction: None,
    locks: Sequence[str] | None = None,
    uneven: str | None = None,
) -> Draft:
    """Draft a lineup of the person in ``photo`` and of ``fillers`` photographic people who do not exist.

    As :func:`gpu_worker.drafting.draft` does with a generator. What is not known of the suspect locks
    nothing.

    Args:
        load: opens the gallery; called after a face was found in each photograph.
        watch: times the stages detect, load, crop, describe, generate, pick, even and compose.
        locks: attributes that every filler shares with the suspect; None: the usual ones.
        uneven: why the pictures are left as they are; None: they are evened out.

    Raises:
        CannotLock: the gallery says nothing of one of ``locks``.
        Unusable: no face, several of equal size, or one that is too small.
        TooFewFaces: the gallery has not enough such people.
        GalleryError: it turns out to be damaged.
    """
    inputs = [photo] if second is None else [photo, second]
    with watch.stage("detect"):
        found = [found_in(each, detector) for each in inputs]
    with watch.stage("load"):
        engine = load()
    with watch.stage("crop"):
        framed = [_framed(each, face, engine) for each, face in zip(inputs, found, strict=True)]
        heads = [one.shown for one in framed]
    with watch.stage("describe"):
        people = [Suspect(one, engine.person(one.plain)) for one in framed]
    first = people[0]
    held = Locks()
    with watch.stage("generate"):
        if second is None:
            held = engine.locks(dict.fromkeys(_names(locks, engine), SAME), first.person)
            made = _around(first.person, engine, locks=held, fillers=fillers, seed=seed, report=report)
        else:
            steps = steps_between(fillers)
            made = engine.interpolate(first.person, people[1].person, steps=steps, seed=seed, report=report)
    with watch.stage("pick"):
        own = with_hair_of_their_own(made, engine.hair_of, fillers)
        chosen = _chosen(own, heads[0], first.person, fillers, lambda: engine.without_each(held))
    with watch.stage("even"):
        looks = appearance(
            heads[0],
            [_head(face) for face in chosen],
            [first.person.identity, *(face.identity for face in chosen)],
            even=uneven is None,
            gown=first.framed.scene.garment == "gown",
            scale=first.framed.upright.scale,
            quality=photo.quality,
            seed=seed,
        )
    origin = Recipe(engine.digest, None, origin=first.framed.origin)
    said: Attributes = known_of(first.person, engine)
    members = [DraftMember("suspect", looks.suspect, origin.to_dict(), said)]
    members += [
        DraftMember("filler", image, recipe(face, engine, seed), face.description)
        for face, image in zip(chosen, looks.fillers, strict=True)
    ]
    members, position = in_order(members, seed=seed, photo=photo)
    mark = fitness_of_gallery(engine).mark
    with watch.stage("compose"):
        picture = compose([member.image for member in members], mark=mark)
    return Draft(
        members,
        position,
        picture,
        advice.on_photo(origin),
        reliability(engine),
        held.values,
        mark,
        source=Source.GALLERY,
        unknown=held.left_out,
        evening=looks.evening,
        uneven=uneven,
        appearance=looks.check,
    )


def _framed(photo: Input, face: Detection, engine: "GalleryEngine") -> Framed:
    try:
        return upright(photo.rgb, face, scene_of(engine.gallery.about))
    except FaceError as error:
        raise Unusable(photo.name, error) from error


def _names(locks: Sequence[str] | None, engine: "GalleryEngine") -> Sequence[str]:
    """What every filler shares: what was asked for, or what is usual, as far as the gallery says it."""
    if locks is not None:
        return locks
    return [name for name in USUAL[Source.GALLERY] if name in engine.gallery.about.attributes]


def _around(
    person: Person,
    engine: "GalleryEngine",
    *,
    locks: Locks,
    fillers: int,
    seed: int,
    report: Callable[[float], None],
) -> list[SyntheticFace]:
    """Pages of people like the suspect."""

    def page(number: int, below: float | None, within: Callable[[float], None]) -> Page:
        return engine.neighbours(
            person, page=number, count=PAGE_SIZE, seed=seed, locks=locks, below=below, report=within
        )

    return of_pages(page, fillers=fillers, report=report)


TWICE: Final = 2
"""So many fillers of one lineup may have the same hair, where there are no others."""


def with_hair_of_their_own(
    made: Sequence[SyntheticFace], hair_of: Callable[[SyntheticFace], int], count: int
) -> list[SyntheticFace]:
    """Those of faces, the first of each, whose hair no other has: the same hair twice tells who was made.

    Args:
        hair_of: who gave a face its hair.
        count: where fewer have hair of their own, two of each may share it, and never more.
    """
    by_hair: dict[int, list[SyntheticFace]] = {}
    for face in made:
        by_hair.setdefault(hair_of(face), []).append(face)
    own = [faces[0] for faces in by_hair.values()]
    return own if len(own) >= count else [face for faces in by_hair.values() for face in faces[:TWICE]]


def _chosen(
    made: Sequence[SyntheticFace],
    suspect: Head,
    person: Person,
    count: int,
    without: Callable[[], Mapping[str, int]],
) -> list[SyntheticFace]:
    """The set among whom the suspect does not stand out."""
    different = list({face.image.tobytes(): face for face in made}.values())
    if len(different) < count:
        raise TooFewFaces(len(different), count, without())
    candidates = [Member(look_of(_head(face)), face.identity) for face in different]
    places = choose_set(candidates, Member(look_of(suspect), person.identity), count)
    return [different[place] for place in places]


def _head(face: SyntheticFace) -> Head:
    if face.head is None:
        raise TypeError("a face of a gallery comes with its head")
    return face.head
