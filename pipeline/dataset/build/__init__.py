"""Building a data set of faces: side by side, resumable, with a report of what was thrown away."""
