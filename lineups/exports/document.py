"""The record of a saved lineup for the case file, as plain text: who is in it and how it came about."""

from collections.abc import Iterator
from typing import Final

from lineups import fitness
from lineups.findings import NO, YES
from lineups.models import Export, Face, Member, MemberRole, Preparation

MOVED: Final = {
    "nobody": "alike already",
    "fillers": "the fillers' brought to the suspect's",
    "suspect": "the suspect's brought to the fillers'",
    "all": "all alike",
}
FOR_WHOM = "For the case file only: not for the witness or the administrator."


def written(export: Export) -> str:
    """The record of ``export``; its first line is the mark where it has one."""
    return "\n".join(_lines(export)) + "\n"


def _lines(export: Export) -> Iterator[str]:
    lineup = export.lineup
    if mark := fitness.mark(casework=export.casework):
        yield mark.upper()
        yield ""
    yield f"Record of the photo lineup {lineup.case_reference}: {lineup.title}"
    yield FOR_WHOM
    yield ""
    by = export.created_by
    yield f"Saved {export.created:%Y-%m-%d %H:%M:%S} UTC by {by.full_name}"
    yield f"Picture: SHA-256 {export.sha256}"
    yield f"Order: drawn with the seed {export.seed}"
    yield f"The suspect is number {export.suspect_position} of {len(export.order)}."
    yield ""
    yield "Members, in the order shown"
    by_face = {str(member.face_id): member for member in lineup.members.select_related("face")}
    for number, face in enumerate(export.order, start=1):
        yield f"{number:>3}. {_described(by_face[face])}"
    suspect = by_face[export.order[export.suspect_position - 1]].face
    yield ""
    yield from _known(suspect)
    yield ""
    yield from _looking(export.preparation)


def _looking(prepared: Preparation | None) -> Iterator[str]:
    """How the pictures were evened out, and whether the suspect's stands out."""
    if prepared is None:
        yield "The pictures are the members' own: nothing was evened out or checked."
        return
    if prepared.evening is None:
        yield f"The pictures were not evened out, because: {prepared.reason}"
    else:
        yield "The pictures were evened out:"
        for step in prepared.evening["steps"]:
            yield f"  {step['name']}: {MOVED.get(step['moved'], step['moved'])}"
    check = prepared.appearance
    if check is None:
        yield "Whether the suspect stands out cannot be said of so few members."
        return
    yield f"Check of appearance: {check['sentence']}"
    for name, one in check["aspects"].items():
        distance = one["distances"][check["suspect"]]
        yield f"  {name.replace('_', ' ')}: rank {one['rank']} of {check['size']}, distance {distance:.2f}"


def _known(suspect: Face) -> Iterator[str]:
    """What was known of the suspect when fillers were asked for: by a model, and by whom else."""
    stated = {one["name"]: one for one in suspect.stated}
    names = [one["name"] for one in suspect.attributes or ()]
    yield "What was known of the suspect" if names or stated else "Nothing was known of the suspect."
    predicted = {one["name"]: one["value"] for one in suspect.attributes or ()}
    for name in [*names, *(name for name in stated if name not in names)]:
        said = [f"a model: {_word(predicted[name])}"] if name in names else []
        if name in stated:
            said.append(f"{stated[name]['by']} at {stated[name]['at']}: {stated[name]['value']}")
        yield f"  {name.replace('_', ' ')}: {'; '.join(said)}"


def _word(value: str | bool | None) -> str:
    if value is None:
        return "not known"
    return value if isinstance(value, str) else YES if value else NO


def _described(member: Member) -> str:
    """Who a member is, and what makes the picture again."""
    face, recipe = member.face, member.face.parsed_recipe
    if member.role == MemberRole.SUSPECT:
        return f"The suspect, cut out of a photograph. Picture: SHA-256 {face.sha256}"
    beside = f" Beside faces of another source, because: {member.reason}" if member.reason else ""
    made = f"Nobody, of the {face.source}, made with {recipe.bundle[:12]}."
    return f"{made} Picture: SHA-256 {face.sha256}{beside}"
