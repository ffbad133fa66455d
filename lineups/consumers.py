"""News of one lineup over a websocket: a snapshot, then what changes.

The channel layer may lose a message, and a person may lose their rights while the socket is open. So the
socket also looks at the database: every few seconds for what it has not told yet, more rarely for whether its
person may stay.
"""

import asyncio
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import may_work
from lineups import live, selectors, status
from lineups.api.serializers.status import ReadinessSerializer
from lineups.news import as_news

GOING_AWAY = 1011
SIGNED_OUT = 4401
NOT_YOURS = 4404


@dataclass(frozen=True)
class Refused(Exception):
    """The watcher may not (or no longer) watch; ``code`` closes the socket."""

    code: int


class LineupConsumer(AsyncJsonWebsocketConsumer):
    """Watches one lineup for one session. What the browser sends is not listened to."""

    look_seconds = 5.0
    authorise_seconds = 30.0

    lineup_id: UUID
    session_key: str | None
    groups_joined: tuple[str, ...] = ()
    looking: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Accept, so that the browser can read why it is refused; then snapshot and watch."""
        self.lineup_id = self.scope["url_route"]["kwargs"]["pk"]
        self.session_key = self.scope["session"].session_key
        self.sequences: dict[str, int] = {}
        self.status: dict[str, Any] = {}
        await self.accept()
        try:
            user = await database_sync_to_async(authorise)(self.session_key, self.lineup_id)
        except Refused as refused:
            await self.close(refused.code)
            return
        # Join first: what happens between the snapshot and now must not be missed.
        joined = (live.lineup_group(self.lineup_id), live.user_group(user.pk), live.STATUS_GROUP)
        for group in joined:
            await self.channel_layer.group_add(group, self.channel_name)
        self.groups_joined = joined
        await self._send_snapshot()
        self.looking = asyncio.create_task(self._look_again())

    async def disconnect(self, code: int) -> None:
        """Stop watching."""
        if self.looking is not None:
            self.looking.cancel()
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **_: Any) -> None:
        """Nothing is asked for over the socket."""

    async def job_changed(self, event: dict[str, Any]) -> None:
        """A job of this lineup has changed."""
        await self._tell_job(event["job"])

    async def status_changed(self, event: dict[str, Any]) -> None:
        """A worker became ready, or is no longer."""
        await self._tell_status()

    async def user_changed(self, event: dict[str, Any]) -> None:
        """This person was changed, or signed out of one session: perhaps of this one."""
        ended = event["ended"]
        if ended is None:
            await self._authorise_again()
        elif self.session_key and ended == live.session_mark(self.session_key):
            await self.close(SIGNED_OUT)

    async def _send_snapshot(self) -> None:
        told = await database_sync_to_async(jobs)(self.lineup_id)
        self.status = await database_sync_to_async(readiness)()
        self.sequences = {job["id"]: job["sequence"] for job in told}
        await self.send_json({"type": "snapshot", "jobs": told, "status": self.status})

    async def _tell_job(self, job: dict[str, Any]) -> None:
        """Send ``job`` unless something newer about it has been sent."""
        if job["sequence"] > self.sequences.get(job["id"], 0):
            self.sequences[job["id"]] = job["sequence"]
            await self.send_json({"type": "job", "job": job})

    async def _tell_status(self) -> None:
        now = await database_sync_to_async(readiness)()
        if now != self.status:
            self.status = now
            await self.send_json({"type": "status", "status": now})

    async def _authorise_again(self) -> bool:
        try:
            await database_sync_to_async(authorise)(self.session_key, self.lineup_id)
        except Refused as refused:
            await self.close(refused.code)
            return False
        return True

    async def _look_again(self) -> None:
        """Until the socket closes: tell what no message told, and ask whether this person may stay.

        Should the database fail, the socket is closed: the browser then connects, and is authorised, anew.
        """
        clock = asyncio.get_running_loop().time
        authorised = clock()
        try:
            while True:
                await asyncio.sleep(self.look_seconds)
                if clock() - authorised >= self.authorise_seconds:
                    if not await self._authorise_again():
                        return
                    authorised = clock()
                for job in reversed(await database_sync_to_async(jobs)(self.lineup_id)):
                    await self._tell_job(job)
                await self._tell_status()
        except Exception:
            await self.close(GOING_AWAY)
            raise


class NowhereConsumer(AsyncWebsocketConsumer):
    """Any other address: refused without a word in the log."""

    async def connect(self) -> None:
        await self.close(NOT_YOURS)


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
    return [as_news(job) for job in selectors.recent_jobs(lineup_id)]


def readiness() -> dict[str, Any]:
    """Readiness of the workers, as the API writes it."""
    return dict(ReadinessSerializer(status.current()).data)
