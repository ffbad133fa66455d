"""Faces from a bundle's generator, without the site: by seed, or from codes in a file."""
