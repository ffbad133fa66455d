"""Signing in and out, in the audit trail."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actions import LOCKED_OUT, SIGN_IN_FAILED, SIGNED_IN, SIGNED_OUT
from accounts.audit import record
from accounts.models import User


@receiver(user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    """A person proved who they are."""
    record(SIGNED_IN, by=user, on=user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    """A person ended their session; nothing to say where nobody was signed in."""
    if user is not None:
        record(SIGNED_OUT, by=user, on=user)


@receiver(user_login_failed)
def sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody gave a wrong name or password; where that locks them out, ``locked_out`` says it instead."""
    if not getattr(request, "axes_locked_out", False):
        record(SIGN_IN_FAILED, data={"username": _name(credentials)}, outcome="denied")


@receiver(user_locked_out)
def locked_out(username: str | None, **_: Any) -> None:
    """One failure too many, or an attempt after it, which was refused unread."""
    record(LOCKED_OUT, data={"username": _name({"username": username})}, outcome="denied")


def _name(credentials: dict[str, Any]) -> str:
    return str(credentials.get("username") or "")[:150]
