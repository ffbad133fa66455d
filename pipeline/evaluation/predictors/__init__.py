"""How good the attribute models are, and whom they serve how well (thesis §5.2)."""
