"""What a watcher of a lineup may see now, asked of the database and of nothing remembered."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import may_work
from lineups import selectors, status
from lineups.api.serializers.jobs import JobSerializer
from lineups.api.serializers.status import ReadinessSerializer

SIGNED_OUT = 4401
NOT_YOURS = 4404


@dataclass(frozen=True)
class Refused(Exception):
    """The watcher may not (or no longer) watch; ``code`` closes the socket."""

    code: int


def person(session_key: str | None) -> User:
    """Whose session this is, now.

    Raises:
        Refused: the session has ended, or its person was deactivated or owes a new password.
    """
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User) or not may_work(user):
        raise Refused(SIGNED_OUT)
    return user


def authorise(session_key: str | None, lineup_id: UUID) -> User:
    """The person of the session, who may see the lineup now.

    Raises:
        Refused: see :func:`person`; or the lineup does not exist for this person.
    """
    user = person(session_key)
    if not selectors.lineups_for(user).filter(pk=lineup_id).exists():
        raise Refused(NOT_YOURS)
    return user


def jobs(lineup_id: UUID) -> list[dict[str, Any]]:
    """Unfinished and recent jobs of a lineup that the caller has authorised, as the API writes them."""
    return [dict(job) for job in JobSerializer(selectors.recent_jobs(lineup_id), many=True).data]


def readiness() -> dict[str, Any]:
    """Readiness of the workers, as the API writes it."""
    return dict(ReadinessSerializer(status.current()).data)
