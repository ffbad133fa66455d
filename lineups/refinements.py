"""How long a photograph may be refined."""

from typing import Final

from django.conf import settings

MOST_SECONDS: Final = 600


def least_seconds() -> int:
    """Below this nothing is gained (thesis §3.4.4); a setting, so that tests need not wait for a minute."""
    least: int = settings.LIGAN_REFINE_LEAST_SECONDS
    return least


def refuses_seconds(seconds: int) -> str | None:
    """Why a photograph cannot be refined for ``seconds``, in one sentence; None where it can."""
    least = least_seconds()
    if least <= seconds <= MOST_SECONDS:
        return None
    return f"A refinement takes {least} to {MOST_SECONDS} seconds, not {seconds}."
