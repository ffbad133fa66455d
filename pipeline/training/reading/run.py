"""Teach a reader: portraits with labels in, the two files that ``pipeline.reading`` loads out."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipeline.command_line import BadInput
from pipeline.identity import FaceIdentity
from pipeline.reading import Reader
from pipeline.reading.files import Probes, write_probes
from pipeline.reading.words import AGE, VALUES
from pipeline.training.reading.labels import TEST, TRAIN, Person, read_labels
from pipeline.training.reading.measuring import reliability_of
from pipeline.training.reading.portraits import heads_of, read_landmarks
from pipeline.training.reading.seen import PLAIN, VARIANTS, Portraits, rows_of, see
from pipeline.training.reading.teaching import Taught, teach
from pipeline.whole_files import write_whole

SIGNS: Final = "signs"
"""Folder within the training's: what was measured of real people. Not to be given away."""
LANDMARKS: Final = "landmarks.npz"
HELD_OUT: Final = "cross-validation.json"


@dataclass(frozen=True)
class Sources:
    """Labelled portraits.

    Attributes:
        portraits: folder of pictures.
        people: their labels, in order.
        landmarks: of the portraits, where they are given.
        digest: of labels and landmarks.
    """

    portraits: Path
    people: Sequence[Person]
    landmarks: np.ndarray | None
    digest: str

    def seen(self) -> Portraits:
        """As ``see`` wants them."""
        return Portraits(
            lambda: heads_of(self.portraits, self.people, self.landmarks), len(self.people), self.digest
        )


def read_sources(portraits: Path, labels: Path, landmarks: Path | None) -> Sources:
    """Read what is given; landmarks by default from beside the labels, else they are found in the pictures.

    Raises:
        BadInput: something cannot be read, or does not belong together.
    """
    people = read_labels(labels)
    beside = labels.parent / LANDMARKS
    path = landmarks or (beside if beside.is_file() else None)
    points = None if path is None else read_landmarks(path, len(people))
    data = labels.read_bytes() + (b"" if points is None else points.tobytes())
    return Sources(portraits, people, points, hashlib.sha256(data).hexdigest())


def learn_reader(
    sources: Sources, out: Path, *, seed: int, facts: dict[str, Any], said: Callable[[str], object]
) -> list[str]:
    """Teach on the rows of the split "train", measure on those of "test", write.

    Returns:
        Lines that say how good it is.

    Raises:
        BadInput: a portrait cannot be used, or the labels teach nothing.
    """
    split = np.array([person.split for person in sources.people])
    if not ((split == TRAIN).any() and (split == TEST).any()):
        raise BadInput("The labels need rows of both splits, train and test.")
    identity, portraits = FaceIdentity.load(), sources.seen()
    seen = {name: see(portraits, name, out / SIGNS, identity, seed=seed, said=said) for name in VARIANTS}
    learners = [person for person in sources.people if person.split == TRAIN]
    taught = teach(learners, [rows_of(signs, split == TRAIN) for signs in seen.values()], seed)
    probes = Probes(taught.age, taught.classes, {}, facts, identity.digest)
    others = [person for person in sources.people if person.split == TEST]
    reads = Reader(probes, identity).reads(rows_of(seen[PLAIN], split == TEST))
    reliability = reliability_of(others, reads)
    write_probes(out, Probes(taught.age, taught.classes, reliability, facts, identity.digest))
    write_whole(out / HELD_OUT, (json.dumps(held_out(taught, learners), indent=1) + "\n").encode())
    return [f"{key:18} {one.accuracy:.3f}" + near_words(one.near) for key, one in reliability.items()]


def near_words(near: float | None) -> str:
    """What is said of age groups beside how often they are right."""
    return "" if near is None else f", within one group {near:.3f}"


def held_out(taught: Taught, people: Sequence[Person]) -> dict[str, dict[str, float]]:
    """How often each key was right of people while they were held out of what was learned."""
    figures = {}
    for key, probabilities in taught.held_out.items():
        truth = np.array([VALUES[key].index(person.traits[key]) for person in people])
        reliable = taught.age.reliable if key == AGE else taught.classes[key].reliable
        found, said = probabilities.argmax(axis=1), probabilities.max(axis=1) >= reliable
        right = found == truth
        figures[key] = {
            "right": round(float(right.mean()), 4),
            "reliable": round(reliable, 4),
            "said": round(float(said.mean()), 4),
            "right_of_said": round(float(right[said].mean()), 4),
            "strength": taught.strengths[key],
            **({"within_one": round(float((abs(found - truth) <= 1).mean()), 4)} if key == AGE else {}),
        }
    return figures
