"""A browser's websocket, spoken straight to the ASGI application (channels' own needs the daphne server)."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

PATIENCE = 10.0


class Socket(ApplicationCommunicator):
    """One connection to ``application`` at ``path``."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def connect(self) -> bool:
        """Knock; whether the door was opened."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(PATIENCE)
        return bool(answer["type"] == "websocket.accept")

    async def news(self) -> Any:
        """The next message."""
        message = await self.receive_output(PATIENCE)
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def say(self, *, text: str | None = None, data: bytes | None = None) -> None:
        """Send something."""
        await self.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    async def closed(self) -> int:
        """The code that the connection is closed with, whatever is said before."""
        while True:
            message = await self.receive_output(PATIENCE)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def leave(self) -> None:
        """Close the connection from this side."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)
