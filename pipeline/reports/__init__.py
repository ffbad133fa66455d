"""Reports of measurements and of data sets: pages and drawings."""
