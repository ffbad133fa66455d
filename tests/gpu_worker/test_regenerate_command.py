"""``manage.py regenerate`` makes a face again and says whether it is the same, or why it cannot say."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from accounts.audit.models import AuditEvent
from accounts.models import User
from gpu_worker.engine import Engine
from gpu_worker.engine import Refinement as Tuned
from lineups import png
from lineups.models import Face, Job, Lineup, Refinement
from lineups.recipes import pack, unpack
from lineups.selectors import pixels
from lineups.services import pages, refinements, workers
from lineups.states import State
from pipeline.serving.arithmetic import Arithmetic
from pipeline.serving.runtimes import Runtime
from tests.gpu_worker.conftest import Work
from tests.pipeline.refinement.counted import looks
from tests.pipeline.tiny_bundle import write_tiny_bundle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with untrained networks."""
    folder = tmp_path_factory.mktemp("bundle")
    write_tiny_bundle(folder)
    return folder


@pytest.fixture(scope="module")
def networks(bundle: Path) -> Engine:
    """An engine with them, and what it has traced."""
    return Engine.load(bundle)


@pytest.fixture
def engine(bundle: Path, networks: Engine, settings: Any) -> Engine:
    """The worker's engine; the command loads one of its own."""
    settings.LIGAN_BUNDLE = bundle
    return networks


@pytest.fixture(scope="module")
def reached(networks: Engine) -> Callable[[np.ndarray], Tuned]:
    """Refines by crops, once for the same ones, until so many looks at the clock."""
    done: dict[bytes, Tuned] = {}

    def refine(crops: np.ndarray) -> Tuned:
        key = crops.tobytes()
        if key not in done:
            done[key] = networks._refining.refiner.refine(crops, limit=looks(400))
        return done[key]

    return refine


@pytest.fixture
def face(draft: Lineup, suspect: Face, work: Work, officer: User) -> Face:
    """A face that the worker has made."""
    done = work(pages.generate(draft, face=suspect.pk, seed=7, by=officer))
    made: Face = done.page.faces.order_by("position")[4]
    return made


@pytest.fixture
def refined(
    draft: Lineup,
    suspect: Face,
    work: Work,
    officer: User,
    engine: Engine,
    reached: Callable[[np.ndarray], Tuned],
    monkeypatch: pytest.MonkeyPatch,
) -> Face:
    """A face of a refined page."""
    monkeypatch.setattr(engine, "refine", lambda crops, **how: reached(crops))
    workers.report("refine@here", queues=["refine"], ready=True)
    done: Job = work(refinements.refine(draft, faces=[suspect.pk], seconds=60, by=officer))
    assert done.state == State.SUCCEEDED, done.reason
    made: Face = done.page.faces.order_by("position")[0]
    return made


