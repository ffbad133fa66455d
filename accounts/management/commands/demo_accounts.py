"""`manage.py demo_accounts`: somebody to sign in as on a new installation."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.demo import create_demo_accounts


class Command(BaseCommand):
    """Create the demo accounts where nobody exists yet, and print their passwords this once."""

    help = "Creates an officer, a supervisor and an admin on a new installation."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print."""
        created = create_demo_accounts()
        if not created:
            return
        self.stdout.write(
            "Accounts with one-time passwords, shown only now; each must be changed at first sign-in:"
        )
        for user, password in created.items():
            self.stdout.write(f"  {user.username:<12}{password}")
