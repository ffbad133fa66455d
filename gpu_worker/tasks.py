"""Tasks: claim the job, call the engine, finish the job."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from celery import Task, shared_task
from django.conf import settings

from gpu_worker import readiness
from gpu_worker.lease import HeldJob, Unworkable, claim
from gpu_worker.loading import Models, NotLoaded
from lineups import png, selectors
from lineups.errors import NotFound, StaleMessage
from lineups.models import Face
from lineups.recipes import recipe, unpack
from lineups.services import pages, photos
from lineups.services.jobs import TASK
from lineups.services.pages import NewFace
from lineups.states import Kind

if TYPE_CHECKING:
    from gpu_worker.engine import Description, Made

OTHER_BUNDLE = (
    "This face was made with another model than the worker has now. Start from the photograph again."
)

# How far an examination is when a stage of it begins.
EXAMINING = {"detect": 0.05, "crop": 0.7, "encode": 0.75, "describe": 0.85}
# And the making of a page.
MAKING = {"generate": 0.05, "describe": 0.85, "save": 0.95}


@shared_task(name=TASK, bind=True)
def run(task: "Task[..., None]", job_id: str, attempt: str) -> None:
    """Do the job, if this attempt at it is still wanted."""
    worker = task.request.hostname or ""
    try:
        with claim(UUID(job_id), UUID(attempt), worker=worker) as job:
            WORK[Kind(job.job.kind)](job, _models(job))
    except StaleMessage:
        return  # a message may come twice, or after its job was cancelled


def examine(job: HeldJob, models: Models) -> None:
    """Find the face in a photograph, encode it and predict its attributes (thesis §3.1.1, §3.4.3, §3.3)."""
    from gpu_worker import suspect
    from pipeline.faces.choice import FaceError

    try:
        photo = selectors.photo_to_examine(job.job)
        found = suspect.examine(
            selectors.pixels(photo.file),
            models.detector,
            models.engine,
            stage=lambda name: job.report(EXAMINING[name], name),
        )
    except FaceError as error:
        raise Unworkable(error.code, str(error)) from error
    except NotFound as error:
        raise Unworkable("photo_gone", "The photograph has been removed.") from error
    said = _described(job, models, [found.crop], at=EXAMINING["describe"])
    job.report(0.9, "save")
    kept = recipe(models.engine.digest, found.w_plus, **found.origin)
    height, width = found.crop.shape[:2]
    crop = png.encode(found.crop)
    job.finish(
        lambda lease, timings: photos.examined(
            lease,
            photo,
            crop,
            size=(width, height),
            recipe=kept,
            attributes=said[0],
            reliability=models.engine.reliability,
            timings=timings,
        )
    )


def generate(job: HeldJob, models: Models) -> None:
    """Make one page of faces like the input's, the further the page the less alike (thesis §3.4.5)."""
    request = job.job.request
    (start,) = _inputs(job, models)
    job.report(MAKING["generate"], "generate")
    made = models.engine.neighbours(
        unpack(start.recipe["w_plus"]),
        page=request["similarity_page"],
        count=settings.LIGAN_PAGE_SIZE,
        seed=request["seed"],
        report=job.part("generate", MAKING["generate"], MAKING["describe"]),
        stopped=job.stopped,
    )
    origin = {"from": [str(start.pk)], "seed": request["seed"], "similarity_page": request["similarity_page"]}
    _keep(job, models, made, origin)


def interpolate(job: HeldJob, models: Models) -> None:
    """Make the faces on the way from one input to the other (thesis §3.4.5)."""
    first, second = _inputs(job, models)
    job.report(MAKING["generate"], "generate")
    made = models.engine.interpolate(
        unpack(first.recipe["w_plus"]),
        unpack(second.recipe["w_plus"]),
        steps=job.job.request["steps"],
        report=job.part("generate", MAKING["generate"], MAKING["describe"]),
        stopped=job.stopped,
    )
    _keep(job, models, made, {"from": [str(first.pk), str(second.pk)], "steps": job.job.request["steps"]})


WORK: Mapping[Kind, Callable[[HeldJob, Models], None]] = {
    Kind.EXAMINE: examine,
    Kind.GENERATE: generate,
    Kind.INTERPOLATE: interpolate,
}


def _models(job: HeldJob) -> Models:
    if not readiness.is_loaded():
        job.report(0.0, "load")
    try:
        return readiness.models()
    except NotLoaded as error:
        raise Unworkable("models_not_loaded", str(error)) from error


def _inputs(job: HeldJob, models: Models) -> list[Face]:
    """The faces that the job starts from, in the order of the request."""
    try:
        faces = selectors.faces_to_start_from(job.job)
    except NotFound as error:
        raise Unworkable("face_gone", "A face to start from has been removed.") from error
    if any(face.recipe["bundle"] != models.engine.digest for face in faces):
        raise Unworkable("other_bundle", OTHER_BUNDLE)
    return faces


def _keep(job: HeldJob, models: Models, made: "Sequence[Made]", origin: dict[str, Any]) -> None:
    said = _described(job, models, [face.image for face in made], at=MAKING["describe"])
    job.report(MAKING["save"], "save")
    digest, reliability = models.engine.digest, models.engine.reliability
    faces = [_new_face(face, about, digest, origin) for face, about in zip(made, said, strict=True)]
    job.finish(lambda lease, timings: pages.keep(lease, faces, reliability=reliability, timings=timings))


def _described(
    job: HeldJob, models: Models, faces: Sequence[np.ndarray], *, at: float
) -> "list[Description | None]":
    """What is predicted of each face, uint8 (r, r, 3): a stage of its own where anything is."""
    if models.engine.reliability is not None:
        job.report(at, "describe")
    return models.engine.describe(np.stack(faces))


def _new_face(made: "Made", about: "Description | None", digest: str, origin: dict[str, Any]) -> NewFace:
    height, width = made.image.shape[:2]
    return NewFace(
        png=png.encode(made.image),
        size=(width, height),
        recipe=recipe(digest, made.w_plus, noise_seed=int(made.noise_seed), **origin),
        similarity=float(made.similarity),
        attributes=about,
    )
