"""Pages of faces: asking for one, keeping what a worker made, looking at it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Avg, Max

from accounts.audit import record
from accounts.models import User
from lineups import actions, status
from lineups.abilities import NO_WISHES, Abilities, Wishes
from lineups.attributes import Attributes, Reliability, listed, names
from lineups.errors import Invalid, NoWorkerReady, OtherRefinement
from lineups.models import Face, FaceKind, Job, Lineup, Page, PageKind, Predictor
from lineups.recipes import SEEDS
from lineups.selectors import face_of, suspect_of
from lineups.services import jobs, leases, lineups, predictors
from lineups.services.files import Store, storing
from lineups.services.leases import Lease
from lineups.shortfalls import Shortfall
from lineups.states import Kind


@dataclass(frozen=True)
class NewFace:
    """A face that a worker made.

    Attributes:
        png: its picture, ``size`` (width, height).
        recipe: see :mod:`lineups.recipes`.
        similarity: to the input; higher is nearer.
        attributes: what its bundle predicts of it; None of a bundle that predicts nothing.
        realism: 0..1; None where nothing judges it.
    """

    png: bytes
    size: tuple[int, int]
    recipe: dict[str, Any]
    similarity: float | None
    attributes: Attributes | None = None
    realism: float | None = None


def generate(
    lineup: Lineup,
    *,
    face: UUID,
    similarity_page: int = 1,
    seed: int | None = None,
    wishes: Wishes = NO_WISHES,
    by: User,
) -> Job:
    """Ask for faces like ``face``; each further ``similarity_page`` is less similar.

    Without ``seed`` the first page draws anew, and a later page goes on with the draw before it, be that of a
    page like this or of the refinement that ``face`` is the reconstruction of.

    Args:
        wishes: what is asked of the faces beyond being like ``face``.

    Raises:
        NoWorkerReady: nobody could make it now.
        PhotoNotExamined: ``face`` is a photograph in which no face has been found.
        Invalid: the lineup has no such face, or the worker's bundle cannot fulfil a wish.
        NotAllowed, LineupLocked, JobRunning: see :func:`lineups.services.jobs.submit`.
    """
    start = face_of(lineup, face)
    require(wishes, _require_worker().abilities)
    if seed is None and similarity_page > 1:
        seed = _last_seed(lineup, start)
    request = {
        "face": str(start.pk),
        "similarity_page": similarity_page,
        "seed": secrets.randbelow(SEEDS) if seed is None else seed,
        **wishes.to_dict(),
    }
    before = None if wishes.distance is not None else _similarity_before(start, request, wishes)
    if before is not None:
        request["below"] = before
    return jobs.submit(lineup, Kind.GENERATE, request, by=by)


def interpolate(lineup: Lineup, *, faces: tuple[UUID, UUID], steps: int, by: User) -> Job:
    """Ask for the ``steps`` faces on the way from the first to the second face, both ends included.

    Raises:
        OtherRefinement: the two were made with different refinements.
        NoWorkerReady, PhotoNotExamined, Invalid, NotAllowed, LineupLocked, JobRunning: see :func:`generate`.
    """
    ends = [face_of(lineup, pk, field="faces") for pk in faces]
    if len({end.recipe["refinement"] for end in ends} - {None}) > 1:
        raise OtherRefinement
    _require_worker()
    request = {"faces": [str(end.pk) for end in ends], "steps": steps}
    return jobs.submit(lineup, Kind.INTERPOLATE, request, by=by)


def keep(
    lease: Lease,
    made: Sequence[NewFace],
    *,
    reliability: Reliability | None = None,
    shortfall: Shortfall | None = None,
    timings: dict[str, float],
) -> Page:
    """Keep the faces that the job of ``lease`` made, as the next page of its lineup: all of them or none.

    Args:
        shortfall: where fewer faces were found than asked for, how many, and why.
        reliability: what their bundle says of the attributes it predicts; None where it predicts none.

    Raises:
        LostLease: the job has been taken away; nothing was written.
    """
    with storing() as store, transaction.atomic():
        lineup = lineups.hold(Job.objects.values_list("lineup", flat=True).get(pk=lease.job_id))
        job = leases.succeed(lease, timings=timings)
        return add(store, lineup, job, made, reliability=reliability, shortfall=shortfall)


def add(
    store: Store,
    lineup: Lineup,
    job: Job,
    made: Sequence[NewFace],
    *,
    reliability: Reliability | None,
    shortfall: Shortfall | None,
) -> Page:
    """The next page of ``lineup``, inside the transaction that ends ``job``; see :func:`keep`."""
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
        wishes=Wishes.from_dict(job.request).to_dict(),
        shortfall=shortfall,
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
        "refinements": sorted({face.recipe["refinement"] for face in faces} - {None}),
        "wishes": page.wishes,
        "predicted": names(made[0].attributes if made else None),
        "faces": {str(face.pk): face.sha256 for face in faces},
        "requested_by": job.created_by.get_username(),
    }
    record(actions.PAGE_MADE, on=lineup, data=data)
    return page


def require(wishes: Wishes, abilities: Abilities) -> None:
    """Refuse a wish that the bundle in use cannot fulfil.

    Raises:
        Invalid: with what it can.
    """
    for name, value in wishes.locks.items():
        if refusal := abilities.refuses_lock(name, value):
            raise Invalid("locks", refusal)
    for name in wishes.adjust:
        if refusal := abilities.refuses_adjustment(name):
            raise Invalid("adjust", refusal)


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
        realism=new.realism,
        attributes=listed(new.attributes),
        predictor=predictor,
    )


def _require_worker() -> status.Status:
    now = status.current()
    if not now.ready:
        raise NoWorkerReady(now.reason)
    return now


def _similarity_before(start: Face, request: Mapping[str, Any], wishes: Wishes) -> float | None:
    """Mean similarity of the page that the one asked for follows; None where it was not made."""
    page = start.lineup.pages.filter(
        kind=PageKind.GENERATE,
        similarity_rank=request["similarity_page"] - 1,
        job__request__face=request["face"],
        job__request__seed=request["seed"],
        wishes=wishes.to_dict(),
    ).last()
    if page is not None:
        return page.mean_similarity
    refined = _refined_around(start)
    asked = (request["similarity_page"] - 1, request["seed"], wishes.to_dict())
    if refined is None or asked != (refined.similarity_rank, refined.job.request["seed"], refined.wishes):
        return None
    drawn = refined.faces.exclude(pk=start.pk)
    mean: float | None = drawn.aggregate(mean=Avg("similarity"))["mean"]
    return mean


def _last_seed(lineup: Lineup, face: Face) -> int | None:
    """The seed of the last page made from ``face``, or refined around it: its next page continues it."""
    asked = lineup.jobs.filter(kind=Kind.GENERATE, request__face=str(face.pk)).order_by("-created").first()
    if asked is None and (refined := _refined_around(face)) is not None:
        asked = refined.job
    return asked.request["seed"] if asked else None


def _refined_around(face: Face) -> Page | None:
    """The refined page that begins with ``face``, the reconstruction around which its other faces were drawn.

    None of a refinement for two people: around which of them a face was drawn is not kept. None where it was
    not for the suspect: later pages are compared with the suspect, and so with somebody else than this one.
    """
    page = face.page
    if page is None or page.kind != PageKind.REFINE or face.position > 1:
        return None
    asked, suspect = page.job.request, suspect_of(page.lineup_id)
    if len(asked["faces"]) > 1 and not asked["same_person"]:
        return None
    return page if suspect is not None and str(suspect.pk) == asked["faces"][0] else None
