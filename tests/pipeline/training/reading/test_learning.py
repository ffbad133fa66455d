"""A reader is taught by labelled portraits: it learns, the same each time, and says when it cannot."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.faces.head import SIDE
from pipeline.identity import FaceIdentity
from pipeline.reading import Reader
from pipeline.reading.files import FACTS, WEIGHTS
from pipeline.training.reading.learning import (
    RIGHT,
    learn_classes,
    learn_years,
    reliable_confidence,
    space_of,
    temperature,
)
from pipeline.training.reading.mirroring import mirror_order, mirrored
from pipeline.training.reading.teaching import BLOCKS
from pipeline.training.reading.variants import poorer
from tests.pipeline.reading.heads import DARK, FAIR, head, landmarks


def person(number: int, split: str) -> dict[str, object]:
    """Every second one has dark hair and is a man of another age, of whom all else differs too."""
    dark = number % 2 == 0
    return {
        "file": f"{number:02d}.png", "split": split, "real_person": False,
        "sex": "m" if dark else "f", "age": 30 + number % 2 * 20, "group": "white" if dark else "black",
        "hair": "black" if dark else "blond", "length": "short" if dark else "long",
        "beard": "full" if dark else "none", "glasses": dark, "mouth": "closed" if dark else "smile",
    }  # fmt: skip


@pytest.fixture
def portraits(tmp_path: Path) -> Path:
    """Sixteen drawn heads, four of them for the test, where a head already is in its frame."""
    folder = tmp_path / "portraits"
    folder.mkdir()
    rows = [person(number, "test" if number >= 12 else "train") for number in range(16)]
    for number, row in enumerate(rows):
        image = head(FAIR if number % 2 else DARK, seed=number).image
        cv2.imwrite(str(folder / str(row["file"])), image[..., ::-1])
    (tmp_path / "people.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    np.savez(tmp_path / "landmarks.npz", landmarks=np.stack([landmarks()] * len(rows)).astype(np.float16))
    return tmp_path


def train(folder: Path, out: str) -> int:
    given = [str(folder / "portraits"), str(folder / "people.jsonl"), str(folder / out)]
    return main(["train", "reading", *given, "--seed", "3"])


def test_a_tiny_set_teaches_what_is_plain_to_see(
    portraits: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Baldness cannot be learned: nobody is bald.
    assert train(portraits, "out") == 2
    assert "baldness" in capsys.readouterr().err

    monkeypatch.delitem(BLOCKS, "baldness")
    assert train(portraits, "out") == 0
    assert train(portraits, "again") == 0

    for name in (WEIGHTS, FACTS):
        assert (portraits / "out" / name).read_bytes() == (portraits / "again" / name).read_bytes()
    reader = Reader.load(portraits / "out", identity=FaceIdentity.load())
    dark, fair = reader.read_all([head(DARK, seed=101), head(FAIR, seed=102)])
    assert [one.description["hair"].value for one in (dark, fair)] == ["black", "blond"]
    assert dark.years < 40 < fair.years
    assert reader.reliability["hair"].n == 4
    assert not reader.reliability["hair"].real_people

    given = [
        str(portraits / "portraits"),
        str(portraits / "people.jsonl"),
        "--reader",
        str(portraits / "out"),
    ]
    assert main(["evaluate", "reading", *given, "--out", str(portraits / "report")]) == 0
    report = json.loads((portraits / "report" / "report.json").read_text())
    assert report["keys"]["all"]["hair"]["confusion"] == {"black": {"black": 2}, "blond": {"blond": 2}}
    assert "Hair" in (portraits / "report" / "index.html").read_text()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("people.jsonl", "{}\n", "Row 1"),
        ("people.jsonl", "", "no rows"),
        ("landmarks.npz", "PK", "landmarks"),
        ("portraits/00.png", "", "00.png"),
    ],
)
def test_what_cannot_be_used_ends_in_a_sentence(
    portraits: Path, name: str, text: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (portraits / name).write_text(text)

    assert train(portraits, "out") == 2

    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert words in said[0]
    assert not (portraits / "out" / WEIGHTS).exists()


def test_classes_are_learned_and_their_confidence_is_how_often_they_are_right() -> None:
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 3, 900)
    signs = (np.eye(3)[answers] * 1.5 + rng.normal(0, 1, (900, 3))).astype(np.float32)

    learned = learn_classes(space_of([[signs]]), answers, 4, seed=1)

    right = learned.held_out.argmax(1) == answers
    assert right.mean() > 0.7
    assert learned.held_out.max(1).mean() == pytest.approx(right.mean(), abs=0.03)
    assert ((signs @ learned.weights + learned.bias).argmax(1) == answers).mean() > 0.7
    assert learned.held_out[:, 3].max() < 1e-6


def test_years_are_learned() -> None:
    rng = np.random.default_rng(0)
    signs = rng.normal(0, 1, (400, 50)).astype(np.float32)
    years = 45 + 10 * signs[:, 0] + rng.normal(0, 1, 400)

    learned = learn_years(space_of([[signs[:, :20], signs[:, 20:]]]), years, seed=1)

    assert np.abs(learned.held_out[:, 0] - years).mean() < 2
    np.testing.assert_allclose((signs @ learned.weights + learned.bias)[:, 0], years, atol=8)


def test_a_temperature_undoes_boasting() -> None:
    rng = np.random.default_rng(0)
    answers = rng.integers(0, 2, 2000)
    honest = np.eye(2)[answers] + rng.normal(0, 1, (2000, 2))

    assert temperature(honest * 5, answers) == pytest.approx(5 * temperature(honest, answers), rel=0.01)


def test_what_is_said_is_right_often_enough_and_little_that_is_right_is_withheld() -> None:
    confidence = np.linspace(0.5, 1, 1000)
    probabilities = np.stack([confidence, 1 - confidence], 1)
    answers = np.zeros(1000, int)
    answers[:40:1] = 1  # the least sure forty are wrong

    reliable = reliable_confidence(probabilities, answers)

    said = probabilities.max(1) >= reliable
    assert (answers[said] == 0).mean() >= RIGHT
    assert said.mean() > 0.98
    assert reliable_confidence(probabilities, np.zeros(1000, int)) == 0.0


def test_a_mirrored_head_is_mirrored_back_by_a_mirror() -> None:
    one = head()
    flip = mirror_order([one.landmarks])

    again = mirrored(mirrored(one, flip), flip)

    np.testing.assert_array_equal(again.image, one.image)
    once = mirrored(one, flip).landmarks
    np.testing.assert_allclose(once[10, 0], SIDE - one.landmarks[flip[10], 0], atol=1e-3)


def test_a_poorer_picture_is_of_the_same_head_and_made_by_its_seed() -> None:
    one = head()
    flip = np.arange(468)

    first, again = (poorer(one, flip, np.random.default_rng(5)) for _ in range(2))

    np.testing.assert_array_equal(first.image, again.image)
    assert first.image.shape == one.image.shape
    assert (first.image != one.image).any()
