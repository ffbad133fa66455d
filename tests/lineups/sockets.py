"""A browser's websocket, spoken straight to the ASGI application (channels' own needs the daphne server)."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

PATIENCE = 10.0


class Socket:
    """One connection to ``application`` at ``path``."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        self._line: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]

    async def connect(self) -> bool:
        """Knock; whether the door was opened."""
        await self._line.send_input({"type": "websocket.connect"})
        answer = await self.output()
        return bool(answer["type"] == "websocket.accept")

    async def output(self) -> dict[str, Any]:
        """Whatever the server does next."""
        event: dict[str, Any] = await self._line.receive_output(PATIENCE)
        return event

    async def news(self) -> Any:
        """The next message."""
        message = await self.output()
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        return bool(await self._line.receive_nothing(timeout=seconds))

    async def say(self, *, text: str | None = None, data: bytes | None = None) -> None:
        """Send something."""
        await self._line.send_input({"type": "websocket.receive", "text": text, "bytes": data})

    async def closed(self) -> int:
        """The code that the connection is closed with, whatever is said before."""
        while True:
            message = await self.output()
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def leave(self) -> None:
        """Close the connection from this side."""
        await self._line.send_input({"type": "websocket.disconnect", "code": 1000})
        await self._line.wait(PATIENCE)
