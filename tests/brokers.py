"""Where Celery looks for its broker while a test runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from celery import current_app


@contextmanager
def broker_at(address: str) -> Iterator[None]:
    """Lets Celery look for its broker at ``address``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(current_app.conf, "broker_url", address)
        patch.setattr(current_app, "_pool", None)
        patch.setattr(current_app.amqp, "_producer_pool", None)
        yield
