"""Whether faces can be generated now, and if not, why."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from lineups.models import WorkerStatus

QUEUE = "interactive"
NO_WORKER = "No worker is running. Ask whoever operates LiGAN to start one."
LOADING = "The worker is loading its model. This takes some seconds."


@dataclass(frozen=True)
class Status:
    """Readiness of the whole, and the workers that were heard of lately."""

    ready: bool
    reason: str | None
    workers: list[WorkerStatus]


def current() -> Status:
    """The readiness now: one worker of the interactive queue that is ready and was heard of lately.

    Lately is three heartbeats: one may be late under load without the button flickering.
    """
    oldest = timezone.now() - timedelta(seconds=3 * settings.LIGAN_HEARTBEAT_SECONDS)
    workers = list(WorkerStatus.objects.filter(last_seen__gte=oldest))
    serving = [worker for worker in workers if QUEUE in worker.queues]
    if any(worker.ready for worker in serving):
        return Status(ready=True, reason=None, workers=workers)
    reason = next((worker.detail or LOADING for worker in serving), NO_WORKER)
    return Status(ready=False, reason=reason, workers=workers)
