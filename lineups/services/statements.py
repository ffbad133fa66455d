"""What an officer says of the person on a photograph, where a model could not tell or was wrong."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from accounts.models import User
from lineups import actions, status
from lineups.constraints import SAME
from lineups.errors import Invalid
from lineups.findings import Statement
from lineups.models import Face, FaceKind
from lineups.services import lineups


@transaction.atomic
def state(face: Face, *, name: str, value: str | None, by: User) -> Face:
    """Note that ``by`` says that ``name`` of the person is ``value``; None takes back what was said.

    From then on a lock to the suspect's is a lock to that.

    Raises:
        Invalid: the face is nobody's, or the models in use know no such attribute or value.
        NotAllowed, LineupLocked: see :func:`lineups.services.lineups.lock`.
    """
    lineup = lineups.lock(face.lineup, by=by)
    if face.kind != FaceKind.PHOTO:
        raise Invalid("name", "Only the person on a photograph can be described. Choose a photograph.")
    face = Face.objects.select_related("lineup", "predictor").get(pk=face.pk)
    before = {one["name"]: one for one in face.stated}
    if value is not None:
        _require(name, value)
    said: Statement | None = None
    if value is not None:
        said = {"name": name, "value": value, "by": by.get_username(), "at": timezone.now().isoformat()}
    after = {**before, name: said}
    face.stated = [one for one in after.values() if one is not None]
    face.save(update_fields=["stated"])
    data = {"face": face.pk, "name": name, "value": value, "before": _value(before.get(name))}
    record(actions.FINDING_STATED, by=by, on=lineup, data=data)
    return face


def _require(name: str, value: str) -> None:
    """Refuse what no face could be held to."""
    locks = {lock.name: lock.values for lock in status.current().capabilities.locks}
    if name not in locks:
        known = f"Choose among {', '.join(locks)}." if locks else "The model that is in use knows none."
        raise Invalid("name", f"{name!r} is no attribute that faces can be held to. {known}")
    if value == SAME or value not in locks[name]:
        values = ", ".join(one for one in locks[name] if one != SAME)
        raise Invalid("value", f"{name} cannot be {value!r}. Choose among {values}.")


def _value(statement: Statement | None) -> str | None:
    return None if statement is None else statement["value"]
