"""People and units."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Unit, User
from accounts.permissions import is_officer


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A station or department."""

    class Meta:
        model = Unit
        fields = ("id", "name")


class PersonSerializer(serializers.ModelSerializer[User]):
    """A person as others see them."""

    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "full_name")


class RightsSerializer(serializers.Serializer[dict[str, bool]]):
    """What a person may do."""

    create_lineups = serializers.BooleanField()


class MeSerializer(serializers.ModelSerializer[User]):
    """The person who asks."""

    full_name = serializers.CharField(read_only=True)
    unit = UnitSerializer(allow_null=True)
    can = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "username", "full_name", "role", "unit", "can")

    @extend_schema_field(RightsSerializer)
    def get_can(self, user: User) -> dict[str, bool]:
        return {"create_lineups": is_officer(user)}
