"""From several heads one photographic person who does not exist.

The first head, the donor, gives hair, ears, neck, outline and complexion; shape, eyes, nose, mouth and skin
come from the others. ``blend`` makes the face, ``Shares`` say who gives what, ``suits`` says who may be mixed
with whom, ``faults_of`` and
``faults_of_donor`` why a head is not good enough to give anything.
"""

from pipeline.gallery.blending.anatomy import mirrored
from pipeline.gallery.blending.blend import Blend, blend
from pipeline.gallery.blending.partners import Person, lends, suits
from pipeline.gallery.blending.quality import Fault, Finding, faults_of, faults_of_donor
from pipeline.gallery.blending.shares import MOST_OF_THE_DONOR, Shares
from pipeline.gallery.blending.traits import Traits, traits_of

__all__ = [
    "MOST_OF_THE_DONOR",
    "Blend",
    "Fault",
    "Finding",
    "Person",
    "Shares",
    "Traits",
    "blend",
    "faults_of",
    "faults_of_donor",
    "lends",
    "mirrored",
    "suits",
    "traits_of",
]
