"""Everything that is measured of attribute models.

In histograms (thesis, figures 5.22 and 5.23) a face may have several of CelebA's labels; if no colour of hair
nor baldness reaches 0.5, the likeliest of them counts. Of age groups and ethnicities a face has exactly one,
the likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from pipeline.attributes import AGES, RACES, Attributes
from pipeline.command_line import BadInput
from pipeline.evaluation.annotation.annotating import annotate_with
from pipeline.evaluation.annotation.faces import Faces
from pipeline.evaluation.annotation.generated import GeneratedFaces
from pipeline.evaluation.annotation.making import Maker
from pipeline.evaluation.annotation.records import Row, read_records
from pipeline.evaluation.annotation.served import Served
from pipeline.evaluation.annotation.words import carried, from_columns
from pipeline.evaluation.classification import YesNo
from pipeline.evaluation.predictors.judging import Judged, judged_labels, judged_traits
from pipeline.evaluation.report import timed
from pipeline.networks.attributes import CombinedAttributes
from pipeline.training.attributes.labelled import Labelled, Split
from pipeline.training.attributes.pictures import Pictures, UnreadablePicture

# Pictures in memory at a time; features are not kept.
CHUNK: Final = 256


@dataclass(frozen=True)
class Histogram:
    """Counts of one set of faces.

    Attributes:
        what: the faces in words.
        faces: how many.
        counts: attribute → faces that have it.
    """

    what: str
    faces: int
    counts: dict[str, int]


@dataclass
class Findings:
    """What came out.

    Attributes:
        measured: faces that the models were measured on, if labels were given.
        labels: CelebA's labels, one by one.
        traits: keys of a description, each with one of several values.
        histograms: of the data and of generated faces, where there are any.
        seconds: part of the work → how long it took.
    """

    measured: Labelled | None
    labels: dict[str, YesNo] = field(default_factory=dict)
    traits: dict[str, Judged] = field(default_factory=dict)
    histograms: list[Histogram] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def examine(
    models: CombinedAttributes,
    data: Split | None,
    faces: Faces | None,
    served: Served | None,
    out: Path,
    *,
    data_faces: int,
    generated: int,
    seed: int,
    truncation: float,
) -> Findings:
    """Measure attribute models.

    Args:
        data: labelled faces; those that the models were not taught with are measured on.
        faces: counted as the data, in place of the labelled ones; only with ``served``.
        served: the bundle that the models go with, they in it; None where there is none.
        out: folder where annotations are kept, so that an ended run goes on.
        data_faces: at most so many faces of the data are in its histogram.
        generated: faces that are made for theirs; 0 for none.
        seed: of the generated faces, and of the choice among the data.
        truncation: ψ of the generated faces.
    """
    findings = Findings(None if data is None else data.measured)
    histograms, seconds = findings.histograms, findings.seconds
    if findings.measured is not None:
        with timed(seconds, "measured faces"):
            predicted = predicted_of(models, findings.measured.files, what="measured faces")
            findings.labels = judged_labels(predicted, findings.measured)
            findings.traits = judged_traits(predicted, findings.measured)
    with timed(seconds, "data"):
        if faces is not None and served is not None:
            histograms.append(_annotated("data", served, faces, out))
        elif data is not None:
            files = drawn(files_of(data), data_faces, seed=seed)
            histograms.append(histogram_of("data", predicted_of(models, files, what="data")))
    if served is not None and generated:
        with timed(seconds, "generated faces"):
            maker = Maker(served.bundle, served.networks)
            made = GeneratedFaces(maker, count=generated, seed=seed, truncation=truncation)
            histograms.append(_annotated("generated faces", served, made, out))
    return findings


def files_of(data: Split) -> list[Path]:
    """All pictures of a data set."""
    parts = (data.train, data.validation, data.held_out)
    return [file for part in parts if part is not None for file in part.files]


def drawn(files: Sequence[Path], most: int, *, seed: int) -> list[Path]:
    """All files, or so many of them at random, in their order."""
    if len(files) <= most:
        return list(files)
    places = np.random.default_rng(seed).choice(len(files), most, replace=False)
    return [files[place] for place in np.sort(places)]


def side_of(models: CombinedAttributes) -> int:
    """Side that pictures are read at: the largest that a model looks at."""
    return max(model.config.side for model in models.models)


def predicted_of(models: CombinedAttributes, files: Sequence[Path], *, what: str) -> Attributes:
    """Predict the attributes of pictures in files, with progress on standard error.

    Args:
        what: they are, for the progress.

    Raises:
        BadInput: a file is no picture.
    """
    pictures = Pictures(files, side_of(models), kept_bytes=0)
    parts = [carried(model.config for model in models.models).columns()]
    try:
        with tqdm(total=len(files), desc=what, unit="img", mininterval=1) as bar:
            for start in range(0, len(files), CHUNK):
                places = np.arange(start, min(start + CHUNK, len(files)))
                parts.append(models.predict(pictures[places]).columns())
                bar.update(len(places))
    except UnreadablePicture as error:
        raise BadInput(str(error)) from error
    return from_columns({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def histogram_of(what: str, attributes: Attributes) -> Histogram:
    """Count, in the order and by the names of ``Attributes.columns``."""
    counts = {label: int(there.sum()) for label, there in attributes.present().items()}
    for kind, table, groups, taught in (
        ("age", attributes.age, AGES, attributes.ages),
        ("race", attributes.race, RACES, attributes.races),
    ):
        if table is not None:
            likeliest = np.bincount(table.argmax(axis=1), minlength=len(groups))
            counts |= {f"{kind} {name}": int(likeliest[groups.index(name)]) for name in taught}
    return Histogram(what, len(attributes), counts)


def attributes_in(rows: Sequence[Row], outputs: Sequence[str]) -> Attributes:
    """What the rows of annotated faces say; faces with a problem are left out.

    Args:
        outputs: of the file's first line.
    """
    found = [row["probabilities"] for row in rows if "probabilities" in row]
    return from_columns({name: np.array([one[name] for one in found], np.float32) for name in outputs})


def _annotated(what: str, served: Served, faces: Faces, out: Path) -> Histogram:
    """Annotate faces into a file that can be asked later, and count."""
    path = out / f"{what.split(maxsplit=1)[0]}.jsonl"
    annotate_with(served, faces, path)
    records = read_records(path)
    return histogram_of(what, attributes_in(records.rows, records.head["outputs"]))
