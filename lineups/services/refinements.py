"""Refinements: asking for one, keeping what a worker reached, with the page that was made with it."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from lineups import actions, status
from lineups.attributes import Reliability
from lineups.capabilities import Capabilities
from lineups.constraints import FaceConstraints
from lineups.errors import Invalid, NotFound, NotRefinable, NoWorkerReady
from lineups.models import Draw, Face, FaceKind, Job, Lineup, Page, Refinement
from lineups.recipes import SEEDS
from lineups.requests import MOST_SECONDS, Refine, least_seconds
from lineups.selectors import face_of
from lineups.services import jobs, leases, lineups, pages
from lineups.services.files import storing
from lineups.services.leases import Lease
from lineups.services.pages import NewFace
from lineups.shortfalls import Shortfall
from lineups.sources import Source

OF_THE_GALLERY = "Only the generator can be refined. Have the photograph examined for it first."


@dataclass(frozen=True)
class NewRefinement:
    """What a worker reached.

    Attributes:
        file: the changed weights and pivots.
        digest: SHA-256 of ``file``.
        bundle: SHA-256 of the bundle.json that they change.
        crops: the faces of photographs that it was tuned to, in the order of the request.
        started_from: the earlier refinement that it went on from.
        notes: what the engine says of it.
    """

    file: bytes
    digest: str
    bundle: str
    crops: Sequence[Face]
    started_from: Refinement | None
    seconds: float
    notes: dict[str, Any]


@transaction.atomic
def refine(
    lineup: Lineup,
    *,
    faces: Sequence[UUID],
    seconds: int,
    same_person: bool = False,
    locks: Mapping[str, str] = MappingProxyType({}),
    by: User,
) -> Job:
    """Ask for a refinement by the photographs of ``faces``, one or two, for ``seconds``.

    Args:
        same_person: two photographs show one person.
        locks: value by attribute that the faces of its page have; "same": as the photograph that a face is
            drawn around.

    Raises:
        NoWorkerReady: nobody could do it now.
        PhotoNotExamined: one is a photograph in which no face has been found.
        NotRefinable: one is no face of a photograph, or not of the generator.
        Invalid: the lineup has no such face, the time is out of bounds, or the bundle cannot keep a lock.
        NotAllowed, LineupLocked, JobRunning: see :func:`lineups.services.jobs.submit`.
    """
    chosen = [face_of(lineup, pk, field="faces") for pk in faces]
    if any(face.kind != FaceKind.PHOTO for face in chosen):
        raise NotRefinable
    if any(face.source != Source.GENERATOR for face in chosen):
        raise NotRefinable(OF_THE_GALLERY)
    if len({face.pk for face in chosen}) < len(chosen):
        raise Invalid("faces", "Choose two different photographs.")
    if same_person and len(chosen) < 2:
        raise Invalid("same_person", "Choose two photographs of the same person.")
    if not least_seconds() <= seconds <= MOST_SECONDS:
        raise Invalid(
            "seconds", f"A refinement takes {least_seconds()} to {MOST_SECONDS} seconds, not {seconds}."
        )
    now = status.current()
    if not now.refining.ready:
        raise NoWorkerReady(now.refining.reason)
    constraints = FaceConstraints(locks=locks)
    pages.require(constraints, now.capabilities.sources.get(Source.GENERATOR, Capabilities()))
    if len(chosen) == 1 or same_person:
        constraints = chosen[0].findings.resolved(constraints)
    request = Refine(
        faces=tuple(face.pk for face in chosen),
        photos=tuple(face.photo_id for face in chosen if face.photo_id),
        same_person=same_person,
        seconds=seconds,
        seed=secrets.randbelow(SEEDS),
        constraints=constraints,
    )
    job = jobs.submit(lineup, request, by=by)
    Draw.objects.create(
        job=job,
        # Around which of two people a face was drawn is not kept.
        reference=chosen[0].sha256 if request.people == 1 else "",
        seed=request.seed,
        rank=1,
        constraints=constraints.to_dict(),
    )
    return job


def keep(
    lease: Lease,
    new: NewRefinement,
    made: Sequence[NewFace],
    *,
    reliability: Reliability | None = None,
    shortfall: Shortfall | None = None,
    timings: dict[str, float],
) -> Page:
    """Keep what the job of ``lease`` reached and the page that was made with it: all of it or nothing.

    Raises:
        LostLease: the job has been taken away; nothing was written.
        NotFound: a photograph was removed meanwhile; nothing was written.
        ValueError: the file is not the one that ``new.digest`` names.
    """
    if hashlib.sha256(new.file).hexdigest() != new.digest:
        raise ValueError("The digest of a refinement is that of its file.")
    with storing() as store, transaction.atomic():
        lineup = lineups.hold(Job.objects.values_list("lineup", flat=True).get(pk=lease.job_id))
        crops = [face.pk for face in new.crops]
        if Face.objects.filter(pk__in=crops, lineup=lineup).count() < len(crops):
            raise NotFound
        job = leases.succeed(lease, timings=timings)
        request = job.request_as(Refine)
        refinement = Refinement(
            lineup=lineup,
            job=job,
            attempt=lease.attempt,
            photos=[str(photo) for photo in request.photos],
            crops=[face.sha256 for face in new.crops],
            same_person=request.same_person,
            digest=new.digest,
            bundle=new.bundle,
            seconds=new.seconds,
            started_from=new.started_from,
            notes=new.notes,
        )
        store(refinement.file, new.file)
        refinement.save()
        page = pages.add(store, lineup, job, request, made, reliability=reliability, shortfall=shortfall)
        data = {
            "refinement": refinement.pk,
            "sha256": refinement.digest,
            "bundle": refinement.bundle,
            "photos": refinement.photos,
            "crops": refinement.crops,
            "same_person": refinement.same_person,
            "seconds": refinement.seconds,
            "started_from": new.started_from.digest if new.started_from else None,
            "job": job.pk,
            "page": page.pk,
            "requested_by": job.created_by.get_username(),
        }
        record(actions.REFINEMENT_KEPT, on=lineup, data=data)
    return page
