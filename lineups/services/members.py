"""Who is in the lineup."""

from django.db import transaction
from django.db.models import Max

from accounts.audit import record
from accounts.models import User
from lineups import actions
from lineups.errors import DuplicateMember, NoFiller, NoSuspect, OtherSource, SuspectExists
from lineups.models import Face, Lineup, Member, MemberRole, Slot
from lineups.services import lineups


@transaction.atomic
def add(lineup: Lineup, face: Face, *, reason: str = "", by: User) -> Member:
    """Put ``face`` at the end of ``lineup``: the suspect's own photograph as suspect, any other as filler.

    Args:
        reason: why it is to stand beside faces of another source, where it is to.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
        DuplicateMember: a member with the same pixels is already in it.
        SuspectExists: it already has a suspect.
        OtherSource: it has members of another source, and no ``reason`` is given.
    """
    lineup = lineups.lock(lineup, by=by)
    if lineup.members.filter(face__sha256=face.sha256).exists():
        raise DuplicateMember
    role = role_of(face)
    if role is MemberRole.SUSPECT and lineup.members.filter(role=role).exists():
        raise SuspectExists
    mixed = lineup.members.exclude(face__source=face.source).exists()
    if mixed and not reason.strip():
        raise OtherSource
    return _put(lineup, face, role, at=_end(lineup), by=by, reason=reason.strip() if mixed else "")


@transaction.atomic
def remove(member: Member, *, by: User) -> None:
    """Take ``member`` out of its lineup; the face stays where it came from.

    Raises:
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
    """
    lineup = lineups.lock(member.lineup, by=by)
    take_out(lineup, member, by=by)


def put_suspect(lineup: Lineup, face: Face, *, requested_by: User) -> Member:
    """Make ``face`` the suspect, in the place of an earlier one (``lineup`` is held by the caller)."""
    earlier = lineup.members.filter(role=MemberRole.SUSPECT).first()
    position = earlier.position if earlier else _end(lineup)
    twins = lineup.members.filter(face__sha256=face.sha256)
    for member in lineup.members.filter(role=MemberRole.SUSPECT) | twins:
        take_out(lineup, member, by=None)
    return _put(lineup, face, MemberRole.SUSPECT, at=position, by=None, requested_by=requested_by)


def complete(lineup: Lineup) -> list[Member]:
    """The members by position, if they make a lineup.

    Raises:
        NoSuspect, NoFiller: a lineup has one suspect and at least one filler.
    """
    members = list(lineup.members.select_related("face").order_by("position"))
    roles = [member.role for member in members]
    if MemberRole.SUSPECT not in roles:
        raise NoSuspect
    if MemberRole.FILLER not in roles:
        raise NoFiller
    return members


def take_out(lineup: Lineup, member: Member, *, by: User | None) -> None:
    """Delete ``member`` (``lineup`` is held by the caller); ``by`` is None when the system does it."""
    data = {"member": member.pk, "face": member.face_id, "sha256": member.face.sha256, "role": member.role}
    member.delete()
    record(actions.MEMBER_REMOVED, by=by, on=lineup, data=data)


def role_of(face: Face) -> MemberRole:
    """The photograph of slot 1 shows the suspect; whoever else is picked is a filler."""
    if face.photo is not None and face.photo.slot == Slot.SUSPECT:
        return MemberRole.SUSPECT
    return MemberRole.FILLER


def _end(lineup: Lineup) -> int:
    last: int | None = lineup.members.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _put(
    lineup: Lineup,
    face: Face,
    role: MemberRole,
    *,
    at: int,
    by: User | None,
    requested_by: User | None = None,
    reason: str = "",
) -> Member:
    added_by = by or requested_by
    if added_by is None:
        raise ValueError("Somebody must answer for a member.")
    member = lineup.members.create(face=face, role=role, position=at, added_by=added_by, reason=reason)
    data = {
        "member": member.pk,
        "face": face.pk,
        "sha256": face.sha256,
        "role": role,
        "source": face.source,
        "requested_by": added_by.get_username(),
        **({"reason": reason} if reason else {}),
    }
    record(actions.MEMBER_ADDED, by=by, on=lineup, data=data)
    return member
