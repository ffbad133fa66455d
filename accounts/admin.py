"""People and units in Django admin; every change goes to the audit trail."""

from typing import TYPE_CHECKING, Any

from axes.utils import reset
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import actions as acts
from accounts.audit import record
from accounts.models import Unit, User

admin.site.site_header = admin.site.site_title = "LiGAN"
admin.site.index_title = "People and audit trail"
admin.site.unregister(Group)  # rights follow from the role alone


def changes(form: forms.ModelForm[Any]) -> dict[str, list[str]]:
    """What ``form`` changes: name of the field to what it was and what it is; never a password."""
    return {
        name: [str(form.initial.get(name)), str(form.cleaned_data[name])]
        for name in form.changed_data
        if "password" not in name or name == "must_change_password"
    }


if TYPE_CHECKING:
    PasswordForm = AdminPasswordChangeForm[User]
else:
    PasswordForm = AdminPasswordChangeForm  # not generic at run time


class PasswordByAdminForm(PasswordForm):
    """A password that an admin hands out serves once; setting it is recorded."""

    user: User

    def save(self, commit: bool = True) -> User:
        """Keep the password for one use."""
        self.user.must_change_password = True
        user: User = super().save(commit)
        record(acts.PASSWORD_RESET, on=user)
        return user


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    """People are created, changed and deactivated, never deleted: the trail and the lineups name them."""

    change_password_form = PasswordByAdminForm
    add_form = AdminUserCreationForm
    list_display = ["username", "full_name", "role", "unit", "is_active", "last_login"]
    list_filter = ["role", "unit", "is_active"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["first_name", "last_name", "email"]}),
        ("Role", {"fields": ["role", "unit", "is_active", "must_change_password"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "first_name", "last_name", "role", "unit", "password1", "password2"]},
        )
    ]
    actions = ["lift_lock_out"]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody deletes a person."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save and record; the first password of a new person serves once."""
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)
        record(acts.USER_CHANGED if change else acts.USER_CREATED, on=obj, data={"changed": changes(form)})

    @admin.action(description="Lift the sign-in lock-out")
    def lift_lock_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Forget the failed attempts of the chosen people."""
        for user in queryset:
            reset(username=user.username)
            record(acts.LOCK_OUT_LIFTED, on=user)
        self.message_user(request, "The lock-out has been lifted.", messages.SUCCESS)


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin[Unit]):
    """Units; one with people in it cannot be deleted."""

    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        """Save and record."""
        super().save_model(request, obj, form, change)
        record(acts.UNIT_CHANGED if change else acts.UNIT_CREATED, on=obj, data={"changed": changes(form)})

    def delete_model(self, request: HttpRequest, obj: Unit) -> None:
        """Record and delete."""
        record(acts.UNIT_DELETED, on=obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Unit]) -> None:
        """Record and delete each."""
        for unit in queryset:
            self.delete_model(request, unit)
