"""How the pictures of a lineup look beside each other: evened out, and whether the suspect stands out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipeline.appearance.evening.compressing import Upload
from pipeline.appearance.evening.evened import even_out
from pipeline.appearance.evening.settings import EveningSettings
from pipeline.appearance.look import look_of
from pipeline.appearance.photograph import photograph_logits, shipped
from pipeline.appearance.standing_out import Member, standing_out
from pipeline.faces.detector import Image
from pipeline.faces.head import Head

#: Members of whom one can be said to stand out, or not.
FEWEST: Final = 3


@dataclass(frozen=True, eq=False)
class Appearance:
    """A lineup's pictures as a witness will see them.

    Attributes:
        suspect: uint8 (SIDE, SIDE, 3), RGB.
        fillers: as many as were given, in their order.
        evening: what was done to the pictures, as plain values; None where nothing was.
        check: whether the suspect stands out, in what, and one plain sentence; None of too few members.
    """

    suspect: Image
    fillers: Sequence[Image]
    evening: dict[str, Any] | None
    check: dict[str, Any] | None


def appearance(
    suspect: Head,
    fillers: Sequence[Head],
    identities: Sequence[npt.NDArray[np.float32]],
    *,
    even: bool,
    gown: bool,
    scale: float | None = None,
    quality: int | None = None,
    seed: int = 0,
) -> Appearance:
    """Even out a lineup's pictures, unless that is not wanted, and check them.

    Args:
        suspect, fillers: before one wall, in one garment.
        identities: who each is, the suspect first: float32 (d,), unit length.
        even: whether they are evened out.
        gown: whether they wear the gown.
        scale: pixels of the suspect's head for one of the photograph's; None: not known.
        quality: of the suspect's upload, 1..100; None: not known, or no JPEG.
        seed: of grain and of what stays different.
    """
    pictures, evening = [suspect.image, *(head.image for head in fillers)], None
    if even:
        upload = Upload(quality, 1.0 if scale is None else 1.0 / max(scale, 1e-3))
        evened = even_out(suspect, fillers, EveningSettings(gown=gown, seed=seed), upload)
        pictures, evening = [evened.suspect, *evened.fillers], evened.to_dict()
    heads = [replace(head, image=seen) for head, seen in zip((suspect, *fillers), pictures, strict=True)]
    check = None
    if len(heads) >= FEWEST:
        logits = photograph_logits(heads, shipped())
        members = [
            Member(look_of(head), who, logit)
            for head, who, logit in zip(heads, identities, logits, strict=True)
        ]
        check = standing_out(members, 0).to_dict()
    return Appearance(pictures[0], pictures[1:], evening, check)
