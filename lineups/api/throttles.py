"""How often one person may ask for what is costly. This bounds cost; it is no protection of a secret."""

from rest_framework.throttling import UserRateThrottle


class JobThrottle(UserRateThrottle):
    """Jobs that a worker computes."""

    scope = "jobs"
    rate = "60/min"


class UploadThrottle(UserRateThrottle):
    """Photographs to decode."""

    scope = "uploads"
    rate = "30/min"


class SaveThrottle(UserRateThrottle):
    """Pictures to compose."""

    scope = "saves"
    rate = "20/min"
