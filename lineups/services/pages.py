"""Pages of faces: asking for one, keeping what a worker made, looking at it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max

from accounts.audit import record
from accounts.models import User
from lineups import actions, status
from lineups.attributes import Attributes, Reliability, listed, names
from lineups.errors import NoWorkerReady
from lineups.models import Face, FaceKind, Job, Lineup, Page, PageKind, Predictor
from lineups.recipes import SEEDS
from lineups.selectors import face_of
from lineups.services import jobs, leases, lineups, predictors
from lineups.services.files import storing
from lineups.services.leases import Lease
from lineups.states import Kind


@dataclass(frozen=True)
class NewFace:
    """A face that a worker made.

    Attributes:
        png: its picture, ``size`` (width, height).
        recipe: see :mod:`lineups.recipes`.
        similarity: to the input; higher is nearer.
        attributes: what its bundle predicts of it; None of a bundle that predicts nothing.
    """

    png: bytes
    size: tuple[int, int]
    recipe: dict[str, Any]
    similarity: float | None
    attributes: Attributes | None = None


def generate(
    lineup: Lineup, *, face: UUID, similarity_page: int = 1, seed: int | None = None, by: User
) -> Job:
    """Ask for faces like ``face``; each further ``similarity_page`` is less similar.

    Without ``seed`` the first page draws anew, and a later page goes on with the draw before it.

    Raises:
        NoWorkerReady: nobody could make it now.
        PhotoNotExamined: ``face`` is a photograph in which no face has been found.
        Invalid: the lineup has no such face.
        NotAllowed, LineupLocked, JobRunning: see :func:`lineups.services.jobs.submit`.
    """
    start = face_of(lineup, face)
    _require_worker()
    if seed is None and similarity_page > 1:
        seed = _last_seed(lineup, start)
    request = {
        "face": str(start.pk),
        "similarity_page": similarity_page,
        "seed": secrets.randbelow(SEEDS) if seed is None else seed,
    }
    return jobs.submit(lineup, Kind.GENERATE, request, by=by)


def interpolate(lineup: Lineup, *, faces: tuple[UUID, UUID], steps: int, by: User) -> Job:
    """Ask for the ``steps`` faces on the way from the first to the second face, both ends included.

    Raises: see :func:`generate`.
    """
    ends = [face_of(lineup, pk, field="faces") for pk in faces]
    _require_worker()
    request = {"faces": [str(end.pk) for end in ends], "steps": steps}
    return jobs.submit(lineup, Kind.INTERPOLATE, request, by=by)


def keep(
    lease: Lease,
    made: Sequence[NewFace],
    *,
    reliability: Reliability | None = None,
    timings: dict[str, float],
) -> Page:
    """Keep the faces that the job of ``lease`` made, as the next page of its lineup: all of them or none.

    Args:
        reliability: what their bundle says of the attributes it predicts; None where it predicts none.

    Raises:
        LostLease: the job has been taken away; nothing was written.
    """
    with storing() as store, transaction.atomic():
        lineup = lineups.hold(Job.objects.values_list("lineup", flat=True).get(pk=lease.job_id))
        job = leases.succeed(lease, timings=timings)
        number: int | None = lineup.pages.aggregate(last=Max("number"))["last"]
        similarities = [face.similarity for face in made if face.similarity is not None]
        page = Page.objects.create(
            lineup=lineup,
            number=(number or 0) + 1,
            kind=PageKind(job.kind),
            job=job,
            similarity_rank=job.request.get("similarity_page", 1),
            inputs=job.request.get("faces") or [job.request["face"]],
            mean_similarity=fmean(similarities) if similarities else None,
        )
        bundle = made[0].recipe["bundle"] if made else None
        predictor = predictors.known(bundle, reliability) if bundle else None
        faces = [_row(page, position, new, predictor) for position, new in enumerate(made, start=1)]
        for face, new in zip(faces, made, strict=True):
            store(face.image, new.png)
        Face.objects.bulk_create(faces)
        data = {
            "page": page.pk,
            "number": page.number,
            "kind": page.kind,
            "job": job.pk,
            "bundle": bundle,
            "predicted": names(made[0].attributes if made else None),
            "faces": {str(face.pk): face.sha256 for face in faces},
            "requested_by": job.created_by.get_username(),
        }
        record(actions.PAGE_MADE, on=lineup, data=data)
    return page


def opened(page: Page, *, by: User) -> None:
    """Note that ``by`` looks at ``page``, at most once in a quarter of an hour."""
    key = f"page-opened-{by.pk}-{page.pk}"
    if cache.add(key, True, lineups.OPENED_AGAIN_SECONDS):
        record(actions.PAGE_OPENED, by=by, on=page, data={"lineup": page.lineup_id, "number": page.number})


def _row(page: Page, position: int, new: NewFace, predictor: Predictor | None) -> Face:
    width, height = new.size
    return Face(
        lineup_id=page.lineup_id,
        page=page,
        position=position,
        kind=FaceKind.SYNTHETIC,
        sha256=hashlib.sha256(new.png).hexdigest(),
        width=width,
        height=height,
        recipe=new.recipe,
        similarity=new.similarity,
        attributes=listed(new.attributes),
        predictor=predictor,
    )


def _require_worker() -> None:
    now = status.current()
    if not now.ready:
        raise NoWorkerReady(now.reason)


def _last_seed(lineup: Lineup, face: Face) -> int | None:
    """The seed of the last page made from ``face``, so that its next page continues it."""
    asked = lineup.jobs.filter(kind=Kind.GENERATE, request__face=str(face.pk)).order_by("-created").first()
    return asked.request["seed"] if asked else None
