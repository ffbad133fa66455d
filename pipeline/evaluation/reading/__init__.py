"""How often a reader is right, for whom, and what it takes for what."""
