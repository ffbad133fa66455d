"""Units and the people in them."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.base import ModelBase


class Role(models.TextChoices):
    """One role a person. An admin manages people and sees no lineup."""

    OFFICER = "officer", "Officer"
    SUPERVISOR = "supervisor", "Supervisor"
    ADMIN = "admin", "Admin"


class Unit(models.Model):
    """A station or department: its supervisors see its officers' lineups."""

    name = models.CharField(max_length=150, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PeopleManager(UserManager["User"]):
    """Makes people; a superuser of Django's is an admin of LiGAN's."""

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        """Make an admin (called by ``manage.py createsuperuser``)."""
        return self.create_user(username, email, password, **{**extra_fields, "role": Role.ADMIN})


class User(AbstractUser):
    """A person who signs in.

    The role is the only source of rights: Django's staff and superuser marks follow from it.
    """

    role = models.CharField(max_length=16, choices=Role, default=Role.OFFICER)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    must_change_password = models.BooleanField(
        default=False, help_text="The next thing this person can do is to choose a new password."
    )

    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta(AbstractUser.Meta):
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="rights_follow_from_the_role",
                condition=models.Q(role=Role.ADMIN, is_staff=True, is_superuser=True)
                | (~models.Q(role=Role.ADMIN) & models.Q(is_staff=False, is_superuser=False)),
            )
        ]

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save with the marks that the role gives."""
        self.is_staff = self.is_superuser = self.role == Role.ADMIN
        if update_fields is not None and "role" in (update_fields := set(update_fields)):
            update_fields |= {"is_staff", "is_superuser"}
        super().save(
            force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields
        )

    @property
    def full_name(self) -> str:
        """The name to show: the person's own, else the sign-in name."""
        return self.get_full_name() or self.username
