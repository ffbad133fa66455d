"""Calling off work that is under way."""


class Stopped(Exception):
    """The caller's ``stopped()`` turned true; what was made so far is dropped."""
