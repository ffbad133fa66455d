"""Saving a lineup: the order is drawn, the picture composed, the lineup locked."""

import hashlib
import random
import secrets
from collections.abc import Sequence

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts.audit import record
from accounts.models import User
from lineups import actions, fitness
from lineups.errors import JobRunning, NotPrepared, OtherSource
from lineups.exports.picture import compose
from lineups.models import Export, Lineup, Member, MemberRole, Preparation
from lineups.selectors import pixels, preparation_of
from lineups.services import lineups
from lineups.services.files import storing
from lineups.services.members import complete
from lineups.sources import Source
from lineups.states import LineupState


def save(lineup: Lineup, *, by: User) -> Export:
    """Draw the order of the members, compose the picture and lock ``lineup``.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
        NoSuspect, NoFiller: a lineup has one suspect and at least one filler.
        OtherSource: members are of different sources, and nobody gave a reason.
        NotPrepared: all members are of the gallery, and their pictures have not been checked.
        JobRunning: a job of the lineup has not finished.
    """
    with storing() as store, transaction.atomic():
        lineup = lineups.lock(lineup, by=by)
        if lineup.jobs.unfinished().exists():
            raise JobRunning
        seed = secrets.randbits(63)
        members = _complete(lineup)
        prepared, order = _prepared(members, lineup), shuffled(members, seed)
        casework = all(member.face.casework for member in order)
        picture = compose(_pictures(order, prepared), mark=fitness.mark(casework=casework))
        export = Export(
            lineup=lineup,
            sha256=hashlib.sha256(picture).hexdigest(),
            order=[str(member.face_id) for member in order],
            suspect_position=1 + [member.role for member in order].index(MemberRole.SUSPECT),
            seed=seed,
            casework=casework,
            preparation=prepared,
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
            "preparation": prepared and prepared.pk,
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
    """The members by position, if they make a lineup of one source, or of more with a reason."""
    members = complete(lineup)
    if len({member.face.source for member in members}) > 1 and not any(member.reason for member in members):
        raise OtherSource
    return members


def _prepared(members: Sequence[Member], lineup: Lineup) -> Preparation | None:
    """The preparation of these members; None of a lineup that needs none.

    Raises:
        NotPrepared: they have none.
    """
    if any(member.face.source != Source.GALLERY for member in members):
        return None
    found = preparation_of(lineup)
    if found is None:
        raise NotPrepared
    return found


def _pictures(members: Sequence[Member], prepared: Preparation | None) -> list[NDArray[np.uint8]]:
    """What a witness will see of each."""
    if prepared is None:
        return [pixels(member.face.image) for member in members]
    strip = pixels(prepared.file)
    each = dict(zip(prepared.faces, np.split(strip, len(prepared.faces)), strict=True))
    return [each[str(member.face_id)] for member in members]
