"""The application of people."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Connects the session's events to the audit trail."""

    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        """Register this application's audit actions and the receivers that record them."""
        from accounts import actions, session_events  # noqa: F401 (need the loaded applications)
