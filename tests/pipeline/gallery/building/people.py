"""People of words only, for tests that need no pictures."""

from dataclasses import replace
from typing import Final

from pipeline.gallery.building.labels import Labels

SOMEBODY: Final = Labels(
    sex="female",
    age=34.0,
    ethnicity="white",
    hair="brown",
    length="long",
    beard="none",
    glasses=False,
    mouth="closed",
)


def somebody(**changes: object) -> Labels:
    """``SOMEBODY`` with other values."""
    return replace(SOMEBODY, **changes)  # type: ignore[arg-type]
