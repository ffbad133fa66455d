"""What workers say about themselves. Telemetry, not an act of anybody: it is not in the audit trail."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from lineups import status
from lineups.capabilities import Capabilities
from lineups.live import announce_status
from lineups.models import WorkerStatus


@transaction.atomic
def report(
    name: str,
    *,
    queues: Sequence[str],
    ready: bool,
    detail: str = "",
    bundle: str = "",
    device: str = "",
    capabilities: Capabilities | None = None,
) -> None:
    """Note that worker ``name`` is alive, and whether it is ready; tell open pages when that changes."""
    before = status.current()
    WorkerStatus.objects.update_or_create(
        name=name,
        defaults={
            "queues": list(queues),
            "bundle": bundle,
            "device": device,
            "abilities": (capabilities or Capabilities()).to_dict(),
            "ready": ready,
            "detail": detail,
            "last_seen": timezone.now(),
        },
    )
    if status.current().told != before.told:
        announce_status()


@transaction.atomic
def leave(name: str) -> None:
    """Note that worker ``name`` has ended in good order."""
    if WorkerStatus.objects.filter(name=name).delete()[0]:
        announce_status()
