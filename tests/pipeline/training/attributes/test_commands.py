"""``train attributes`` trains on data as they are published, and says what is wrong in one line."""

from pathlib import Path

import pytest

from pipeline.__main__ import main
from pipeline.training.attributes import config
from pipeline.training.attributes.trained import load_trained
from tests.pipeline.training.attributes.short_run import TINY
from tests.pipeline.training.attributes.written import write_celeba, write_fairface


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest schedules in place of the demo's."""
    for kind, schedule in TINY.items():
        monkeypatch.setitem(config.PRESETS, (kind, "demo"), schedule)


@pytest.mark.usefixtures("tiny")
def test_training_ends_with_how_often_the_model_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_celeba(tmp_path / "data", 40, archive=True)
    command = ["train", "attributes", "celeba", str(tmp_path / "data"), "--layout", "celeba"]
    assert main([*command, "--out", str(tmp_path / "out"), "--seed", "3"]) == 0
    said = capsys.readouterr().out
    assert "sex: 1.000 of 4 (CelebA's test pictures)" in said
    assert load_trained(tmp_path / "out").config.seed == 3
    assert main([*command, "--out", str(tmp_path / "out"), "--seed", "4"]) == 2
    assert "other settings" in capsys.readouterr().err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with both data sets."""
    write_celeba(tmp_path / "celeba", 10)
    write_fairface(tmp_path / "fairface", 10, 2)
    (tmp_path / "empty").mkdir()
    return tmp_path


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("celeba celeba --layout fairface", "cannot teach a celeba model"),
        ("fairface fairface --layout celeba", "cannot teach a fairface model"),
        ("celeba nowhere --layout celeba", "not a folder"),
        ("celeba empty --layout celeba", "list_attr_celeba.txt is missing"),
        ("fairface empty --layout fairface", "fairface_label_train.csv is missing"),
        ("celeba empty --layout heads", "labels.jsonl is missing"),
        ("celeba celeba --layout celeba --labels x", "--labels goes with --layout heads"),
        ("celeba celeba --layout celeba --batch 0", "--batch must be at least 1"),
        ("celeba celeba --layout celeba --batch 99", "less than one batch of 99"),
        ("celeba celeba --layout celeba --backbone-weights nowhere", "nowhere"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    command: str,
    reason: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    assert main(["train", "attributes", *command.split(), "--out", "out"]) == 2
    said = capsys.readouterr().err
    assert reason in said
    assert [line for line in said.splitlines() if line.startswith("error: ")] == said.splitlines()[-1:]


@pytest.mark.usefixtures("tiny")
def test_a_broken_picture_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "celeba" / "img_align_celeba" / "000004.jpg").write_bytes(b"broken")
    command = ["train", "attributes", "celeba", str(folder / "celeba"), "--layout", "celeba"]
    assert main([*command, "--out", str(folder / "out")]) == 2
    assert "000004.jpg is not a readable picture" in capsys.readouterr().err
