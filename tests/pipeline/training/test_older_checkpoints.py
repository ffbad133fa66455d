"""Runs that were begun before there was one loop for all trainings go on as they would have then.

``tests/fixtures/runs`` holds a checkpoint of each, written by the code of that time, and what the same code
made of it a few steps later (``later.safetensors``, ``later.jsonl``).
"""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from pipeline.training.anchors.config import AnchorTraining
from pipeline.training.anchors.run import AnchorRun
from pipeline.training.attributes.celeba import split_celeba
from pipeline.training.attributes.config import AttributeTraining
from pipeline.training.attributes.run import AttributeRun
from pipeline.training.checkpoints import checkpoint_files, flattened, load_notes
from pipeline.training.encoder.config import EncoderTraining
from pipeline.training.encoder.run import EncoderRun
from pipeline.training.loop import Run
from pipeline.training.stylegan2.config import TrainingConfig
from pipeline.training.stylegan2.run import StyleGAN2Run
from tests.pipeline.training.anchors.small import coloured
from tests.pipeline.training.attributes.written import write_celeba
from tests.pipeline.training.short_run import discs, patches

FIXTURES = Path(__file__).parents[2] / "fixtures" / "runs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The older runs, where they may go on."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "runs"))


def noted(folder: Path) -> dict[str, Any]:
    """The schedule that a run's checkpoint notes."""
    return dict(load_notes(checkpoint_files(folder)[-1])["config"])


def assert_as_then(run: Run, *parts: str) -> None:
    """These parts of the state, and the rows of statistics, are what the older code made of them."""
    found = flattened({part: run.state[part] for part in parts})
    then = load_file(run.folder / "later.safetensors")
    assert found.keys() == then.keys()
    for name, value in then.items():
        # The last bits depend on the processor.
        np.testing.assert_allclose(found[name], value, rtol=1e-3, atol=2e-5, err_msg=name)
    if (run.folder / "later.jsonl").is_file():
        now, before = rows(run.folder / "stats.jsonl"), rows(run.folder / "later.jsonl")
        assert [row.keys() for row in now] == [row.keys() for row in before]
        for one, other in zip(now, before, strict=True):
            without = {name: value for name, value in other.items() if "second" not in name}
            assert {name: one[name] for name in without} == pytest.approx(without, rel=1e-3)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_of_stylegan2(folder: Path) -> None:
    config = TrainingConfig.from_dict(noted(folder / "stylegan2"))
    run = StyleGAN2Run(config, discs(), folder / "stylegan2")
    assert run.images_seen == 44
    run.train(images=64, row_every=20)
    assert_as_then(run, "g", "d", "ema")


def test_from_anchors(folder: Path) -> None:
    config = AnchorTraining.from_dict(noted(folder / "anchors"))
    run = AnchorRun(config, coloured(), folder / "anchors", patches)
    assert run.images_seen == 40
    run.images = 80
    while run.images_seen < 56:
        run._iterate()
        if run.images_seen == 48:
            run.settle()
            run.write_row()
    assert_as_then(run, "synthesis", "coder", "average")


def test_of_an_encoder(folder: Path) -> None:
    config = EncoderTraining.from_dict(noted(folder / "encoder"))
    generator, faces = checkpoint_files(folder / "stylegan2")[-1], np.repeat(discs(), 3, axis=0)
    run = EncoderRun(config, generator, faces, folder / "encoder")
    assert run.step == 19
    while run.step < 23:
        run._iterate()
    assert_as_then(run, "values", "statistics")


def test_of_attributes(folder: Path, tmp_path: Path) -> None:
    write_celeba(tmp_path / "celeba", 60)
    config = AttributeTraining.from_dict(noted(folder / "celeba"))
    run = AttributeRun(config, split_celeba(tmp_path / "celeba"), folder / "celeba")
    assert run.step == 9
    while run.step < 13:
        run._iterate()
        if run.row_due(every=1):
            run.settle()
            run.write_row()
    assert_as_then(run, "backbone", "heads")
