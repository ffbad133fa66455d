"""The application of the workers."""

from django.apps import AppConfig


class GpuWorkerConfig(AppConfig):
    """Holds tasks and commands; it has no tables of its own."""

    name = "gpu_worker"
    verbose_name = "Workers"
