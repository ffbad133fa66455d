"""Whether faces can be generated and refined now, and if not, why; and what may be asked of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from lineups.capabilities import Capabilities
from lineups.models import WorkerStatus
from lineups.states import QUEUES, Kind

NO_WORKER = "No worker is running. Ask whoever operates LiGAN to start one."
NO_REFINER = "No worker that refines is running. Ask whoever operates LiGAN to start one."
LOADING = "The worker is loading its model. This takes some seconds."


@dataclass(frozen=True)
class Readiness:
    """Whether something can be done now, and if not, why."""

    ready: bool
    reason: str | None


@dataclass(frozen=True)
class Status:
    """Readiness to make pages and to refine, what may be asked, and the workers heard of lately.

    ``casework`` is true while every worker that has loaded a bundle says that its faces are fit for it;
    before any has, it is false.
    """

    generating: Readiness
    refining: Readiness
    capabilities: Capabilities
    workers: Sequence[WorkerStatus]
    casework: bool

    @property
    def ready(self) -> bool:
        """Whether pages can be made now."""
        return self.generating.ready

    @property
    def reason(self) -> str | None:
        """Why no pages can be made now."""
        return self.generating.reason

    @property
    def told(self) -> tuple[Readiness, Readiness, Capabilities, bool]:
        """What people see of it: where this changes, open pages are told."""
        return self.generating, self.refining, self.capabilities, self.casework


def current() -> Status:
    """The status now: of each queue one worker that is ready and was heard of lately.

    Lately is three heartbeats: one may be late under load without the button flickering.
    """
    oldest = timezone.now() - timedelta(seconds=3 * settings.LIGAN_HEARTBEAT_SECONDS)
    workers = list(WorkerStatus.objects.filter(last_seen__gte=oldest))
    making = _serving(workers, Kind.GENERATE)
    able: dict[str, Any] = next((worker.abilities for worker in making if worker.ready), {})
    return Status(
        generating=_readiness(making, NO_WORKER),
        refining=_readiness(_serving(workers, Kind.REFINE), NO_REFINER),
        capabilities=Capabilities.from_dict(able),
        workers=workers,
        casework=_fit(workers),
    )


def _fit(workers: Iterable[WorkerStatus]) -> bool:
    """Whether all that is in use is fit for casework; who has loaded nothing makes nothing."""
    loaded = [worker for worker in workers if worker.bundle]
    return bool(loaded) and all(Capabilities.from_dict(one.abilities).casework for one in loaded)


def _serving(workers: Iterable[WorkerStatus], kind: Kind) -> list[WorkerStatus]:
    return [worker for worker in workers if QUEUES[kind] in worker.queues]


def _readiness(serving: Sequence[WorkerStatus], nobody: str) -> Readiness:
    if any(worker.ready for worker in serving):
        return Readiness(ready=True, reason=None)
    return Readiness(ready=False, reason=next((worker.detail or LOADING for worker in serving), nobody))
