"""The audit trail in Django admin: to read, by anybody who may enter; to change, by nobody."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.audit.actions import label_of
from accounts.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin[AuditEvent]):
    """Read only."""

    list_display = ["seq", "occurred_at", "actor_name", "actor_role", "act", "outcome", "object_repr", "ip"]
    list_filter = ["action", "outcome", "actor_role"]
    search_fields = ["actor_name", "object_repr", "object_id", "request_id"]
    date_hierarchy = "occurred_at"
    ordering = ["-seq"]
    actions = None
    show_full_result_count = False

    @admin.display(description="act", ordering="action")
    def act(self, event: AuditEvent) -> str:
        """The label of the action."""
        return label_of(event.action)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Events are recorded, not typed in."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes an event."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes an event."""
        return False
