"""``evaluate attributes``: how often attribute models are right, and what generated faces look like."""

import argparse
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.command_line import BadInput
from pipeline.evaluation.annotation.annotating import faces_in
from pipeline.evaluation.annotation.served import Served
from pipeline.evaluation.annotation.words import carried
from pipeline.evaluation.bundles import name_of, opened
from pipeline.evaluation.measurement import resumable
from pipeline.evaluation.predictors.examining import examine, side_of
from pipeline.evaluation.predictors.report import mistake_sheets, report_of, shown_of, summary_of
from pipeline.evaluation.report import Outcome, write_report
from pipeline.networks.attributes import CombinedAttributes
from pipeline.networks.bundle import Bundle, sha256_of
from pipeline.training.attributes.celeba import split_celeba
from pipeline.training.attributes.fairface import split_fairface
from pipeline.training.attributes.heads import split_heads
from pipeline.training.attributes.labelled import Split
from pipeline.training.attributes.trained import MODEL, load_trained


@dataclass(frozen=True)
class Predictors:
    """Attribute models, what is known of them, and the bundle that they go with, they in it, if any."""

    models: CombinedAttributes
    facts: dict[str, Any]
    served: Served | None


@resumable()
def measure(arguments: argparse.Namespace) -> Outcome:
    """Examine attribute models, and write down how often each trait is right."""
    if arguments.data is None and not arguments.faces:
        raise BadInput("name labelled faces with --data, or faces to be counted with --faces.")
    with nullcontext() if arguments.bundle is None else opened(arguments.bundle) as bundle:
        return measured(arguments, bundle)


def measured(arguments: argparse.Namespace, bundle: Bundle | None) -> Outcome:
    """Examine attribute models: those of a bundle, if there is one, and those that are named."""
    folder, paths = arguments.data, arguments.faces
    named = {"celeba": arguments.celeba, "fairface": arguments.fairface}
    predictors = predictors_of(bundle, {kind: path for kind, path in named.items() if path})
    split = None if folder is None else split_of(folder, arguments.layout, arguments.labels)
    faces = None
    if paths:
        if bundle is None:
            raise BadInput("--faces needs --bundle: its generator's faces are the scale of their realism.")
        faces = faces_in(paths, bundle)
    settings = {name: getattr(arguments, name) for name in ("data_faces", "generated", "seed", "truncation")}
    findings = examine(predictors.models, split, faces, predictors.served, arguments.out, **settings)
    data = None if folder is None else {"folder": str(folder), "layout": arguments.layout}
    report = report_of(predictors.facts, data, settings, findings)
    sheets = []
    if findings.measured is not None:
        sheets = mistake_sheets(findings.traits, findings.measured, side_of(predictors.models))
    return write_report(
        arguments.out, "attributes", report, sheets, summary=summary_of(report), **shown_of(report)
    )


def predictors_of(bundle: Bundle | None, trainings: Mapping[str, Path]) -> Predictors:
    """Open the models of a bundle, if there is one, and of trainings in place of its own, by kind.

    Raises:
        BadInput: there are none, or one is of another kind.
    """
    own = None if bundle is None else bundle.attributes()
    models = {} if own is None else {model.kind: model for model in own.models}
    facts: dict[str, Any] = {}
    digests = {}
    if bundle is not None:
        facts["bundle"] = f"{name_of(bundle)}, {bundle.folder}, {bundle.digest}"
    for kind, path in trainings.items():
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
    if bundle is None:
        return Predictors(combined, facts, None)
    served = replace(
        Served.of(bundle),
        attributes=combined,
        tells=carried(model.config for model in combined.models),
        predictors=digests,
        reliability={} if digests else bundle.reliability(),
    )
    return Predictors(combined, facts, served)


def split_of(folder: Path, layout: str, labels: Path | None) -> Split:
    """Read a data set; BadInput for whatever is wrong with it."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    if layout == "heads":
        return split_heads(folder, labels)
    if labels is not None:
        raise BadInput("--labels goes with --layout heads; the others have files of their own.")
    return split_celeba(folder) if layout == "celeba" else split_fairface(folder)
