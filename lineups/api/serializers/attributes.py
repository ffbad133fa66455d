"""Predicted attributes of a face."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from lineups.attributes import note
from lineups.models import Face


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "boolean"}], "nullable": True})
class ValueField(serializers.ReadOnlyField):
    """A word, or whether something is so; null: not known."""


class StatedSerializer(serializers.Serializer[Any]):
    """What an officer said of one attribute."""

    value = serializers.CharField()
    by = serializers.CharField(help_text="User name of the officer.")
    at = serializers.DateTimeField()


class PredictedSerializer(serializers.Serializer[Any]):
    """One attribute of a face, as a model judges it, and how reliable that is."""

    name = serializers.CharField(help_text="Such as sex, age_group, hair.")
    value = ValueField(help_text="Null: not known; please say.")
    stated = StatedSerializer(
        allow_null=True, help_text="What an officer said instead; it counts before the model's."
    )
    confidence = serializers.FloatField(help_text="How sure the model is, 0 to 1; no measure of truth.")
    accuracy = serializers.FloatField(
        allow_null=True, help_text="Share that was right when it was measured, 0 to 1; null: not measured."
    )
    near = serializers.FloatField(
        allow_null=True,
        help_text="Share that was right or next to it, where values have an order; else null.",
    )
    measured = serializers.IntegerField(allow_null=True, help_text="Faces that it was measured on.")
    measured_on = serializers.CharField(allow_null=True, help_text="What kind of faces these were.")
    real_people = serializers.BooleanField(help_text="Whether these were photographs of real people.")


class AttributesSerializer(serializers.Serializer[Any]):
    """What the attribute models of a bundle predict of a face."""

    bundle = serializers.CharField(help_text="SHA-256 of the bundle.json of the models that judged.")
    note = serializers.CharField(help_text="What must be known of the predictions, in plain sentences.")
    predicted = PredictedSerializer(many=True)


def attributes_of(face: Face) -> dict[str, Any] | None:
    """The predictions of ``face``, in the order in which its bundle gave them; None where it gave none."""
    if face.attributes is None or face.predictor is None:
        return None
    reliability = face.predictor.reliability
    stated = {one["name"]: {key: one[key] for key in ("value", "by", "at")} for one in face.stated}
    listed = [*face.attributes, *_only_stated(face)]
    return {
        "bundle": face.predictor.bundle,
        "note": note([one["name"] for one in face.attributes], reliability),
        "predicted": [
            {**one, "stated": stated.get(one["name"]), **_measured(reliability.get(one["name"]))}
            for one in listed
        ],
    }


def _only_stated(face: Face) -> list[dict[str, Any]]:
    """What officers said of what the model says nothing of, as baldness where it tells hair."""
    predicted = {one["name"] for one in face.attributes or ()}
    names = [one["name"] for one in face.stated if one["name"] not in predicted]
    return [{"name": name, "value": None, "confidence": 0.0} for name in names]


def _measured(entry: dict[str, Any] | None) -> dict[str, Any]:
    if entry is None:
        unknown = dict.fromkeys(("accuracy", "near", "measured", "measured_on"))
        return {**unknown, "real_people": False}
    return {
        "accuracy": entry["accuracy"],
        "near": entry.get("near"),
        "measured": entry["n"],
        "measured_on": entry["measured_on"],
        "real_people": entry.get("real_people", False),
    }
