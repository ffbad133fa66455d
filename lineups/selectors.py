"""Reads, always for somebody: nothing is found by its bare id."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

import numpy as np
from django.db.models import Count, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.fields.files import FieldFile
from numpy.typing import NDArray
from PIL import Image

from accounts.models import User
from accounts.permissions import is_officer, is_supervisor
from lineups.errors import Invalid, NotFound, OtherRefinement, PhotoNotExamined
from lineups.models import (
    Export,
    Face,
    FaceKind,
    Job,
    Lineup,
    Member,
    Page,
    PageKind,
    Photo,
    Preparation,
    Refinement,
    Slot,
)
from lineups.requests import Examine, Refine
from lineups.states import FINISHED, QUEUES, Kind, State

M = TypeVar("M", bound=Model)


def can_view(user: User, path: str = "") -> Q:
    """Which lineups ``user`` may see: an officer their own, a supervisor those of the unit, others none.

    Args:
        path: lookup from the model asked about to the lineup, such as ``"lineup__"``.
    """
    if is_officer(user):
        return Q(**{f"{path}owner_id": user.pk})
    if is_supervisor(user) and user.unit_id is not None:
        return Q(**{f"{path}unit_id": user.unit_id})
    return Q(pk__in=())


def can_edit(user: User, lineup: Lineup) -> bool:
    """True when ``user`` may change ``lineup`` as it is now."""
    return is_owner(user, lineup) and not lineup.locked


def is_owner(user: User, lineup: Lineup) -> bool:
    """True for the officer who made ``lineup``."""
    return is_officer(user) and lineup.owner_id == user.pk


def lineups_for(user: User, *, search: str = "") -> QuerySet[Lineup]:
    """Lineups that ``user`` may see, newest first, those with ``search`` in the case reference or title."""
    found = (
        Lineup.objects.filter(can_view(user))
        .select_related("owner", "unit")
        .annotate(member_count=Count("members"))
        .order_by("-created", "-id")
    )
    if search:
        found = found.filter(Q(case_reference__icontains=search) | Q(title__icontains=search))
    return found


def faces_for(user: User) -> QuerySet[Face]:
    """Faces of the lineups that ``user`` may see."""
    return Face.objects.filter(can_view(user, "lineup__")).select_related("predictor").order_by("position")


def photos_for(user: User) -> QuerySet[Photo]:
    """Photographs of the lineups that ``user`` may see, newest first within a slot."""
    return Photo.objects.filter(can_view(user, "lineup__")).select_related("lineup", "face")


def jobs_for(user: User) -> QuerySet[Job]:
    """Jobs of the lineups that ``user`` may see."""
    return Job.objects.filter(can_view(user, "lineup__")).select_related("lineup", "page")


def pages_for(user: User) -> QuerySet[Page]:
    """Pages of the lineups that ``user`` may see, with their faces."""
    faces = Prefetch("faces", Face.objects.select_related("predictor").order_by("position"))
    return Page.objects.filter(can_view(user, "lineup__")).select_related("lineup").prefetch_related(faces)


def members_for(user: User) -> QuerySet[Member]:
    """Members of the lineups that ``user`` may see."""
    return Member.objects.filter(can_view(user, "lineup__")).select_related("lineup", "face")


def exports_for(user: User) -> QuerySet[Export]:
    """Saved pictures of the lineups that ``user`` may see."""
    return Export.objects.filter(can_view(user, "lineup__")).select_related("lineup")


def one(visible: QuerySet[M], pk: UUID) -> M:
    """The one row ``pk`` of ``visible``.

    Raises:
        NotFound: there is none. Where the row exists but is hidden, the error carries it for the audit trail.
    """
    found = visible.filter(pk=pk).first()
    if found is None:
        raise NotFound(denied=visible.model._default_manager.filter(pk=pk).first())
    return found


def face_of(lineup: Lineup, pk: UUID, *, field: str = "face") -> Face:
    """The face ``pk`` of ``lineup``, or the face found in its photograph ``pk``.

    Raises:
        PhotoNotExamined: ``pk`` is a photograph in which no face has been found (yet).
        Invalid: the lineup has neither; ``field`` is where the request named it.
    """
    faces = lineup.faces.select_related("photo", "predictor")
    found = faces.filter(pk=pk).first() or faces.filter(photo=pk).first()
    if found is not None:
        return found
    if lineup.photos.filter(pk=pk).exists():
        raise PhotoNotExamined
    raise Invalid(field, "This lineup has no such face. Choose one of its faces.")


def current_photos(lineup: Lineup) -> list[Photo]:
    """The newest photograph of each slot, slot 1 first."""
    newest: dict[int, Photo] = {}
    for photo in lineup.photos.select_related("face__predictor").order_by("slot", "-created", "-id"):
        newest.setdefault(photo.slot, photo)
    return list(newest.values())


def preparation_of(lineup: Lineup) -> Preparation | None:
    """The newest preparation of the members that ``lineup`` has now; None where they have none."""
    newest = lineup.preparations.order_by("-created", "-id").first()
    if newest is None:
        return None
    faces = [str(pk) for pk in lineup.members.order_by("position").values_list("face_id", flat=True)]
    return newest if newest.faces == faces else None


def recent_jobs(lineup_id: UUID, *, finished: int = 5) -> list[Job]:
    """Jobs of a lineup that the caller has authorised, newest first.

    Every unfinished one, the last ``finished`` others, and the last examination of each photograph in which
    no face was found, however long ago: its reason stands beside the photograph.
    """
    jobs = Job.objects.filter(lineup=lineup_id).select_related("page").order_by("-created", "-id")
    shown = {job.pk: job for job in (*jobs.unfinished(), *jobs.filter(state__in=FINISHED)[:finished])}
    faceless = set(Photo.objects.filter(lineup=lineup_id, face=None).values_list("pk", flat=True))
    if faceless:
        for job in jobs.filter(kind=Kind.EXAMINE):
            photo = job.request_as(Examine).photo
            if photo in faceless:
                faceless.remove(photo)
                shown[job.pk] = job
    return sorted(shown.values(), key=lambda job: (job.created, str(job.pk)), reverse=True)


def photo_to_examine(job: Job) -> Photo:
    """The photograph that ``job`` asks about.

    Raises:
        NotFound: it has been removed.
    """
    return one(Photo.objects.filter(lineup=job.lineup_id), job.request_as(Examine).photo)


def faces_to_start_from(job: Job, pks: Sequence[UUID]) -> list[Face]:
    """The faces that ``job`` starts from, in the order of its request.

    Raises:
        NotFound: one has been removed.
    """
    return [one(Face.objects.filter(lineup=job.lineup_id), pk) for pk in pks]


def face_to_make_again(pk: UUID) -> Face:
    """The face ``pk``, for whoever has a shell on the machine and so reaches all of them anyway.

    Raises:
        NotFound: there is none.
    """
    return one(Face.objects.all(), pk)


def compared_with(start: Face) -> Face | None:
    """Whom the faces that are made from ``start`` must be like without being the same person: the suspect.

    A face of a photograph stands for itself. None in a lineup without a suspect of the same model: then faces
    are like the one that is started from.
    """
    if start.kind == FaceKind.PHOTO:
        return start
    photos = Photo.objects.filter(lineup=start.lineup_id, slot=Slot.SUSPECT, face__isnull=False)
    newest = photos.select_related("face").order_by("-created", "-id").first()
    if newest is None or newest.face.parsed_recipe.bundle != start.parsed_recipe.bundle:
        return None
    return newest.face


def pages_of(lineup: Lineup) -> Sequence[Page]:
    """The pages of ``lineup`` in order, each with the request for a less similar one as ``next``, or None.

    It goes on from the face that the page was made from, or from the reconstruction that a refined page
    begins with, one step further away than any page so far from that face with the same constraints.
    """
    first = Face.objects.filter(page=OuterRef("pk"), position=1).values("pk")
    pages = list(lineup.pages.order_by("number").annotate(first_face=Subquery(first[:1])))
    generated = [page for page in pages if page.kind == PageKind.GENERATE]
    for page in pages:
        start = page.inputs[0] if page.kind == PageKind.GENERATE else str(page.first_face)
        same = (one for one in generated if (one.inputs[0], one.wishes) == (start, page.wishes))
        farthest = max(page.similarity_rank, *(one.similarity_rank for one in same), 0)
        following = {"kind": "generate", "face": start, "similarity_page": farthest + 1, **page.wishes}
        page.next = None if page.kind == PageKind.INTERPOLATE else following
    return pages


def refinement_to_go_on_from(
    job: Job, crops: Sequence[Face], *, bundle: str, method: str
) -> Refinement | None:
    """The newest refinement of ``bundle`` by the same pictures as ``crops``, in the lineup of ``job``."""
    earlier = Refinement.objects.filter(
        lineup=job.lineup_id,
        bundle=bundle,
        same_person=job.request_as(Refine).same_person,
        notes__method=method,
    )
    pictures = [face.sha256 for face in crops]
    return next((one for one in earlier.order_by("-created", "-id") if one.crops == pictures), None)


def refinement_digest(faces: Sequence[Face]) -> str | None:
    """The digest of the refinement that ``faces`` were made with; None where they were made without one.

    Raises:
        OtherRefinement: they were made with different ones.
    """
    digests = {face.parsed_recipe.refinement for face in faces} - {None}
    if len(digests) > 1:
        raise OtherRefinement
    return next(iter(digests), None)


def refinement_of(faces: Sequence[Face]) -> Refinement | None:
    """The refinement that ``faces`` of one lineup were made with; None where they were made without one.

    Raises:
        NotFound: a recipe names one that the lineup does not have.
        OtherRefinement: they were made with different ones.
    """
    digest = refinement_digest(faces)
    if digest is None:
        return None
    found = Refinement.objects.filter(lineup=faces[0].lineup_id, digest=digest).first()
    if found is None:
        raise NotFound
    return found


def pixels(file: FieldFile) -> NDArray[np.uint8]:
    """uint8 (height, width, 3) of a picture that this software has stored."""
    with file.open("rb") as stored, Image.open(stored, formats=("PNG",)) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)


def queue_position(job: Job) -> int | None:
    """1 for the next job that a worker takes, None for a job that is not waiting."""
    if job.state != State.QUEUED:
        return None
    same_queue = [kind for kind, queue in QUEUES.items() if queue == QUEUES[Kind(job.kind)]]
    waiting = Job.objects.filter(state=State.QUEUED, kind__in=same_queue, created__lt=job.created)
    return waiting.count() + 1
