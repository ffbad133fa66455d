"""The Celery application `ligan`: it carries job ids to the workers, nothing more."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ligan_site.settings")

app = Celery("ligan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
