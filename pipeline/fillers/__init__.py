"""Faces like a suspect's (thesis §3.4.5): where they are drawn, and how a page of them is chosen."""

from pipeline.fillers.ball import Neighbourhood, centred_cosine
from pipeline.fillers.band import Band, Limits
from pipeline.fillers.choice import Choice, choose
from pipeline.fillers.directions import Directions, NoDirection
from pipeline.fillers.locks import CannotLock, Locks
from pipeline.fillers.realism import RealismScale
from pipeline.fillers.reasons import Reason
from pipeline.fillers.search import (
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
    "RealismScale",
    "Reason",
    "Search",
    "Wanted",
    "centred_cosine",
    "choose",
    "distance_of",
]
