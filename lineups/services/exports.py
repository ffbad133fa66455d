"""Saving a lineup: the order is drawn, the picture composed, the lineup locked."""

import hashlib
import random
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from lineups import actions, fitness
from lineups.errors import JobRunning, NoFiller, NoSuspect, OtherSource
from lineups.exports.picture import compose
from lineups.models import Export, Lineup, Member, MemberRole
from lineups.selectors import pixels
from lineups.services import lineups
from lineups.services.files import storing
from lineups.states import LineupState


def save(lineup: Lineup, *, by: User) -> Export:
    """Draw the order of the members, compose the picture and lock ``lineup``.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
        NoSuspect, NoFiller: a lineup has one suspect and at least one filler.
        OtherSource: members are of different sources, and nobody gave a reason.
        JobRunning: a job of the lineup has not finished.
    """
    with storing() as store, transaction.atomic():
        lineup = lineups.lock(lineup, by=by)
        if lineup.jobs.unfinished().exists():
            raise JobRunning
        seed = secrets.randbits(63)
        order = shuffled(_complete(lineup), seed)
        casework = all(member.face.casework for member in order)
        picture = compose(
            [pixels(member.face.image) for member in order], mark=fitness.mark(casework=casework)
        )
        export = Export(
            lineup=lineup,
            sha256=hashlib.sha256(picture).hexdigest(),
            order=[str(member.face_id) for member in order],
            suspect_position=1 + [member.role for member in order].index(MemberRole.SUSPECT),
            seed=seed,
            casework=casework,
            created_by=by,
        )
        store(export.file, picture)
        export.save()
        lineup.state, lineup.saved_at = LineupState.SAVED, timezone.now()
        lineup.save(update_fields=["state", "saved_at", "updated"])
        data = {
            "export": export.pk,
            "sha256": export.sha256,
            "order": export.order,
            "faces": {str(member.face_id): member.face.sha256 for member in order},
            "suspect_position": export.suspect_position,
            "seed": str(seed),
            "casework": casework,
            "sources": sorted({member.face.source for member in order}),
        }
        record(actions.LINEUP_SAVED, by=by, on=lineup, data=data)
    return export


def opened(export: Export, *, by: User) -> None:
    """Note that ``by`` looked at the saved picture."""
    data = {"export": export.pk, "sha256": export.sha256}
    record(actions.EXPORT_OPENED, by=by, on=export.lineup, data=data)


def shuffled(members: list[Member], seed: int) -> list[Member]:
    """``members`` (sorted by position) in the order that ``seed`` draws, every order equally likely."""
    order = list(members)
    random.Random(seed).shuffle(order)  # noqa: S311 (the seed is from the system's secure source, and kept)
    return order


def _complete(lineup: Lineup) -> list[Member]:
    """The members by position, if they make a lineup."""
    members = list(lineup.members.select_related("face").order_by("position"))
    if len({member.face.source for member in members}) > 1 and not any(member.reason for member in members):
        raise OtherSource
    roles = [member.role for member in members]
    if MemberRole.SUSPECT not in roles:
        raise NoSuspect
    if MemberRole.FILLER not in roles:
        raise NoFiller
    return members
