"""Refinements in the media storage, as any worker goes on from them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gpu_worker.lease import Unworkable
from lineups import selectors
from lineups.errors import NotFound
from lineups.models import Face
from lineups.models import Refinement as Row

if TYPE_CHECKING:
    from gpu_worker.engine import Engine, Refinement

GONE = "The stored refinement that this face was made with is missing. Tell whoever operates LiGAN."
CHANGED = "The stored refinement that this face was made with has been changed. Tell whoever operates LiGAN."


class RefinementLost(Unworkable):
    """A stored refinement cannot be used; ``str()`` is one sentence about why."""

    def __init__(self, sentence: str) -> None:
        super().__init__("refinement_lost", sentence)


def load(row: Row) -> "Refinement":
    """What an earlier job reached, if its file is still the one that was kept.

    Raises:
        RefinementLost: the file is missing, or another.
    """
    from gpu_worker.engine import Refinement, RefinementError

    try:
        with row.file.open("rb") as kept:
            found = Refinement.from_bytes(kept.read())
    except FileNotFoundError as error:
        raise RefinementLost(GONE) from error
    except RefinementError as error:
        raise RefinementLost(CHANGED) from error
    if found.digest != row.digest:
        raise RefinementLost(CHANGED)
    return found


def engine_of(faces: Sequence[Face], engine: "Engine") -> "Engine":
    """The engine that ``faces`` of one lineup were made with: ``engine`` itself, or as it was refined.

    Raises:
        RefinementLost: the refinement is not there any more.
        OtherRefinement: they were made with different ones.
    """
    try:
        row = selectors.refinement_of(faces)
    except NotFound as error:
        raise RefinementLost(GONE) from error
    return engine if row is None else engine.refined(load(row))
