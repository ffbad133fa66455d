"""The application of the audit trail."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Labelled `audit`, so that its table is `audit_auditevent`."""

    name = "accounts.audit"
    label = "audit"
    verbose_name = "Audit trail"
