"""Learning how spoilt faces look."""
