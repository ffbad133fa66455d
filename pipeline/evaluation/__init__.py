"""How good the models are: figures, and pages to look at."""
