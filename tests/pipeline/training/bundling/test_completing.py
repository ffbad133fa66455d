"""A bundle is completed with what is measured with it, by command."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.__main__ import main
from pipeline.networks.bundle import Bundle
from pipeline.training.bundling.band import measuring
from tests.pipeline.tiny_bundle import write_tiny_bundle


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """A folder with labelled pictures: the lighter, the older."""
    folder, random = tmp_path / "faces", np.random.default_rng(0)
    folder.mkdir()
    lines = []
    for number in range(60):
        age = random.uniform(18, 80)
        picture = 3.0 * age - 50.0 + random.integers(0, 60, (16, 16, 3))
        cv2.imwrite(str(folder / f"{number}.png"), picture.astype(np.uint8))
        lines.append(f'{{"file": "{number}.png", "age_years": {age:.1f}}}')
    (folder / "labels.jsonl").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As few faces as will do."""
    for name, value in {"CROWD": 16, "FACES": 16, "STARTS": 1, "SHARES": (0.5,), "PAGE": 1}.items():
        monkeypatch.setattr(measuring, name, value)


def test_a_bundle_gets_a_band_and_directions_and_keeps_its_networks(
    tmp_path: Path, faces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = write_tiny_bundle(tmp_path / "plain").bundle
    ways, out = tmp_path / "directions.safetensors", tmp_path / "complete"

    assert (
        main(
            ["train", "directions", "--bundle", str(plain.folder), "--faces", str(faces), "--out", str(ways)]
        )
        == 0
    )
    asked = ["complete-bundle", str(plain.folder), "--faces", str(faces), "--directions", str(ways)]
    assert main([*asked, "--out", str(out)]) == 0

    made = Bundle.open(out)
    band, directions = made.band(), made.directions()
    assert band is not None
    assert directions is not None
    assert set(directions.vectors) == {"age"}
    assert band.measured["one_person"]["made_from"] == "augmented pictures"
    assert 0 < band.same_person < 1
    assert plain.manifest["files"].items() <= made.manifest["files"].items()
    assert Bundle.open(plain.folder).digest == plain.digest
    assert made.digest in capsys.readouterr().out


def test_directions_of_other_networks_are_refused(
    tmp_path: Path, faces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = write_tiny_bundle(tmp_path / "one").bundle
    ways = tmp_path / "directions.safetensors"
    main(["train", "directions", "--bundle", str(one.folder), "--faces", str(faces), "--out", str(ways)])
    manifest = (one.folder / "bundle.json").read_text()
    other = tmp_path / "other"
    other.mkdir()
    for file in one.folder.iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    (other / "encoder.safetensors").write_bytes((one.folder / "encoder.safetensors").read_bytes() + b" ")
    from pipeline.networks.bundle import sha256_of

    changed = manifest.replace(
        one.manifest["files"]["encoder.safetensors"], sha256_of(other / "encoder.safetensors")
    )
    (other / "bundle.json").write_text(changed)

    assert main(["complete-bundle", str(other), "--directions", str(ways)]) == 2
    assert "other networks" in capsys.readouterr().err


def test_there_has_to_be_something_to_add(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = write_tiny_bundle(tmp_path).bundle

    assert main(["complete-bundle", str(plain.folder)]) == 2
    assert main(["complete-bundle", str(plain.folder), "--pairs", str(tmp_path)]) == 2
    assert "--faces" in capsys.readouterr().err
