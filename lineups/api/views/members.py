"""Members: put a face into the lineup, take it out."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from lineups import errors, selectors
from lineups.api.base import View, valid
from lineups.api.errors import CHANGING, answers
from lineups.api.serializers.members import MemberSerializer, SelectSerializer
from lineups.services import members


class Members(View):
    """Members of a lineup."""

    @extend_schema(
        operation_id="members_add", tags=["members"], summary="Select a face", request=SelectSerializer,
        responses={
            201: MemberSerializer,
            **answers(
                *CHANGING,
                errors.DuplicateMember,
                errors.SuspectExists,
                errors.OtherSource,
                invalid="This lineup has no such face.",
            ),
        },
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Put a face at the end: the suspect's own photograph as suspect, any other as filler."""
        lineup = selectors.one(selectors.lineups_for(self.person), pk)
        asked = valid(SelectSerializer, request)
        face = selectors.face_of(lineup, asked["face"])
        member = members.add(lineup, face, reason=asked["reason"], by=self.person)
        return Response(MemberSerializer(member).data, status=201)


class OneMember(View):
    """One member."""

    @extend_schema(
        operation_id="members_remove", tags=["members"], summary="Remove a member",
        responses={204: None, **answers(*CHANGING)},
    )  # fmt: skip
    def delete(self, request: Request, pk: UUID) -> Response:
        """Take the face out of the lineup; it stays on its page."""
        members.remove(selectors.one(selectors.members_for(self.person), pk), by=self.person)
        return Response(status=204)
