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
from lineups.capabilities import Capabilities
from lineups.constraints import UNCONSTRAINED, FaceConstraints
from lineups.errors import Invalid, NoWorkerReady
from lineups.models import Draw, Face, FaceKind, Job, Lineup, Page, PageKind, Predictor
from lineups.recipes import SEEDS, Recipe
from lineups.requests import Generate, Interpolate, Refine
from lineups.selectors import compared_with, face_of, refinement_digest
from lineups.services import jobs, leases, lineups, predictors
from lineups.services.files import Store, storing
from lineups.services.leases import Lease
from lineups.shortfalls import Shortfall
from lineups.sources import Source
from lineups.states import Kind


@dataclass(frozen=True)
class NewFace:
    """A face that a worker made.

    Attributes:
        png: its picture, ``size`` (width, height).
        recipe: what makes it again.
        similarity: to the input; higher is nearer.
        attributes: what its bundle predicts of it; None of a bundle that predicts nothing.
        realism: 0..1; None where nothing judges it.
        casework: whether what made it says that its faces are fit for casework.
    """

    png: bytes
    size: tuple[int, int]
    recipe: Recipe
    similarity: float | None
    attributes: Attributes | None = None
    realism: float | None = None
    casework: bool = False


@transaction.atomic
def generate(
    lineup: Lineup,
    *,
    face: UUID,
    similarity_page: int = 1,
    seed: int | None = None,
    source: Source | None = None,
    constraints: FaceConstraints = UNCONSTRAINED,
    by: User,
) -> Job:
    """Ask for faces like ``face``; each further ``similarity_page`` is less similar.

    Without ``seed`` the first page draws anew, and a later page goes on with the draw before it, be that of a
    page like this or of the refinement that ``face`` is the reconstruction of.

    Args:
        source: of the faces; None: that of ``face``.
        constraints: what is asked of the faces beyond being like ``face``. "Same" of what an officer said of
            the suspect is that; of what is not known of the suspect it asks for nothing.

    Raises:
        NoWorkerReady: nobody could make it now.
        PhotoNotExamined: ``face`` is a photograph in which no face has been found.
        Invalid: the lineup has no such face, it is of another source than ``source``, no worker has that, or
            cannot hold its faces to ``constraints``.
        NotAllowed, LineupLocked, JobRunning: see :func:`lineups.services.jobs.submit`.
    """
    start = face_of(lineup, face)
    able = of_source([start], source)
    require(constraints, able)
    suspect = compared_with(start) or start
    constraints, reference = suspect.findings.resolved(constraints), suspect.sha256
    series = Draw.objects.filter(around=start, reference=reference)
    if seed is None:
        latest = series.last() if similarity_page > 1 else None
        seed = latest.seed if latest else secrets.randbelow(SEEDS)
    before = series.filter(
        seed=seed, rank=similarity_page - 1, constraints=constraints.to_dict(), job__page__isnull=False
    )
    previous = before.last() if constraints.distance is None else None
    below = previous.mean_similarity if previous else None
    request = Generate(start.pk, similarity_page, seed, constraints, below, able.source)
    job = jobs.submit(lineup, request, by=by)
    Draw.objects.create(
        job=job,
        around=start,
        reference=reference,
        seed=seed,
        rank=similarity_page,
        constraints=constraints.to_dict(),
        previous=previous,
    )
    return job


def interpolate(
    lineup: Lineup, *, faces: tuple[UUID, UUID], steps: int, source: Source | None = None, by: User
) -> Job:
    """Ask for the ``steps`` faces on the way from the first to the second face, both ends included.

    Raises:
        OtherRefinement: the two were made with different refinements.
        NoWorkerReady, PhotoNotExamined, Invalid, NotAllowed, LineupLocked, JobRunning: see :func:`generate`.
    """
    ends = [face_of(lineup, pk, field="faces") for pk in faces]
    refinement_digest(ends)
    able = of_source(ends, source)
    return jobs.submit(lineup, Interpolate(tuple(end.pk for end in ends), steps, able.source), by=by)


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
        request: Generate | Interpolate = (
            job.request_as(Generate) if job.kind == Kind.GENERATE else job.request_as(Interpolate)
        )
        return add(store, lineup, job, request, made, reliability=reliability, shortfall=shortfall)


