"""The Django application of the domain."""

from django.apps import AppConfig


class LineupsConfig(AppConfig):
    """Registers the audit actions and the receivers that re-authorise open sockets."""

    name = "lineups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from lineups import actions, sessions  # noqa: F401
        from lineups.api import authentication  # noqa: F401
