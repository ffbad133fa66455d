"""Photographs: taking them in, the face found in them, taking them out again."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from lineups import actions, status
from lineups.attributes import Attributes, Reliability, listed, names
from lineups.errors import NotFound
from lineups.models import Face, FaceKind, Job, Lineup, Photo, Slot
from lineups.photographs import PhotographError, Readable, read_photo
from lineups.recipes import Recipe
from lineups.requests import Examine, Refine
from lineups.selectors import current_photos
from lineups.services import jobs, leases, lineups, members, predictors, preparations
from lineups.services.files import remove_after_commit, storing
from lineups.services.leases import Lease
from lineups.sources import Source
from lineups.states import Kind


def add(
    lineup: Lineup, file: Readable | bytes, *, slot: Slot, source: Source | None = None, by: User
) -> tuple[Photo, Job]:
    """Keep the photograph in ``file``, rebuilt from its pixels, in ``slot`` and have it examined.

    Args:
        source: as whose faces the face in it is framed; None: those of the workers' default.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`; nothing was decoded.
        PhotographError: the file is not taken; that is noted in the audit trail.
    """
    lineups.require_draft(lineup, by=by)
    try:
        photograph = read_photo(
            file, max_bytes=settings.LIGAN_UPLOAD_MAX_BYTES, max_pixels=settings.LIGAN_PHOTO_MAX_PIXELS
        )
    except PhotographError as error:
        refused(lineup, code=error.code, by=by)
        raise
    with storing() as store, transaction.atomic():
        lineup = lineups.hold(lineup.pk)
        photo = Photo(
            lineup=lineup,
            slot=slot,
            sha256=photograph.sha256,
            width=photograph.width,
            height=photograph.height,
            quality=photograph.quality,
            uploaded_by=by,
        )
        store(photo.file, photograph.png)
        photo.save()
        data = {"photo": photo.pk, "slot": slot, "sha256": photo.sha256, "size": [photo.width, photo.height]}
        record(actions.PHOTO_UPLOADED, by=by, on=lineup, data=data)
        job = jobs.enqueue(lineup, Examine(photo.pk, source or default_source()), by=by)
    return photo, job


def again(photo: Photo, *, source: Source, by: User) -> tuple[Photo, Job]:
    """Have ``photo`` examined once more, and the face in it framed as the faces of ``source`` are.

    It is kept as a new photograph of the same pixels, which takes the place of the old one.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
    """
    with photo.file.open("rb") as kept:
        fresh, job = add(photo.lineup, kept.read(), slot=Slot(photo.slot), source=source, by=by)
    # What is kept is no JPEG any more: how the upload was compressed is known from the first time.
    Photo.objects.filter(pk=fresh.pk).update(quality=photo.quality)
    return fresh, job


def default_source() -> Source:
    """The workers' default; the generator's until one has told."""
    return status.current().capabilities.source


def refused(lineup: Lineup, *, code: str, by: User) -> None:
    """Note that a file was not taken as a photograph."""
    record(actions.PHOTO_REFUSED, by=by, on=lineup, data={"reason_code": code}, outcome="denied")


def examined(
    lease: Lease,
    photo: Photo,
    crop: bytes,
    *,
    size: tuple[int, int],
    recipe: Recipe,
    attributes: Attributes | None = None,
    reliability: Reliability | None = None,
    casework: bool = False,
    timings: dict[str, float],
) -> Face:
    """Keep the face found in ``photo``; that of the suspect joins the lineup.

    Args:
        crop: PNG of the face, ``size`` (width, height).
        recipe: what makes it again, with the box and the confidence.
        attributes: what the bundle predicts of the face, and ``reliability`` what it says of how reliable
            that is; None of a bundle that predicts nothing.
        casework: whether the bundle says that its faces are fit for casework.

    Raises:
        LostLease: the job has been taken away; nothing was written.
        NotFound: the photograph was removed meanwhile; nothing was written.
    """
    width, height = size
    face = Face(
        lineup_id=photo.lineup_id,
        position=1,
        kind=FaceKind.PHOTO,
        sha256=hashlib.sha256(crop).hexdigest(),
        width=width,
        height=height,
        recipe=recipe.to_dict(),
        attributes=listed(attributes),
        casework=casework,
        source=recipe.source,
        photo=photo,
    )
    with storing() as store, transaction.atomic():
        lineup = lineups.hold(photo.lineup_id)
        if not Photo.objects.filter(pk=photo.pk).exists():
            raise NotFound
        job = leases.succeed(lease, timings=timings)
        store(face.image, crop)
        face.predictor = predictors.known(recipe.bundle, reliability)
        face.save()
        # Which attributes were judged, never how: the trail cannot forget, and a photograph can be removed.
        data = {
            "photo": photo.pk,
            "face": face.pk,
            "sha256": face.sha256,
            "box": recipe.origin.get("box"),
            "source": face.source,
            "predicted": names(attributes),
        }
        record(
            actions.PHOTO_EXAMINED, on=lineup, data={**data, "requested_by": job.created_by.get_username()}
        )
        if photo.slot == Slot.SUSPECT and photo in current_photos(lineup):
            members.put_suspect(lineup, face, requested_by=job.created_by)
    return face


@transaction.atomic
def remove(photo: Photo, *, by: User) -> None:
    """Remove ``photo``, the face found in it, and that face's place in the lineup. The audit trail stays.

    What was kept of the same pixels for another source goes with it.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
    """
    lineup = lineups.lock(photo.lineup, by=by)
    for twin in lineup.photos.filter(slot=photo.slot, sha256=photo.sha256):
        _remove(lineup, twin, by=by)


def _remove(lineup: Lineup, photo: Photo, *, by: User) -> None:
    for job in lineup.jobs.unfinished().filter(kind__in=(Kind.EXAMINE, Kind.REFINE)).select_for_update():
        request: Examine | Refine = (
            job.request_as(Examine) if job.kind == Kind.EXAMINE else job.request_as(Refine)
        )
        if photo.pk in request.photos:
            jobs.request_cancel(job, by=by)
    data: dict[str, Any] = {"photo": photo.pk, "slot": photo.slot, "sha256": photo.sha256}
    face = Face.objects.filter(photo=photo).first()
    if face is not None:
        for member in lineup.members.filter(face=face):
            members.take_out(lineup, member, by=by)
        data["face"] = face.pk
        preparations.forget(lineup, face)
        face.delete()
        remove_after_commit(face.image)
    photo.delete()
    remove_after_commit(photo.file)
    record(actions.PHOTO_REMOVED, by=by, on=lineup, data=data)
