"""What every work that makes faces has in common: what it starts from, and what is kept of what it made."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from gpu_worker.capabilities import fitness
from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.recipes import recipe_of
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.models import Face
from lineups.requests import Generate, Interpolate
from lineups.services import pages
from lineups.services.pages import NewFace
from lineups.shortfalls import Shortfall
from pipeline.fillers import Page, SyntheticFace

if TYPE_CHECKING:
    from gpu_worker.engine import Engine

# How far a job is when its page is saved.
SAVE = 0.95
OTHER_BUNDLE = (
    "This face was made with another model than the worker has now. Start from the photograph again."
)


def inputs(job: HeldJob, digest: str, pks: Sequence[UUID]) -> list[Face]:
    """The faces ``pks`` that the job starts from, in their order.

    Args:
        digest: of the bundle or gallery that the worker has.

    Raises:
        Unworkable: one has been removed, or was made with another.
    """
    try:
        faces = selectors.faces_to_start_from(job.job, pks)
    except NotFound as error:
        raise Unworkable("face_gone", "A face to start from has been removed.") from error
    if any(face.parsed_recipe.bundle != digest for face in faces):
        raise Unworkable("other_bundle", OTHER_BUNDLE)
    return faces


def described(
    job: HeldJob, engine: "Engine", faces: Sequence[np.ndarray], *, at: float
) -> list[dict[str, Any] | None]:
    """What is predicted of each face, uint8 (r, r, 3): a stage of its own where anything is."""
    if engine.reliability is not None:
        job.report(at, "describe")
    return engine.describe(np.stack(faces))


def new_faces(
    job: HeldJob,
    engine: "Engine",
    made: Sequence[SyntheticFace],
    origin: Mapping[str, Any],
    *,
    refinement: str | None,
    at: float,
) -> list[NewFace]:
    """What is kept of faces: with what is predicted of them, asked now where the engine has not done it.

    Args:
        origin: what their recipes tell of where they came from.
        refinement: digest of the one that they were made with.
        at: how far the job is when they are described.
    """
    silent = [face.image for face in made if face.description is None]
    predicted = iter(described(job, engine, silent, at=at) if silent else ())
    # What a bundle says of its networks holds for no networks that were tuned since.
    casework = refinement is None and fitness(engine).casework
    return [
        NewFace(
            png=png.encode(face.image),
            size=(face.image.shape[1], face.image.shape[0]),
            recipe=recipe_of(face, engine, refinement=refinement, origin=origin),
            similarity=float(face.similarity),
            attributes=face.description or next(predicted),
            realism=None if face.realism is None else float(face.realism),
            casework=casework,
        )
        for face in made
    ]


def shortfall(*searches: Page) -> Shortfall | None:
    """Where searches found fewer faces than they were asked for: how many, and why."""
    asked, found = sum(search.wanted for search in searches), sum(map(len, searches))
    if found >= asked:
        return None
    rejected: Counter[str] = Counter()
    for search in searches:
        rejected.update({str(reason): number for reason, number in search.rejected.items()})
    lacking: Shortfall = {"asked": asked, "found": found, "rejected": dict(rejected)}
    for search in searches:
        if search.without:
            lacking["without"] = dict(search.without)
    return lacking


def keep_page(
    job: HeldJob,
    engine: "Engine",
    made: Sequence[SyntheticFace],
    start: Sequence[Face],
    request: Generate | Interpolate,
    *,
    at: float,
    lacking: Shortfall | None = None,
) -> None:
    """Keep what ``engine`` made from ``start`` as the page that was asked for, and end the job."""
    refinement = selectors.refinement_digest(start)
    origin = {"from": [str(pk) for pk in request.faces], **request.draw()}
    faces = new_faces(job, engine, made, origin, refinement=refinement, at=at)
    job.report(SAVE, "save")
    job.finish(pages.keep, faces, reliability=engine.reliability, shortfall=lacking)
