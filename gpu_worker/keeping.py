"""What every work that makes faces has in common: what it starts from, and what is kept of what it made."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gpu_worker.lease import HeldJob, Unworkable
from gpu_worker.loading import Models
from lineups import png, selectors
from lineups.errors import NotFound
from lineups.models import Face
from lineups.recipes import recipe
from lineups.services.pages import NewFace
from lineups.shortfalls import Shortfall

if TYPE_CHECKING:
    from gpu_worker.engine import Engine
    from pipeline.fillers import Description, Page, SyntheticFace

OTHER_BUNDLE = (
    "This face was made with another model than the worker has now. Start from the photograph again."
)


def inputs(job: HeldJob, models: Models) -> list[Face]:
    """The faces that the job starts from, in the order of the request.

    Raises:
        Unworkable: one has been removed, or was made with another bundle.
    """
    try:
        faces = selectors.faces_to_start_from(job.job)
    except NotFound as error:
        raise Unworkable("face_gone", "A face to start from has been removed.") from error
    if any(face.recipe["bundle"] != models.engine.digest for face in faces):
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
    job: HeldJob, engine: "Engine", made: "Sequence[SyntheticFace]", origin: dict[str, Any], *, at: float
) -> list[NewFace]:
    """What is kept of faces: with what is predicted of them, asked now where the engine has not said it.

    Args:
        origin: what their recipes say of where they came from.
        at: how far the job is when they are described.
    """
    silent = [face.image for face in made if face.description is None]
    said = iter(described(job, engine, silent, at=at) if silent else ())
    return [_new_face(face, face.description or next(said), engine.digest, origin) for face in made]


def shortfall(*searches: "Page") -> Shortfall | None:
    """Where searches found fewer faces than they were asked for: how many, and why."""
    asked, found = sum(search.wanted for search in searches), sum(map(len, searches))
    if found >= asked:
        return None
    rejected: Counter[str] = Counter()
    for search in searches:
        rejected.update({str(reason): number for reason, number in search.rejected.items()})
    return {"asked": asked, "found": found, "rejected": dict(rejected)}


def _new_face(
    made: "SyntheticFace", about: "Description | None", digest: str, origin: dict[str, Any]
) -> NewFace:
    height, width = made.image.shape[:2]
    return NewFace(
        png=png.encode(made.image),
        size=(width, height),
        recipe=recipe(digest, made.w_plus, noise_seed=int(made.noise_seed), **origin),
        similarity=float(made.similarity),
        attributes=about,
        realism=None if made.realism is None else float(made.realism),
    )
