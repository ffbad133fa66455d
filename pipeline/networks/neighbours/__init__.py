"""Faces like a suspect's (thesis §3.4.5): where they are drawn, and how a page of them is chosen."""

from pipeline.networks.neighbours.ball import Neighbourhood, centred_cosine
from pipeline.networks.neighbours.band import Band, Limits
from pipeline.networks.neighbours.choosing import Choice, choose
from pipeline.networks.neighbours.directions import Directions, NoDirection
from pipeline.networks.neighbours.locks import CannotLock, Locks
from pipeline.networks.neighbours.realism import RealismJudge, RealismScale
from pipeline.networks.neighbours.reasons import Reason
from pipeline.networks.neighbours.searching import (
    Candidate,
    Found,
    Maker,
    Search,
    Wanted,
    distance_of,
)

__all__ = [
    "Band",
    "Candidate",
    "CannotLock",
    "Choice",
    "Directions",
    "Found",
    "Limits",
    "Locks",
    "Maker",
    "Neighbourhood",
    "NoDirection",
    "RealismJudge",
    "RealismScale",
    "Reason",
    "Search",
    "Wanted",
    "centred_cosine",
    "choose",
    "distance_of",
]
