"""Tasks: claim the job, call the engine, finish the job."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from celery import Task, shared_task
from django.conf import settings

from gpu_worker import readiness
from gpu_worker.keeping import described, inputs, new_faces, shortfall
from gpu_worker.lease import HeldJob, Unworkable, claim
from gpu_worker.loading import Models, NotLoaded
from gpu_worker.refining import refine
from gpu_worker.stored import engine_of
from lineups import png, selectors
from lineups.abilities import Wishes
from lineups.errors import NotFound, StaleMessage
from lineups.models import Face, FaceKind
from lineups.recipes import recipe, unpack
from lineups.services import pages, photos
from lineups.services.jobs import TASK
from lineups.shortfalls import Shortfall
from lineups.states import Kind

if TYPE_CHECKING:
    from gpu_worker.engine import Engine
    from pipeline.fillers import SyntheticFace

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
    said = described(job, models.engine, [found.crop], at=EXAMINING["describe"])
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
    (start,) = inputs(job, models)
    engine = engine_of([start], models.engine)
    wishes = Wishes.from_dict(request)
    w_plus = unpack(start.recipe["w_plus"])
    job.report(MAKING["generate"], "generate")
    made = engine.neighbours(
        engine.adjusted(w_plus, wishes.adjust) if wishes.adjust else w_plus,
        page=request["similarity_page"],
        count=settings.LIGAN_PAGE_SIZE,
        seed=request["seed"],
        reference=_reference(start),
        locks=wishes.locks,
        distance=wishes.distance,
        below=request.get("below"),
        report=job.part("generate", MAKING["generate"], MAKING["describe"]),
        stopped=job.stopped,
    )
    drawn = {name: request[name] for name in ("seed", "similarity_page", "below") if name in request}
    origin = {**drawn, **wishes.to_dict()}
    _keep(job, engine, made, [start], origin, lacking=shortfall(made))


def interpolate(job: HeldJob, models: Models) -> None:
    """Make the faces on the way from one input to the other (thesis §3.4.5)."""
    first, second = inputs(job, models)
    engine = engine_of([first, second], models.engine)
    job.report(MAKING["generate"], "generate")
    made = engine.interpolate(
        unpack(first.recipe["w_plus"]),
        unpack(second.recipe["w_plus"]),
        steps=job.job.request["steps"],
        report=job.part("generate", MAKING["generate"], MAKING["describe"]),
        stopped=job.stopped,
    )
    _keep(job, engine, made, [first, second], {"steps": job.job.request["steps"]})


WORK: Mapping[Kind, Callable[[HeldJob, Models], None]] = {
    Kind.EXAMINE: examine,
    Kind.GENERATE: generate,
    Kind.INTERPOLATE: interpolate,
    Kind.REFINE: refine,
}


def _models(job: HeldJob) -> Models:
    if not readiness.is_loaded():
        job.report(0.0, "load")
    try:
        return readiness.models()
    except NotLoaded as error:
        raise Unworkable("models_not_loaded", str(error)) from error


def _reference(start: Face) -> np.ndarray | None:
    """The picture of whom faces must be like without being the same person: the suspect, uint8 (r, r, 3).

    A face of a photograph stands for itself. None in a lineup without a suspect: then faces are like the one
    that is started from.
    """
    face = start if start.kind == FaceKind.PHOTO else selectors.suspect_of(start.lineup_id)
    if face is None or face.recipe["bundle"] != start.recipe["bundle"]:
        return None
    return selectors.pixels(face.image)


def _keep(
    job: HeldJob,
    engine: "Engine",
    made: "Sequence[SyntheticFace]",
    start: Sequence[Face],
    origin: dict[str, Any],
    *,
    lacking: Shortfall | None = None,
) -> None:
    tuned = {face.recipe["refinement"] for face in start} - {None}
    origin = {"from": [str(face.pk) for face in start], "refinement": next(iter(tuned), None), **origin}
    faces = new_faces(job, engine, made, origin, at=MAKING["describe"])
    job.report(MAKING["save"], "save")
    job.finish(
        lambda lease, timings: pages.keep(
            lease, faces, reliability=engine.reliability, shortfall=lacking, timings=timings
        )
    )