def regenerate(*arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output, standard error."""
    out, error = io.StringIO(), io.StringIO()
    try:
        call_command("regenerate", *map(str, arguments), stdout=out, stderr=error)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), error.getvalue()
    return 0, out.getvalue(), error.getvalue()


def retouched(face: Face, media: Path, *, by: int) -> None:
    """Change one pixel of the picture that was kept, by so many grey levels."""
    changed = pixels(face.image).copy()
    changed[3, 4, 1] = changed[3, 4, 1] - by if changed[3, 4, 1] >= by else changed[3, 4, 1] + by
    (media / str(face.image.name)).write_bytes(png.encode(changed))


def last_event() -> AuditEvent:
    return AuditEvent.objects.filter(action="face.regenerated").order_by("-seq")[0]


@pytest.mark.parametrize("made_by", ["face", "refined"])
def test_a_face_comes_out_as_it_was_kept(
    made_by: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    face: Face = request.getfixturevalue(made_by)

    status, out, error = regenerate(face.pk, "--out", tmp_path / "again.png")

    assert (status, out, error) == (0, f"{face.pk}: identical.\n", "")
    with Image.open(tmp_path / "again.png") as again:
        assert np.array_equal(np.asarray(again), pixels(face.image))
    event = last_event()
    assert (event.object_id, event.outcome) == (str(face.pk), "ok")
    assert (event.data["verdict"], event.data["sha256"]) == ("identical", face.sha256)


def test_the_comparison_is_printed_as_json(refined: Face, engine: Engine) -> None:
    status, out, _ = regenerate(refined.pk, "--json")

    assert status == 0
    assert json.loads(out) == {
        "face": str(refined.pk), "verdict": "identical", "largest_difference": 0, "pixels": 0,
        "bundle": refined.recipe["bundle"], "refinement": Refinement.objects.get().digest,
        "arithmetic": {"before": str(engine.arithmetic), "now": str(engine.arithmetic)},
        "sha256": refined.sha256,
    }  # fmt: skip


def test_one_grey_level_is_the_rounding_of_another_machine(face: Face, media: Path) -> None:
    retouched(face, media, by=1)

    expected = f"{face.pk}: within one grey level: 1 pixels differ, by up to 1.\n"
    assert regenerate(face.pk)[:2] == (0, expected)
    assert last_event().outcome == "ok"


def test_a_face_of_before_that_was_kept_is_made_again_by_tensorflow(
    face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, load = [], Engine.load

    def noted(folder: Path, runtime: Runtime) -> Engine:
        asked.append(runtime)
        return load(folder, runtime)

    monkeypatch.setattr(Engine, "load", noted)
    del face.recipe["arithmetic"]
    face.save()

    status, out, _ = regenerate(face.pk, "--json")

    assert status == 0
    assert asked == ["tensorflow"]
    told = json.loads(out)
    assert told["verdict"] in {"identical", "within one grey level"}
    assert told["arithmetic"]["before"] is None
    assert told["arithmetic"]["now"].startswith("TensorFlow ")


def test_with_another_arithmetic_it_is_said_what_was_compared_with_what(face: Face, media: Path) -> None:
    now = Arithmetic(**face.recipe["arithmetic"])
    face.recipe["arithmetic"] = {"runtime": "openvino", "version": "2020.1", "precision": "float32"}
    face.save()
    retouched(face, media, by=1)

    status, out, _ = regenerate(face.pk)

    assert status == 0
    assert out == (
        f"{face.pk}: within one grey level: 1 pixels differ, by up to 1 (made by OpenVINO 2020.1, float32; "
        f"compared by {now}, which rounds otherwise).\n"
    )


def test_any_more_is_another_picture(face: Face, media: Path) -> None:
    retouched(face, media, by=2)

    status, out, _ = regenerate(face.pk)

    assert (status, out) == (1, f"{face.pk}: different: 1 pixels differ, by up to 2 grey levels.\n")
    assert (last_event().outcome, last_event().data["verdict"]) == ("error", "different")


def test_a_picture_of_another_size_is_another_picture(face: Face, media: Path) -> None:
    (media / str(face.image.name)).write_bytes(png.encode(pixels(face.image)[:8]))

    assert regenerate(face.pk)[0] == 1


def test_a_recipe_that_gives_another_face_is_noticed(face: Face) -> None:
    face.recipe["w_plus"] = pack(5.0 * unpack(face.recipe["w_plus"]) + 1.0)
    face.save()

    assert regenerate(face.pk)[0] == 1


Harm = Callable[[Face, Path], object]

HARMS: dict[str, tuple[Harm, str, str]] = {
    "another bundle": (
        lambda face, media: face.recipe.update(bundle="c" * 64), "other_bundle", "with the bundle cccccc",
    ),
    "a damaged recipe": (
        lambda face, media: face.recipe["w_plus"].update(base64="AAAA"), "damaged_recipe", "recipe",
    ),
    "no refinement file": (
        lambda face, media: next((media / "refinements").iterdir()).unlink(), "refinement_lost", "missing",
    ),
    "another refinement file": (
        lambda face, media: next((media / "refinements").iterdir()).write_bytes(b"else"),
        "refinement_lost", "has been changed",
    ),
    "a refinement that nobody has": (
        lambda face, media: face.recipe.update(refinement="d" * 64), "refinement_lost", "missing",
    ),
    "no picture": (
        lambda face, media: (media / str(face.image.name)).unlink(), "picture_gone", "picture",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("harm", "code", "words"), HARMS.values(), ids=list(HARMS))
def test_what_cannot_be_compared_ends_with_status_two_and_one_line_that_says_why(
    harm: Harm, code: str, words: str, refined: Face, media: Path
) -> None:
    harm(refined, media)
    refined.save()

    status, out, error = regenerate(refined.pk, "--json")

    assert (status, out) == (2, "")
    (line,) = error.splitlines()
    assert line.startswith(f"error: {refined.pk}: ")
    assert words in line
    assert (last_event().outcome, last_event().data["verdict"]) == ("error", code)


def test_a_face_of_a_photograph_is_made_by_no_recipe(suspect: Face) -> None:
    status, out, error = regenerate(suspect.pk)

    assert (status, out) == (2, "")
    assert "cut out of a photograph" in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize("name", [str(uuid4()), "no-uuid"], ids=["unknown", "no-uuid"])
def test_a_face_that_does_not_exist_is_answered_without_loading_a_model(
    db: None, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(folder: Path, runtime: str) -> Engine:
        raise AssertionError("nothing was to be loaded")

    monkeypatch.setattr(Engine, "load", never)

    status, _, error = regenerate(name)

    assert status == 2
    assert error.startswith(f"error: {name}: ")


def test_a_bundle_that_cannot_be_read_is_named(face: Face, settings: Any, tmp_path: Path) -> None:
    settings.LIGAN_BUNDLE = tmp_path / "nothing"

    status, _, error = regenerate(face.pk)

    assert status == 2
    assert "nothing" in error
    assert len(error.splitlines()) == 1


def test_a_folder_that_is_not_there_is_refused_before_anything_is_made(face: Face, tmp_path: Path) -> None:
    status, _, error = regenerate(face.pk, "--out", tmp_path / "no" / "again.png")

    assert status == 2
    assert "no folder" in error
    assert not AuditEvent.objects.filter(action="face.regenerated").exists()
