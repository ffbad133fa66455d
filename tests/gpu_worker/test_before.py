"""What was kept before the rooms were moved still opens, and every face of it is made again."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from accounts.models import User
from gpu_worker import readiness
from gpu_worker.engine import Engine
from gpu_worker.loading import Models
from gpu_worker.readiness import Readiness
from gpu_worker.regenerating import make_again
from gpu_worker.stored import load
from lineups.models import Draw, Face, FaceKind, Job, Lineup, Page, Refinement
from lineups.services import pages, workers
from lineups.states import State
from tests.gpu_worker.conftest import Work, until
from tests.gpu_worker.tiny_engine import Marks
from tests.pipeline.refinement.counted import looks

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = Path(__file__).parents[1] / "fixtures" / "before"
MIGRATION = ("lineups", "0003_refinements")
SAVED, WAITING = "KRPA-1/2026", "KRPA-2/2026"
SAME = {"identical", "within one grey level"}


Rows = dict[str, list[dict[str, Any]]]


def put_back(kept: Rows, apps: Apps) -> None:
    """Write the rows as they were, into tables as they were."""
    for label, rows in kept.items():
        model = apps.get_model(label)
        later: list[tuple[Any, str, Any]] = []  # what names a row of the same table
        for row in rows:
            values = dict(row)
            for field in model._meta.concrete_fields:
                if field.remote_field and field.related_model is model and values[field.attname]:
                    later.append((values["id"], field.attname, values.pop(field.attname)))
                elif field.get_internal_type() == "DateTimeField" and values[field.attname]:
                    values[field.attname] = datetime.fromisoformat(values[field.attname])
            model(**values).save_base(raw=True, force_insert=True)
        for pk, name, value in later:
            model.objects.filter(pk=pk).update(**{name: value})


@pytest.fixture
def kept(transactional_db: None, media: Path) -> Rows:
    """The rows of then, in the database that was brought up to now as `manage.py migrate` does it."""
    rows: Rows = json.loads((BEFORE / "rows.json").read_text())
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([MIGRATION])
    try:
        others = [key for key in leaves if key[0] != "lineups"]
        put_back(rows, executor.loader.project_state([MIGRATION, *others]).apps)
        shutil.copytree(BEFORE / "media", media)
    finally:
        MigrationExecutor(connection).migrate([key for key in leaves if key[0] == "lineups"])
    return rows


@pytest.fixture(scope="module")
def networks() -> Engine:
    """An engine with the bundle of then."""
    return Engine.load(BEFORE / "bundle")


@pytest.fixture
def engine(networks: Engine) -> Engine:
    """The worker's engine."""
    return networks


@pytest.fixture
def working(kept: Rows, engine: Engine, detector: Marks) -> Iterator[Readiness]:
    """A worker of now, that generates and refines."""
    models = Models(engine, detector, "this process")
    ready = Readiness("worker@here", ("interactive", "refine"), lambda: models)
    ready.start()
    until(lambda row: row.ready, name=ready.name)
    readiness.serve(ready)
    yield ready
    readiness.serve(None)
    ready.stop()


@pytest.fixture
def desk(kept: Rows, api_as: Callable[[User], APIClient]) -> APIClient:
    """The browser of the officer of then."""
    return api_as(User.objects.get(username="olga"))


def waiting(kind: str) -> Job:
    return Job.objects.get(lineup__case_reference=WAITING, kind=kind, state=State.QUEUED)


def test_a_lineup_that_was_saved_then_is_shown_as_it_was(kept: Rows, desk: APIClient) -> None:
    (lineup,) = (row for row in kept["lineups.Lineup"] if row["case_reference"] == SAVED)
    (export,) = kept["lineups.Export"]

    shown = desk.get(f"/api/v1/lineups/{lineup['id']}/").json()

    assert (shown["state"], shown["export"]["order"]) == ("saved", export["order"])
    assert shown["export"]["sha256"] == export["sha256"]
    assert [page["kind"] for page in shown["pages"]] == [
        "generate", "generate", "generate", "interpolate", "refine", "generate",
    ]  # fmt: skip
    steered = shown["pages"][2]["wishes"]
    assert steered == {"locks": {"sex": "same"}, "distance": 0.5, "adjust": {"age": 1.5}}
    assert {member["role"] for member in shown["members"]} == {"suspect", "filler"}
    pictures = [shown["export"]["image"], shown["photos"][0]["image"], shown["members"][0]["face"]["image"]]
    assert all(desk.get(picture).content.startswith(b"\x89PNG") for picture in pictures)


