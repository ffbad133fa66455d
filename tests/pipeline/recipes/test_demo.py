"""The demo recipe in miniature: all its steps, smallest networks, from pictures to a bundle that opens."""

import json
import re
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipeline.__main__ import main, parser
from pipeline.networks import perceptual
from pipeline.networks.bundle import Bundle
from pipeline.networks.encoder import EncoderConfig
from pipeline.recipes.demo import DEMO
from pipeline.recipes.running import go_through
from pipeline.training.anchors import config as anchors
from pipeline.training.anchors import flow
from pipeline.training.attributes import config as attributes
from pipeline.training.encoder import config as encoder
from pipeline.training.stylegan2 import config as stylegan2
from tests.pipeline.recipes.heads import write_heads
from tests.pipeline.training.anchors.small import SMALL
from tests.pipeline.training.attributes.short_run import TINY

NETWORK = replace(SMALL.network, w_dim=32)  # 8 x 32 numbers of w+: as many as a neighbourhood has components
ANCHORS = replace(SMALL, network=NETWORK, batch=16, flow_steps=50, mapping_steps=50)
GAME = stylegan2.TrainingConfig(
    network=NETWORK,
    batch=16,
    r1_interval=0,
    path_interval=0,
    ada_target=None,
    anchor_weight=1.0,
    discriminator_kimg=0.05,
)
ENCODER = EncoderConfig(
    resolution=32, num_ws=8, w_dim=32, backbone_widths=(4, 4, 8, 8), pyramid_channels=8, coarse=2, medium=3
)
PRESETS: dict[ModuleType, dict[Any, Any]] = {
    anchors: {
        "demo-64": replace(ANCHORS, network=replace(NETWORK, resolution=16)),
        "demo": ANCHORS,
        "demo-people": replace(ANCHORS, identities=4, synthesis_learns=False),
    },
    stylegan2: {"demo-anchored": GAME, "demo-people": replace(GAME, mapping_learns=False)},
    encoder: {"demo": encoder.EncoderTraining(network=ENCODER, batch=8)},
    attributes: {(kind, "demo"): schedule for kind, schedule in TINY.items()},
}


@pytest.mark.parametrize("given", [("data",), ("data", "pairs")])
def test_every_command_is_one_of_the_command_line(given: tuple[str, ...], tmp_path: Path) -> None:
    steps = DEMO.steps(dict.fromkeys(given, tmp_path))
    names = {*given, "description", *(step.name for step in steps)}
    paths = {name: tmp_path / name for name in names}
    for step in steps:
        paths[step.name].mkdir()
        (paths[step.name] / "checkpoint-000000001.safetensors").touch()

    for step in steps:
        arguments = vars(parser().parse_args(step.words(paths, 1.0)))
        written = {value for value in arguments.values() if isinstance(value, Path)}
        assert paths[step.name] in written | {path.parent for path in written}, step.name
        earlier = {one.name for one in steps[: steps.index(step)]}
        assert step.names - {step.name} <= earlier | {*given, "description"}, step.name


@pytest.fixture
def miniature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The smallest networks in place of the presets', pictures compared by fine maps only, a narrow flow."""
    for module, presets in PRESETS.items():
        for name, preset in presets.items():
            monkeypatch.setitem(module.PRESETS, name, preset)
    monkeypatch.setattr(perceptual, "LOOK_STAGES", (1, 2))
    monkeypatch.setattr(flow, "WIDTH", 64)
    monkeypatch.setattr(flow, "BATCH", 64)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("miniature")
def test_every_step_from_pictures_to_a_bundle(tmp_path: Path) -> None:
    data, folder = write_heads(tmp_path / "data", 60), tmp_path / "made"
    said: list[str] = []

    def make() -> None:
        go_through(DEMO, {"data": data}, folder, share=0.033, run=main, say=said.append)

    make()

    steps = DEMO.steps({"data": data})
    bundle = Bundle.open(folder / "bundle")
    assert bundle.band() is not None
    assert bundle.directions() is not None
    assert bundle.manifest["commands"] == [step.line() for step in steps]
    assert re.fullmatch(r"report: hours [\d.e-]+ \(0.5\), FID [\d.]+ \(8.6\), precision .*", said[-1])
    digests = {path.name: path.stat().st_mtime_ns for path in (folder / "bundle").iterdir()}

    said.clear()
    make()

    assert [line.split(":")[0] for line in said] == [step.name for step in steps]
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "bundle").iterdir()} == digests
    hours = json.loads((folder / "steps" / "anchors.json").read_text())["hours"]
    assert 0 < hours < 1
