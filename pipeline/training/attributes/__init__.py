"""Training of the attribute models (thesis §3.3.2, §3.3.3)."""