def test_every_page_and_face_of_then_is_read_as_it_was_kept(kept: Rows, desk: APIClient) -> None:
    faces = {row["id"]: row for row in kept["lineups.Face"]}
    for page in kept["lineups.Page"]:
        shown = desk.get(f"/api/v1/pages/{page['id']}/").json()
        assert (shown["mean_similarity"], shown["inputs"]) == (page["mean_similarity"], page["inputs"])
        for face in shown["faces"]:
            assert face["sha256"] == faces[face["id"]]["sha256"]
            recipe = desk.get(f"/api/v1/faces/{face['id']}/").json()["recipe"]
            assert recipe == faces[face["id"]]["recipe"]


def test_every_face_of_then_is_made_again_with_the_bundle_of_then(kept: Rows, engine: Engine) -> None:
    assert {row["recipe"]["bundle"] for row in kept["lineups.Face"]} == {engine.digest}
    assert engine.band is not None
    assert list(engine.directions.vectors) == ["age"]
    made = Face.objects.filter(kind=FaceKind.SYNTHETIC)
    assert made.count() == sum(row["kind"] == "synthetic" for row in kept["lineups.Face"])
    assert {face.page.kind for face in made if face.page} == {"generate", "interpolate", "refine"}
    assert any(face.parsed_recipe.refinement for face in made)

    assert {make_again(face, engine).verdict for face in made} <= SAME


def test_a_refinement_of_then_is_gone_on_from(
    working: Readiness, engine: Engine, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = waiting("refine")
    earlier = Refinement.objects.get(lineup=job.lineup)

    def refine(crops: Any, *, start: Any, **_: Any) -> Any:
        assert start.digest == load(earlier).digest
        return engine._refining.refiner.refine(crops, limit=looks(400), start=start)

    monkeypatch.setattr(engine, "refine", refine)
    done = work(job)

    assert done.state == State.SUCCEEDED, done.reason
    later = Refinement.objects.get(job=done)
    assert (later.started_from, later.notes["started_from"]) == (earlier, earlier.digest)
    # Not to the last digit: weights are stored in half precision.
    assert later.notes["before"] == pytest.approx(earlier.notes["after"], rel=1e-2)


def test_jobs_that_waited_then_are_done_now(working: Readiness, work: Work) -> None:
    examined, generated = work(waiting("examine")), work(waiting("generate"))

    assert (examined.state, generated.state) == (State.SUCCEEDED, State.SUCCEEDED), generated.reason
    page = generated.page
    assert (page.similarity_rank, page.faces.count()) == (2, 12)
    before = Page.objects.get(lineup=page.lineup, kind="generate", similarity_rank=1)
    assert before.mean_similarity is not None
    assert generated.draw.previous == before.job.draw
    assert page.faces.all()[0].recipe["below"] == pytest.approx(before.mean_similarity)


def test_every_draw_of_then_has_its_row_and_follows_the_one_it_stayed_below(kept: Rows) -> None:
    asked = [row for row in kept["lineups.Job"] if row["kind"] in {"generate", "refine"}]

    assert Draw.objects.count() == len(asked)
    for row in asked:
        draw = Draw.objects.get(job=row["id"])
        assert (draw.seed, draw.rank) == (row["request"]["seed"], row["request"].get("similarity_page", 1))
        below = draw.previous.mean_similarity if draw.previous else None
        assert below == pytest.approx(row["request"].get("below"))


@pytest.mark.parametrize("kind", ["generate", "refine"])
def test_the_next_page_goes_on_with_the_draw_of_then(kept: Rows, desk: APIClient, kind: str) -> None:
    workers.report("worker@here", queues=["interactive"], ready=True)
    lineup = Lineup.objects.get(case_reference=WAITING)
    desk.post(f"/api/v1/jobs/{waiting('generate').pk}/cancel/")
    page = lineup.pages.get(kind=kind)
    shown = desk.get(f"/api/v1/lineups/{lineup.pk}/").json()["pages"]
    (following,) = (brief["next"] for brief in shown if brief["id"] == str(page.pk))

    answer = desk.post(f"/api/v1/lineups/{lineup.pk}/jobs/", following, format="json")

    assert answer.status_code == 202, answer.content
    request = Job.objects.get(pk=answer.json()["id"]).request
    drawn = page.faces.filter(position__gt=1) if kind == "refine" else page.faces.all()
    assert request["seed"] == page.job.request["seed"]
    assert request["similarity_page"] == 2
    assert request["below"] == pytest.approx(fmean(face.similarity or 0.0 for face in drawn))


def test_a_page_from_another_face_of_then_draws_anew(kept: Rows) -> None:
    workers.report("worker@here", queues=["interactive"], ready=True)
    lineup = Lineup.objects.get(case_reference=WAITING)
    Job.objects.filter(pk=waiting("generate").pk).move(State.CANCELLED)
    page = lineup.pages.get(kind="refine")

    asked = pages.generate(
        lineup, face=page.faces.get(position=2).pk, similarity_page=2, by=User.objects.get(username="olga")
    )

    assert asked.request["seed"] != page.job.request["seed"]
    assert "below" not in asked.request