def add(
    store: Store,
    lineup: Lineup,
    job: Job,
    request: Generate | Interpolate | Refine,
    made: Sequence[NewFace],
    *,
    reliability: Reliability | None,
    shortfall: Shortfall | None,
) -> Page:
    """The next page of ``lineup``, inside the transaction that ends ``job``; see :func:`keep`."""
    number: int | None = lineup.pages.aggregate(last=Max("number"))["last"]
    page = Page.objects.create(
        lineup=lineup,
        number=(number or 0) + 1,
        kind=PageKind(job.kind),
        job=job,
        similarity_rank=request.similarity_page,
        inputs=[str(face) for face in request.faces],
        mean_similarity=_mean_similarity(made),
        wishes=request.constraints.to_dict(),
        shortfall=shortfall,
    )
    bundle = made[0].recipe.bundle if made else None
    predictor = predictors.known(bundle, reliability) if bundle else None
    faces = [_row(page, position, new, predictor) for position, new in enumerate(made, start=1)]
    for face, new in zip(faces, made, strict=True):
        store(face.image, new.png)
    Face.objects.bulk_create(faces)
    drawn: dict[str, Any] = {"mean_similarity": _mean_similarity(made[request.people :])}
    if request.people == 1:
        drawn["around"] = faces[0]
    Draw.objects.filter(job=job).update(**drawn)
    data = {
        "page": page.pk,
        "number": page.number,
        "kind": page.kind,
        "job": job.pk,
        "bundle": bundle,
        "source": made[0].recipe.source if made else None,
        "refinements": sorted({new.recipe.refinement for new in made if new.recipe.refinement}),
        "wishes": page.wishes,
        "predicted": names(made[0].attributes if made else None),
        "faces": {str(face.pk): face.sha256 for face in faces},
        "requested_by": job.created_by.get_username(),
    }
    record(actions.PAGE_MADE, on=lineup, data=data)
    return page


def of_source(starts: Sequence[Face], source: Source | None) -> Capabilities:
    """What may be asked of the source that ``starts`` are of.

    Raises:
        NoWorkerReady: nobody could make a page now.
        Invalid: they are of different sources, of another than ``source``, or of one that no worker has.
    """
    sources = {Source(face.source) for face in starts}
    if len(sources) > 1:
        raise Invalid("faces", "These faces come from different sources. Choose two of the same.")
    (theirs,) = sources
    if source is not None and source != theirs:
        raise Invalid(
            "source",
            f"The face to start from is of the {theirs}. Have the photograph examined for the {source}.",
        )
    has = _require_worker().capabilities.sources
    if theirs not in has:
        raise Invalid("source", f"The worker has no {theirs}. Have the photograph examined again.")
    return has[theirs]


def require(constraints: FaceConstraints, capabilities: Capabilities) -> None:
    """Refuse what the bundle in use cannot hold faces to.

    Raises:
        Invalid: with what it can.
    """
    if refusal := capabilities.refuses(constraints):
        raise Invalid(*refusal)


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
        recipe=new.recipe.to_dict(),
        similarity=new.similarity,
        realism=new.realism,
        attributes=listed(new.attributes),
        predictor=predictor,
        casework=new.casework,
        source=new.recipe.source,
    )


def _require_worker() -> status.Status:
    now = status.current()
    if not now.ready:
        raise NoWorkerReady(now.reason)
    return now


def _mean_similarity(made: Sequence[NewFace]) -> float | None:
    similarities = [face.similarity for face in made if face.similarity is not None]
    return fmean(similarities) if similarities else None
