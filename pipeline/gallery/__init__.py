"""Photographic people who do not exist: blended of portraits, kept in a gallery, composed anew on demand."""
