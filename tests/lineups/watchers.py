"""Browsers that watch a lineup."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from django.conf import settings as django_settings
from django.test import Client

from ligan_site.asgi import application
from lineups.models import Lineup
from tests.lineups.sockets import Socket

HERE = "http://localhost"


def socket(client: Client | None, lineup_id: object, origin: str | None = HERE) -> Socket:
    headers = [(b"host", b"localhost")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if client is not None:
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return Socket(application, f"/ws/lineups/{lineup_id}/", headers)


@asynccontextmanager
async def watching(client: Client, lineup: Lineup) -> AsyncIterator[tuple[Socket, Any]]:
    """An open socket and its snapshot."""
    opened = socket(client, lineup.pk)
    assert await opened.connect()
    yield opened, await opened.news()
    await opened.leave()
