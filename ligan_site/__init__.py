"""The Django project: settings, addresses, the Celery application and the supervisor that runs them all."""

from ligan_site.celery import app as celery_app

__all__ = ["celery_app"]
