"""A gallery from its beginning, or from wherever its build was ended, to its end."""

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from pipeline.command_line import BadInput
from pipeline.gallery.building.alike import known
from pipeline.gallery.building.balance import Weights, counted, freshness, traits, weights
from pipeline.gallery.building.containers import Container
from pipeline.gallery.building.coordinator import Progress, Tries, done
from pipeline.gallery.building.drawing import Drawing
from pipeline.gallery.building.job import Job
from pipeline.gallery.building.layout import Layout
from pipeline.gallery.building.outcomes import Outcome
from pipeline.gallery.building.portraits import Portrait, digest
from pipeline.gallery.building.report import Finished, write_report
from pipeline.gallery.building.settings import Settings
from pipeline.gallery.building.sources import Source, Sources
from pipeline.gallery.building.targets import TARGETS
from pipeline.gallery.building.tasks import Preparation
from pipeline.whole_files import write_whole
from pipeline.workers.staff import Staff
from pipeline.workers.undisturbed import alone, terminable
from pipeline.workers.workers import Workers


def plan_of(found: Sequence[Portrait], settings: Settings, container: str) -> dict[str, Any]:
    """Everything that the faces depend on, as plain values; no names.

    Not how many are wanted: the first of them are the same.
    """
    decisive = {name: value for name, value in settings.to_json().items() if name != "count"}
    return {
        "settings": decisive,
        "targets": TARGETS,
        "portraits": len(found),
        "digest": digest(found),
        "container": container,
    }


def build(
    found: Sequence[Portrait],
    settings: Settings,
    folder: Path,
    container: Container,
    staff: Staff,
    *,
    keep_sources: bool = False,
) -> dict[str, Any]:
    """Make a gallery, or go on with it; its report.

    However the process ends, nothing is lost but what was under way: the same call goes on from there, and
    what comes of it is what an undisturbed one makes.

    Args:
        found: the portraits.
        folder: for everything: ``faces`` to be passed on, the report beside it, what is needed meanwhile.
        container: what the faces are written into.
        keep_sources: whether the prepared portraits stay.

    Raises:
        BadInput: the folder holds something else, another process is building in it, or the portraits give
            no more faces.
        WorkersLost: nobody is left to do the work.
        KeyboardInterrupt: Ctrl-C or SIGTERM.
    """
    layout = Layout(folder)
    job = Job(found, settings, layout)
    _settle(layout, plan_of(found, settings, container.name))
    if not layout.finished:
        layout.make()
        with alone(layout.lock), terminable():
            with staff(job) as workers:
                sources = _prepared(job, workers)
                progress = _tried(job, sources, workers)
            _require_enough(progress, sources, settings)
            container.write(layout, settings, progress.faces, len(sources.usable))
            write_report(Finished(layout, settings, sources, progress, found))
            shutil.rmtree(layout.work)
    if not keep_sources:
        shutil.rmtree(layout.sources, ignore_errors=True)
    report: dict[str, Any] = json.loads(layout.report.read_bytes())
    return report


def _settle(layout: Layout, plan: dict[str, Any]) -> None:
    """Take the folder for this plan, or find that it was taken for the same one before.

    Raises:
        BadInput: the folder holds something else.
    """
    plain = json.loads(json.dumps(plan))
    if layout.plan.exists():
        before = json.loads(layout.plan.read_bytes())
        if differing := [name for name in {**plain, **before} if plain.get(name) != before.get(name)]:
            raise BadInput(
                f"{layout.folder} was begun with other {' and '.join(differing)}: name another folder, or "
                "delete this one."
            )
        return
    if layout.folder.exists() and (not layout.folder.is_dir() or any(layout.folder.iterdir())):
        raise BadInput(f"{layout.folder} is not an empty folder: name another one.")
    layout.folder.mkdir(parents=True, exist_ok=True)
    write_whole(layout.plan, (json.dumps(plain, indent=2) + "\n").encode())


def _prepared(job: Job, workers: Workers) -> Sources:
    """Make sources of the portraits; what was made before is left as it is."""
    tasks = [Preparation(part) for part in range(job.parts) if not job.layout.part(part).exists()]
    with tqdm(total=job.parts, initial=job.parts - len(tasks), desc="portraits", unit="part") as bar:
        done(workers, tasks, bar.update)
    sources = Sources(job.layout, job.parts)
    if not sources.usable:
        raise BadInput(
            f"nothing can be made of any of {len(sources.all)} photographs; {_first_refused(sources)}"
        )
    return sources


def _first_refused(sources: Sources) -> str:
    reasons = ((one.name, one.out or one.no_hair) for one in sources.all)
    return next((f"{name}, for one: {reason}" for name, reason in reasons if reason), "none was refused")


def _tried(job: Job, sources: Sources, workers: Workers) -> Progress:
    """Try until there are faces enough, or as often as may be."""
    leads = Drawing(sources, job.settings.seed).leads
    if not leads:
        raise BadInput(
            f"{len(sources.usable)} of {len(sources.all)} photographs can be used, but nobody of them has "
            "hair and two others alike in sex, age, beard, expression, pose and light; "
            f"{_first_refused(sources)}"
        )
    with tqdm(total=job.settings.count, desc="faces", unit="face", smoothing=0.05) as bar:

        def report(faces: int, tries: int) -> None:
            bar.update(faces)
            bar.set_postfix(tries=tries)

        return Tries(job.layout, job.settings, workers, partial(balanced, leads), report).run()


def balanced(leads: Sequence[Source], outcomes: Sequence[Outcome]) -> Weights:
    """How likely each is the next for whose face others are drawn, after what came of tries so far."""
    faces = [outcome for outcome in outcomes if not outcome.reason]
    place = {lead.number: number for number, lead in enumerate(leads)}
    new, refused = np.zeros((2, len(leads)), np.int64)
    for outcome in outcomes:
        new[place[outcome.lead]] += not outcome.reason
        refused[place[outcome.lead]] += bool(outcome.reason)
    people = [traits(outcome.labels) for outcome in faces if outcome.labels]
    return weights([traits(known(lead)) for lead in leads], counted(people), freshness(new, refused))


def _require_enough(progress: Progress, sources: Sources, settings: Settings) -> None:
    if len(progress.accepted) < settings.count:
        reasons = Counter(outcome.reason for outcome in progress.outcomes if outcome.reason)
        raise BadInput(
            f"{len(sources.usable)} portraits gave {len(progress.accepted)} faces in "
            f"{len(progress.outcomes)} tries, not {settings.count}; most were refused since "
            f"{reasons.most_common(1)[0][0]}: the same command with --count "
            f"{max(1, len(progress.accepted))} writes them."
        )
