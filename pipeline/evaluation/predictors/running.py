"""``evaluate attributes``, from its arguments to the files."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.command_line import BadInput
from pipeline.evaluation.annotation.faces import Faces
from pipeline.evaluation.annotation.running import Asked, faces_of
from pipeline.evaluation.predictors.examining import Examiner, Settings
from pipeline.evaluation.predictors.mistakes import mistake_sheets
from pipeline.evaluation.predictors.predicting import side_of
from pipeline.evaluation.predictors.report import report_of, write_report
from pipeline.evaluation.sampling import Sampler
from pipeline.evaluation.subject import Subject, from_bundle
from pipeline.networks.attributes import CombinedAttributes
from pipeline.networks.bundle import sha256_of
from pipeline.training.attributes.celeba import split_celeba
from pipeline.training.attributes.fairface import split_fairface
from pipeline.training.attributes.heads import split_heads
from pipeline.training.attributes.labelled import Split
from pipeline.training.attributes.trained import MODEL, load_trained


@dataclass(frozen=True)
class Sources:
    """Where things lie.

    Attributes:
        bundle: with the generator and, unless they are named, the attribute models; or None.
        models: "celeba", "fairface" → the model of a training, instead of the bundle's.
        data: folder of labelled faces, if any.
        layout: "celeba", "fairface" or "heads".
        labels: of heads, where they do not lie in ``data``.
        faces: folders, archives, pictures of faces without labels that are counted as the data.
    """

    bundle: Path | None
    models: dict[str, Path]
    data: Path | None
    layout: str
    labels: Path | None
    faces: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Predictors:
    """Attribute models, what is known of them, and the generator that they go with, if any."""

    models: CombinedAttributes
    facts: dict[str, Any]
    subject: Subject | None


def evaluate_attributes(sources: Sources, settings: Settings, out: Path) -> dict[str, Any]:
    """Examine attribute models, write the report into ``out`` and return it."""
    if sources.data is None and not sources.faces:
        raise BadInput("name labelled faces with --data, or faces to be counted with --faces.")
    predictors = predictors_of(sources)
    split = None if sources.data is None else split_of(sources.data, sources)
    sampler = None if predictors.subject is None else Sampler(predictors.subject)
    findings = Examiner(predictors.models, sampler, out, settings).run(
        split, faces_to_count(sampler, sources)
    )
    data = None if sources.data is None else {"folder": str(sources.data), "layout": sources.layout}
    report = report_of(predictors.facts, data, settings, findings)
    sheets = (
        []
        if findings.measured is None
        else mistake_sheets(findings.traits, findings.measured, side_of(predictors.models))
    )
    write_report(out, report, sheets)
    return report


def faces_to_count(sampler: Sampler | None, sources: Sources) -> Faces | None:
    """Faces without labels, if some are named; BadInput if there are none or no bundle."""
    if not sources.faces:
        return None
    if sampler is None:
        raise BadInput("--faces needs --bundle: its generator's faces are the scale of their realism.")
    return faces_of(sampler, Asked(paths=sources.faces))


def predictors_of(sources: Sources) -> Predictors:
    """Open the models; BadInput where there are none."""
    subject = None if sources.bundle is None else from_bundle(sources.bundle)
    models = {} if subject is None else {model.kind: model for model in _models(subject)}
    facts: dict[str, Any] = {}
    digests = {}
    if subject is not None:
        facts["bundle"] = f"{subject.facts['name']}, {subject.facts['path']}, {subject.facts['digest']}"
    for kind, path in sources.models.items():
        trained = load_trained(path)
        if trained.model.kind != kind:
            raise BadInput(f"{path} is a {trained.model.kind} model: name it with --{trained.model.kind}.")
        models[kind] = trained.model
        digests[kind] = sha256_of(path / MODEL if path.is_dir() else path)
        facts[f"{kind}_model"] = f"{path}, {digests[kind]}"
    if not models:
        raise BadInput("there are no attribute models: name a bundle that has some, or --celeba, --fairface.")
    combined = CombinedAttributes(models.get("celeba"), models.get("fairface"))
    for model in combined.models:
        heads = "; ".join(f"{name}: {', '.join(labels)}" for name, labels in model.config.heads.items())
        facts[f"{model.kind}_tells"] = heads.replace("_", " ")
        facts[f"{model.kind}_backbone"] = f"{model.config.backbone.name}, {model.config.side} px"
    if subject is not None:
        reliability = {} if digests else subject.reliability
        subject = replace(subject, attributes=combined, predictors=digests, reliability=reliability)
    return Predictors(combined, facts, subject)


def split_of(folder: Path, sources: Sources) -> Split:
    """Read the data set; BadInput for whatever is wrong with it."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    if sources.layout == "heads":
        return split_heads(folder, sources.labels)
    if sources.labels is not None:
        raise BadInput("--labels goes with --layout heads; the others have files of their own.")
    return split_celeba(folder) if sources.layout == "celeba" else split_fairface(folder)


def _models(subject: Subject) -> Any:
    return () if subject.attributes is None else subject.attributes.models
