"""The REST API under ``/api/v1/``: the only one, and the one that the site itself uses."""
