"""Preparing a lineup of photographic people: its pictures evened out and checked before it is saved."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from lineups import actions, status
from lineups.errors import Invalid, NotFound, NotPreparable, NoWorkerReady
from lineups.models import Face, Job, Lineup, Preparation
from lineups.recipes import SEEDS
from lineups.requests import Prepare
from lineups.services import jobs, leases, lineups
from lineups.services.files import remove_after_commit, storing
from lineups.services.leases import Lease
from lineups.services.members import complete
from lineups.sources import Source


@transaction.atomic
def prepare(lineup: Lineup, *, even: bool = True, reason: str = "", by: User) -> Job:
    """Ask for the pictures of the members as a witness will see them.

    Args:
        even: whether they are evened out: brought alike in sharpness, noise, light and colour.
        reason: why not, where they are not.

    Raises:
        Invalid: they are not to be evened out, and no reason is given.
        NoSuspect, NoFiller: there is nobody to prepare.
        NotPreparable: a member is not of the gallery.
        NoWorkerReady: nobody could do it now.
        NotAllowed, LineupLocked, JobRunning: see :func:`lineups.services.jobs.submit`.
    """
    if not even and not reason.strip():
        raise Invalid("reason", "Say why the pictures are to be left as they are.")
    lineup = lineups.lock(lineup, by=by)
    members = complete(lineup)
    if any(member.face.source != Source.GALLERY for member in members):
        raise NotPreparable
    now = status.current()
    if not now.ready or Source.GALLERY not in now.capabilities.sources:
        raise NoWorkerReady(now.reason)
    request = Prepare(
        tuple(member.face_id for member in members),
        even=even,
        reason="" if even else reason.strip(),
        seed=secrets.randbelow(SEEDS),
    )
    return jobs.enqueue(lineup, request, by=by)


def keep(
    lease: Lease,
    pictures: bytes,
    *,
    evening: Mapping[str, Any] | None,
    appearance: Mapping[str, Any] | None,
    timings: dict[str, float],
) -> Preparation:
    """Keep what the job of ``lease`` made of the members' pictures.

    Args:
        pictures: PNG, one member below the other, in the order of the request.
        evening: how they were evened out; None where they were not.
        appearance: what the check says; None of too few members.

    Raises:
        LostLease: the job has been taken away; nothing was written.
        NotFound: a face was removed meanwhile; nothing was written.
    """
    with storing() as store, transaction.atomic():
        lineup = lineups.hold(Job.objects.values_list("lineup", flat=True).get(pk=lease.job_id))
        job = leases.succeed(lease, timings=timings)
        request = job.request_as(Prepare)
        if Face.objects.filter(pk__in=request.faces, lineup=lineup).count() < len(request.faces):
            raise NotFound
        made = Preparation(
            lineup=lineup,
            job=job,
            faces=[str(face) for face in request.faces],
            evening=evening,
            reason=request.reason,
            appearance=appearance,
        )
        store(made.file, pictures)
        made.save()
        data = {
            "preparation": made.pk,
            "faces": made.faces,
            "evening": evening,
            "reason": made.reason,
            "appearance": appearance and {name: appearance[name] for name in ("sentence", "rank", "size")},
            "requested_by": job.created_by.get_username(),
        }
        record(actions.LINEUP_PREPARED, on=lineup, data=data)
    return made


def forget(lineup: Lineup, face: Face) -> None:
    """Remove every preparation that shows ``face``, which is being removed (``lineup`` is held)."""
    for one in lineup.preparations.all():
        if str(face.pk) in one.faces:
            one.delete()
            remove_after_commit(one.file)
