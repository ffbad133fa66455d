"""``python -m pipeline import-stylegan2`` and ``export-stylegan2``."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.networks.bundle import Bundle
from tests.pipeline.interchange.pickled import Call, Global, pickled
from tests.pipeline.interchange.written import (
    SMALL,
    network,
    random_discriminator,
    random_generator,
    torch_snapshot,
)


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A small snapshot."""
    path = tmp_path / "network-snapshot-000123.pkl"
    path.write_bytes(torch_snapshot())
    return path


def test_a_snapshot_becomes_a_bundle_and_its_arrays_again(
    snapshot: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, arrays = tmp_path / "deep" / "bundle", tmp_path / "g.npz"
    assert main(["import-stylegan2", str(snapshot), str(bundle), "--licence", "CC0-1.0"]) == 0
    assert main(["export-stylegan2", str(bundle), str(arrays)]) == 0
    said = capsys.readouterr()
    assert Bundle.open(bundle).digest in said.out
    assert said.err == ""
    assert Bundle.open(bundle).manifest["licence"] == "CC0-1.0"
    with np.load(arrays) as written:
        for name, array in random_generator(SMALL).items():
            np.testing.assert_array_equal(written[name], array)


def test_without_a_licence_the_bundle_says_that_it_is_unknown(snapshot: Path, tmp_path: Path) -> None:
    assert main(["import-stylegan2", str(snapshot), str(tmp_path / "bundle")]) == 0
    assert Bundle.open(tmp_path / "bundle").manifest["licence"].startswith("unknown")


def test_a_hostile_snapshot_ends_with_one_line_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evil.pkl"
    path.write_bytes(pickled({"G_ema": Call(Global("os", "system"), ("touch owned",))}))
    assert main(["import-stylegan2", str(path), str(tmp_path / "bundle")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert "os.system" in error
    assert error.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["evil.pkl"]


def test_a_discriminator_that_is_left_out_is_mentioned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "snapshot.pkl"
    conditional = network(random_discriminator(SMALL), SMALL, changed={"": {"c_dim": 3}})
    path.write_bytes(torch_snapshot(discriminator=conditional))
    assert main(["import-stylegan2", str(path), str(tmp_path / "bundle")]) == 0
    assert "no discriminator in the bundle: it is conditional" in capsys.readouterr().err
    assert not Bundle.open(tmp_path / "bundle").has("discriminator")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["import-stylegan2", "nothing.pkl", "bundle"], "No such file"),
        (["import-stylegan2", "snapshot.pkl", "taken"], "not an empty folder"),
        (["import-stylegan2", "taken", "bundle"], "directory"),
        (["export-stylegan2", "nothing", "g.npz"], "no bundle.json"),
        (["export-stylegan2", "taken", "g.npy"], ".npz"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("snapshot.pkl").write_bytes(torch_snapshot())
    Path("taken").mkdir()
    Path("taken", "mine.txt").write_text("mine")
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert reason in error
    assert error.count("\n") == 1
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["snapshot.pkl", "taken"]
