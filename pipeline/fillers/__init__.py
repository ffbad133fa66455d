"""The heart: which faces may stand beside a suspect, and where they come from (thesis §3.4.5). NumPy only.

Read ``search`` first: a source gives candidates, ``choice`` chooses a set of them inside the ``band``, and
``reasons`` says why a face was left out.
"""

from pipeline.fillers.ball import points_in_ball
from pipeline.fillers.band import Band, Limits
from pipeline.fillers.choice import Choice, choose
from pipeline.fillers.directions import Directions, NoDirection
from pipeline.fillers.face import Changes, Composition, Description, Latent, OtherSource, SyntheticFace
from pipeline.fillers.locks import CannotLock, Locks
from pipeline.fillers.page import Page, PageRequest, distance_of
from pipeline.fillers.realism import RealismScale
from pipeline.fillers.reasons import Reason
from pipeline.fillers.search import Search
from pipeline.fillers.source import FaceModels, GeneratorSource, Source, Step
from pipeline.fillers.spread import TooFewFaces, pick
from pipeline.fillers.subspace import Subspace

__all__ = [
    "Band",
    "CannotLock",
    "Changes",
    "Choice",
    "Composition",
    "Description",
    "Directions",
    "FaceModels",
    "GeneratorSource",
    "Latent",
    "Limits",
    "Locks",
    "NoDirection",
    "OtherSource",
    "Page",
    "PageRequest",
    "RealismScale",
    "Reason",
    "Search",
    "Source",
    "Step",
    "Subspace",
    "SyntheticFace",
    "TooFewFaces",
    "choose",
    "distance_of",
    "pick",
    "points_in_ball",
]
