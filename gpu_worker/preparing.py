"""The members' pictures as a witness will see them: evened out, and checked."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from gpu_worker.appearance import appearance
from gpu_worker.framing import framed_again, scene_of
from gpu_worker.gallery_work import damage_told
from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.recipes import composition_of
from gpu_worker.results import inputs
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.models import Face, FaceKind
from lineups.requests import Prepare
from lineups.services import preparations
from pipeline.faces.head import Head

if TYPE_CHECKING:
    from gpu_worker.engine import GalleryEngine
    from gpu_worker.loading import Models

# How far a preparation is when a stage of it begins.
PREPARING = {"read": 0.05, "even": 0.5, "save": 0.95}
GONE = "A member has been removed meanwhile. Ask again."


def prepare(job: HeldJob, models: "Models") -> None:
    """Even the members' pictures out, unless that is not wanted, and say whether the suspect stands out."""
    engine, request = models.gallery, job.job.request_as(Prepare)
    faces = inputs(job, engine.digest, request.faces)
    job.report(PREPARING["read"], "read")
    told = job.part("read", PREPARING["read"], PREPARING["even"])
    people: list[tuple[Head, npt.NDArray[np.float32]]] = []
    with damage_told():
        for number, face in enumerate(faces):
            told(number / len(faces))
            people.append(_seen(face, engine))
    suspect = [face.kind for face in faces].index(FaceKind.PHOTO)
    first, *others = people[suspect], *people[:suspect], *people[suspect + 1 :]
    job.report(PREPARING["even"], "even")
    looks = appearance(
        first[0],
        [head for head, _ in others],
        [identity for _, identity in (first, *others)],
        even=request.even,
        gown=scene_of(engine.gallery.about).garment == "gown",
        scale=faces[suspect].parsed_recipe.origin.get("scale"),
        quality=_quality(faces[suspect]),
        seed=request.seed,
    )
    pictures = list(looks.fillers)
    pictures.insert(suspect, looks.suspect)
    job.report(PREPARING["save"], "save")
    try:
        job.finish(
            preparations.keep,
            png.encode(np.concatenate(pictures)),
            evening=looks.evening,
            appearance=looks.check,
        )
    except NotFound as error:
        raise Unworkable("face_gone", GONE) from error


def _quality(suspect: Face) -> int | None:
    """Of the JPEG that the suspect's photograph came as."""
    return None if suspect.photo is None else suspect.photo.quality


def _seen(face: Face, engine: "GalleryEngine") -> tuple[Head, npt.NDArray[np.float32]]:
    """The head of a member and who it is."""
    composed = face.parsed_recipe.composed
    if composed is None:
        head = framed_again(selectors.pixels(face.image))
        return head, engine.person(head, read=False).identity
    again = engine.regenerate(composition_of(composed))
    if again.head is None:
        raise TypeError("a face of a gallery comes with its head")
    return again.head, again.identity
