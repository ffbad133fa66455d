"""News for open pages, sent only once what they tell has been committed."""

import hashlib
import logging
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from lineups.models import Job
from lineups.news import as_news

logger = logging.getLogger(__name__)

STATUS_GROUP = "status"


def lineup_group(lineup_id: UUID) -> str:
    """Group of the sockets that watch one lineup."""
    return f"lineup.{lineup_id}"


def user_group(user_id: int) -> str:
    """Group of the sockets of one person, for ending them."""
    return f"user.{user_id}"


def session_mark(session_key: str) -> str:
    """A name for a session that does not give the session away."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def announce_job(job_id: UUID) -> None:
    """Tell the lineup's watchers about a job as it stands once this transaction is committed."""
    transaction.on_commit(lambda: _send_job(job_id))


def announce_status() -> None:
    """Tell everybody that the readiness of the workers has changed."""
    transaction.on_commit(lambda: _send(STATUS_GROUP, {"type": "status.changed"}))


def announce_user(user_id: int, *, ended_session: str | None = None) -> None:
    """Make a person's sockets ask again whether they may stay; end those of one session at once."""
    mark = session_mark(ended_session) if ended_session else None
    transaction.on_commit(lambda: _send(user_group(user_id), {"type": "user.changed", "ended": mark}))


def _send_job(job_id: UUID) -> None:
    job = Job.objects.select_related("page").get(pk=job_id)
    _send(lineup_group(job.lineup_id), {"type": "job.changed", "job": as_news(job)})


def _send(group: str, message: dict[str, Any]) -> None:
    """Send, or say in the log that it could not be sent: a watcher then learns it from the database."""
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(group, message)
    except (RedisError, OSError):
        logger.warning("The message broker did not take news for %s.", group, exc_info=True)
