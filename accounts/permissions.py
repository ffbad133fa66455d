"""Who may do what, as questions about a person."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import Role, User


def may_work(user: User | AnonymousUser) -> bool:
    """A person who is signed in, active, and owes no password change."""
    return isinstance(user, User) and user.is_active and not user.must_change_password


def is_officer(user: User | AnonymousUser) -> bool:
    """Drafts lineups and sees their own."""
    return isinstance(user, User) and user.is_active and user.role == Role.OFFICER


def is_supervisor(user: User | AnonymousUser) -> bool:
    """Sees the lineups of their unit, changes none."""
    return isinstance(user, User) and user.is_active and user.role == Role.SUPERVISOR
