"""Triggers that make the database itself refuse to change or delete an audit event.

They stop accidents and other programs. They do not stop the owner of the database, who can drop them: that
is what the chain is for.
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE: Final = "audit_auditevent"

# INSERT OR REPLACE fires no delete trigger unless recursive triggers are on, so it has a guard of its own.
_SQLITE: Final = {
    "audit_no_update": f"BEFORE UPDATE ON {TABLE}"
    " BEGIN SELECT RAISE(ABORT, 'audit events cannot be changed'); END",
    "audit_no_delete": f"BEFORE DELETE ON {TABLE}"
    " BEGIN SELECT RAISE(ABORT, 'audit events cannot be deleted'); END",
    "audit_no_replace": f"BEFORE INSERT ON {TABLE}"
    f" WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE seq = NEW.seq OR hash = NEW.hash)"
    " BEGIN SELECT RAISE(ABORT, 'audit events cannot be replaced'); END",
}
_POSTGRESQL_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit events cannot be changed or deleted' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRESQL: Final = {
    "audit_no_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    "audit_no_truncate": f"BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
}


class UnsupportedDatabase(RuntimeError):
    """There are no triggers for this database."""


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, new or again.

    Raises:
        UnsupportedDatabase: neither SQLite nor PostgreSQL.
    """
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for name, body in _triggers(connection).items():
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _triggers(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def _triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    try:
        return {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connection.vendor]
    except KeyError:
        raise UnsupportedDatabase(f"The audit trail has no triggers for {connection.vendor}.") from None
