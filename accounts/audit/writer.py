"""Writing to the trail."""

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from accounts.audit.actions import Action, registered
from accounts.audit.chain import seal

if TYPE_CHECKING:
    from accounts.audit.models import AuditEvent
    from accounts.models import User

_NUL = "\x00"  # PostgreSQL keeps none; a stranger may send one as a name


def _text(value: str, length: int) -> str:
    return value.replace(_NUL, "\ufffd")[:length]


def _stored(data: dict[str, Any]) -> dict[str, Any]:
    """``data`` as the database will give it back: only what JSON has."""
    text = json.dumps(data, cls=DjangoJSONEncoder, allow_nan=False)
    stored: dict[str, Any] = json.loads(text.replace("\\u0000", "\\ufffd"))
    return stored


@transaction.atomic
def record(
    action: Action,
    *,
    by: "User | None" = None,
    on: models.Model | None = None,
    data: dict[str, Any] | None = None,
    outcome: str = "ok",
) -> "AuditEvent":
    """Append one act to the trail, inside the caller's transaction where there is one.

    Args:
        action: a registered kind of act.
        by: who did it; without it, whoever is signed in to the request being answered; else the system.
        on: what it was done to; its identity and its present name are copied.
        data: more, as JSON; never a password or a picture.
        outcome: `ok`, `denied` or `error`.

    Raises:
        UnregisteredAction: ``action`` is not registered.
        ValueError: ``outcome`` is none of the three, or ``data`` cannot be written as JSON.
    """
    # This package is imported while Django still loads its applications; models exist only afterwards.
    from accounts.audit.context import current
    from accounts.audit.models import AuditEvent, ChainHead, Outcome

    registered(action)
    request = current.get()
    actor = by or (request.user() if request else None)
    head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1)
    event = AuditEvent(
        seq=head.seq + 1,
        occurred_at=timezone.now(),
        actor=actor,
        actor_name=actor.username if actor else "",
        actor_role=actor.role if actor else "",
        ip=_text(request.ip, 45) if request else "",
        request_id=request.request_id if request else None,
        action=action.name,
        outcome=Outcome(outcome).value,
        object_type=on._meta.label_lower if on is not None else "",
        object_id=str(on.pk) if on is not None else "",
        object_repr=_text(str(on), 200) if on is not None else "",
        data=_stored(data or {}),
        prev_hash=head.hash,
    )
    event.hash = seal(event)
    event.save()
    ChainHead.objects.filter(pk=head.pk).update(seq=event.seq, hash=event.hash)
    return event
