"""The form with which a person changes their own password."""

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction

from accounts.actions import PASSWORD_CHANGED
from accounts.audit import record
from accounts.models import User


class OwnPasswordForm(PasswordChangeForm):
    """Ends a one-time password: the new one must differ from it."""

    def clean(self) -> dict[str, Any]:
        """Refuse the present password as the new one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        new = cleaned.get("new_password1")
        if new and new == cleaned.get("old_password"):
            self.add_error("new_password1", "Choose a password that you do not use now.")
        return cleaned

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Keep the new password and say so in the trail."""
        self.user.must_change_password = False
        user: User = super().save(commit)
        record(PASSWORD_CHANGED, by=user, on=user)
        return user
