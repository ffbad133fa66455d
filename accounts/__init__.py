"""People and what they did: units, roles, signing in, and the audit trail."""
