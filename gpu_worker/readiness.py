"""A worker's models and what the site knows of them.

Celery forks a child to run the jobs. Only that child loads the models, in a thread, so that it can say from
the start that it is loading; it says every few seconds whether it is ready. A worker that only refines loads
them with its first job: many lineups need no refinement, the models take a gigabyte, and while they load the
worker that everybody waits for would load half as fast.
"""

import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from celery.signals import celeryd_after_setup, worker_process_init, worker_process_shutdown
from django.conf import settings
from django.db import DatabaseError, connection

from lineups.services import workers
from lineups.states import QUEUES, Kind
from lineups.status import LOADING

if TYPE_CHECKING:
    from gpu_worker.loading import Models

logger = logging.getLogger(__name__)

AT_NEED = "Loads its models with the first refinement."
NOTHING_TO_DO = "No kind of job is sent to the queues of this worker."
LOAD_SECONDS = 300.0


class NotLoaded(Exception):
    """The models cannot be used; ``str()`` is one sentence about why."""


class Readiness:
    """Loads the models in the background and keeps telling the site how that stands."""

    def __init__(self, name: str, queues: tuple[str, ...], load_models: "Callable[[], Models]") -> None:
        self.name = name
        self.queues = queues
        self._load = load_models
        self._models: Future[Models] = Future()
        self._over = threading.Event()
        self._wake = threading.Event()
        self._models.add_done_callback(lambda _: self._wake.set())
        self._telling = threading.Thread(target=self._tell, name="readiness", daemon=True)
        self._loading = threading.Thread(target=self._fill, name="loading", daemon=True)

    def start(self) -> None:
        """Begin to load, where jobs come to these queues at all and somebody waits for them, and to tell."""
        if self._needed and not self._waits:
            self._loading.start()
        self._telling.start()

    def stop(self) -> None:
        """Say goodbye."""
        self._over.set()
        self._wake.set()
        self._telling.join()
        workers.leave(self.name)
        connection.close()

    @property
    def loaded(self) -> bool:
        """True once :meth:`models` answers without waiting."""
        return self._models.done()

    def models(self) -> "Models":
        """The models, as soon as they are loaded.

        Raises:
            NotLoaded: they cannot be loaded.
        """
        if self._waits:
            self._loading.start()
        try:
            return self._models.result(timeout=LOAD_SECONDS)
        except TimeoutError as error:
            raise NotLoaded("The worker did not load its models in time.") from error

    @property
    def _needed(self) -> bool:
        return not set(QUEUES.values()).isdisjoint(self.queues)

    @property
    def _waits(self) -> bool:
        """True while the models are left on the disk until a refinement needs them."""
        useful = set(self.queues) & set(QUEUES.values())
        return useful == {QUEUES[Kind.REFINE]} and self._loading.ident is None

    def _fill(self) -> None:
        try:
            self._models.set_result(self._load())
        except Exception as error:
            # Whoever waits for the models, and the site, gets the reason; without them nothing can be done.
            self._models.set_exception(error)
            if not isinstance(error, NotLoaded):
                logger.exception("The models could not be loaded.")

    def _tell(self) -> None:
        try:
            while True:
                try:
                    workers.report(self.name, queues=self.queues, **self._state())
                except DatabaseError:
                    logger.warning("The database did not take the worker's status.", exc_info=True)
                self._wake.wait(settings.LIGAN_HEARTBEAT_SECONDS)
                self._wake.clear()
                if self._over.is_set():
                    return
        finally:
            connection.close()

    def _state(self) -> dict[str, Any]:
        if not self._needed:
            return {"ready": False, "detail": NOTHING_TO_DO}
        if self._waits:
            return {"ready": True, "detail": AT_NEED}
        if not self._models.done():
            return {"ready": False, "detail": LOADING}
        error = self._models.exception()
        if isinstance(error, NotLoaded):
            return {"ready": False, "detail": str(error)}
        if error is not None:
            return {"ready": False, "detail": "The worker could not load its models. Look at its log."}
        models = self._models.result()
        return {
            "ready": True,
            "bundle": models.digest,
            "device": models.device,
            "capabilities": models.capabilities,
        }


class _Process:
    """What this process is: filled in the worker's first process, used in the child forked from it."""

    name = ""
    queues: tuple[str, ...] = ()
    readiness: Readiness | None = None


def is_loaded() -> bool:
    """True once :func:`models` answers without waiting."""
    return _Process.readiness is not None and _Process.readiness.loaded


def models() -> "Models":
    """The models of this worker.

    Raises:
        NotLoaded: they cannot be loaded, or this is no worker's process.
    """
    if _Process.readiness is None:
        raise NotLoaded("This process is not a worker.")
    return _Process.readiness.models()


def serve(readiness: Readiness | None) -> None:
    """Make ``readiness`` that of this process."""
    _Process.readiness = readiness


@celeryd_after_setup.connect(weak=False)
def remember_worker(sender: str, instance: Any, **_: Any) -> None:
    """In the worker's first process: note its name and queues for the child."""
    _Process.name = sender
    _Process.queues = tuple(sorted(instance.app.amqp.queues.consume_from))


def _load() -> "Models":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # Here the libraries of models are imported, in the child alone.
    from gpu_worker.loading import load

    return load(settings.LIGAN_BUNDLE, settings.LIGAN_GALLERY, settings.LIGAN_SOURCES, settings.LIGAN_RUNTIME)


@worker_process_init.connect(weak=False)
def begin(**_: Any) -> None:
    """In the child: load the models."""
    serve(Readiness(_Process.name, _Process.queues, _load))
    if _Process.readiness is not None:
        _Process.readiness.start()


@worker_process_shutdown.connect(weak=False)
def end(**_: Any) -> None:
    """In the child, when it ends in good order."""
    if _Process.readiness is not None:
        _Process.readiness.stop()
