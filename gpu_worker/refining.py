"""The work of a refinement: tune the models to photographs, then make a page with them."""

from dataclasses import asdict

import numpy as np
from django.conf import settings

from gpu_worker import stored
from gpu_worker.engine import Engine, Notes
from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.loading import Models
from gpu_worker.results import inputs, new_faces, shortfall
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.requests import Refine
from lineups.services import previews, refinements
from lineups.services.refinements import NewRefinement
from pipeline.fillers import Page
from pipeline.refinement import DEFAULT_METHOD

NOT_IMPROVED = "The refinement reached nothing better than before, so nothing was kept. Try again for longer."
GONE = "A photograph to refine by has been removed."

# How far a refinement is when a stage of it begins.
REFINING = {"refine": 0.02, "generate": 0.92, "describe": 0.97, "save": 0.99}


def refine(job: HeldJob, models: Models) -> None:
    """Tune the models to one or two photographs and make the first page of faces with them (thesis §3.4.4).

    Cancelling drops what was reached; stopping keeps it, if it is better than where it began.
    """
    request = job.job.request_as(Refine)
    faces = inputs(job, models.engine.digest, request.faces)
    crops = np.stack([selectors.pixels(face.image) for face in faces])
    earlier = selectors.refinement_to_go_on_from(
        job.job, faces, bundle=models.engine.digest, method=DEFAULT_METHOD
    )
    job.report(REFINING["refine"], "refine")
    reached = models.engine.refine(
        crops,
        seconds=float(request.seconds),
        same_person=request.same_person,
        start=stored.load(earlier) if earlier else None,
        report=job.part("refine", REFINING["refine"], REFINING["generate"]),
        preview=lambda picture: previews.show(job.lease, png.encode(picture)),
        stop_requested=job.stop_requested,
        stopped=job.stopped,
    )
    if not _improved(reached.notes):
        raise Unworkable("not_improved", NOT_IMPROVED)
    new = NewRefinement(
        file=reached.data,
        digest=reached.digest,
        bundle=models.engine.digest,
        crops=faces,
        started_from=earlier,
        seconds=round(reached.notes.seconds, 3),
        notes=asdict(reached.notes),
    )
    tuned = models.engine.refined(reached)
    job.report(REFINING["generate"], "generate")
    # Of one person, likeness is that to the first photograph of two.
    made = tuned.scored(
        tuned.render(reached.pivots, noise_seed=request.seed),
        reached.pivots,
        noise_seed=request.seed,
        like=crops[: len(reached.pivots)],
    )
    searches = _neighbours(job, tuned, reached.pivots, crops, request)
    made = [*made, *(face for search in searches for face in search)]
    origin = {
        "from": [str(pk) for pk in request.faces],
        "seed": request.seed,
        **request.constraints.to_dict(),
    }
    kept = new_faces(job, tuned, made, origin, refinement=new.digest, at=REFINING["describe"])
    job.report(REFINING["save"], "save")
    try:
        job.finish(
            refinements.keep,
            new,
            kept,
            reliability=models.engine.reliability,
            shortfall=shortfall(*searches),
        )
    except NotFound as error:
        raise Unworkable("photo_gone", GONE) from error


def _improved(notes: Notes) -> bool:
    """Whether any of the losses is lower than where the refinement began."""
    return any(notes.after[name] < loss for name, loss in notes.before.items())


def _neighbours(
    job: HeldJob, tuned: Engine, pivots: np.ndarray, crops: np.ndarray, request: Refine
) -> list[Page]:
    """The faces most like each reconstruction, as many as the page has room for beside those."""
    shares = np.array_split(np.arange(settings.LIGAN_PAGE_SIZE - len(pivots)), len(pivots))
    bounds = np.linspace(REFINING["generate"], REFINING["describe"], len(pivots) + 1).tolist()
    return [
        tuned.neighbours(
            pivot,
            page=1,
            count=len(share),
            seed=request.seed,
            reference=crop,
            locks=request.constraints.locks,
            report=job.part("generate", begin, end),
            stopped=job.stopped,
        )
        for pivot, crop, share, begin, end in zip(
            pivots, crops, shares, bounds[:-1], bounds[1:], strict=False
        )
    ]
