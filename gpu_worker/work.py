"""What a worker does for each kind of job: read its inputs, ask the engine, keep what it made."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec

from django.conf import settings

from gpu_worker import gallery_work, preparing, suspect
from gpu_worker.capabilities import fitness
from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.loading import Models
from gpu_worker.recipes import kept
from gpu_worker.results import described, inputs, keep_page, shortfall
from gpu_worker.stored import engine_of
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.recipes import Recipe, pack
from lineups.requests import Examine, Generate, Interpolate
from lineups.services import photos
from lineups.sources import Source
from lineups.states import Kind
from pipeline.faces.choice import FaceError

# How far an examination is when a stage of it begins.
EXAMINING = {"detect": 0.05, "crop": 0.7, "encode": 0.75, "describe": 0.85, "save": 0.9}
CANNOT_REFINE = "This worker cannot refine: TensorFlow is not installed there. Tell whoever operates LiGAN."
# And the making of a page.
GENERATE, DESCRIBE = 0.05, 0.85


def examine(job: HeldJob, models: Models) -> None:
    """Find the face in a photograph, encode it and predict its attributes (thesis §3.1.1, §3.4.3, §3.3)."""
    if job.job.request_as(Examine).source is Source.GALLERY:
        gallery_work.examine(job, models)
        return
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
    (predicted,) = described(job, models.engine, [found.crop], at=EXAMINING["describe"])
    job.report(EXAMINING["save"], "save")
    height, width = found.crop.shape[:2]
    job.finish(
        photos.examined,
        photo,
        png.encode(found.crop),
        size=(width, height),
        recipe=Recipe(
            models.engine.digest,
            pack(found.w_plus),
            origin=found.origin,
            arithmetic=kept(models.engine.arithmetic),
        ),
        attributes=predicted,
        reliability=models.engine.reliability,
        casework=fitness(models.engine).casework,
    )


def generate(job: HeldJob, models: Models) -> None:
    """Make one page of faces like the input's, the further the page the less alike (thesis §3.4.5)."""
    request = job.job.request_as(Generate)
    if request.source is Source.GALLERY:
        gallery_work.generate(job, models)
        return
    (start,) = faces = inputs(job, models.engine.digest, request.faces)
    engine, w_plus = engine_of(faces, models.engine), start.parsed_recipe.w_plus
    asked, reference = request.constraints, selectors.compared_with(start)
    job.report(GENERATE, "generate")
    made = engine.neighbours(
        engine.adjusted(w_plus, asked.adjust) if asked.adjust else w_plus,
        page=request.similarity_page,
        count=settings.LIGAN_PAGE_SIZE,
        seed=request.seed,
        reference=selectors.pixels(reference.image) if reference else None,
        locks=asked.locks,
        distance=asked.distance,
        below=request.below,
        report=job.part("generate", GENERATE, DESCRIBE),
        stopped=job.stopped,
    )
    keep_page(job, engine, made, faces, request, at=DESCRIBE, lacking=shortfall(made))


def interpolate(job: HeldJob, models: Models) -> None:
    """Make the faces on the way from one input to the other (thesis §3.4.5)."""
    request = job.job.request_as(Interpolate)
    if request.source is Source.GALLERY:
        gallery_work.interpolate(job, models)
        return
    faces = inputs(job, models.engine.digest, request.faces)
    engine = engine_of(faces, models.engine)
    job.report(GENERATE, "generate")
    made = engine.interpolate(
        *(face.parsed_recipe.w_plus for face in faces),
        steps=request.steps,
        report=job.part("generate", GENERATE, DESCRIBE),
        stopped=job.stopped,
    )
    keep_page(job, engine, made, faces, request, at=DESCRIBE)


def refine(job: HeldJob, models: Models) -> None:
    """Tune the generator to one photograph or two (thesis §3.4.4)."""
    if find_spec("tensorflow") is None:
        raise Unworkable("cannot_refine", CANNOT_REFINE)
    from gpu_worker.refining import refine as tune

    tune(job, models)


WORK: Mapping[Kind, Callable[[HeldJob, Models], None]] = {
    Kind.EXAMINE: examine,
    Kind.GENERATE: generate,
    Kind.INTERPOLATE: interpolate,
    Kind.REFINE: refine,
    Kind.PREPARE: preparing.prepare,
}
