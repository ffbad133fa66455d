"""Faces in photographs: finding them, choosing the one that is meant, cutting it out."""
