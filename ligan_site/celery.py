"""The Celery application `ligan`: it carries job ids to the workers, nothing more."""

import os
import warnings
from typing import Any

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]  # (its stubs forgot it)
from celery.signals import worker_process_init

from ligan_site.up.death import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ligan_site.settings")

# It warns of root because of pickled messages; this application takes JSON only.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("ligan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect(weak=False)
def leave_no_orphan(**_: Any) -> None:
    """End the forked process with its worker: a killed worker would leave it behind, model and all."""
    die_with_parent(os.getppid())
