"""What a face looks like, in words (thesis §3.3): labels, predictions, descriptions. Without Keras."""

from pipeline.attributes.description import TRAITS, Description, Finding, Trait, describe
from pipeline.attributes.labels import AGES, CELEBA, GENDER, HAIR, RACES, REMAINING
from pipeline.attributes.predictions import Attributes
from pipeline.attributes.reliability import Reliability, Share

__all__ = [
    "AGES",
    "CELEBA",
    "GENDER",
    "HAIR",
    "RACES",
    "REMAINING",
    "TRAITS",
    "Attributes",
    "Description",
    "Finding",
    "Reliability",
    "Share",
    "Trait",
    "describe",
]
