"""Everything that is measured of attribute models."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from pipeline.evaluation.annotation.faces import GeneratedFaces
from pipeline.evaluation.annotation.records import read_records
from pipeline.evaluation.annotation.running import annotate_with
from pipeline.evaluation.classification import YesNo
from pipeline.evaluation.predictors.histogram import Histogram, attributes_in, histogram_of
from pipeline.evaluation.predictors.judging import Judged, judged_labels, judged_traits
from pipeline.evaluation.predictors.predicting import predicted_of
from pipeline.evaluation.sampling import Sampler
from pipeline.evaluation.subject import Subject
from pipeline.networks.attributes import CombinedAttributes
from pipeline.training.attributes.labelled import Labelled

GENERATED: Final = "generated.jsonl"


@dataclass(frozen=True)
class Settings:
    """How much is looked at.

    Attributes:
        data_faces: at most so many faces of the data are in its histogram.
        generated: faces that are made for theirs; 0 for none.
        seed: of the generated faces, and of the choice among the data.
        truncation: ψ of the generated faces.
    """

    data_faces: int = 10_000
    generated: int = 10_000
    seed: int = 0
    truncation: float = 1.0


@dataclass
class Findings:
    """What came out.

    Attributes:
        faces: that the models were measured on.
        labels: CelebA's labels, one by one.
        traits: keys of a description, each with one of several values.
        histograms: of the data and of generated faces, where there are any.
        seconds: part of the work → how long it took.
    """

    faces: Labelled
    labels: dict[str, YesNo] = field(default_factory=dict)
    traits: dict[str, Judged] = field(default_factory=dict)
    histograms: list[Histogram] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, part: str) -> Iterator[None]:
        """Note how long a part takes."""
        started = time.monotonic()
        yield
        self.seconds[part] = round(time.monotonic() - started, 2)


def examine(
    models: CombinedAttributes,
    measured: Labelled,
    data: list[Path],
    settings: Settings,
    *,
    subject: Subject | None,
    out: Path,
) -> Findings:
    """Measure attribute models.

    Args:
        measured: faces that they were not taught with.
        data: all faces of the data, for the histogram.
        subject: the generator whose faces are counted; it has the models too. None: no such histogram.
        out: folder where the generated faces' annotations are kept, so that an ended run goes on.
    """
    findings = Findings(measured)
    with findings.timed("measured faces"):
        predicted = predicted_of(models, measured.files, what="measured faces")
        findings.labels = judged_labels(predicted, measured)
        findings.traits = judged_traits(predicted, measured)
    with findings.timed("data"):
        chosen = drawn(data, settings.data_faces, seed=settings.seed)
        found = predicted_of(models, chosen, what="data")
        findings.histograms.append(histogram_of("data", found))
    if subject is not None and settings.generated:
        with findings.timed("generated faces"):
            sampler = Sampler(subject)
            faces = GeneratedFaces(
                sampler, count=settings.generated, seed=settings.seed, truncation=settings.truncation
            )
            annotate_with(sampler, faces, out / GENERATED)
            records = read_records(out / GENERATED)
            made = attributes_in(records.rows, records.head["outputs"])
            findings.histograms.append(histogram_of("generated faces", made))
    return findings


def drawn(files: list[Path], most: int, *, seed: int) -> list[Path]:
    """All files, or so many of them at random, in their order."""
    if len(files) <= most:
        return files
    places = np.random.default_rng(seed).choice(len(files), most, replace=False)
    return [files[place] for place in np.sort(places)]
