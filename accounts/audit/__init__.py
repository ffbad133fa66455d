"""The audit trail: who did what, when, from where; append only and chained so that tampering shows.

The names that the rest of the site uses: ``register`` an ``Action`` once, ``record`` it whenever it happens.
"""

from accounts.audit.actions import Action, register
from accounts.audit.writer import record

__all__ = ["Action", "record", "register"]
