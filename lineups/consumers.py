"""News of one lineup over a websocket: a snapshot, then what changes.

The channel layer may lose a message, and a person may lose their rights while the socket is open. So the
socket also looks at the database: every few seconds for what it has not told yet, more rarely for whether its
person may stay.
"""

import asyncio
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from lineups import live, watching
from lineups.watching import NOT_YOURS, SIGNED_OUT, Refused

GOING_AWAY = 1011


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
            user = await database_sync_to_async(watching.authorise)(self.session_key, self.lineup_id)
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
        jobs = await database_sync_to_async(watching.jobs)(self.lineup_id)
        self.status = await database_sync_to_async(watching.readiness)()
        self.sequences = {job["id"]: job["sequence"] for job in jobs}
        await self.send_json({"type": "snapshot", "jobs": jobs, "status": self.status})

    async def _tell_job(self, job: dict[str, Any]) -> None:
        """Send ``job`` unless something newer about it has been sent."""
        if job["sequence"] > self.sequences.get(job["id"], 0):
            self.sequences[job["id"]] = job["sequence"]
            await self.send_json({"type": "job", "job": job})

    async def _tell_status(self) -> None:
        status = await database_sync_to_async(watching.readiness)()
        if status != self.status:
            self.status = status
            await self.send_json({"type": "status", "status": status})

    async def _authorise_again(self) -> bool:
        try:
            await database_sync_to_async(watching.authorise)(self.session_key, self.lineup_id)
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
                for job in reversed(await database_sync_to_async(watching.jobs)(self.lineup_id)):
                    await self._tell_job(job)
                await self._tell_status()
        except Exception:
            await self.close(GOING_AWAY)
            raise


class NowhereConsumer(AsyncWebsocketConsumer):
    """Any other address: refused without a word in the log."""

    async def connect(self) -> None:
        await self.close(NOT_YOURS)
