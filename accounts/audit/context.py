"""Where an act comes from: the request that is being answered, if there is one."""

from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from accounts.models import User


@dataclass(frozen=True)
class RequestContext:
    """The request that is being answered.

    Attributes:
        request: asked for its user only when an act is recorded, so that reading it costs nothing before.
        ip: address of the client as the server saw it.
        request_id: ties together everything that one request did.
    """

    request: HttpRequest
    ip: str
    request_id: UUID

    def user(self) -> User | None:
        """The person who is signed in, if anybody is."""
        user = self.request.user
        return user if isinstance(user, User) else None


current: ContextVar[RequestContext | None] = ContextVar("audit_request", default=None)


def client_ip(request: HttpRequest) -> str:
    """The client's address as the server reports it.

    Headers are not read here: the server itself replaces the address, and only for the proxies that it was
    told to trust, so that nobody can choose the address under which they are recorded or locked out.
    """
    return str(request.META.get("REMOTE_ADDR", ""))
