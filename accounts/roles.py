"""What a person may be."""

from django.db import models


class Role(models.TextChoices):
    """One role a person. An admin manages people and sees no lineup."""

    OFFICER = "officer", "Officer"
    SUPERVISOR = "supervisor", "Supervisor"
    ADMIN = "admin", "Admin"
