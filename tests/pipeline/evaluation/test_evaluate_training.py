"""``python -m pipeline evaluate training``: a curve that grows while the training goes on."""

import json
from pathlib import Path
from typing import Any

import cv2
import pytest

from pipeline.__main__ import main
from pipeline.training.checkpoints import checkpoint_files
from pipeline.training.stylegan2.run import StyleGAN2Run
from tests.pipeline.evaluation.pages import Page
from tests.pipeline.training.short_run import TINY, discs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two checkpoints, without the training between them."""
    folder = tmp_path_factory.mktemp("run")
    run = StyleGAN2Run(TINY, discs(), folder)
    for step in (10, 20):
        run.step = step
        run.checkpoint()
    return folder


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    for index, image in enumerate(discs()):
        assert cv2.imwrite(str(folder / f"{index}.png"), image)
    return folder


def evaluate(run: list[Path], faces: Path, out: Path, *more: object) -> int:
    given = (
        "evaluate",
        "training",
        *run,
        "--data",
        faces,
        "--out",
        out,
        "--samples",
        16,
        "--no-cache",
        *more,
    )
    return main([str(argument) for argument in given])


def rows(out: Path) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = json.loads((out / "training.json").read_text())["rows"]
    return values


def test_each_checkpoint_has_its_row_its_place_on_the_curve_and_its_sheet(
    run: Path, faces: Path, tmp_path: Path
) -> None:
    assert evaluate([run], faces, tmp_path) == 0

    found = rows(tmp_path)
    assert [row["images_seen"] for row in found] == [40, 80]
    assert all(row["fid"] > 0 and 0 <= row["recall"] <= 1 for row in found)
    page = Page(tmp_path / "index.html")
    assert sorted(page.addresses) == [row["grid"] for row in found]
    assert all(cv2.imread(str(tmp_path / address)) is not None for address in page.addresses)
    assert "FID (faceres)" in page.text


def test_rows_stay_when_their_checkpoints_are_gone(run: Path, faces: Path, tmp_path: Path) -> None:
    first, second = checkpoint_files(run)

    assert evaluate([first], faces, tmp_path, "--metrics", "fid") == 0
    before = rows(tmp_path)
    assert evaluate([second], faces, tmp_path, "--metrics", "fid") == 0

    assert rows(tmp_path)[0] == before[0]
    assert [row["images_seen"] for row in rows(tmp_path)] == [40, 80]


def test_figures_that_cannot_be_compared_do_not_share_a_curve(
    run: Path, faces: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = checkpoint_files(run)[0]
    assert evaluate([first], faces, tmp_path, "--metrics", "fid") == 0
    capsys.readouterr()

    assert evaluate([first], faces, tmp_path, "--metrics", "fid", "--seed", 1) == 2

    assert "seed" in capsys.readouterr().err
    assert len(rows(tmp_path)) == 1


@pytest.mark.parametrize("damage", ["nothing there", "no checkpoint", "another metric"])
def test_bad_input_ends_with_status_two_and_one_line(
    run: Path, faces: Path, tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "checkpoint-000000001.safetensors"
    if damage == "no checkpoint":
        file.write_bytes(b"nothing")
    more = ("--metrics", "ppl") if damage == "another metric" else ()
    source = run if damage == "another metric" else file

    assert evaluate([source], faces, tmp_path / "out", *more) == 2

    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / "out").exists()
