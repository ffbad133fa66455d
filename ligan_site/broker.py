"""How Celery reaches the broker that `REDIS_URL` names."""

from typing import Any
from urllib.parse import parse_qs, urlsplit


def broker_url(redis_url: str) -> str:
    """Say ``redis_url`` in Celery's words: a unix socket has another scheme there."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"


def broker_options(*, hard_time_limit: int) -> dict[str, Any]:
    """Transport options for tasks that may run ``hard_time_limit`` seconds.

    The visibility timeout must exceed the hard limit with a margin, or the broker hands one task to two
    workers. Recovery does not wait for it: the lease on the job row is shorter.
    """
    return {
        "visibility_timeout": 2 * hard_time_limit,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "global_keyprefix": "ligan:",
    }
