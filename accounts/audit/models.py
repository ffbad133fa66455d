"""One row an act, and one row that remembers where the chain ends."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.base import ModelBase

from accounts.audit.actions import label_of

GENESIS = "0" * 64


class AppendOnly(TypeError):
    """Somebody tried to change or delete what has been recorded."""


class Trail(models.QuerySet["AuditEvent"]):
    """Events that can be read and filtered, never changed."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Audit events cannot be changed.")

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Audit events cannot be deleted.")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: every event is chained to the one before by ``record``."""
        raise AppendOnly("Audit events are appended one by one, with record().")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Audit events cannot be changed.")


class Outcome(models.TextChoices):
    """How an act ended."""

    OK = "ok", "Done"
    DENIED = "denied", "Denied"
    ERROR = "error", "Failed"


class AuditEvent(models.Model):
    """One act, as it was known when it happened.

    The names are copies, so that the row still tells its story when the person is renamed. ``hash`` is
    HMAC-SHA256 over every other field and ``prev_hash``, which chains the rows (see ``chain``).
    """

    seq = models.BigIntegerField(primary_key=True)
    occurred_at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="audit_events"
    )
    actor_name = models.CharField(max_length=150, blank=True)
    actor_role = models.CharField(max_length=16, blank=True)
    ip = models.CharField(max_length=45, blank=True)  # as seen: an address type would rewrite it
    request_id = models.UUIDField(null=True, db_index=True)
    action = models.CharField(max_length=64, db_index=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    object_repr = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects: ClassVar[models.Manager["AuditEvent"]] = models.Manager.from_queryset(Trail)()

    class Meta:
        ordering = ["seq"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_by_object")]
        default_permissions = ("view",)
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.seq} {label_of(self.action)}"

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Any = None,
    ) -> None:
        """Insert; refuse to save over a row that exists."""
        if not self._state.adding or force_update or update_fields is not None:
            raise AppendOnly("Audit events cannot be changed.")
        super().save(force_insert=True, using=using)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly("Audit events cannot be deleted.")


class ChainHead(models.Model):
    """The last link: one row, locked by whoever appends, so that the chain has no fork and no gap."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = [models.CheckConstraint(name="one_chain", condition=models.Q(pk=1))]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"
