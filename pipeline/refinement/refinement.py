"""A refinement: what was changed of a bundle's networks for one person, as one small file."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, Self

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from pipeline.whole_files import write_whole

Arrays = Mapping[str, np.ndarray]
FORMAT: Final = "ligan-refinement-1"
PIVOTS: Final = "pivots"
NETWORKS: Final = ("generator", "encoder")
# More than both networks of the largest preset take.
LARGEST: Final = 512 * 1024 * 1024
Ended = Literal["time", "no improvement", "enough"]
ENDS: Final = ("time", "no improvement", "enough")
DEFAULT_METHOD: Final = "pivotal"  # the better one, see docs/refinement.md


class RefinementError(Exception):
    """A refinement that cannot be used; ``str()`` says why."""


@dataclass(frozen=True)
class Notes:
    """How a refinement was made.

    Attributes:
        bundle: digest of the bundle whose weights were changed.
        method: name of the method.
        photographs: how many it was made for.
        same_person: whether those share one pivot.
        seconds: how long it took, everything included.
        ended: the time was up, nothing improved any more, or somebody was content.
        steps: steps of each phase, by name.
        before, after: losses at the pivots before the first step and after the last, by name: "pixel" is the
            mean squared error of pixels in [-1, 1], "feature" that of the discriminator's features.
        started_from: digest of the earlier refinement that it went on from, or None.
    """

    bundle: str
    method: str
    photographs: int
    same_person: bool
    seconds: float
    ended: Ended
    steps: Mapping[str, int]
    before: Mapping[str, float]
    after: Mapping[str, float]
    started_from: str | None

    def to_json(self) -> str:
        """Always the same text for the same notes."""
        return json.dumps(asdict(self), sort_keys=True, allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of :meth:`to_json`; RefinementError for anything else."""
        try:
            values = json.loads(text)
            notes = cls(**values)
            notes._check()
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise RefinementError(f"the refinement's notes cannot be read: {error!r}") from error
        return notes

    def _check(self) -> None:
        """ValueError or TypeError for values of another kind."""
        digests = (self.bundle, self.started_from or self.bundle)
        if not all(isinstance(digest, str) for digest in (*digests, self.method)):
            raise TypeError("digests and names are text")
        if type(self.photographs) is not int or type(self.same_person) is not bool or self.photographs < 1:
            raise TypeError("photographs are counted, and of one person or not")
        if self.ended not in ENDS:
            raise ValueError(f"nothing ends with {self.ended!r}")
        numbers: dict[str, Any] = {**self.steps, **self.before, **self.after, "seconds": self.seconds}
        if not all(
            isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)
            for x in numbers.values()
        ):
            raise TypeError("steps, losses and seconds are numbers")


@dataclass(frozen=True, eq=False)
class Refinement:
    """Changed weights, the points in w+ that they were changed for, and how they came about.

    Made by :meth:`of` or :meth:`load`, so that what is in memory is what is in the file, rounding to float16
    included.

    Attributes:
        generator, encoder: changed weights float16 by their path in the network; the encoder's are empty
            where the method leaves it as it is.
        pivots: float32 (k, num_ws, w_dim), the w+ of each photograph; k = 1 for one person.
        notes: how it was made.
        digest: SHA-256 of the file's bytes: its name in recipes and caches.
    """

    generator: Arrays
    encoder: Arrays
    pivots: np.ndarray
    notes: Notes
    digest: str
    data: bytes

    @classmethod
    def of(cls, *, generator: Arrays, encoder: Arrays, pivots: np.ndarray, notes: Notes) -> Self:
        """Make one of weights as they are; RefinementError if float16 has no number for one of them."""
        arrays = {PIVOTS: np.ascontiguousarray(pivots, np.float32)}
        with np.errstate(over="ignore"):  # infinities are refused below
            for network, weights in zip(NETWORKS, (generator, encoder), strict=True):
                for path, array in weights.items():
                    arrays[f"{network}:{path}"] = np.asarray(array, np.float16, order="C")
        # One entry only: of several, safetensors does not fix the order.
        return cls.from_bytes(save(arrays, metadata={FORMAT: notes.to_json()}))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what a file holds.

        Raises:
            RefinementError: it is damaged, too large or something else.
        """
        if len(data) > LARGEST:
            raise RefinementError(f"the refinement has {len(data):,} bytes; no refinement is so large")
        notes, arrays = _parsed(data)
        pivots = arrays.pop(PIVOTS, None)
        if pivots is None or pivots.dtype != np.float32 or pivots.ndim != 3 or len(pivots) < 1:
            raise RefinementError("the refinement has no pivots")
        networks: dict[str, dict[str, np.ndarray]] = {name: {} for name in NETWORKS}
        for name, array in arrays.items():
            network, _, path = name.partition(":")
            if network not in networks or not path or array.dtype != np.float16:
                raise RefinementError(f"the refinement holds something else: {name}")
            networks[network][path] = array
        if not all(np.isfinite(array).all() for array in (pivots, *arrays.values())):
            raise RefinementError("the refinement holds values that are no numbers")
        return cls(
            generator=MappingProxyType(networks["generator"]),
            encoder=MappingProxyType(networks["encoder"]),
            pivots=pivots,
            notes=notes,
            digest=hashlib.sha256(data).hexdigest(),
            data=data,
        )

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_whole(path, self.data)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file that :meth:`save` wrote.

        Raises:
            RefinementError: it is missing, damaged, too large or something else.
        """
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise RefinementError(f"the refinement cannot be read: {error}") from error
        return cls.from_bytes(data)

    def made_for(self, bundle_digest: str) -> None:
        """RefinementError unless it changes the bundle of this digest."""
        if self.notes.bundle != bundle_digest:
            raise RefinementError(
                f"the refinement was made for another bundle: {self.notes.bundle[:12]}…, "
                f"not {bundle_digest[:12]}…"
            )


def _parsed(data: bytes) -> tuple[Notes, dict[str, np.ndarray]]:
    try:
        arrays = load(data)
    except SafetensorError as error:
        raise RefinementError(f"the refinement is no safetensors file: {error}") from error
    except KeyError as error:  # of a type that NumPy has not
        raise RefinementError(f"the refinement holds something else: numbers of type {error}") from error
    return _notes_in(data), arrays


def _notes_in(data: bytes) -> Notes:
    """The notes in the header, whose bounds safetensors has checked before."""
    length = int.from_bytes(data[:8], "little")
    metadata = json.loads(data[8 : 8 + length]).get("__metadata__") or {}
    if FORMAT not in metadata:
        raise RefinementError(f"the refinement is not of the format {FORMAT}")
    return Notes.from_json(metadata[FORMAT])
