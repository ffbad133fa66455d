"""Training of the encoder to w+ (thesis §3.4.3)."""
