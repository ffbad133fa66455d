"""What leaves the system: the picture of a saved lineup."""
