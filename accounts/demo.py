"""The first three people of a new installation."""

import secrets
from typing import Final

from django.db import transaction

from accounts.actions import UNIT_CREATED, USER_CREATED
from accounts.audit import record
from accounts.models import Role, Unit, User

UNIT: Final = "Demo unit"
_READABLE: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # without what looks alike


def one_time_password() -> str:
    """Sixteen random letters and digits in groups of four: 79 bits, to be typed once."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


@transaction.atomic
def create_demo_accounts() -> dict[User, str]:
    """An officer and a supervisor of one unit and an admin, each with a password to be used once.

    Only where nobody exists yet: people who are added to a working installation are its admin's affair.
    """
    if User.objects.exists():
        return {}
    unit = Unit.objects.create(name=UNIT)
    record(UNIT_CREATED, on=unit)
    created = {}
    for role, place in ((Role.OFFICER, unit), (Role.SUPERVISOR, unit), (Role.ADMIN, None)):
        password = one_time_password()
        user = User.objects.create_user(
            role.value, password=password, role=role, unit=place, must_change_password=True
        )
        record(USER_CREATED, on=user)
        created[user] = password
    return created
