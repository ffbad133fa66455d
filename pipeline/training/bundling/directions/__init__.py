"""Finding attribute directions in w+ (thesis §1.3.2)."""
