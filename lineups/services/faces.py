"""What is done to a face from outside the site."""

from accounts.audit import record
from lineups import actions
from lineups.models import Face


def regenerated(face: Face, *, verdict: str, same: bool, operator: str) -> None:
    """Note that somebody with a shell made ``face`` again from its recipe.

    Args:
        verdict: how it compared with the kept picture, or why it could not be made.
        same: whether it is the same face.
        operator: the name by which the machine knows that person; it knows no other.
    """
    data = {
        "lineup": face.lineup_id,
        "sha256": face.sha256,
        "bundle": face.recipe.get("bundle"),
        "refinement": face.recipe.get("refinement"),
        "verdict": verdict,
        "operator": operator,
    }
    record(actions.FACE_REGENERATED, on=face, data=data, outcome="ok" if same else "error")
