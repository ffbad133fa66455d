"""Creating, changing, opening and locking lineups."""

from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from accounts.permissions import is_officer
from lineups import actions
from lineups.errors import LineupLocked, NotAllowed
from lineups.models import Lineup
from lineups.selectors import is_owner

# A workbench reads its lineup again and again: one event per person and lineup in this time is enough.
OPENED_AGAIN_SECONDS = 900


@transaction.atomic
def create(*, case_reference: str, title: str, by: User) -> Lineup:
    """A new, empty lineup of ``by`` and their unit.

    Raises:
        NotAllowed: only officers draft lineups.
    """
    if not is_officer(by):
        raise NotAllowed("Only an officer may create lineups.")
    lineup = Lineup.objects.create(owner=by, unit=by.unit, case_reference=case_reference, title=title)
    data = {"case_reference": case_reference, "title": title}
    record(actions.LINEUP_CREATED, by=by, on=lineup, data=data)
    return lineup


@transaction.atomic
def change(
    lineup: Lineup, *, case_reference: str | None = None, title: str | None = None, by: User
) -> Lineup:
    """Correct the case reference or the title.

    Raises:
        NotAllowed, LineupLocked: see :func:`lock`.
    """
    lineup = lock(lineup, by=by)
    before = {"case_reference": lineup.case_reference, "title": lineup.title}
    after = {
        "case_reference": before["case_reference"] if case_reference is None else case_reference,
        "title": before["title"] if title is None else title,
    }
    if after != before:
        lineup.case_reference, lineup.title = after["case_reference"], after["title"]
        lineup.save(update_fields=["case_reference", "title", "updated"])
        record(actions.LINEUP_CHANGED, by=by, on=lineup, data={"before": before, "after": after})
    return lineup


def opened(lineup: Lineup, *, by: User) -> None:
    """Note that ``by`` looks at ``lineup``, at most once in a quarter of an hour."""
    key = f"lineup-opened-{by.pk}-{lineup.pk}"
    if cache.add(key, True, OPENED_AGAIN_SECONDS):
        record(actions.LINEUP_OPENED, by=by, on=lineup)


def lock(lineup: Lineup, *, by: User) -> Lineup:
    """The row of ``lineup``, held until the transaction ends, if ``by`` may change it.

    Raises:
        NotAllowed: ``by`` is not the officer who made it.
        LineupLocked: it has been saved.
    """
    require_draft(lineup, by=by)
    return hold(lineup.pk)


def require_draft(lineup: Lineup, *, by: User) -> None:
    """Check what can be checked before the row is locked.

    Raises:
        NotAllowed: ``by`` is not the officer who made it.
        LineupLocked: it has been saved.
    """
    if not is_owner(by, lineup):
        raise NotAllowed(denied=lineup)
    if lineup.locked:
        raise LineupLocked


def hold(lineup_id: UUID) -> Lineup:
    """The row of a lineup, held until the transaction ends, marked as changed now.

    Raises:
        LineupLocked: it has been saved.
    """
    # The UPDATE takes the row's lock on every database, and refuses a lineup that was saved meanwhile.
    draft = Lineup.objects.filter(pk=lineup_id, saved_at__isnull=True)
    if not draft.update(updated=timezone.now()):
        raise LineupLocked
    return Lineup.objects.get(pk=lineup_id)
