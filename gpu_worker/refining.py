"""The work of a refinement: tune the models to photographs, then make a page with them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from gpu_worker import stored
from gpu_worker.keeping import inputs, new_faces, shortfall
from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.loading import Models
from lineups import png, selectors
from lineups.abilities import Wishes
from lineups.attributes import Reliability
from lineups.errors import NotFound
from lineups.services import previews, refinements
from lineups.services.pages import NewFace
from lineups.services.refinements import NewRefinement
from lineups.shortfalls import Shortfall

if TYPE_CHECKING:
    from gpu_worker.engine import Engine
    from pipeline.refinement import Notes

NOT_IMPROVED = "The refinement reached nothing better than before, so nothing was kept. Try again for longer."
GONE = "A photograph to refine by has been removed."

# How far a refinement is when a stage of it begins.
REFINING = {"refine": 0.02, "generate": 0.92, "describe": 0.97, "save": 0.99}


def refine(job: HeldJob, models: Models) -> None:
    """Tune the models to one or two photographs and make the first page of faces with them (thesis §3.4.4).

    Cancelling drops what was reached; stopping keeps it, if it is better than where it began.
    """
    from pipeline.refinement import DEFAULT_METHOD

    request = job.job.request
    faces = inputs(job, models)
    crops = np.stack([selectors.pixels(face.image) for face in faces])
    earlier = selectors.refinement_to_go_on_from(
        job.job, faces, bundle=models.engine.digest, method=DEFAULT_METHOD
    )
    start = stored.load(earlier) if earlier else None
    job.report(REFINING["refine"], "refine")
    reached = models.engine.refine(
        crops,
        seconds=float(request["seconds"]),
        same_person=request["same_person"],
        start=start,
        report=job.part("refine", REFINING["refine"], REFINING["generate"]),
        preview=lambda picture: previews.show(job.lease, png.encode(picture)),
        enough=job.enough,
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
    wishes = Wishes.from_dict(request)
    origin = {"refinement": new.digest, "from": request["faces"], "seed": request["seed"], **wishes.to_dict()}
    made, lacking = _page(job, tuned, reached.pivots, crops, origin, locks=wishes.locks)
    job.report(REFINING["save"], "save")
    _keep(job, new, made, reliability=models.engine.reliability, lacking=lacking)


def _improved(notes: "Notes") -> bool:
    """Whether any of the losses is lower than where the refinement began."""
    return any(notes.after[name] < loss for name, loss in notes.before.items())


def _page(
    job: HeldJob,
    tuned: "Engine",
    pivots: np.ndarray,
    crops: np.ndarray,
    origin: dict[str, Any],
    *,
    locks: Mapping[str, str],
) -> tuple[list[NewFace], Shortfall | None]:
    """The photographs' reconstructions, then the faces most like them; and what lacks, if anything."""
    seed = origin["seed"]
    shares = np.array_split(np.arange(settings.LIGAN_PAGE_SIZE - len(pivots)), len(pivots))
    job.report(REFINING["generate"], "generate")
    # Of one person, likeness is that to the first photograph of two.
    made = tuned.scored(
        tuned.render(pivots, noise_seed=seed), pivots, noise_seed=seed, like=crops[: len(pivots)]
    )
    searches = []
    for number, (pivot, crop, share) in enumerate(zip(pivots, crops, shares, strict=False)):
        begin, end = (
            REFINING["generate"] + (REFINING["describe"] - REFINING["generate"]) * done / len(pivots)
            for done in (number, number + 1)
        )
        search = tuned.neighbours(
            pivot,
            page=1,
            count=len(share),
            seed=seed,
            reference=crop,
            locks=locks,
            report=job.part("generate", begin, end),
            stopped=job.stopped,
        )
        searches.append(search)
        made += search
    faces = new_faces(job, tuned, made, origin, at=REFINING["describe"])
    return faces, shortfall(*searches)


def _keep(
    job: HeldJob,
    new: NewRefinement,
    made: Sequence[NewFace],
    *,
    reliability: Reliability | None,
    lacking: Shortfall | None,
) -> None:
    try:
        job.finish(
            lambda lease, timings: refinements.keep(
                lease, new, made, reliability=reliability, shortfall=lacking, timings=timings
            )
        )
    except NotFound as error:
        raise Unworkable("photo_gone", GONE) from error
