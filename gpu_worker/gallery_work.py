"""What a worker does with a gallery: the head of a photograph, pages, and ways between two people.

As ``work`` does with the generator; without TensorFlow.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from gpu_worker.capabilities import fitness_of_gallery
from gpu_worker.framing import frame, scene_of, seen
from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.recipes import composition_of, recipe_of
from gpu_worker.results import SAVE, inputs, shortfall
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.models import Face
from lineups.recipes import Recipe
from lineups.requests import Generate, Interpolate
from lineups.services import pages, photos
from lineups.services.pages import NewFace
from lineups.shortfalls import Shortfall
from pipeline.faces.choice import FaceError
from pipeline.fillers import SyntheticFace
from pipeline.gallery import GalleryError
from pipeline.gallery.person import Person

if TYPE_CHECKING:
    from gpu_worker.engine import GalleryEngine
    from gpu_worker.loading import Models

# How far an examination is when a stage of it begins.
EXAMINING = {"detect": 0.05, "crop": 0.4, "describe": 0.7, "save": 0.9}
GENERATE = 0.05
DAMAGED = "The gallery is damaged: {error}. Tell whoever operates LiGAN."


def examine(job: HeldJob, models: "Models") -> None:
    """Find the face in a photograph, bring it upright before the wall, and read it."""
    engine = models.gallery
    try:
        photo = selectors.photo_to_examine(job.job)
        framed = frame(
            selectors.pixels(photo.file),
            models.detector,
            scene_of(engine.gallery.about),
            stage=lambda name: job.report(EXAMINING[name], name),
        )
    except FaceError as error:
        raise Unworkable(error.code, str(error)) from error
    except NotFound as error:
        raise Unworkable("photo_gone", "The photograph has been removed.") from error
    picture = framed.shown.image
    job.report(EXAMINING["describe"], "describe")
    said = known_of(engine.person(framed.plain), engine)
    job.report(EXAMINING["save"], "save")
    job.finish(
        photos.examined,
        photo,
        png.encode(picture),
        size=(picture.shape[1], picture.shape[0]),
        recipe=Recipe(engine.digest, None, origin=framed.origin),
        attributes=said,
        reliability=reliability(engine),
        casework=fitness_of_gallery(engine).casework,
    )


def generate(job: HeldJob, models: "Models") -> None:
    """Find or compose one page of faces like the suspect's, the further the page the less alike."""
    engine, request = models.gallery, job.job.request_as(Generate)
    (start,) = inputs(job, engine.digest, request.faces)
    suspect, asked = selectors.compared_with(start) or start, request.constraints
    job.report(GENERATE, "generate")
    with damage_told():
        made = engine.neighbours(
            person_of(suspect, engine),
            start=None if start == suspect else person_of(start, engine),
            page=request.similarity_page,
            count=settings.LIGAN_PAGE_SIZE,
            seed=request.seed,
            locks=asked.locks,
            distance=asked.distance,
            below=request.below,
            moves=asked.adjust,
            report=job.part("generate", GENERATE, SAVE),
            stopped=job.stopped,
        )
    _keep(job, engine, made, request, lacking=shortfall(made))


def interpolate(job: HeldJob, models: "Models") -> None:
    """Walk from one person to another through faces composed of those near both."""
    engine, request = models.gallery, job.job.request_as(Interpolate)
    first, last = (person_of(face, engine) for face in inputs(job, engine.digest, request.faces))
    job.report(GENERATE, "generate")
    with damage_told():
        made = engine.interpolate(
            first,
            last,
            steps=request.steps,
            report=job.part("generate", GENERATE, SAVE),
            stopped=job.stopped,
        )
    _keep(job, engine, made, request)


def person_of(face: Face, engine: "GalleryEngine") -> Person:
    """Who is on the picture of ``face``, and what is known of them: by the models, and by the officer."""
    composed = face.parsed_recipe.composed
    if composed is not None:
        again = engine.regenerate(composition_of(composed))
        return Person(again.identity, again.description or {})
    who = engine.person(seen(selectors.pixels(face.image)), read=False)
    return Person(who.identity, face.findings.told())


def known_of(person: Person, engine: "GalleryEngine") -> dict[str, Any]:
    """What is known of somebody, by every attribute of the gallery; what was not read is unknown."""
    unknown = {key: {"value": None, "confidence": 0.0} for key in engine.gallery.about.attributes}
    return {**unknown, **person.description}


def reliability(engine: "GalleryEngine") -> dict[str, Any]:
    """How often what is said of photographs is right, as the site keeps it."""
    return {key: one.to_dict() for key, one in engine.reliability.items()}


@contextmanager
def damage_told() -> Iterator[None]:
    """A gallery that turns out to be damaged ends the job with a sentence."""
    try:
        yield
    except GalleryError as error:
        raise Unworkable("gallery_damaged", DAMAGED.format(error=error)) from error


def _keep(
    job: HeldJob,
    engine: "GalleryEngine",
    made: Sequence[SyntheticFace],
    request: Generate | Interpolate,
    *,
    lacking: Shortfall | None = None,
) -> None:
    origin = {"from": [str(pk) for pk in request.faces], **request.draw()}
    job.report(SAVE, "save")
    faces = [_new(face, engine, origin) for face in made]
    job.finish(pages.keep, faces, reliability=reliability(engine), shortfall=lacking)


def _new(face: SyntheticFace, engine: "GalleryEngine", origin: Mapping[str, Any]) -> NewFace:
    return NewFace(
        png=png.encode(face.image),
        size=(face.image.shape[1], face.image.shape[0]),
        recipe=recipe_of(face, engine, origin=origin),
        similarity=float(face.similarity),
        attributes=face.description,
        casework=fitness_of_gallery(engine).casework,
    )
