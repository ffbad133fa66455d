"""When a person signs out or is changed, their open sockets hear of it at once."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.models import User
from lineups.live import announce_user


@receiver(user_logged_out)
def end_sockets_of_session(request: HttpRequest, user: User | None, **_: Any) -> None:
    """End the sockets of the session that is being signed out."""
    if user is not None:
        announce_user(user.pk, ended_session=request.session.session_key)


@receiver(post_save, sender=User)
def reauthorise_sockets(instance: User, created: bool, update_fields: Any, **_: Any) -> None:
    """A changed role, unit, password or activity may end sockets; signing in changes none of them."""
    if not created and update_fields != frozenset({"last_login"}):
        announce_user(instance.pk)
