"""How an event is sealed: a keyed hash over everything it says and over the event before it."""

import hmac
import json
from datetime import UTC
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from accounts.audit.models import AuditEvent

_KEY_PURPOSE = b"ligan audit chain v1"


@cache
def _key(secret: str) -> bytes:
    """The chain's own key: who holds the database but not the secret key cannot seal an event."""
    return hmac.new(secret.encode(), _KEY_PURPOSE, sha256).digest()


def _plain(value: Any) -> Any:
    """Write whole floats as integers: PostgreSQL's jsonb gives 1e16 back as an integer, SQLite as a float."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def canonical(event: "AuditEvent") -> bytes:
    """The one way to write ``event`` down: JSON, keys sorted, times in UTC to the microsecond."""
    content = {
        "seq": event.seq,
        "occurred_at": event.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "actor_role": event.actor_role,
        "ip": event.ip,
        "request_id": str(event.request_id) if event.request_id else None,
        "action": event.action,
        "outcome": event.outcome,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "object_repr": event.object_repr,
        "data": _plain(event.data),
        "prev_hash": event.prev_hash,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def seal(event: "AuditEvent") -> str:
    """The hash that ``event`` must carry when it is recorded, in hexadecimal."""
    return _seal(event, settings.SECRET_KEY)


def is_sealed(event: "AuditEvent") -> bool:
    """Whether ``event`` is as it was recorded, under the present secret key or an earlier one."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_seal(event, key), event.hash) for key in keys)


def _seal(event: "AuditEvent", secret: str) -> str:
    return hmac.new(_key(secret), canonical(event), sha256).hexdigest()
