"""What this application writes to the audit trail."""

from accounts.audit.actions import register

SIGNED_IN = register("session.signed_in", "Signed in")
SIGN_IN_FAILED = register("session.sign_in_failed", "Sign-in failed")
LOCKED_OUT = register("session.locked_out", "Sign-in locked out")
SIGNED_OUT = register("session.signed_out", "Signed out")
PASSWORD_CHANGED = register("user.password_changed", "Password changed")
PASSWORD_RESET = register("user.password_reset", "Password set by an admin")
LOCK_OUT_LIFTED = register("user.lock_out_lifted", "Sign-in lock-out lifted")
USER_CREATED = register("user.created", "User created")
USER_CHANGED = register("user.changed", "User changed")
UNIT_CREATED = register("unit.created", "Unit created")
UNIT_CHANGED = register("unit.changed", "Unit changed")
UNIT_DELETED = register("unit.deleted", "Unit deleted")
