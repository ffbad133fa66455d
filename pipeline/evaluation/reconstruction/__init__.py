"""How well photographs of people are reconstructed, before and after refining (thesis §5.3)."""
